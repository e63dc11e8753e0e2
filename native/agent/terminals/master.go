package terminals

import (
	"io"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

// master is the agent's end of a terminal. It is kept from the runtime's poller: that is woken by each write of the
// program and by each read of ours, and a program that floods its terminal pays for all of these.
type master struct {
	file *os.File
	// Closing the second of these wakes who waits for the first.
	over [2]*os.File
	// Until when what is left is waited for, once the shell has ended.
	until atomic.Pointer[time.Time]
	// What was read after that; only the reader touches it.
	lateBytes int
}

// What the kernel holds of a terminal's output at most. A shell's last words may wait there for longer than anybody
// waits for more, behind a client without room.
const heldBytes = 64 * 1024

// newMaster owns a descriptor that does not block.
func newMaster(fd int) (*master, error) {
	var pipe [2]int
	if err := syscall.Pipe2(pipe[:], syscall.O_CLOEXEC); err != nil {
		syscall.Close(fd)
		return nil, err
	}
	m := &master{over: [2]*os.File{os.NewFile(uintptr(pipe[0]), "over"), os.NewFile(uintptr(pipe[1]), "over")}}
	// What blocks when it is wrapped is not given to the poller.
	err := syscall.SetNonblock(fd, false)
	m.file = os.NewFile(uintptr(fd), "terminal")
	if err == nil {
		err = syscall.SetNonblock(fd, true)
	}
	if err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// with does something to the descriptor, which stays its own meanwhile.
func (m *master) with(do func(fd int) error) error {
	raw, err := m.file.SyscallConn()
	if err != nil {
		return err
	}
	var failure error
	if err := raw.Control(func(fd uintptr) { failure = do(int(fd)) }); err != nil {
		return err
	}
	return failure
}

// hangUp says that the shell has ended: nobody types any more, and what is left to read comes soon or not at all.
func (m *master) hangUp() {
	until := time.Now().Add(drainLimit)
	m.until.Store(&until)
	m.over[1].Close()
}

// Close lets go of the terminal.
func (m *master) Close() error {
	m.over[0].Close()
	m.over[1].Close()
	return m.file.Close()
}

// read waits for output and takes what there is; io.EOF when no process has the terminal open any more, or those
// that have it after the shell's end took too long and what the kernel held is read.
func (m *master) read(buffer []byte) (count int, err error) {
	err = m.with(func(fd int) error {
		for {
			limit := time.Duration(-1)
			until := m.until.Load()
			if until != nil {
				limit = time.Until(*until)
			}
			isLate := until != nil && limit <= 0
			if isLate && m.lateBytes >= heldBytes {
				return io.EOF
			}
			if count = readWhatIs(fd, buffer); count > 0 {
				if isLate {
					m.lateBytes += count
				}
				return nil
			}
			if count < 0 || isLate {
				return io.EOF
			}
			if _, err := m.wait(fd, pollIn, until == nil, limit); err != nil {
				return err
			}
		}
	})
	return count, err
}

// tryWrite writes what the terminal takes without waiting.
func (m *master) tryWrite(data []byte) (count int) {
	_ = m.with(func(fd int) error {
		if count = writeSome(fd, data); count < 0 {
			count = 0
		}
		return nil
	})
	return count
}

// write writes all, and waits while the program reads nothing; an error when the shell has ended, or the bell's
// context is over.
func (m *master) write(over *bell, data []byte) error {
	return m.with(func(fd int) error {
		for {
			if err := over.ctx.Err(); err != nil {
				return err
			}
			count := writeSome(fd, data)
			if count < 0 {
				return io.ErrClosedPipe
			}
			if data = data[count:]; len(data) == 0 {
				return nil
			}
			if hasEnded, err := m.wait(fd, pollOut, true, -1, over.fd()); hasEnded || err != nil {
				return io.ErrClosedPipe
			}
		}
	})
}

// writeSome gives 0 when the terminal takes nothing yet, and -1 when it never will: to wait for room would end at once
// each time, without any.
func writeSome(fd int, data []byte) int {
	for {
		count, err := syscall.Write(fd, data)
		if err == syscall.EINTR {
			continue
		}
		if err == syscall.EAGAIN {
			return 0
		}
		if err != nil {
			return -1
		}
		return count
	}
}

// From Linux's poll.h.
const (
	pollIn  = 0x1
	pollOut = 0x4
	pollHup = 0x10
)

type pollFd struct {
	fd            int32
	events, found int16
}

// wait waits until the terminal can be read or written, or, where that is wanted, until the shell has ended; for
// ever where the limit is negative. Tells whether it has ended, or no process has the terminal open any more: that
// is told at once and for ever, and a writer that went on would only ask again. The bells wake it, too: what they ring
// for is not told.
func (m *master) wait(fd int, events int16, isEndWanted bool, limit time.Duration, bells ...int32) (hasEnded bool, err error) {
	all := []pollFd{{fd: int32(fd), events: events}, {fd: -1, events: pollIn}}
	for _, one := range bells {
		all = append(all, pollFd{fd: one, events: pollIn})
	}
	if isEndWanted {
		// Closed meanwhile: nothing would wake who waits for it.
		if all[1].fd = int32(m.over[0].Fd()); all[1].fd < 0 {
			return true, nil
		}
	}
	var until *syscall.Timespec
	if limit >= 0 {
		span := syscall.NsecToTimespec(int64(limit))
		until = &span
	}
	_, _, errno := syscall.Syscall6(syscall.SYS_PPOLL, uintptr(unsafe.Pointer(&all[0])), uintptr(len(all)),
		uintptr(unsafe.Pointer(until)), 0, 0, 0)
	if errno != 0 && errno != syscall.EINTR {
		return false, errno
	}
	return all[1].found != 0 || all[0].found&pollHup != 0, nil
}

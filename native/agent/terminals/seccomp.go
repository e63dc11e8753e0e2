package terminals

import (
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// filter is a seccomp program as the kernel took it, and how it was installed.
type filter struct {
	// Eight bytes an instruction, in this machine's order.
	Program []byte `json:"program"`
	Flags   uint64 `json:"flags"`
}

const (
	ptraceSeize       = 0x4206
	ptraceInterrupt   = 0x4207
	ptraceDetach      = 17
	ptraceGetFilter   = 0x420c
	ptraceGetMetadata = 0x420d
	ptraceEventStop   = 128
	waitAll           = 0x40000000
	instructionBytes  = 8
	maxInstructions   = 4096
	flagSpecAllow     = 4
	// A process that does not stop hangs in the kernel: the engine's exec does not need it to.
	stopLimit = 2 * time.Second
)

// filters remembers the filter of each container's first process: to read it, the process is stopped for some
// microseconds, which happens once in its life.
type filters struct {
	mu    sync.Mutex
	known map[string]*filter
}

const maxFilters = 256

// of gives the filter that the runtime installed in a container, which its exec installs too. The kernel hands
// the program out as it was installed (CONFIG_CHECKPOINT_RESTORE, CAP_SYS_ADMIN), so ours is the same to the bit.
func (f *filters) of(t *target) (*filter, error) {
	if t.spec.Linux.Seccomp == nil {
		return nil, nil
	}
	if t.status["Seccomp"] != "2" {
		return nil, refuse(reasonSeccomp, "the first process has none")
	}
	started, err := t.startTicks()
	if err != nil {
		return nil, refuse(reasonGone, "%v", err)
	}
	key := strconv.Itoa(t.pid) + "/" + started
	f.mu.Lock()
	defer f.mu.Unlock()
	if known := f.known[key]; known != nil {
		return known, nil
	}
	found, err := readFilter(t.pid)
	if err != nil {
		return nil, refuse(reasonSeccomp, "%v", err)
	}
	// The runtime asked for no mitigation of its own where the kernel would have turned it on.
	if t.status["Speculation_Store_Bypass"] == "thread vulnerable" {
		found.Flags |= flagSpecAllow
	}
	if len(f.known) >= maxFilters || f.known == nil {
		f.known = map[string]*filter{}
	}
	f.known[key] = found
	return found, nil
}

// readFilter stops the process, reads its oldest filter, and lets it go on.
func readFilter(pid int) (*filter, error) {
	type answer struct {
		filter *filter
		err    error
	}
	answered := make(chan answer, 1)
	go func() {
		// Tracing belongs to a thread. This one ends with the goroutine, and what it still traces is free then: a process
		// that did not stop in time goes on untraced. The main thread would never end; it is main's own (main.go).
		runtime.LockOSThread()
		found, err := trace(pid)
		answered <- answer{found, err}
	}()
	got := <-answered
	return got.filter, got.err
}

func trace(pid int) (*filter, error) {
	if _, err := ptrace(ptraceSeize, pid, 0, 0); err != nil {
		return nil, err
	}
	if _, err := ptrace(ptraceInterrupt, pid, 0, 0); err != nil {
		return nil, err
	}
	signal, err := awaitStop(pid)
	if err != nil {
		return nil, err
	}
	found, err := oldestFilter(pid)
	if _, detachErr := ptrace(ptraceDetach, pid, 0, uintptr(signal)); err == nil {
		err = detachErr
	}
	return found, err
}

// awaitStop gives the signal that the process stopped at, which it must be given when it goes on; 0 for our own stop.
func awaitStop(pid int) (syscall.Signal, error) {
	end := time.Now().Add(stopLimit)
	for wait := 10 * time.Microsecond; ; wait *= 2 {
		var status syscall.WaitStatus
		got, err := syscall.Wait4(pid, &status, syscall.WNOHANG|waitAll, nil)
		if err != nil && err != syscall.EINTR {
			return 0, err
		}
		if got == pid {
			if !status.Stopped() {
				return 0, syscall.ESRCH
			}
			if int(status)>>16 == ptraceEventStop {
				return 0, nil
			}
			return status.StopSignal(), nil
		}
		if time.Now().After(end) {
			return 0, syscall.ETIMEDOUT
		}
		time.Sleep(wait)
	}
}

// oldestFilter is the first by the kernel's count, which begins at the oldest, whatever ptrace(2) says: it is the
// runtime's, and what the program has added since comes after it.
func oldestFilter(pid int) (*filter, error) {
	count, err := ptrace(ptraceGetFilter, pid, 0, 0)
	if err != nil {
		return nil, err
	}
	if count == 0 || count > maxInstructions {
		return nil, syscall.EINVAL
	}
	program := make([]byte, count*instructionBytes)
	if _, err := ptrace(ptraceGetFilter, pid, 0, uintptr(unsafe.Pointer(&program[0]))); err != nil {
		return nil, err
	}
	meta := struct{ index, flags uint64 }{}
	if _, err := ptrace(ptraceGetMetadata, pid, unsafe.Sizeof(meta), uintptr(unsafe.Pointer(&meta))); err != nil {
		return nil, err
	}
	return &filter{program, meta.flags}, nil
}

func ptrace(request, pid int, address, data uintptr) (uintptr, error) {
	value, _, errno := syscall.RawSyscall6(syscall.SYS_PTRACE, uintptr(request), uintptr(pid), address, data, 0, 0)
	if errno != 0 {
		return 0, errno
	}
	return value, nil
}

// install puts the filter on this thread for ever.
func (f *filter) install() error {
	if len(f.Program) == 0 || len(f.Program)%instructionBytes != 0 {
		return syscall.EINVAL
	}
	program := struct {
		count uint16
		start *byte
	}{uint16(len(f.Program) / instructionBytes), &f.Program[0]}
	_, _, errno := syscall.RawSyscall(sysSeccomp, seccompByMode2, uintptr(f.Flags), uintptr(unsafe.Pointer(&program)))
	runtime.KeepAlive(f)
	if errno != 0 {
		return errno
	}
	return nil
}

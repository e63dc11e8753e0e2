package terminals

import (
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"
)

// ownProgram is a sealed copy of our program in memory. The child runs it: what a container could reach of it
// through /proc is a copy that nobody can write to (CVE-2019-5736).
type ownProgram struct {
	lock sync.Mutex
	file *os.File
}

const (
	memfdCloexec  = 1
	memfdSealing  = 2
	fcntlAddSeals = 1033
	allSeals      = 15
)

// path names it for a child of ours, which has all our descriptors until it becomes the program. A copy that failed
// is tried again by the next terminal.
func (p *ownProgram) path() (string, error) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.file == nil {
		file, err := copyOwnProgram()
		if err != nil {
			return "", err
		}
		p.file = file
	}
	return fmt.Sprintf("/proc/self/fd/%d", p.file.Fd()), nil
}

func copyOwnProgram() (*os.File, error) {
	program, err := os.Open("/proc/self/exe")
	if err != nil {
		return nil, err
	}
	defer program.Close()
	return memoryFile("slipway-agent", program)
}

// memoryFile is a file without a path that nobody can change any more.
func memoryFile(name string, content io.Reader) (*os.File, error) {
	file, err := emptyMemoryFile(name)
	if err != nil {
		return nil, err
	}
	if _, err = io.Copy(file, content); err == nil {
		err = seal(file, sealLimit)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

func emptyMemoryFile(name string) (*os.File, error) {
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return nil, err
	}
	fd, _, errno := syscall.RawSyscall(sysMemfd, uintptr(unsafe.Pointer(text)), memfdCloexec|memfdSealing, 0)
	if errno != 0 {
		return nil, errno
	}
	return os.NewFile(fd, name), nil
}

// The kernel refuses while it holds pages of the file itself, which it does for a moment after they are written; on
// a busy host it may not let go within the 150 ms that it waits.
const (
	sealLimit    = 5 * time.Second
	sealInterval = 10 * time.Millisecond
)

func seal(file *os.File, limit time.Duration) error {
	for end := time.Now().Add(limit); ; time.Sleep(sealInterval) {
		_, _, errno := syscall.Syscall(syscall.SYS_FCNTL, file.Fd(), fcntlAddSeals, allSeals)
		switch {
		case errno == 0:
			return nil
		case errno != syscall.EBUSY || time.Now().After(end):
			return errno
		}
	}
}

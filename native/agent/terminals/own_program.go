package terminals

import (
	"fmt"
	"io"
	"os"
	"sync"
	"syscall"
	"unsafe"
)

// ownProgram is a sealed copy of our program in memory. The child runs it: what a container could reach of it
// through /proc is a copy that nobody can write to (CVE-2019-5736).
type ownProgram struct {
	once sync.Once
	file *os.File
	err  error
}

const (
	memfdCloexec  = 1
	memfdSealing  = 2
	fcntlAddSeals = 1033
	allSeals      = 15
)

// path names it for a child of ours, which has all our descriptors until it becomes the program.
func (p *ownProgram) path() (string, error) {
	p.once.Do(func() { p.file, p.err = copyOwnProgram() })
	if p.err != nil {
		return "", p.err
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
	text, err := syscall.BytePtrFromString(name)
	if err != nil {
		return nil, err
	}
	fd, _, errno := syscall.RawSyscall(sysMemfd, uintptr(unsafe.Pointer(text)), memfdCloexec|memfdSealing, 0)
	if errno != 0 {
		return nil, errno
	}
	file := os.NewFile(fd, name)
	if _, err := io.Copy(file, content); err != nil {
		file.Close()
		return nil, err
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_FCNTL, fd, fcntlAddSeals, allSeals); errno != 0 {
		file.Close()
		return nil, errno
	}
	return file, nil
}

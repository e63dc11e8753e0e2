// Package rooted opens files below a folder so that no link, no "..", and no race leads out of it.
package rooted

import (
	"errors"
	"os"
	"path"
	"strconv"
	"strings"
	"syscall"
	"unsafe"
)

// From Linux's openat2.h and fcntl.h; the standard library has neither.
const (
	sysOpenat2          = 437 // the same number on amd64 and arm64
	resolveNoMagiclinks = 0x02
	resolveNoSymlinks   = 0x04
	resolveBeneath      = 0x08
	resolveInRoot       = 0x10
	oPath               = 0x200000
	atSymlinkNofollow   = 0x100
)

// openHow is struct open_how.
type openHow struct{ flags, mode, resolve uint64 }

// ErrEscapes is given for a path that leads out of its root, or through a link where none may be.
var ErrEscapes = errors.New("the path leaves its folder")

// Root is a folder that is held open: what is renamed or mounted over it later does not matter.
type Root struct {
	file *os.File
}

// Open holds a folder.
func Open(folder string) (*Root, error) {
	file, err := os.OpenFile(folder, syscall.O_DIRECTORY|syscall.O_CLOEXEC|oPath, 0)
	if err != nil {
		return nil, err
	}
	return &Root{file}, nil
}

// Close lets go of it.
func (r *Root) Close() error { return r.file.Close() }

// Links says what becomes of symbolic links on the way.
type Links int

const (
	// Inside follows them as if the root were "/": what a process in the container would see.
	Inside Links = iota
	// Refused gives ErrEscapes for any link on the way, the last part included.
	Refused
)

// OpenFile opens a path below the root. Special files are never opened for reading or writing: O_NONBLOCK keeps
// a FIFO from waiting and the caller looks at what it got (see Regular).
func (r *Root) OpenFile(name string, flags int, mode uint32, links Links) (*os.File, error) {
	resolve := uint64(resolveInRoot | resolveNoMagiclinks)
	if links == Refused {
		resolve = resolveBeneath | resolveNoSymlinks | resolveNoMagiclinks
	}
	relative := strings.TrimPrefix(path.Clean("/"+name), "/")
	if relative == "" {
		relative = "."
	}
	// "a/.." must not be shortened where "a" is a link: the kernel walks it as it stands.
	if links == Inside && strings.Contains(name, "..") {
		relative = strings.TrimLeft(name, "/")
	}
	if strings.IndexByte(relative, 0) >= 0 {
		return nil, &os.PathError{Op: "open", Path: name, Err: syscall.EINVAL}
	}
	if flags&oPath == 0 {
		flags |= syscall.O_NONBLOCK | syscall.O_NOCTTY
	}
	how := openHow{flags: uint64(flags | syscall.O_CLOEXEC), resolve: resolve}
	if flags&syscall.O_CREAT != 0 {
		how.mode = uint64(mode)
	}
	fd, err := openat2(int(r.file.Fd()), relative, &how)
	if err == syscall.ENOSYS {
		return r.walk(relative, flags, mode)
	}
	if err == syscall.EXDEV || links == Refused && err == syscall.ELOOP {
		return nil, ErrEscapes
	}
	if err != nil {
		return nil, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return os.NewFile(uintptr(fd), name), nil
}

// OpenPath holds whatever a path names, without opening it: for stat, and as a root of its own.
func (r *Root) OpenPath(name string, links Links) (*os.File, error) {
	flags := oPath
	if links == Refused {
		flags |= syscall.O_NOFOLLOW
	}
	return r.OpenFile(name, flags, 0, links)
}

// Regular opens a regular file for reading; anything else is refused without being opened.
func (r *Root) Regular(name string, links Links) (*os.File, os.FileInfo, error) {
	held, err := r.OpenPath(name, links)
	if err != nil {
		return nil, nil, err
	}
	defer held.Close()
	info, err := held.Stat()
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, info, &os.PathError{Op: "open", Path: name, Err: syscall.EINVAL}
	}
	// The held file itself is opened, not its name: what was put there meanwhile is not read.
	file, err := os.OpenFile("/proc/self/fd/"+strconv.Itoa(int(held.Fd())), os.O_RDONLY, 0)
	return file, info, err
}

// walk is for kernels before 5.6, without openat2: part by part, and no link is followed.
func (r *Root) walk(relative string, flags int, mode uint32) (*os.File, error) {
	parts := strings.Split(relative, "/")
	at, err := syscall.Dup(int(r.file.Fd()))
	if err != nil {
		return nil, err
	}
	for i, part := range parts {
		if part == ".." {
			syscall.Close(at)
			return nil, ErrEscapes
		}
		isLast := i == len(parts)-1
		how := oPath | syscall.O_DIRECTORY
		if isLast {
			how = flags
		}
		next, err := syscall.Openat(at, part, how|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, mode)
		syscall.Close(at)
		if err == syscall.ELOOP || err == syscall.ENOTDIR && !isLast {
			return nil, ErrEscapes
		}
		if err != nil {
			return nil, &os.PathError{Op: "open", Path: relative, Err: err}
		}
		at = next
	}
	return os.NewFile(uintptr(at), relative), nil
}

// KeepsInside tells whether the kernel itself keeps a path inside a root, by openat2: Linux 5.6, and no filter of
// system calls that knows less.
func KeepsInside() bool {
	root, err := Open("/")
	if err != nil {
		return false
	}
	defer root.Close()
	dir, err := OpenAt(root.file, ".", oPath|syscall.O_DIRECTORY, true)
	if err != nil {
		return false
	}
	dir.Close()
	return true
}

// The system call's number: tests ask for one that no kernel has.
var openat2Number uintptr = sysOpenat2

func openat2(dir int, name string, how *openHow) (int, error) {
	raw, err := syscall.BytePtrFromString(name)
	if err != nil {
		return -1, err
	}
	for {
		fd, _, code := syscall.Syscall6(openat2Number, uintptr(dir), uintptr(unsafe.Pointer(raw)),
			uintptr(unsafe.Pointer(how)), unsafe.Sizeof(*how), 0, 0)
		switch code {
		case 0:
			return int(fd), nil
		case syscall.EINTR, syscall.EAGAIN:
			// EAGAIN: something was renamed while the kernel looked; it says to try again.
		default:
			return -1, code
		}
	}
}

// Lstat looks at a name in an open folder, without following it.
func Lstat(dir *os.File, name string, into *syscall.Stat_t) error {
	raw, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	_, _, code := syscall.Syscall6(sysNewfstatat, dir.Fd(), uintptr(unsafe.Pointer(raw)),
		uintptr(unsafe.Pointer(into)), atSymlinkNofollow, 0, 0)
	if code != 0 {
		return code
	}
	return nil
}

// Readlink reads a link in an open folder.
func Readlink(dir *os.File, name string) (string, error) {
	raw, err := syscall.BytePtrFromString(name)
	if err != nil {
		return "", err
	}
	buffer := make([]byte, 4096)
	n, _, code := syscall.Syscall6(sysReadlinkat, dir.Fd(), uintptr(unsafe.Pointer(raw)),
		uintptr(unsafe.Pointer(&buffer[0])), uintptr(len(buffer)), 0, 0)
	if code != 0 {
		return "", code
	}
	return string(buffer[:n]), nil
}

// OpenDir opens a folder in an open folder; a link is refused.
func OpenDir(dir *os.File, name string) (*os.File, error) {
	fd, err := syscall.Openat(int(dir.Fd()), name, syscall.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

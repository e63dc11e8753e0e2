package rooted

import (
	"os"
	"strconv"
	"syscall"
	"unsafe"
)

// From Linux's openat2.h, stat.h and fs.h.
const (
	resolveNoXdev      = 0x01
	atEmptyPath        = 0x1000
	atNoAutomount      = 0x800
	atRemovedir        = 0x200
	statxBasic         = 0x7ff
	statxAttrMountRoot = 0x2000
	renameNoReplace    = 1
)

// FromFile makes a root of a folder that is open already; the root owns it from here.
func FromFile(file *os.File) *Root { return &Root{file} }

// File is the folder itself: for what is done by descriptor.
func (r *Root) File() *os.File { return r.file }

// Stat is what statx tells, as far as anyone here wants it.
type Stat struct {
	Mode       uint16
	Uid, Gid   uint32
	Inode      uint64
	Size       int64
	Nlink      uint32
	MtimeSec   int64
	MtimeNsec  uint32
	Major      uint32
	Minor      uint32
	Dev        uint64
	IsMount    bool
	KnowsMount bool
}

// Kind is the file's type: one of syscall.S_IF*.
func (s *Stat) Kind() uint32 { return uint32(s.Mode) & syscall.S_IFMT }

// statxBuffer is struct statx.
type statxBuffer struct {
	mask, blksize                uint32
	attributes                   uint64
	nlink, uid, gid              uint32
	mode                         uint16
	_                            uint16
	ino, size, blocks, attrsMask uint64
	times                        [4]struct {
		sec  int64
		nsec uint32
		_    int32
	}
	rdevMajor, rdevMinor, devMajor, devMinor uint32
	_                                        [14]uint64
}

// StatAt looks at a name in an open folder without following it; an empty name is the open file itself. Nothing is
// mounted by looking.
func StatAt(at *os.File, name string) (*Stat, error) {
	raw, err := syscall.BytePtrFromString(name)
	if err != nil {
		return nil, err
	}
	flags := uintptr(atSymlinkNofollow | atNoAutomount)
	if name == "" {
		flags |= atEmptyPath
	}
	var b statxBuffer
	_, _, code := syscall.Syscall6(sysStatx, at.Fd(), uintptr(unsafe.Pointer(raw)), flags, statxBasic, uintptr(unsafe.Pointer(&b)), 0)
	if code != 0 {
		return nil, code
	}
	return &Stat{
		Mode: b.mode, Uid: b.uid, Gid: b.gid, Inode: b.ino, Size: int64(b.size), Nlink: b.nlink,
		MtimeSec: b.times[3].sec, MtimeNsec: b.times[3].nsec, Major: b.rdevMajor, Minor: b.rdevMinor,
		Dev:     uint64(b.devMajor)<<32 | uint64(b.devMinor),
		IsMount: b.attributes&statxAttrMountRoot != 0, KnowsMount: b.attrsMask&statxAttrMountRoot != 0,
	}, nil
}

// OpenAt opens a single name in an open folder: no link, and with `isSameMount` nothing that is mounted there. It is
// for those who asked KeepsInside.
func OpenAt(dir *os.File, name string, flags int, isSameMount bool) (*os.File, error) {
	resolve := uint64(resolveBeneath | resolveNoSymlinks | resolveNoMagiclinks)
	if isSameMount {
		resolve |= resolveNoXdev
	}
	how := openHow{flags: uint64(flags | syscall.O_NOFOLLOW | syscall.O_CLOEXEC), resolve: resolve}
	if flags&oPath == 0 {
		how.flags |= syscall.O_NONBLOCK | syscall.O_NOCTTY
	}
	if flags&syscall.O_CREAT != 0 {
		how.mode = 0o600
	}
	fd, err := openat2(int(dir.Fd()), name, &how)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), name), nil
}

// OPath is O_PATH: a file is held, not opened.
const OPath = oPath

// Remove takes one name out of an open folder: an empty folder, or anything else.
func Remove(dir *os.File, name string, isFolder bool) error {
	raw, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	flags := uintptr(0)
	if isFolder {
		flags = atRemovedir
	}
	if _, _, code := syscall.Syscall(sysUnlinkat, dir.Fd(), uintptr(unsafe.Pointer(raw)), flags); code != 0 {
		return code
	}
	return nil
}

// Rename moves a name between open folders; one that is taken is replaced only when that is wanted.
func Rename(from *os.File, name string, to *os.File, newName string, isReplacing bool) error {
	raw, err := syscall.BytePtrFromString(name)
	if err != nil {
		return err
	}
	newRaw, err := syscall.BytePtrFromString(newName)
	if err != nil {
		return err
	}
	flags := uintptr(renameNoReplace)
	if isReplacing {
		flags = 0
	}
	_, _, code := syscall.Syscall6(sysRenameat2, from.Fd(), uintptr(unsafe.Pointer(raw)), to.Fd(),
		uintptr(unsafe.Pointer(newRaw)), flags, 0)
	if code != 0 {
		return code
	}
	return nil
}

// Reopen opens what is held by another descriptor, whatever its name leads to by now. A FIFO does not wait.
func Reopen(held *os.File, flags int) (*os.File, error) {
	name := "/proc/self/fd/" + strconv.Itoa(int(held.Fd()))
	fd, err := syscall.Open(name, flags|syscall.O_CLOEXEC|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), held.Name()), nil
}

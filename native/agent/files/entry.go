package files

import (
	"encoding/json"
	"fmt"
	"os"
	"syscall"

	"slipway/agent/rooted"
)

// Kinds of entries, as single letters.
const (
	kindFile = "f"
	kindDir  = "d"
	kindLink = "l"
)

func kindOf(st *rooted.Stat) string {
	switch st.Kind() {
	case syscall.S_IFREG:
		return kindFile
	case syscall.S_IFDIR:
		return kindDir
	case syscall.S_IFLNK:
		return kindLink
	case syscall.S_IFCHR:
		return "c"
	case syscall.S_IFBLK:
		return "b"
	case syscall.S_IFIFO:
		return "p"
	case syscall.S_IFSOCK:
		return "s"
	default:
		return "?"
	}
}

// more is what few entries have.
type more struct {
	// The name has bytes that are no UTF-8.
	IsOdd bool `json:"odd,omitempty"`
	// Target of a link, and the kind of what it leads to.
	Link string `json:"link,omitempty"`
	To   string `json:"to,omitempty"`
	// Something is mounted here: "tmpfs", "kernel" or "other".
	Mount string `json:"mount,omitempty"`
}

// Entry is written as [name, kind, bytes, mode, uid, gid, mtime s] and, where there is more, an object.
type Entry struct {
	name string
	stat *rooted.Stat
	more more
}

// MarshalJSON writes the array.
func (e *Entry) MarshalJSON() ([]byte, error) {
	text, isOdd := Escape(e.name)
	e.more.IsOdd = isOdd
	st := e.stat
	size := st.Size
	if st.Kind() != syscall.S_IFREG {
		size = 0
	}
	fields := []any{text, kindOf(st), size, st.Mode & 0o7777, st.Uid, st.Gid, st.MtimeSec}
	if e.more != (more{}) {
		fields = append(fields, e.more)
	}
	return json.Marshal(fields)
}

// entry looks at a name in an open folder, whose real path is `folder`.
func (p *place) entry(dir *os.File, folder, name string) (*Entry, error) {
	st, err := rooted.StatAt(dir, name)
	if err != nil {
		return nil, err
	}
	e := &Entry{name: name, stat: st}
	if st.Kind() == syscall.S_IFLNK {
		if target, err := rooted.Readlink(dir, name); err == nil {
			e.more.Link, _ = Escape(target)
		}
		e.more.To = p.leadsTo(join(folder, name))
	}
	if st.IsMount {
		e.more.Mount = mountKind(dir, name)
	}
	return e, nil
}

func (p *place) leadsTo(name string) string {
	held, err := p.root.OpenPath(name, rooted.Inside)
	if err != nil {
		return ""
	}
	defer held.Close()
	st, err := rooted.StatAt(held, "")
	if err != nil {
		return ""
	}
	return kindOf(st)
}

func mountKind(dir *os.File, name string) string {
	held, err := rooted.OpenAt(dir, name, rooted.OPath, false)
	if err != nil {
		return "other"
	}
	defer held.Close()
	switch magic, _ := fileSystem(held); {
	case magic == tmpfsMagic:
		return "tmpfs"
	case kernelSystems[magic]:
		return "kernel"
	default:
		return "other"
	}
}

const tmpfsMagic = 0x01021994

// File systems whose files are the kernel's words, not bytes on a disk. Source: Linux's magic.h.
var kernelSystems = map[int64]bool{
	0x9fa0: true, 0x62656572: true, 0x27e0eb: true, 0x63677270: true, 0x64626720: true, 0x74726163: true, 0x1cd1: true,
	0x19800202: true, 0x73636673: true, 0xcafe4a11: true, 0x6165676c: true, 0x62656570: true, 0xf97cff8c: true,
	0x42494e4d: true, 0xde5e81e4: true,
}

func fileSystem(file *os.File) (magic int64, isReadOnly bool) {
	var st syscall.Statfs_t
	if syscall.Fstatfs(int(file.Fd()), &st) != nil {
		return 0, false
	}
	const stRdonly = 1
	return int64(uint32(st.Type)), st.Flags&stRdonly != 0
}

func isKernels(file *os.File) bool {
	magic, _ := fileSystem(file)
	return kernelSystems[magic]
}

// version names one state of a file: time, size and inode, as a write within the clock's tick must be seen too.
func version(st *rooted.Stat) string {
	return fmt.Sprintf("%d.%09d-%d-%d", st.MtimeSec, st.MtimeNsec, st.Size, st.Inode)
}

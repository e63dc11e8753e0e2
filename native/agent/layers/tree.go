package layers

import (
	"encoding/json"
	"os"
	"sort"
	"strconv"
	"strings"
	"syscall"
	"unsafe"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

const (
	// Each level holds a descriptor. Real trees have some tens; ten thousand is a trap.
	maxDepth = 500
	// An image of this many files has never been seen; more would fill core's memory.
	maxEntries = 5_000_000
	// Of names that are held at once, those of the folders around included; the kernel gives as many as there are.
	maxHeldBytes = 32 << 20
	// What a name takes besides its own bytes.
	nameBytes  = 32
	batchBytes = 64 * 1024
)

// Tree serves `layers.tree`: the entries of one layer, a folder before what is in it, names in order. Messages are
// arrays of entries as appendEntry writes them.
func Tree(hostRoot string) wire.Open {
	return func(s *wire.Stream, raw json.RawMessage) error {
		var which Which
		if err := wire.DecodeArgs(raw, &which); err != nil {
			return err
		}
		root, err := which.open(hostRoot)
		if err != nil {
			return err
		}
		defer root.Close()
		top, err := root.OpenFile(".", os.O_RDONLY|syscall.O_DIRECTORY, 0, rooted.Refused)
		if err != nil {
			return err
		}
		w := &walk{stream: s, batch: []byte{'['}, names: make([]byte, 1024)}
		err = onOwnThread(func(hasOwn bool) error {
			w.hasOwnThread = hasOwn
			return w.folder(top, -1, 0)
		})
		if err != nil {
			return err
		}
		return w.flush()
	}
}

type walk struct {
	stream *wire.Stream
	batch  []byte
	count  int
	held   int
	// The thread's working folder is ours to change, and is this one now.
	hasOwnThread bool
	at           *os.File
	// Names of extended attributes, as the kernel gives them.
	names []byte
}

// folder walks an open folder and closes it.
func (w *walk) folder(dir *os.File, number, depth int) error {
	defer dir.Close()
	if err := w.stream.Context().Err(); err != nil {
		return err
	}
	before := w.held
	names, err := w.namesIn(dir)
	if err != nil {
		return err
	}
	defer func() { w.held = before }()
	for _, name := range names {
		if err := w.entry(dir, name, number, depth); err != nil {
			return err
		}
	}
	return nil
}

// namesIn gives the names in order, and reads no more of them than it takes to know that they are too many.
func (w *walk) namesIn(dir *os.File) ([]string, error) {
	names := []string{}
	for {
		// Gone while it was looked at is empty: a container's layer lives.
		some, err := rooted.NextNames(dir, 0)
		if err != nil {
			return nil, err
		}
		if len(some) == 0 {
			sort.Strings(names)
			return names, nil
		}
		names = append(names, some...)
		for _, name := range some {
			w.held += len(name) + nameBytes
		}
		if w.held > maxHeldBytes || w.count+len(names) > maxEntries {
			return nil, tooMany()
		}
	}
}

func tooMany() error {
	return wire.Errorf("engine.unsupported", "The layer has more than %d files, or too many in one folder", maxEntries)
}

func (w *walk) entry(dir *os.File, name string, parent, depth int) error {
	if w.count >= maxEntries {
		return tooMany()
	}
	var st syscall.Stat_t
	if err := rooted.Lstat(dir, name, &st); err != nil {
		if err == syscall.ENOENT {
			// Gone while it was looked at: a container's layer lives.
			return nil
		}
		return w.put(parent, name, kindUnknown, &st, &more{Error: err.Error()})
	}
	kind := kindOf(&st)
	m := &more{}
	switch kind {
	case kindDir:
		return w.subfolder(dir, name, &st, parent, depth)
	case kindLink:
		link, err := rooted.Readlink(dir, name)
		if err != nil {
			m.Error = err.Error()
		}
		m.Link, m.IsLinkEscaped = escape(link)
	case kindFile:
		if st.Nlink > 1 {
			m.Inode = st.Ino
		}
		m.Xattrs, _ = w.xattrs(dir, name)
	case kindChar, kindBlock:
		m.Major, m.Minor = major(uint64(st.Rdev)), minor(uint64(st.Rdev))
	}
	return w.put(parent, name, kind, &st, m)
}

func (w *walk) subfolder(dir *os.File, name string, st *syscall.Stat_t, parent, depth int) error {
	m := &more{}
	m.Xattrs, m.IsOpaque = w.xattrs(dir, name)
	number := w.count
	if depth >= maxDepth {
		m.IsCut = true
		return w.put(parent, name, kindDir, st, m)
	}
	inner, err := rooted.OpenDir(dir, name)
	if err != nil {
		m.Error = err.Error()
		return w.put(parent, name, kindDir, st, m)
	}
	if err := w.put(parent, name, kindDir, st, m); err != nil {
		inner.Close()
		return err
	}
	return w.folder(inner, number, depth+1)
}

func (w *walk) put(parent int, name, kind string, st *syscall.Stat_t, m *more) error {
	text, isEscaped := escape(name)
	m.IsEscaped = isEscaped
	if len(w.batch) > 1 {
		w.batch = append(w.batch, ',')
	}
	w.batch = appendEntry(w.batch, parent, text, kind, st, m)
	w.count++
	if len(w.batch) < batchBytes {
		return nil
	}
	return w.flush()
}

func (w *walk) flush() error {
	w.batch = append(w.batch, ']')
	err := w.stream.SendMessage(json.RawMessage(w.batch))
	w.batch = append(w.batch[:0], '[')
	return err
}

func kindOf(st *syscall.Stat_t) string {
	switch st.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		return kindFile
	case syscall.S_IFDIR:
		return kindDir
	case syscall.S_IFLNK:
		return kindLink
	case syscall.S_IFCHR:
		// overlayfs marks what is removed by a device 0/0.
		if st.Rdev == 0 {
			return kindRemoved
		}
		return kindChar
	case syscall.S_IFBLK:
		return kindBlock
	case syscall.S_IFIFO:
		return kindPipe
	case syscall.S_IFSOCK:
		return kindSocket
	default:
		return kindUnknown
	}
}

// Device numbers as glibc's sysmacros.h splits them.
func major(device uint64) uint32 { return uint32(device>>8&0xfff | device>>32&^0xfff) }
func minor(device uint64) uint32 { return uint32(device&0xff | device>>12&^0xff) }

// xattrs names the extended attributes of a file or folder. No link is followed at the end of the path.
func (w *walk) xattrs(dir *os.File, name string) (names []string, isOpaque bool) {
	path := w.pathTo(dir, name)
	n, err := xattrCall(syscall.SYS_LLISTXATTR, path, "", w.names)
	if err == syscall.ERANGE {
		w.names = make([]byte, 64*1024)
		n, err = xattrCall(syscall.SYS_LLISTXATTR, path, "", w.names)
	}
	if err != 0 || n == 0 {
		return nil, false
	}
	for _, one := range strings.Split(strings.TrimSuffix(string(w.names[:n]), "\x00"), "\x00") {
		if one == opaqueXattr {
			var value [1]byte
			size, err := xattrCall(syscall.SYS_LGETXATTR, path, opaqueXattr, value[:])
			isOpaque = err == 0 && size == 1 && value[0] == 'y'
		} else if !strings.HasPrefix(one, overlayPrefix) {
			names = append(names, one)
		}
	}
	return names, isOpaque
}

// pathTo is the bare name where the thread stands in its folder, or goes by the folder's descriptor.
func (w *walk) pathTo(dir *os.File, name string) string {
	if w.hasOwnThread && w.at != dir {
		if syscall.Fchdir(int(dir.Fd())) != nil {
			return viaDescriptor(dir, name)
		}
		w.at = dir
	}
	if w.hasOwnThread {
		return name
	}
	return viaDescriptor(dir, name)
}

func viaDescriptor(dir *os.File, name string) string {
	return "/proc/self/fd/" + strconv.Itoa(int(dir.Fd())) + "/" + name
}

// xattrCall asks for a list, or for the value of one attribute.
func xattrCall(number uintptr, path, attribute string, into []byte) (int, syscall.Errno) {
	where, err := syscall.BytePtrFromString(path)
	if err != nil {
		return 0, syscall.EINVAL
	}
	if attribute == "" {
		n, _, code := syscall.Syscall(number, uintptr(unsafe.Pointer(where)), uintptr(unsafe.Pointer(&into[0])), uintptr(len(into)))
		return int(n), code
	}
	what, err := syscall.BytePtrFromString(attribute)
	if err != nil {
		return 0, syscall.EINVAL
	}
	n, _, code := syscall.Syscall6(number, uintptr(unsafe.Pointer(where)), uintptr(unsafe.Pointer(what)),
		uintptr(unsafe.Pointer(&into[0])), uintptr(len(into)), 0, 0)
	return int(n), code
}

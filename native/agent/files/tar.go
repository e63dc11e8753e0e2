package files

import (
	"archive/tar"
	"context"
	"encoding/json"
	"io"
	"os"
	"path"
	"syscall"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

const (
	// A download of a day is none.
	tarTime = 24 * time.Hour
	// Of names of files that have more than one. What is over it is packed under each of its names.
	maxSeenBytes = 16 << 20
)

// Tar serves `files.tar`: the bytes of a tar of a folder, its own name first. Mounts are walked through, but for the
// kernel's; special files are told, not read; sockets are left out, as tar has no word for them.
func (r Roots) Tar(s *wire.Stream, raw json.RawMessage) error {
	var where Where
	if err := wire.DecodeArgs(raw, &where); err != nil {
		return err
	}
	return r.holding(where, func(p *place, held *os.File, real string) error {
		return p.pack(s, held, real)
	})
}

func (p *place) pack(s *wire.Stream, held *os.File, real string) error {
	top, err := reopen(held, os.O_RDONLY|syscall.O_DIRECTORY)
	if err != nil {
		return told(err, real)
	}
	if isKernels(top) {
		top.Close()
		return refused("kernel", real)
	}
	st, err := rooted.StatAt(top, "")
	if err != nil {
		top.Close()
		return told(err, real)
	}
	base := path.Base(real)
	if base == "/" {
		base = "."
	}
	t := &packer{tar: tar.NewWriter(s), base: base, ctx: s.Context(), seen: map[[2]uint64]string{}}
	if err := t.put(nil, "", "", st); err != nil {
		top.Close()
		return told(err, real)
	}
	// A download that lacks something must not look whole.
	miss := func(path string, err error) error { return told(err, join(real, path)) }
	w := &walk{ctx: s.Context(), until: time.Now().Add(tarTime), miss: miss}
	w.visit = func(dir *os.File, name, path string, st *rooted.Stat) error {
		if err := t.put(dir, name, path, st); !hasVanished(err) {
			return miss(path, err)
		}
		return nil
	}
	if err := w.folder(top, "", 0); err != nil {
		return told(err, real)
	}
	if w.isCut {
		return refused("too-long", real)
	}
	return t.tar.Close()
}

type packer struct {
	tar  *tar.Writer
	base string
	ctx  context.Context
	// Files with more than one name, by device and inode: the second name is a hard link to the first.
	seen      map[[2]uint64]string
	seenBytes int
}

var tarTypes = map[uint32]byte{
	syscall.S_IFREG: tar.TypeReg, syscall.S_IFDIR: tar.TypeDir, syscall.S_IFLNK: tar.TypeSymlink, syscall.S_IFCHR: tar.TypeChar,
	syscall.S_IFBLK: tar.TypeBlock, syscall.S_IFIFO: tar.TypeFifo,
}

func (t *packer) put(dir *os.File, name, full string, st *rooted.Stat) error {
	kind, isKnown := tarTypes[st.Kind()]
	if !isKnown {
		return nil
	}
	head := &tar.Header{
		Typeflag: kind, Name: path.Join(t.base, full), Mode: int64(st.Mode & 0o7777), Uid: int(st.Uid), Gid: int(st.Gid),
		ModTime: time.Unix(st.MtimeSec, 0), Devmajor: int64(st.Major), Devminor: int64(st.Minor),
	}
	switch kind {
	case tar.TypeDir:
		head.Name += "/"
	case tar.TypeSymlink:
		target, err := rooted.Readlink(dir, name)
		if err == syscall.EINVAL {
			// Another thing by now.
			return nil
		}
		if err != nil {
			return err
		}
		head.Linkname = target
	case tar.TypeReg:
		return t.file(dir, name, head, st)
	}
	return t.tar.WriteHeader(head)
}

func (t *packer) file(dir *os.File, name string, head *tar.Header, st *rooted.Stat) error {
	id := [2]uint64{st.Dev, st.Inode}
	if first, isSeen := t.seen[id]; isSeen && st.Nlink > 1 {
		head.Typeflag, head.Linkname = tar.TypeLink, first
		return t.tar.WriteHeader(head)
	}
	held, err := rooted.OpenAt(dir, name, rooted.OPath, false)
	if err != nil {
		return err
	}
	defer held.Close()
	now, err := rooted.StatAt(held, "")
	if err != nil {
		return err
	}
	if now.Kind() != syscall.S_IFREG || isKernels(held) {
		return nil
	}
	file, err := reopen(held, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer file.Close()
	head.Size = now.Size
	if err := t.tar.WriteHeader(head); err != nil {
		return err
	}
	if st.Nlink > 1 && t.seenBytes < maxSeenBytes {
		t.seen[id] = head.Name
		t.seenBytes += len(head.Name)
	}
	return t.copy(file, now.Size)
}

// copy writes as many bytes as the header says: of a file that became shorter meanwhile the rest is zeros.
func (t *packer) copy(file *os.File, size int64) error {
	n, err := io.CopyBuffer(struct{ io.Writer }{t.tar}, io.LimitReader(file, size), make([]byte, 64*1024))
	if err != nil {
		return err
	}
	zeros := make([]byte, 64*1024)
	for n < size {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		piece := min(size-n, int64(len(zeros)))
		if _, err := t.tar.Write(zeros[:piece]); err != nil {
			return err
		}
		n += piece
	}
	return nil
}

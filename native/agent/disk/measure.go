// Package disk measures what an engine's images, containers, volumes and build cache really occupy.
package disk

import (
	"context"
	"os"
	"syscall"
	"time"

	"slipway/agent/rooted"
)

const (
	// Each level holds a descriptor. Real trees have some tens; ten thousand is a trap.
	maxDepth = 500
	// Of one scan. What is over it is not counted, and that is told.
	maxFiles = 20_000_000
	// Hard links that are remembered, in one tree: more are counted each.
	maxLinks = 2_000_000
	// Between two looks at whether anybody still wants to know.
	lookEvery = 1024
)

// Usage is what a tree occupies: blocks, not lengths, so that holes cost nothing; a file with many names once.
type Usage struct {
	Bytes int64 `json:"bytes"`
	Files int64 `json:"files"`
	// Something could not be read or was too much: there is more than this.
	IsCut bool `json:"isCut,omitempty"`
}

func (u *Usage) add(other Usage) {
	u.Bytes += other.Bytes
	u.Files += other.Files
	u.IsCut = u.IsCut || other.IsCut
}

// meter measures the trees of one scan.
type meter struct {
	ctx context.Context
	// Until then; what comes after is told as cut.
	until  time.Time
	isOver bool
	files  int64
	bytes  int64
	// Called now and then while it goes on.
	onStep func()
}

// tree measures a folder with all that is in it, on its own file system: what is mounted there is not its.
func (m *meter) tree(path string) (Usage, error) {
	var st syscall.Stat_t
	if err := syscall.Lstat(path, &st); err != nil {
		return Usage{}, err
	}
	if st.Mode&syscall.S_IFMT != syscall.S_IFDIR {
		return Usage{Bytes: st.Blocks * 512, Files: 1}, nil
	}
	if m.isOver {
		return Usage{Bytes: st.Blocks * 512, Files: 1, IsCut: true}, m.ctx.Err()
	}
	dir, err := os.OpenFile(path, os.O_RDONLY|syscall.O_DIRECTORY|syscall.O_NOFOLLOW|syscall.O_CLOEXEC, 0)
	if err != nil {
		return Usage{}, err
	}
	w := walk{meter: m, device: uint64(st.Dev), links: map[uint64]bool{}}
	w.usage = Usage{Bytes: st.Blocks * 512, Files: 1}
	err = w.folder(dir, 0)
	return w.usage, err
}

type walk struct {
	*meter
	device uint64
	links  map[uint64]bool
	usage  Usage
}

// look says whether anybody still wants to know, and whether the time is over.
func (m *meter) look() error {
	if err := m.ctx.Err(); err != nil {
		return err
	}
	m.isOver = time.Now().After(m.until)
	m.onStep()
	return nil
}

// folder counts what is in an open folder, and closes it. Only that nobody waits any more is an error.
func (w *walk) folder(dir *os.File, depth int) error {
	defer dir.Close()
	for {
		names, err := rooted.NextNames(dir, depth)
		for _, name := range names {
			if w.isOver {
				w.usage.IsCut = true
				return nil
			}
			if err := w.entry(dir, name, depth); err != nil {
				return err
			}
		}
		if err != nil {
			w.usage.IsCut = true
			return nil
		}
		if len(names) == 0 {
			return nil
		}
	}
}

func (w *walk) entry(dir *os.File, name string, depth int) error {
	var st syscall.Stat_t
	// Gone while it was looked at: containers live.
	if rooted.Lstat(dir, name, &st) != nil || uint64(st.Dev) != w.device {
		return nil
	}
	isDir := st.Mode&syscall.S_IFMT == syscall.S_IFDIR
	if st.Nlink > 1 && !isDir {
		if w.links[st.Ino] {
			return nil
		}
		if len(w.links) < maxLinks {
			w.links[st.Ino] = true
		}
	}
	w.usage.Bytes += st.Blocks * 512
	w.usage.Files++
	w.meter.bytes += st.Blocks * 512
	if w.meter.files++; w.meter.files%lookEvery == 0 {
		if err := w.look(); err != nil {
			return err
		}
	}
	if !isDir {
		return nil
	}
	if depth >= maxDepth || w.meter.files >= maxFiles || w.isOver {
		w.usage.IsCut = true
		return nil
	}
	inner, err := rooted.OpenDir(dir, name)
	if err != nil {
		w.usage.IsCut = w.usage.IsCut || !os.IsNotExist(err)
		return nil
	}
	return w.folder(inner, depth+1)
}

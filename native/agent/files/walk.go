package files

import (
	"context"
	"os"
	"syscall"
	"time"

	"slipway/agent/rooted"
)

// Each level holds a descriptor, and a path of 4095 bytes has no more levels than this.
const maxDepth = 2048

// walk goes through a tree, a folder before what is in it. Mounts of the kernel's file systems are not entered.
type walk struct {
	ctx context.Context
	// Until then; what comes after is left out.
	until time.Time
	// Called for each name; `path` is relative to where the walk began.
	visit func(dir *os.File, name, path string, st *rooted.Stat) error
	// Other mounts are not entered either, only told, and what is too deep does not end the walk.
	isSameMount bool
	mounts      []string
	// It ended early.
	isCut bool
	// Something was too deep to enter.
	isDeep bool
}

// folder walks an open folder and closes it.
func (w *walk) folder(dir *os.File, path string, depth int) error {
	defer dir.Close()
	names, err := namesIn(dir)
	if err != nil {
		// It vanished, or the kernel keeps it to itself.
		return nil
	}
	for _, name := range names {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(w.until) {
			w.isCut = true
			return nil
		}
		if err := w.name(dir, name, path, depth); err != nil {
			return err
		}
		if w.isCut {
			return nil
		}
	}
	return nil
}

func (w *walk) name(dir *os.File, name, path string, depth int) error {
	st, err := rooted.StatAt(dir, name)
	if err != nil {
		return nil
	}
	full := name
	if path != "" {
		full = path + "/" + name
	}
	if err := w.visit(dir, name, full, st); err != nil {
		return err
	}
	if st.IsMount && w.isSameMount {
		w.mounts = append(w.mounts, full)
		return nil
	}
	if st.Kind() != syscall.S_IFDIR || st.IsMount && mountKind(dir, name) == "kernel" {
		return nil
	}
	if depth >= maxDepth {
		// No path names a mount down there, but there may be one beside it.
		w.isDeep, w.isCut = true, !w.isSameMount
		return nil
	}
	inner, err := rooted.OpenAt(dir, name, os.O_RDONLY|syscall.O_DIRECTORY, w.isSameMount)
	if err == syscall.EXDEV {
		w.mounts = append(w.mounts, full)
		return nil
	}
	if err == syscall.EMFILE || err == syscall.ENFILE {
		w.isCut = true
		return nil
	}
	if err != nil {
		return nil
	}
	return w.folder(inner, full, depth+1)
}

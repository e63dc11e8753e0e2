package files

import (
	"context"
	"errors"
	"os"
	"sort"
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
	// Called for what is there and cannot be looked at; an error ends the walk.
	miss func(path string, err error) error
	// It ended early.
	isCut bool
	// Something was too deep to enter.
	isDeep bool
}

// folder walks an open folder and closes it.
func (w *walk) folder(dir *os.File, path string, depth int) error {
	defer dir.Close()
	for {
		names, err := rooted.NextNames(dir, depth)
		if err != nil {
			return w.missed(path, err)
		}
		if len(names) == 0 {
			return nil
		}
		sort.Strings(names)
		if err := w.names(dir, names, path, depth); err != nil || w.isCut {
			return err
		}
	}
}

func (w *walk) names(dir *os.File, names []string, path string, depth int) error {
	for _, name := range names {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if time.Now().After(w.until) {
			w.isCut = true
			return nil
		}
		if err := w.name(dir, name, path, depth); err != nil || w.isCut {
			return err
		}
	}
	return nil
}

// missed: what vanished since its name was read, or is another thing by now, is no loss.
func (w *walk) missed(path string, err error) error {
	if hasVanished(err) {
		return nil
	}
	return w.miss(path, err)
}

func hasVanished(err error) bool {
	for _, one := range []syscall.Errno{syscall.ENOENT, syscall.ENOTDIR, syscall.ELOOP, syscall.ESTALE} {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

func (w *walk) name(dir *os.File, name, path string, depth int) error {
	full := name
	if path != "" {
		full = path + "/" + name
	}
	st, err := rooted.StatAt(dir, name)
	if err != nil {
		return w.missed(full, err)
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
		return w.missed(full, err)
	}
	return w.folder(inner, full, depth+1)
}

package logs

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// A watch may miss what a network file system does; once in a while the file is looked at anyway.
const lookAnyway = 2 * time.Second

// follow goes on where scan has come to, over rotations, until the client ends its side or goes.
func (r *read) follow(scan *scanner, w *watcher) error {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for {
			if _, err := r.stream.Recv(); err != nil {
				return
			}
		}
	}()
	isLast := false
	for {
		isOver, err := r.drain(scan)
		if isOver || err != nil {
			return err
		}
		if err := r.flush(); err != nil {
			return err
		}
		if r.isRotated() {
			// What was written to the old file before it was renamed is read; nothing more comes to it.
			if isOver, err := r.drain(scan); isOver || err != nil {
				return err
			}
			before := scan
			if scan, isOver, err = r.goOn(scan); isOver || err != nil {
				return err
			}
			// The new file may not open yet: that is waited for like anything else.
			if scan != before {
				continue
			}
		}
		if isLast {
			return nil
		}
		if r.isCut() {
			if scan, err = r.again(); err != nil {
				return err
			}
			continue
		}
		select {
		case <-r.stream.Context().Done():
			return r.stream.Context().Err()
		case <-ended:
			// Once more: the last lines were written before the client could say that the container stopped.
			isLast = true
		case <-w.changed:
		case <-time.After(lookAnyway):
		}
	}
}

func (r *read) newest() *os.File { return r.all[len(r.all)-1].file }

// isRotated: another file took the name of the one that is read.
func (r *read) isRotated() bool {
	there, err := os.Stat(r.path)
	if err != nil {
		return false
	}
	ours, err := r.newest().Stat()
	return err == nil && !os.SameFile(there, ours)
}

// goOn reads all that was begun after the file that was read, and stays in the newest.
func (r *read) goOn(scan *scanner) (_ *scanner, isOver bool, err error) {
	next := r.newer()
	if len(next) == 0 {
		return scan, false, nil
	}
	closeAll(r.all)
	r.all = next
	for _, one := range next {
		from, err := one.reader(0)
		if err != nil {
			return nil, false, err
		}
		scan = newScanner(from, r.args.format())
		if isOver, err := r.drain(scan); isOver || err != nil {
			return nil, isOver, err
		}
	}
	return scan, false, nil
}

// newer opens the files that were begun after the newest that is read, the oldest first: one, or more where the log
// was rotated again before anybody looked.
func (r *read) newer() []segment {
	newest, err := os.Open(r.path)
	if err != nil {
		return nil
	}
	found := []segment{{file: newest}}
	for i := 1; i < maxRotated; i++ {
		older, isThere, err := openRotated(r.path, i)
		if err != nil {
			// Without it what is newer would come too early: all is looked at again with the next tick.
			closeAll(found)
			return nil
		}
		if !isThere {
			break
		}
		if isSame(older, found[0]) {
			// It was rotated while these were opened.
			older.file.Close()
			continue
		}
		if !r.isUnread(older) {
			older.file.Close()
			break
		}
		found = append([]segment{older}, found...)
	}
	return found
}

// isUnread: its first entry comes after the last one that was read. Where none was, nobody can tell.
func (r *read) isUnread(s segment) bool {
	if r.entry.TimeNs == 0 || isSame(s, r.all[len(r.all)-1]) {
		return false
	}
	first, isThere, err := firstTime(s, r.args.format())
	return err == nil && isThere && first > r.entry.TimeNs
}

func isSame(a, b segment) bool {
	one, err := a.file.Stat()
	if err != nil {
		return false
	}
	other, err := b.file.Stat()
	return err == nil && os.SameFile(one, other)
}

// isCut: somebody emptied the file in place, as people do to get their disk back.
func (r *read) isCut() bool {
	info, err := r.newest().Stat()
	if err != nil {
		return false
	}
	at, err := r.newest().Seek(0, io.SeekCurrent)
	return err == nil && info.Size() < at
}

func (r *read) again() (*scanner, error) {
	_, err := r.newest().Seek(0, io.SeekStart)
	return newScanner(r.newest(), r.args.format()), err
}

// watcher tells when something happens in a log's folder. An empty one never does: its file is looked at anyway.
type watcher struct {
	file    *os.File
	changed chan struct{}
}

func watch(path string) (*watcher, error) {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if isScarce(err) {
		return &watcher{}, nil
	}
	if err != nil {
		return nil, err
	}
	const what = syscall.IN_MODIFY | syscall.IN_CREATE | syscall.IN_MOVED_TO
	if _, err := syscall.InotifyAddWatch(fd, filepath.Dir(path), what); err != nil {
		syscall.Close(fd)
		if isScarce(err) {
			return &watcher{}, nil
		}
		return nil, err
	}
	w := &watcher{file: os.NewFile(uintptr(fd), "inotify"), changed: make(chan struct{}, 1)}
	go w.run()
	return w, nil
}

// run empties the queue: which file changed does not matter, that one did does.
func (w *watcher) run() {
	buffer := make([]byte, 16*1024)
	for {
		if _, err := w.file.Read(buffer); err != nil {
			return
		}
		select {
		case w.changed <- struct{}{}:
		default:
		}
	}
}

func (w *watcher) close() {
	if w.file != nil {
		w.file.Close()
	}
}

// isScarce: others of the host use up its watches or its files; 128 watchers are what a user gets by default.
func isScarce(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOSPC)
}

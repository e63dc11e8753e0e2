package logs

import (
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
		if next, isRotated := r.rotated(); isRotated {
			// What was written to the old file before it was renamed is read; nothing more comes to it.
			if isOver, err := r.drain(scan); isOver || err != nil {
				next.Close()
				return err
			}
			r.all = append(r.all, segment{file: next})
			scan = newScanner(next, r.args.format())
			continue
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

// rotated opens the file that took the name of the one that is read, when there is one.
func (r *read) rotated() (*os.File, bool) {
	there, err := os.Stat(r.path)
	if err != nil {
		return nil, false
	}
	ours, err := r.newest().Stat()
	if err != nil || os.SameFile(there, ours) {
		return nil, false
	}
	next, err := os.Open(r.path)
	return next, err == nil
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

// watcher tells when something happens in a log's folder.
type watcher struct {
	file    *os.File
	changed chan struct{}
}

func watch(path string) (*watcher, error) {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		return nil, err
	}
	const what = syscall.IN_MODIFY | syscall.IN_CREATE | syscall.IN_MOVED_TO
	if _, err := syscall.InotifyAddWatch(fd, filepath.Dir(path), what); err != nil {
		syscall.Close(fd)
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

func (w *watcher) close() { w.file.Close() }

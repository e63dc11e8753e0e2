package files

import (
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
	// What the kernel makes up while it is read has no size: it may never end.
	maxKernelBytes = 1 << 20
	kernelTime     = 3 * time.Second
)

type readArgs struct {
	Where
	Offset int64 `json:"offset"`
	// At most so many bytes; absent: to the end.
	Length *int64 `json:"length"`
}

// Read serves `files.read`: first {path, entry, version}, then the bytes. Links are followed inside the root. It
// ends where the file ended when it was opened: one that grows is no endless one.
func (r Roots) Read(s *wire.Stream, raw json.RawMessage) error {
	var args readArgs
	if err := wire.DecodeArgs(raw, &args); err != nil {
		return err
	}
	if args.Offset < 0 || args.Length != nil && *args.Length < 0 {
		return wire.BadArgs("offset or length is negative")
	}
	return r.holding(args.Where, func(p *place, held *os.File, real string) error {
		return p.read(s, args, held, real)
	})
}

func (p *place) read(s *wire.Stream, args readArgs, held *os.File, real string) error {
	st, err := regular(held, real)
	if err != nil {
		return err
	}
	file, err := reopen(held, os.O_RDONLY)
	if err != nil {
		return told(err, real)
	}
	defer file.Close()
	shown, _ := Escape(real)
	head := statReply{shown, &Entry{name: path.Base(real), stat: st}, version(st)}
	if err := s.SendMessage(&head); err != nil {
		return err
	}
	if isKernels(file) {
		return readKernels(s, file, args)
	}
	left := st.Size - args.Offset
	if args.Length != nil && *args.Length < left {
		left = *args.Length
	}
	if left <= 0 {
		return nil
	}
	_, err = io.CopyBuffer(struct{ io.Writer }{s}, io.NewSectionReader(file, args.Offset, left), make([]byte, 64*1024))
	return told(err, real)
}

// regular looks at what is held: only files are opened.
func regular(held *os.File, real string) (*rooted.Stat, error) {
	st, err := rooted.StatAt(held, "")
	if err != nil {
		return nil, told(err, real)
	}
	switch st.Kind() {
	case syscall.S_IFREG:
		return st, nil
	case syscall.S_IFDIR:
		return nil, refused("not-a-file", real)
	default:
		return nil, refused("special", real)
	}
}

// readKernels reads at most a MiB for at most some seconds: some of the kernel's files answer when they like. Such a
// read cannot be called off, so it is done aside and left behind.
func readKernels(s *wire.Stream, file *os.File, args readArgs) error {
	limit := int64(maxKernelBytes)
	if args.Length != nil && *args.Length < limit {
		limit = *args.Length
	}
	// The descriptor is the reader's: it is closed when the read comes back.
	fd, err := syscall.Dup(int(file.Fd()))
	if err != nil {
		return err
	}
	syscall.CloseOnExec(fd)
	pieces := make(chan []byte)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		defer close(pieces)
		defer syscall.Close(fd)
		for at := int64(0); at < limit; {
			buffer := make([]byte, min(64*1024, limit-at))
			n, err := syscall.Pread(fd, buffer, args.Offset+at)
			if err != nil || n <= 0 {
				return
			}
			at += int64(n)
			select {
			case pieces <- buffer[:n]:
			case <-stop:
				return
			}
		}
	}()
	deadline := time.NewTimer(kernelTime)
	defer deadline.Stop()
	for {
		select {
		case piece, isOpen := <-pieces:
			if !isOpen {
				return nil
			}
			if err := s.Send(piece); err != nil {
				return err
			}
		case <-deadline.C:
			return nil
		case <-s.Context().Done():
			return s.Context().Err()
		}
	}
}

func min(a, b int64) int64 {
	if a < b {
		return a
	}
	return b
}

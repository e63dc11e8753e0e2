package terminals

import (
	"context"
	"os"
	"syscall"
)

// bell wakes who waits for descriptors when a context is over.
type bell struct {
	ctx    context.Context
	pipe   [2]*os.File
	silent chan struct{}
	ended  chan struct{}
}

func newBell(ctx context.Context) (*bell, error) {
	var pipe [2]int
	if err := syscall.Pipe2(pipe[:], syscall.O_CLOEXEC); err != nil {
		return nil, err
	}
	b := &bell{ctx: ctx, silent: make(chan struct{}), ended: make(chan struct{})}
	b.pipe = [2]*os.File{os.NewFile(uintptr(pipe[0]), "bell"), os.NewFile(uintptr(pipe[1]), "bell")}
	go func() {
		defer close(b.ended)
		select {
		case <-ctx.Done():
		case <-b.silent:
		}
		b.pipe[1].Close()
	}()
	return b, nil
}

// fd can be read when the context is over.
func (b *bell) fd() int32 { return int32(b.pipe[0].Fd()) }

func (b *bell) close() {
	close(b.silent)
	<-b.ended
	b.pipe[0].Close()
}

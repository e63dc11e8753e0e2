package main

import (
	"context"
	"io"
	"log"
	"net"
	"os"
	"syscall"
	"testing"
	"time"

	"slipway/agent/wire"
)

// scarce is a listener that fails once with each of its errors before the first client comes.
type scarce struct {
	failures []error
	clients  chan net.Conn
}

func (s *scarce) Accept() (net.Conn, error) {
	if len(s.failures) > 0 {
		failure := s.failures[0]
		s.failures = s.failures[1:]
		return nil, &net.OpError{Op: "accept", Net: "unix", Err: os.NewSyscallError("accept4", failure)}
	}
	client, isOpen := <-s.clients
	if !isOpen {
		return nil, net.ErrClosed
	}
	return client, nil
}

func (s *scarce) Close() error   { return nil }
func (s *scarce) Addr() net.Addr { return &net.UnixAddr{} }

func TestAMomentWithoutFilesEndsNobody(t *testing.T) {
	log.SetOutput(io.Discard)
	defer log.SetOutput(os.Stderr)
	here, there := net.Pipe()
	_ = here.SetDeadline(time.Now().Add(10 * time.Second))
	listener := &scarce{[]error{syscall.EMFILE, syscall.ECONNABORTED}, make(chan net.Conn, 1)}
	listener.clients <- there
	ended := make(chan error, 1)
	go func() { ended <- agent{}.take(context.Background(), listener) }()
	var buffer []byte
	if f, err := wire.ReadFrame(here, &buffer); err != nil || f.Kind != wire.KindHello {
		t.Errorf("%v %v", f.Kind, err)
	}
	here.Close()
	close(listener.clients)
	if err := <-ended; err != net.ErrClosed {
		t.Errorf("what does not pass gave %v", err)
	}
}

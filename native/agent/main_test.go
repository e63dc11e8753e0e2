package main

import (
	"context"
	"encoding/json"
	"io"
	"log"
	"net"
	"os"
	"runtime"
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

// The first thread never ends, and what a goroutine had made of it would stay: a mount namespace, a tracer.
func TestNoWorkGetsTheFirstThread(t *testing.T) {
	for round := 0; round < 200; round++ {
		thread := make(chan int, 1)
		go func() {
			runtime.LockOSThread()
			thread <- syscall.Gettid()
		}()
		if got := <-thread; got == os.Getpid() {
			t.Fatalf("round %d has it", round)
		}
	}
}

// What an upload has written so far is taken away before the agent ends.
func TestWhatRunsIsWaitedForAtTheEnd(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	isRunning, hasCleaned := make(chan struct{}), make(chan struct{})
	methods := wire.Methods{Streams: map[string]wire.Open{"upload": func(s *wire.Stream, _ json.RawMessage) error {
		close(isRunning)
		<-s.Context().Done()
		time.Sleep(100 * time.Millisecond)
		close(hasCleaned)
		return s.Context().Err()
	}}}
	here, there := net.Pipe()
	_ = here.SetDeadline(time.Now().Add(10 * time.Second))
	go func() { _, _ = io.Copy(io.Discard, here) }()
	listener := &scarce{clients: make(chan net.Conn, 1)}
	listener.clients <- there
	ended := make(chan error, 1)
	go func() { ended <- agent{methods}.take(ctx, listener) }()
	for _, f := range []wire.Frame{
		{Kind: wire.KindHello, Payload: []byte(`{"protocol":1}`)},
		{Kind: wire.KindOpen, ID: 1, Payload: []byte(`{"method":"upload","credit":1}`)},
	} {
		if _, err := here.Write(wire.AppendFrame(nil, f)); err != nil {
			t.Fatal(err)
		}
	}
	<-isRunning
	stop()
	close(listener.clients)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	select {
	case <-hasCleaned:
	default:
		t.Error("it was not waited for")
	}
}

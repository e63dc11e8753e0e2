package terminals

import (
	"context"
	"io"
	"os"
	"sync"
	"syscall"
	"time"

	"slipway/agent/wire"
)

const (
	// What a client that comes back finds of what it missed.
	ringBytes = 256 * 1024
	// One frame at most: large enough to be cheap, and touched only by terminals that flood.
	readBytes = 32 * 1024
	// The output of a shell that has ended is in the kernel: it comes at once.
	drainLimit = 2 * time.Second
	// A shell that was hung up saves its history first.
	hangUpLimit = 2 * time.Second
)

// session is one terminal. It lives in the agent: clients come and go.
type session struct {
	id      string
	process *os.Process
	master  *master
	// Held while bytes leave for a client: what is replayed to the next comes before what is new.
	sending sync.Mutex
	mu      sync.Mutex
	ring    ring
	client  *client
	// The stream that bytes leave on just now: set by who holds `sending`.
	receiver *wire.Stream
	lastUse  time.Time
	// Closed when the shell has ended and all of its output is in the ring.
	ended chan struct{}
	exit  exit
}

// client is whoever is attached: the last one that came. Its context is over when another one has come.
type client struct {
	stream *wire.Stream
	ctx    context.Context
	leave  context.CancelFunc
	// Wakes what it types when its context is over. Made before it is a client: one that could not be made while
	// something is typed would take that with it.
	over *bell
}

// exit is how a shell ended.
type exit struct {
	Code   int `json:"exitCode"`
	Signal int `json:"signal,omitempty"`
}

func newSession(id string, from *started) *session {
	s := &session{
		id: id, process: from.process, master: from.master, ring: ring{max: ringBytes},
		ended: make(chan struct{}), lastUse: time.Now(),
	}
	output := make(chan struct{})
	go func() {
		defer close(output)
		s.pump()
	}()
	go s.wait(output)
	return s
}

// pump carries output from the terminal to the ring and to the client until the terminal has none any more.
func (s *session) pump() {
	buffer := make([]byte, readBytes)
	var rhythm rhythm
	for {
		count, err := s.master.read(buffer)
		if err != nil {
			return
		}
		s.deliver(buffer[:count])
		if pause := rhythm.pauseAfter(count, time.Now()); pause > 0 {
			// The runtime's own sleep is the poller's, and shorter than a millisecond it is inexact.
			span := syscall.NsecToTimespec(int64(pause))
			_ = syscall.Nanosleep(&span, nil)
		}
	}
}

// rhythm knows a program that writes without end in small pieces, which wakes its reader for each: a short pause
// lets more of them come together. What a person types is echoed at once, as nothing came just before it.
type rhythm struct {
	last  time.Time
	quick int
}

const (
	// Pieces that follow one another faster than this are a flood, when so many have.
	quickGap   = time.Millisecond
	quickCount = 4
	// The kernel holds 64 KiB of a terminal's output and then makes the program wait: near that nobody pauses.
	largePiece = 16 * 1024
	gatherTime = 250 * time.Microsecond
	// One that goes on is looked at no more often than a screen could show it: each look costs the program its turn.
	longCount = 64
	longTime  = time.Millisecond
)

func (r *rhythm) pauseAfter(count int, now time.Time) time.Duration {
	if now.Sub(r.last) > quickGap {
		r.quick = 0
	}
	r.quick++
	pause := time.Duration(0)
	if r.quick > longCount {
		pause = longTime
	} else if r.quick > quickCount {
		pause = gatherTime
	}
	if count >= largePiece {
		pause = 0
	}
	// The pause is ours: it is not the program that was quiet.
	r.last = now.Add(pause)
	return pause
}

// A read gives at most 4 KiB of a terminal. One that gave much less has taken all: to look again at once would
// only bring the few bytes that were written meanwhile, at the cost of the program that writes them.
const fullRead = 2048

// readWhatIs takes what there is. It gives 0 when there is nothing yet, and -1 at the end.
func readWhatIs(fd int, buffer []byte) int {
	filled := 0
	for filled < len(buffer) {
		count, err := syscall.Read(fd, buffer[filled:])
		if err == syscall.EINTR {
			continue
		}
		if count > 0 {
			filled += count
			if count < fullRead {
				return filled
			}
			continue
		}
		if filled > 0 || err == syscall.EAGAIN {
			return filled
		}
		// EIO: no process has the terminal open any more.
		return -1
	}
	return filled
}

// deliver keeps bytes and sends them. A client without room makes the program wait; without one nobody waits.
func (s *session) deliver(data []byte) {
	s.sending.Lock()
	defer s.sending.Unlock()
	s.mu.Lock()
	s.ring.push(data)
	to := s.client
	if to != nil {
		s.receiver = to.stream
	}
	s.mu.Unlock()
	if to != nil {
		defer s.hasSent()
		// One that is gone takes nothing: it comes back and asks from where it was.
		_ = to.stream.Send(data)
	}
}

func (s *session) hasSent() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.receiver = nil
}

// wait ends the session when its shell has ended and its output is through.
func (s *session) wait(output <-chan struct{}) {
	state, err := s.process.Wait()
	s.master.hangUp()
	<-output
	s.mu.Lock()
	if err == nil {
		s.exit = exitOf(state.Sys().(syscall.WaitStatus))
	}
	s.lastUse = time.Now()
	s.mu.Unlock()
	s.master.Close()
	close(s.ended)
}

// exitOf numbers an end by a signal as shells and the engine do.
func exitOf(status syscall.WaitStatus) exit {
	if status.Signaled() {
		return exit{128 + int(status.Signal()), int(status.Signal())}
	}
	return exit{Code: status.ExitStatus()}
}

// attached is the first item of an attached stream: where the bytes that follow stand in the whole output.
type attached struct {
	From int64 `json:"from"`
	// Where the past ends.
	End int64 `json:"end"`
}

// attach serves one client: what it missed, what comes, and how it ended. Another one that comes takes its place.
func (s *session) attach(stream *wire.Stream, from int64) error {
	mine, err := s.take(stream, from)
	if err != nil {
		return err
	}
	defer s.let(mine)
	stream.TakeFirst(mine.firstInto(s.master))
	typed := make(chan error, 1)
	go func() {
		defer mine.over.close()
		typed <- s.typeInto(mine)
	}()
	select {
	case <-s.ended:
		return s.tellEnd(mine)
	case <-mine.ctx.Done():
		return mine.whyGone()
	case err := <-typed:
		return err
	}
}

func (c *client) firstInto(master *master) func(data []byte) int {
	return func(data []byte) int {
		if c.ctx.Err() != nil {
			return 0
		}
		return master.tryWrite(data)
	}
}

// whyGone: it left itself, or another one has come.
func (c *client) whyGone() error {
	if err := c.stream.Context().Err(); err != nil {
		return err
	}
	return wire.Errorf("cancelled", "Another client has this terminal now")
}

func (s *session) tellEnd(mine *client) error {
	s.sending.Lock()
	defer s.sending.Unlock()
	s.mu.Lock()
	isStill := s.client == mine
	if isStill {
		s.receiver = mine.stream
	}
	s.mu.Unlock()
	if !isStill {
		return mine.whyGone()
	}
	defer s.hasSent()
	return mine.stream.SendMessage(s.exit)
}

// take makes a stream the session's client and sends it what it missed, before anything new.
func (s *session) take(stream *wire.Stream, from int64) (*client, error) {
	ctx, leave := context.WithCancel(stream.Context())
	over, err := newBell(ctx)
	if err != nil {
		leave()
		return nil, err
	}
	s.mu.Lock()
	if before := s.client; before != nil {
		// It may hold the line without reading from it.
		s.client = nil
		before.leave()
	}
	if s.receiver != nil {
		// Or its road is dead and takes nothing, which nobody tells a writer for a long time.
		s.receiver.YieldTo(stream)
	}
	s.mu.Unlock()
	mine := &client{stream, ctx, leave, over}
	s.sending.Lock()
	defer s.sending.Unlock()
	s.mu.Lock()
	past, start := s.ring.since(from)
	end := s.ring.end
	s.client, s.receiver = mine, stream
	s.lastUse = time.Now()
	s.mu.Unlock()
	defer s.hasSent()
	err = stream.SendMessage(attached{start, end})
	if err == nil {
		err = stream.Send(past)
	}
	if err != nil {
		s.let(mine)
		over.close()
		return nil, err
	}
	return mine, nil
}

func (s *session) let(mine *client) {
	mine.leave()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client == mine {
		s.client = nil
	}
	s.lastUse = time.Now()
}

// typeInto writes what a client sends until it sends no more. Its end is not the terminal's.
func (s *session) typeInto(mine *client) error {
	for {
		item, err := mine.stream.Recv()
		if err == io.EOF {
			<-mine.ctx.Done()
			return mine.whyGone()
		}
		if err != nil {
			return err
		}
		if len(item.Data) == 0 {
			continue
		}
		if err := s.master.write(mine.over, item.Data); err != nil {
			// The shell has ended, and the stream is about to tell; or it lives on without its terminal; or what is typed
			// here is nobody's any more.
			select {
			case <-s.ended:
				continue
			case <-mine.ctx.Done():
				return mine.whyGone()
			}
		}
	}
}

// resize tells the programs on the terminal its new size.
func (s *session) resize(to size) error {
	// One that is over has no size.
	_ = s.master.with(func(fd int) error { return setSize(fd, to) })
	return nil
}

// hasEnded tells whether the shell is over.
func (s *session) hasEnded() bool {
	select {
	case <-s.ended:
		return true
	default:
		return false
	}
}

// signal sends one to the shell. Its number stays its own until it has been waited for.
func (s *session) signal(number syscall.Signal) error {
	if s.hasEnded() {
		return nil
	}
	err := s.process.Signal(number)
	if err != nil && err != os.ErrProcessDone {
		return wire.Errorf("bug", "signal %d: %v", number, err)
	}
	return nil
}

// close hangs up, as closing a terminal's window does, and kills what stays.
func (s *session) close(ctx context.Context) error {
	for _, number := range []syscall.Signal{syscall.SIGHUP, syscall.SIGKILL} {
		if err := s.signal(number); err != nil {
			return err
		}
		_ = s.signal(syscall.SIGCONT)
		select {
		case <-s.ended:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(hangUpLimit):
		}
	}
	return nil
}

// idle is for how long nobody has been attached.
func (s *session) idle() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.client != nil {
		return 0
	}
	return time.Since(s.lastUse)
}

package wire

import (
	"context"
	"encoding/json"
	"sync/atomic"
)

const (
	// What the client may have on the road to one stream.
	inputWindow = 256 * 1024
	// One piece of raw bytes: large enough to be cheap, small enough that other streams get their turn.
	pieceBytes = 64 * 1024
)

// Item is what came up a stream: raw bytes, or one JSON message.
type Item struct {
	Data    []byte
	Message json.RawMessage
}

// Stream is the agent's end of one stream. Its methods are for its handler's goroutines.
type Stream struct {
	id      uint32
	session *Session
	ctx     context.Context
	cancel  context.CancelFunc
	down    *credit
	input   *queue
	// Only the session's reader touches it: it alone puts to `input` and ends it.
	hasInputEnded bool
	// What is asked before `input`, and how much of that has not been worked through.
	first   atomic.Pointer[func(data []byte) int]
	pending atomic.Int32
	// What Recv gave last is still worked on.
	isWorking bool
	// Bytes that were taken and have not been granted anew; guarded by the session's lock.
	owed int64
	// What the client may still send; guarded by the session's lock.
	left int64
	// Why the session ended the stream, where it did: the client hears this, whatever the handler says of its end.
	fault atomic.Pointer[Error]
}

// Context ends when the client cancels, goes away, or the handler has returned.
func (s *Stream) Context() context.Context { return s.ctx }

// YieldTo is for a client that came back while what is sent to it still waits on the road it came by before: that one
// is closed, so that who waits there goes on. Streams of one session share their road, and it stays.
func (s *Stream) YieldTo(next *Stream) {
	if s.session != next.session {
		s.session.road.Close()
	}
}

// fail ends the stream alone: what the client did wrong there is no matter of its other streams.
func (s *Stream) fail(why *Error) {
	s.fault.Store(why)
	s.cancel()
}

// Send sends raw bytes and waits while the client has no room.
func (s *Stream) Send(data []byte) error {
	for len(data) > 0 {
		piece := data
		if len(piece) > pieceBytes {
			piece = piece[:pieceBytes]
		}
		if err := s.down.take(s.ctx, int64(len(piece))); err != nil {
			return err
		}
		if err := s.session.write(Frame{KindData, s.id, piece}); err != nil {
			return err
		}
		data = data[len(piece):]
	}
	return nil
}

// SendWhole sends bytes that belong together as one frame of at most MaxPayload bytes.
func (s *Stream) SendWhole(data []byte) error {
	if len(data) > MaxPayload {
		return Errorf("bug", "%d bytes are too large for one frame", len(data))
	}
	if err := s.down.take(s.ctx, int64(len(data))); err != nil {
		return err
	}
	return s.session.write(Frame{KindData, s.id, data})
}

// Write is Send, for io.Writer's users.
func (s *Stream) Write(data []byte) (int, error) {
	if err := s.Send(data); err != nil {
		return 0, err
	}
	return len(data), nil
}

// SendMessage sends one JSON item of at most MaxPayload bytes.
func (s *Stream) SendMessage(item any) error {
	payload, err := json.Marshal(item)
	if err != nil {
		return err
	}
	if len(payload) > MaxPayload {
		return Errorf("bug", "An item of %d bytes is too large for one message", len(payload))
	}
	if err := s.down.take(s.ctx, int64(len(payload))); err != nil {
		return err
	}
	return s.session.write(Frame{KindMessage, s.id, payload})
}

// TakeFirst has raw bytes offered to `take` as soon as they come, on the session's own reader: it must not wait. It
// tells how many it took; the rest, and all that comes until that has been worked through, goes to Recv. What needs
// no other goroutine to wake up is there sooner.
func (s *Stream) TakeFirst(take func(data []byte) int) { s.first.Store(&take) }

// offer is for the session's reader: it gives the rest.
func (s *Stream) offer(data []byte) []byte {
	take := s.first.Load()
	if take == nil || s.pending.Load() > 0 || s.ctx.Err() != nil {
		return data
	}
	taken := (*take)(data)
	s.settle(int64(taken))
	return data[taken:]
}

// Recv gives what the client sent next; io.EOF after its end. Taking an item grants its room anew. Who asks for the
// next has worked through the one before.
func (s *Stream) Recv() (Item, error) {
	if s.isWorking {
		s.isWorking = false
		s.pending.Add(-1)
	}
	item, err := s.input.take(s.ctx)
	if err != nil {
		return Item{}, err
	}
	s.isWorking = true
	s.settle(int64(len(item.Data) + len(item.Message)))
	return item, nil
}

// A frame for each keystroke would cost more than the keystroke: a quarter of the window goes at once.
func (s *Stream) settle(bytes int64) {
	s.session.mu.Lock()
	s.owed += bytes
	due := s.owed
	if due < inputWindow/4 {
		due = 0
	}
	s.owed -= due
	s.session.mu.Unlock()
	if due > 0 {
		s.session.grant(s, due)
	}
}

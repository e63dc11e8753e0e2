package wire

import (
	"bufio"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Protocol is raised when a client of the older one would misread us.
const Protocol = 1

// A person's window opens tens; more is a client gone wrong.
const maxOpen = 1024

// Hello is the first frame of each side. Features name what this agent can do on this host.
type Hello struct {
	Name     string   `json:"name"`
	Protocol int      `json:"protocol"`
	Version  string   `json:"version"`
	Features []string `json:"features,omitempty"`
}

// Call answers one question.
type Call func(ctx context.Context, args json.RawMessage) (any, error)

// Open serves one stream until it returns.
type Open func(s *Stream, args json.RawMessage) error

// Methods is all that a session can be asked.
type Methods struct {
	Calls   map[string]Call
	Streams map[string]Open
	// Hears of each stream's end; may be nil.
	StreamEnded func()
}

// Session serves one client over one byte stream.
type Session struct {
	methods Methods
	log     func(string)
	road    io.Closer
	reader  *bufio.Reader
	out     *bufio.Writer
	outMu   sync.Mutex
	writers atomic.Int32
	mu      sync.Mutex
	open    map[uint32]*running
	// Nothing is begun any more; guarded by `mu`.
	isOver bool
	tasks  sync.WaitGroup
}

type running struct {
	cancel context.CancelFunc
	stream *Stream
}

// NewSession makes a session; Serve runs it. `log` takes a line for what is a bug of ours.
func NewSession(road io.ReadWriteCloser, methods Methods, log func(string)) *Session {
	return &Session{
		methods: methods, log: log, road: road, open: map[uint32]*running{},
		reader: bufio.NewReaderSize(road, 64*1024), out: bufio.NewWriterSize(road, 64*1024),
	}
}

// Serve says hello and answers until the client goes or the context is over (nil), or the client breaks the protocol
// (ErrBadFrame). All that runs for the client has ended, and the road is closed, when it returns.
func (s *Session) Serve(ctx context.Context, hello Hello) error {
	ctx, cancel := context.WithCancel(ctx)
	defer s.tasks.Wait()
	// A client that reads no more would hold those who write to it.
	defer s.road.Close()
	defer s.beginNoMore()
	defer cancel()
	payload, err := json.Marshal(hello)
	if err != nil {
		return err
	}
	if err := s.write(Frame{KindHello, 0, payload}); err != nil {
		return err
	}
	// A standard stream is read on when it is closed: nobody can wait for its reader.
	read := make(chan error, 1)
	go func() { read <- s.readAll(ctx) }()
	select {
	case err := <-read:
		return err
	case <-ctx.Done():
		return nil
	}
}

func (s *Session) beginNoMore() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.isOver = true
}

func (s *Session) readAll(ctx context.Context) error {
	var buffer []byte
	if err := s.readHello(&buffer); err != nil {
		return err
	}
	for {
		frame, err := ReadFrame(s.reader, &buffer)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.handle(ctx, frame); err != nil {
			return err
		}
	}
}

func (s *Session) readHello(buffer *[]byte) error {
	frame, err := ReadFrame(s.reader, buffer)
	if err == io.EOF {
		return nil
	}
	if err != nil {
		return err
	}
	var hello Hello
	if frame.Kind != KindHello || json.Unmarshal(frame.Payload, &hello) != nil || hello.Protocol != Protocol {
		return ErrBadFrame
	}
	return nil
}

func (s *Session) handle(ctx context.Context, f Frame) error {
	switch f.Kind {
	case KindCall:
		return s.begin(ctx, f, false)
	case KindOpen:
		return s.begin(ctx, f, true)
	case KindCancel:
		s.end(f.ID)
		return nil
	case KindData, KindMessage, KindEnd, KindCredit:
		return s.feed(f)
	default:
		return ErrBadFrame
	}
}

type request struct {
	Method string          `json:"method"`
	Args   json.RawMessage `json:"args"`
	Credit int64           `json:"credit"`
}

func (s *Session) begin(ctx context.Context, f Frame, isStream bool) error {
	var asked request
	if json.Unmarshal(f.Payload, &asked) != nil || asked.Credit < 0 {
		return ErrBadFrame
	}
	// The payload is the reader's buffer: what outlives this call is copied.
	asked.Args = append(json.RawMessage(nil), asked.Args...)
	taskCtx, cancel := context.WithCancel(ctx)
	task := &running{cancel: cancel}
	if isStream {
		task.stream = &Stream{
			id: f.ID, session: s, ctx: taskCtx, cancel: cancel,
			down: newCredit(asked.Credit), input: newQueue(),
		}
	}
	s.mu.Lock()
	_, isTaken := s.open[f.ID]
	isFull := len(s.open) >= maxOpen
	isOver := s.isOver
	if !isTaken && !isFull && !isOver {
		s.open[f.ID] = task
		s.tasks.Add(1)
	}
	s.mu.Unlock()
	switch {
	case isOver:
		cancel()
		return nil
	case isTaken:
		cancel()
		return ErrBadFrame
	case isFull:
		cancel()
		_ = s.write(s.errorFrame(f.ID, Errorf("input.invalid", "Too many calls and streams are open")))
		return nil
	}
	go func() {
		defer s.tasks.Done()
		s.run(task, f.ID, asked, taskCtx)
	}()
	return nil
}

// run carries one call or stream to its end and tells the client.
func (s *Session) run(task *running, id uint32, asked request, ctx context.Context) {
	frame, err := s.answer(task, asked, ctx)
	s.end(id)
	if err != nil && ctx.Err() != nil && err == ctx.Err() {
		err = Errorf("cancelled", "Cancelled")
	}
	if task.stream != nil {
		if fault := task.stream.fault.Load(); fault != nil {
			err = fault
		}
	}
	if err != nil {
		frame = s.errorFrame(id, err)
	}
	frame.ID = id
	// A client that is gone takes nothing: its session ends by the reader.
	_ = s.write(frame)
	if task.stream != nil && s.methods.StreamEnded != nil {
		s.methods.StreamEnded()
	}
}

func (s *Session) errorFrame(id uint32, err error) Frame {
	payload, marshalErr := json.Marshal(toError(err, s.log))
	if marshalErr != nil {
		s.log(marshalErr.Error())
		payload = []byte(`{"code":"bug","message":"Something went wrong inside the agent","facts":{}}`)
	}
	return Frame{KindError, id, payload}
}

func (s *Session) answer(task *running, asked request, ctx context.Context) (frame Frame, err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%s: %v\n%s", asked.Method, fault, debug.Stack())
		}
	}()
	if task.stream != nil {
		serve, isKnown := s.methods.Streams[asked.Method]
		if !isKnown {
			return frame, Errorf("call.unknown", "No stream %q", asked.Method).With("name", asked.Method)
		}
		s.grantFirst(task.stream)
		return Frame{Kind: KindEnd}, serve(task.stream, asked.Args)
	}
	serve, isKnown := s.methods.Calls[asked.Method]
	if !isKnown {
		return frame, Errorf("call.unknown", "No call %q", asked.Method).With("name", asked.Method)
	}
	value, err := serve(ctx, asked.Args)
	if err != nil {
		return frame, err
	}
	payload, err := json.Marshal(value)
	if err != nil {
		return frame, err
	}
	if len(payload) > MaxPayload {
		return frame, Errorf("bug", "An answer of %d bytes is too large", len(payload))
	}
	return Frame{Kind: KindReply, Payload: payload}, nil
}

// end forgets a call or stream and stops what runs for it. What comes for it later is dropped.
func (s *Session) end(id uint32) {
	s.mu.Lock()
	task := s.open[id]
	delete(s.open, id)
	s.mu.Unlock()
	if task != nil {
		task.cancel()
	}
}

// feed gives a stream what came for it. Frames for what has ended are on the road always: they are dropped.
func (s *Session) feed(f Frame) error {
	s.mu.Lock()
	task := s.open[f.ID]
	s.mu.Unlock()
	if task == nil {
		return nil
	}
	if task.stream == nil {
		return ErrBadFrame
	}
	if f.Kind == KindCredit {
		if len(f.Payload) != 4 {
			return ErrBadFrame
		}
		task.stream.down.grant(int64(binary.BigEndian.Uint32(f.Payload)))
		return nil
	}
	return s.feedInput(task.stream, f)
}

func (s *Session) feedInput(stream *Stream, f Frame) error {
	if stream.hasInputEnded {
		return ErrBadFrame
	}
	if f.Kind == KindEnd {
		stream.hasInputEnded = true
		stream.input.end()
		return nil
	}
	s.mu.Lock()
	stream.left -= int64(len(f.Payload))
	isOver := stream.left < -MaxPayload
	s.mu.Unlock()
	if isOver {
		return ErrBadFrame
	}
	rest := f.Payload
	if f.Kind == KindData {
		if len(rest) > 0 {
			rest = stream.offer(rest)
		}
		// Bytes of none say nothing, and no credit bounds them.
		if len(rest) == 0 {
			return nil
		}
	}
	item := Item{}
	copied := append([]byte(nil), rest...)
	if f.Kind == KindData {
		item.Data = copied
	} else {
		item.Message = copied
	}
	isOwn, isKept := stream.input.put(item)
	if isOwn {
		stream.pending.Add(1)
	}
	if !isKept && stream.ctx.Err() == nil {
		stream.fail(Errorf("input.invalid", "Too many items wait"))
	}
	return nil
}

func (s *Session) grantFirst(stream *Stream) { s.grant(stream, inputWindow) }

func (s *Session) grant(stream *Stream, bytes int64) {
	s.mu.Lock()
	stream.left += bytes
	s.mu.Unlock()
	var payload [4]byte
	binary.BigEndian.PutUint32(payload[:], uint32(bytes))
	_ = s.write(Frame{KindCredit, stream.id, payload[:]})
}

// write sends a frame whole. It is flushed when no other writer waits, so that a burst leaves as one.
func (s *Session) write(f Frame) error {
	s.writers.Add(1)
	s.outMu.Lock()
	defer s.outMu.Unlock()
	var head [headBytes]byte
	binary.BigEndian.PutUint32(head[:4], uint32(headBytes-4+len(f.Payload)))
	head[4] = byte(f.Kind)
	binary.BigEndian.PutUint32(head[5:], f.ID)
	_, err := s.out.Write(head[:])
	if err == nil {
		_, err = s.out.Write(f.Payload)
	}
	if s.writers.Add(-1) == 0 && err == nil {
		err = s.out.Flush()
	}
	return err
}

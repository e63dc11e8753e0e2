package wire

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// peer is a client that writes frames by hand.
type peer struct {
	t      *testing.T
	road   net.Conn
	buffer []byte
	ended  chan error
	logged *strings.Builder
}

const patience = 20 * time.Second

func serve(t *testing.T, methods Methods) *peer {
	t.Helper()
	ours, theirs := net.Pipe()
	p := &peer{t: t, road: ours, ended: make(chan error, 1), logged: &strings.Builder{}}
	session := NewSession(theirs, methods, func(line string) { p.logged.WriteString(line) })
	go func() {
		err := session.Serve(context.Background(), Hello{Name: "test", Protocol: Protocol})
		theirs.Close()
		p.ended <- err
	}()
	t.Cleanup(func() { ours.Close() })
	_ = ours.SetDeadline(time.Now().Add(patience))
	if f := p.read(); f.Kind != KindHello {
		t.Fatalf("first came %+v", f)
	}
	p.send(KindHello, 0, `{"name":"client","protocol":1}`)
	return p
}

func (p *peer) send(kind Kind, id uint32, payload string) {
	p.t.Helper()
	if _, err := p.road.Write(AppendFrame(nil, Frame{kind, id, []byte(payload)})); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) read() Frame {
	p.t.Helper()
	f, err := ReadFrame(p.road, &p.buffer)
	if err != nil {
		p.t.Fatal(err)
	}
	return f
}

func (p *peer) grant(id, bytes uint32) {
	p.t.Helper()
	var payload [4]byte
	binary.BigEndian.PutUint32(payload[:], bytes)
	p.send(KindCredit, id, string(payload[:]))
}

func (p *peer) end() error {
	p.t.Helper()
	select {
	case err := <-p.ended:
		return err
	case <-time.After(patience):
		p.t.Fatal("the session goes on")
		return nil
	}
}

func call(serve func(json.RawMessage) (any, error)) Methods {
	return Methods{Calls: map[string]Call{"do": func(_ context.Context, args json.RawMessage) (any, error) {
		return serve(args)
	}}}
}

func TestACallIsAnswered(t *testing.T) {
	p := serve(t, call(func(args json.RawMessage) (any, error) { return map[string]any{"got": args}, nil }))
	p.send(KindCall, 7, `{"method":"do","args":[1]}`)
	if f := p.read(); f.Kind != KindReply || f.ID != 7 || string(f.Payload) != `{"got":[1]}` {
		t.Errorf("%v %d %s", f.Kind, f.ID, f.Payload)
	}
}

func TestErrorsAreData(t *testing.T) {
	p := serve(t, call(func(args json.RawMessage) (any, error) {
		switch string(args) {
		case "1":
			return nil, Errorf("object.not-found", "No %s", "such").With("id", "x")
		case "2":
			return nil, errors.New("secret inside")
		default:
			panic("secret too")
		}
	}))
	for args, want := range map[string]string{
		"1": `{"code":"object.not-found","message":"No such","facts":{"id":"x"}}`,
		"2": `{"code":"bug","message":"Something went wrong inside the agent","facts":{}}`,
		"3": `{"code":"bug","message":"Something went wrong inside the agent","facts":{}}`,
	} {
		id := uint32(args[0])
		p.send(KindCall, id, `{"method":"do","args":`+args+`}`)
		if f := p.read(); f.Kind != KindError || f.ID != id || string(f.Payload) != want {
			t.Errorf("%s: %v %s", args, f.Kind, f.Payload)
		}
	}
	p.send(KindCall, 9, `{"method":"other"}`)
	if f := p.read(); f.Kind != KindError || !strings.Contains(string(f.Payload), "call.unknown") {
		t.Errorf("%s", f.Payload)
	}
	p.road.Close()
	p.end()
	if logged := p.logged.String(); !strings.Contains(logged, "secret inside") || !strings.Contains(logged, "secret too") {
		t.Errorf("logged %q", logged)
	}
}

func TestAStreamStandsStillWithoutCredit(t *testing.T) {
	sent := make(chan int, 100)
	p := serve(t, Methods{Streams: map[string]Open{"s": func(s *Stream, _ json.RawMessage) error {
		for i := 0; i < 3; i++ {
			if err := s.SendWhole(bytes.Repeat([]byte{byte(i)}, 10)); err != nil {
				return err
			}
			sent <- i
		}
		return nil
	}}})
	p.send(KindOpen, 1, `{"method":"s","credit":5}`)
	if f := p.read(); f.Kind != KindCredit {
		t.Fatalf("%+v", f)
	}
	// One item may overdraw; the next waits for more than the debt.
	if f := p.read(); f.Kind != KindData || f.Payload[0] != 0 {
		t.Fatalf("%+v", f)
	}
	p.grant(1, 5)
	p.grant(1, 1)
	if f := p.read(); f.Kind != KindData || f.Payload[0] != 1 {
		t.Fatalf("%+v", f)
	}
	if len(sent) > 2 {
		t.Errorf("%d were sent", len(sent))
	}
	p.grant(1, 1000)
	if f := p.read(); f.Kind != KindData || f.Payload[0] != 2 {
		t.Fatalf("%+v", f)
	}
	if f := p.read(); f.Kind != KindEnd || f.ID != 1 {
		t.Fatalf("%+v", f)
	}
}

func TestInputComesInOrderAndEnds(t *testing.T) {
	p := serve(t, Methods{Streams: map[string]Open{"s": func(s *Stream, _ json.RawMessage) error {
		got := ""
		for {
			item, err := s.Recv()
			if err == io.EOF {
				return s.SendMessage(got)
			}
			if err != nil {
				return err
			}
			got += string(item.Data) + string(item.Message)
		}
	}}})
	p.send(KindOpen, 1, `{"method":"s","credit":100}`)
	p.read()
	p.send(KindData, 1, "a")
	p.send(KindMessage, 1, `{"b":1}`)
	p.send(KindEnd, 1, "")
	if f := p.read(); f.Kind != KindMessage || string(f.Payload) != `"a{\"b\":1}"` {
		t.Errorf("%s", f.Payload)
	}
}

func TestACancelEndsWhatRuns(t *testing.T) {
	began := make(chan struct{})
	p := serve(t, Methods{
		Calls: map[string]Call{"wait": func(ctx context.Context, _ json.RawMessage) (any, error) {
			close(began)
			<-ctx.Done()
			return nil, ctx.Err()
		}},
	})
	p.send(KindCall, 1, `{"method":"wait"}`)
	<-began
	p.send(KindCancel, 1, "")
	if f := p.read(); f.Kind != KindError || !strings.Contains(string(f.Payload), "cancelled") {
		t.Errorf("%s", f.Payload)
	}
}

func TestAClientThatGoesEndsAllOfItsCalls(t *testing.T) {
	began, over := make(chan struct{}), make(chan struct{})
	p := serve(t, Methods{Streams: map[string]Open{"wait": func(s *Stream, _ json.RawMessage) error {
		close(began)
		<-s.Context().Done()
		close(over)
		return s.Context().Err()
	}}})
	p.send(KindOpen, 1, `{"method":"wait"}`)
	p.read()
	<-began
	p.road.Close()
	<-over
	// The pipe's other end may see the close as an error of the road.
	p.end()
}

func TestWhoBreaksTheProtocolIsLetGo(t *testing.T) {
	hold := Methods{
		Calls:   map[string]Call{"hold": func(ctx context.Context, _ json.RawMessage) (any, error) { <-ctx.Done(); return nil, nil }},
		Streams: map[string]Open{"hold": func(s *Stream, _ json.RawMessage) error { <-s.Context().Done(); return nil }},
	}
	cases := map[string]func(p *peer){
		"an id twice": func(p *peer) {
			p.send(KindCall, 1, `{"method":"hold"}`)
			p.send(KindCall, 1, `{"method":"hold"}`)
		},
		"data for a call": func(p *peer) {
			p.send(KindCall, 1, `{"method":"hold"}`)
			p.send(KindData, 1, "x")
		},
		"no JSON":          func(p *peer) { p.send(KindCall, 1, `{`) },
		"a reply":          func(p *peer) { p.send(KindReply, 1, `{}`) },
		"credit of a byte": func(p *peer) { p.open(); p.send(KindCredit, 1, "x") },
		"data after the end": func(p *peer) {
			p.open()
			p.send(KindEnd, 1, "")
			p.send(KindData, 1, "x")
		},
		"more than was granted": func(p *peer) {
			p.open()
			for i := 0; i < 4; i++ {
				if _, err := p.road.Write(AppendFrame(nil, Frame{KindData, 1, make([]byte, MaxPayload)})); err != nil {
					return
				}
			}
		},
	}
	for name, misbehave := range cases {
		t.Run(name, func(t *testing.T) {
			p := serve(t, hold)
			misbehave(p)
			if err := p.end(); err != ErrBadFrame {
				t.Errorf("ended with %v", err)
			}
		})
	}
}

func (p *peer) open() {
	p.t.Helper()
	p.send(KindOpen, 1, `{"method":"hold"}`)
	if f := p.read(); f.Kind != KindCredit {
		p.t.Fatalf("%+v", f)
	}
}

func TestTheEndOfAStreamIsHeardAndThatOfACallIsNot(t *testing.T) {
	ended := make(chan struct{}, 2)
	methods := call(func(json.RawMessage) (any, error) { return 1, nil })
	methods.Streams = map[string]Open{"none": func(*Stream, json.RawMessage) error { return nil }}
	methods.StreamEnded = func() { ended <- struct{}{} }
	p := serve(t, methods)
	p.send(KindCall, 1, `{"method":"do"}`)
	p.send(KindOpen, 2, `{"method":"none"}`)
	for replies := 0; replies < 2; {
		if f := p.read(); f.Kind == KindReply || f.Kind == KindEnd {
			replies++
		}
	}
	<-ended
	if len(ended) > 0 {
		t.Error("a call was taken for a stream")
	}
}

func TestACallTooManyIsRefusedAlone(t *testing.T) {
	p := serve(t, Methods{Calls: map[string]Call{"hold": func(ctx context.Context, _ json.RawMessage) (any, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}})
	for id := uint32(1); id <= maxOpen; id++ {
		p.send(KindCall, id, `{"method":"hold"}`)
	}
	p.send(KindOpen, maxOpen+1, `{"method":"none"}`)
	if f := p.read(); f.Kind != KindError || f.ID != maxOpen+1 || !strings.Contains(string(f.Payload), "input.invalid") {
		t.Fatalf("%v %d %s", f.Kind, f.ID, f.Payload)
	}
	// What it sent before it heard of that.
	p.send(KindData, maxOpen+1, "x")
	p.send(KindCancel, 1, "")
	if f := p.read(); f.Kind != KindError || f.ID != 1 || !strings.Contains(string(f.Payload), "cancelled") {
		t.Fatalf("%v %d %s", f.Kind, f.ID, f.Payload)
	}
	p.send(KindCall, maxOpen+2, `{"method":"none"}`)
	if f := p.read(); f.ID != maxOpen+2 || !strings.Contains(string(f.Payload), "call.unknown") {
		t.Errorf("%v %d %s", f.Kind, f.ID, f.Payload)
	}
}

func TestFramesForWhatHasEndedAreDropped(t *testing.T) {
	p := serve(t, call(func(json.RawMessage) (any, error) { return 1, nil }))
	p.send(KindCancel, 5, "")
	p.send(KindData, 5, "late")
	p.grant(5, 10)
	p.send(KindCall, 6, `{"method":"do"}`)
	if f := p.read(); f.Kind != KindReply || string(f.Payload) != "1" {
		t.Errorf("%+v", f)
	}
}

// Told to end, it does not wait for a client that says nothing, only for what runs for it.
func TestASessionEndsWithItsContext(t *testing.T) {
	ours, theirs := net.Pipe()
	defer ours.Close()
	go func() { _, _ = io.Copy(io.Discard, ours) }()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	// A reader that no closing wakes, as a standard stream's.
	standard := struct {
		io.Reader
		io.WriteCloser
	}{blockedReader{}, theirs}
	go func() {
		ended <- NewSession(standard, Methods{}, func(string) {}).Serve(ctx, Hello{Protocol: Protocol})
	}()
	stop()
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patience):
		t.Fatal("the session goes on")
	}
}

type blockedReader struct{}

func (blockedReader) Read([]byte) (int, error) { select {} }

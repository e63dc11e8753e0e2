package logs

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net"
	"testing"

	"slipway/agent/wire"
)

// cancelled runs what works on a stream whose client has cancelled it, and gives its error.
func cancelled(t *testing.T, work func(s *wire.Stream) error) error {
	t.Helper()
	ours, theirs := net.Pipe()
	defer ours.Close()
	got := make(chan error, 1)
	open := func(s *wire.Stream, _ json.RawMessage) error {
		<-s.Context().Done()
		err := work(s)
		got <- err
		return err
	}
	session := wire.NewSession(theirs, wire.Methods{Streams: map[string]wire.Open{"work": open}}, func(string) {})
	go func() { _ = session.Serve(context.Background(), wire.Hello{Protocol: 1}) }()
	go func() { _, _ = io.Copy(io.Discard, ours) }()
	for _, frame := range []wire.Frame{
		{Kind: wire.KindHello, Payload: []byte(`{"protocol":1}`)},
		{Kind: wire.KindOpen, ID: 1, Payload: []byte(`{"method":"work","credit":100000,"args":{}}`)},
		{Kind: wire.KindCancel, ID: 1},
	} {
		if _, err := ours.Write(wire.AppendFrame(nil, frame)); err != nil {
			t.Fatal(err)
		}
	}
	return <-got
}

// Nothing is sent where nothing matches: only the stream itself tells that nobody waits any more.
func TestWhatIsCancelledReadsNoFurther(t *testing.T) {
	raw := bytes.Repeat(jsonOf(t, line{text: "x\n", timeNs: 1e9}), 10)
	from := func() (*bytes.Reader, *scanner) {
		reader := bytes.NewReader(raw)
		return reader, newScanner(reader, format{})
	}
	searched, toSearch := from()
	err := cancelled(t, func(s *wire.Stream) error {
		h := &hunt{args: SearchArgs{Source: Source{Driver: "json-file"}}, stream: s, find: literal([]byte("y"))}
		return h.scan(toSearch)
	})
	if err != context.Canceled || searched.Len() != len(raw) {
		t.Errorf("search: %v, %d bytes left", err, searched.Len())
	}
	drained, toDrain := from()
	err = cancelled(t, func(s *wire.Stream) error {
		r := &read{args: ReadArgs{UntilNs: math.MaxInt64}, stream: s}
		_, err := r.drain(toDrain)
		return err
	})
	if err != context.Canceled || drained.Len() != len(raw) {
		t.Errorf("read: %v, %d bytes left", err, drained.Len())
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, _, err := tailForward(ctx, segmentOf(t, raw), format{}, 1); err != context.Canceled {
		t.Errorf("tail: %v", err)
	}
}

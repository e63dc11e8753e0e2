package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"testing"
)

func TestWaitingBytesAreJoinedAndMessagesKeepTheirPlace(t *testing.T) {
	q := newQueue()
	put := func(item Item) {
		t.Helper()
		if _, isKept := q.put(item); !isKept {
			t.Fatal("not kept")
		}
	}
	for _, key := range "abc" {
		put(Item{Data: []byte(string(key))})
	}
	put(Item{Message: json.RawMessage(`{"n":1}`)})
	put(Item{Message: json.RawMessage(`{"n":2}`)})
	put(Item{Data: []byte("d")})
	large := bytes.Repeat([]byte("x"), pieceBytes-1)
	put(Item{Data: large})
	put(Item{Data: []byte("yz")})
	q.end()
	want := []string{"abc", `{"n":1}`, `{"n":2}`, "d" + string(large), "yz"}
	for _, text := range want {
		item, err := q.take(context.Background())
		if err != nil || string(item.Data)+string(item.Message) != text {
			t.Fatalf("%.40q came in place of %.40q, %v", item, text, err)
		}
	}
	if _, err := q.take(context.Background()); err != io.EOF {
		t.Errorf("after the last came %v", err)
	}
}

// A program that reads nothing, and a person who goes on typing.
func TestManySmallPiecesThatNobodyReadsAreKept(t *testing.T) {
	const keys = 20_000
	mayRead, got := make(chan struct{}), make(chan []byte, 1)
	p := serve(t, Methods{
		Calls: map[string]Call{"here": func(context.Context, json.RawMessage) (any, error) { return "yes", nil }},
		Streams: map[string]Open{"hold": func(s *Stream, _ json.RawMessage) error {
			<-mayRead
			var all bytes.Buffer
			for {
				item, err := s.Recv()
				if err != nil {
					got <- all.Bytes()
					return nil
				}
				all.Write(item.Data)
			}
		}},
	})
	p.open()
	for n := 0; n < keys; n++ {
		p.send(KindData, 1, string(rune('a'+n%26)))
	}
	p.send(KindCall, 2, `{"method":"here","args":{}}`)
	if f := p.read(); f.Kind != KindReply || f.ID != 2 {
		t.Fatalf("the session answered %+v", f)
	}
	close(mayRead)
	p.send(KindEnd, 1, "")
	all := <-got
	if len(all) != keys {
		t.Fatalf("%d of %d came", len(all), keys)
	}
	for n, key := range all {
		if key != byte('a'+n%26) {
			t.Fatalf("key %d is %q", n, key)
		}
	}
}

func TestMessagesThatNobodyReadsEndTheSession(t *testing.T) {
	p := serve(t, Methods{Streams: map[string]Open{"hold": func(s *Stream, _ json.RawMessage) error {
		<-s.Context().Done()
		return nil
	}}})
	p.open()
	for n := 0; n <= maxWaiting; n++ {
		p.send(KindMessage, 1, "{}")
	}
	if err := p.end(); err != ErrBadFrame {
		t.Errorf("it ended with %v", err)
	}
}

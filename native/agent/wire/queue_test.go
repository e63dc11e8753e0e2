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
	methods := holding()
	methods.Streams["hold"] = func(s *Stream, _ json.RawMessage) error {
		<-mayRead
		var all bytes.Buffer
		receiveInto(&all, s)
		got <- all.Bytes()
		return nil
	}
	p := serve(t, methods)
	p.open()
	for n := 0; n < keys; n++ {
		p.send(KindData, 1, string(rune('a'+n%26)))
	}
	p.isAnswered(2)
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

// holding has a stream that reads nothing until it is ended, and a call that tells that the session goes on.
func holding() Methods {
	return Methods{
		Calls: map[string]Call{"here": func(context.Context, json.RawMessage) (any, error) { return "yes", nil }},
		Streams: map[string]Open{"hold": func(s *Stream, _ json.RawMessage) error {
			<-s.Context().Done()
			return nil
		}},
	}
}

func (p *peer) isAnswered(id uint32) {
	p.t.Helper()
	p.send(KindCall, id, `{"method":"here","args":{}}`)
	if f := p.read(); f.Kind != KindReply || f.ID != id {
		p.t.Fatalf("the session answered %v %d %s", f.Kind, f.ID, f.Payload)
	}
}

func TestMessagesThatNobodyReadsEndTheirStreamAlone(t *testing.T) {
	p := serve(t, holding())
	p.open()
	for n := 0; n < maxWaiting; n++ {
		p.send(KindMessage, 1, "{}")
	}
	p.isAnswered(2)
	p.send(KindMessage, 1, "{}")
	want := `{"code":"input.invalid","message":"Too many items wait","facts":{}}`
	if f := p.read(); f.Kind != KindError || f.ID != 1 || string(f.Payload) != want {
		t.Fatalf("the stream ended with %v %d %s", f.Kind, f.ID, f.Payload)
	}
	// What was on the road when it ended.
	p.send(KindMessage, 1, "{}")
	p.isAnswered(3)
}

// A client that uploads tiny files faster than they are written, and spends all of its credit.
func TestAnUploadWithinItsCreditIsKept(t *testing.T) {
	p := serve(t, holding())
	p.open()
	const head = `{"kind":"file","path":"a","mode":0}`
	for left := inputWindow; left > 0; left -= len(head) + 1 {
		p.send(KindMessage, 1, head)
		p.send(KindData, 1, "x")
	}
	p.isAnswered(2)
}

func TestBytesOfNoneDoNotWait(t *testing.T) {
	items := make(chan Item, 10)
	p := serve(t, Methods{Streams: map[string]Open{"hold": func(s *Stream, _ json.RawMessage) error {
		defer close(items)
		for {
			item, err := s.Recv()
			if err != nil {
				return nil
			}
			items <- item
		}
	}}})
	p.open()
	p.send(KindData, 1, "")
	p.send(KindMessage, 1, "{}")
	p.send(KindData, 1, "")
	p.send(KindEnd, 1, "")
	got := []Item{}
	for item := range items {
		got = append(got, item)
	}
	if len(got) != 1 || string(got[0].Message) != "{}" {
		t.Errorf("there came %q", got)
	}
}

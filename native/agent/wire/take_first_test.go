package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"strings"
	"testing"
)

// receiveInto reads a stream's bytes to their end.
func receiveInto(all *bytes.Buffer, s *Stream) {
	for item, err := s.Recv(); err == nil; item, err = s.Recv() {
		all.Write(item.Data)
	}
}

// What is taken at once and what waits for Recv must come out in the order in which it was sent, whole.
func TestWhatIsTakenFirstKeepsItsOrder(t *testing.T) {
	sent := strings.Repeat("abcdefghijklmnopqrstuvwxyz", 40_000)
	got := make(chan []byte, 1)
	firsts := 0
	isListening := make(chan struct{})
	p := serve(t, Methods{Streams: map[string]Open{"type": func(s *Stream, _ json.RawMessage) error {
		var all bytes.Buffer
		// Takes little, then nothing for a while, as a terminal whose program is slow.
		s.TakeFirst(func(data []byte) int {
			firsts++
			count := firsts * 7 % 50
			if count > len(data) {
				count = len(data)
			}
			all.Write(data[:count])
			return count
		})
		close(isListening)
		receiveInto(&all, s)
		got <- all.Bytes()
		return nil
	}}})
	p.send(KindOpen, 1, `{"method":"type","args":{},"credit":1000}`)
	// The road holds nothing: who does not read stops the session, and with it who sends.
	granted := make(chan int, 1000)
	go func() {
		defer close(granted)
		for {
			f, err := ReadFrame(p.road, &p.buffer)
			if err != nil {
				return
			}
			if f.Kind == KindCredit {
				granted <- int(binary.BigEndian.Uint32(f.Payload))
			}
		}
	}()
	// Else a late handler could find its queue full and never empty.
	<-isListening
	room := 0
	for rest := sent; len(rest) > 0; {
		for room <= 0 {
			more, isOpen := <-granted
			if !isOpen {
				t.Fatalf("no more room after %d bytes", len(sent)-len(rest))
			}
			room += more
		}
		size := 1 + len(rest)%97
		if size > len(rest) {
			size = len(rest)
		}
		p.send(KindData, 1, rest[:size])
		rest = rest[size:]
		room -= size
	}
	p.send(KindEnd, 1, "")
	if all := <-got; string(all) != sent {
		t.Errorf("%d bytes came, %d were sent", len(all), len(sent))
	}
	if firsts == 0 {
		t.Error("nothing was offered at once")
	}
}

package wire

import (
	"bytes"
	"encoding/hex"
	"io"
	"testing"

	"slipway/agent/golden"
)

type frames struct {
	Frames []struct {
		Name    string
		Kind    Kind
		ID      uint32
		Payload string
		Hex     string
	}
	Bad []struct{ Name, Hex string }
	Cut []struct{ Name, Hex string }
}

func readGolden(t testing.TB) frames {
	t.Helper()
	var all frames
	golden.Read(t, "frames.json", &all)
	if len(all.Frames) == 0 || len(all.Bad) == 0 || len(all.Cut) == 0 {
		t.Fatal("no golden frames")
	}
	return all
}

func bytesOf(t testing.TB, text string) []byte {
	t.Helper()
	raw, err := hex.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func TestGoldenFramesAreWrittenAndRead(t *testing.T) {
	for _, one := range readGolden(t).Frames {
		raw, payload := bytesOf(t, one.Hex), bytesOf(t, one.Payload)
		if got := AppendFrame(nil, Frame{one.Kind, one.ID, payload}); !bytes.Equal(got, raw) {
			t.Errorf("%s: wrote %x, want %x", one.Name, got, raw)
		}
		var buffer []byte
		frame, err := ReadFrame(bytes.NewReader(raw), &buffer)
		if err != nil || frame.Kind != one.Kind || frame.ID != one.ID || !bytes.Equal(frame.Payload, payload) {
			t.Errorf("%s: read %+v, %v", one.Name, frame, err)
		}
	}
}

func TestWhatIsNoFrameIsRefused(t *testing.T) {
	all := readGolden(t)
	for _, one := range all.Bad {
		var buffer []byte
		if _, err := ReadFrame(bytes.NewReader(bytesOf(t, one.Hex)), &buffer); err != ErrBadFrame {
			t.Errorf("%s: %v", one.Name, err)
		}
	}
	for _, one := range all.Cut {
		var buffer []byte
		if _, err := ReadFrame(bytes.NewReader(bytesOf(t, one.Hex)), &buffer); err != io.ErrUnexpectedEOF {
			t.Errorf("%s: %v", one.Name, err)
		}
	}
}

func FuzzReadFrame(f *testing.F) {
	all := readGolden(f)
	for _, one := range all.Frames {
		f.Add(bytesOf(f, one.Hex))
	}
	for _, one := range all.Bad {
		f.Add(bytesOf(f, one.Hex))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		from := bytes.NewReader(raw)
		var buffer []byte
		for {
			before := from.Len()
			frame, err := ReadFrame(from, &buffer)
			if err != nil {
				return
			}
			// What was read is written as it stood.
			at := len(raw) - before
			if again := AppendFrame(nil, frame); !bytes.Equal(again, raw[at:at+len(again)]) {
				t.Fatalf("%x became %x", raw[at:], again)
			}
		}
	})
}

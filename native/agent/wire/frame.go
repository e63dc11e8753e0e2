// Package wire is how the agent speaks with core: frames over one byte stream, calls, and streams with credit.
// docs/agent-protocol.md describes it; testing/fixtures/agent-wire has the messages that both sides are tested with.
package wire

import (
	"encoding/binary"
	"errors"
	"io"
)

// Kind says what a frame is.
type Kind uint8

const (
	// KindHello is the first frame of each side: JSON, see Hello.
	KindHello Kind = 1
	// KindCall asks: JSON {"method", "args"}. Answered by one KindReply or KindError.
	KindCall Kind = 2
	// KindReply answers a call: JSON.
	KindReply Kind = 3
	// KindError ends a call or a stream: JSON {"code", "message", "facts"}.
	KindError Kind = 4
	// KindOpen opens a stream: JSON {"method", "args", "credit"}.
	KindOpen Kind = 5
	// KindData carries raw bytes of a stream, either way.
	KindData Kind = 6
	// KindMessage carries one JSON item of a stream, either way.
	KindMessage Kind = 7
	// KindEnd says that this side sends no more on a stream.
	KindEnd Kind = 8
	// KindCredit grants the other side more bytes on a stream: four bytes, big endian.
	KindCredit Kind = 9
	// KindCancel ends a call or a stream from the client's side.
	KindCancel Kind = 10
)

const (
	headBytes = 4 + 1 + 4
	// MaxPayload bounds a frame: what is larger is sent in pieces.
	MaxPayload = 1 << 20
)

// ErrBadFrame is what a stream of bytes gives that is not ours. The connection ends; nothing else does.
var ErrBadFrame = errors.New("wire: not a frame")

// Frame is one message. ID names the call or stream; the client chooses it and never uses it twice. Hello has 0.
type Frame struct {
	Kind    Kind
	ID      uint32
	Payload []byte
}

// AppendFrame appends the bytes of a frame: length of what follows (4, big endian), kind (1), id (4), payload.
func AppendFrame(to []byte, f Frame) []byte {
	to = binary.BigEndian.AppendUint32(to, uint32(headBytes-4+len(f.Payload)))
	to = append(to, byte(f.Kind))
	to = binary.BigEndian.AppendUint32(to, f.ID)
	return append(to, f.Payload...)
}

// ReadFrame reads one frame. The payload is valid until the next call with the same buffer.
// A clean end between frames is io.EOF; within one it is io.ErrUnexpectedEOF.
func ReadFrame(from io.Reader, buffer *[]byte) (Frame, error) {
	var head [headBytes]byte
	if _, err := io.ReadFull(from, head[:]); err != nil {
		return Frame{}, err
	}
	length := binary.BigEndian.Uint32(head[:4])
	kind := Kind(head[4])
	if length < headBytes-4 || length-(headBytes-4) > MaxPayload || kind < KindHello || kind > KindCancel {
		return Frame{}, ErrBadFrame
	}
	size := int(length) - (headBytes - 4)
	if cap(*buffer) < size {
		*buffer = make([]byte, size)
	}
	payload := (*buffer)[:size]
	if _, err := io.ReadFull(from, payload); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return Frame{}, err
	}
	return Frame{Kind: kind, ID: binary.BigEndian.Uint32(head[5:]), Payload: payload}, nil
}

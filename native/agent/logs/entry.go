// Package logs reads what the engine's json-file and local log drivers wrote, and gives it as the Engine API's
// GET /containers/{id}/logs would: byte for byte, without the engine.
package logs

import (
	"bytes"
	"errors"
	"unicode/utf16"
	"unicode/utf8"
)

// Entry is one message as the driver keeps it. Its slices are valid until the next one is read.
type Entry struct {
	// What the container wrote, with its newline; a long line is several entries of 16 KiB.
	Line     []byte
	IsStderr bool
	// Nanoseconds since the epoch.
	TimeNs int64
}

var errBadEntry = errors.New("logs: not an entry")

// parseJSON reads one line of a json-file: {"log":"…","stream":"stdout","attrs":{…},"time":"…"}. The driver writes
// the keys in this order; a line of another shape goes the slow way.
func parseJSON(raw []byte, into *Entry, scratch *[]byte) error {
	const first = `{"log":"`
	if len(raw) < len(first) || string(raw[:len(first)]) != first {
		return parseAnyJSON(raw, into, scratch)
	}
	rest, err := unescape(raw[len(first):], into, scratch)
	if err != nil {
		return err
	}
	const second = `,"stream":"`
	if !bytes.HasPrefix(rest, []byte(second)) {
		return parseAnyJSON(raw, into, scratch)
	}
	rest = rest[len(second):]
	switch {
	case bytes.HasPrefix(rest, []byte(`stdout"`)):
		into.IsStderr = false
	case bytes.HasPrefix(rest, []byte(`stderr"`)):
		into.IsStderr = true
	default:
		return parseAnyJSON(raw, into, scratch)
	}
	const last = `,"time":"`
	rest = rest[len(`stdout"`):]
	if !bytes.HasPrefix(rest, []byte(last)) {
		return parseAnyJSON(raw, into, scratch)
	}
	timeNs, ok := parseTime(rest[len(last):])
	if !ok {
		return errBadEntry
	}
	into.TimeNs = timeNs
	return nil
}

// unescape reads a JSON string up to its quote. Nearly all lines have one escape, the newline at their end.
func unescape(raw []byte, into *Entry, scratch *[]byte) (rest []byte, err error) {
	out := (*scratch)[:0]
	for {
		quote := bytes.IndexByte(raw, '"')
		if quote < 0 {
			return nil, errBadEntry
		}
		slash := bytes.IndexByte(raw[:quote], '\\')
		if slash < 0 {
			out = append(out, raw[:quote]...)
			*scratch = out
			into.Line = out
			return raw[quote+1:], nil
		}
		out = append(out, raw[:slash]...)
		out, raw, err = appendEscape(out, raw[slash+1:])
		if err != nil {
			return nil, err
		}
	}
}

func appendEscape(out, raw []byte) (added, rest []byte, err error) {
	if len(raw) == 0 {
		return nil, nil, errBadEntry
	}
	switch raw[0] {
	case 'n':
		return append(out, '\n'), raw[1:], nil
	case 't':
		return append(out, '\t'), raw[1:], nil
	case 'r':
		return append(out, '\r'), raw[1:], nil
	case 'b':
		return append(out, '\b'), raw[1:], nil
	case 'f':
		return append(out, '\f'), raw[1:], nil
	case '"', '\\', '/':
		return append(out, raw[0]), raw[1:], nil
	case 'u':
		return appendUnicode(out, raw[1:])
	default:
		return nil, nil, errBadEntry
	}
}

func appendUnicode(out, raw []byte) (added, rest []byte, err error) {
	one, ok := hex4(raw)
	if !ok {
		return nil, nil, errBadEntry
	}
	raw = raw[4:]
	if utf16.IsSurrogate(one) {
		if len(raw) >= 6 && raw[0] == '\\' && raw[1] == 'u' {
			if two, ok := hex4(raw[2:]); ok {
				if pair := utf16.DecodeRune(one, two); pair != utf8.RuneError {
					return utf8.AppendRune(out, pair), raw[6:], nil
				}
			}
		}
		one = utf8.RuneError
	}
	return utf8.AppendRune(out, one), raw, nil
}

func hex4(raw []byte) (rune, bool) {
	if len(raw) < 4 {
		return 0, false
	}
	value := rune(0)
	for _, c := range raw[:4] {
		switch {
		case c >= '0' && c <= '9':
			value = value<<4 | rune(c-'0')
		case c >= 'a' && c <= 'f':
			value = value<<4 | rune(c-'a'+10)
		case c >= 'A' && c <= 'F':
			value = value<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	return value, true
}

package logs

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
)

// A line of 16 KiB in which every byte is escaped to six, with attributes: far below this. What is longer is damage.
const maxRaw = 8 << 20

// scanner cuts a file into raw entries. At the end of what is written so far it gives io.EOF and goes on from
// there when it is asked again: an entry that is half written waits for its rest.
type scanner struct {
	from       io.Reader
	buffer     []byte
	start, end int
	isLocal    bool
	// Whose end ends the scan; nil: nobody's.
	ctx context.Context
	// How far from `start` no newline was found.
	seen int
}

func newScanner(from io.Reader, as format) *scanner {
	return &scanner{from: from, isLocal: as.isLocal, buffer: make([]byte, 256*1024)}
}

// next gives one raw entry, valid until the next call.
func (s *scanner) next() ([]byte, error) {
	for {
		raw, size, err := s.cut()
		if err != nil {
			return nil, err
		}
		if size > 0 {
			s.start += size
			s.seen = 0
			return raw, nil
		}
		if err := s.fill(); err != nil {
			return nil, err
		}
	}
}

// cut finds one whole entry in the buffer; size 0 says that more is needed.
func (s *scanner) cut() (raw []byte, size int, err error) {
	have := s.buffer[s.start:s.end]
	if !s.isLocal {
		at := bytes.IndexByte(have[s.seen:], '\n')
		if at < 0 {
			s.seen = len(have)
			return nil, 0, nil
		}
		at += s.seen
		return have[:at], at + 1, nil
	}
	if len(have) < sizeBytes {
		return nil, 0, nil
	}
	body := int(binary.BigEndian.Uint32(have))
	if body > maxLocalEntry {
		return nil, 0, errBadEntry
	}
	if len(have) < body+2*sizeBytes {
		return nil, 0, nil
	}
	if int(binary.BigEndian.Uint32(have[sizeBytes+body:])) != body {
		return nil, 0, errBadEntry
	}
	return have[sizeBytes : sizeBytes+body], body + 2*sizeBytes, nil
}

func (s *scanner) fill() error {
	if s.start > 0 {
		copy(s.buffer, s.buffer[s.start:s.end])
		s.end -= s.start
		s.start = 0
	}
	if s.end == len(s.buffer) {
		if len(s.buffer) >= maxRaw {
			return errBadEntry
		}
		s.buffer = append(s.buffer, make([]byte, len(s.buffer))...)
	}
	// A log has gigabytes, and who asked for it may have gone without a word: nothing is sent where nothing matches.
	if s.ctx != nil && s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	n, err := s.from.Read(s.buffer[s.end:])
	s.end += n
	if n > 0 {
		return nil
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

func parse(as format, raw []byte, into *Entry, scratch *[]byte) error {
	if as.isLocal {
		return parseLocal(raw, into, scratch, as.dropsNewline)
	}
	return parseJSON(raw, into, scratch)
}

package logs

import (
	"encoding/binary"
)

// The local driver's file: for each entry its size (4 bytes, big endian), a protobuf message, and the size again,
// so that it can be read from either end. Source: moby daemon/logger/local and api/types/plugins/logdriver/entry.proto.
const sizeBytes = 4

// maxLocalEntry bounds what a damaged size can make us read: the engine splits lines at 16 KiB and adds attributes.
const maxLocalEntry = 4 << 20

// parseLocal reads LogEntry {1: source, 2: time_nano, 3: line, 4: partial, 5: partial_log_metadata {1: last}}.
func parseLocal(raw []byte, into *Entry, scratch *[]byte, dropsNewline bool) error {
	*into = Entry{}
	isPartial, isLast := false, false
	line := []byte(nil)
	for len(raw) > 0 {
		field, wire, rest, err := tag(raw)
		if err != nil {
			return err
		}
		var value uint64
		var body []byte
		value, body, raw, err = payload(wire, rest)
		if err != nil {
			return err
		}
		switch field {
		case 1:
			into.IsStderr = string(body) == "stderr"
		case 2:
			into.TimeNs = int64(value)
		case 3:
			line = body
		case 4:
			isPartial = value != 0
		case 5:
			isLast = lastOf(body)
		}
	}
	*scratch = append((*scratch)[:0], line...)
	// The newline was cut off when it was written; of a long line only the last piece had one.
	if !isPartial || isLast && !dropsNewline {
		*scratch = append(*scratch, '\n')
	}
	into.Line = *scratch
	return nil
}

// lastOf reads PartialLogEntryMetadata.last.
func lastOf(raw []byte) bool {
	for len(raw) > 0 {
		field, wire, rest, err := tag(raw)
		if err != nil {
			return false
		}
		var value uint64
		value, _, raw, err = payload(wire, rest)
		if err != nil {
			return false
		}
		if field == 1 {
			return value != 0
		}
	}
	return false
}

func tag(raw []byte) (field uint64, wire int, rest []byte, err error) {
	key, n := binary.Uvarint(raw)
	if n <= 0 {
		return 0, 0, nil, errBadEntry
	}
	return key >> 3, int(key & 7), raw[n:], nil
}

func payload(wire int, raw []byte) (value uint64, body, rest []byte, err error) {
	switch wire {
	case 0:
		value, n := binary.Uvarint(raw)
		if n <= 0 {
			return 0, nil, nil, errBadEntry
		}
		return value, nil, raw[n:], nil
	case 2:
		size, n := binary.Uvarint(raw)
		if n <= 0 || size > uint64(len(raw)-n) {
			return 0, nil, nil, errBadEntry
		}
		return 0, raw[n : n+int(size)], raw[n+int(size):], nil
	default:
		return 0, nil, nil, errBadEntry
	}
}

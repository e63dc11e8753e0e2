package logs

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"os"
)

// position is where reading begins: a segment and an offset of its plain bytes.
type position struct {
	segment int
	offset  int64
}

// tailOf finds the start of the last n entries. Plain files are read from their end, block by block.
func tailOf(ctx context.Context, all []segment, as format, n int) (position, error) {
	for i := len(all) - 1; i >= 0; i-- {
		count, offset, err := tailOfSegment(ctx, all[i], as, n)
		if err != nil {
			return position{}, err
		}
		if count == n {
			return position{i, offset}, nil
		}
		n -= count
	}
	return position{}, nil
}

func tailOfSegment(ctx context.Context, s segment, as format, n int) (count int, offset int64, err error) {
	if n == 0 {
		end, err := s.file.Seek(0, io.SeekEnd)
		return 0, end, err
	}
	switch {
	case s.isGzip:
		return tailForward(ctx, s, as, n)
	case as.isLocal:
		return tailLocal(ctx, s.file, as, n)
	default:
		return tailLines(s.file, n)
	}
}

// tailLines counts newlines backwards. What follows the last newline is being written and counts for nothing.
func tailLines(file *os.File, n int) (int, int64, error) {
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, 0, err
	}
	block := make([]byte, 64*1024)
	count := -1
	for at := end; at > 0; {
		size := int64(len(block))
		if at < size {
			size = at
		}
		at -= size
		have := block[:size]
		if _, err := file.ReadAt(have, at); err != nil && err != io.EOF {
			return 0, 0, err
		}
		for i := bytes.LastIndexByte(have, '\n'); i >= 0; i = bytes.LastIndexByte(have[:i], '\n') {
			count++
			if count == n {
				return n, at + int64(i) + 1, nil
			}
		}
	}
	// The first line has no newline before it.
	return count + 1, 0, nil
}

// tailLocal steps backwards over the sizes at the entries' ends; a half written end is found from the front.
func tailLocal(ctx context.Context, file *os.File, as format, n int) (int, int64, error) {
	at, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, 0, err
	}
	var size [sizeBytes]byte
	for count := 0; ; count++ {
		if at == 0 || count == n {
			return count, at, nil
		}
		if at < 2*sizeBytes {
			return tailForward(ctx, segment{file: file}, as, n)
		}
		if _, err := file.ReadAt(size[:], at-sizeBytes); err != nil {
			return 0, 0, err
		}
		start := at - 2*sizeBytes - int64(binary.BigEndian.Uint32(size[:]))
		if start < 0 {
			return tailForward(ctx, segment{file: file}, as, n)
		}
		var first [sizeBytes]byte
		if _, err := file.ReadAt(first[:], start); err != nil {
			return 0, 0, err
		}
		if first != size {
			return tailForward(ctx, segment{file: file}, as, n)
		}
		at = start
	}
}

// tailForward reads a whole segment and keeps the offsets of the last n entries.
func tailForward(ctx context.Context, s segment, as format, n int) (int, int64, error) {
	from, err := s.reader(0)
	if err != nil {
		return 0, 0, err
	}
	scan := newScanner(from, as)
	scan.ctx = ctx
	starts := []int64{}
	at := int64(0)
	for {
		raw, err := scan.next()
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		}
		if err != nil {
			return 0, 0, err
		}
		starts = append(starts, at)
		at += rawBytes(raw, as)
		if len(starts) > 2*n {
			starts = append(starts[:0], starts[len(starts)-n:]...)
		}
	}
	if len(starts) > n {
		starts = starts[len(starts)-n:]
	}
	if len(starts) == 0 {
		return 0, at, nil
	}
	return len(starts), starts[0], nil
}

func rawBytes(raw []byte, as format) int64 {
	if as.isLocal {
		return int64(len(raw)) + 2*sizeBytes
	}
	return int64(len(raw)) + 1
}

// sinceOf finds the first entry that is not before a time. The engine writes in the order of time; where the
// clock was set back meanwhile, what is found is near. Segments that are compressed or local are read through.
func sinceOf(all []segment, as format, sinceNs int64) (position, error) {
	for i := len(all) - 1; i >= 0; i-- {
		first, hasFirst, err := firstTime(all[i], as)
		if err != nil {
			return position{}, err
		}
		if !hasFirst || first >= sinceNs && i > 0 {
			continue
		}
		if as.isLocal || all[i].isGzip {
			return position{i, 0}, nil
		}
		offset, err := sinceLine(all[i].file, sinceNs)
		return position{i, offset}, err
	}
	return position{}, nil
}

func firstTime(s segment, as format) (ns int64, isThere bool, err error) {
	from, err := s.reader(0)
	if err != nil {
		return 0, false, err
	}
	raw, err := newScanner(from, as).next()
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	var entry Entry
	var scratch []byte
	if err := parse(as, raw, &entry, &scratch); err != nil {
		return 0, false, err
	}
	return entry.TimeNs, true, nil
}

// sinceLine halves the file: each probe reads the first whole line after its offset.
func sinceLine(file *os.File, sinceNs int64) (int64, error) {
	end, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return 0, err
	}
	low, high := int64(0), end
	for high-low > 64*1024 {
		middle := low + (high-low)/2
		start, timeNs, isThere, err := lineAfter(file, middle, end)
		if err != nil {
			return 0, err
		}
		if !isThere || timeNs >= sinceNs {
			high = middle
		} else {
			low = start
		}
	}
	return low, nil
}

func lineAfter(file *os.File, offset, end int64) (start, timeNs int64, isThere bool, err error) {
	scan := newScanner(io.NewSectionReader(file, offset, end-offset), format{})
	cut, err := scan.next()
	if err == io.EOF {
		return 0, 0, false, nil
	}
	if err != nil {
		return 0, 0, false, err
	}
	start = offset + rawBytes(cut, format{})
	raw, err := scan.next()
	if err == io.EOF {
		return 0, 0, false, nil
	}
	if err != nil {
		return 0, 0, false, err
	}
	var entry Entry
	var scratch []byte
	if err := parseJSON(raw, &entry, &scratch); err != nil {
		return 0, 0, false, err
	}
	return start, entry.TimeNs, true, nil
}

package logs

import (
	"encoding/binary"
	"encoding/json"
	"io"
	"math"

	"slipway/agent/wire"
)

// ReadArgs are those of GET /containers/{id}/logs.
type ReadArgs struct {
	Source
	// The container has a TTY: its output has no 8-byte heads.
	IsTTY      bool `json:"isTty"`
	Stdout     bool `json:"stdout"`
	Stderr     bool `json:"stderr"`
	Timestamps bool `json:"timestamps"`
	// The last so many entries; absent: all.
	Tail *int `json:"tail"`
	// Nanoseconds since the epoch as decimal text; absent: from the start, to the end.
	SinceNs int64 `json:"sinceNs,string"`
	UntilNs int64 `json:"untilNs,string"`
	// Goes on with what is written until the client ends its side: the container has stopped then.
	Follow bool `json:"follow"`
}

// Read serves `logs.read`: the body that the Engine API would answer with.
func Read(hostRoot string) wire.Open {
	return func(s *wire.Stream, raw json.RawMessage) error {
		args := ReadArgs{Stdout: true, Stderr: true, UntilNs: math.MaxInt64}
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return err
		}
		path, err := args.path(hostRoot)
		if err != nil {
			return err
		}
		all, err := openSegments(path)
		if err != nil {
			return err
		}
		r := &read{args: args, stream: s, path: path, all: all}
		defer func() { closeAll(r.all) }()
		return r.run()
	}
}

type read struct {
	args    ReadArgs
	stream  *wire.Stream
	path    string
	all     []segment
	out     []byte
	entry   Entry
	scratch []byte
}

// outBytes leave together: with one more entry, as most are, it is one data frame.
const outBytes = 60 * 1024

func (r *read) run() error {
	var watcher *watcher
	if r.args.Follow {
		// Before the first read: what is written between the last read and the watch would wait for the next line.
		var err error
		if watcher, err = watch(r.path); err != nil {
			return err
		}
		defer watcher.close()
	}
	at, err := r.start()
	if err != nil {
		return err
	}
	for i := at.segment; i < len(r.all); i++ {
		offset := int64(0)
		if i == at.segment {
			offset = at.offset
		}
		from, err := r.all[i].reader(offset)
		if err != nil {
			return err
		}
		scan := newScanner(from, r.args.format())
		if isOver, err := r.drain(scan); isOver || err != nil {
			return r.finish(err)
		}
		if i == len(r.all)-1 && r.args.Follow {
			return r.finish(r.follow(scan, watcher))
		}
	}
	return r.flush()
}

func (r *read) start() (position, error) {
	if r.args.Tail != nil && *r.args.Tail >= 0 {
		return tailOf(r.stream.Context(), r.all, r.args.format(), *r.args.Tail)
	}
	if r.args.SinceNs > 0 {
		return sinceOf(r.all, r.args.format(), r.args.SinceNs)
	}
	return position{}, nil
}

func (r *read) finish(err error) error {
	if err != nil {
		return err
	}
	return r.flush()
}

// drain sends all whole entries that are there; isOver when an entry is past `until`.
func (r *read) drain(scan *scanner) (isOver bool, err error) {
	scan.ctx = r.stream.Context()
	for {
		raw, err := scan.next()
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return false, nil
		}
		if err == nil {
			err = parse(r.args.format(), raw, &r.entry, &r.scratch)
		}
		if err == errBadEntry {
			return false, wire.Errorf("engine.bad-answer", "The log file is damaged").With("path", r.path)
		}
		if err != nil {
			return false, err
		}
		if r.entry.TimeNs > r.args.UntilNs {
			return true, nil
		}
		if err := r.put(); err != nil {
			return false, err
		}
	}
}

func (r *read) put() error {
	e := &r.entry
	if e.TimeNs < r.args.SinceNs || e.IsStderr && !r.args.Stderr || !e.IsStderr && !r.args.Stdout {
		return nil
	}
	head := len(r.out)
	if !r.args.IsTTY {
		source := byte(1)
		if e.IsStderr {
			source = 2
		}
		r.out = append(r.out, source, 0, 0, 0, 0, 0, 0, 0)
	}
	body := len(r.out)
	if r.args.Timestamps {
		r.out = appendTime(r.out, e.TimeNs)
	}
	r.out = append(r.out, e.Line...)
	if !r.args.IsTTY {
		binary.BigEndian.PutUint32(r.out[head+4:], uint32(len(r.out)-body))
	}
	if len(r.out) < outBytes {
		return nil
	}
	return r.flush()
}

func (r *read) flush() error {
	if len(r.out) == 0 {
		return nil
	}
	err := r.stream.Send(r.out)
	r.out = r.out[:0]
	return err
}

package files

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"sort"
	"syscall"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

const (
	// A folder with more is a trap, or nobody's to look at in a window.
	maxNames = 1_000_000
	// Entries that leave together.
	batchEntries = 500
	listTime     = 20 * time.Second
)

type listArgs struct {
	Where
	Limit int `json:"limit"`
}

type listHead struct {
	Path       string `json:"path"`
	Total      int    `json:"total"`
	IsReadOnly bool   `json:"isReadOnly"`
	IsKernel   bool   `json:"isKernel"`
}

// List serves `files.list`: first {path, total, isReadOnly, isKernel}, then arrays of entries, names in order.
func (r Roots) List(s *wire.Stream, raw json.RawMessage) error {
	args := listArgs{Limit: 20_000}
	if err := wire.DecodeArgs(raw, &args); err != nil {
		return err
	}
	return r.holding(args.Where, func(p *place, held *os.File, real string) error {
		return p.list(s, args, held, real)
	})
}

func (p *place) list(s *wire.Stream, args listArgs, held *os.File, real string) error {
	dir, err := reopen(held, os.O_RDONLY|syscall.O_DIRECTORY)
	if err != nil {
		return told(err, p.path)
	}
	defer dir.Close()
	names, err := namesIn(dir)
	if err != nil {
		return told(err, p.path)
	}
	shown, _ := Escape(real)
	magic, isReadOnly := fileSystem(dir)
	// A container that does not run is shown by a read-only mount of ours: that says nothing of it.
	isStopped := args.Container != "" && args.Pid == 0
	head := listHead{shown, len(names), isReadOnly && !isStopped, kernelSystems[magic]}
	if args.Volume != "" {
		head.IsReadOnly = false
	}
	if err := s.SendMessage(head); err != nil {
		return err
	}
	if len(names) > args.Limit {
		names = names[:args.Limit]
	}
	return p.sendEntries(s, dir, real, names)
}

func (p *place) sendEntries(s *wire.Stream, dir *os.File, real string, names []string) error {
	until := time.Now().Add(listTime)
	batch := make([]*Entry, 0, batchEntries)
	for i, name := range names {
		entry, err := p.entry(dir, real, name)
		if err == nil {
			batch = append(batch, entry)
		} else if !isGone(err) && err != syscall.EACCES {
			return told(err, join(real, name))
		}
		if isLast := i == len(names)-1; len(batch) == 0 || len(batch) < batchEntries && !isLast {
			continue
		}
		if err := s.SendMessage(batch); err != nil {
			return err
		}
		batch = batch[:0]
		if time.Now().After(until) {
			return s.SendMessage(map[string]string{"cut": "time"})
		}
	}
	if len(batch) > 0 {
		return s.SendMessage(batch)
	}
	return nil
}

// reopen opens what is held, not its name: what was put there meanwhile is another file.
func reopen(held *os.File, flags int) (*os.File, error) {
	return rooted.Reopen(held, flags)
}

func namesIn(dir *os.File) ([]string, error) {
	names := []string{}
	for len(names) < maxNames {
		some, err := dir.Readdirnames(10_000)
		names = append(names, some...)
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
	}
	sort.Strings(names)
	return names, nil
}

type statReply struct {
	Path    string `json:"path"`
	Entry   *Entry `json:"entry"`
	Version string `json:"version"`
}

// Stat serves `files.stat`: {path, entry, version}; a last link is not followed.
func (r Roots) Stat(_ context.Context, raw json.RawMessage) (any, error) {
	var where Where
	if err := wire.DecodeArgs(raw, &where); err != nil {
		return nil, err
	}
	p, err := r.open(where, false)
	if err != nil {
		return nil, err
	}
	defer p.close()
	return p.stat(p.path)
}

func (p *place) stat(name string) (*statReply, error) {
	if isRootName(name) {
		held, real, err := p.hold(name)
		if err != nil {
			return nil, err
		}
		defer held.Close()
		st, err := rooted.StatAt(held, "")
		if err != nil {
			return nil, told(err, name)
		}
		shown, _ := Escape(real)
		return &statReply{shown, &Entry{name: "", stat: st}, version(st)}, nil
	}
	dir, real, base, err := p.parent(name)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	entry, err := p.entry(dir, real, base)
	if err != nil {
		return nil, told(err, name)
	}
	shown, _ := Escape(join(real, base))
	return &statReply{shown, entry, version(entry.stat)}, nil
}

// isRootName tells paths whose last part is no name: the root itself, or ways to it.
func isRootName(name string) bool {
	for len(name) > 1 && name[len(name)-1] == '/' {
		name = name[:len(name)-1]
	}
	base := name[lastSlash(name)+1:]
	return base == "" || base == "." || base == ".."
}

func lastSlash(name string) int {
	for i := len(name) - 1; i >= 0; i-- {
		if name[i] == '/' {
			return i
		}
	}
	return -1
}

package files

import (
	"container/heap"
	"context"
	"encoding/json"
	"os"
	"sort"
	"syscall"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

const (
	// As many as core asks for, and some more.
	maxListed = 50_000
	// A folder with more is a trap: what is over it is not counted.
	maxNames = 5_000_000
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
	if args.Limit < 0 || args.Limit > maxListed {
		return wire.BadArgs("limit is not between 0 and %d", maxListed)
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
	names, total, err := firstNames(dir, args.Limit)
	if err != nil {
		return told(err, p.path)
	}
	shown, _ := Escape(real)
	magic, isReadOnly := fileSystem(dir)
	// A container that does not run is shown by a read-only mount of ours: that says nothing of it.
	isStopped := args.Container != "" && args.Pid == 0
	head := listHead{shown, total, isReadOnly && !isStopped, kernelSystems[magic]}
	if args.Volume != "" {
		head.IsReadOnly = false
	}
	if err := s.SendMessage(head); err != nil {
		return err
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

// firstNames gives the names that come first in order, and how many there are. No more are held than are given.
func firstNames(dir *os.File, limit int) (names []string, total int, err error) {
	kept := lastFirst{}
	for total < maxNames {
		some, err := rooted.NextNames(dir, 0)
		if err != nil {
			return nil, 0, err
		}
		if len(some) == 0 {
			break
		}
		total += len(some)
		for _, name := range some {
			if len(kept) < limit {
				heap.Push(&kept, name)
			} else if limit > 0 && name < kept[0] {
				kept[0] = name
				heap.Fix(&kept, 0)
			}
		}
	}
	sort.Strings(kept)
	return kept, total, nil
}

// lastFirst is a heap of names with the last one in order on top.
type lastFirst []string

func (l lastFirst) Len() int           { return len(l) }
func (l lastFirst) Less(a, b int) bool { return l[a] > l[b] }
func (l lastFirst) Swap(a, b int)      { l[a], l[b] = l[b], l[a] }
func (l *lastFirst) Push(name any)     { *l = append(*l, name.(string)) }
func (l *lastFirst) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
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

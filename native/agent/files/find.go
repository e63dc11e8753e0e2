package files

import (
	"encoding/json"
	"os"
	"strings"
	"syscall"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

const (
	findTime = 60 * time.Second
	tellTime = 200 * time.Millisecond
)

type findArgs struct {
	Where
	Name  string `json:"name"`
	Limit int    `json:"limit"`
}

type findItem struct {
	// [path, kind, bytes]
	Found  [][3]any `json:"found"`
	Looked int      `json:"looked"`
	IsDone bool     `json:"isDone,omitempty"`
	Cut    string   `json:"cut,omitempty"`
}

// Find serves `files.find`: names below a folder that hold a text, whatever the case, with how many were looked at.
func (r Roots) Find(s *wire.Stream, raw json.RawMessage) error {
	args := findArgs{Limit: 1000}
	if err := wire.DecodeArgs(raw, &args); err != nil {
		return err
	}
	return r.holding(args.Where, func(p *place, held *os.File, real string) error {
		return p.find(s, args, held, real)
	})
}

func (p *place) find(s *wire.Stream, args findArgs, held *os.File, real string) error {
	top, err := reopen(held, os.O_RDONLY|syscall.O_DIRECTORY)
	if err != nil {
		return told(err, p.path)
	}
	if isKernels(top) {
		top.Close()
		return refused("kernel", p.path)
	}
	wanted := strings.ToLower(args.Name)
	item := findItem{Found: [][3]any{}}
	count, toldAt := 0, time.Now()
	w := &walk{ctx: s.Context(), until: time.Now().Add(findTime)}
	w.visit = func(_ *os.File, name, path string, st *rooted.Stat) error {
		item.Looked++
		if text, _ := Escape(name); strings.Contains(strings.ToLower(text), wanted) {
			if count >= args.Limit {
				item.Cut, w.isCut = "count", true
				return nil
			}
			count++
			full, _ := Escape(join(real, path))
			item.Found = append(item.Found, [3]any{full, kindOf(st), sizeOf(st)})
		}
		if time.Since(toldAt) < tellTime && len(item.Found) < batchEntries {
			return nil
		}
		toldAt = time.Now()
		err := s.SendMessage(item)
		item.Found = [][3]any{}
		return err
	}
	// The rest is looked at all the same; that something was not is told at the end.
	var missed error
	w.miss = func(path string, err error) error {
		if missed == nil {
			missed = told(err, join(real, path))
		}
		return nil
	}
	if err := w.folder(top, "", 0); err != nil {
		return err
	}
	if w.isCut && item.Cut == "" {
		item.Cut = "time"
	}
	item.IsDone = true
	if err := s.SendMessage(item); err != nil {
		return err
	}
	return missed
}

func sizeOf(st *rooted.Stat) int64 {
	if st.Kind() == syscall.S_IFREG {
		return st.Size
	}
	return 0
}

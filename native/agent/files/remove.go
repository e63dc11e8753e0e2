package files

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"strconv"
	"syscall"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

const (
	planTime = 15 * time.Second
	// Nobody sees the look before a removal: whoever asked may end it, and a slow disk must not hide a mount.
	lookTime = 24 * time.Hour
	// Below this a folder is moved up before it is emptied: no tree is too deep, and few descriptors are held.
	removeDepth = 200
)

// Plan is what removing would take.
type Plan struct {
	Files     int      `json:"files"`
	Folders   int      `json:"folders"`
	SizeBytes int64    `json:"sizeBytes"`
	IsCut     bool     `json:"isCut"`
	Mounts    []string `json:"mounts"`
	// What could not be looked at: more may be mounted there than is told.
	missed error
}

// RemovalPlan serves `files.removalPlan`.
func (r Roots) RemovalPlan(ctx context.Context, raw json.RawMessage) (any, error) {
	var where Where
	if err := wire.DecodeArgs(raw, &where); err != nil {
		return nil, err
	}
	p, err := r.open(where, false)
	if err != nil {
		return nil, err
	}
	defer p.close()
	dir, real, base, err := p.parent(p.path)
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	plan, _, err := planOf(ctx, dir, base, join(real, base), time.Now().Add(planTime))
	return plan, err
}

// planOf counts what is there. It is not whole when it ended early: more may be mounted than it tells.
func planOf(ctx context.Context, dir *os.File, base, real string, until time.Time) (plan *Plan, isWhole bool, err error) {
	plan = &Plan{Mounts: []string{}}
	st, err := rooted.StatAt(dir, base)
	if err != nil {
		return nil, false, told(err, real)
	}
	count := func(st *rooted.Stat) {
		if st.Kind() == syscall.S_IFDIR {
			plan.Folders++
			return
		}
		plan.Files++
		plan.SizeBytes += sizeOf(st)
	}
	tell := func(path string) {
		shown, _ := Escape(path)
		plan.Mounts = append(plan.Mounts, shown)
	}
	count(st)
	if st.IsMount {
		tell(real)
		return plan, true, nil
	}
	if st.Kind() != syscall.S_IFDIR {
		return plan, true, nil
	}
	top, err := rooted.OpenAt(dir, base, os.O_RDONLY|syscall.O_DIRECTORY, true)
	if err != nil {
		return nil, false, told(err, real)
	}
	w := &walk{ctx: ctx, until: until, isSameMount: true}
	w.visit = func(_ *os.File, _, _ string, st *rooted.Stat) error {
		count(st)
		return nil
	}
	w.miss = func(path string, err error) error {
		plan.missed = told(err, join(real, path))
		return nil
	}
	if err := w.folder(top, "", 0); err != nil {
		return nil, false, err
	}
	for _, path := range w.mounts {
		tell(join(real, path))
	}
	plan.IsCut = w.isCut || w.isDeep || plan.missed != nil
	return plan, !w.isCut, nil
}

// Remove serves `files.remove`: {removed}. Nothing that is mounted inside is touched: then nothing is removed.
func (r Roots) Remove(ctx context.Context, raw json.RawMessage) (any, error) {
	return r.remove(ctx, raw, time.Now().Add(lookTime))
}

// remove looks for mounts until then, and removes nothing where it could not look at all.
func (r Roots) remove(ctx context.Context, raw json.RawMessage, until time.Time) (any, error) {
	removed := 0
	return r.change(func(p *place, _ changeArgs, dir *os.File, base string) (any, error) {
		plan, isWhole, err := planOf(ctx, dir, base, p.path, until)
		if err != nil {
			return nil, err
		}
		if len(plan.Mounts) > 0 {
			return nil, refused("mount", p.path)
		}
		if plan.missed != nil {
			return nil, plan.missed
		}
		if !isWhole {
			return nil, refused("too-long", p.path)
		}
		rm := &removal{ctx: ctx, count: &removed, still: p.still}
		if err := rm.name(dir, base, nil, 0); err != nil {
			return nil, err
		}
		return map[string]int{"removed": removed}, nil
	})(ctx, raw)
}

type removal struct {
	ctx   context.Context
	count *int
	moved int
	still func() error
}

// Names that are removed between two looks at whether they still may be.
const stillEvery = 256

// name removes one name; `top` is the folder at which the removal began.
func (r *removal) name(dir *os.File, name string, top *os.File, depth int) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	if *r.count%stillEvery == 0 {
		if err := r.still(); err != nil {
			return err
		}
	}
	err := rooted.Remove(dir, name, false)
	if err == syscall.ENOENT {
		return nil
	}
	if err != syscall.EISDIR && err != syscall.EPERM {
		return r.counted(err)
	}
	if err := rooted.Remove(dir, name, true); err != syscall.ENOTEMPTY && err != syscall.EEXIST {
		return r.counted(err)
	}
	if depth >= removeDepth && top != nil {
		r.moved++
		return rooted.Rename(dir, name, top, ".slipway-removed-"+strconv.Itoa(r.moved), false)
	}
	inner, err := rooted.OpenAt(dir, name, os.O_RDONLY|syscall.O_DIRECTORY, true)
	if err != nil {
		return err
	}
	if top == nil {
		top = inner
	}
	if err := r.inside(inner, top, depth); err != nil {
		return err
	}
	return r.counted(rooted.Remove(dir, name, true))
}

// inside empties an open folder and closes it. What is added meanwhile is removed too, but not for ever.
func (r *removal) inside(dir, top *os.File, depth int) error {
	defer dir.Close()
	for round := 0; round < 1000; round++ {
		if _, err := dir.Seek(0, io.SeekStart); err != nil {
			return err
		}
		isEmpty := true
		for {
			names, err := rooted.NextNames(dir, depth)
			if err != nil {
				return err
			}
			if len(names) == 0 {
				break
			}
			isEmpty = false
			for _, name := range names {
				if err := r.name(dir, name, top, depth+1); err != nil {
					return err
				}
			}
		}
		if isEmpty {
			return nil
		}
	}
	return syscall.ENOTEMPTY
}

func (r *removal) counted(err error) error {
	if err == nil {
		*r.count++
	}
	return err
}

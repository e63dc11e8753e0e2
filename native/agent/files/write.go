package files

import (
	"encoding/json"
	"io"
	"os"
	"path"
	"syscall"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

type writeArgs struct {
	Where
	// The state that the writer has seen; empty: whatever is there.
	Version string `json:"version"`
}

// Write serves `files.write`: bytes come up and then the end; {version} of the new file goes down. Mode, owner and
// attributes stay. The file is replaced in one step, but for files that are mounted or have more than one name:
// these are written over, once all bytes are here.
func (r Roots) Write(s *wire.Stream, raw json.RawMessage) error {
	var args writeArgs
	if err := wire.DecodeArgs(raw, &args); err != nil {
		return err
	}
	p, err := r.open(args.Where, true)
	if err != nil {
		return err
	}
	defer p.close()
	target, err := p.target(p.path)
	if err != nil {
		return err
	}
	defer target.close()
	if err := target.check(args.Version); err != nil {
		return err
	}
	d, err := newDraft(target.dir, p.still)
	if err != nil {
		return told(err, p.path)
	}
	defer d.drop()
	if err := receive(s, d); err != nil {
		return told(err, p.path)
	}
	st, err := target.replace(d, args.Version)
	if err != nil {
		return told(err, p.path)
	}
	return s.SendMessage(map[string]string{"version": version(st)})
}

func receive(s *wire.Stream, d *draft) error {
	for {
		item, err := s.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := d.write(item.Data); err != nil {
			return err
		}
	}
}

// target is the file to be written: what is there now, if anything, and the folder and name of that itself.
type target struct {
	dir  *os.File
	base string
	path string
	// Absent for a new file.
	held *os.File
	stat *rooted.Stat
}

func (t *target) close() {
	t.dir.Close()
	if t.held != nil {
		t.held.Close()
	}
}

// target follows links inside the root: what they lead to is written, not they.
func (p *place) target(name string) (*target, error) {
	if isRootName(name) {
		return nil, refused("not-a-file", name)
	}
	held, real, err := p.hold(name)
	if err != nil {
		if !isMissing(err) {
			return nil, err
		}
		dir, folder, base, err := p.parent(name)
		if err != nil {
			return nil, err
		}
		t := &target{dir: dir, base: base, path: join(folder, base)}
		if isKernels(dir) {
			t.close()
			return nil, refused("kernel", name)
		}
		if _, err := rooted.StatAt(dir, base); err == nil {
			// A link to nowhere: writing through it would make a file that nobody named.
			t.close()
			return nil, refused("link", name)
		}
		return t, nil
	}
	t := &target{base: path.Base(real), path: real, held: held}
	if t.stat, err = regular(held, real); err == nil && isKernels(held) {
		err = refused("kernel", real)
	}
	if err == nil {
		t.dir, _, err = p.hold(path.Dir(real))
	}
	if err != nil {
		held.Close()
		return nil, err
	}
	return t, nil
}

func isMissing(err error) bool {
	known, isKnown := err.(*wire.Error)
	return isKnown && known.Code == "object.not-found"
}

// check looks whether the file is as the writer has seen it.
func (t *target) check(seen string) error {
	if seen == "" {
		return nil
	}
	if t.held == nil {
		return changed(t.path)
	}
	// Through the name, not the descriptor: what replaced the file counts.
	now, err := rooted.StatAt(t.dir, t.base)
	if err != nil || version(now) != seen {
		return changed(t.path)
	}
	return nil
}

func (t *target) replace(d *draft, seen string) (*rooted.Stat, error) {
	if t.held == nil {
		around, err := rooted.StatAt(t.dir, "")
		if err != nil {
			return nil, err
		}
		if err := d.dress(around.Uid, around.Gid, 0o644); err != nil {
			return nil, err
		}
		if err := d.file.Sync(); err != nil {
			return nil, err
		}
		if err := d.become(t.base, false); err != nil {
			return nil, err
		}
		return rooted.StatAt(t.dir, t.base)
	}
	if err := t.check(seen); err != nil {
		return nil, err
	}
	if t.stat.IsMount || t.stat.Nlink > 1 {
		if err := d.pourInto(t.held); err != nil {
			return nil, err
		}
		return rooted.StatAt(t.held, "")
	}
	d.likeness(t.held)
	if err := d.dress(t.stat.Uid, t.stat.Gid, uint32(t.stat.Mode)); err != nil {
		return nil, err
	}
	if err := d.file.Sync(); err != nil {
		return nil, err
	}
	err := d.become(t.base, true)
	if err == syscall.EBUSY {
		// A kernel that does not tell mounts: this was one.
		err = d.pourInto(t.held)
	}
	if err != nil {
		return nil, err
	}
	return rooted.StatAt(t.dir, t.base)
}

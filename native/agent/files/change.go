package files

import (
	"context"
	"encoding/json"
	"os"
	"strconv"
	"syscall"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

type changeArgs struct {
	Where
	To   string `json:"to"`
	Mode uint32 `json:"mode"`
}

type done struct{}

// change serves a call that changes one name: the folder that it is in is held, and is no kernel file system's.
func (r Roots) change(do func(p *place, args changeArgs, dir *os.File, base string) (any, error)) wire.Call {
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		var args changeArgs
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return nil, err
		}
		p, err := r.open(args.Where, true)
		if err != nil {
			return nil, err
		}
		defer p.close()
		dir, _, base, err := p.parent(p.path)
		if err != nil {
			return nil, err
		}
		defer dir.Close()
		if isKernels(dir) {
			return nil, refused("kernel", p.path)
		}
		if err := p.still(); err != nil {
			return nil, err
		}
		reply, err := do(p, args, dir, base)
		return reply, told(err, p.path)
	}
}

// MakeFolder serves `files.makeFolder`. The folder belongs to whom the folder around it belongs to.
func (r Roots) MakeFolder() wire.Call {
	return r.change(func(_ *place, _ changeArgs, dir *os.File, base string) (any, error) {
		return done{}, makeFolder(dir, base)
	})
}

func makeFolder(dir *os.File, base string) error {
	around, err := rooted.StatAt(dir, "")
	if err != nil {
		return err
	}
	if err := syscall.Mkdirat(int(dir.Fd()), base, 0o755); err != nil {
		return err
	}
	made, err := rooted.OpenAt(dir, base, os.O_RDONLY|syscall.O_DIRECTORY, true)
	if err != nil {
		return err
	}
	defer made.Close()
	if err := syscall.Fchown(int(made.Fd()), int(around.Uid), int(around.Gid)); err != nil {
		return err
	}
	// The agent's own umask is nothing to the container.
	mode := uint32(0o755) | uint32(around.Mode)&syscall.S_ISGID
	return syscall.Fchmod(int(made.Fd()), mode)
}

// Rename serves `files.rename`: it never replaces what is there.
func (r Roots) Rename() wire.Call {
	return r.change(func(p *place, args changeArgs, dir *os.File, base string) (any, error) {
		name, isGood := Unescape(args.To)
		if !isGood {
			return nil, wire.BadArgs("%q is no path", args.To)
		}
		to, _, newBase, err := p.parent(name)
		if err != nil {
			return nil, err
		}
		defer to.Close()
		if isKernels(to) {
			return nil, refused("kernel", name)
		}
		if err := rooted.Rename(dir, base, to, newBase, false); err != nil {
			if err == syscall.EEXIST {
				return nil, taken(name)
			}
			if err == syscall.EINVAL {
				return nil, refused("into-itself", name)
			}
			return nil, err
		}
		return done{}, nil
	})
}

// Chmod serves `files.chmod`; a link has no mode of its own.
func (r Roots) Chmod() wire.Call {
	return r.change(func(p *place, args changeArgs, dir *os.File, base string) (any, error) {
		held, err := rooted.OpenAt(dir, base, rooted.OPath, false)
		if err != nil {
			return nil, err
		}
		defer held.Close()
		st, err := rooted.StatAt(held, "")
		if err != nil {
			return nil, err
		}
		if st.Kind() == syscall.S_IFLNK {
			return nil, refused("link", p.path)
		}
		if args.Mode > 0o7777 {
			return nil, wire.BadArgs("%o is no mode", args.Mode)
		}
		if isKernels(held) {
			return nil, refused("kernel", p.path)
		}
		return done{}, syscall.Chmod("/proc/self/fd/"+strconv.Itoa(int(held.Fd())), args.Mode)
	})
}

package files

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
	"syscall"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

const maxTold = 100

type uploadArgs struct {
	Where
	// fail, replace, skip, keep-both
	Conflict string `json:"conflict"`
}

// uploadItem is a folder, or a file whose bytes follow; `path` is below the target folder, escaped.
type uploadItem struct {
	Kind string  `json:"kind"`
	Path string  `json:"path"`
	Mode *uint32 `json:"mode"`
}

type uploadDone struct {
	Files        int      `json:"files"`
	SizeBytes    int64    `json:"sizeBytes"`
	Skipped      []string `json:"skipped"`
	SkippedCount int      `json:"skippedCount"`
}

// Upload serves `files.upload`: items and bytes come up, then the end; how much was written goes down. Links in the
// target are not followed. Each file appears whole, or not at all.
func (r Roots) Upload(s *wire.Stream, raw json.RawMessage) error {
	args := uploadArgs{Conflict: "fail"}
	if err := wire.DecodeArgs(raw, &args); err != nil {
		return err
	}
	p, err := r.open(args.Where, true)
	if err != nil {
		return err
	}
	defer p.close()
	dir, _, err := p.hold(p.path)
	if err != nil {
		return err
	}
	defer dir.Close()
	if isKernels(dir) {
		return refused("kernel", p.path)
	}
	u := &upload{
		dir: dir, conflict: args.Conflict, done: uploadDone{Skipped: []string{}}, renamed: map[string]string{}, still: p.still,
	}
	defer u.drop()
	if err := u.receive(s); err != nil {
		return told(err, u.path)
	}
	return s.SendMessage(u.done)
}

type upload struct {
	dir      *os.File
	conflict string
	done     uploadDone
	// Names at the top that were kept beside what was there.
	renamed map[string]string
	path    string
	// The file that is being written, and where; absent while bytes are skipped.
	draft  *draft
	folder *os.File
	base   string
	mode   uint32
	// Asked before anything appears.
	still func() error
}

func (u *upload) receive(s *wire.Stream) error {
	for {
		item, err := s.Recv()
		if err == io.EOF {
			return u.finish()
		}
		if err != nil {
			return err
		}
		if item.Message == nil {
			if u.draft != nil {
				if err := u.draft.write(item.Data); err != nil {
					return err
				}
			}
			continue
		}
		if err := u.finish(); err != nil {
			return err
		}
		if err := u.begin(item.Message); err != nil {
			return err
		}
	}
}

func (u *upload) begin(raw json.RawMessage) error {
	var item uploadItem
	if err := wire.DecodeArgs(raw, &item); err != nil {
		return err
	}
	name, isGood := Unescape(item.Path)
	if !isGood || !isBelow(name) {
		return wire.BadArgs("%q is no path below a folder", item.Path)
	}
	u.path = name
	name, err := u.placeAtTop(name)
	if err != nil {
		return err
	}
	if item.Kind == "folder" {
		dir, err := u.enter(name)
		if err == nil {
			dir.Close()
		}
		return err
	}
	return u.beginFile(name, item.Mode)
}

func isBelow(name string) bool {
	for _, part := range strings.Split(name, "/") {
		if part == "" || part == "." || part == ".." {
			return false
		}
	}
	return true
}

// placeAtTop gives a name at the top another one, where both are to be kept.
func (u *upload) placeAtTop(name string) (string, error) {
	if u.conflict != "keep-both" {
		return name, nil
	}
	top, rest := name, ""
	if at := strings.IndexByte(name, '/'); at >= 0 {
		top, rest = name[:at], name[at:]
	}
	if known, isKnown := u.renamed[top]; isKnown {
		return known + rest, nil
	}
	free := top
	for n := 2; n < 1000; n++ {
		if _, err := rooted.StatAt(u.dir, free); isGone(err) {
			u.renamed[top] = free
			return free + rest, nil
		}
		extension := path.Ext(top)
		if rest != "" || extension == top {
			extension = ""
		}
		free = fmt.Sprintf("%s (%d)%s", strings.TrimSuffix(top, extension), n, extension)
	}
	return "", taken(top)
}

// enter opens a folder below the target and makes what is missing on the way.
func (u *upload) enter(name string) (*os.File, error) {
	at, err := rooted.OpenAt(u.dir, ".", os.O_RDONLY|syscall.O_DIRECTORY, true)
	if err != nil || name == "" {
		return at, err
	}
	for _, part := range strings.Split(name, "/") {
		next, err := rooted.OpenAt(at, part, os.O_RDONLY|syscall.O_DIRECTORY, false)
		if err == syscall.ENOENT {
			if err = u.still(); err == nil {
				err = makeFolder(at, part)
			}
			if err == nil || err == syscall.EEXIST {
				next, err = rooted.OpenAt(at, part, os.O_RDONLY|syscall.O_DIRECTORY, false)
			}
		}
		at.Close()
		if err == syscall.ENOTDIR || err == syscall.ELOOP {
			return nil, taken(name)
		}
		if err != nil {
			return nil, err
		}
		at = next
	}
	return at, nil
}

func (u *upload) beginFile(name string, mode *uint32) error {
	folder, base := path.Split(name)
	dir, err := u.enter(strings.TrimSuffix(folder, "/"))
	if err != nil {
		return err
	}
	u.folder, u.base, u.mode = dir, base, 0o644
	if mode != nil {
		u.mode = *mode & 0o777
	}
	if isKernels(dir) {
		return refused("kernel", name)
	}
	if st, err := rooted.StatAt(dir, base); err == nil {
		isFile := st.Kind() == syscall.S_IFREG || st.Kind() == syscall.S_IFLNK
		switch {
		case u.conflict == "skip":
			u.skip()
			return nil
		case u.conflict != "replace" || !isFile:
			return taken(name)
		}
	}
	u.draft, err = newDraft(dir, u.still)
	return err
}

func (u *upload) skip() {
	u.done.SkippedCount++
	if len(u.done.Skipped) < maxTold {
		shown, _ := Escape(u.path)
		u.done.Skipped = append(u.done.Skipped, shown)
	}
}

// finish puts the file that was written under its name.
func (u *upload) finish() error {
	defer u.drop()
	d := u.draft
	if d == nil {
		return nil
	}
	around, err := rooted.StatAt(u.folder, "")
	if err != nil {
		return err
	}
	owner, mode := around, u.mode
	if old, err := rooted.StatAt(u.folder, u.base); err == nil && old.Kind() == syscall.S_IFREG {
		owner, mode = old, uint32(old.Mode)
	}
	if err := d.dress(owner.Uid, owner.Gid, mode); err != nil {
		return err
	}
	if err := d.become(u.base, u.conflict == "replace"); err != nil {
		return err
	}
	u.done.Files++
	u.done.SizeBytes += d.size
	return nil
}

func (u *upload) drop() {
	if u.draft != nil {
		u.draft.drop()
		u.draft = nil
	}
	if u.folder != nil {
		u.folder.Close()
		u.folder = nil
	}
}

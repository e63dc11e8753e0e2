// Package files reads and changes the files of containers and volumes. Every path is resolved by the kernel inside
// the root of its container or volume; special files are never opened.
package files

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

// Roots is where the host's folders stand for this agent.
type Roots struct {
	// The host's root, for reading, and once more where it may be written.
	Host, Writable string
	Proc           string
	// Where the host's control groups stand.
	Cgroups string
}

// Where names a file of a container or a volume.
type Where struct {
	// The engine's data root.
	Root string `json:"root"`
	// A container's id. `pid` is its first process; without one it does not run.
	Container string `json:"container"`
	Pid       int    `json:"pid"`
	// Where volumes and the host's folders are mounted in it. Of one that does not run they are not to be seen here.
	Mounts []string `json:"mounts"`
	// Or a volume of the local driver, without options.
	Volume string `json:"volume"`
	// Absolute, escaped.
	Path string `json:"path"`
}

var (
	hexShape    = regexp.MustCompile(`^[0-9a-f]{64}$`)
	volumeShape = regexp.MustCompile(`^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}$`)
)

// place is a root that is held open, and a path in it.
type place struct {
	root *rooted.Root
	// The kernel's name of the root, to be taken off the names of what is in it.
	name   string
	path   string
	mounts []string
	// Asked before a change is finished: an error where it must not be any more.
	still func() error
	// Called once the root is closed.
	letGo func()
}

func (p *place) close() {
	p.root.Close()
	p.letGo()
}

// open holds the root that is asked for. What is changed goes by the writable side.
func (r Roots) open(where Where, isChange bool) (*place, error) {
	name, isGood := Unescape(where.Path)
	if !isGood || !strings.HasPrefix(name, "/") {
		return nil, wire.BadArgs("%q is no absolute path", where.Path)
	}
	if !filepath.IsAbs(where.Root) || filepath.Clean(where.Root) != where.Root {
		return nil, wire.BadArgs("%q is no absolute path", where.Root)
	}
	p := &place{path: name, still: func() error { return nil }, letGo: func() {}}
	if err := p.holdRoot(r, where, isChange); err != nil {
		return nil, err
	}
	if where.Pid == 0 {
		p.mounts = where.Mounts
	}
	var err error
	if p.name, err = kernelName(p.root.File()); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

// holding holds what a path that is only read leads to, for as long as `use` works; `real` is where that is.
func (r Roots) holding(where Where, use func(p *place, held *os.File, real string) error) error {
	p, err := r.open(where, false)
	if err != nil {
		return err
	}
	defer p.close()
	held, real, err := p.hold(p.path)
	if err != nil {
		return err
	}
	defer held.Close()
	return use(p, held, real)
}

// holdRoot holds the place's root.
func (p *place) holdRoot(r Roots, where Where, isChange bool) (err error) {
	host := r.Host
	if isChange {
		host = r.Writable
	}
	switch {
	case volumeShape.MatchString(where.Volume) && where.Container == "":
		root, err := rooted.Open(filepath.Join(host, where.Root, "volumes", where.Volume, "_data"))
		if err != nil {
			return wire.Errorf("object.not-found", "The volume's files are not here").With("what", "volume")
		}
		p.root = root
		return nil
	case !hexShape.MatchString(where.Container) || where.Volume != "":
		return wire.BadArgs("name a container by its id or a volume by its name")
	case where.Pid > 0:
		p.root, err = r.running(where)
	case isChange:
		err = p.changeStopped(r, where)
	default:
		p.root, err = stopped(host, where)
	}
	return err
}

// running holds the root of a container's first process: what its processes see, all mounts included. The process
// is looked at after its root is held: a number that was given to another meanwhile is found out.
func (r Roots) running(where Where) (*rooted.Root, error) {
	folder := filepath.Join(r.Proc, strconv.Itoa(where.Pid))
	root, err := rooted.Open(filepath.Join(folder, "root"))
	if err == nil {
		groups, readErr := os.ReadFile(filepath.Join(folder, "cgroup"))
		if readErr == nil && strings.Contains(string(groups), where.Container) {
			return root, nil
		}
		root.Close()
	}
	if os.IsPermission(err) {
		return nil, wire.Errorf("engine.unsupported", "The agent may not look there").With("what", "agent")
	}
	return nil, wire.Errorf("object.conflict", "The container does not run any more").With("reason", "state")
}

func kernelName(file *os.File) (string, error) {
	return os.Readlink("/proc/self/fd/" + strconv.Itoa(int(file.Fd())))
}

// realPath is the path of what is held, inside the root.
func (p *place) realPath(file *os.File) (string, error) {
	name, err := kernelName(file)
	if err != nil {
		return "", err
	}
	if p.name == "/" {
		return name, nil
	}
	if name == p.name {
		return "/", nil
	}
	if !strings.HasPrefix(name, p.name+"/") {
		return "", rooted.ErrEscapes
	}
	return name[len(p.name):], nil
}

// hold holds what the path leads to, links followed inside the root.
func (p *place) hold(name string) (*os.File, string, error) {
	file, err := p.root.OpenPath(name, rooted.Inside)
	if err != nil {
		if hidden := p.hiddenIn(name); hidden != nil {
			err = hidden
		}
		return nil, "", told(err, name)
	}
	real, err := p.realPath(file)
	if err == nil {
		err = p.refuseHidden(real)
	}
	if err != nil {
		file.Close()
		return nil, "", told(err, name)
	}
	return file, real, nil
}

// parent holds the folder of a path, and gives the last name in it, which is not followed.
func (p *place) parent(name string) (dir *os.File, real, base string, err error) {
	name = strings.TrimRight(name, "/")
	folder, base := path.Split(name)
	if base == "" || base == "." || base == ".." {
		return nil, "", "", refused("root", name)
	}
	dir, real, err = p.hold(folder)
	if err != nil {
		return nil, "", "", err
	}
	if err := p.refuseHidden(join(real, base)); err != nil {
		dir.Close()
		return nil, "", "", err
	}
	return dir, real, base, nil
}

// What is mounted over a container's folder when it runs hides what lies there: it is not to be taken for it.
func (p *place) refuseHidden(real string) error {
	for _, mount := range p.mounts {
		if real == mount || strings.HasPrefix(real, mount+"/") {
			shown, _ := Escape(real)
			return wire.Errorf("object.conflict", "It lies in a mount").With("reason", "mounted").With("path", shown)
		}
	}
	return nil
}

func join(folder, name string) string {
	if folder == "/" {
		return "/" + name
	}
	return folder + "/" + name
}

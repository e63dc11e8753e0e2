package files

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/stats"
	"slipway/agent/wire"
)

// sharedMount is a container's merged files, held by all who change them at the moment.
type sharedMount struct {
	file  *os.File
	work  string
	users int
}

// mountShared mounts the layers with a work folder of their own. The engine mounts them for a moment too, to compare or
// to copy, with its own one: the kernel clears a work folder at each mount, under whoever works in it or mounts it too.
func mountShared(order overlay) (*sharedMount, error) {
	work, err := os.MkdirTemp(filepath.Dir(order.upper), "slipway-work-")
	if err != nil {
		return nil, err
	}
	order.work = work
	file, err := mountDetached(order)
	if err != nil {
		_ = os.RemoveAll(work)
		return nil, err
	}
	return &sharedMount{file: file, work: work}, nil
}

// close ends the mount, which nobody holds any more. What a killed agent left goes with its container: another agent's
// would look the same.
func (m *sharedMount) close() {
	m.file.Close()
	_ = os.RemoveAll(m.work)
}

// Of two mounts of ours neither would see for certain what the other writes. The engine's own are over in a moment, or
// the container starts, and then no change is finished.
var (
	mountsLock sync.Mutex
	mounts     = map[string]*sharedMount{}
)

// share gives a root of the mount that is there already for these layers, or mounts them.
func share(order overlay) (root *rooted.Root, letGo func(), err error) {
	mountsLock.Lock()
	defer mountsLock.Unlock()
	shared := mounts[order.upper]
	if shared == nil {
		if shared, err = mountShared(order); err != nil {
			return nil, nil, err
		}
	}
	fd, err := syscall.Dup(int(shared.file.Fd()))
	if err != nil {
		if shared.users == 0 {
			shared.close()
		}
		return nil, nil, err
	}
	syscall.CloseOnExec(fd)
	shared.users++
	mounts[order.upper] = shared
	letGo = func() {
		mountsLock.Lock()
		defer mountsLock.Unlock()
		if shared.users--; shared.users == 0 {
			shared.close()
			delete(mounts, order.upper)
		}
	}
	return rooted.FromFile(os.NewFile(uintptr(fd), shared.file.Name())), letGo, nil
}

// changeStopped makes of the place a container's merged files. `still` tells for as long as they are worked with whether
// the engine has begun to use them.
func (p *place) changeStopped(r Roots, where Where) error {
	found, err := layersOf(r.Writable, where)
	if err != nil {
		return err
	}
	groups := stats.NewPlaces(r.Cgroups)
	upper := found.MountedAs
	look := func() error {
		table, err := os.ReadFile(filepath.Join(r.Proc, "1", "mountinfo"))
		if err != nil {
			return wire.Errorf("engine.unsupported", "The host's mounts are not to be seen").With("what", "agent")
		}
		if _, hasGroup := groups.Find(where.Container); hasGroup {
			return inUse()
		}
		if leftovers.isNew(upper, isUpper(string(table), upper)) {
			return errMountOnly
		}
		return nil
	}
	// The engine mounts the layers before it makes a group for the container that it starts, and unmounts them a moment
	// after it says that one has ended. A mount that stays without a group is one that it has forgotten.
	settle := func(passes func(error) bool) error {
		err := waited(look, passes)
		if err == errMountOnly {
			leftovers.add(upper)
			return nil
		}
		return err
	}
	p.still = func() error { return settle(func(err error) bool { return err == errMountOnly }) }
	// At first the group may be that of the run that has just ended.
	if err := settle(func(error) bool { return true }); err != nil {
		return err
	}
	// The container's own layer is the upper one, as when the engine starts the container.
	if p.root, p.letGo, err = share(overlay{lower: found.Lower, upper: found.Upper}); err != nil {
		return cannotMount(err)
	}
	if err := p.still(); err != nil {
		p.close()
		return err
	}
	return nil
}

// errMountOnly: the layers are mounted, and no group is there.
var errMountOnly = errors.New("mounted")

func inUse() *wire.Error {
	return wire.Errorf("object.conflict", "The engine uses the container").With("reason", "state")
}

// forgotten holds the upper folders whose mounts the engine left behind when their containers ended.
type forgotten struct {
	lock   sync.Mutex
	uppers map[string]bool
}

var leftovers = forgotten{uppers: map[string]bool{}}

func (f *forgotten) add(upper string) {
	f.lock.Lock()
	defer f.lock.Unlock()
	f.uppers[upper] = true
}

// isNew tells of a mount that is none of those. One that has gone is forgotten: the next is another.
func (f *forgotten) isNew(upper string, isMounted bool) bool {
	f.lock.Lock()
	defer f.lock.Unlock()
	if !isMounted {
		delete(f.uppers, upper)
	}
	return isMounted && !f.uppers[upper]
}

const (
	// The engine says that a container has ended a moment before it lets go of its layers.
	letGoTime  = 3 * time.Second
	letGoPause = 20 * time.Millisecond
)

// waited looks until there is nothing in the way, or what does not pass by itself; not for ever.
func waited(look func() error, passes func(error) bool) error {
	for until := time.Now().Add(letGoTime); ; time.Sleep(letGoPause) {
		if err := look(); err == nil || !passes(err) || time.Now().After(until) {
			return err
		}
	}
}

// isUpper looks in a mountinfo for an overlay with this upper folder. The engine names it by a whole path, or by one
// in its store where whole ones are too long.
func isUpper(table, folder string) bool {
	for _, line := range strings.Split(table, "\n") {
		_, rest, hasUpper := strings.Cut(line, "upperdir=")
		name, _, _ := strings.Cut(rest, ",")
		if hasUpper && (name == folder || strings.HasSuffix(name, "/"+folder)) {
			return true
		}
	}
	return false
}

// Package stats reads what containers use from the kernel's own files: nothing is asked of the engine.
package stats

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// Places finds the control groups of containers. Root is where the host's /sys/fs/cgroup stands for us.
type Places struct {
	root string
	// v1 hierarchies by controller; nil where only v2 is there.
	v1 map[string]string
	// The unified hierarchy; empty where there is none with controllers.
	v2      string
	found   map[string]string
	walked  time.Time
	maxDirs int
}

// A walk costs a few ms for a thousand groups: an id that is not there must not cost it at each tick.
const walkPause = time.Second

var idInName = regexp.MustCompile(`[0-9a-f]{64}`)

// NewPlaces looks which hierarchies are there: v1, v2, or both (hybrid: v2 without controllers counts for nothing).
func NewPlaces(root string) *Places {
	p := &Places{root: root, found: map[string]string{}, maxDirs: 100_000}
	if _, err := os.Stat(filepath.Join(root, "cgroup.controllers")); err == nil {
		p.v2 = root
		return p
	}
	p.v1 = map[string]string{}
	for _, controller := range []string{"cpuacct", "memory", "pids", "blkio"} {
		path := filepath.Join(root, controller)
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			p.v1[controller] = path
		}
	}
	return p
}

// Version is "v2", "v1" or "" where no hierarchy is to be seen.
func (p *Places) Version() string {
	switch {
	case p.v2 != "":
		return "v2"
	case len(p.v1) > 0:
		return "v1"
	default:
		return ""
	}
}

// Find gives the group's path below its hierarchy, for a container's 64-digit id. The cgroupfs driver names it
// docker/ID, systemd docker-ID.scope, and --cgroup-parent puts it anywhere: so it is looked for by the id.
func (p *Places) Find(id string) (string, bool) {
	base := p.base()
	if base == "" || !idInName.MatchString(id) || len(id) != 64 {
		return "", false
	}
	for _, usual := range []string{"docker/" + id, "system.slice/docker-" + id + ".scope"} {
		if isDir(filepath.Join(base, usual)) {
			return usual, true
		}
	}
	if path, isKnown := p.found[id]; isKnown && isDir(filepath.Join(base, path)) {
		return path, true
	}
	if time.Since(p.walked) < walkPause {
		return "", false
	}
	p.walked = time.Now()
	p.found = map[string]string{}
	dirs := 0
	p.walk(base, "", 0, &dirs)
	path, isKnown := p.found[id]
	return path, isKnown
}

func (p *Places) base() string {
	if p.v2 != "" {
		return p.v2
	}
	return p.v1["cpuacct"]
}

func (p *Places) walk(base, below string, depth int, dirs *int) {
	if depth > 12 || *dirs > p.maxDirs {
		return
	}
	entries, err := os.ReadDir(filepath.Join(base, below))
	if err != nil {
		return
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		*dirs++
		path := filepath.Join(below, entry.Name())
		id := idInName.FindString(entry.Name())
		// Inside a container's own group may be groups of containers in it: the outermost with the id counts.
		if _, isKnown := p.found[id]; id != "" && !isKnown && !strings.Contains(entry.Name(), "init-") {
			p.found[id] = path
		}
		p.walk(base, path, depth+1, dirs)
	}
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

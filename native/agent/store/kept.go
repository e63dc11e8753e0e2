package store

import (
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"
)

// Kept is all that an engine keeps of images and containers, for whoever counts it.
type Kept struct {
	Images []Image
	// What images are made of, and what was left of others.
	Pieces []Piece
	// The folders that each container alone has.
	Containers map[string][]string
	// Folders of no image and no container: build cache.
	Others []Named
	// What else a containerd has that is the engine's alone.
	Rest []Named
	// The names in the data root of all of the above.
	InRoot []string
}

// Image names the pieces that an image is made of, layers lowest first.
type Image struct {
	ID     string
	Pieces []string
}

// Piece is a layer, by its chain id, or a file that one was fetched in, by `blob:` and its digest.
type Piece struct {
	Key string
	// The engine's build cache goes by this name for it, where it made it.
	Name  string
	Paths []string
}

// Named is something with a name of its own.
type Named struct{ Name, Path string }

// The names that engines tell for their drivers.
const (
	Overlay2  = "overlay2"
	Overlayfs = "overlayfs"
)

// Everything tells all that the engine keeps with this driver, or nothing where that is neither of ours. What another
// driver has left in the data root is nobody's.
func Everything(hostRoot, dataRoot, driver string) (*Kept, error) {
	s, err := Open(hostRoot, dataRoot)
	if err != nil {
		return nil, err
	}
	if driver == Overlay2 && s.graph != nil {
		return s.graph.kept(), nil
	}
	if driver != Overlayfs {
		return nil, nil
	}
	c, told, err := s.latest()
	if err != nil || !told.isThere {
		return nil, err
	}
	found, err := c.kept(told)
	if err != nil {
		return nil, err
	}
	if inner, err := filepath.Rel(dataRoot, c.host); err == nil && !strings.HasPrefix(inner, "..") {
		found.InRoot, found.Rest = []string{strings.Split(inner, "/")[0]}, c.rest()
	}
	return found, nil
}

// latest gives the containerd that the engine uses now: it may have had another one before, and left that as it was.
func (s Store) latest() (best containerd, told notes, err error) {
	var changed time.Time
	for _, c := range s.containerds {
		info, statErr := os.Stat(c.metaDB())
		one, readErr := c.notes()
		if readErr != nil {
			err = readErr
		}
		if statErr != nil || readErr != nil || !one.isThere {
			continue
		}
		isBetter := !told.isThere || (told.isEmpty() && !one.isEmpty()) ||
			(told.isEmpty() == one.isEmpty() && info.ModTime().After(changed))
		if isBetter {
			best, told, changed = c, one, info.ModTime()
		}
	}
	if told.isThere {
		err = nil
	}
	return best, told, err
}

func (g *graph) kept() *Kept {
	found := &Kept{Containers: map[string][]string{}, InRoot: []string{"overlay2"}}
	owned := map[string]bool{"l": true, "backingFsBlockDev": true}
	for _, name := range NamesOf(filepath.Join(g.db(), "sha256")) {
		if folder := g.named("sha256", name, "cache-id"); folder != "" && IsID(name) {
			owned[folder] = true
			found.Pieces = append(found.Pieces, Piece{"sha256:" + name, folder, []string{g.folder(folder)}})
		}
	}
	for _, id := range NamesOf(filepath.Join(g.db(), "mounts")) {
		if folder := g.named("mounts", id, "mount-id"); folder != "" {
			owned[folder], owned[folder+"-init"] = true, true
			found.Containers[id] = []string{g.folder(folder), g.folder(folder + "-init")}
		}
	}
	for _, name := range NamesOf(g.images()) {
		text, isThere := g.config("sha256:" + name)
		if config, isGood := parseConfig(text); isThere && isGood && IsID(name) {
			found.Images = append(found.Images, Image{"sha256:" + name, config.chains()})
		}
	}
	for _, name := range NamesOf(g.folder("")) {
		if !owned[name] {
			found.Others = append(found.Others, Named{name, g.folder(name)})
		}
	}
	return found
}

// NamesOf gives what is in a folder, in order; nothing where it cannot be read.
func NamesOf(folder string) []string {
	dir, err := os.Open(folder)
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(-1)
	sort.Strings(names)
	return names
}

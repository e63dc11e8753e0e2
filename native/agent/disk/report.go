package disk

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"slipway/agent/store"
	"slipway/agent/wire"
)

const (
	// A scan that takes longer is told as far as it came.
	maxTime   = 15 * time.Minute
	tellEvery = 300 * time.Millisecond
	// Items a message: names of up to 255 bytes each stay below a message's limit.
	batch       = 500
	imagesBatch = 50
	// Of images in a message: a name takes 80 bytes.
	maxPieces = 5000
	// Below what a person does beside it.
	niceness = 10
)

// Layer is one layer of images, in its folder, or a file that one was fetched in. Build cache shares these, too: by the
// folder's name.
type Layer struct {
	ChainID string `json:"chainId"`
	Folder  string `json:"folder"`
	Usage
}

// Image names the pieces that an image is made of: its layers, the lowest first, and the files they were fetched in.
type Image struct {
	ID     string   `json:"id"`
	Layers []string `json:"layers"`
}

// Container is what one container has of its own: what it wrote, its log, and the engine's notes on it.
type Container struct {
	ID         string `json:"id"`
	LayerBytes int64  `json:"layerBytes"`
	LogBytes   int64  `json:"logBytes"`
	NoteBytes  int64  `json:"noteBytes"`
	Files      int64  `json:"files"`
	IsCut      bool   `json:"isCut,omitempty"`
}

// Named is a volume, a folder of the storage driver that belongs to no image and no container (build cache), or
// something else in the engine's data folder.
type Named struct {
	Name string `json:"name"`
	Usage
}

// Report serves `host.disk`: {root, driver}; the engine says which driver it stores layers with, as what another one left
// in the data folder is nobody's. Messages are {kind, …}: `progress` now and then, `layers`, `images`,
// `containers`, `volumes`, `folders` and `rest` with their items, each kind any number of times. Where layers are kept
// in another way than package store knows there are no layers, images and folders, and containers tell only their logs
// and notes. `end` comes last and says so by `hasLayers`.
func Report(hostRoot string) wire.Open {
	return func(s *wire.Stream, raw json.RawMessage) error {
		var asked args
		if err := wire.DecodeArgs(raw, &asked); err != nil {
			return err
		}
		if !filepath.IsAbs(asked.Root) || filepath.Clean(asked.Root) != asked.Root {
			return wire.BadArgs("%q is no absolute path", asked.Root)
		}
		root := filepath.Join(hostRoot, asked.Root)
		if _, err := os.ReadDir(filepath.Join(root, "containers")); err != nil {
			return wire.Errorf("engine.unsupported", "The engine's data folder is not to be read").With("what", "agent")
		}
		done := make(chan error, 1)
		go func() {
			// The thread ends with this goroutine, as it is never unlocked: its niceness is the scan's alone.
			runtime.LockOSThread()
			_ = syscall.Setpriority(syscall.PRIO_PROCESS, syscall.Gettid(), niceness)
			done <- tell(s.Context(), hostRoot, asked, s.SendMessage)
		}()
		return <-done
	}
}

type args struct{ Root, Driver string }

func tell(ctx context.Context, hostRoot string, asked args, send func(any) error) error {
	kept, err := store.Everything(hostRoot, asked.Root, asked.Driver)
	if err != nil {
		// Without layers: those are counted by the engine then.
		log.Printf("disk: %v", err)
	}
	return newScan(ctx, filepath.Join(hostRoot, asked.Root), send).run(kept)
}

type scan struct {
	root  string
	send  func(any) error
	meter *meter
	told  time.Time
}

func newScan(ctx context.Context, root string, send func(any) error) *scan {
	s := &scan{root: root, send: send}
	s.meter = &meter{ctx: ctx, until: time.Now().Add(maxTime), onStep: s.tellProgress}
	return s
}

func (s *scan) tellProgress() {
	if time.Since(s.told) < tellEvery {
		return
	}
	s.told = time.Now()
	// Whoever does not take it is gone: the walk's own look at the context ends it.
	_ = s.send(map[string]any{"kind": "progress", "files": s.meter.files, "bytes": s.meter.bytes})
}

// run tells all; of layers nothing where the store is not known.
func (s *scan) run(kept *store.Kept) error {
	hasLayers := kept != nil
	if !hasLayers {
		kept = &store.Kept{}
	}
	steps := []func() error{
		func() error { return s.images(kept.Images) },
		func() error { return s.layers(kept.Pieces) },
		func() error { return s.containers(kept.Containers) },
		s.volumes,
		func() error { return s.named("folders", kept.Others) },
		func() error { return s.rest(kept) },
		func() error {
			return s.send(map[string]any{"kind": "end", "hasLayers": hasLayers, "files": s.meter.files})
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
		if err := s.meter.ctx.Err(); err != nil {
			return err
		}
	}
	return nil
}

// measure gives a tree's usage; a tree that is gone or closed to us is told as such by the caller.
func (s *scan) measure(path string) (Usage, error) {
	usage, err := s.meter.tree(path)
	if err == nil || s.meter.ctx.Err() != nil || os.IsNotExist(err) {
		return usage, err
	}
	usage.IsCut = true
	return usage, nil
}

// images come in messages that hold so many pieces together.
func (s *scan) images(kept []store.Image) error {
	for len(kept) > 0 {
		items, pieces := []Image{}, 0
		for len(kept) > 0 && len(items) < imagesBatch && (pieces == 0 || pieces+len(kept[0].Pieces) <= maxPieces) {
			its := kept[0].Pieces
			if len(its) > maxPieces {
				its = its[:maxPieces]
			}
			pieces += len(its)
			items = append(items, Image{ID: kept[0].ID, Layers: its})
			kept = kept[1:]
		}
		if err := s.put("images", items); err != nil {
			return err
		}
	}
	return nil
}

func (s *scan) layers(kept []store.Piece) error {
	found := []Layer{}
	for _, piece := range kept {
		// What a layer's folder is called may be another's after the engine began anew; what is counted with it, too.
		key := piece.Key + " " + strings.Join(piece.Paths, " ")
		usage, isKnown := recall(key)
		if !isKnown {
			var err error
			usage, err = s.sum(piece.Paths)
			if os.IsNotExist(err) {
				continue
			}
			if err != nil {
				return err
			}
			keep(key, usage)
		}
		found = append(found, Layer{ChainID: piece.Key, Folder: piece.Name, Usage: usage})
	}
	return batches(found, batch, func(items []Layer) error { return s.put("layers", items) })
}

// sum measures several trees. Of these the first must be there.
func (s *scan) sum(paths []string) (Usage, error) {
	total := Usage{}
	for i, path := range paths {
		usage, err := s.measure(path)
		if err != nil && (i == 0 || !os.IsNotExist(err)) {
			return total, err
		}
		total.add(usage)
	}
	return total, nil
}

func (s *scan) containers(kept map[string][]string) error {
	found := []Container{}
	for _, id := range store.NamesOf(filepath.Join(s.root, "containers")) {
		if !store.IsID(id) {
			continue
		}
		one, err := s.container(id, kept[id])
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		found = append(found, one)
	}
	return batches(found, batch, func(items []Container) error { return s.put("containers", items) })
}

func (s *scan) container(id string, folders []string) (Container, error) {
	one := Container{ID: id}
	notes, err := s.measure(filepath.Join(s.root, "containers", id))
	if err != nil {
		return one, err
	}
	one.LogBytes = logBytes(filepath.Join(s.root, "containers", id), id)
	// Of a folder that is cut, the logs may be more than what was counted.
	if one.NoteBytes = notes.Bytes - one.LogBytes; one.NoteBytes < 0 {
		one.NoteBytes = 0
	}
	one.Files, one.IsCut = notes.Files, notes.IsCut
	for _, folder := range folders {
		usage, err := s.measure(folder)
		if err != nil && !os.IsNotExist(err) {
			return one, err
		}
		one.LayerBytes += usage.Bytes
		one.Files += usage.Files
		one.IsCut = one.IsCut || usage.IsCut
	}
	return one, nil
}

// logBytes counts the files of both log drivers that keep some, rotated ones included.
func logBytes(folder, id string) int64 {
	total := int64(0)
	paths, _ := filepath.Glob(filepath.Join(folder, id+"-json.log*"))
	local, _ := filepath.Glob(filepath.Join(folder, "local-logs", "container.log*"))
	for _, path := range append(paths, local...) {
		var st syscall.Stat_t
		if syscall.Lstat(path, &st) == nil {
			total += st.Blocks * 512
		}
	}
	return total
}

func (s *scan) volumes() error {
	// The engine's own list of them, and a mark that some versions leave.
	isNone := map[string]bool{"metadata.db": true, "backingFsBlockDev": true}
	return s.named("volumes", inFolder(filepath.Join(s.root, "volumes"), isNone))
}

func (s *scan) rest(kept *store.Kept) error {
	isTold := map[string]bool{"containers": true, "volumes": true}
	for _, name := range kept.InRoot {
		isTold[name] = true
	}
	return s.named("rest", append(inFolder(s.root, isTold), kept.Rest...))
}

func inFolder(folder string, isNone map[string]bool) []store.Named {
	found := []store.Named{}
	for _, name := range store.NamesOf(folder) {
		if !isNone[name] {
			found = append(found, store.Named{Name: name, Path: filepath.Join(folder, name)})
		}
	}
	return found
}

func (s *scan) named(kind string, places []store.Named) error {
	found := []Named{}
	for _, place := range places {
		usage, err := s.measure(place.Path)
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			return err
		}
		found = append(found, Named{Name: strings.ToValidUTF8(place.Name, "\uFFFD"), Usage: usage})
	}
	return batches(found, batch, func(items []Named) error { return s.put(kind, items) })
}

func (s *scan) put(kind string, items any) error {
	return s.send(map[string]any{"kind": kind, "items": items})
}

func batches[T any](items []T, most int, send func([]T) error) error {
	for len(items) > 0 {
		n := len(items)
		if n > most {
			n = most
		}
		if err := send(items[:n]); err != nil {
			return err
		}
		items = items[n:]
	}
	return nil
}

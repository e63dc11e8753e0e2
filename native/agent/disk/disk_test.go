package disk

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"slipway/agent/store"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func put(t *testing.T, path string, bytes int) {
	t.Helper()
	must(t, os.MkdirAll(filepath.Dir(path), 0o755))
	must(t, os.WriteFile(path, []byte(strings.Repeat("x", bytes)), 0o644))
}

func newMeter(ctx context.Context) *meter {
	return &meter{ctx: ctx, until: time.Now().Add(time.Hour), onStep: func() {}}
}

func TestAFileWithManyNamesAndAHoleCostWhatTheirBlocksCost(t *testing.T) {
	dir := t.TempDir()
	before, err := newMeter(context.Background()).tree(dir)
	must(t, err)
	put(t, filepath.Join(dir, "one"), 64*1024)
	must(t, os.Link(filepath.Join(dir, "one"), filepath.Join(dir, "two")))
	must(t, os.Symlink("/etc", filepath.Join(dir, "etc")))
	sparse, err := os.Create(filepath.Join(dir, "sparse"))
	must(t, err)
	must(t, sparse.Truncate(1<<40))
	sparse.Close()
	after, err := newMeter(context.Background()).tree(dir)
	must(t, err)
	if grown := after.Bytes - before.Bytes; grown < 64*1024 || grown > 80*1024 {
		t.Fatalf("%d bytes, not those of one file of 64 KiB", grown)
	}
	if after.Files-before.Files != 3 || after.IsCut {
		t.Fatalf("%+v", after)
	}
}

func TestAScanThatNobodyWaitsForEnds(t *testing.T) {
	dir := t.TempDir()
	for i := 0; i < lookEvery; i++ {
		must(t, os.Mkdir(filepath.Join(dir, "d"+strings.Repeat("0", i%200)+string(rune('a'+i%26))+string(rune('a'+i/26%26))+string(rune('a'+i/676))), 0o755))
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := newMeter(ctx).tree(dir); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestAFolderDeeperThanAnyRealOneIsCutAndSaid(t *testing.T) {
	dir := t.TempDir()
	must(t, os.MkdirAll(filepath.Join(dir, strings.Repeat("d/", maxDepth+20)), 0o755))
	usage, err := newMeter(context.Background()).tree(dir)
	must(t, err)
	if !usage.IsCut {
		t.Fatal("it is not said to be cut")
	}
}

const (
	diffA = "sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	diffB = "sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
	// Of both: the digest of their two names with a space between.
	chainB    = "sha256:ccd722928bd92476ba1745586fed6e45a102504185ad88cd89e01ff116fd146c"
	container = "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"
)

// lab is an engine's data folder: an image of two layers, a container with a log, a volume, a folder of build cache.
func lab(t *testing.T) string {
	root := t.TempDir()
	db := filepath.Join(root, "image", "overlay2")
	for i, chain := range []string{diffA, chainB} {
		name := strings.Repeat(string(rune('a'+i)), 64)
		must(t, os.MkdirAll(filepath.Join(db, "layerdb", "sha256", chain[7:]), 0o755))
		must(t, os.WriteFile(filepath.Join(db, "layerdb", "sha256", chain[7:], "cache-id"), []byte(name), 0o644))
		put(t, filepath.Join(root, "overlay2", name, "diff", "file"), (i+1)*40*1024)
	}
	put(t, filepath.Join(db, "imagedb", "content", "sha256", strings.Repeat("d", 64)), 0)
	must(t, os.WriteFile(filepath.Join(db, "imagedb", "content", "sha256", strings.Repeat("e", 64)),
		[]byte(`{"rootfs":{"diff_ids":["`+diffA+`","`+diffB+`"]}}`), 0o644))
	mount := strings.Repeat("f", 64)
	must(t, os.MkdirAll(filepath.Join(db, "layerdb", "mounts", container), 0o755))
	must(t, os.WriteFile(filepath.Join(db, "layerdb", "mounts", container, "mount-id"), []byte(mount), 0o644))
	put(t, filepath.Join(root, "overlay2", mount, "diff", "written"), 20*1024)
	put(t, filepath.Join(root, "overlay2", mount+"-init", "diff", "hosts"), 10)
	put(t, filepath.Join(root, "containers", container, container+"-json.log"), 60*1024)
	put(t, filepath.Join(root, "containers", container, "config.v2.json"), 100)
	put(t, filepath.Join(root, "volumes", "data", "_data", "big"), 100*1024)
	put(t, filepath.Join(root, "overlay2", strings.Repeat("k", 25), "diff", "cached"), 30*1024)
	put(t, filepath.Join(root, "buildkit", "cache.db"), 32*1024)
	return root
}

type told struct {
	Kind      string
	HasLayers bool
	Items     []struct {
		Name, ID, ChainID, Folder              string
		Layers                                 []string
		Bytes, LayerBytes, LogBytes, NoteBytes int64
	}
}

func report(t *testing.T, root string) map[string]told {
	return reportOf(t, root, store.Overlay2)
}

// reportOf is of a host that has nothing but the data root.
func reportOf(t *testing.T, root, driver string) map[string]told {
	found := map[string]told{}
	must(t, tell(context.Background(), filepath.Dir(root), args{"/" + filepath.Base(root), driver}, func(item any) error {
		text, err := json.Marshal(item)
		must(t, err)
		var one told
		must(t, json.Unmarshal(text, &one))
		found[one.Kind] = one
		return nil
	}))
	return found
}

func between(t *testing.T, what string, bytes, least int64) {
	t.Helper()
	// Folders and block sizes add some.
	if bytes < least || bytes > least+40*1024 {
		t.Errorf("%s: %d bytes, not about %d", what, bytes, least)
	}
}

func TestEachByteOfADataFolderIsToldOnceByWhatItIs(t *testing.T) {
	root := lab(t)
	found := report(t, root)
	if layers := found["layers"].Items; len(layers) != 2 {
		t.Fatalf("%+v", layers)
	}
	total := int64(0)
	for _, layer := range found["layers"].Items {
		total += layer.Bytes
		if layer.ChainID == diffA {
			between(t, "the lower layer", layer.Bytes, 40*1024)
		}
	}
	images := found["images"].Items
	if len(images) != 1 || len(images[0].Layers) != 2 || images[0].Layers[0] != diffA {
		t.Fatalf("%+v", images)
	}
	one := found["containers"].Items[0]
	between(t, "what the container wrote", one.LayerBytes, 20*1024)
	between(t, "its log", one.LogBytes, 60*1024)
	total += one.LayerBytes + one.LogBytes + one.NoteBytes
	between(t, "the volume", found["volumes"].Items[0].Bytes, 100*1024)
	cache := found["folders"].Items
	if len(cache) != 1 || cache[0].Name != strings.Repeat("k", 25) {
		t.Fatalf("%+v", cache)
	}
	between(t, "the build cache", cache[0].Bytes, 30*1024)
	for _, kind := range []string{"volumes", "folders", "rest"} {
		for _, item := range found[kind].Items {
			total += item.Bytes
		}
	}
	whole, err := newMeter(context.Background()).tree(root)
	must(t, err)
	// The folders between them are in nobody's part.
	if total > whole.Bytes || total < whole.Bytes-100*1024 {
		t.Fatalf("%d bytes of %d are told", total, whole.Bytes)
	}
	if !found["end"].HasLayers {
		t.Fatal("the layers are not told of")
	}
}

func TestALayerThatWasMeasuredIsNotReadAgain(t *testing.T) {
	root := lab(t)
	first := report(t, root)["layers"].Items
	put(t, filepath.Join(root, "overlay2", strings.Repeat("a", 64), "diff", "late"), 500*1024)
	second := report(t, root)["layers"].Items
	for i := range first {
		if first[i].Bytes != second[i].Bytes {
			t.Fatal("a layer was measured twice")
		}
	}
}

func TestWithoutOverlay2TheRestIsStillTold(t *testing.T) {
	root := lab(t)
	must(t, os.RemoveAll(filepath.Join(root, "image")))
	found := report(t, root)
	if found["end"].HasLayers || len(found["layers"].Items) != 0 || len(found["folders"].Items) != 0 {
		t.Fatalf("%+v", found)
	}
	between(t, "the log", found["containers"].Items[0].LogBytes, 60*1024)
	names := []string{}
	for _, item := range found["rest"].Items {
		names = append(names, item.Name)
	}
	if strings.Join(names, " ") != "buildkit overlay2" {
		t.Fatal(names)
	}
}

func TestAScanWhoseTimeIsOverIsToldAsFarAsItCame(t *testing.T) {
	root := lab(t)
	kinds, cut := []string{}, map[string]bool{}
	s := newScan(context.Background(), root, func(item any) error {
		message := item.(map[string]any)
		kinds = append(kinds, message["kind"].(string))
		switch items := message["items"].(type) {
		case []Layer:
			cut["layers"] = items[0].IsCut && items[1].IsCut
		case []Container:
			cut["containers"] = items[0].IsCut
			if items[0].NoteBytes < 0 {
				t.Errorf("%+v", items[0])
			}
		case []Named:
			cut[message["kind"].(string)] = items[0].IsCut
		}
		return nil
	})
	// The next file is the one at which it looks at the clock.
	s.meter.files = lookEvery - 1
	s.meter.until, s.told = time.Now().Add(-time.Second), time.Now().Add(time.Hour)
	kept, err := store.Everything(filepath.Dir(root), "/"+filepath.Base(root), store.Overlay2)
	must(t, err)
	must(t, s.run(kept))
	if got := strings.Join(kinds, " "); got != "images layers containers volumes folders rest end" {
		t.Fatal(got)
	}
	for _, kind := range []string{"layers", "containers", "volumes", "folders", "rest"} {
		if !cut[kind] {
			t.Errorf("%s are not said to be cut", kind)
		}
	}
	if s.meter.files != lookEvery {
		t.Errorf("%d files were looked at after the time was over", s.meter.files-lookEvery)
	}
	if _, isKnown := recall(diffA + " " + filepath.Join(root, "overlay2", strings.Repeat("a", 64))); isKnown {
		t.Error("a layer that is cut is kept")
	}
}

func TestAScanThatNobodyWaitsForEndsWhenItsTimeIsOverToo(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop()
	m := newMeter(ctx)
	m.isOver = true
	if _, err := m.tree(t.TempDir()); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
}

func TestWhatAnotherDriverLeftIsNotTodays(t *testing.T) {
	found := reportOf(t, lab(t), store.Overlayfs)
	if found["end"].HasLayers || len(found["layers"].Items) != 0 || len(found["images"].Items) != 0 {
		t.Fatalf("%+v", found)
	}
	if bytes := found["containers"].Items[0].LayerBytes; bytes != 0 {
		t.Errorf("%d bytes of an old layer are the container's", bytes)
	}
}

func TestWhereContainerdsNotesAreDamagedTheRestIsStillTold(t *testing.T) {
	root := lab(t)
	for _, name := range []string{"io.containerd.snapshotter.v1.overlayfs/metadata.db", "io.containerd.metadata.v1.bolt/meta.db"} {
		put(t, filepath.Join(root, "containerd", name), 100*1024)
	}
	found := reportOf(t, root, store.Overlayfs)
	if found["end"].HasLayers || len(found["volumes"].Items) == 0 {
		t.Fatalf("%+v", found)
	}
}

// As an engine leaves its data folder that has just been started for the first time.
func TestAnEngineWithoutImagesKeepsThemWithOverlay2(t *testing.T) {
	root := t.TempDir()
	for _, folder := range []string{"image/overlay2/layerdb", "image/overlay2/imagedb/content/sha256", "overlay2/l", "volumes"} {
		must(t, os.MkdirAll(filepath.Join(root, folder), 0o755))
	}
	found := report(t, root)
	if !found["end"].HasLayers || len(found["layers"].Items) != 0 {
		t.Fatalf("%+v", found)
	}
}

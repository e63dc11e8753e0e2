package store

import (
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"slipway/agent/wire"
)

const (
	data = "/var/lib/docker"
	// An image of three layers that the classic builder made, and a container of it. Where the layers are: see below.
	image     = "sha256:591d727c0eb716502f676f7d44ac29b2d547f47c3c3ee8b162cb0317a0ea96ef"
	container = "22a71dbc890193f8fc432a8a8f5c8371db073f89aaaab3412ee7f61aecc14761"
	config    = "sha256:fe59ea111c5d1377085b70fab52ccd6e667064b865c5f9cda71cd51f896bc997"
)

var (
	diffs = []string{
		"sha256:c6664ac603245794873bad0edda058e174f3dd8c150176481966eda4f125b5cd",
		"sha256:00caa2a5d0188af28704a47ff5ab8b7ca90d731fc585abc710b30e2a8f91d373",
	}
	chains = []string{
		diffs[0],
		"sha256:ef9af7f7034ae32198e1e7708d038facd7d79452801b957a96ece244b0941a14",
		"sha256:fc770b6f4f3f09915f4063ac06632306516a619cacfb2c2882148f8866cda785",
	}
	// The numbers of their snapshots. Between them are those of the containers that they were made of.
	numbers = []string{"1", "5", "9"}
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// containerdHost has the notes that a containerd 1.7 of an engine 26.1 wrote, at a place of the host.
func containerdHost(t *testing.T, at string) (hostRoot, root string) {
	t.Helper()
	hostRoot = t.TempDir()
	root = filepath.Join(hostRoot, at)
	put := func(from string, to ...string) {
		t.Helper()
		path := filepath.Join(append([]string{root}, to...)...)
		must(t, os.MkdirAll(filepath.Dir(path), 0o755))
		file, err := os.Open(filepath.Join("testdata", from))
		must(t, err)
		defer file.Close()
		var text io.Reader = file
		if strings.HasSuffix(from, ".gz") {
			text, err = gzip.NewReader(file)
			must(t, err)
		}
		all, err := io.ReadAll(text)
		must(t, err)
		must(t, os.WriteFile(path, all, 0o600))
	}
	put("meta.db.gz", "io.containerd.metadata.v1.bolt", "meta.db")
	put("metadata.db.gz", snapshotter, "metadata.db")
	put("manifest.json", content, "blobs", "sha256", image[7:])
	put("config.json", content, "blobs", "sha256", config[7:])
	return hostRoot, root
}

func open(t *testing.T, hostRoot string) Store { return openIn(t, hostRoot, data) }

func openIn(t *testing.T, hostRoot, dataRoot string) Store {
	t.Helper()
	s, err := Open(hostRoot, dataRoot)
	must(t, err)
	return s
}

func isCode(err error, code string) bool {
	var known *wire.Error
	return errors.As(err, &known) && known.Code == code
}

func TestContainerdIsFoundWhereEnginesHaveIt(t *testing.T) {
	for at, dataRoot := range map[string]string{
		data + "/containerd/daemon": data, data + "/containerd": data, "/var/lib/containerd": "/mnt/docker",
		"/var/lib/own/containerd": "/var/lib/own/docker",
	} {
		hostRoot, root := containerdHost(t, at)
		s := openIn(t, hostRoot, dataRoot)
		for i, chain := range chains {
			folder, err := s.Layer(chain)
			if want := filepath.Join(root, snapshotter, "snapshots", numbers[i], "fs"); err != nil || folder != want {
				t.Errorf("%s: layer %d is in %s: %v", at, i, folder, err)
			}
		}
		found, err := s.Container(container)
		must(t, err)
		in := func(number string) string { return filepath.Join(snapshotter, "snapshots", number, "fs") }
		want := Container{Upper: filepath.Join(root, in("14")), MountedAs: filepath.Join(at, in("14"))}
		// Its own folder for the engine's files first; then the layers, two of which stand on a container's.
		for _, number := range []string{"13", "9", "6", "5", "2", "1"} {
			want.Lower = append(want.Lower, filepath.Join(root, in(number)))
		}
		if !reflect.DeepEqual(found, want) {
			t.Errorf("%s: %+v", at, found)
		}
	}
}

func TestLayersOfAnImageInContainerd(t *testing.T) {
	hostRoot, _ := containerdHost(t, "/var/lib/containerd")
	layers, err := open(t, hostRoot).Layers(image)
	must(t, err)
	if len(layers) != 3 || layers[0].DiffID != diffs[0] || layers[1].DiffID != diffs[1] ||
		layers[1].Command != "/bin/sh -c echo hi > /f && rm /bin/false; true" || layers[1].Created == "" {
		t.Fatalf("%+v", layers)
	}
	for i, layer := range layers {
		if layer.ChainID != chains[i] {
			t.Errorf("layer %d is %s", i, layer.ChainID)
		}
	}
}

type object = map[string]any

// blobsIn gives what adds an index, a manifest or a configuration, under a digest of one digit.
func blobsIn(t *testing.T, root string) (write func(digit string, value any) (digest string)) {
	t.Helper()
	return func(digit string, value any) string {
		t.Helper()
		text, err := json.Marshal(value)
		must(t, err)
		digest := "sha256:" + strings.Repeat(digit, 64)
		must(t, os.WriteFile(containerd{root: root}.blob(digest), text, 0o600))
		return digest
	}
}

// An image for several platforms: those that nobody has unpacked, and notes on how one was made, are passed over.
func TestOfAnIndexThePlatformIsTakenWhoseLayersAreHere(t *testing.T) {
	hostRoot, root := containerdHost(t, "/var/lib/containerd")
	write := blobsIn(t, root)
	foreign := write("a", object{"architecture": "amd64", "rootfs": object{"diff_ids": []string{"sha256:" + strings.Repeat("9", 64)}}})
	other := write("b", object{"config": object{"digest": foreign}, "layers": []object{{"digest": diffs[0]}}})
	missing := "sha256:" + strings.Repeat("c", 64)
	index := write("d", object{"manifests": []object{{"digest": missing}, {"digest": other}, {"digest": image}, {"digest": "../../x"}}})
	layers, err := open(t, hostRoot).Layers(index)
	if err != nil || len(layers) != 3 || layers[2].ChainID != chains[2] {
		t.Fatalf("%+v %v", layers, err)
	}
	loop := "sha256:" + strings.Repeat("e", 64)
	write("e", object{"manifests": []object{{"digest": loop}, {"digest": loop}}})
	if _, err := open(t, hostRoot).Layers(loop); !isCode(err, "object.not-found") {
		t.Errorf("an index of itself: %v", err)
	}
}

func TestOfSeveralPlatformsThatAreHereTheHostsOwnIsTaken(t *testing.T) {
	hostRoot, root := containerdHost(t, "/var/lib/containerd")
	write := blobsIn(t, root)
	// Both are unpacked: of layers that are here.
	platform := func(name, arch string, layers ...string) object {
		config := write(name, object{"architecture": arch, "rootfs": object{"diff_ids": layers}})
		return object{"digest": write(string(rune(name[0]+1)), object{"config": object{"digest": config}})}
	}
	other := platform("1", "other", diffs[0])
	own := platform("3", runtime.GOARCH, diffs...)
	artifact := platform("5", "")
	index := write("7", object{"manifests": []object{artifact, other, own}})
	if layers, err := open(t, hostRoot).Layers(index); err != nil || len(layers) != 2 {
		t.Errorf("%+v %v", layers, err)
	}
	// The same manifest again and again is one.
	many := []object{}
	for i := 0; i < 1000; i++ {
		many = append(many, other)
	}
	c := openContainerds(hostRoot, data)[0]
	if found := c.readImage(write("8", object{"manifests": many})); len(found.manifests) != 1 || len(found.indexes) != 1 {
		t.Errorf("%d manifests", len(found.manifests))
	}
	layers, err := open(t, hostRoot).Layers(write("9", object{"manifests": []object{artifact}}))
	if err != nil || len(layers) != 0 {
		t.Errorf("an image without layers: %+v %v", layers, err)
	}
}

func TestAContainerOfAnotherImageIsNotAboveALayer(t *testing.T) {
	hostRoot, root := containerdHost(t, "/var/lib/containerd")
	for _, number := range []string{"1", "2", "5", "6", "9", "13", "14"} {
		must(t, os.MkdirAll(filepath.Join(root, snapshotter, "snapshots", number, "fs"), 0o755))
	}
	s := open(t, hostRoot)
	found, err := s.Container(container)
	must(t, err)
	if isAbove, err := s.IsAbove(found, chains[2]); err != nil || !isAbove {
		t.Errorf("its own image: %v %v", isAbove, err)
	}
	found.Lower = found.Lower[2:]
	if isAbove, err := s.IsAbove(found, chains[2]); err != nil || isAbove {
		t.Errorf("another: %v %v", isAbove, err)
	}
}

// An engine that had a containerd of its own and uses the host's now.
func TestAContainerdThatIsNoLongerUsedIsNotToldOf(t *testing.T) {
	hostRoot, root := containerdHost(t, "/var/lib/containerd")
	before := filepath.Join(hostRoot, data, "containerd/daemon")
	copyFile := func(name string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(root, name))
		must(t, err)
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(before, name)), 0o755))
		must(t, os.WriteFile(filepath.Join(before, name), text, 0o600))
	}
	meta := "io.containerd.metadata.v1.bolt/meta.db"
	copyFile(meta)
	copyFile(snapshotter + "/metadata.db")
	old := time.Now().Add(-time.Hour)
	must(t, os.Chtimes(filepath.Join(before, meta), old, old))
	isOfHost := func() bool {
		t.Helper()
		kept, err := Everything(hostRoot, data, Overlayfs)
		must(t, err)
		return strings.HasPrefix(kept.Pieces[0].Paths[0], root)
	}
	if !isOfHost() {
		t.Error("the older one is told of")
	}
	// A damaged one hides nothing of the other.
	must(t, os.WriteFile(filepath.Join(before, meta), []byte("no database"), 0o600))
	if !isOfHost() {
		t.Error("the damaged one is told of")
	}
	if _, err := open(t, hostRoot).Layer(chains[0]); err != nil {
		t.Error(err)
	}
	if _, err := open(t, hostRoot).Container(container); err != nil {
		t.Error(err)
	}
	if _, err := open(t, hostRoot).Layers(image); err != nil {
		t.Error(err)
	}
}

// With users of its own for containers an engine has another namespace.
func TestTheNamespaceFollowsTheUsersOfContainers(t *testing.T) {
	hostRoot, _ := containerdHost(t, "/var/lib/containerd")
	if _, err := openIn(t, hostRoot, "/var/lib/docker/100000.100000").Layer(chains[0]); !isCode(err, "object.not-found") {
		t.Errorf("%v", err)
	}
	if kept, err := Everything(hostRoot, "/var/lib/docker/100000.100000", Overlayfs); kept != nil || err != nil {
		t.Errorf("%+v %v", kept, err)
	}
	if got := namespaceOf("/var/lib/docker/1.2"); got != "moby-1.2" {
		t.Error(got)
	}
}

func TestWhatIsNotKeptIsTold(t *testing.T) {
	hostRoot, root := containerdHost(t, "/var/lib/containerd")
	s := open(t, hostRoot)
	unknown := "sha256:" + strings.Repeat("0", 64)
	_, layer := s.Layer(unknown)
	_, layers := s.Layers(unknown)
	_, of := s.Container(unknown[7:])
	for what, err := range map[string]error{"layer": layer, "image": layers, "container": of} {
		if !isCode(err, "object.not-found") {
			t.Errorf("%s: %v", what, err)
		}
	}
	_, bad := s.Layer("sha256:../../etc")
	_, relative := Open(hostRoot, "var")
	for _, err := range []error{bad, relative} {
		if !isCode(err, "input.invalid") {
			t.Errorf("%v", err)
		}
	}
	if _, err := open(t, t.TempDir()).Layer(unknown); !isCode(err, "engine.unsupported") {
		t.Errorf("where neither is: %v", err)
	}
	must(t, os.WriteFile(filepath.Join(root, snapshotter, "metadata.db"), []byte("no database"), 0o600))
	if _, err := open(t, hostRoot).Layer(chains[0]); !isCode(err, "engine.unsupported") {
		t.Errorf("of a damaged one: %v", err)
	}
}

// An engine that was changed from overlay2 to containerd's store leaves the first as it was.
func TestBothStoresAreLookedIn(t *testing.T) {
	hostRoot, _ := containerdHost(t, data+"/containerd/daemon")
	old := "sha256:" + strings.Repeat("a", 64)
	note := filepath.Join(hostRoot, data, "image/overlay2/layerdb/sha256", old[7:])
	must(t, os.MkdirAll(note, 0o755))
	must(t, os.WriteFile(filepath.Join(note, "cache-id"), []byte(strings.Repeat("b", 64)), 0o644))
	s := open(t, hostRoot)
	if folder, err := s.Layer(old); err != nil || !strings.HasSuffix(folder, "/overlay2/"+strings.Repeat("b", 64)+"/diff") {
		t.Errorf("%s %v", folder, err)
	}
	if folder, err := s.Layer(chains[1]); err != nil || !strings.HasSuffix(folder, "/snapshots/5/fs") {
		t.Errorf("%s %v", folder, err)
	}
	if today, err := Everything(hostRoot, data, Overlayfs); err != nil || len(today.Pieces) < 3 {
		t.Errorf("%+v %v", today, err)
	}
	if before, err := Everything(hostRoot, data, Overlay2); err != nil || len(before.Pieces) != 1 {
		t.Errorf("%+v %v", before, err)
	}
}

func TestAllThatContainerdKeepsIsSomebodys(t *testing.T) {
	hostRoot, root := containerdHost(t, data+"/containerd/daemon")
	must(t, os.MkdirAll(filepath.Join(root, content, "ingest"), 0o755))
	kept, err := Everything(hostRoot, data, Overlayfs)
	must(t, err)
	folder := func(number int) string { return filepath.Join(root, snapshotter, "snapshots", strconv.Itoa(number)) }
	pieces := map[string][]string{}
	blobs := 0
	for _, piece := range kept.Pieces {
		if strings.HasPrefix(piece.Key, "blob:") {
			blobs++
		} else {
			pieces[piece.Key] = piece.Paths
		}
	}
	want := map[string][]string{
		chains[0]: {folder(1)}, chains[1]: {folder(5), folder(2)}, chains[2]: {folder(9), folder(6)},
	}
	if !reflect.DeepEqual(pieces, want) || blobs != 14 {
		t.Errorf("%d blobs, %v", blobs, pieces)
	}
	if own := kept.Containers[container]; !reflect.DeepEqual(own, []string{folder(14), folder(13)}) {
		t.Errorf("the container has %v", own)
	}
	if len(kept.Containers) != 2 || len(kept.Others) != 0 || !reflect.DeepEqual(kept.InRoot, []string{"containerd"}) {
		t.Errorf("%+v", kept)
	}
	rest := []string{}
	for _, one := range kept.Rest {
		rest = append(rest, one.Name)
	}
	if strings.Join(rest, " ") != "containerd/"+content+"/ingest containerd/io.containerd.metadata.v1.bolt containerd/"+snapshotter+"/metadata.db" {
		t.Error(rest)
	}
	for _, one := range kept.Images {
		if one.ID != image {
			continue
		}
		if !reflect.DeepEqual(one.Pieces[:3], chains) {
			t.Error(one.Pieces)
		}
		// Three layers as they are and as they were fetched, the manifest and the configuration.
		if len(one.Pieces) != 8 {
			t.Errorf("%d pieces: %v", len(one.Pieces), one.Pieces)
		}
		return
	}
	t.Error("the image is not told of")
}

// The host's containerd may have other users: what they have is not the engine's.
func TestOfTheHostsContainerdOnlyTheEnginesPartIsTold(t *testing.T) {
	hostRoot, _ := containerdHost(t, "/var/lib/containerd")
	kept, err := Everything(hostRoot, data, Overlayfs)
	must(t, err)
	if len(kept.Pieces) == 0 || len(kept.Rest) != 0 || len(kept.InRoot) != 0 {
		t.Errorf("%+v", kept)
	}
}

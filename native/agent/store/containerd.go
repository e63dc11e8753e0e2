package store

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"slipway/agent/bolt"
)

// containerd is the image store of one, as far as an engine uses it. Layout: containerd's docs/ops.md ("Data
// Directory"), core/metadata/buckets.go and core/snapshots/storage/bolt.go; it has been the same since 1.0.
type containerd struct {
	// On the host, and where that stands for us.
	host, root string
	// The engine's own part of its notes.
	namespace string
}

const (
	snapshotter = "io.containerd.snapshotter.v1." + Overlayfs
	content     = "io.containerd.content.v1.content"
)

// Below the data root of an engine whose containers have users of their own there is one for these users.
var usersShape = regexp.MustCompile(`^\d+\.\d+$`)

// namespaceOf is what an engine calls its part, unless its command line says otherwise.
// Source: moby's daemon, RemapContainerdNamespaces.
func namespaceOf(dataRoot string) string {
	if users := filepath.Base(dataRoot); usersShape.MatchString(users) {
		return "moby-" + users
	}
	return "moby"
}

// openContainerds gives those that may be the engine's: one that the engine has started itself, one that was started for
// it, below its data root or beside it, or the host's.
func openContainerds(hostRoot, dataRoot string) []containerd {
	found := []containerd{}
	isKnown := map[string]bool{}
	for _, host := range []string{
		filepath.Join(dataRoot, "containerd", "daemon"), filepath.Join(dataRoot, "containerd"),
		filepath.Join(filepath.Dir(dataRoot), "containerd"), "/var/lib/containerd",
	} {
		c := containerd{host, filepath.Join(hostRoot, host), namespaceOf(dataRoot)}
		if info, err := os.Stat(c.snapshotsDB()); err == nil && info.Mode().IsRegular() && !isKnown[host] {
			found = append(found, c)
		}
		isKnown[host] = true
	}
	return found
}

func (c containerd) snapshotsDB() string { return filepath.Join(c.root, snapshotter, "metadata.db") }
func (c containerd) metaDB() string {
	return filepath.Join(c.root, "io.containerd.metadata.v1.bolt", "meta.db")
}

func (c containerd) blob(digest string) string {
	return filepath.Join(c.root, content, "blobs", "sha256", strings.TrimPrefix(digest, "sha256:"))
}

func (c containerd) folder(id uint64) string {
	return filepath.Join(c.root, snapshotter, "snapshots", strconv.FormatUint(id, 10))
}

// onHost is how the host names one of our paths.
func (c containerd) onHost(path string) string {
	return filepath.Join(c.host, strings.TrimPrefix(path, c.root))
}

// snapshot gives the folders of a snapshot's files and of all below it, the uppermost first; none where there is no such
// snapshot. An image's layer goes by its chain id, a container's own by the container's.
func (c containerd) snapshot(key string) ([]string, error) {
	name := ""
	err := bolt.Look(c.metaDB(), func(db bolt.Bucket) error {
		name = ""
		entry, isThere, err := db.Bucket("v1", c.namespace, "snapshots", Overlayfs, key)
		if err != nil || !isThere {
			return err
		}
		value, err := entry.Value("name")
		name = string(value)
		return err
	})
	if err != nil || name == "" {
		return nil, lookError(err)
	}
	var order []string
	err = bolt.Look(c.snapshotsDB(), func(db bolt.Bucket) error {
		order = nil
		for at := name; at != ""; {
			one, isThere, err := readSnapshot(db, at)
			if err != nil {
				return err
			}
			if !isThere || len(order) > maxLayers {
				order = nil
				return nil
			}
			order = append(order, filepath.Join(c.folder(one.id), "fs"))
			at = one.parent
		}
		return nil
	})
	return order, lookError(err)
}

type snapshot struct {
	id     uint64
	parent string
}

func readSnapshot(db bolt.Bucket, name string) (one snapshot, isThere bool, err error) {
	entry, isThere, err := db.Bucket("v1", "snapshots", name)
	if err != nil || !isThere {
		return one, false, err
	}
	id, err := entry.Value("id")
	if err != nil {
		return one, false, err
	}
	parent, err := entry.Value("parent")
	if err != nil {
		return one, false, err
	}
	number, size := binary.Uvarint(id)
	return snapshot{number, string(parent)}, size > 0, nil
}

// note is an index or a manifest. Source: OCI image-spec, image-index.md and manifest.md.
type note struct {
	Manifests []struct {
		Digest string `json:"digest"`
	} `json:"manifests"`
	Config struct {
		Digest string `json:"digest"`
	} `json:"config"`
	Layers []struct {
		Digest string `json:"digest"`
	} `json:"layers"`
}

const (
	// Of an image for many platforms; each has one note more, for how it was made.
	maxManifests = 200
	// Of all notes of one image together.
	maxImageBytes = 16 << 20
)

// manifest is what one platform's image is made of.
type manifest struct {
	blobs  []string
	config imageConfig
}

// imageNotes is what stands in an image's notes: of one platform, or of all that are here.
type imageNotes struct {
	// Of the image itself and of indexes in it.
	indexes   []string
	manifests []manifest
	// Each is read once, and only so much of all.
	seen map[string]bool
	left int64
}

func (c containerd) readImage(image string) *imageNotes {
	found := &imageNotes{seen: map[string]bool{}, left: maxImageBytes}
	c.readNotes(found, image, 0)
	return found
}

func (n *imageNotes) read(path string) (text []byte, isThere bool) {
	if text, isThere = readNote(path); isThere {
		n.left -= int64(len(text))
	}
	return text, isThere && n.left >= 0
}

func (c containerd) readNotes(found *imageNotes, digest string, depth int) {
	if found.seen[digest] || len(found.seen) >= maxManifests {
		return
	}
	found.seen[digest] = true
	text, isThere := found.read(c.blob(digest))
	var one note
	if !isThere || json.Unmarshal(text, &one) != nil {
		return
	}
	if len(one.Manifests) > 0 {
		found.indexes = append(found.indexes, digest)
	}
	for _, inner := range one.Manifests {
		if IsDigest(inner.Digest) && depth < 2 {
			c.readNotes(found, inner.Digest, depth+1)
		}
	}
	if !IsDigest(one.Config.Digest) {
		return
	}
	text, isThere = found.read(c.blob(one.Config.Digest))
	config, isGood := parseConfig(text)
	if !isThere || !isGood {
		return
	}
	m := manifest{blobs: []string{digest, one.Config.Digest}, config: config}
	for _, layer := range one.Layers {
		if IsDigest(layer.Digest) && len(m.blobs) < maxLayers {
			m.blobs = append(m.blobs, layer.Digest)
		}
	}
	found.manifests = append(found.manifests, m)
}

// config gives the configuration that containers of the image are made with here: of the platforms whose layers are
// unpacked, this host's own before others, and one without layers last. The client knows which the engine means.
func (c containerd) config(image string) (config imageConfig, isThere bool, err error) {
	best := 0
	for _, m := range c.readImage(image).manifests {
		rank := 1
		if chains := m.config.chains(); len(chains) > 0 {
			order, err := c.snapshot(chains[len(chains)-1])
			if err != nil {
				return config, false, err
			}
			if len(order) == 0 {
				continue
			}
			rank = 2
			if m.config.Architecture == runtime.GOARCH {
				rank = 3
			}
		}
		if rank > best {
			best, config, isThere = rank, m.config, true
		}
	}
	return config, isThere, nil
}

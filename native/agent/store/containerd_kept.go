package store

import (
	"os"
	"path/filepath"
	"sort"
	"strings"

	"slipway/agent/bolt"
)

// What the engine's part of containerd's notes tells. Others may use the same containerd: theirs is not told.
type notes struct {
	isThere bool
	// What each snapshot is called in the snapshotter's notes.
	snapshots map[string]string
	blobs     []string
	images    map[string]bool
}

func (c containerd) notes() (notes, error) {
	var told notes
	err := bolt.Look(c.metaDB(), func(db bolt.Bucket) error {
		told = notes{snapshots: map[string]string{}, images: map[string]bool{}}
		var err error
		if _, told.isThere, err = db.Bucket("v1", c.namespace); err != nil || !told.isThere {
			return err
		}
		if err = each(db, func(key string, entry bolt.Bucket) error {
			name, err := entry.Value("name")
			told.snapshots[key] = string(name)
			return err
		}, "v1", c.namespace, "snapshots", Overlayfs); err != nil {
			return err
		}
		if err = each(db, func(key string, _ bolt.Bucket) error {
			told.blobs = append(told.blobs, key)
			return nil
		}, "v1", c.namespace, "content", "blob"); err != nil {
			return err
		}
		return each(db, func(_ string, entry bolt.Bucket) error {
			target, isThere, err := entry.Bucket("target")
			if err != nil || !isThere {
				return err
			}
			digest, err := target.Value("digest")
			told.images[string(digest)] = true
			return err
		}, "v1", c.namespace, "images")
	})
	return told, lookError(err)
}

// each visits the buckets in a bucket, if that is there.
func each(db bolt.Bucket, visit func(key string, entry bolt.Bucket) error, names ...string) error {
	bucket, isThere, err := db.Bucket(names...)
	if err != nil || !isThere {
		return err
	}
	return bucket.Each(func(key string, _ []byte, entry *bolt.Bucket) error {
		if entry == nil {
			return nil
		}
		return visit(key, *entry)
	})
}

func (n notes) isEmpty() bool { return len(n.snapshots) == 0 && len(n.images) == 0 }

// kept tells all that stands in the notes.
func (c containerd) kept(told notes) (*Kept, error) {
	found := &Kept{Containers: map[string][]string{}}
	if err := c.addSnapshots(found, told.snapshots); err != nil {
		return nil, err
	}
	for _, digest := range told.blobs {
		if IsDigest(digest) {
			found.Pieces = append(found.Pieces, Piece{"blob:" + digest, digest, []string{c.blob(digest)}})
		}
	}
	for digest := range told.images {
		if IsDigest(digest) {
			found.Images = append(found.Images, c.image(digest, told.snapshots))
		}
	}
	sort.Slice(found.Images, func(i, j int) bool { return found.Images[i].ID < found.Images[j].ID })
	return found, nil
}

// image tells the pieces of all its platforms that are here.
func (c containerd) image(digest string, snapshots map[string]string) Image {
	found := Image{ID: digest, Pieces: []string{}}
	isKnown := map[string]bool{}
	add := func(key string) {
		if !isKnown[key] {
			found.Pieces = append(found.Pieces, key)
		}
		isKnown[key] = true
	}
	read := c.readImage(digest)
	for _, m := range read.manifests {
		for _, chain := range m.config.chains() {
			if snapshots[chain] != "" {
				add(chain)
			}
		}
		for _, blob := range m.blobs {
			add("blob:" + blob)
		}
	}
	for _, blob := range append(read.indexes, digest) {
		add("blob:" + blob)
	}
	return found
}

// addSnapshots sorts the snapshots by whose they are. Between two layers of an image there may be one of the container
// that the upper one was made of: it is counted with that layer.
func (c containerd) addSnapshots(found *Kept, keys map[string]string) error {
	known := map[string]snapshot{}
	err := bolt.Look(c.snapshotsDB(), func(db bolt.Bucket) error {
		for _, name := range keys {
			one, isThere, err := readSnapshot(db, name)
			if err != nil {
				return err
			}
			if isThere {
				known[name] = one
			}
		}
		return nil
	})
	if err != nil {
		return lookError(err)
	}
	byName := map[string]string{}
	ordered := []string{}
	for key, name := range keys {
		byName[name] = key
		ordered = append(ordered, key)
	}
	sort.Strings(ordered)
	isBelow := map[string]bool{}
	for _, key := range ordered {
		one, isThere := known[keys[key]]
		if !IsDigest(key) || !isThere {
			continue
		}
		piece := Piece{Key: key, Name: key, Paths: []string{c.folder(one.id)}}
		for at := one.parent; at != "" && !IsDigest(byName[at]) && !isBelow[at]; at = known[at].parent {
			isBelow[at] = true
			piece.Paths = append(piece.Paths, c.folder(known[at].id))
		}
		found.Pieces = append(found.Pieces, piece)
	}
	for _, key := range ordered {
		one, isThere := known[keys[key]]
		if !isThere || IsDigest(key) || isBelow[keys[key]] {
			continue
		}
		id := strings.TrimSuffix(key, "-init")
		if !IsID(id) {
			found.Others = append(found.Others, Named{key, c.folder(one.id)})
			continue
		}
		found.Containers[id] = append(found.Containers[id], c.folder(one.id))
	}
	return nil
}

// rest is what containerd has besides: its notes, and what was fetched of images that are not whole yet.
func (c containerd) rest() []Named {
	found := []Named{}
	add := func(parts ...string) {
		name := filepath.Join(parts...)
		path := filepath.Join(c.root, name)
		if _, err := os.Lstat(path); err == nil {
			found = append(found, Named{"containerd/" + name, path})
		}
	}
	for _, name := range NamesOf(c.root) {
		switch name {
		case snapshotter:
			add(name, "metadata.db")
		case content:
			add(name, "ingest")
		default:
			add(name)
		}
	}
	return found
}

// Package layers walks the folders in which overlay2 keeps the layers of images and containers.
package layers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

// store is where an engine with the overlay2 driver keeps what it knows, below where its host stands for us.
// Layout: moby's layer and image packages; it has been the same since 1.10.
type store struct {
	root string
}

func openStore(hostRoot, root string) (store, error) {
	if !filepath.IsAbs(root) || filepath.Clean(root) != root {
		return store{}, wire.BadArgs("%q is no absolute path", root)
	}
	s := store{filepath.Join(hostRoot, root)}
	if info, err := os.Stat(filepath.Join(s.root, "image", "overlay2", "layerdb")); err != nil || !info.IsDir() {
		return store{}, wire.Errorf("engine.unsupported", "The layers are not kept by overlay2").With("root", root)
	}
	return s, nil
}

var (
	digestShape = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	hexShape    = regexp.MustCompile(`^[0-9a-f]{64}$`)
	// Of `cache-id` and `mount-id`: 64 digits, with -init for what the engine puts before a container's own layer.
	folderShape = regexp.MustCompile(`^[0-9a-z]{16,64}(-init)?$`)
)

// Layer is one layer of an image, the lowest first.
type Layer struct {
	DiffID  string `json:"diffId"`
	ChainID string `json:"chainId"`
	// What the engine counted when it unpacked it.
	SizeBytes int64 `json:"sizeBytes"`
	// The instruction that made it, and when; empty where nobody wrote it down.
	Command string `json:"command"`
	Created string `json:"created"`
}

// imageConfig is what we read of an image's configuration. Source: OCI image-spec, config.md.
type imageConfig struct {
	RootFS struct {
		DiffIDs []string `json:"diff_ids"`
	} `json:"rootfs"`
	History []history `json:"history"`
}

type history struct {
	Created   string `json:"created"`
	CreatedBy string `json:"created_by"`
	IsEmpty   bool   `json:"empty_layer"`
}

// instructions gives the history of each layer, or nothing when they do not match.
func (c imageConfig) instructions() []history {
	made := []history{}
	for _, line := range c.History {
		if !line.IsEmpty {
			made = append(made, line)
		}
	}
	if len(made) != len(c.RootFS.DiffIDs) {
		return make([]history, len(c.RootFS.DiffIDs))
	}
	return made
}

// List serves `layers.list`: {root, image} gives the layers of an image.
func List(hostRoot string) wire.Call {
	return func(_ context.Context, raw json.RawMessage) (any, error) {
		var args struct{ Root, Image string }
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return nil, err
		}
		if !digestShape.MatchString(args.Image) {
			return nil, wire.BadArgs("%q is no image id", args.Image)
		}
		s, err := openStore(hostRoot, args.Root)
		if err != nil {
			return nil, err
		}
		return s.layersOf(args.Image)
	}
}

func (s store) layersOf(image string) ([]Layer, error) {
	path := filepath.Join(s.root, "image", "overlay2", "imagedb", "content", "sha256", strings.TrimPrefix(image, "sha256:"))
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, wire.Errorf("object.not-found", "The engine keeps no such image here").With("id", image)
	}
	var config imageConfig
	if err := json.Unmarshal(text, &config); err != nil {
		return nil, wire.Errorf("engine.bad-answer", "The image's configuration is damaged").With("id", image)
	}
	layers := []Layer{}
	chain := ""
	made := config.instructions()
	for i, diff := range config.RootFS.DiffIDs {
		if !digestShape.MatchString(diff) {
			return nil, wire.Errorf("engine.bad-answer", "The image's configuration is damaged").With("id", image)
		}
		chain = chainID(chain, diff)
		layers = append(layers, Layer{
			DiffID: diff, ChainID: chain, SizeBytes: s.sizeOf(chain), Command: made[i].CreatedBy, Created: made[i].Created,
		})
	}
	return layers, nil
}

// chainID names a layer with all below it. Source: OCI image-spec, config.md, "Layer ChainID".
func chainID(parent, diff string) string {
	if parent == "" {
		return diff
	}
	sum := sha256.Sum256([]byte(parent + " " + diff))
	return "sha256:" + hex.EncodeToString(sum[:])
}

func (s store) sizeOf(chain string) int64 {
	text, err := os.ReadFile(filepath.Join(s.layerFolder(chain), "size"))
	if err != nil {
		return 0
	}
	size, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	if err != nil {
		return 0
	}
	return size
}

func (s store) layerFolder(chain string) string {
	return filepath.Join(s.root, "image", "overlay2", "layerdb", "sha256", strings.TrimPrefix(chain, "sha256:"))
}

// Which names one layer: an image's by its chain, or the one that a container writes to.
type Which struct {
	Root      string `json:"root"`
	ChainID   string `json:"chainId"`
	Container string `json:"container"`
}

// open holds the folder of a layer's files.
func (w Which) open(hostRoot string) (*rooted.Root, error) {
	s, err := openStore(hostRoot, w.Root)
	if err != nil {
		return nil, err
	}
	var note string
	switch {
	case digestShape.MatchString(w.ChainID) && w.Container == "":
		note = filepath.Join(s.layerFolder(w.ChainID), "cache-id")
	case hexShape.MatchString(w.Container) && w.ChainID == "":
		note = filepath.Join(s.root, "image", "overlay2", "layerdb", "mounts", w.Container, "mount-id")
	default:
		return nil, wire.BadArgs("name a layer by its chain id or a container by its id")
	}
	text, err := os.ReadFile(note)
	folder := strings.TrimSpace(string(text))
	if err != nil || !folderShape.MatchString(folder) {
		return nil, wire.Errorf("object.not-found", "The engine keeps no such layer here")
	}
	root, err := rooted.Open(filepath.Join(s.root, "overlay2", folder, "diff"))
	if err != nil {
		return nil, wire.Errorf("object.not-found", "The layer's files are not here")
	}
	return root, nil
}

package disk

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	idShape     = regexp.MustCompile(`^[0-9a-f]{64}$`)
	digestShape = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	folderShape = regexp.MustCompile(`^[0-9a-z]{16,64}$`)
)

// An image's configuration is some kilobytes.
const maxConfigBytes = 4 << 20

// store is how an engine with the overlay2 driver keeps layers. Layout: moby's layer and image packages; it has been
// the same since 1.10.
type store struct{ root string }

// The engine's own name for it; with the containerd image store it says overlayfs.
const overlay2 = "overlay2"

// openStore gives nil where layers are kept in another way (the containerd image store, another driver).
func openStore(root, driver string) *store {
	if driver != overlay2 {
		return nil
	}
	// What is in it comes with the first layer.
	info, err := os.Stat(filepath.Join(root, "image", "overlay2", "layerdb"))
	if err != nil || !info.IsDir() {
		return nil
	}
	return &store{root}
}

func (s *store) folder(name string) string { return filepath.Join(s.root, "overlay2", name) }

func (s *store) layers() []Layer {
	found := []Layer{}
	db := filepath.Join(s.root, "image", "overlay2", "layerdb", "sha256")
	for _, name := range namesOf(db) {
		if folder := readName(filepath.Join(db, name, "cache-id")); folder != "" && idShape.MatchString(name) {
			found = append(found, Layer{ChainID: "sha256:" + name, Folder: folder})
		}
	}
	return found
}

// mounts gives the folder that each container writes to.
func (s *store) mounts() map[string]string {
	found := map[string]string{}
	db := filepath.Join(s.root, "image", "overlay2", "layerdb", "mounts")
	for _, id := range namesOf(db) {
		if folder := readName(filepath.Join(db, id, "mount-id")); folder != "" {
			found[id] = folder
		}
	}
	return found
}

func (s *store) images() []Image {
	found := []Image{}
	db := filepath.Join(s.root, "image", "overlay2", "imagedb", "content", "sha256")
	for _, name := range namesOf(db) {
		if !idShape.MatchString(name) {
			continue
		}
		info, err := os.Stat(filepath.Join(db, name))
		if err != nil || info.Size() > maxConfigBytes {
			continue
		}
		text, err := os.ReadFile(filepath.Join(db, name))
		if err != nil {
			continue
		}
		if layers, isWhole := chainsOf(text); isWhole {
			found = append(found, Image{ID: "sha256:" + name, Layers: layers})
		}
	}
	return found
}

// chainsOf names each layer with all below it. Source: OCI image-spec, config.md, "Layer ChainID".
func chainsOf(config []byte) ([]string, bool) {
	var parsed struct {
		RootFS struct {
			DiffIDs []string `json:"diff_ids"`
		} `json:"rootfs"`
	}
	if json.Unmarshal(config, &parsed) != nil || len(parsed.RootFS.DiffIDs) > maxLayers {
		return nil, false
	}
	chains := []string{}
	for i, diff := range parsed.RootFS.DiffIDs {
		if !digestShape.MatchString(diff) {
			return nil, false
		}
		if i > 0 {
			sum := sha256.Sum256([]byte(chains[i-1] + " " + diff))
			diff = "sha256:" + hex.EncodeToString(sum[:])
		}
		chains = append(chains, diff)
	}
	return chains, true
}

func readName(path string) string {
	text, err := os.ReadFile(path)
	name := strings.TrimSpace(string(text))
	if err != nil || !folderShape.MatchString(name) {
		return ""
	}
	return name
}

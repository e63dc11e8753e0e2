package store

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// graph is where an engine with the overlay2 driver keeps layers. Layout: moby's layer and image packages; it has been
// the same since 1.10.
type graph struct{ root string }

// Of `cache-id` and `mount-id`: 64 digits, or 25 letters and digits where the build cache made the layer.
var folderShape = regexp.MustCompile(`^[0-9a-z]{16,64}$`)

func openGraph(root string) *graph {
	g := &graph{root}
	if info, err := os.Stat(g.db()); err != nil || !info.IsDir() {
		return nil
	}
	return g
}

// What is in it comes with the first layer.
func (g *graph) db() string { return filepath.Join(g.root, "image", "overlay2", "layerdb") }

func (g *graph) folder(name string) string { return filepath.Join(g.root, "overlay2", name) }

// named reads the name of a folder out of a note.
func (g *graph) named(parts ...string) string {
	name := readShort(filepath.Join(append([]string{g.db()}, parts...)...))
	if !folderShape.MatchString(name) {
		return ""
	}
	return name
}

func (g *graph) layer(chainID string) (folder string, isThere bool) {
	name := g.named("sha256", strings.TrimPrefix(chainID, "sha256:"), "cache-id")
	return filepath.Join(g.folder(name), "diff"), name != ""
}

func (g *graph) container(id string) (Container, error) {
	name := g.named("mounts", id, "mount-id")
	if name == "" {
		return Container{}, nil
	}
	own := g.folder(name)
	lower, err := os.ReadFile(filepath.Join(own, "lower"))
	if err != nil {
		return Container{}, unsupported("The engine does not tell which layers are below the container's")
	}
	// The engine names the upper folder by a whole path, or by one in its store where whole ones are too long.
	found := Container{Upper: filepath.Join(own, "diff"), MountedAs: filepath.Join(name, "diff")}
	for _, link := range strings.Split(strings.TrimSpace(string(lower)), ":") {
		found.Lower = append(found.Lower, g.folder(link))
	}
	if len(found.Lower) > maxLayers {
		return Container{}, unsupported("The container has too many layers")
	}
	return found, nil
}

func (g *graph) images() string {
	return filepath.Join(g.root, "image", "overlay2", "imagedb", "content", "sha256")
}

func (g *graph) config(image string) (text []byte, isThere bool) {
	return readNote(filepath.Join(g.images(), strings.TrimPrefix(image, "sha256:")))
}

// readNote reads a file that is no longer than an image's notes are.
func readNote(path string) (text []byte, isThere bool) {
	if info, err := os.Stat(path); err != nil || info.Size() > maxNoteBytes {
		return nil, false
	}
	text, err := os.ReadFile(path)
	return text, err == nil
}

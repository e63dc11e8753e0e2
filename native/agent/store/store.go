// Package store finds the folders in which an engine keeps the layers of images and containers on its host.
package store

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"slipway/agent/wire"
)

var (
	digestShape = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	idShape     = regexp.MustCompile(`^[0-9a-f]{64}$`)
)

// IsDigest tells the shape of an image's id, of a layer's diff and of a chain.
func IsDigest(text string) bool { return digestShape.MatchString(text) }

// IsID tells the shape of a container's whole id.
func IsID(text string) bool { return idShape.MatchString(text) }

// Store is what an engine keeps of layers: below its data root by the overlay2 driver, or in the image store of its
// containerd. An engine that was changed from one to the other leaves the first as it was: names are looked for in
// both, as what a digest or a container's id names is the same everywhere.
type Store struct {
	graph       *graph
	containerds []containerd
}

// Container is what the files of a container are made of.
type Container struct {
	// The folder that it writes to.
	Upper string
	// The layers below, the uppermost first.
	Lower []string
	// How a mount of it names the upper folder: as a whole path of the host, or its end.
	MountedAs string
}

// Open looks for the store of the engine with this data root, on a host whose root stands at `hostRoot`.
func Open(hostRoot, dataRoot string) (Store, error) {
	if !filepath.IsAbs(dataRoot) || filepath.Clean(dataRoot) != dataRoot {
		return Store{}, wire.BadArgs("%q is no absolute path", dataRoot)
	}
	return Store{openGraph(filepath.Join(hostRoot, dataRoot)), openContainerds(hostRoot, dataRoot)}, nil
}

func (s Store) check() error {
	if s.graph == nil && len(s.containerds) == 0 {
		return unsupported("The layers are kept neither by overlay2 nor by containerd's overlayfs")
	}
	return nil
}

func unsupported(format string, values ...any) *wire.Error {
	return wire.Errorf("engine.unsupported", format, values...).With("what", "agent")
}

func missing(what string) *wire.Error {
	return wire.Errorf("object.not-found", "The engine keeps no such %s here", what)
}

// Layer gives the folder with the files of an image's layer, which its chain id names.
func (s Store) Layer(chainID string) (string, error) {
	if !IsDigest(chainID) {
		return "", wire.BadArgs("%q is no chain id", chainID)
	}
	if err := s.check(); err != nil {
		return "", err
	}
	if s.graph != nil {
		if folder, isThere := s.graph.layer(chainID); isThere {
			return folder, nil
		}
	}
	folder := ""
	err := s.ask("layer", func(c containerd) (bool, error) {
		order, err := c.snapshot(chainID)
		if len(order) > 0 {
			folder = order[0]
		}
		return folder != "", err
	})
	return folder, err
}

// ask goes from one containerd to the next until one has it. What one could not tell matters only if none has.
func (s Store) ask(what string, has func(c containerd) (bool, error)) error {
	var failure error
	for _, c := range s.containerds {
		isThere, err := has(c)
		if isThere {
			return nil
		}
		if failure == nil {
			failure = err
		}
	}
	if failure != nil {
		return failure
	}
	return missing(what)
}

// Container tells what a container's files are made of.
func (s Store) Container(id string) (Container, error) {
	if !IsID(id) {
		return Container{}, wire.BadArgs("%q is no container's id", id)
	}
	if err := s.check(); err != nil {
		return Container{}, err
	}
	if s.graph != nil {
		if found, err := s.graph.container(id); err != nil || found.Upper != "" {
			return found, err
		}
	}
	found := Container{}
	err := s.ask("container", func(c containerd) (bool, error) {
		order, err := c.snapshot(id)
		if len(order) > 1 {
			found = Container{Upper: order[0], Lower: order[1:], MountedAs: c.onHost(order[0])}
		}
		return found.Upper != "", err
	})
	return found, err
}

// IsAbove tells whether a container's files stand on this layer: it may have been made of another platform's image.
func (s Store) IsAbove(container Container, chainID string) (bool, error) {
	folder, err := s.Layer(chainID)
	if err != nil {
		return false, err
	}
	layer, err := os.Stat(folder)
	if err != nil {
		return false, missing("layer")
	}
	for _, lower := range container.Lower {
		if info, err := os.Stat(lower); err == nil && os.SameFile(info, layer) {
			return true, nil
		}
	}
	return false, nil
}

// Layers gives the layers of an image, the lowest first.
func (s Store) Layers(image string) ([]Layer, error) {
	if !IsDigest(image) {
		return nil, wire.BadArgs("%q is no image id", image)
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.graph != nil {
		if text, isThere := s.graph.config(image); isThere {
			return layersOf(text)
		}
	}
	var layers []Layer
	err := s.ask("image", func(c containerd) (bool, error) {
		config, isThere, err := c.config(image)
		if isThere {
			layers = config.layers()
		}
		return isThere, err
	})
	return layers, err
}

// readShort reads a note of one line.
func readShort(path string) string {
	text, err := os.ReadFile(path)
	if err != nil || len(text) > 4096 {
		return ""
	}
	return strings.TrimSpace(string(text))
}

// lookError is told for a database that could not be read. One that is not there tells of nothing.
func lookError(err error) error {
	if err == nil || errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return unsupported("containerd's notes on its layers cannot be read: %v", err)
}

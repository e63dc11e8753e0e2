// Package layers walks the folders in which an engine keeps the layers of images and containers.
package layers

import (
	"context"
	"encoding/json"

	"slipway/agent/rooted"
	"slipway/agent/store"
	"slipway/agent/wire"
)

// List serves `layers.list`: {root, image} gives the layers of an image.
func List(hostRoot string) wire.Call {
	return func(_ context.Context, raw json.RawMessage) (any, error) {
		var args struct{ Root, Image string }
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return nil, err
		}
		kept, err := store.Open(hostRoot, args.Root)
		if err != nil {
			return nil, err
		}
		return kept.Layers(args.Image)
	}
}

// Which names one layer: an image's by its chain, or the one that a container writes to.
type Which struct {
	Root      string `json:"root"`
	ChainID   string `json:"chainId"`
	Container string `json:"container"`
	// Of a container: the uppermost layer of the image that it is compared with. Another one's would say nothing.
	Above string `json:"above"`
}

// open holds the folder of a layer's files.
func (w Which) open(hostRoot string) (*rooted.Root, error) {
	folder, err := w.folder(hostRoot)
	if err != nil {
		return nil, err
	}
	root, err := rooted.Open(folder)
	if err != nil {
		return nil, wire.Errorf("object.not-found", "The layer's files are not here")
	}
	return root, nil
}

func (w Which) folder(hostRoot string) (string, error) {
	kept, err := store.Open(hostRoot, w.Root)
	if err != nil {
		return "", err
	}
	if w.Container == "" {
		return kept.Layer(w.ChainID)
	}
	if w.ChainID != "" {
		return "", wire.BadArgs("name a layer by its chain id or a container by its id")
	}
	found, err := kept.Container(w.Container)
	if err != nil || w.Above == "" {
		return found.Upper, err
	}
	isAbove, err := kept.IsAbove(found, w.Above)
	if err == nil && !isAbove {
		err = wire.Errorf("engine.unsupported", "The container was made of another image").With("what", "agent")
	}
	return found.Upper, err
}

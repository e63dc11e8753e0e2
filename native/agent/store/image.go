package store

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"slipway/agent/wire"
)

// A container's layers: the engine allows it 128, and puts some of its own before them.
const maxLayers = 256

// An image's configuration, manifest or index is some kilobytes.
const maxNoteBytes = 4 << 20

// Layer is one layer of an image.
type Layer struct {
	DiffID  string `json:"diffId"`
	ChainID string `json:"chainId"`
	// The instruction that made it, and when; empty where nobody wrote it down.
	Command string `json:"command"`
	Created string `json:"created"`
}

// imageConfig is what we read of an image's configuration. Source: OCI image-spec, config.md.
type imageConfig struct {
	Architecture string `json:"architecture"`
	RootFS       struct {
		DiffIDs []string `json:"diff_ids"`
	} `json:"rootfs"`
	History []history `json:"history"`
}

type history struct {
	Created   string `json:"created"`
	CreatedBy string `json:"created_by"`
	IsEmpty   bool   `json:"empty_layer"`
}

func layersOf(text []byte) ([]Layer, error) {
	config, isGood := parseConfig(text)
	if !isGood {
		return nil, wire.Errorf("engine.bad-answer", "The image's configuration is damaged")
	}
	return config.layers(), nil
}

func parseConfig(text []byte) (config imageConfig, isGood bool) {
	if json.Unmarshal(text, &config) != nil || len(config.RootFS.DiffIDs) > maxLayers {
		return config, false
	}
	for _, diff := range config.RootFS.DiffIDs {
		if !IsDigest(diff) {
			return config, false
		}
	}
	return config, true
}

// chains names each layer with all below it. Source: OCI image-spec, config.md, "Layer ChainID".
func (c imageConfig) chains() []string {
	chains := make([]string, 0, len(c.RootFS.DiffIDs))
	for i, diff := range c.RootFS.DiffIDs {
		if i > 0 {
			sum := sha256.Sum256([]byte(chains[i-1] + " " + diff))
			diff = "sha256:" + hex.EncodeToString(sum[:])
		}
		chains = append(chains, diff)
	}
	return chains
}

func (c imageConfig) layers() []Layer {
	made := c.instructions()
	layers := []Layer{}
	for i, chain := range c.chains() {
		layers = append(layers, Layer{
			DiffID: c.RootFS.DiffIDs[i], ChainID: chain, Command: made[i].CreatedBy, Created: made[i].Created,
		})
	}
	return layers
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

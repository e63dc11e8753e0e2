package disk

import "sync"

// Layers of images never change: the key names one with the folders that it was measured in.
const maxKept = 20_000

var kept = struct {
	sync.Mutex
	layers map[string]Usage
}{layers: map[string]Usage{}}

func recall(key string) (Usage, bool) {
	kept.Lock()
	defer kept.Unlock()
	usage, isKnown := kept.layers[key]
	return usage, isKnown
}

func keep(key string, usage Usage) {
	if usage.IsCut {
		return
	}
	kept.Lock()
	defer kept.Unlock()
	if len(kept.layers) >= maxKept {
		kept.layers = map[string]Usage{}
	}
	kept.layers[key] = usage
}

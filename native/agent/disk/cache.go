package disk

import "sync"

// Layers of images never change, and their folders' names are used once.
const maxKept = 20_000

var kept = struct {
	sync.Mutex
	layers map[string]Usage
}{layers: map[string]Usage{}}

func recall(folder string) (Usage, bool) {
	kept.Lock()
	defer kept.Unlock()
	usage, isKnown := kept.layers[folder]
	return usage, isKnown
}

func keep(folder string, usage Usage) {
	if usage.IsCut {
		return
	}
	kept.Lock()
	defer kept.Unlock()
	if len(kept.layers) >= maxKept {
		kept.layers = map[string]Usage{}
	}
	kept.layers[folder] = usage
}

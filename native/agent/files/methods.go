package files

import (
	"slipway/agent/rooted"
	"slipway/agent/wire"
)

// Tests stand on an older kernel by it.
var keepsInside = rooted.KeepsInside

// Serve adds the calls and streams of files. Without a writable side only what reads is served, and nothing where the
// kernel does not keep paths inside a root: whoever finds no such method here asks the engine.
func (r Roots) Serve(methods *wire.Methods) {
	if !keepsInside() {
		return
	}
	methods.Calls["files.stat"] = r.Stat
	methods.Calls["files.removalPlan"] = r.RemovalPlan
	methods.Streams["files.list"] = r.List
	methods.Streams["files.read"] = r.Read
	methods.Streams["files.find"] = r.Find
	methods.Streams["files.tar"] = r.Tar
	if r.Writable == "" {
		return
	}
	methods.Calls["files.makeFolder"] = r.MakeFolder()
	methods.Calls["files.rename"] = r.Rename()
	methods.Calls["files.remove"] = r.Remove
	methods.Calls["files.chmod"] = r.Chmod()
	methods.Streams["files.write"] = r.Write
	methods.Streams["files.upload"] = r.Upload
}

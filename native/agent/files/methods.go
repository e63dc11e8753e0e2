package files

import "slipway/agent/wire"

// Serve adds the calls and streams of files. Without a writable side only what reads is served.
func (r Roots) Serve(methods *wire.Methods) {
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

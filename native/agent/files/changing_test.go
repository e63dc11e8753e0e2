package files

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

var (
	stoppedID = strings.Repeat("c", 64)
	ownFolder = strings.Repeat("d", 64)
)

// stoppedLab is an engine's data root with a container that does not run, on a host whose mounts and control groups
// are files of ours.
func stoppedLab(t *testing.T) (roots Roots, own string) {
	t.Helper()
	roots, _ = lab(t)
	roots.Proc, roots.Cgroups = filepath.Join(roots.Host, "proc"), filepath.Join(roots.Host, "cgroup")
	store := filepath.Join(roots.Host, "data", "overlay2")
	own = filepath.Join(store, ownFolder)
	note := filepath.Join(roots.Host, "data", "image/overlay2/layerdb/mounts", stoppedID)
	for _, folder := range []string{
		filepath.Join(own, "diff"), filepath.Join(own, "work"), filepath.Join(store, "l", "LOWER", "w"), note,
		filepath.Join(roots.Proc, "1"), roots.Cgroups,
	} {
		must(t, os.MkdirAll(folder, 0o755))
	}
	must(t, os.WriteFile(filepath.Join(own, "lower"), []byte("l/LOWER"), 0o644))
	must(t, os.WriteFile(filepath.Join(note, "mount-id"), []byte(ownFolder), 0o644))
	must(t, os.WriteFile(filepath.Join(roots.Cgroups, "cgroup.controllers"), nil, 0o644))
	roots.setMounts(t, "")
	return roots, own
}

func (r Roots) setMounts(t *testing.T, options string) {
	t.Helper()
	table := "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:40 / /merged rw - overlay overlay rw,lowerdir=/x/l/A" + options + "\n"
	must(t, os.WriteFile(filepath.Join(r.Proc, "1", "mountinfo"), []byte(table), 0o644))
}

func stoppedArgs(path string) json.RawMessage {
	raw, _ := json.Marshal(map[string]any{"root": "/data", "container": stoppedID, "path": path})
	return raw
}

func isState(err error) bool {
	var known *wire.Error
	return errors.As(err, &known) && known.Code == "object.conflict" && known.Facts["reason"] == "state"
}

func TestAContainerThatTheEngineBeganToUseIsNotChanged(t *testing.T) {
	roots, own := stoppedLab(t)
	make := func(name string) error {
		_, err := roots.MakeFolder()(context.Background(), stoppedArgs("/w/"+name))
		return err
	}
	must(t, make("one"))
	group := filepath.Join(roots.Cgroups, "docker", stoppedID)
	must(t, os.MkdirAll(group, 0o755))
	if err := make("two"); !isState(err) {
		t.Errorf("with a control group: %v", err)
	}
	must(t, os.Remove(group))
	must(t, make("three"))
	for name, want := range map[string]bool{"one": true, "two": false, "three": true} {
		if _, err := os.Stat(filepath.Join(own, "diff", "w", name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAMountIsKnownByItsUpperFolder(t *testing.T) {
	upper := filepath.Join(ownFolder, "diff")
	line := "30 22 0:40 / /merged rw - overlay overlay rw,lowerdir=/x/l/A"
	for options, want := range map[string]bool{
		",upperdir=/data/overlay2/" + upper + ",workdir=/x": true,
		",upperdir=" + upper: true,
		",upperdir=/data/overlay2/another/diff,workdir=/x":    false,
		",upperdir=/data/overlay2/x" + upper + "2,workdir=/x": false,
		"": false,
	} {
		if isUpper(line+options+"\n", upper) != want {
			t.Errorf("%s: %v", options, !want)
		}
	}
}

// The engine forgets to unmount now and then: nobody could ever change that container's files again.
func TestAMountThatTheEngineLeftBehindIsNoHindrance(t *testing.T) {
	roots, own := stoppedLab(t)
	roots.setMounts(t, ",upperdir=/data/overlay2/"+ownFolder+"/diff")
	_, err := roots.MakeFolder()(context.Background(), stoppedArgs("/w/new"))
	must(t, err)
	if _, err := os.Stat(filepath.Join(own, "diff", "w", "new")); err != nil {
		t.Error(err)
	}
	upper := filepath.Join(ownFolder, "diff")
	if leftovers.isNew(upper, true) {
		t.Error("it is not remembered")
	}
	if leftovers.isNew(upper, false); !leftovers.isNew(upper, true) {
		t.Error("one that comes after it has gone is another")
	}
}

func TestTheEngineIsWaitedForWhileItLetsGo(t *testing.T) {
	roots, own := stoppedLab(t)
	roots.setMounts(t, ",upperdir=/data/overlay2/"+ownFolder+"/diff")
	time.AfterFunc(100*time.Millisecond, func() { roots.setMounts(t, "") })
	_, err := roots.MakeFolder()(context.Background(), stoppedArgs("/w/new"))
	must(t, err)
	if _, err := os.Stat(filepath.Join(own, "diff", "w", "new")); err != nil {
		t.Error(err)
	}
}

func TestAChangeIsNotFinishedOnceTheContainerStarts(t *testing.T) {
	roots, own := stoppedLab(t)
	where := Where{Root: "/data", Container: stoppedID, Path: "/w/file"}
	p, err := roots.open(where, true)
	must(t, err)
	defer p.close()
	target, err := p.target(p.path)
	must(t, err)
	defer target.close()
	d, err := newDraft(target.dir, p.still)
	must(t, err)
	must(t, d.write([]byte("new")))
	roots.setMounts(t, ",upperdir=/data/overlay2/"+ownFolder+"/diff")
	time.AfterFunc(100*time.Millisecond, func() { os.MkdirAll(filepath.Join(roots.Cgroups, "docker", stoppedID), 0o755) })
	if _, err := target.replace(d, ""); !isState(err) {
		t.Errorf("%v", err)
	}
	d.drop()
	if left, _ := os.ReadDir(filepath.Join(own, "diff", "w")); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestWhoChangesAContainerAtOnceSharesOneMount(t *testing.T) {
	roots, own := stoppedLab(t)
	where := Where{Root: "/data", Container: stoppedID, Path: "/w"}
	first, err := roots.open(where, true)
	must(t, err)
	second, err := roots.open(where, true)
	must(t, err)
	upper := filepath.Join(own, "diff")
	if len(mounts) != 1 || mounts[upper].users != 2 {
		t.Errorf("%v", mounts)
	}
	first.close()
	held, _, err := second.hold("/w")
	must(t, err)
	must(t, makeFolder(held, "new"))
	held.Close()
	second.close()
	if len(mounts) != 0 {
		t.Errorf("%v is still mounted", mounts)
	}
}

// The engine mounts the layers of a container that does not run whenever it compares or copies its files.
func TestTheEnginesOwnMountDoesNoHarmToAChange(t *testing.T) {
	roots, own := stoppedLab(t)
	below := filepath.Join(roots.Host, "data", "overlay2", "l", "LOWER")
	must(t, os.WriteFile(filepath.Join(below, "w", "old"), []byte("old"), 0o644))
	p, err := roots.open(Where{Root: "/data", Container: stoppedID, Path: "/w"}, true)
	must(t, err)
	held, _, err := p.hold("/w")
	must(t, err)
	// An index binds the upper folder to one mount, wherever the kernel has one by default.
	var layers layerFolders
	options, err := overlay{upper: filepath.Join(own, "diff"), work: filepath.Join(own, "work")}.options(&layers)
	must(t, err)
	layers.close()
	_, err = os.Stat("/sys/module/overlay/parameters/index")
	if strings.Contains(options, ",index=off") != (err == nil) {
		t.Errorf("%q %v", options, err)
	}
	engines := overlay{lower: []string{below}, upper: filepath.Join(own, "diff"), work: filepath.Join(own, "work")}
	mount, err := mountDetached(engines)
	must(t, err)
	mount.Close()
	// This copies the file up, by way of the work folder.
	must(t, rooted.Rename(held, "old", held, "new", false))
	held.Close()
	p.close()
	if text, err := os.ReadFile(filepath.Join(own, "diff", "w", "new")); string(text) != "old" {
		t.Errorf("%q %v", text, err)
	}
	if left, _ := filepath.Glob(filepath.Join(own, "slipway-work-*")); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

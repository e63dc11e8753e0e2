package logs

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"slipway/agent/wire"
)

func rename(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

// seconds are those of the first lines of a log's files, the oldest first.
func seconds(t *testing.T, all []segment) (found []int64) {
	t.Helper()
	for _, one := range all {
		first, _, err := firstTime(one, format{})
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, first/1e9)
	}
	return found
}

// The engine renames the oldest first and then creates the new file: whoever opens a log may come between any two.
func TestALogThatIsRotatedWhileItIsOpened(t *testing.T) {
	for _, one := range []struct {
		name  string
		files map[string]int64
		// What the engine still does, before the second try.
		rest func(path string)
		want []int64
	}{
		{"the newest is renamed, the next not created", map[string]int64{"log.1": 20, "log.2": 10, "log.x": 30},
			func(path string) { rename(t, path+".x", path) }, []int64{10, 20, 30}},
		{"a gap", map[string]int64{"log": 20, "log.2": 10, "log.x": 30},
			func(path string) { rename(t, path, path+".1"); rename(t, path+".x", path) }, []int64{10, 20, 30}},
		{"a gap before compressed ones", map[string]int64{"log": 30, "log.1": 20, "log.3.gz": 10},
			func(path string) { rename(t, path+".3.gz", path+".2.gz") }, []int64{10, 20, 30}},
	} {
		path := rotated(t, one.files)
		pauses := 0
		all, err := openStanding(path, func() {
			pauses++
			if pauses == 1 {
				one.rest(path)
			}
		})
		if err != nil {
			t.Errorf("%s: %v", one.name, err)
			continue
		}
		got := seconds(t, all)
		closeAll(all)
		if pauses != 1 || len(got) != len(one.want) {
			t.Errorf("%s: %v after %d pauses, want %v", one.name, got, pauses, one.want)
			continue
		}
		for i := range got {
			if got[i] != one.want[i] {
				t.Errorf("%s: %v, want %v", one.name, got, one.want)
			}
		}
	}
}

func TestFilesThatWereRenamedAfterTheyWereOpenedDoNotStand(t *testing.T) {
	path := rotated(t, map[string]int64{"log": 30, "log.1": 20, "log.2": 10})
	all, isMoving, err := openOnce(path)
	if err != nil || isMoving || !stands(path, all) {
		t.Fatalf("%v, %v", isMoving, err)
	}
	defer closeAll(all)
	oldest, older, newest := all[0], all[1], all[2]
	if stands(path, []segment{older, older, newest}) || stands(path, []segment{oldest, newest, newest}) {
		t.Error("a file stands twice")
	}
	rename(t, path, path+".3")
	if stands(path, all) {
		t.Error("the newest has no name")
	}
	rename(t, path+".1", path)
	if stands(path, all) {
		t.Error("another has the newest one's name")
	}
}

// A container that never ran has a folder and no log: it is answered soon, and with the same words.
func TestALogThatIsNotThere(t *testing.T) {
	for path, want := range map[string]int{
		filepath.Join(t.TempDir(), "log"):         openTries - 1,
		filepath.Join(t.TempDir(), "gone", "log"): 0,
	} {
		pauses := 0
		_, err := openStanding(path, func() { pauses++ })
		var told *wire.Error
		if !errors.As(err, &told) || told.Code != "object.not-found" || pauses != want {
			t.Errorf("%v after %d pauses, want %d", err, pauses, want)
		}
	}
	if all := (openTries - 1) * openPause; all > 90*time.Millisecond {
		t.Errorf("it takes %v", all)
	}
}

// Somebody took a rotated file away: the log is read as far as it goes.
func TestAGapThatStays(t *testing.T) {
	path := rotated(t, map[string]int64{"log": 30, "log.2": 10})
	all, err := openStanding(path, func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll(all)
	if got := seconds(t, all); len(got) != 1 || got[0] != 30 {
		t.Errorf("%v", got)
	}
}

// Between two opens the newest got the next name: a second name for one file is how that looks from here.
func TestAFileThatWasOpenedTwiceIsOpenedAgain(t *testing.T) {
	path := rotated(t, map[string]int64{"log": 20, "log.x": 30})
	if err := os.Link(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	all, err := openStanding(path, func() { rename(t, path+".x", path) })
	if err != nil {
		t.Fatal(err)
	}
	defer closeAll(all)
	if got := seconds(t, all); len(got) != 2 || got[0] != 20 || got[1] != 30 {
		t.Errorf("%v", got)
	}
}

// A part that cannot be opened is not one that is not there: without it the log would be told in part.
func TestAnOlderPartThatCannotBeOpened(t *testing.T) {
	path := rotated(t, map[string]int64{"log": 30, "log.2": 10})
	// Not even root can open it.
	if err := syscall.Mknod(path+".1", syscall.S_IFSOCK|0o600, 0); err != nil {
		t.Fatal(err)
	}
	var told *wire.Error
	if _, err := openStanding(path, func() {}); !errors.As(err, &told) || told.Code != "file.failed" {
		t.Errorf("%v", err)
	}
	newest := segmentOf(t, jsonOf(t, line{text: "x\n", timeNs: 20e9}))
	late := &read{path: path, all: []segment{newest}, entry: Entry{TimeNs: 5e9}}
	if found := late.newer(); len(found) != 0 {
		t.Errorf("%d files are read past one that is left out", len(found))
	}
}

func TestWhichDriverHasWritten(t *testing.T) {
	host, id := t.TempDir(), strings.Repeat("a", 64)
	dir := filepath.Join(host, "data", "containers", id)
	expect := func(driver, name string) {
		t.Helper()
		source := Source{Root: "/data", Container: id}
		path, err := source.path(host)
		if err != nil || source.Driver != driver || path != filepath.Join(dir, name) {
			t.Errorf("%q, %q, %v", source.Driver, path, err)
		}
	}
	expect("json-file", id+"-json.log")
	// Its files may be amid a rotation.
	if err := os.MkdirAll(filepath.Join(dir, "local-logs"), 0o700); err != nil {
		t.Fatal(err)
	}
	expect("local", filepath.Join("local-logs", "container.log"))
}

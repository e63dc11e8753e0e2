package files

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"sort"
	"syscall"
	"testing"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

func TestWithoutAKernelThatKeepsPathsInsideNoFilesAreServed(t *testing.T) {
	before := keepsInside
	defer func() { keepsInside = before }()
	for _, keeps := range []bool{true, false} {
		keepsInside = func() bool { return keeps }
		methods := wire.Methods{Calls: map[string]wire.Call{}, Streams: map[string]wire.Open{}}
		Roots{Host: "/", Writable: "/", Proc: "/proc"}.Serve(&methods)
		if isServed := len(methods.Calls)+len(methods.Streams) > 0; isServed != keeps {
			t.Errorf("keeps %v: %d calls, %d streams", keeps, len(methods.Calls), len(methods.Streams))
		}
	}
}

func open(t *testing.T, folder string) *os.File {
	t.Helper()
	dir, err := os.Open(folder)
	must(t, err)
	return dir
}

// walked gives what a walk visits and misses below a folder.
func walked(t *testing.T, top *os.File, visit func(dir *os.File, name string)) (seen []string, missed map[string]error) {
	t.Helper()
	missed = map[string]error{}
	w := &walk{ctx: context.Background(), until: time.Now().Add(time.Minute)}
	w.visit = func(dir *os.File, name, path string, _ *rooted.Stat) error {
		seen = append(seen, path)
		visit(dir, name)
		return nil
	}
	w.miss = func(path string, err error) error {
		missed[path] = err
		return nil
	}
	must(t, w.folder(top, "", 0))
	return seen, missed
}

func TestOnlyWhatIsGoneIsPassedOver(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		must(t, os.Mkdir(filepath.Join(folder, name), 0o755))
	}
	_, missed := walked(t, open(t, folder), func(_ *os.File, name string) {
		if name == "a" {
			must(t, os.Remove(filepath.Join(folder, "a")))
		}
		if name == "b" {
			must(t, os.Remove(filepath.Join(folder, "b")))
			must(t, os.Symlink("/", filepath.Join(folder, "b")))
		}
	})
	if len(missed) != 0 {
		t.Errorf("%v", missed)
	}
	for _, err := range []error{syscall.ENOSYS, syscall.EACCES, syscall.EIO} {
		if hasVanished(err) {
			t.Errorf("%v is taken for gone", err)
		}
	}
}

func TestAFolderOfManyNamesIsWalkedWhole(t *testing.T) {
	folder := t.TempDir()
	wanted := []string{}
	inner := filepath.Join(folder, "in")
	must(t, os.Mkdir(inner, 0o755))
	for i := 0; i < 4500; i++ {
		name := fmt.Sprintf("in/%04d", i)
		wanted = append(wanted, name)
		must(t, os.WriteFile(filepath.Join(folder, name), nil, 0o644))
	}
	seen, _ := walked(t, open(t, folder), func(*os.File, string) {})
	sort.Strings(seen)
	if !reflect.DeepEqual(seen[1:], wanted) {
		t.Errorf("%d names", len(seen))
	}
	dir := open(t, inner)
	defer dir.Close()
	names, total, err := firstNames(dir, 3)
	must(t, err)
	if total != 4500 || fmt.Sprint(names) != "[0000 0001 0002]" || cap(names) > 8 {
		t.Errorf("%d: %v", total, names)
	}
}

// asNobody does what it may not do everything in; the thread ends with its goroutine, as it is never unlocked.
func asNobody(do func()) {
	over := make(chan struct{})
	go func() {
		defer close(over)
		runtime.LockOSThread()
		_, _, _ = syscall.RawSyscall(syscall.SYS_SETFSUID, 65534, 0, 0)
		do()
	}()
	<-over
}

func TestWhatCannotBeLookedAtIsNotPassedOver(t *testing.T) {
	roots, volume := lab(t)
	shut := filepath.Join(volume, "top", "shut")
	must(t, os.MkdirAll(filepath.Join(shut, "in"), 0o755))
	must(t, os.Chmod(shut, 0))
	p, err := roots.open(Where{Root: "/data", Volume: "v", Path: "/top"}, false)
	must(t, err)
	defer p.close()
	dir, _, base, err := p.parent("/top")
	must(t, err)
	defer dir.Close()
	top := open(t, filepath.Join(volume, "top"))
	asNobody(func() {
		plan, _, err := planOf(context.Background(), dir, base, "/top", time.Now().Add(time.Minute))
		var known *wire.Error
		if err != nil || !plan.IsCut || !errors.As(plan.missed, &known) || known.Facts["path"] != "/top/shut" {
			t.Errorf("%+v %v", plan, err)
		}
		seen, missed := walked(t, top, func(*os.File, string) {})
		if len(seen) != 1 || missed["shut"] != syscall.EACCES {
			t.Errorf("%v %v", seen, missed)
		}
	})
}

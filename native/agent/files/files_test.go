package files

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lab is an engine's data root with one volume, and a secret beside it.
func lab(t testing.TB) (Roots, string) {
	t.Helper()
	host := t.TempDir()
	volume := filepath.Join(host, "data", "volumes", "v", "_data")
	must(t, os.MkdirAll(volume, 0o755))
	must(t, os.WriteFile(filepath.Join(host, "secret"), []byte("outside"), 0o644))
	return Roots{Host: host, Writable: host, Proc: "/proc"}, volume
}

func args(path string, more map[string]any) json.RawMessage {
	all := map[string]any{"root": "/data", "volume": "v", "path": path}
	for key, value := range more {
		all[key] = value
	}
	raw, _ := json.Marshal(all)
	return raw
}

// deep makes folders in one another, deeper than any path reaches.
func deep(t *testing.T, folder string, count int) {
	t.Helper()
	at, err := syscall.Open(folder, syscall.O_DIRECTORY, 0)
	must(t, err)
	for i := 0; i < count; i++ {
		must(t, syscall.Mkdirat(at, "d", 0o755))
		next, err := syscall.Openat(at, "d", syscall.O_DIRECTORY, 0)
		must(t, err)
		syscall.Close(at)
		at = next
	}
	syscall.Close(at)
}

func TestTenThousandFoldersAreCountedAsCutAndRemoved(t *testing.T) {
	roots, volume := lab(t)
	must(t, os.Mkdir(filepath.Join(volume, "top"), 0o755))
	deep(t, filepath.Join(volume, "top"), 10_000)
	plan, err := roots.RemovalPlan(context.Background(), args("/top", nil))
	must(t, err)
	if !plan.(*Plan).IsCut {
		t.Errorf("%+v", plan)
	}
	done, err := roots.Remove(context.Background(), args("/top", nil))
	must(t, err)
	if done.(map[string]int)["removed"] != 10_001 {
		t.Errorf("%v", done)
	}
	if left, _ := os.ReadDir(volume); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

func TestNothingIsRemovedWhereTheLookForMountsEndedEarly(t *testing.T) {
	roots, volume := lab(t)
	inner := filepath.Join(volume, "top", "in")
	must(t, os.MkdirAll(inner, 0o755))
	_, err := roots.remove(context.Background(), args("/top", nil), time.Now().Add(-time.Second))
	var known *wire.Error
	if !errors.As(err, &known) || known.Facts["reason"] != "too-long" {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(inner); err != nil {
		t.Error(err)
	}
}

func TestAMountBesideADeepTrapIsSeenBeforeAnythingIsRemoved(t *testing.T) {
	roots, volume := lab(t)
	top := filepath.Join(volume, "top")
	must(t, os.MkdirAll(filepath.Join(top, "mount"), 0o755))
	must(t, syscall.Mount("none", filepath.Join(top, "mount"), "tmpfs", 0, ""))
	defer syscall.Unmount(filepath.Join(top, "mount"), 0)
	must(t, os.WriteFile(filepath.Join(top, "a"), nil, 0o644))
	deep(t, top, maxDepth+10)
	_, err := roots.Remove(context.Background(), args("/top", nil))
	var known *wire.Error
	if !errors.As(err, &known) || known.Facts["reason"] != "mount" {
		t.Errorf("%v", err)
	}
	for _, name := range []string{"a", "d/d/d"} {
		if _, err := os.Stat(filepath.Join(top, name)); err != nil {
			t.Error(err)
		}
	}
	// The test's own cleaning up takes no path as long.
	must(t, syscall.Unmount(filepath.Join(top, "mount"), 0))
	_, err = roots.Remove(context.Background(), args("/top", nil))
	must(t, err)
}

func TestALinkIsRemovedNotWhatItLeadsTo(t *testing.T) {
	roots, volume := lab(t)
	outside := filepath.Join(roots.Host, "canary")
	must(t, os.Mkdir(outside, 0o755))
	must(t, os.WriteFile(filepath.Join(outside, "file"), nil, 0o644))
	must(t, os.MkdirAll(filepath.Join(volume, "top", "in"), 0o755))
	must(t, os.Symlink(outside, filepath.Join(volume, "top", "in", "link")))
	_, err := roots.Remove(context.Background(), args("/top", nil))
	must(t, err)
	if _, err := os.Stat(filepath.Join(outside, "file")); err != nil {
		t.Error("the canary is gone")
	}
}

func TestARaceOfLinksDoesNotLeadAChangeOut(t *testing.T) {
	roots, volume := lab(t)
	outside := filepath.Join(roots.Host, "canary")
	must(t, os.Mkdir(outside, 0o755))
	turn := filepath.Join(volume, "turn")
	must(t, os.Mkdir(turn, 0o755))
	stop, over := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-stop:
				return
			default:
			}
			_ = os.Rename(turn, turn+"-aside")
			_ = os.Symlink(outside, turn)
			_ = os.Remove(turn)
			_ = os.Rename(turn+"-aside", turn)
		}
	}()
	for i := 0; i < 2000; i++ {
		_, _ = roots.MakeFolder()(context.Background(), args("/turn/new", nil))
		_, _ = roots.Chmod()(context.Background(), args("/turn/new", map[string]any{"mode": 0o777}))
		_, _ = roots.Remove(context.Background(), args("/turn/new", nil))
	}
	close(stop)
	<-over
	if left, _ := os.ReadDir(outside); len(left) != 0 {
		t.Errorf("%v was made outside", left)
	}
}

func TestRenameNeverReplaces(t *testing.T) {
	roots, volume := lab(t)
	must(t, os.WriteFile(filepath.Join(volume, "a"), []byte("a"), 0o644))
	must(t, os.WriteFile(filepath.Join(volume, "b"), []byte("b"), 0o644))
	if _, err := roots.Rename()(context.Background(), args("/a", map[string]any{"to": "/b"})); err == nil {
		t.Error("it replaced")
	}
	_, err := roots.Rename()(context.Background(), args("/a", map[string]any{"to": "/../../../c"}))
	must(t, err)
	if _, err := os.Stat(filepath.Join(volume, "c")); err != nil {
		t.Error(err)
	}
}

func TestStrangePlacesAreRefused(t *testing.T) {
	roots, _ := lab(t)
	for _, raw := range []string{
		`{"root":"/data","volume":"../..","path":"/"}`, `{"root":"data","volume":"v","path":"/"}`,
		`{"root":"/data/../data","volume":"v","path":"/"}`, `{"root":"/data","volume":"v","path":"relative"}`,
		`{"root":"/data","container":"abc","path":"/"}`, `{"root":"/data","volume":"v","path":"/\\x2f"}`,
		`{"root":"/data","path":"/"}`, `{"root":"/data","volume":"v","container":"` + strings.Repeat("a", 64) + `","path":"/"}`,
	} {
		if _, err := roots.Stat(context.Background(), json.RawMessage(raw)); err == nil {
			t.Errorf("%s was taken", raw)
		}
	}
	// A process that is not the container's: its number was given to another.
	where := `{"root":"/data","container":"` + strings.Repeat("a", 64) + `","pid":1,"path":"/"}`
	if _, err := roots.Stat(context.Background(), json.RawMessage(where)); err == nil {
		t.Error("another process's root was shown")
	}
}

func FuzzNamesGoBothWays(f *testing.F) {
	for _, seed := range []string{"plain", `back\slash`, "a\xff", "\\\xfe\\x41", "한\xed\xa0\x80글", "new\nline", "\u202etxt"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, name []byte) {
		if bytes.IndexByte(name, 0) >= 0 || bytes.IndexByte(name, '/') >= 0 {
			return
		}
		text, _ := Escape(string(name))
		back, isGood := Unescape(text)
		if !isGood || back != string(name) {
			t.Errorf("%q became %q, then %q", name, text, back)
		}
	})
}

// FuzzPathsStayInside opens whatever path in a tree with links of every evil kind.
func FuzzPathsStayInside(f *testing.F) {
	for _, seed := range []string{"/../secret", "/up/../secret", "/abs", `/\x2e\x2e/secret`, "/dir/../../secret", "//./..//secret", "/magic/secret", "/loop/x"} {
		f.Add(seed)
	}
	roots, volume := lab(f)
	for name, target := range map[string]string{
		"up": "../../../..", "abs": filepath.Join(roots.Host, "secret"), "dir": "sub/../..", "magic": "/proc/self/root", "loop": "loop",
	} {
		must(f, os.Symlink(target, filepath.Join(volume, name)))
	}
	var secret syscall.Stat_t
	must(f, syscall.Stat(filepath.Join(roots.Host, "secret"), &secret))
	f.Fuzz(func(t *testing.T, name string) {
		p, err := roots.open(Where{Root: "/data", Volume: "v", Path: name}, false)
		if err != nil {
			return
		}
		defer p.close()
		held, real, err := p.hold(p.path)
		if err != nil {
			return
		}
		defer held.Close()
		st, err := rooted.StatAt(held, "")
		must(t, err)
		if st.Inode == secret.Ino || !strings.HasPrefix(real, "/") || strings.Contains(real+"/", "/../") {
			t.Errorf("%q led to %q", name, real)
		}
	})
}

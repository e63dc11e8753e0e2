package rooted

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lab is a root with links of every evil kind, beside a secret.
func lab(t *testing.T) *Root {
	t.Helper()
	base := t.TempDir()
	folder := filepath.Join(base, "root")
	must(t, os.MkdirAll(filepath.Join(folder, "etc"), 0o755))
	must(t, os.WriteFile(filepath.Join(base, "secret"), []byte("outside"), 0o644))
	must(t, os.WriteFile(filepath.Join(folder, "etc", "file"), []byte("inside"), 0o644))
	must(t, os.WriteFile(filepath.Join(folder, "secret"), []byte("root's own"), 0o644))
	for name, target := range map[string]string{
		"relative": "../secret", "absolute": "/secret", "real": filepath.Join(base, "secret"), "up": "..",
		"self": "self", "magic": "/proc/self/root", "file": "etc/file", "dir": "etc",
	} {
		must(t, os.Symlink(target, filepath.Join(folder, name)))
	}
	must(t, syscall.Mkfifo(filepath.Join(folder, "fifo"), 0o644))
	root, err := Open(folder)
	must(t, err)
	t.Cleanup(func() { root.Close() })
	return root
}

func text(t *testing.T, root *Root, name string, links Links) string {
	t.Helper()
	file, _, err := root.Regular(name, links)
	if err != nil {
		return "error"
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	must(t, err)
	return string(raw)
}

func TestNothingLeadsOut(t *testing.T) {
	root := lab(t)
	for name, want := range map[string]string{
		"etc/file": "inside", "/etc/file": "inside", "etc/../etc/file": "inside", "file": "inside", "dir/file": "inside",
		// As if the root were "/": ".." of the root is the root.
		"../secret": "root's own", "../../../../secret": "root's own", "relative": "root's own", "absolute": "root's own",
		"up/secret": "root's own", "etc/../../secret": "root's own",
		"real": "error", "self": "error", "magic/etc/passwd": "error", "none": "error", "": "error", "etc": "error", "fifo": "error",
	} {
		if got := text(t, root, name, Inside); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestLinksAreRefusedWhereTheyMustNotBe(t *testing.T) {
	root := lab(t)
	for name, want := range map[string]string{
		"etc/file": "inside", "file": "error", "dir/file": "error", "relative": "error", "absolute": "error", "up/secret": "error",
	} {
		if got := text(t, root, name, Refused); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
	if _, err := root.OpenFile("dir/file", os.O_RDONLY, 0, Refused); !errors.Is(err, ErrEscapes) {
		t.Errorf("%v", err)
	}
}

func TestWithoutOpenat2NoLinkIsFollowed(t *testing.T) {
	root := lab(t)
	file, err := root.walk("etc/file", os.O_RDONLY, 0)
	must(t, err)
	raw, err := io.ReadAll(file)
	must(t, err)
	if string(raw) != "inside" {
		t.Errorf("%q", raw)
	}
	file.Close()
	for _, name := range []string{"dir/file", "file", "up/secret", "../secret", "etc/../../secret", "magic/etc"} {
		if _, err := root.walk(name, os.O_RDONLY, 0); err == nil {
			t.Errorf("%q was opened", name)
		}
	}
}

func TestAKernelWithoutOpenat2IsKnown(t *testing.T) {
	if !KeepsInside() {
		t.Error("this kernel has it")
	}
	openat2Number = 100_000
	defer func() { openat2Number = sysOpenat2 }()
	if KeepsInside() {
		t.Error("no kernel has it")
	}
}

func TestTheDeeperTheFewerNamesAreHeld(t *testing.T) {
	folder := t.TempDir()
	for i := 0; i < 100; i++ {
		must(t, os.WriteFile(filepath.Join(folder, strconv.Itoa(i)), nil, 0o644))
	}
	for depth, most := range map[int]int{0: 100, 99: 80, 2000: leastNames} {
		dir, err := os.Open(folder)
		must(t, err)
		seen := map[string]bool{}
		for isFirst := true; ; isFirst = false {
			names, err := NextNames(dir, depth)
			must(t, err)
			if isFirst && len(names) != most {
				t.Errorf("%d names at depth %d", len(names), depth)
			}
			if len(names) == 0 {
				break
			}
			for _, name := range names {
				seen[name] = true
			}
		}
		dir.Close()
		if len(seen) != 100 {
			t.Errorf("%d names in all at depth %d", len(seen), depth)
		}
	}
}

func TestARaceOfRenamesDoesNotLeadOut(t *testing.T) {
	root := lab(t)
	folder := root.file.Name()
	stop := make(chan struct{})
	done := make(chan struct{})
	must(t, os.Mkdir(filepath.Join(folder, "turn"), 0o755))
	must(t, os.WriteFile(filepath.Join(folder, "turn", "secret"), []byte("inside"), 0o644))
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			default:
			}
			// A folder that is a link to the parent at times.
			_ = os.Rename(filepath.Join(folder, "turn"), filepath.Join(folder, "aside"))
			_ = os.Symlink("../", filepath.Join(folder, "turn"))
			_ = os.Remove(filepath.Join(folder, "turn"))
			_ = os.Rename(filepath.Join(folder, "aside"), filepath.Join(folder, "turn"))
		}
	}()
	for i := 0; i < 3000; i++ {
		if got := text(t, root, "turn/secret", Inside); got == "outside" {
			t.Fatal("got out")
		}
	}
	close(stop)
	<-done
}

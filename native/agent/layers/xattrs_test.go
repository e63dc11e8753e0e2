package layers

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
)

func TestAttributesAreThoseOfTheFolderThatIsLookedAt(t *testing.T) {
	top := t.TempDir()
	folders := map[string]*os.File{}
	for _, name := range []string{"a", "a/b"} {
		path := filepath.Join(top, name)
		must(t, os.Mkdir(path, 0o755))
		must(t, os.WriteFile(filepath.Join(path, "same"), nil, 0o600))
		must(t, syscall.Setxattr(filepath.Join(path, "same"), "trusted.of-"+filepath.Base(name), []byte("1"), 0))
		dir, err := os.Open(path)
		must(t, err)
		defer dir.Close()
		folders[name] = dir
	}
	must(t, syscall.Setxattr(filepath.Join(top, "a/b"), opaqueXattr, []byte("y"), 0))
	must(t, os.Symlink("same", filepath.Join(top, "a", "link")))
	look := func(hasOwn bool) error {
		w := &walk{hasOwnThread: hasOwn, names: make([]byte, 1)}
		for _, name := range []string{"a", "a/b", "a"} {
			got, _ := w.xattrs(folders[name], "same")
			if want := []string{"trusted.of-" + filepath.Base(name)}; !reflect.DeepEqual(got, want) {
				t.Errorf("own thread %v: %s has %v", hasOwn, name, got)
			}
		}
		if _, isOpaque := w.xattrs(folders["a"], "b"); !isOpaque {
			t.Errorf("own thread %v: the folder is not opaque", hasOwn)
		}
		if got, _ := w.xattrs(folders["a"], "link"); got != nil {
			t.Errorf("own thread %v: the link was followed to %v", hasOwn, got)
		}
		return nil
	}
	before, err := os.Getwd()
	must(t, err)
	must(t, look(false))
	must(t, onOwnThread(look))
	if after, err := os.Getwd(); err != nil || after != before {
		t.Errorf("the working folder became %s, %v", after, err)
	}
	if err := onOwnThread(func(bool) error { panic("a bug") }); err == nil || !strings.Contains(err.Error(), "a bug") {
		t.Errorf("a bug gives %v", err)
	}
}

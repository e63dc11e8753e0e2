package layers

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"slipway/agent/store"
	"slipway/agent/wire"
)

const root = "/var/lib/docker"

var (
	chain  = "sha256:" + strings.Repeat("a", 64)
	folder = strings.Repeat("b", 64)
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// host is a folder that stands for the engine's host, with one layer; it answers where the layer's files are.
func host(t *testing.T) (hostRoot, diff string) {
	t.Helper()
	hostRoot = t.TempDir()
	layer := filepath.Join(hostRoot, root, "image/overlay2/layerdb/sha256", strings.Repeat("a", 64))
	must(t, os.MkdirAll(layer, 0o755))
	must(t, os.WriteFile(filepath.Join(layer, "cache-id"), []byte(folder), 0o644))
	diff = filepath.Join(hostRoot, root, "overlay2", folder, "diff")
	must(t, os.MkdirAll(diff, 0o755))
	return hostRoot, diff
}

// ask serves one stream and gives its items and how it ended.
func ask(t *testing.T, serve wire.Open, args any) (items []wire.Frame, failure string) {
	t.Helper()
	ours, theirs := net.Pipe()
	t.Cleanup(func() { ours.Close() })
	must(t, ours.SetDeadline(time.Now().Add(time.Minute)))
	session := wire.NewSession(theirs, wire.Methods{Streams: map[string]wire.Open{"s": serve}}, func(string) {})
	go func() { _ = session.Serve(context.Background(), wire.Hello{Protocol: wire.Protocol}) }()
	raw, err := json.Marshal(map[string]any{"method": "s", "args": args, "credit": 1 << 30})
	must(t, err)
	go func() {
		out := wire.AppendFrame(nil, wire.Frame{Kind: wire.KindHello, Payload: []byte(`{"protocol":1}`)})
		_, _ = ours.Write(wire.AppendFrame(out, wire.Frame{Kind: wire.KindOpen, ID: 1, Payload: raw}))
	}()
	reader := bufio.NewReader(ours)
	for {
		var buffer []byte
		f, err := wire.ReadFrame(reader, &buffer)
		must(t, err)
		switch f.Kind {
		case wire.KindData, wire.KindMessage:
			items = append(items, f)
		case wire.KindEnd:
			return items, ""
		case wire.KindError:
			return items, string(f.Payload)
		}
	}
}

func tree(t *testing.T, hostRoot string) [][]any {
	t.Helper()
	items, failure := ask(t, Tree(hostRoot), map[string]any{"root": root, "chainId": chain})
	if failure != "" {
		t.Fatal(failure)
	}
	all := [][]any{}
	for _, item := range items {
		var batch [][]any
		must(t, json.Unmarshal(item.Payload, &batch))
		all = append(all, batch...)
	}
	return all
}

func TestATreeTellsWhatALayerDoes(t *testing.T) {
	hostRoot, diff := host(t)
	must(t, os.MkdirAll(filepath.Join(diff, "etc/empty"), 0o750))
	must(t, os.WriteFile(filepath.Join(diff, "etc/file"), []byte("12345"), 0o4755))
	must(t, os.Chmod(filepath.Join(diff, "etc/file"), 0o755|os.ModeSetuid))
	must(t, os.Link(filepath.Join(diff, "etc/file"), filepath.Join(diff, "etc/same")))
	must(t, os.Symlink("../../secret", filepath.Join(diff, "link")))
	must(t, os.WriteFile(filepath.Join(diff, "bad\xff\\name"), nil, 0o600))
	must(t, os.WriteFile(filepath.Join(diff, "new\nline\u202e"), nil, 0o600))
	must(t, syscall.Mkfifo(filepath.Join(diff, "pipe"), 0o600))
	must(t, syscall.Mknod(filepath.Join(diff, "gone"), syscall.S_IFCHR, 0))
	must(t, syscall.Mknod(filepath.Join(diff, "null"), syscall.S_IFCHR|0o666, 1<<8|3))
	must(t, syscall.Setxattr(filepath.Join(diff, "etc/empty"), opaqueXattr, []byte("y"), 0))

	got := map[string][]any{}
	for _, entry := range tree(t, hostRoot) {
		got[entry[1].(string)] = entry
	}
	extra := func(name string) map[string]any {
		t.Helper()
		entry := got[name]
		if len(entry) < 9 {
			return nil
		}
		return entry[8].(map[string]any)
	}
	kinds := map[string]string{
		"etc": "d", "empty": "d", "file": "f", "same": "f", "link": "l", `bad\xff\x5cname`: "f", "new\nline\u202e": "f",
		"pipe": "p", "gone": "w", "null": "c",
	}
	if len(got) != len(kinds) {
		t.Errorf("%d entries: %v", len(got), got)
	}
	for name, kind := range kinds {
		if got[name] == nil || got[name][2] != kind {
			t.Errorf("%q is %v", name, got[name])
		}
	}
	if got["file"][3] != 5.0 || got["file"][4] != float64(0o4755) || extra("file")["inode"] != extra("same")["inode"] {
		t.Errorf("%v, %v", got["file"], got["same"])
	}
	if extra("link")["link"] != "../../secret" || extra("empty")["opaque"] != true || extra(`bad\xff\x5cname`)["escaped"] != true {
		t.Errorf("%v %v", extra("link"), extra("empty"))
	}
	if extra("null")["major"] != 1.0 || extra("null")["minor"] != 3.0 {
		t.Errorf("%v", extra("null"))
	}
}

func TestADeepTrapIsCutAndSaid(t *testing.T) {
	hostRoot, diff := host(t)
	// By steps: the whole path is longer than the kernel takes.
	at, err := os.Open(diff)
	must(t, err)
	for i := 0; i < 3000; i++ {
		must(t, syscall.Mkdirat(int(at.Fd()), "d", 0o755))
		fd, err := syscall.Openat(int(at.Fd()), "d", syscall.O_RDONLY|syscall.O_DIRECTORY, 0)
		must(t, err)
		at.Close()
		at = os.NewFile(uintptr(fd), "d")
	}
	at.Close()
	all := tree(t, hostRoot)
	if len(all) != maxDepth+1 {
		t.Errorf("%d entries", len(all))
	}
	last := all[len(all)-1]
	if len(last) < 9 || last[8].(map[string]any)["cut"] != true {
		t.Errorf("%v", last)
	}
}

func TestAFolderThatIsGoneWhenItIsReadIsEmpty(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gone")
	must(t, os.Mkdir(path, 0o755))
	dir, err := os.Open(path)
	must(t, err)
	must(t, os.Remove(path))
	_, failure := ask(t, func(s *wire.Stream, _ json.RawMessage) error {
		return (&walk{stream: s}).folder(dir, 0, 1)
	}, nil)
	if failure != "" {
		t.Error(failure)
	}
}

func TestOfAFolderWithTooManyNamesNoneIsTold(t *testing.T) {
	_, diff := host(t)
	for _, name := range []string{"c", "a", "d", "b"} {
		must(t, os.WriteFile(filepath.Join(diff, name), nil, 0o644))
	}
	for room, want := range map[int]string{3: "more than 5000000 files", 4: ""} {
		dir, err := os.Open(diff)
		must(t, err)
		w := &walk{count: maxEntries - room, names: make([]byte, 1024)}
		_, failure := ask(t, func(s *wire.Stream, _ json.RawMessage) error {
			w.stream = s
			return w.folder(dir, -1, 0)
		}, nil)
		if isRefused := failure != ""; isRefused != (want != "") || !strings.Contains(failure, want) {
			t.Errorf("room for %d: %s", room, failure)
		}
		if want != "" && w.count != maxEntries-room {
			t.Errorf("%d names were told before", w.count-maxEntries+room)
		}
	}
}

func TestNamesAreHeldUpToABound(t *testing.T) {
	_, diff := host(t)
	must(t, os.MkdirAll(filepath.Join(diff, "a", "in"), 0o755))
	must(t, os.Mkdir(filepath.Join(diff, "b"), 0o755))
	must(t, os.Mkdir(filepath.Join(diff, "b", "in"), 0o755))
	// "a" and "b" are held, and "in" of one of them at a time.
	needed := 3*nameBytes + len("a") + len("b") + len("in")
	for room, isWhole := range map[int]bool{needed: true, needed - 1: false} {
		dir, err := os.Open(diff)
		must(t, err)
		w := &walk{held: maxHeldBytes - room, names: make([]byte, 1024)}
		before := w.held
		_, failure := ask(t, func(s *wire.Stream, _ json.RawMessage) error {
			w.stream = s
			return w.folder(dir, -1, 0)
		}, nil)
		if (failure == "") != isWhole || isWhole && w.held != before {
			t.Errorf("room for %d: %q, %d held", room, failure, w.held-before)
		}
	}
}

func content(t *testing.T, hostRoot, path string, more map[string]any) (string, string) {
	t.Helper()
	args := map[string]any{"root": root, "chainId": chain, "path": path}
	for key, value := range more {
		args[key] = value
	}
	items, failure := ask(t, File(hostRoot), args)
	text := ""
	for _, item := range items {
		text += string(item.Payload)
	}
	return text, failure
}

func TestFilesAreReadAndNothingElse(t *testing.T) {
	hostRoot, diff := host(t)
	must(t, os.WriteFile(filepath.Join(hostRoot, "secret"), []byte("outside"), 0o644))
	must(t, os.WriteFile(filepath.Join(diff, "file"), []byte("0123456789"), 0o644))
	must(t, os.WriteFile(filepath.Join(diff, "a\xffb"), []byte("odd"), 0o644))
	must(t, os.Symlink(filepath.Join(hostRoot, "secret"), filepath.Join(diff, "link")))
	must(t, os.Symlink("/", filepath.Join(diff, "root")))
	must(t, syscall.Mkfifo(filepath.Join(diff, "pipe"), 0o600))
	if got, _ := content(t, hostRoot, "/file", nil); got != "0123456789" {
		t.Errorf("%q", got)
	}
	if got, _ := content(t, hostRoot, "file", map[string]any{"offset": 3, "length": 4}); got != "3456" {
		t.Errorf("%q", got)
	}
	if got, _ := content(t, hostRoot, `a\xffb`, map[string]any{"isEscaped": true}); got != "odd" {
		t.Errorf("%q", got)
	}
	for _, path := range []string{"link", "root/etc/passwd", "../../../secret", "pipe", "", "none"} {
		if got, failure := content(t, hostRoot, path, nil); got != "" || failure == "" {
			t.Errorf("%q gave %q", path, got)
		}
	}
}

func TestDigestsAreThoseOfTheBytes(t *testing.T) {
	hostRoot, diff := host(t)
	must(t, os.WriteFile(filepath.Join(hostRoot, "secret"), []byte("outside"), 0o644))
	must(t, os.Symlink(filepath.Join(hostRoot, "secret"), filepath.Join(diff, "link")))
	must(t, syscall.Mkfifo(filepath.Join(diff, "pipe"), 0o600))
	large := bytes.Repeat([]byte("0123456789abcdef"), 3*toldBytes/32)
	contents := map[string][]byte{"empty": {}, "large": large, `a\xffb`: []byte("odd")}
	must(t, os.WriteFile(filepath.Join(diff, "empty"), nil, 0o644))
	must(t, os.WriteFile(filepath.Join(diff, "large"), large, 0o644))
	must(t, os.WriteFile(filepath.Join(diff, "a\xffb"), []byte("odd"), 0o644))
	paths := []string{"/large", "/none", `/a\xffb`, "link", "pipe", "../../secret", "empty"}
	for i := 0; i < toldFiles; i++ {
		name := "file-" + strconv.Itoa(i)
		contents[name] = []byte(name)
		must(t, os.WriteFile(filepath.Join(diff, name), contents[name], 0o644))
		paths = append(paths, name)
	}
	items, failure := ask(t, Digests(hostRoot), map[string]any{
		"root": root, "chainId": chain, "paths": paths, "isEscaped": true,
	})
	if failure != "" {
		t.Fatal(failure)
	}
	got := []string{}
	for _, item := range items {
		var batch []string
		must(t, json.Unmarshal(item.Payload, &batch))
		got = append(got, batch...)
	}
	if len(items) < 3 || len(got) != len(paths) {
		t.Fatalf("%d digests in %d messages of %d paths", len(got), len(items), len(paths))
	}
	for i, path := range paths {
		want := ""
		if content, isThere := contents[strings.TrimPrefix(path, "/")]; isThere {
			sum := sha256.Sum256(content)
			want = base64.StdEncoding.EncodeToString(sum[:])
		}
		if got[i] != want {
			t.Errorf("%q: %q, not %q", path, got[i], want)
		}
	}
}

func TestStrangeNamesOfLayersAreRefused(t *testing.T) {
	hostRoot, _ := host(t)
	for _, args := range []map[string]any{
		{"root": root, "chainId": "sha256:../../x"}, {"root": "var", "chainId": chain}, {"root": root},
		{"root": root, "chainId": chain, "container": strings.Repeat("a", 64)}, {"root": "/nowhere", "chainId": chain},
		{"root": root, "chainId": "sha256:" + strings.Repeat("c", 64)},
	} {
		if _, failure := ask(t, Tree(hostRoot), args); failure == "" {
			t.Errorf("%v was taken", args)
		}
	}
}

func TestLayersOfAnImage(t *testing.T) {
	hostRoot, _ := host(t)
	image := strings.Repeat("d", 64)
	content := filepath.Join(hostRoot, root, "image/overlay2/imagedb/content/sha256")
	must(t, os.MkdirAll(content, 0o755))
	second := "sha256:" + strings.Repeat("e", 64)
	config := `{"rootfs":{"type":"layers","diff_ids":["` + chain + `","` + second + `"]},"history":[{"created":"2024-01-02T03:04:05Z","created_by":"COPY a /"},` +
		`{"created_by":"ENV A=1","empty_layer":true},{"created_by":"RUN b"}]}`
	must(t, os.WriteFile(filepath.Join(content, image), []byte(config), 0o644))
	args, err := json.Marshal(map[string]any{"root": root, "image": "sha256:" + image})
	must(t, err)
	value, err := List(hostRoot)(context.Background(), args)
	must(t, err)
	layers := value.([]store.Layer)
	sum := sha256.Sum256([]byte(chain + " " + second))
	if len(layers) != 2 || layers[0] != (store.Layer{DiffID: chain, ChainID: chain, Command: "COPY a /", Created: "2024-01-02T03:04:05Z"}) ||
		layers[1].Command != "RUN b" || layers[1].ChainID != "sha256:"+hex.EncodeToString(sum[:]) {
		t.Errorf("%+v", layers)
	}
	var known *wire.Error
	args = []byte(`{"root":"` + root + `","image":"sha256:` + strings.Repeat("0", 64) + `"}`)
	if _, err := List(hostRoot)(context.Background(), args); !errors.As(err, &known) || known.Code != "object.not-found" {
		t.Errorf("%v", err)
	}
}

func TestEscapesGoBothWays(t *testing.T) {
	for _, name := range []string{"plain", `back\slash`, "a\xff", "\\\xfe\\x41", "한\xed\xa0\x80글"} {
		text, isEscaped := escape(name)
		if got := Unescape(text, isEscaped); got != name {
			t.Errorf("%q became %q, then %q", name, text, got)
		}
	}
}

func FuzzNames(f *testing.F) {
	for _, name := range []string{"plain", `back\slash`, "a\xff", "\\\xfe\\x41", "new\nline\u202e", "\xed\xa0\x80"} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		text, isEscaped := escape(name)
		if got := Unescape(text, isEscaped); got != name {
			t.Fatalf("%q became %q, then %q", name, text, got)
		}
		raw := appendEntry(nil, -1, text, kindFile, &syscall.Stat_t{Size: 7}, &more{IsEscaped: isEscaped})
		var entry []any
		if err := json.Unmarshal(raw, &entry); err != nil || entry[1] != text {
			t.Fatalf("%q was sent as %s: %v", text, raw, err)
		}
	})
}

func FuzzArgs(f *testing.F) {
	f.Add([]byte(`{"root":"/var/lib/docker","chainId":"sha256:../../etc"}`))
	f.Add([]byte(`{"root":"/..","image":"sha256:","container":"x"}`))
	hostRoot := f.TempDir()
	f.Fuzz(func(t *testing.T, raw []byte) {
		if _, err := List(hostRoot)(context.Background(), raw); err == nil {
			t.Fatalf("%q was answered, and nothing is here", raw)
		}
		var which Which
		if json.Unmarshal(raw, &which) == nil {
			if root, err := which.open(hostRoot); err == nil {
				root.Close()
				t.Fatalf("%q was opened, and nothing is here", raw)
			}
		}
	})
}

package logs

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"slipway/agent/wire"
)

// rotated writes a log's files, each with one line of its own second, and answers the newest one's path.
func rotated(t *testing.T, files map[string]int64) string {
	t.Helper()
	dir := t.TempDir()
	for name, second := range files {
		file, err := os.Create(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		raw := jsonOf(t, line{text: "x\n", timeNs: second * 1e9})
		if strings.HasSuffix(name, ".gz") {
			packed := gzip.NewWriter(file)
			_, err = packed.Write(raw)
			packed.Close()
		} else {
			_, err = file.Write(raw)
		}
		if err != nil {
			t.Fatal(err)
		}
		file.Close()
	}
	return filepath.Join(dir, "log")
}

func TestAFollowerThatIsLateReadsEveryFileAfterItsOwn(t *testing.T) {
	for _, one := range []struct {
		name  string
		files map[string]int64
		// The one that is read, and the second of its last line; 0: it has none.
		ours string
		last int64
		want []int64
	}{
		{"one rotation", map[string]int64{"log": 20, "log.1": 10}, "log.1", 10, []int64{20}},
		{"three", map[string]int64{"log": 40, "log.1": 30, "log.2": 20, "log.3": 10}, "log.3", 10, []int64{20, 30, 40}},
		{"compressed", map[string]int64{"log": 40, "log.1": 30, "log.2.gz": 20, "log.3.gz": 10}, "", 10, []int64{20, 30, 40}},
		{"ours is gone, the oldest is not it", map[string]int64{"log": 40, "log.1": 30}, "", 10, []int64{30, 40}},
		{"older ones beside a new start", map[string]int64{"log": 40, "log.1": 5}, "", 10, []int64{40}},
		{"nothing was read", map[string]int64{"log": 40, "log.1": 30}, "", 0, []int64{40}},
	} {
		path := rotated(t, one.files)
		ours := segmentOf(t, jsonOf(t, line{text: "x\n", timeNs: one.last * 1e9}))
		if one.ours != "" {
			file, err := os.Open(filepath.Join(filepath.Dir(path), one.ours))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			ours = segment{file: file}
		}
		r := &read{path: path, all: []segment{ours}, entry: Entry{TimeNs: one.last * 1e9}}
		if !r.isRotated() {
			t.Errorf("%s: it was not seen", one.name)
		}
		got := r.newer()
		if len(got) != len(one.want) {
			t.Errorf("%s: %d files, want %d", one.name, len(got), len(one.want))
		}
		for i := range got {
			if first, _, err := firstTime(got[i], format{}); err != nil || first != one.want[i]*1e9 {
				t.Errorf("%s: file %d begins at %d, want %d s (%v)", one.name, i, first, one.want[i], err)
			}
		}
		closeAll(got)
	}
}

// withoutFiles does something while this process may open no file.
func withoutFiles(t *testing.T, do func()) {
	t.Helper()
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &syscall.Rlimit{Cur: 0, Max: limit.Max}); err != nil {
		t.Fatal(err)
	}
	do()
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		t.Fatal(err)
	}
}

func TestWhereNoWatcherIsToBeHadALogIsFollowedWithout(t *testing.T) {
	path := rotated(t, map[string]int64{"log": 10})
	var w *watcher
	var err error
	withoutFiles(t, func() { w, err = watch(path) })
	if err != nil || w == nil {
		t.Fatalf("%v", err)
	}
	select {
	case <-w.changed:
		t.Error("it tells of a change")
	default:
	}
	w.close()
}

func TestAFollowerWhoseNextFileDoesNotOpenStillEnds(t *testing.T) {
	raw := jsonOf(t, line{text: "x\n", timeNs: 1e9})
	ours := segmentOf(t, raw)
	// A file that is there and that nobody can open, not even root.
	path := filepath.Join(t.TempDir(), "log")
	if err := syscall.Mknod(path, syscall.S_IFSOCK|0o600, 0); err != nil {
		t.Fatal(err)
	}
	here, there := net.Pipe()
	defer here.Close()
	_ = here.SetDeadline(time.Now().Add(10 * time.Second))
	session := wire.NewSession(there, wire.Methods{Streams: map[string]wire.Open{
		"follow": func(s *wire.Stream, _ json.RawMessage) error {
			r := &read{path: path, all: []segment{ours}, stream: s, args: ReadArgs{UntilNs: 2e9}}
			return r.follow(newScanner(ours.file, format{}), &watcher{})
		},
	}}, func(line string) { t.Error(line) })
	go func() { _ = session.Serve(context.Background(), wire.Hello{Protocol: wire.Protocol}) }()
	var buffer []byte
	for _, one := range []struct {
		send wire.Frame
		// What it is sent after.
		after wire.Kind
	}{
		{wire.Frame{Kind: wire.KindHello, Payload: []byte(`{"protocol":1}`)}, wire.KindHello},
		{wire.Frame{Kind: wire.KindOpen, ID: 1, Payload: []byte(`{"method":"follow"}`)}, 0},
		{wire.Frame{Kind: wire.KindCancel, ID: 1}, wire.KindCredit},
	} {
		if one.after != 0 {
			if f, err := wire.ReadFrame(here, &buffer); err != nil || f.Kind != one.after {
				t.Fatalf("%v %v", f.Kind, err)
			}
		}
		if _, err := here.Write(wire.AppendFrame(nil, one.send)); err != nil {
			t.Fatal(err)
		}
	}
	if f, err := wire.ReadFrame(here, &buffer); err != nil || f.Kind != wire.KindError {
		t.Fatalf("%v %s %v", f.Kind, f.Payload, err)
	}
}

package logs

import (
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
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

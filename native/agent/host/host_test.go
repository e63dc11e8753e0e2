package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"slipway/agent/wire"
)

func TestTheHostsFilesAreReadAsTheKernelWritesThem(t *testing.T) {
	var r Reading
	parseStat("cpu  100 10 50 800 40 3 2 5 70 0\ncpu0 1 1 1 1\ncpu1 1 1 1 1\nintr 5 5\n", &r)
	if r.CPUs != 2 || r.CPUTotalMs != 10_100 || r.CPUBusyMs != 1_700 {
		t.Fatalf("%+v", r)
	}
	parseMeminfo("MemTotal:  2000 kB\nMemFree: 10 kB\nMemAvailable: 500 kB\nSwapTotal: 0 kB\nHugePages_Total: 7\n", &r)
	if r.MemoryBytes != 2000*1024 || r.AvailableBytes != 500*1024 || r.SwapBytes != 0 {
		t.Fatalf("%+v", r)
	}
	parseLoad("0.50 1.25 2.00 3/99 1234\n", &r)
	if fmt.Sprint(r.Load) != "[0.5 1.25 2]" {
		t.Fatal(r.Load)
	}
	parseUptime("12.34 99.00\n", &r)
	if r.UptimeMs != 12_340 {
		t.Fatal(r.UptimeMs)
	}
}

func TestThisHostGivesAReading(t *testing.T) {
	reading, err := Places{Root: "/", Proc: "/proc"}.read("/")
	if err != nil || reading.CPUs < 1 || reading.MemoryBytes < 1<<20 || len(reading.Disks) != 1 || reading.Kernel == "" {
		t.Fatalf("%+v %v", reading, err)
	}
}

func TestOnlyWhatListensIsAPort(t *testing.T) {
	text := "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n" +
		"   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 42 1\n" +
		"   1: 0100007F:1F91 0100007F:ABCD 01 00000000:00000000 00:00000000 00000000     0        0 43 1\n" +
		"   2: damaged\n   3: XYZ:1F90 00000000:0000 0A 0 0 0 0 0 0 44\n"
	found := parsePorts(text, "tcp")
	if len(found) != 1 || found[0].Address != "127.0.0.1" || found[0].Port != 8080 || found[0].inode != "42" {
		t.Fatalf("%+v", found)
	}
	six := strings.Replace(text, "0100007F:1F90", "00000000000000000000000001000000:1F90", 1)
	if found := parsePorts(six, "tcp"); len(found) != 1 || found[0].Address != "::1" {
		t.Fatalf("%+v", found)
	}
	if found := parsePorts(strings.Replace(text, " 0A ", " 07 ", 1), "udp"); len(found) != 1 {
		t.Fatalf("%+v", found)
	}
}

func FuzzPorts(f *testing.F) {
	f.Add("   0: 0100007F:1F90 00000000:0000 0A 0 0 0 0 0 0 42 1")
	f.Fuzz(func(t *testing.T, text string) {
		for _, port := range parsePorts(text, "tcp") {
			if port.Port < 0 || port.Port > 65535 || port.Address == "" {
				t.Fatalf("%+v", port)
			}
		}
	})
}

// proc lays out a process as proc(5) does, with links for its open files.
func proc(t *testing.T, pid int, name, cgroup string, fds map[string]string) string {
	root := t.TempDir()
	addProcess(t, root, 1, "init", "0::/init.scope\n", nil)
	if err := os.Symlink("1", filepath.Join(root, "self")); err != nil {
		t.Fatal(err)
	}
	addProcess(t, root, pid, name, cgroup, fds)
	return root
}

func addProcess(t *testing.T, root string, pid int, name, cgroup string, fds map[string]string) {
	t.Helper()
	dir := filepath.Join(root, fmt.Sprint(pid))
	for _, err := range []error{
		os.MkdirAll(filepath.Join(dir, "fd"), 0o755),
		os.MkdirAll(filepath.Join(dir, "ns"), 0o755),
		os.Symlink("pid:[1]", filepath.Join(dir, "ns", "pid")),
		os.Symlink("user:[1]", filepath.Join(dir, "ns", "user")),
		os.WriteFile(filepath.Join(dir, "comm"), []byte(name+"\n"), 0o644),
		os.WriteFile(filepath.Join(dir, "cgroup"), []byte(cgroup), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for fd, link := range fds {
		if err := os.Symlink(link, filepath.Join(dir, "fd", fd)); err != nil {
			t.Fatal(err)
		}
	}
}

func askLog(places Places, root string, lines int) ([]string, error) {
	args, _ := json.Marshal(map[string]any{"root": root, "lines": lines})
	answer, err := EngineLog(places)(context.Background(), args)
	if err != nil {
		return nil, err
	}
	return answer.(map[string]any)["lines"].([]string), nil
}

func TestTheLogIsTheFileThatTheEngineOfThatFolderWritesTo(t *testing.T) {
	log := filepath.Join(t.TempDir(), "dockerd.log")
	if err := os.WriteFile(log, []byte("one\ntwo\nthree\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	root := proc(t, 7, "dockerd", "", map[string]string{"2": log, "9": "/data/volumes/metadata.db"})
	lines, err := askLog(Places{Proc: root}, "/data", 2)
	if err != nil || strings.Join(lines, " ") != "two three" {
		t.Fatal(lines, err)
	}
	if _, err := askLog(Places{Proc: root}, "/other", 2); err == nil {
		t.Fatal("another engine's log was told")
	}
}

func TestAProcessInAContainerIsNoEngine(t *testing.T) {
	folder := t.TempDir()
	forged, real := filepath.Join(folder, "forged"), filepath.Join(folder, "real")
	for _, path := range []string{forged, real} {
		if err := os.WriteFile(path, []byte(filepath.Base(path)+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	id := strings.Repeat("ab", 32)
	fds := map[string]string{"2": forged, "9": "/data/x"}
	root := proc(t, 7, "dockerd", "0::/system.slice/docker-"+id+".scope/docker.service\n", fds)
	if _, err := askLog(Places{Proc: root}, "/data", 2); err == nil || strings.Contains(err.Error(), "journal") {
		t.Fatal(err)
	}
	// A step of a build has no id in its group, and one whom a person gave users of their own has none either.
	addProcess(t, root, 8, "dockerd", "0::/docker/buildkit/abc\n", fds)
	move(t, filepath.Join(root, "8", "ns", "pid"), "pid:[2]")
	addProcess(t, root, 9, "dockerd", "0::/user.slice/session.scope\n", fds)
	move(t, filepath.Join(root, "9", "ns", "user"), "user:[2]")
	if _, err := askLog(Places{Proc: root}, "/data", 2); err == nil {
		t.Fatal("a forged log was told")
	}
	addProcess(t, root, 10, "dockerd", "0::/system.slice/docker.service\n", map[string]string{"2": real, "9": "/data/x"})
	if lines, err := askLog(Places{Proc: root}, "/data", 2); err != nil || lines[0] != "real" {
		t.Fatal(lines, err)
	}
}

func move(t *testing.T, link, target string) {
	t.Helper()
	for _, err := range []error{os.Remove(link), os.Symlink(target, link)} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnEngineInAContainerHasThatForItsHost(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(log, []byte("inner\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	groups := "0::/docker/" + strings.Repeat("ab", 32) + "\n"
	root := proc(t, 7, "dockerd", groups, map[string]string{"2": log, "9": "/data/x"})
	if err := os.WriteFile(filepath.Join(root, "1", "cgroup"), []byte(groups), 0o644); err != nil {
		t.Fatal(err)
	}
	if lines, err := askLog(Places{Proc: root}, "/data", 2); err != nil || lines[0] != "inner" {
		t.Fatal(lines, err)
	}
}

func TestALogThatIsAPipeIsNotWaitedFor(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := askLog(Places{EngineLog: pipe}, "/data", 2); err == nil {
		t.Fatal("a pipe was read")
	}
	root := proc(t, 7, "dockerd", "", map[string]string{"2": pipe, "9": "/data/x"})
	if _, err := askLog(Places{Proc: root}, "/data", 2); err == nil {
		t.Fatal("a pipe was read")
	}
}

func TestAnEngineThatWritesToTheJournalIsNamedByItsUnit(t *testing.T) {
	root := proc(t, 7, "dockerd", "0::/system.slice/docker.service\n",
		map[string]string{"2": "socket:[99]", "9": "/data/x"})
	_, err := askLog(Places{Proc: root}, "/data", 2)
	var known *wire.Error
	if !errors.As(err, &known) || known.Facts["unit"] != "docker.service" {
		t.Fatal(err)
	}
}

func TestALongLogIsReadFromItsEndInWholeLines(t *testing.T) {
	text := []byte(strings.Repeat("x", maxLogBytes-10) + "\nlast one\n")
	if lines := lastLines(text, 5); len(lines) != 1 || lines[0] != "last one" {
		t.Fatal(len(lines))
	}
	if lines := lastLines(nil, 5); len(lines) != 0 {
		t.Fatal(lines)
	}
}

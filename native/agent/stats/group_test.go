package stats

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var id = strings.Repeat("ab", 32)

// tree writes files below a temporary folder that stands for the host's.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func read(t *testing.T, root string) Sample {
	t.Helper()
	g, err := openGroup(NewPlaces(root), filepath.Join(root, "proc"), id)
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	sample, err := g.read(make([]byte, bufferBytes))
	if err != nil {
		t.Fatal(err)
	}
	return sample
}

const dev = "a\nb\n eth0: 1500 9 0 0 0 0 0 0 700 8 0 0 0 0 0 0\n"

func TestUnifiedGroups(t *testing.T) {
	scope := "system.slice/docker-" + id + ".scope/"
	root := tree(t, map[string]string{
		"cgroup.controllers":      "cpu io memory pids",
		scope + "cpu.stat":        "usage_usec 5\nuser_usec 3\n",
		scope + "memory.current":  "10000",
		scope + "memory.stat":     "anon 1\ninactive_file 4000\n",
		scope + "memory.max":      "max",
		scope + "memory.events":   "low 0\noom 2\noom_kill 1\n",
		scope + "pids.current":    "3",
		scope + "io.stat":         "8:0 rbytes=1 wbytes=2\n",
		scope + "memory.pressure": "some avg10=0.50 avg60=0 avg300=0 total=1\n",
		scope + "cgroup.procs":    "42\n43\n",
		"proc/42/net/dev":         dev,
	})
	want := Sample{5000, 6000, 0, 3, 1500, 700, 1, 2, 1, 0, 50, 0}
	if got := read(t, root); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestOldGroupsUnderAnyParent(t *testing.T) {
	group := "/some/parent/" + id + "/"
	root := tree(t, map[string]string{
		"cpuacct" + group + "cpuacct.usage":                           "5000",
		"cpuacct" + group + "cgroup.procs":                            "42\n",
		"memory" + group + "memory.usage_in_bytes":                    "10000",
		"memory" + group + "memory.stat":                              "total_inactive_file 4000\n",
		"memory" + group + "memory.limit_in_bytes":                    "9223372036854771712",
		"memory" + group + "memory.oom_control":                       "oom_kill_disable 0\nunder_oom 0\noom_kill 1\n",
		"pids" + group + "pids.current":                               "3",
		"blkio" + group + "blkio.throttle.io_service_bytes_recursive": "8:0 Read 1\n8:0 Write 2\n",
		"proc/42/net/dev":                                             dev,
	})
	want := Sample{5000, 6000, 0, 3, 1500, 700, 1, 2, 1, 0, 0, 0}
	if got := read(t, root); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAControllerThatIsOffCostsOnlyItsFields(t *testing.T) {
	root := tree(t, map[string]string{
		"cgroup.controllers":         "cpu",
		"docker/" + id + "/cpu.stat": "usage_usec 7\n",
	})
	if got, want := read(t, root), (Sample{7000}); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestAGroupThatIsNotThere(t *testing.T) {
	root := tree(t, map[string]string{"cgroup.controllers": ""})
	for _, one := range []string{id, "../../etc", "", strings.Repeat("z", 64)} {
		if _, err := openGroup(NewPlaces(root), root, one); err != errGone {
			t.Errorf("%q: %v", one, err)
		}
	}
}

func TestOneThatHasNotRunIsLookedAtSeldom(t *testing.T) {
	dir := "docker/" + id + "/"
	root := tree(t, map[string]string{
		"cgroup.controllers":   "cpu memory",
		dir + "cpu.stat":       "usage_usec 7\n",
		dir + "memory.current": "100",
	})
	g, err := openGroup(NewPlaces(root), root, id)
	if err != nil {
		t.Fatal(err)
	}
	defer g.close()
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(when string, cpu, memory uint64) {
		t.Helper()
		got, err := g.read(make([]byte, bufferBytes))
		if want := (Sample{cpu, memory}); err != nil || got != want {
			t.Errorf("%s: %v, want %v (%v)", when, got, want, err)
		}
	}
	expect("first", 7000, 100)
	write("memory.current", "200")
	expect("it stood", 7000, 100)
	write("cpu.stat", "usage_usec 8\n")
	expect("it ran", 8000, 200)
	write("memory.current", "300")
	for tick := 3; tick < slowEvery; tick++ {
		expect("it stood again", 8000, 200)
	}
	expect("the slow tick", 8000, 300)
}

// A group is found while the engine still makes it: its parts come one after another.
func TestWhatComesLaterIsOpenedLater(t *testing.T) {
	dir := "docker/" + id + "/"
	root := tree(t, map[string]string{
		"cgroup.controllers": "cpu memory",
		dir + "cpu.stat":     "usage_usec 7\n",
		dir + "cgroup.procs": "",
		"proc/42/net/dev":    dev,
	})
	for _, before := range []int{1, rareEvery} {
		write(t, root, map[string]string{dir + "cgroup.procs": ""})
		os.Remove(filepath.Join(root, dir, "memory.current"))
		g := opened(t, root)
		for i := 0; i < before; i++ {
			expect(t, g, Sample{7000})
		}
		write(t, root, map[string]string{dir + "cgroup.procs": "42\n", dir + "memory.current": "100"})
		expect(t, g, Sample{7000, 100, 0, 0, 1500, 700})
	}
}

// Descriptors run short for a while: the file is there, and its opening failed.
func TestWhatCouldNotBeOpenedIsTriedAtTheNextSlowTick(t *testing.T) {
	dir := "docker/" + id + "/"
	root := tree(t, map[string]string{
		"cgroup.controllers":   "cpu memory",
		dir + "cpu.stat":       "usage_usec 7\n",
		dir + "memory.current": "100",
	})
	g := opened(t, root)
	for g.ticks <= slowEvery {
		expect(t, g, Sample{7000, 100})
	}
	g.memory.file.Close()
	g.memory.file = nil
	for g.ticks < 2*slowEvery {
		expect(t, g, Sample{7000, 100})
	}
	write(t, root, map[string]string{dir + "memory.current": "200"})
	expect(t, g, Sample{7000, 200})
}

// runc puts its first process into the group while that is still in the host's network.
func TestANetworkThatIsNotItsOwnIsLeft(t *testing.T) {
	dir := "docker/" + id + "/"
	files := map[string]string{
		"cgroup.controllers": "cpu",
		dir + "cpu.stat":     "usage_usec 7\n",
		dir + "cgroup.procs": "42\n",
		"proc/42/net/dev":    dev,
		"proc/43/net/dev":    strings.Replace(dev, "1500", "2", 1),
	}
	for _, before := range []int{1, rareEvery} {
		root := tree(t, files)
		g := opened(t, root)
		for i := 0; i < before; i++ {
			expect(t, g, Sample{7000, 0, 0, 0, 1500, 700})
		}
		write(t, root, map[string]string{dir + "cgroup.procs": "43\n"})
		expect(t, g, Sample{7000, 0, 0, 0, 2, 700})
		// Its processes went to groups below: what is open stays.
		write(t, root, map[string]string{dir + "cgroup.procs": ""})
		for i := 0; i < rareEvery; i++ {
			expect(t, g, Sample{7000, 0, 0, 0, 2, 700})
		}
	}
}

func opened(t *testing.T, root string) *group {
	t.Helper()
	g, err := openGroup(NewPlaces(root), filepath.Join(root, "proc"), id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(g.close)
	return g
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func expect(t *testing.T, g *group, want Sample) {
	t.Helper()
	if got, err := g.read(make([]byte, bufferBytes)); err != nil || got != want {
		t.Fatalf("tick %d: %v, want %v (%v)", g.ticks-1, got, want, err)
	}
}

func TestTheHostsNetworkIsNoContainers(t *testing.T) {
	dir := "docker/" + id + "/"
	root := tree(t, map[string]string{
		"cgroup.controllers": "cpu",
		dir + "cpu.stat":     "usage_usec 7\n",
		dir + "cgroup.procs": "42\n",
		"proc/42/net/dev":    dev,
		"proc/43/net/dev":    dev,
	})
	for pid, namespace := range map[string]string{"1": "net:[1]", "42": "net:[1]", "43": "net:[2]"} {
		folder := filepath.Join(root, "proc", pid, "ns")
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(namespace, filepath.Join(folder, "net")); err != nil {
			t.Fatal(err)
		}
	}
	g := opened(t, root)
	expect(t, g, Sample{7000})
	write(t, root, map[string]string{dir + "cgroup.procs": "43\n"})
	expect(t, g, Sample{7000, 0, 0, 0, 1500, 700})
	write(t, root, map[string]string{dir + "cgroup.procs": "42\n"})
	expect(t, g, Sample{7000})
}

// The kernel gives a page at a time of what it writes line by line, as the interfaces of a network.
func TestMoreThanAPageIsReadToTheEnd(t *testing.T) {
	const name = "/proc/kallsyms"
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for i := 0; i < 2; i++ {
		got, err := rereadLines(file, make([]byte, bufferBytes))
		if err != nil || len(got) != bufferBytes || !bytes.HasPrefix(whole, got) {
			t.Errorf("%d bytes of %d, %v", len(got), len(whole), err)
		}
	}
	one, err := os.Open("/proc/self/net/dev")
	if err != nil {
		t.Fatal(err)
	}
	defer one.Close()
	if got, err := rereadLines(one, make([]byte, bufferBytes)); err != nil || !bytes.Contains(got, []byte("lo:")) {
		t.Errorf("%q, %v", got, err)
	}
}

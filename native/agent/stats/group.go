package stats

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// The limit, the kills and the pressure change seldom: they are read at every fifth tick. So is everything of a
// container that has not run since the tick before: it did nothing, and what is done to it (packets that nobody
// takes, memory that the kernel takes back) may wait.
const slowEvery = 5

// group is one container's open files. Opening them anew at each tick costs 2.6 times as much.
type group struct {
	isV2                               bool
	cpu, memory, memoryStat, pids, io_ *os.File
	limit, events                      *os.File
	pressures                          [3]*os.File
	net                                *os.File
	ticks                              int
	last                               Sample
}

var errGone = errors.New("stats: the group is gone")

// openGroup opens what there is: a controller that is not on costs its fields, not the container.
func openGroup(p *Places, procRoot, id string) (*group, error) {
	path, isFound := p.Find(id)
	if !isFound {
		return nil, errGone
	}
	g := &group{isV2: p.v2 != ""}
	if g.isV2 {
		dir := filepath.Join(p.v2, path)
		g.cpu, g.memory, g.memoryStat = open(dir, "cpu.stat"), open(dir, "memory.current"), open(dir, "memory.stat")
		g.pids, g.io_ = open(dir, "pids.current"), open(dir, "io.stat")
		g.limit, g.events = open(dir, "memory.max"), open(dir, "memory.events")
		for i, name := range [3]string{"cpu.pressure", "memory.pressure", "io.pressure"} {
			g.pressures[i] = open(dir, name)
		}
		g.net = openNet(procRoot, dir)
	} else {
		cpu, memory := filepath.Join(p.v1["cpuacct"], path), filepath.Join(p.v1["memory"], path)
		g.cpu = open(cpu, "cpuacct.usage")
		g.memory, g.memoryStat = open(memory, "memory.usage_in_bytes"), open(memory, "memory.stat")
		g.limit, g.events = open(memory, "memory.limit_in_bytes"), open(memory, "memory.oom_control")
		g.pids = open(filepath.Join(p.v1["pids"], path), "pids.current")
		g.io_ = open(filepath.Join(p.v1["blkio"], path), "blkio.throttle.io_service_bytes_recursive")
		g.net = openNet(procRoot, cpu)
	}
	if g.cpu == nil {
		g.close()
		return nil, errGone
	}
	return g, nil
}

func open(dir, name string) *os.File {
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return nil
	}
	return file
}

// openNet opens /proc/PID/net/dev of the first process: the file stays that network's while it is open.
func openNet(procRoot, dir string) *os.File {
	text, err := os.ReadFile(filepath.Join(dir, "cgroup.procs"))
	if err != nil || len(text) == 0 {
		return nil
	}
	pid, _ := nextWord(text)
	file, err := os.Open(filepath.Join(procRoot, string(pid), "net", "dev"))
	if err != nil {
		return nil
	}
	return file
}

func (g *group) close() {
	files := append([]*os.File{g.cpu, g.memory, g.memoryStat, g.pids, g.io_, g.limit, g.events, g.net}, g.pressures[:]...)
	for _, file := range files {
		if file != nil {
			file.Close()
		}
	}
}

// read takes a sample, or errGone. The buffer is shared by all groups.
func (g *group) read(buffer []byte) (Sample, error) {
	text, err := reread(g.cpu, buffer)
	if err != nil {
		return Sample{}, errGone
	}
	cpu := number(text, 0)
	if g.isV2 {
		cpu = field(text, "usage_usec") * 1000
	}
	isSlow := g.ticks%slowEvery == 0
	// What runs between this reading and the others is in the next tick's.
	hasRun := cpu != g.last[fieldCPU]
	g.last[fieldCPU] = cpu
	if hasRun || isSlow {
		g.readOwn(buffer)
	}
	if isSlow {
		g.readSlow(buffer)
	}
	g.ticks++
	return g.last, nil
}

// readOwn reads what a container's own work changes.
func (g *group) readOwn(buffer []byte) {
	g.last[fieldMemory] = g.workingSet(buffer)
	g.last[fieldPids] = number(orEmpty(reread(g.pids, buffer)), 0)
	if text := orEmpty(reread(g.io_, buffer)); g.isV2 {
		g.last[fieldBlockRead], g.last[fieldBlockWritten] = ioV2(text)
	} else {
		g.last[fieldBlockRead], g.last[fieldBlockWritten] = ioV1(text)
	}
	g.last[fieldNetReceived], g.last[fieldNetSent] = netDev(orEmpty(reread(g.net, buffer)))
}

// workingSet is usage less the inactive file cache, as `docker stats` shows it.
func (g *group) workingSet(buffer []byte) uint64 {
	usage := number(orEmpty(reread(g.memory, buffer)), 0)
	name := "total_inactive_file"
	if g.isV2 {
		name = "inactive_file"
	}
	if cache := field(orEmpty(reread(g.memoryStat, buffer)), name); cache < usage {
		return usage - cache
	}
	return usage
}

func (g *group) readSlow(buffer []byte) {
	limit := number(orEmpty(reread(g.limit, buffer)), 0)
	// v1 writes "no limit" as the largest multiple of a page.
	if limit >= 1<<62 {
		limit = 0
	}
	g.last[fieldMemoryLimit] = limit
	g.last[fieldOOMKills] = field(orEmpty(reread(g.events, buffer)), "oom_kill")
	for i, file := range g.pressures {
		g.last[fieldPressureCPU+i] = pressure(orEmpty(reread(file, buffer)))
	}
}

func orEmpty(text []byte, err error) []byte {
	if err != nil {
		return nil
	}
	return text
}

// reread reads a small kernel file from its start, by its kept descriptor.
func reread(file *os.File, buffer []byte) ([]byte, error) {
	if file == nil {
		return nil, io.EOF
	}
	for {
		n, err := syscall.Pread(int(file.Fd()), buffer, 0)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return nil, err
		}
		return buffer[:n], nil
	}
}

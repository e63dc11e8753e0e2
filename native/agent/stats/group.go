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

// A network that is wrong all the same, or a controller that is put on, is noticed so many ticks later. A multiple
// of slowEvery.
const rareEvery = 60

// kept is a kernel file that stays open, and where it is to be found while it is not.
type kept struct {
	path string
	file *os.File
	// It was not there when it was looked for: a kernel without pressure never has it.
	isAbsent bool
}

// group is one container's open files. Opening them anew at each tick costs 2.6 times as much.
type group struct {
	isV2                               bool
	cpu, memory, memoryStat, pids, io_ kept
	limit, events                      kept
	pressures                          [3]kept
	net                                *os.File
	// Where the processes of the host stand for us, and the list of the group's own.
	procRoot, procs string
	ticks           int
	last            Sample
}

var errGone = errors.New("stats: the group is gone")

// openGroup opens what there is: a controller that is not on costs its fields, not the container.
func openGroup(p *Places, procRoot, id string) (*group, error) {
	path, isFound := p.Find(id)
	if !isFound {
		return nil, errGone
	}
	g := &group{isV2: p.v2 != "", procRoot: procRoot}
	if g.isV2 {
		g.nameV2(filepath.Join(p.v2, path))
	} else {
		g.nameV1(p.v1, path)
	}
	g.openMissing(true)
	g.openNet()
	if g.cpu.file == nil {
		g.close()
		return nil, errGone
	}
	return g, nil
}

func (g *group) nameV2(dir string) {
	at := func(name string) kept { return kept{path: filepath.Join(dir, name)} }
	g.cpu, g.memory, g.memoryStat = at("cpu.stat"), at("memory.current"), at("memory.stat")
	g.pids, g.io_ = at("pids.current"), at("io.stat")
	g.limit, g.events = at("memory.max"), at("memory.events")
	g.pressures = [3]kept{at("cpu.pressure"), at("memory.pressure"), at("io.pressure")}
	g.procs = filepath.Join(dir, "cgroup.procs")
}

// nameV1 leaves without a path what has no hierarchy.
func (g *group) nameV1(hierarchies map[string]string, path string) {
	at := func(controller, name string) kept {
		if hierarchies[controller] == "" {
			return kept{}
		}
		return kept{path: filepath.Join(hierarchies[controller], path, name)}
	}
	g.cpu = at("cpuacct", "cpuacct.usage")
	g.memory, g.memoryStat = at("memory", "memory.usage_in_bytes"), at("memory", "memory.stat")
	g.limit, g.events = at("memory", "memory.limit_in_bytes"), at("memory", "memory.oom_control")
	g.pids = at("pids", "pids.current")
	g.io_ = at("blkio", "blkio.throttle.io_service_bytes_recursive")
	g.procs = at("cpuacct", "cgroup.procs").path
}

func (g *group) files() [10]*kept {
	return [10]*kept{
		&g.cpu, &g.memory, &g.memoryStat, &g.pids, &g.io_, &g.limit, &g.events,
		&g.pressures[0], &g.pressures[1], &g.pressures[2],
	}
}

// openMissing tells whether it opened any. What was absent is looked for where all is.
func (g *group) openMissing(isAll bool) (hasOpened bool) {
	for _, one := range g.files() {
		if one.file != nil || one.path == "" || one.isAbsent && !isAll {
			continue
		}
		file, err := os.Open(one.path)
		one.isAbsent = errors.Is(err, os.ErrNotExist)
		if err == nil {
			one.file, hasOpened = file, true
		}
	}
	return hasOpened
}

// openNet opens, and tells whether what is read is another now. It takes /proc/PID/net/dev of the first process: the file stays that network's while it is open. What was
// open stays where there is none: a group may hand its processes to groups below it. The host's own network is no
// container's: the engine tells nothing of it either.
func (g *group) openNet() (hasOpened bool) {
	text, err := os.ReadFile(g.procs)
	if err != nil || len(text) == 0 {
		return false
	}
	pid, _ := nextWord(text)
	if g.isHostNet(string(pid)) {
		hadOne := g.net != nil
		if hadOne {
			g.net.Close()
			g.net = nil
		}
		return hadOne
	}
	file, err := os.Open(filepath.Join(g.procRoot, string(pid), "net", "dev"))
	if err != nil {
		return false
	}
	if g.net != nil {
		g.net.Close()
	}
	g.net = file
	return true
}

func (g *group) isHostNet(pid string) bool {
	own, err := g.netOf(pid)
	if err != nil {
		return false
	}
	hosts, err := g.netOf("1")
	if err != nil {
		// Not every first process may be looked at. Then the agent's own: it is the host's, or no other container's.
		hosts, err = g.netOf("self")
	}
	return err == nil && own == hosts
}

func (g *group) netOf(pid string) (string, error) {
	return os.Readlink(filepath.Join(g.procRoot, pid, "ns", "net"))
}

// lookAgain opens what could not be opened before: groups are made file by file, and descriptors run short for a
// while. runc puts its first process into the group before that has a network of its own: what was opened in that
// moment is the host's, so the first ticks open it anew.
func (g *group) lookAgain(isSlow bool) (hasOpened bool) {
	isNew := g.ticks <= slowEvery
	if g.ticks == 0 || !isNew && !isSlow {
		return false
	}
	isAll := isNew || g.ticks%rareEvery == 0
	hasOpened = g.openMissing(isAll)
	if isAll || g.net == nil {
		hasOpened = g.openNet() || hasOpened
	}
	return hasOpened
}

func (g *group) close() {
	for _, one := range g.files() {
		if one.file != nil {
			one.file.Close()
		}
	}
	if g.net != nil {
		g.net.Close()
	}
}

// read takes a sample, or errGone. The buffer is shared by all groups.
func (g *group) read(buffer []byte) (Sample, error) {
	text, err := reread(g.cpu.file, buffer)
	if err != nil {
		return Sample{}, errGone
	}
	cpu := number(text, 0)
	if g.isV2 {
		cpu = field(text, "usage_usec") * 1000
	}
	isSlow := g.ticks%slowEvery == 0
	// What is new is read at once, whether the container has run or not.
	isSlow = g.lookAgain(isSlow) || isSlow
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
	g.last[fieldPids] = number(orEmpty(reread(g.pids.file, buffer)), 0)
	if text := orEmpty(reread(g.io_.file, buffer)); g.isV2 {
		g.last[fieldBlockRead], g.last[fieldBlockWritten] = ioV2(text)
	} else {
		g.last[fieldBlockRead], g.last[fieldBlockWritten] = ioV1(text)
	}
	g.last[fieldNetReceived], g.last[fieldNetSent] = netDev(orEmpty(rereadLines(g.net, buffer)))
}

// workingSet is usage less the inactive file cache, as `docker stats` shows it.
func (g *group) workingSet(buffer []byte) uint64 {
	usage := number(orEmpty(reread(g.memory.file, buffer)), 0)
	name := "total_inactive_file"
	if g.isV2 {
		name = "inactive_file"
	}
	if cache := field(orEmpty(reread(g.memoryStat.file, buffer)), name); cache < usage {
		return usage - cache
	}
	return usage
}

func (g *group) readSlow(buffer []byte) {
	limit := number(orEmpty(reread(g.limit.file, buffer)), 0)
	// v1 writes "no limit" as the largest multiple of a page.
	if limit >= 1<<62 {
		limit = 0
	}
	g.last[fieldMemoryLimit] = limit
	g.last[fieldOOMKills] = field(orEmpty(reread(g.events.file, buffer)), "oom_kill")
	for i := range g.pressures {
		g.last[fieldPressureCPU+i] = pressure(orEmpty(reread(g.pressures[i].file, buffer)))
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
	n, err := pread(file, buffer, 0)
	if err != nil {
		return nil, err
	}
	return buffer[:n], nil
}

// A read that gives less was not the end of a page: no line that the kernel writes of an interface has a KiB.
var nearlyPage = os.Getpagesize() - 1024

// rereadLines reads one that the kernel writes line by line, at most a page at a time, to its end.
func rereadLines(file *os.File, buffer []byte) ([]byte, error) {
	if file == nil {
		return nil, io.EOF
	}
	at := 0
	for at < len(buffer) {
		n, err := pread(file, buffer[at:], int64(at))
		if err != nil {
			return nil, err
		}
		at += n
		if n < nearlyPage {
			break
		}
	}
	return buffer[:at], nil
}

func pread(file *os.File, buffer []byte, at int64) (int, error) {
	for {
		n, err := syscall.Pread(int(file.Fd()), buffer, at)
		if err != syscall.EINTR {
			return n, err
		}
	}
}

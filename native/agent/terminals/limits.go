package terminals

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// limitNames are the kernel's sixteen, by number, as /proc/PID/limits and the runtime's specification name them.
var limitNames = []struct{ proc, spec string }{
	{"Max cpu time", "CPU"}, {"Max file size", "FSIZE"}, {"Max data size", "DATA"}, {"Max stack size", "STACK"},
	{"Max core file size", "CORE"}, {"Max resident set", "RSS"}, {"Max processes", "NPROC"},
	{"Max open files", "NOFILE"}, {"Max locked memory", "MEMLOCK"}, {"Max address space", "AS"},
	{"Max file locks", "LOCKS"}, {"Max pending signals", "SIGPENDING"}, {"Max msgqueue size", "MSGQUEUE"},
	{"Max nice priority", "NICE"}, {"Max realtime priority", "RTPRIO"}, {"Max realtime timeout", "RTTIME"},
}

const unlimited = ^uint64(0)

// limits of a process: soft and hard by the kernel's number.
type limits map[int]limit

type limit struct {
	Soft uint64 `json:"soft"`
	Hard uint64 `json:"hard"`
}

func parseLimits(text []byte) limits {
	all := limits{}
	for _, line := range strings.Split(string(text), "\n") {
		for number, names := range limitNames {
			if !strings.HasPrefix(line, names.proc+" ") {
				continue
			}
			fields := strings.Fields(line[len(names.proc):])
			if len(fields) >= 2 {
				all[number] = limit{parseLimit(fields[0]), parseLimit(fields[1])}
			}
		}
	}
	return all
}

func parseLimit(text string) uint64 {
	value, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return unlimited
	}
	return value
}

// limits are the container's own where it has them, and else what its shim hands on to all that it starts. A shim
// may have raised its own soft limit, which it does not hand on: the first process has the lower one then.
func (t *target) limits(procRoot string) (limits, error) {
	text, err := os.ReadFile(filepath.Join(procRoot, t.status["PPid"], "limits"))
	if err != nil {
		return nil, refuse(reasonLimits, "%v", err)
	}
	own, err := t.file("limits")
	if err != nil {
		return nil, refuse(reasonGone, "%v", err)
	}
	all, first := parseLimits(text), parseLimits(own)
	for number, handed := range all {
		if soft := first[number].Soft; soft < handed.Soft {
			all[number] = limit{soft, handed.Hard}
		}
	}
	for _, asked := range t.spec.Process.Rlimits {
		number := limitNumber(asked.Type)
		if number < 0 {
			return nil, refuse(reasonLimits, "unknown %s", asked.Type)
		}
		given := limit{asked.Soft, asked.Hard}
		// A runc built with Go 1.19 or 1.20 raises this one for all that it starts: the first process shows it.
		if now := first[number]; asked.Type == "RLIMIT_NOFILE" && now.Hard == given.Hard {
			given.Soft = now.Soft
		}
		all[number] = given
	}
	return all, nil
}

func limitNumber(name string) int {
	for number, names := range limitNames {
		if name == "RLIMIT_"+names.spec {
			return number
		}
	}
	return -1
}

// apply sets them for this process.
func (l limits) apply() error {
	for number, wanted := range l {
		now := syscall.Rlimit{}
		if err := syscall.Getrlimit(number, &now); err != nil {
			return refuse(reasonLimits, "%s: %v", limitNames[number].spec, err)
		}
		if now.Cur == wanted.Soft && now.Max == wanted.Hard {
			continue
		}
		if err := syscall.Setrlimit(number, &syscall.Rlimit{Cur: wanted.Soft, Max: wanted.Hard}); err != nil {
			return refuse(reasonLimits, "%s: %v", limitNames[number].spec, err)
		}
	}
	return nil
}

// setOomScore makes a process as dear to the kernel as the container's own.
func (t *target) setOomScore(procRoot string, pid int) error {
	if t.spec.Process.OomScoreAdj == nil {
		return nil
	}
	path := filepath.Join(procRoot, strconv.Itoa(pid), "oom_score_adj")
	wanted := fmt.Sprint(*t.spec.Process.OomScoreAdj)
	now, err := os.ReadFile(path)
	if err == nil && strings.TrimSpace(string(now)) == wanted {
		return nil
	}
	if err == nil {
		err = os.WriteFile(path, []byte(wanted), 0)
	}
	if err != nil {
		return refuse(reasonLimits, "OOM score: %v", err)
	}
	return nil
}

package terminals

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// spec is what we read of a container's config.json: what the engine gave to runc, and what its exec starts from.
// https://github.com/opencontainers/runtime-spec/blob/main/config.md
type spec struct {
	Process struct {
		User struct {
			UID            uint32   `json:"uid"`
			GID            uint32   `json:"gid"`
			Umask          *uint32  `json:"umask"`
			AdditionalGids []uint32 `json:"additionalGids"`
		} `json:"user"`
		Env             []string     `json:"env"`
		Cwd             string       `json:"cwd"`
		Capabilities    capabilities `json:"capabilities"`
		Rlimits         []rlimit     `json:"rlimits"`
		NoNewPrivileges bool         `json:"noNewPrivileges"`
		ApparmorProfile string       `json:"apparmorProfile"`
		SelinuxLabel    string       `json:"selinuxLabel"`
		OomScoreAdj     *int         `json:"oomScoreAdj"`
		// Newer than what we know how to give.
		Scheduler       json.RawMessage `json:"scheduler"`
		IOPriority      json.RawMessage `json:"ioPriority"`
		ExecCPUAffinity json.RawMessage `json:"execCPUAffinity"`
	} `json:"process"`
	Linux struct {
		Seccomp *struct {
			DefaultAction string `json:"defaultAction"`
			ListenerPath  string `json:"listenerPath"`
		} `json:"seccomp"`
		Personality json.RawMessage `json:"personality"`
	} `json:"linux"`
}

type rlimit struct {
	Type string `json:"type"`
	Hard uint64 `json:"hard"`
	Soft uint64 `json:"soft"`
}

// target is a running container: its first process, and what it was started with.
type target struct {
	id  string
	pid int
	// The process's folder below /proc. Names below it are of this process for ever: a later one with the same
	// number is not found through it.
	dir        *os.File
	namespaces namespaces
	spec       spec
	// Status of the first process and of the shim above it.
	status, shim status
	cgroups      []byte
}

// A container's configuration is some 20 KB; one with thousands of mounts a megabyte.
const maxSpecBytes = 8 << 20

// findTarget opens the container whose first process core has been told of by the engine, if that is what it is.
func findTarget(procRoot, id string, pid int) (*target, error) {
	if pid <= 1 || len(id) != 64 {
		return nil, refuse(reasonGone, "no running container")
	}
	dir, err := os.Open(filepath.Join(procRoot, strconv.Itoa(pid)))
	if err != nil {
		return nil, refuse(reasonGone, "process %d: %v", pid, err)
	}
	t := &target{id: id, pid: pid, dir: dir}
	if err := t.read(procRoot); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

func (t *target) read(procRoot string) error {
	text, err := t.file("status")
	if err != nil {
		return refuse(reasonGone, "%v", err)
	}
	t.status = parseStatus(text)
	if t.status.hasEnded() {
		return refuse(reasonGone, "the first process has ended")
	}
	if t.namespaces, err = namespacesOf(t.dir); err != nil {
		return err
	}
	if t.cgroups, err = t.file("cgroup"); err != nil {
		return refuse(reasonGone, "%v", err)
	}
	shim := filepath.Join(procRoot, t.status["PPid"])
	if text, err = os.ReadFile(filepath.Join(shim, "status")); err != nil {
		return refuse(reasonRuntime, "%v", err)
	}
	t.shim = parseStatus(text)
	// A shim's working folder is the bundle of its container.
	bundle, err := os.Readlink(filepath.Join(shim, "cwd"))
	if err != nil || filepath.Base(bundle) != t.id {
		return refuse(reasonRuntime, "the process above is no shim of this container: %q, %v", bundle, err)
	}
	file, err := os.Open(filepath.Join(shim, "cwd", "config.json"))
	if err != nil {
		return refuse(reasonRuntime, "%v", err)
	}
	defer file.Close()
	if text, err = io.ReadAll(io.LimitReader(file, maxSpecBytes)); err != nil {
		return refuse(reasonRuntime, "%v", err)
	}
	if err := json.Unmarshal(text, &t.spec); err != nil {
		return refuse(reasonRuntime, "config.json: %v", err)
	}
	return t.known()
}

// known refuses what a container may ask for and we do not know how to give.
func (t *target) known() error {
	process, linux := t.spec.Process, t.spec.Linux
	switch {
	case process.SelinuxLabel != "":
		return refuse(reasonLabel, "SELinux %s", process.SelinuxLabel)
	case process.Scheduler != nil, process.IOPriority != nil, process.ExecCPUAffinity != nil, linux.Personality != nil:
		return refuse(reasonLimits, "scheduler, I/O priority, affinity or personality")
	case linux.Seccomp != nil && linux.Seccomp.ListenerPath != "":
		return refuse(reasonSeccomp, "a filter that asks a listener")
	case t.shim["Seccomp"] != "0":
		return refuse(reasonSeccomp, "the engine itself is filtered")
	}
	return nil
}

func (t *target) close() {
	t.namespaces.close()
	t.dir.Close()
}

// file reads a file of the first process, however it is called by now.
func (t *target) file(name string) ([]byte, error) {
	fd, err := syscall.Openat(int(t.dir.Fd()), name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	file := os.NewFile(uintptr(fd), name)
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, 1<<20))
}

// status is /proc/PID/status: values by name, as they stand.
type status map[string]string

func parseStatus(text []byte) status {
	all := status{}
	for _, line := range strings.Split(string(text), "\n") {
		if name, value, isField := strings.Cut(line, ":"); isField {
			all[name] = strings.TrimSpace(value)
		}
	}
	return all
}

// hasEnded: the process, or its first thread while others live on, which has nothing left to be entered.
func (s status) hasEnded() bool {
	return strings.HasPrefix(s["State"], "Z") || strings.HasPrefix(s["State"], "X")
}

// capabilities reads one of the five sets, as in "CapBnd".
func (s status) capabilities(name string) uint64 {
	set, err := strconv.ParseUint(s[name], 16, 64)
	if err != nil {
		return 0
	}
	return set
}

// startTicks tells a process from a later one with its number: field 22 of stat.
func (t *target) startTicks() (string, error) {
	text, err := t.file("stat")
	if err != nil {
		return "", err
	}
	line := string(text)
	fields := strings.Fields(line[strings.LastIndexByte(line, ')')+1:])
	if len(fields) < 20 {
		return "", syscall.ESRCH
	}
	return fields[19], nil
}

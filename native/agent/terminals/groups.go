package terminals

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// membership is one line of /proc/PID/cgroup: where a process stands in one hierarchy.
type membership struct {
	// Empty for the unified hierarchy (v2).
	controllers string
	path        string
}

func parseMemberships(text []byte) []membership {
	all := []membership{}
	for _, line := range strings.Split(string(text), "\n") {
		fields := strings.SplitN(line, ":", 3)
		if len(fields) == 3 && strings.HasPrefix(fields[2], "/") {
			all = append(all, membership{fields[1], fields[2]})
		}
	}
	return all
}

// ofContainer is the container's own group: the first process may have moved on into one below it.
func (m membership) ofContainer(id string) membership {
	at := strings.Index(m.path, id)
	if at < 0 {
		return m
	}
	end := strings.IndexByte(m.path[at:], '/')
	if end < 0 {
		return m
	}
	return membership{m.controllers, m.path[:at+end]}
}

// file is where a process is moved into that group. Empty where the hierarchy is not mounted at all.
func (m membership) file(root string) string {
	dir := filepath.Join(root, strings.TrimPrefix(m.controllers, "name="))
	if m.controllers == "" {
		dir = root
		if _, err := os.Stat(filepath.Join(root, "cgroup.controllers")); err != nil {
			dir = filepath.Join(root, "unified")
		}
	}
	if _, err := os.Stat(dir); err != nil {
		return ""
	}
	return filepath.Join(dir, m.path, "cgroup.procs")
}

// enterGroups moves a process into all groups of a container, as the runtime does with an exec.
func enterGroups(root string, t *target, pid int) error {
	isIn := false
	for _, first := range parseMemberships(t.cgroups) {
		group := first.ofContainer(t.id)
		if !strings.Contains(group.path, t.id) {
			continue
		}
		isIn = true
		err := moveInto(group.file(root), pid)
		// v2: a group with groups below it that share its controllers takes no processes of its own.
		if errors.Is(err, syscall.EBUSY) || errors.Is(err, syscall.EOPNOTSUPP) {
			err = moveInto(first.file(root), pid)
		}
		if err != nil {
			return refuse(reasonCgroup, "%v", err)
		}
	}
	if !isIn {
		return refuse(reasonCgroup, "no group of its own")
	}
	return nil
}

func moveInto(path string, pid int) error {
	if path == "" {
		return nil
	}
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer file.Close()
	_, err = file.WriteString(strconv.Itoa(pid))
	return err
}

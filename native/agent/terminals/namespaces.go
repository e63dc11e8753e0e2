package terminals

import (
	"os"
	"syscall"
)

// The kernel's names of a process's namespaces, in the order in which the runtime enters them. That of processes is
// entered at birth, by the agent. The first two no thread of a Go program can enter: they must be the same already.
var namespaceNames = []string{"user", "time", "pid", "ipc", "uts", "net", "cgroup", "mnt"}

// namespace is one of the container's, held: what becomes of the process that it was found at changes nothing.
type namespace struct {
	name string
	file *os.File
	// The agent is in another one.
	isOther bool
}

type namespaces []namespace

// namespacesOf holds all namespaces of a process. One that is missing is no reason to stay in our own: a process whose
// first thread has ended has none any more but those of users and processes.
func namespacesOf(process *os.File) (namespaces, error) {
	all := namespaces{}
	for _, name := range namespaceNames {
		ours, err := inodeOf("/proc/self/ns/" + name)
		if err == syscall.ENOENT {
			// A kernel without that kind has but one.
			continue
		}
		if err != nil {
			all.close()
			return nil, refuse(reasonNamespaces, "our own %s: %v", name, err)
		}
		found, err := namespaceOf(process, name, ours)
		if err != nil {
			all.close()
			return nil, refuse(reasonGone, "%s: %v", name, err)
		}
		all = append(all, found)
	}
	if mounts := all.named("mnt"); mounts == nil || !mounts.isOther {
		all.close()
		return nil, refuse(reasonNamespaces, "its mounts are the agent's own")
	}
	return all, nil
}

func namespaceOf(process *os.File, name string, ours uint64) (namespace, error) {
	fd, err := syscall.Openat(int(process.Fd()), "ns/"+name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return namespace{}, err
	}
	file := os.NewFile(uintptr(fd), name)
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		file.Close()
		return namespace{}, err
	}
	return namespace{name, file, stat.Ino != ours}, nil
}

func inodeOf(path string) (uint64, error) {
	var stat syscall.Stat_t
	err := syscall.Stat(path, &stat)
	return stat.Ino, err
}

func (all namespaces) named(name string) *namespace {
	for at := range all {
		if all[at].name == name {
			return &all[at]
		}
	}
	return nil
}

func (all namespaces) close() {
	for _, one := range all {
		one.file.Close()
	}
}

// names and files are in the same order, for the child.
func (all namespaces) names() []string {
	names := []string{}
	for _, one := range all {
		names = append(names, one.name)
	}
	return names
}

func (all namespaces) files() []*os.File {
	files := []*os.File{}
	for _, one := range all {
		files = append(files, one.file)
	}
	return files
}

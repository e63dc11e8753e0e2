package terminals

import (
	"os"
	"syscall"
	"unsafe"
)

// The kernel's names of a thread's namespaces, in the order in which the runtime enters them. That of processes is
// entered at birth, by the agent.
var entered = []string{"ipc", "uts", "net", "cgroup", "mnt"}

// Those that no thread of a Go program can enter: they must be the same already.
var mustBeSame = []string{"user", "time"}

// enter moves this thread into the container's namespaces and joins its keyring.
func (b *birth) enter() error {
	for _, name := range mustBeSame {
		if isOther, err := isOtherNamespace(targetFd, name); err != nil || isOther {
			return refuse(reasonNamespaces, "%s, %v", name, err)
		}
	}
	// All are opened first: behind the mount namespace /proc is another.
	files := []int{}
	for _, name := range entered {
		isOther, err := isOtherNamespace(targetFd, name)
		if err != nil {
			return refuse(reasonNamespaces, "%s: %v", name, err)
		}
		if !isOther {
			continue
		}
		fd, err := syscall.Openat(targetFd, "ns/"+name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
		if err != nil {
			return refuse(reasonNamespaces, "%s: %v", name, err)
		}
		files = append(files, fd)
	}
	if err := b.keepLabelFile(); err != nil {
		return err
	}
	// A thread that shares its folder with others cannot enter a mount namespace.
	if _, _, errno := syscall.RawSyscall(sysUnshare, syscall.CLONE_FS, 0, 0); errno != 0 {
		return refuse(reasonNamespaces, "folder: %v", errno)
	}
	for _, fd := range files {
		if err := setns(fd, 0); err != nil {
			return refuse(reasonNamespaces, "%v", err)
		}
		syscall.Close(fd)
	}
	syscall.Close(targetFd)
	return b.joinKeyring()
}

// joinKeyring joins the container's session keyring by its name, as the runtime does.
func (b *birth) joinKeyring() error {
	name, err := syscall.BytePtrFromString("_ses." + b.Container)
	if err != nil {
		return err
	}
	const joinSession = 1
	_, _, errno := syscall.RawSyscall(sysKeyctl, joinSession, uintptr(unsafe.Pointer(name)), 0)
	if errno != 0 && errno != syscall.ENOSYS {
		return refuse(reasonLimits, "keyring: %v", errno)
	}
	return nil
}

func setns(fd int, kind uintptr) error {
	if _, _, errno := syscall.RawSyscall(sysSetns, uintptr(fd), kind, 0); errno != 0 {
		return errno
	}
	return nil
}

// isOtherNamespace compares a namespace of a process with this thread's own.
func isOtherNamespace(process int, name string) (bool, error) {
	their, err := namespaceInode(process, "ns/"+name)
	if err == syscall.ENOENT {
		// A kernel without that kind has but one.
		return false, nil
	}
	if err != nil {
		return false, err
	}
	self, err := os.Open("/proc/thread-self")
	if err != nil {
		return false, err
	}
	defer self.Close()
	ours, err := namespaceInode(int(self.Fd()), "ns/"+name)
	return ours != their, err
}

func namespaceInode(process int, path string) (uint64, error) {
	fd, err := syscall.Openat(process, path, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	defer syscall.Close(fd)
	var stat syscall.Stat_t
	err = syscall.Fstat(fd, &stat)
	return stat.Ino, err
}

// switchUser sets groups and numbers of this thread; its capabilities stay for the next step.
func (b *birth) switchUser() error {
	if err := prctl(prSetKeepcaps, 1, 0); err != nil {
		return err
	}
	groups := append([]uint32{}, b.Account.Groups...)
	var first uintptr
	if len(groups) > 0 {
		first = uintptr(unsafe.Pointer(&groups[0]))
	}
	if _, _, errno := syscall.RawSyscall(syscall.SYS_SETGROUPS, uintptr(len(groups)), first, 0); errno != 0 {
		return errno
	}
	uid, gid := uintptr(b.Account.UID), uintptr(b.Account.GID)
	if _, _, errno := syscall.RawSyscall(sysSetresgid, gid, gid, gid); errno != 0 {
		return errno
	}
	if _, _, errno := syscall.RawSyscall(sysSetresuid, uid, uid, uid); errno != 0 {
		return errno
	}
	return prctl(prSetKeepcaps, 0, 0)
}

package terminals

import (
	"syscall"
	"unsafe"

	"slipway/agent/rooted"
)

// enter moves this thread into the container's namespaces and joins its keyring.
func (b *birth) enter() error {
	// Opened first: behind the mount namespace /proc is another.
	own, err := syscall.Open("/proc/self/ns", rooted.OPath|syscall.O_DIRECTORY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return refuse(reasonNamespaces, "our own: %v", err)
	}
	defer syscall.Close(own)
	if err := b.keepLabelFile(); err != nil {
		return err
	}
	// A thread that shares its folder with others cannot enter a mount namespace.
	if _, _, errno := syscall.RawSyscall(sysUnshare, syscall.CLONE_FS, 0, 0); errno != 0 {
		return refuse(reasonNamespaces, "folder: %v", errno)
	}
	for at, name := range b.Namespaces {
		if err := enterNamespace(own, name, namespacesFd+at); err != nil {
			return refuse(reasonNamespaces, "%s: %v", name, err)
		}
	}
	// What comes next is the container's word: not one of it is done in a namespace of ours.
	for at, name := range b.Namespaces {
		isThere, err := isIn(own, name, namespacesFd+at)
		if err != nil || !isThere {
			return refuse(reasonNamespaces, "%s is not the container's, %v", name, err)
		}
		syscall.Close(namespacesFd + at)
	}
	return b.joinKeyring()
}

// enterNamespace does nothing where this thread is in it already: some cannot be entered at all.
func enterNamespace(own int, name string, fd int) error {
	if isThere, err := isIn(own, name, fd); isThere || err != nil {
		return err
	}
	return setns(fd, 0)
}

// isIn tells whether this thread is in the namespace of a descriptor. `own` is the folder of our own.
func isIn(own int, name string, fd int) (bool, error) {
	var their syscall.Stat_t
	if err := syscall.Fstat(fd, &their); err != nil {
		return false, err
	}
	// No fstatat, which is called otherwise on each architecture.
	now, err := syscall.Openat(own, name, syscall.O_RDONLY|syscall.O_CLOEXEC, 0)
	if err != nil {
		return false, err
	}
	defer syscall.Close(now)
	var ours syscall.Stat_t
	err = syscall.Fstat(now, &ours)
	return ours.Ino == their.Ino, err
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

package terminals

import (
	"syscall"
	"unsafe"
)

const (
	devptsMagic = 0x1cd1
	// _IO('T', 0x41): opens the other end without a path that a container could have put something at. Linux 4.13.
	ioctlPeer   = 0x5441
	ioctlUnlock = 0x40045431
	ptmxDevice  = 5<<8 | 2
)

// openTerminal makes a terminal in the container's own devpts, keeps its slave end as this process's terminal, and
// hands the master end to the agent.
func (b *birth) openTerminal() error {
	master, slave, err := openPty("/dev/pts/ptmx")
	if err != nil {
		return refuse(reasonDevpts, "%v", err)
	}
	if err := setSize(master, b.Size); err != nil {
		return refuse(reasonDevpts, "size: %v", err)
	}
	if err := b.giveTerminal(slave); err != nil {
		return refuse(reasonDevpts, "owner: %v", err)
	}
	if err := ioctl(slave, syscall.TIOCSCTTY, 0); err != nil {
		return refuse(reasonDevpts, "controlling: %v", err)
	}
	for fd := 0; fd < 3; fd++ {
		if err := syscall.Dup3(slave, fd, 0); err != nil {
			return refuse(reasonDevpts, "%v", err)
		}
	}
	if err := syscall.Sendmsg(lineFd, []byte{saysMaster}, syscall.UnixRights(master), nil, 0); err != nil {
		return refuse(reasonDevpts, "%v", err)
	}
	syscall.Close(slave)
	return syscall.Close(master)
}

// giveTerminal makes the user the owner; the group stays that of terminals.
func (b *birth) giveTerminal(slave int) error {
	var stat syscall.Stat_t
	if err := syscall.Fstat(slave, &stat); err != nil {
		return err
	}
	if stat.Uid == b.Account.UID {
		return nil
	}
	return syscall.Fchown(slave, int(b.Account.UID), int(stat.Gid))
}

// openPty trusts the kernel only: what stands there must be the multiplexer of a devpts.
func openPty(path string) (master, slave int, err error) {
	const flags = syscall.O_RDWR | syscall.O_NOCTTY | syscall.O_CLOEXEC
	master, err = syscall.Open(path, flags|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return -1, -1, err
	}
	defer func() {
		if err != nil {
			syscall.Close(master)
		}
	}()
	var stat syscall.Stat_t
	var fs syscall.Statfs_t
	if err = syscall.Fstat(master, &stat); err != nil {
		return -1, -1, err
	}
	if err = syscall.Fstatfs(master, &fs); err != nil {
		return -1, -1, err
	}
	if stat.Mode&syscall.S_IFMT != syscall.S_IFCHR || stat.Rdev != ptmxDevice || int64(fs.Type) != devptsMagic {
		return -1, -1, syscall.ENOTTY
	}
	var locked int32
	if err = ioctl(master, ioctlUnlock, uintptr(unsafe.Pointer(&locked))); err != nil {
		return -1, -1, err
	}
	peer, _, errno := syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(master), ioctlPeer, flags)
	if errno != 0 {
		err = errno
		return -1, -1, err
	}
	return master, int(peer), nil
}

func setSize(fd int, to size) error {
	wanted := struct{ rows, cols, x, y uint16 }{rows: to.Rows, cols: to.Cols}
	return ioctl(fd, syscall.TIOCSWINSZ, uintptr(unsafe.Pointer(&wanted)))
}

func ioctl(fd int, request, argument uintptr) error {
	if _, _, errno := syscall.RawSyscall(syscall.SYS_IOCTL, uintptr(fd), request, argument); errno != 0 {
		return errno
	}
	return nil
}

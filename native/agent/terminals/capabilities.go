package terminals

import (
	"syscall"
	"unsafe"
)

// Names in the kernel's order: include/uapi/linux/capability.h.
var capabilityNames = []string{
	"CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID", "SETPCAP",
	"LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER",
	"SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT", "SYS_NICE",
	"SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
	"MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON", "BPF",
	"CHECKPOINT_RESTORE",
}

// capabilities are the five sets of a process, by name as the runtime's specification has them.
type capabilities struct {
	Bounding    []string `json:"bounding"`
	Effective   []string `json:"effective"`
	Inheritable []string `json:"inheritable"`
	Permitted   []string `json:"permitted"`
	Ambient     []string `json:"ambient"`
}

// capabilitySets are the same as bits.
type capabilitySets struct {
	Bounding, Effective, Inheritable, Permitted, Ambient uint64
}

func (c capabilities) sets() (capabilitySets, error) {
	var sets capabilitySets
	for _, one := range []struct {
		names []string
		into  *uint64
	}{
		{c.Bounding, &sets.Bounding}, {c.Effective, &sets.Effective}, {c.Inheritable, &sets.Inheritable},
		{c.Permitted, &sets.Permitted}, {c.Ambient, &sets.Ambient},
	} {
		for _, name := range one.names {
			bit, isKnown := capabilityBit(name)
			if !isKnown {
				return sets, refuse(reasonCapabilities, "unknown %s", name)
			}
			*one.into |= bit
		}
	}
	return sets, nil
}

func capabilityBit(name string) (uint64, bool) {
	for at, known := range capabilityNames {
		if name == "CAP_"+known {
			return 1 << at, true
		}
	}
	return 0, false
}

// given are the sets that a runtime can give on this kernel: it leaves out what the kernel does not know, as all of
// them have bits only below its last one.
func (s capabilitySets) given(kernel uint64) capabilitySets {
	return capabilitySets{s.Bounding & kernel, s.Effective & kernel, s.Inheritable & kernel, s.Permitted & kernel, s.Ambient & kernel}
}

const (
	prCapbsetDrop  = 24
	prSetKeepcaps  = 8
	prCapAmbient   = 47
	ambientRaise   = 2
	ambientClear   = 4
	capVersion3    = 0x20080522
	maxCapability  = 63
	prSetDumpable  = 4
	prNoNewPrivs   = 38
	seccompByMode2 = 1
)

// dropBounding takes what the container does not have out of the bounding set of this thread.
func (s capabilitySets) dropBounding() error {
	for bit := uintptr(0); bit <= maxCapability; bit++ {
		if s.Bounding&(1<<bit) != 0 {
			continue
		}
		// EINVAL: past the kernel's last one.
		if err := prctl(prCapbsetDrop, bit, 0); err != nil && err != syscall.EINVAL {
			return err
		}
	}
	return nil
}

// apply sets the other four for this thread. The bounding set and the user come before.
func (s capabilitySets) apply() error {
	head := struct {
		version uint32
		pid     int32
	}{version: capVersion3}
	var data [2]struct{ effective, permitted, inheritable uint32 }
	for half := range data {
		shift := 32 * half
		data[half].effective = uint32(s.Effective >> shift)
		data[half].permitted = uint32(s.Permitted >> shift)
		data[half].inheritable = uint32(s.Inheritable >> shift)
	}
	if _, _, errno := syscall.RawSyscall(sysCapset, uintptr(unsafe.Pointer(&head)), uintptr(unsafe.Pointer(&data)), 0); errno != 0 {
		return errno
	}
	if err := prctl(prCapAmbient, ambientClear, 0); err != nil && err != syscall.EINVAL {
		return err
	}
	for bit := uintptr(0); bit <= maxCapability; bit++ {
		if s.Ambient&(1<<bit) == 0 {
			continue
		}
		if err := prctl(prCapAmbient, ambientRaise, bit); err != nil {
			return err
		}
	}
	return nil
}

func prctl(option int, one, two uintptr) error {
	if _, _, errno := syscall.RawSyscall6(syscall.SYS_PRCTL, uintptr(option), one, two, 0, 0, 0); errno != 0 {
		return errno
	}
	return nil
}

package terminals

import (
	"os"
	"strings"
	"syscall"
)

const unconfined = "unconfined"

// labelFile stays open over the entry: behind it /proc is the container's.
var labelFile = -1

// keepLabelFile opens where the next program's AppArmor profile is written, for this thread.
func (b *birth) keepLabelFile() error {
	if b.Apparmor == "" {
		return nil
	}
	for _, path := range []string{"/proc/thread-self/attr/apparmor/exec", "/proc/thread-self/attr/exec"} {
		fd, err := syscall.Open(path, syscall.O_WRONLY|syscall.O_CLOEXEC, 0)
		if err == nil {
			labelFile = fd
			return nil
		}
	}
	return refuse(reasonLabel, "AppArmor cannot be told %s", b.Apparmor)
}

// label asks the kernel for the container's profile from the next execve on.
func (b *birth) label() error {
	if labelFile < 0 {
		return nil
	}
	defer syscall.Close(labelFile)
	if _, err := syscall.Write(labelFile, []byte("exec "+b.Apparmor)); err != nil {
		return refuse(reasonLabel, "AppArmor %s: %v", b.Apparmor, err)
	}
	return nil
}

// isApparmorOn: where it is off, profiles in a configuration mean nothing to the runtime either.
func isApparmorOn() bool {
	text, err := os.ReadFile("/sys/module/apparmor/parameters/enabled")
	return err == nil && strings.HasPrefix(string(text), "Y")
}

package terminals

import (
	"errors"
	"fmt"
)

// refusal says in what a terminal of ours would differ from the engine's own exec: core then uses that one, and the
// terminal says so. Its reasons are data for the window's words, so they are few.
type refusal struct {
	// Reason is one of the reasons below.
	Reason string `json:"reason"`
	// Detail is for the log.
	Detail string `json:"detail"`
}

const (
	// The container is not one of runc's, or its bundle is not where a shim keeps it.
	reasonRuntime = "runtime"
	// It is not running, or not the one that core has seen.
	reasonGone = "gone"
	// A process with several threads cannot enter one: Go's always has.
	reasonUserNamespace = "user-namespace"
	reasonNamespaces    = "namespaces"
	reasonCgroup        = "cgroup"
	reasonCapabilities  = "capabilities"
	reasonSeccomp       = "seccomp"
	// AppArmor, SELinux, or what else the kernel guards by label.
	reasonLabel = "label"
	// Resource limits, keyring, what else a process is given at its start.
	reasonLimits = "limits"
	// No devpts, or one that is not what it says.
	reasonDevpts = "devpts"
	reasonUser   = "user"
	reasonFolder = "folder"
	// It was not ready in time.
	reasonTime = "time"
)

func (r *refusal) Error() string { return r.Reason + ": " + r.Detail }

func refuse(reason, format string, args ...any) error {
	return &refusal{reason, fmt.Sprintf(format, args...)}
}

// refusalOf gives the refusal in an error, or nil.
func refusalOf(err error) *refusal {
	var found *refusal
	if errors.As(err, &found) {
		return found
	}
	return nil
}

package layers

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"syscall"
)

// onOwnThread runs work on a thread whose working folder is no other thread's: what is looked at by its bare name
// costs the kernel a third of a path through /proc. The thread ends with the work. `hasOwn` is false where the
// kernel refused.
func onOwnThread(work func(hasOwn bool) error) error {
	ended := make(chan error, 1)
	go func() {
		// Never unlocked: the runtime ends the thread instead of giving it to others.
		runtime.LockOSThread()
		ended <- guarded(func() error { return work(syscall.Unshare(syscall.CLONE_FS) == nil) })
	}()
	return <-ended
}

// guarded makes an error of a bug, as a session does on its own goroutines.
func guarded(work func() error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("layers: %v\n%s", fault, debug.Stack())
		}
	}()
	return work()
}

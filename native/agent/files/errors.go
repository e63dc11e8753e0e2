package files

import (
	"errors"
	"os"
	"syscall"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

// refused is what a person asked for and cannot have; `reason` is a word that core knows.
func refused(reason, path string) *wire.Error {
	shown, _ := Escape(path)
	return wire.Errorf("request.invalid", "Not possible here: %s", reason).With("reason", reason).With("path", shown)
}

func taken(path string) *wire.Error {
	shown, _ := Escape(path)
	return wire.Errorf("object.conflict", "The name is taken").With("reason", "taken").With("path", shown)
}

func changed(path string) *wire.Error {
	shown, _ := Escape(path)
	return wire.Errorf("object.conflict", "The file was changed meanwhile").With("reason", "changed").With("path", shown)
}

var reasons = map[syscall.Errno]string{
	syscall.ENOTDIR: "not-a-folder", syscall.EISDIR: "not-a-file", syscall.ENOTEMPTY: "not-empty", syscall.EROFS: "read-only",
	syscall.EBUSY: "mount", syscall.EXDEV: "across-mounts", syscall.ENAMETOOLONG: "too-long", syscall.EACCES: "forbidden",
	syscall.EPERM: "forbidden", syscall.EINVAL: "special", syscall.ENXIO: "special", syscall.ETXTBSY: "busy",
	syscall.EFBIG: "too-large", syscall.EOPNOTSUPP: "kernel",
}

// told makes of a system's error what core can tell a person. Errors that are told already stay.
func told(err error, path string) error {
	var known *wire.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	shown, _ := Escape(path)
	if errors.Is(err, rooted.ErrEscapes) {
		return refused("link", path)
	}
	var errno syscall.Errno
	if !errors.As(err, &errno) {
		return err
	}
	if reason, isKnown := reasons[errno]; isKnown {
		return refused(reason, path)
	}
	switch errno {
	case syscall.ENOENT, syscall.ELOOP, syscall.ESTALE:
		return wire.Errorf("object.not-found", "There is no such file").With("what", "file").With("path", shown)
	case syscall.EEXIST:
		return taken(path)
	case syscall.ENOSPC, syscall.EDQUOT:
		return wire.Errorf("disk.full", "No space is left").With("detail", errno.Error())
	default:
		return wire.Errorf("engine.failed", "%s", errno.Error()).With("detail", errno.Error()).With("path", shown)
	}
}

func isGone(err error) bool { return errors.Is(err, os.ErrNotExist) }

package terminals

import (
	"path/filepath"
	"strings"
	"syscall"
)

// noProgram is a program that the container does not have or does not let run.
type noProgram struct {
	name string
	err  error
}

func (e *noProgram) Error() string { return e.name + ": " + e.err.Error() }

// program finds what to run on the PATH that it will have: the command, or the first of the shells that is there.
func (b *birth) program() (string, []string, error) {
	if len(b.Command) > 0 {
		path, err := b.lookPath(b.Command[0])
		if err != nil {
			return "", nil, &noProgram{b.Command[0], err}
		}
		return path, b.Command, nil
	}
	for _, shell := range b.Shells {
		if path, err := b.lookPath(shell); err == nil {
			return path, []string{shell}, nil
		}
	}
	return "", nil, &noProgram{"", syscall.ENOENT}
}

func (b *birth) lookPath(name string) (string, error) {
	if strings.Contains(name, "/") {
		return name, canRun(name)
	}
	path, _ := lookUp(b.Env, "PATH")
	var last error = syscall.ENOENT
	for _, dir := range filepath.SplitList(path) {
		if dir == "" {
			dir = "."
		}
		candidate := dir + "/" + name
		err := canRun(candidate)
		if err == nil {
			return candidate, nil
		}
		if err != syscall.ENOENT && err != syscall.ENOTDIR {
			last = err
		}
	}
	return "", last
}

// canRun asks as the user that the program will run as.
func canRun(path string) error {
	var stat syscall.Stat_t
	if err := syscall.Stat(path, &stat); err != nil {
		return err
	}
	if stat.Mode&syscall.S_IFMT != syscall.S_IFREG {
		return syscall.EACCES
	}
	const execute = 1
	return syscall.Access(path, execute)
}

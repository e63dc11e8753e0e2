package files

import (
	"errors"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"slipway/agent/rooted"
	"slipway/agent/store"
	"slipway/agent/wire"
)

// stopped holds the merged files of a container that does not run, for reading: its layers are mounted where only one
// thread of ours sees it, and the mount ends with the descriptor.
func stopped(hostRoot string, where Where) (*rooted.Root, error) {
	found, err := layersOf(hostRoot, where)
	if err != nil {
		return nil, err
	}
	// The container's own layer is one more lower one: so nothing can be changed.
	file, err := mountDetached(overlay{lower: append([]string{found.Upper}, found.Lower...)})
	if err != nil {
		return nil, cannotMount(err)
	}
	return rooted.FromFile(file), nil
}

func cannotMount(err error) error {
	return wire.Errorf("engine.unsupported", "The layers cannot be mounted: %v", err).With("what", "agent")
}

// layersOf tells what a container's files are made of. Of one that is not kept here the Engine API may know.
func layersOf(hostRoot string, where Where) (store.Container, error) {
	kept, err := store.Open(hostRoot, where.Root)
	if err != nil {
		return store.Container{}, err
	}
	found, err := kept.Container(where.Container)
	var known *wire.Error
	if errors.As(err, &known) && known.Code == "object.not-found" {
		err = wire.Errorf("engine.unsupported", "%s", known.Message).With("what", "agent")
	}
	return found, err
}

// overlay names the folders of a mount, the uppermost first. Without an upper one nothing can be changed.
type overlay struct {
	lower       []string
	upper, work string
}

func (o overlay) options(layers *layerFolders) (string, error) {
	for _, folder := range o.lower {
		layers.add(folder)
	}
	options := "lowerdir=" + strings.Join(layers.names, ":")
	if o.upper != "" {
		// As the engine mounts them: with an index the kernel binds an upper folder to its layers, and refuses it while the
		// engine has it mounted too.
		if _, err := os.Stat("/sys/module/overlay/parameters/index"); err == nil {
			options += ",index=off"
		}
		from := len(layers.names)
		layers.add(o.upper)
		layers.add(o.work)
		if layers.err == nil {
			options += ",upperdir=" + layers.names[from] + ",workdir=" + layers.names[from+1]
		}
	}
	return options, layers.err
}

// layerFolders are held open and named by descriptor: a page holds all names, however long the real ones are.
type layerFolders struct {
	files []*os.File
	names []string
	err   error
}

func (l *layerFolders) add(folder string) {
	file, err := os.OpenFile(folder, syscall.O_DIRECTORY|syscall.O_CLOEXEC|rooted.OPath, 0)
	if err != nil {
		l.err = err
		return
	}
	l.files = append(l.files, file)
	l.names = append(l.names, "/proc/self/fd/"+strconv.Itoa(int(file.Fd())))
}

func (l *layerFolders) close() {
	for _, file := range l.files {
		file.Close()
	}
}

type mounted struct {
	file *os.File
	err  error
}

// mountDetached mounts an overlay in a mount namespace of one thread, and takes it out of that again: no path leads
// to it, and it is gone with the descriptor. The thread ends with its goroutine, as it is never unlocked.
func mountDetached(order overlay) (*os.File, error) {
	done := make(chan mounted)
	go func() {
		runtime.LockOSThread()
		file, err := mountHere(order)
		done <- mounted{file, err}
	}()
	result := <-done
	return result.file, result.err
}

func mountHere(order overlay) (*os.File, error) {
	// CLONE_FS first: threads that share their root and folder cannot have mounts of their own.
	if err := syscall.Unshare(syscall.CLONE_FS | syscall.CLONE_NEWNS); err != nil {
		return nil, err
	}
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return nil, err
	}
	// Opened only here: the kernel takes layers from this namespace's mounts alone.
	var layers layerFolders
	defer layers.close()
	options, err := order.options(&layers)
	if err != nil {
		return nil, err
	}
	// A folder that is everywhere. It names descriptors no more once it is covered, so nothing is asked of it after.
	const over = "/proc"
	if err := syscall.Mount("overlay", over, "overlay", syscall.MS_NODEV|syscall.MS_NOSUID|syscall.MS_NOEXEC, options); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(over, syscall.O_DIRECTORY|syscall.O_CLOEXEC|rooted.OPath, 0)
	if unmountErr := syscall.Unmount(over, syscall.MNT_DETACH); err == nil && unmountErr != nil {
		file.Close()
		return nil, unmountErr
	}
	return file, err
}

package files

import (
	"crypto/rand"
	"encoding/hex"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"slipway/agent/rooted"
)

// draft is a file that is being written beside the one it will be: who breaks off leaves the old one.
type draft struct {
	dir  *os.File
	name string
	file *os.File
	size int64
	// Asked before it becomes the file.
	still func() error
}

func newDraft(dir *os.File, still func() error) (*draft, error) {
	var random [6]byte
	if _, err := rand.Read(random[:]); err != nil {
		return nil, err
	}
	name := ".slipway-" + hex.EncodeToString(random[:])
	file, err := rooted.OpenAt(dir, name, os.O_RDWR|syscall.O_CREAT|syscall.O_EXCL, true)
	if err != nil {
		return nil, err
	}
	return &draft{dir: dir, name: name, file: file, still: still}, nil
}

func (d *draft) write(data []byte) error {
	n, err := d.file.Write(data)
	d.size += int64(n)
	return err
}

// drop takes the draft away, unless it has become the file.
func (d *draft) drop() {
	d.file.Close()
	if d.name != "" {
		_ = rooted.Remove(d.dir, d.name, false)
	}
}

// dress gives the draft an owner and a mode. The owner first: changing it takes setuid away.
func (d *draft) dress(uid, gid, mode uint32) error {
	if err := syscall.Fchown(int(d.file.Fd()), int(uid), int(gid)); err != nil {
		return err
	}
	return syscall.Fchmod(int(d.file.Fd()), mode&0o7777)
}

// become puts the draft under its name.
func (d *draft) become(base string, isReplacing bool) error {
	if err := d.still(); err != nil {
		return err
	}
	if err := rooted.Rename(d.dir, d.name, d.dir, base, isReplacing); err != nil {
		return err
	}
	d.name = ""
	return nil
}

// pourInto writes the draft over a file that must stay the same one: it is mounted there, or has other names.
func (d *draft) pourInto(held *os.File) error {
	if err := d.still(); err != nil {
		return err
	}
	into, err := rooted.Reopen(held, os.O_WRONLY)
	if err != nil {
		return err
	}
	defer into.Close()
	if _, err := d.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	if _, err := io.CopyBuffer(struct{ io.Writer }{into}, struct{ io.Reader }{d.file}, make([]byte, 64*1024)); err != nil {
		return err
	}
	if err := into.Truncate(d.size); err != nil {
		return err
	}
	return into.Sync()
}

// likeness copies what the old file has besides bytes, owner and mode. Capabilities are left: new bytes have not
// earned them, and the kernel takes them on every write too.
func (d *draft) likeness(held *os.File) {
	from := "/proc/self/fd/" + strconv.Itoa(int(held.Fd()))
	to := "/proc/self/fd/" + strconv.Itoa(int(d.file.Fd()))
	list := make([]byte, 16*1024)
	n, err := syscall.Listxattr(from, list)
	if err != nil {
		return
	}
	for _, name := range strings.Split(string(list[:n]), "\x00") {
		isWanted := strings.HasPrefix(name, "user.") || name == "system.posix_acl_access" || name == "security.selinux"
		if !isWanted {
			continue
		}
		value := make([]byte, 64*1024)
		if size, err := syscall.Getxattr(from, name, value); err == nil {
			_ = syscall.Setxattr(to, name, value[:size], 0)
		}
	}
}

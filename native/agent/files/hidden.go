package files

import (
	"strings"
	"syscall"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

// As many as the kernel follows.
const maxLinks = 40

// hiddenIn looks whether a path leads through what is mounted over a container that does not run, and where to: its
// links are followed part by part. It only finds out whom to ask; what is opened is resolved by the kernel.
func (p *place) hiddenIn(name string) error {
	real, rest, links := "", strings.Split(name, "/"), 0
	for len(rest) > 0 {
		part := rest[0]
		rest = rest[1:]
		switch part {
		case "", ".":
			continue
		case "..":
			real = real[:lastSlash(real)+1]
			real = strings.TrimSuffix(real, "/")
			continue
		}
		next := real + "/" + part
		for _, mount := range p.mounts {
			if next == mount {
				shown, _ := Escape(strings.Join(append([]string{next}, rest...), "/"))
				return wire.Errorf("object.conflict", "It lies in a mount").With("reason", "mounted").With("path", shown)
			}
		}
		target, isLink := p.linkAt(real, part)
		if !isLink {
			real = next
			continue
		}
		if links++; links > maxLinks {
			return syscall.ELOOP
		}
		if strings.HasPrefix(target, "/") {
			real = ""
		}
		rest = append(strings.Split(target, "/"), rest...)
	}
	return nil
}

func (p *place) linkAt(folder, name string) (string, bool) {
	if folder == "" {
		folder = "/"
	}
	dir, err := p.root.OpenPath(folder, rooted.Inside)
	if err != nil {
		return "", false
	}
	defer dir.Close()
	target, err := rooted.Readlink(dir, name)
	return target, err == nil
}

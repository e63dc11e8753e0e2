package host

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"slipway/agent/rooted"
	"slipway/agent/wire"
)

const (
	maxLogLines = 2000
	// Of the end of the log: so much is read. Escaped to JSON in the worst way it is still one message.
	maxLogBytes = 128 * 1024
)

// EngineLog serves `host.log`: {root, lines} gives the last lines of the engine's own log. An engine that a service
// manager started writes to that one's journal, which is told by the name of its unit.
func EngineLog(places Places) wire.Call {
	return func(ctx context.Context, raw json.RawMessage) (any, error) {
		var args struct {
			Root  string
			Lines int
		}
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return nil, err
		}
		if args.Lines < 1 || args.Lines > maxLogLines {
			return nil, wire.BadArgs("lines is not between 1 and %d", maxLogLines)
		}
		if err := checkRoot(args.Root); err != nil {
			return nil, err
		}
		file, err := places.logOf(ctx, args.Root)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		text, err := lastBytes(file)
		if err != nil {
			return nil, unreadable()
		}
		return map[string]any{"lines": lastLines(text, args.Lines)}, nil
	}
}

// logOf holds the file that the engine writes its log to.
func (p Places) logOf(ctx context.Context, root string) (*os.File, error) {
	if p.EngineLog != "" {
		return holdFile(p.EngineLog)
	}
	refusal := wire.Errorf("engine.unsupported", "The engine's process is not to be seen").With("what", "log")
	var found *os.File
	p.eachProcess(func(pid int) bool {
		if p.nameOf(pid) != "dockerd" {
			return ctx.Err() == nil
		}
		// The link opens the file itself: it may be in a folder that we do not see by its name. It is held before the
		// process is looked at: a number that was given to another meanwhile is found out.
		file, err := holdFile(filepath.Join(p.Proc, strconv.Itoa(pid), "fd", "2"))
		isEngine := p.isHosts(pid) && p.holdsBelow(pid, root)
		if isEngine && err == nil {
			found = file
			return false
		}
		file.Close()
		if !isEngine {
			return ctx.Err() == nil
		}
		if unit := p.unitOf(pid); unit != "" {
			refusal = wire.Errorf("engine.unsupported", "The engine writes to the journal of its host").
				With("what", "log").With("unit", unit)
		}
		return false
	})
	if found != nil {
		return found, nil
	}
	return nil, refusal
}

var containerID = regexp.MustCompile(`[0-9a-f]{64}`)

// isHosts tells a process of the host from those in containers and in steps of a build, and from a person's that has
// users or mounts of its own making: all of them may call themselves an engine and hold files of such names as they
// like. An engine may have mounts of its own, so these say nothing. The agent has the host's processes and users on
// each of its roads. The group that the host's first process is in counts for nothing: an engine may run in a container,
// and that is its host then.
func (p Places) isHosts(pid int) bool {
	for _, kind := range []string{"pid", "user"} {
		own, err := os.Readlink(filepath.Join(p.Proc, strconv.Itoa(pid), "ns", kind))
		hosts, hostsErr := os.Readlink(filepath.Join(p.Proc, "self", "ns", kind))
		if err != nil || hostsErr != nil || own != hosts {
			return false
		}
	}
	groups, err := os.ReadFile(filepath.Join(p.Proc, strconv.Itoa(pid), "cgroup"))
	if err != nil {
		return false
	}
	hosts, _ := os.ReadFile(filepath.Join(p.Proc, "1", "cgroup"))
	for _, id := range containerID.FindAll(groups, -1) {
		if !bytes.Contains(hosts, id) {
			return false
		}
	}
	return true
}

// holdsBelow tells an engine by its files: it has some of its data folder open all the time.
func (p Places) holdsBelow(pid int, root string) bool {
	links := filepath.Join(p.Proc, strconv.Itoa(pid), "fd")
	for _, name := range namesIn(links, maxFiles) {
		if link, err := os.Readlink(filepath.Join(links, name)); err == nil && strings.HasPrefix(link, root+"/") {
			return true
		}
	}
	return false
}

// unitOf reads the service of systemd that a process belongs to, from its control group.
func (p Places) unitOf(pid int) string {
	text, err := os.ReadFile(filepath.Join(p.Proc, strconv.Itoa(pid), "cgroup"))
	if err != nil {
		return ""
	}
	for _, line := range strings.Split(string(text), "\n") {
		name := line[strings.LastIndexByte(line, '/')+1:]
		if strings.HasSuffix(name, ".service") && !strings.ContainsAny(name, " \x00\\'\"") {
			return name
		}
	}
	return ""
}

// holdFile opens a regular file for reading. Anything else is not opened: a FIFO would wait for ever.
func holdFile(path string) (*os.File, error) {
	held, err := os.OpenFile(path, rooted.OPath|syscall.O_CLOEXEC, 0)
	if err != nil {
		return nil, unreadable()
	}
	defer held.Close()
	if info, err := held.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, unreadable()
	}
	file, err := rooted.Reopen(held, os.O_RDONLY)
	if err != nil {
		return nil, unreadable()
	}
	return file, nil
}

func unreadable() error {
	return wire.Errorf("engine.unsupported", "The engine's log is not to be read").With("what", "log")
}

func lastBytes(file *os.File) ([]byte, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	from := info.Size() - maxLogBytes
	if from < 0 {
		from = 0
	}
	return io.ReadAll(io.NewSectionReader(file, from, maxLogBytes))
}

// lastLines gives whole lines; a first one that was cut is left out.
func lastLines(text []byte, most int) []string {
	whole := strings.ToValidUTF8(string(text), "\uFFFD")
	if len(text) == maxLogBytes {
		_, whole, _ = strings.Cut(whole, "\n")
	}
	whole = strings.TrimSuffix(whole, "\n")
	if whole == "" {
		return []string{}
	}
	lines := strings.Split(whole, "\n")
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	return lines
}

func readAtMost(path string, most int64) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, most))
}

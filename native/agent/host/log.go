package host

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

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
		path, err := places.logOf(ctx, args.Root)
		if err != nil {
			return nil, err
		}
		text, err := lastBytes(path)
		if err != nil {
			return nil, wire.Errorf("engine.unsupported", "The engine's log is not to be read").With("what", "log")
		}
		return map[string]any{"lines": lastLines(text, args.Lines)}, nil
	}
}

// logOf finds the file that the engine writes its log to.
func (p Places) logOf(ctx context.Context, root string) (string, error) {
	if p.EngineLog != "" {
		return p.EngineLog, nil
	}
	found := wire.Errorf("engine.unsupported", "The engine's process is not to be seen").With("what", "log")
	path := ""
	p.eachProcess(func(pid int) bool {
		if p.nameOf(pid) != "dockerd" || !p.holdsBelow(pid, root) {
			return ctx.Err() == nil
		}
		// The link opens the file itself: it may be in a folder that we do not see by its name.
		output := filepath.Join(p.Proc, strconv.Itoa(pid), "fd", "2")
		if info, err := os.Stat(output); err == nil && info.Mode().IsRegular() {
			path = output
		} else if unit := p.unitOf(pid); unit != "" {
			found = wire.Errorf("engine.unsupported", "The engine writes to the journal of its host").
				With("what", "log").With("unit", unit)
		}
		return false
	})
	if path != "" {
		return path, nil
	}
	return "", found
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

func lastBytes(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return nil, rooted.ErrEscapes
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

package host

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"slipway/agent/wire"
)

const (
	minIntervalMs = 250
	maxIntervalMs = 60_000
	// The unit of /proc/stat that programs see is 1/100 s on both of our architectures.
	tickMs = 10
)

// Places say where the host's files stand for us.
type Places struct {
	Root string
	Proc string
	// The engine's log where the host keeps one in a file of its own; empty: found by the engine's process.
	EngineLog string
}

// Reading is what the engine's host uses at one moment. CPU is counted from its start, over all cores.
type Reading struct {
	EpochMs        int64     `json:"epochMs"`
	UptimeMs       int64     `json:"uptimeMs"`
	Kernel         string    `json:"kernel"`
	CPUs           int       `json:"cpus"`
	CPUBusyMs      int64     `json:"cpuBusyMs"`
	CPUTotalMs     int64     `json:"cpuTotalMs"`
	Load           []float64 `json:"load"`
	MemoryBytes    int64     `json:"memoryBytes"`
	AvailableBytes int64     `json:"availableBytes"`
	SwapBytes      int64     `json:"swapBytes"`
	SwapFreeBytes  int64     `json:"swapFreeBytes"`
	Disks          []Disk    `json:"disks"`
}

// Disk is the file system that a folder is on. `Free` is what a program without special rights could still write.
type Disk struct {
	Path       string `json:"path"`
	TotalBytes int64  `json:"totalBytes"`
	FreeBytes  int64  `json:"freeBytes"`
	Inodes     int64  `json:"inodes"`
	FreeInodes int64  `json:"freeInodes"`
}

// Watch serves `host.watch`: {root, intervalMs} gives a Reading at once and then at each interval.
func Watch(places Places) wire.Open {
	return func(s *wire.Stream, raw json.RawMessage) error {
		var args struct {
			Root       string
			IntervalMs int
		}
		if err := wire.DecodeArgs(raw, &args); err != nil {
			return err
		}
		if args.IntervalMs < minIntervalMs || args.IntervalMs > maxIntervalMs {
			return wire.BadArgs("intervalMs is not between %d and %d", minIntervalMs, maxIntervalMs)
		}
		if err := checkRoot(args.Root); err != nil {
			return err
		}
		ticker := time.NewTicker(time.Duration(args.IntervalMs) * time.Millisecond)
		defer ticker.Stop()
		for {
			reading, err := places.read(args.Root)
			if err != nil {
				return err
			}
			if err := s.SendMessage(reading); err != nil {
				return err
			}
			select {
			case <-ticker.C:
			case <-s.Context().Done():
				return s.Context().Err()
			}
		}
	}
}

func checkRoot(root string) error {
	if !filepath.IsAbs(root) || filepath.Clean(root) != root {
		return wire.BadArgs("%q is no absolute path", root)
	}
	return nil
}

func (p Places) read(root string) (Reading, error) {
	reading := Reading{EpochMs: time.Now().UnixMilli(), Load: []float64{}, Disks: p.disks(root)}
	parsers := map[string]func(string, *Reading){
		"stat": parseStat, "meminfo": parseMeminfo, "loadavg": parseLoad, "uptime": parseUptime,
		"sys/kernel/osrelease": func(text string, r *Reading) { r.Kernel = strings.TrimSpace(text) },
	}
	for name, parse := range parsers {
		text, err := os.ReadFile(filepath.Join(p.Proc, name))
		if err != nil {
			return reading, wire.Errorf("engine.unsupported", "The host's %s is not to be read", name)
		}
		parse(string(text), &reading)
	}
	return reading, nil
}

// disks tells of the engine's data folder first, then of the host's root where we see it and it is another disk.
func (p Places) disks(root string) []Disk {
	found := []Disk{}
	seen := map[syscall.Fsid]bool{}
	paths := []string{root}
	if p.Root == "/" {
		paths = append(paths, "/")
	}
	for _, path := range paths {
		var st syscall.Statfs_t
		if syscall.Statfs(filepath.Join(p.Root, path), &st) != nil || st.Blocks == 0 {
			continue
		}
		if st.Fsid != (syscall.Fsid{}) && seen[st.Fsid] {
			continue
		}
		seen[st.Fsid] = true
		unit := int64(st.Bsize)
		found = append(found, Disk{
			Path: path, TotalBytes: int64(st.Blocks) * unit, FreeBytes: int64(st.Bavail) * unit,
			Inodes: int64(st.Files), FreeInodes: int64(st.Ffree),
		})
	}
	return found
}

// parseStat reads the first line, `cpu user nice system idle iowait irq softirq steal guest guest_nice` (guests are
// in user already), and counts the lines of single cores. Source: proc(5).
func parseStat(text string, into *Reading) {
	for _, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) == 0 || !strings.HasPrefix(fields[0], "cpu") {
			continue
		}
		if fields[0] != "cpu" {
			into.CPUs++
			continue
		}
		for i, field := range fields[1:] {
			value, err := strconv.ParseInt(field, 10, 64)
			if err != nil || i >= 8 {
				break
			}
			into.CPUTotalMs += value * tickMs
			if i != 3 && i != 4 {
				into.CPUBusyMs += value * tickMs
			}
		}
	}
}

func parseMeminfo(text string, into *Reading) {
	places := map[string]*int64{
		"MemTotal:": &into.MemoryBytes, "MemAvailable:": &into.AvailableBytes,
		"SwapTotal:": &into.SwapBytes, "SwapFree:": &into.SwapFreeBytes,
	}
	for _, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) < 2 || places[fields[0]] == nil {
			continue
		}
		if kib, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
			*places[fields[0]] = kib * 1024
		}
	}
}

func parseLoad(text string, into *Reading) {
	for _, field := range strings.Fields(text) {
		value, err := strconv.ParseFloat(field, 64)
		if err != nil || len(into.Load) == 3 {
			return
		}
		into.Load = append(into.Load, value)
	}
}

func parseUptime(text string, into *Reading) {
	first, _, _ := strings.Cut(text, " ")
	seconds, err := strconv.ParseFloat(strings.TrimSpace(first), 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		into.UptimeMs = int64(seconds * 1000)
	}
}

// Package host tells of the machine that the engine runs on, and of the agent itself.
package host

import (
	"context"
	"encoding/json"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// AgentFacts is what the agent costs, since its start.
type AgentFacts struct {
	Pid      int    `json:"pid"`
	Arch     string `json:"arch"`
	UptimeMs int64  `json:"uptimeMs"`
	CPUMs    int64  `json:"cpuMs"`
	RSSBytes int64  `json:"rssBytes"`
}

var started = time.Now()

// Agent serves `agent.facts`.
func Agent(context.Context, json.RawMessage) (any, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return nil, err
	}
	cpu := time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
	return AgentFacts{
		Pid: os.Getpid(), Arch: runtime.GOARCH, UptimeMs: time.Since(started).Milliseconds(),
		CPUMs: cpu.Milliseconds(), RSSBytes: residentBytes("/proc/self/statm"),
	}, nil
}

// residentBytes reads the second number of statm: pages in memory.
func residentBytes(path string) int64 {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}

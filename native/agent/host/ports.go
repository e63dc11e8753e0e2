package host

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"

	"slipway/agent/wire"
)

const (
	// Of one table of the kernel: some thousands of connections. A host with more is told in part.
	maxTableBytes = 8 << 20
	maxPorts      = 2000
	// Bounds the look for who holds a port.
	maxProcesses = 20_000
	maxFiles     = 500_000
)

// Port is one that the engine's host listens on. The process is absent where we may not look.
type Port struct {
	Protocol string `json:"protocol"`
	Address  string `json:"address"`
	Port     int    `json:"port"`
	Pid      int    `json:"pid,omitempty"`
	Process  string `json:"process,omitempty"`
	inode    string
}

// Ports serves `host.ports`: what listens in the network of the host's first process.
func Ports(places Places) wire.Call {
	return func(ctx context.Context, _ json.RawMessage) (any, error) {
		ports := []Port{}
		for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
			text, err := readAtMost(filepath.Join(places.Proc, "1", "net", table), maxTableBytes)
			if os.IsNotExist(err) {
				// A kernel without IPv6.
				continue
			}
			if err != nil {
				return nil, wire.Errorf("engine.unsupported", "The host's ports are not to be read")
			}
			ports = append(ports, parsePorts(string(text), strings.TrimSuffix(table, "6"))...)
		}
		sort.SliceStable(ports, func(a, b int) bool { return ports[a].Port < ports[b].Port })
		isCut := len(ports) > maxPorts
		if isCut {
			ports = ports[:maxPorts]
		}
		places.nameHolders(ctx, ports)
		return map[string]any{"ports": ports, "isCut": isCut}, ctx.Err()
	}
}

// parsePorts reads the lines of /proc/net/tcp and its kin that listen: state 0A, for UDP 07 without a peer.
func parsePorts(text, protocol string) []Port {
	found := []Port{}
	for _, line := range strings.Split(text, "\n") {
		fields := strings.Fields(line)
		if len(fields) < 10 {
			continue
		}
		isListening := protocol == "tcp" && fields[3] == "0A" ||
			protocol == "udp" && fields[3] == "07" && strings.HasSuffix(fields[2], ":0000")
		address, port, isWhole := parsePlace(fields[1])
		if isListening && isWhole {
			found = append(found, Port{Protocol: protocol, Address: address, Port: port, inode: fields[9]})
		}
	}
	return found
}

// parsePlace reads `0100007F:0016`: the address is in words of 4 bytes in the host's order, little endian on both
// of our architectures.
func parsePlace(text string) (string, int, bool) {
	left, right, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(left)
	port, portErr := strconv.ParseUint(right, 16, 16)
	if err != nil || portErr != nil || len(raw) != 4 && len(raw) != 16 {
		return "", 0, false
	}
	for at := 0; at < len(raw); at += 4 {
		raw[at], raw[at+1], raw[at+2], raw[at+3] = raw[at+3], raw[at+2], raw[at+1], raw[at]
	}
	return net.IP(raw).String(), int(port), true
}

// nameHolders says whose the ports are. Each process tells its open files only to those with the right to trace it.
func (p Places) nameHolders(ctx context.Context, ports []Port) {
	wanted := map[string][]int{}
	for i, port := range ports {
		wanted["socket:["+port.inode+"]"] = append(wanted["socket:["+port.inode+"]"], i)
	}
	left := maxFiles
	p.eachProcess(func(pid int) bool {
		links := filepath.Join(p.Proc, strconv.Itoa(pid), "fd")
		for _, name := range namesIn(links, left) {
			left--
			link, err := os.Readlink(filepath.Join(links, name))
			if err != nil {
				continue
			}
			for _, i := range wanted[link] {
				// The lowest process is whoever opened it; its children have it, too.
				if ports[i].Pid == 0 {
					ports[i].Pid, ports[i].Process = pid, p.nameOf(pid)
				}
			}
		}
		return left > 0 && ctx.Err() == nil
	})
}

// eachProcess calls `look` for the processes of the host, the lowest number first, until it answers false.
func (p Places) eachProcess(look func(pid int) bool) {
	pids := []int{}
	for _, name := range namesIn(p.Proc, maxProcesses) {
		if pid, err := strconv.Atoi(name); err == nil {
			pids = append(pids, pid)
		}
	}
	sort.Ints(pids)
	for _, pid := range pids {
		if !look(pid) {
			return
		}
	}
}

func (p Places) nameOf(pid int) string {
	text, err := os.ReadFile(filepath.Join(p.Proc, strconv.Itoa(pid), "comm"))
	if err != nil {
		return ""
	}
	return strings.ToValidUTF8(strings.TrimSpace(string(text)), "\uFFFD")
}

func namesIn(folder string, most int) []string {
	dir, err := os.Open(folder)
	if err != nil || most <= 0 {
		return nil
	}
	defer dir.Close()
	names, _ := dir.Readdirnames(most)
	return names
}

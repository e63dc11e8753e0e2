// slipway-agent stands beside a container engine and answers what the engine's own API answers slowly or not at
// all. It listens on no port: it speaks over its standard streams, or over a unix socket of its own machine.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"slipway/agent/disk"
	"slipway/agent/files"
	"slipway/agent/host"
	"slipway/agent/layers"
	"slipway/agent/logs"
	"slipway/agent/stats"
	"slipway/agent/terminals"
	"slipway/agent/wire"
)

// version is set by the build: the hash of the agent's sources.
var version = "unbuilt"

// The agent is a guest on the engine's machine: it collects garbage early rather than grow.
const memoryLimitBytes = 64 << 20

func init() {
	// The first thread is main's own: one that work has changed for itself ends with its goroutine, but the first one
	// never does, and what it was made would last as long as the agent.
	runtime.LockOSThread()
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == terminals.ChildName {
		terminals.Child()
	}
	log.SetFlags(0)
	log.SetPrefix("slipway-agent: ")
	socket := flag.String("socket", "", "serve the clients of this unix `path` instead of the standard streams")
	hostRoot := flag.String("host", "/", "where the root of the engine's host is `mounted`")
	cgroups := flag.String("cgroups", "/sys/fs/cgroup", "where the host's control groups are `mounted`")
	proc := flag.String("proc", "/proc", "where the host's processes are `mounted`")
	writable := flag.String("writable", "/", "where the host's root is `mounted` for changing files")
	isVersion := flag.Bool("version", false, "tell the version and end")
	flag.Parse()
	if *isVersion {
		fmt.Println(version)
		return
	}
	debug.SetGCPercent(50)
	debug.SetMemoryLimit(memoryLimitBytes)
	raiseFileLimit()
	shells := terminals.New(terminals.Options{ProcRoot: *proc, CgroupRoot: filepath.Join(*writable, "sys/fs/cgroup")})
	// By the environment: an agent of another version, that knows no such flag, would not start.
	places := host.Places{Root: *hostRoot, Proc: *proc, EngineLog: os.Getenv("SLIPWAY_ENGINE_LOG")}
	memory := &giveBack{}
	agent := agent{
		methods: wire.Methods{
			StreamEnded: memory.streamEnded,
			Calls: map[string]wire.Call{
				"agent.facts": host.Agent,
				"host.ports":  host.Ports(places),
				"host.log":    host.EngineLog(places),
				"layers.list": layers.List(*hostRoot),
			},
			Streams: map[string]wire.Open{
				"host.watch":       host.Watch(places),
				"host.disk":        disk.Report(*hostRoot),
				"stats.watch":      stats.Watch(stats.Options{CgroupRoot: *cgroups, ProcRoot: *proc}),
				"logs.read":        logs.Read(*hostRoot),
				"logs.search":      logs.Search(*hostRoot),
				"layers.tree":      layers.Tree(*hostRoot),
				"layers.file":      layers.File(*hostRoot),
				"layers.digests":   layers.Digests(*hostRoot),
				"terminals.attach": shells.Attach,
			},
		},
	}
	for name, call := range shells.Calls() {
		agent.methods.Calls[name] = call
	}
	files.Roots{Host: *hostRoot, Writable: *writable, Proc: *proc, Cgroups: *cgroups}.Serve(&agent.methods)
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	// A client that is gone is an error of writing, not our death: what was begun for it is taken back first.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	if err := agent.serve(ctx, *socket); err != nil {
		log.Fatal(err)
	}
}

type agent struct {
	methods wire.Methods
}

// standard joins the two standard streams to one road.
type standard struct {
	io.Reader
	io.WriteCloser
}

// endLimit is how long what runs for clients may take back what it has begun, once the agent is told to end.
const endLimit = 2 * time.Second

func (a agent) serve(ctx context.Context, socket string) error {
	if socket != "" {
		return a.listen(ctx, socket)
	}
	ended := make(chan error, 1)
	go func() { ended <- a.serveOne(ctx, standard{os.Stdin, os.Stdout}) }()
	return awaitEnd(ctx, ended)
}

// awaitEnd waits without a limit until the context is over.
func awaitEnd(ctx context.Context, ended <-chan error) error {
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case <-ended:
	case <-time.After(endLimit):
	}
	return nil
}

// listen serves a 0600 socket: whoever may open it is root here already.
func (a agent) listen(ctx context.Context, path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	before := syscall.Umask(0o177)
	listener, err := net.Listen("unix", path)
	syscall.Umask(before)
	if err != nil {
		return err
	}
	go func() {
		<-ctx.Done()
		listener.Close()
	}()
	return a.take(ctx, listener)
}

// What a want of the machine's is waited for before the next client is taken.
const scarcePause = 100 * time.Millisecond

// take serves each client that comes. One that cannot be taken just now is no reason to end the others.
func (a agent) take(ctx context.Context, listener net.Listener) error {
	var sessions sync.WaitGroup
	for {
		road, err := listener.Accept()
		if ctx.Err() != nil {
			ended := make(chan error)
			go func() {
				sessions.Wait()
				close(ended)
			}()
			return awaitEnd(ctx, ended)
		}
		if isPassing(err) {
			log.Print(err)
			select {
			case <-ctx.Done():
			case <-time.After(scarcePause):
			}
			continue
		}
		if err != nil {
			return err
		}
		sessions.Add(1)
		go func() {
			defer sessions.Done()
			if err := a.serveOne(ctx, road); err != nil {
				log.Print(err)
			}
		}()
	}
}

// isPassing: the machine is out of something for a moment, or the client was gone before it was taken.
func isPassing(err error) bool {
	for _, one := range []error{syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ECONNABORTED} {
		if errors.Is(err, one) {
			return true
		}
	}
	return false
}

func (a agent) serveOne(ctx context.Context, road io.ReadWriteCloser) error {
	session := wire.NewSession(road, a.methods, func(line string) { log.Print(line) })
	return session.Serve(ctx, wire.Hello{
		Name: "slipway-agent", Protocol: wire.Protocol, Version: version, Features: a.features(),
	})
}

func (a agent) features() []string {
	names := []string{}
	for name := range a.methods.Calls {
		names = append(names, name)
	}
	for name := range a.methods.Streams {
		names = append(names, name)
	}
	return names
}

// raiseFileLimit takes what the kernel gives: each watched container keeps about ten files open.
func raiseFileLimit() {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit) == nil {
		limit.Cur = limit.Max
		_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
	}
}

package terminals

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"slipway/agent/wire"
)

// startLimit bounds the birth of a terminal: a frozen container never lets it end.
const startLimit = 10 * time.Second

// maxWordBytes bounds what a child says at once: a sentence.
const maxWordBytes = 8192

// starter makes shells in containers.
type starter struct {
	options Options
	filters filters
	program ownProgram
}

// openArgs is what core asks for. Pid is the container's first process by the engine's own word.
type openArgs struct {
	Container string   `json:"container"`
	Pid       int      `json:"pid"`
	User      string   `json:"user"`
	GroupAdd  []string `json:"groupAdd"`
	Command   []string `json:"command"`
	Shells    []string `json:"shells"`
	Env       []string `json:"env"`
	size
}

// started is a shell that runs.
type started struct {
	process *os.Process
	master  *master
	// program is what was found to run.
	program string
}

// start gives a shell in the container that differs in nothing from the engine's exec, or a refusal that says in
// what it would differ.
func (s *starter) start(args openArgs) (*started, error) {
	t, err := findTarget(s.options.ProcRoot, args.Container, args.Pid)
	if err != nil {
		return nil, err
	}
	defer t.close()
	birth, err := s.prepare(t, args)
	if err != nil {
		return nil, err
	}
	line, process, err := s.fork(t, birth)
	if err != nil {
		return nil, err
	}
	defer line.Close()
	made := &started{process: process}
	if err := s.bear(t, birth, line, made); err != nil {
		_ = process.Kill()
		_, _ = process.Wait()
		if made.master != nil {
			made.master.Close()
		}
		return nil, err
	}
	return made, nil
}

// prepare collects all that the child is to become.
func (s *starter) prepare(t *target, args openArgs) (*birth, error) {
	process := t.spec.Process
	sets, err := process.Capabilities.sets()
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return nil, err
	}
	own := parseStatus(text)
	sets = sets.given(kernelCapabilities())
	if lacks := sets.Bounding &^ own.capabilities("CapPrm"); lacks != 0 {
		return nil, refuse(reasonCapabilities, "%x is more than the agent has", lacks)
	}
	if own["Seccomp"] != "0" || own["NoNewPrivs"] != "0" {
		return nil, refuse(reasonSeccomp, "the agent itself is bound")
	}
	found, err := s.filters.of(t)
	if err != nil {
		return nil, err
	}
	limits, err := t.limits(s.options.ProcRoot)
	if err != nil {
		return nil, err
	}
	b := &birth{
		Container: t.id, Namespaces: t.namespaces.names(), Command: args.Command, Shells: args.Shells,
		Env: environment(process.Env, args.Env), Cwd: process.Cwd,
		User: args.User, GroupAdd: args.GroupAdd,
		Account:  account{process.User.UID, process.User.GID, process.User.AdditionalGids},
		HasFirst: len(process.User.AdditionalGids) > 0 && process.User.AdditionalGids[0] == process.User.GID,
		Umask:    0o022, Capabilities: sets, NoNewPrivs: process.NoNewPrivileges,
		Filter: found, Limits: limits, Size: args.size,
	}
	if process.User.Umask != nil {
		b.Umask = int(*process.User.Umask)
	}
	if b.Cwd == "" {
		b.Cwd = "/"
	}
	if profile := process.ApparmorProfile; isApparmorOn() {
		if profile == "" {
			profile = unconfined
		}
		b.Apparmor = profile
	}
	return b, nil
}

// kernelCapabilities are all that this kernel knows.
func kernelCapabilities() uint64 {
	text, err := os.ReadFile("/proc/sys/kernel/cap_last_cap")
	last := parseLimit(strings.TrimSpace(string(text)))
	if err != nil || last >= maxCapability {
		return unlimited
	}
	return 1<<(last+1) - 1
}

// fork starts the child in the container's process namespace; it waits there for its word to be born.
func (s *starter) fork(t *target, b *birth) (*net.UnixConn, *os.Process, error) {
	path, err := s.program.path()
	if err != nil {
		return nil, nil, refuse(reasonRuntime, "a copy of the agent: %v", err)
	}
	text, err := json.Marshal(b)
	if err != nil {
		return nil, nil, err
	}
	letter, err := memoryFile("birth", bytes.NewReader(text))
	if err != nil {
		return nil, nil, refuse(reasonLimits, "%v", err)
	}
	defer letter.Close()
	ours, theirs, err := newLine()
	if err != nil {
		return nil, nil, err
	}
	defer theirs.Close()
	process, err := startInside(t, path, append([]*os.File{theirs, letter}, t.namespaces.files()...))
	if err != nil {
		ours.Close()
		return nil, nil, err
	}
	return ours, process, nil
}

// newLine is a pair of ends that keep messages apart.
func newLine() (*net.UnixConn, *os.File, error) {
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_SEQPACKET|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	theirs := os.NewFile(uintptr(pair[1]), "line")
	ours := os.NewFile(uintptr(pair[0]), "line")
	defer ours.Close()
	conn, err := net.FileConn(ours)
	if err != nil {
		theirs.Close()
		return nil, nil, err
	}
	return conn.(*net.UnixConn), theirs, nil
}

// startInside starts it from a thread whose children are born in the container's process namespace. The thread is
// of no other use after that: it ends with its goroutine.
func startInside(t *target, path string, files []*os.File) (*os.Process, error) {
	type answer struct {
		process *os.Process
		err     error
	}
	answered := make(chan answer, 1)
	go func() {
		runtime.LockOSThread()
		process, err := startFromHere(t, path, files)
		answered <- answer{process, err}
	}()
	got := <-answered
	return got.process, got.err
}

func startFromHere(t *target, path string, files []*os.File) (*os.Process, error) {
	if users := t.namespaces.named("user"); users != nil && users.isOther {
		return nil, refuse(reasonUserNamespace, "it has its own")
	}
	if processes := t.namespaces.named("pid"); processes != nil && processes.isOther {
		if err := setns(int(processes.file.Fd()), syscall.CLONE_NEWPID); err != nil {
			return nil, refuse(reasonNamespaces, "pid: %v", err)
		}
	}
	null, err := os.OpenFile(os.DevNull, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	defer null.Close()
	process, err := os.StartProcess(path, []string{"slipway-agent", ChildName}, &os.ProcAttr{
		Dir: "/", Env: []string{}, Files: append([]*os.File{null, null, null}, files...),
		Sys: &syscall.SysProcAttr{Setsid: true},
	})
	if err != nil {
		return nil, refuse(reasonNamespaces, "%v", err)
	}
	return process, nil
}

// bear gives the child its groups and its word, and waits until it has become the program.
func (s *starter) bear(t *target, b *birth, line *net.UnixConn, made *started) error {
	if err := line.SetDeadline(time.Now().Add(startLimit)); err != nil {
		return err
	}
	if err := enterGroups(s.options.CgroupRoot, t, made.process.Pid); err != nil {
		return err
	}
	if err := t.setOomScore(s.options.ProcRoot, made.process.Pid); err != nil {
		return err
	}
	if _, err := line.Write([]byte{saysGo}); err != nil {
		return refuse(reasonTime, "%v", err)
	}
	if err := made.hear(line); err != nil {
		return err
	}
	if b.Apparmor == "" {
		return nil
	}
	return s.checkLabel(b, made.process.Pid)
}

// checkLabel looks at what the kernel made of the profile.
func (s *starter) checkLabel(b *birth, pid int) error {
	proc := filepath.Join(s.options.ProcRoot, strconv.Itoa(pid), "attr")
	text, err := os.ReadFile(filepath.Join(proc, "apparmor", "current"))
	if err != nil {
		text, err = os.ReadFile(filepath.Join(proc, "current"))
	}
	label, _, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	if err != nil || label != b.Apparmor {
		return refuse(reasonLabel, "AppArmor gave %q in place of %q, %v", label, b.Apparmor, err)
	}
	return nil
}

// hear reads what the child says until its line ends, which it does when it has become the program.
func (made *started) hear(line *net.UnixConn) error {
	isReady := false
	text, rights := make([]byte, maxWordBytes), make([]byte, 64)
	for {
		count, rightsCount, _, _, err := line.ReadMsgUnix(text, rights)
		switch {
		case errors.Is(err, io.EOF) && isReady && made.master != nil:
			return nil
		case err != nil || count == 0:
			return refuse(reasonTime, "the child said nothing more: %v", err)
		case text[0] == saysMaster && made.master == nil:
			if made.master, err = masterOf(rights[:rightsCount]); err != nil {
				return err
			}
		case text[0] == saysReady:
			isReady = true
			made.program = string(text[1:count])
		case text[0] == saysFailed:
			return tellFailure(text[1:count])
		default:
			return refuse(reasonTime, "the child's words are none")
		}
	}
}

func masterOf(rights []byte) (*master, error) {
	messages, err := syscall.ParseSocketControlMessage(rights)
	if err != nil || len(messages) != 1 {
		return nil, refuse(reasonDevpts, "no terminal came: %v", err)
	}
	fds, err := syscall.ParseUnixRights(&messages[0])
	if err != nil || len(fds) != 1 {
		return nil, refuse(reasonDevpts, "no terminal came: %v", err)
	}
	syscall.CloseOnExec(fds[0])
	return newMaster(fds[0])
}

// tellFailure turns the child's last words into an error of ours.
func tellFailure(text []byte) error {
	var told failure
	if json.Unmarshal(text, &told) != nil {
		return refuse(reasonTime, "the child's words are none")
	}
	switch {
	case told.Refused != nil:
		return told.Refused
	case told.NoUser != "":
		return wire.Errorf("request.invalid", "The container has no user %s", told.NoUser).
			With("user", told.NoUser).With("problem", "no-such-user").With("detail", told.Why)
	default:
		return wire.Errorf("terminal.no-shell", "The container has no %s that can be run", told.NoProgram).
			With("shell", told.NoProgram).With("detail", told.Why)
	}
}

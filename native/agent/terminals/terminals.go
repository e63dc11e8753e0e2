// Package terminals opens shells in containers on terminals of its own: what a program writes does not cross the
// engine, its shim and two pipes. In all else such a shell is what the engine's exec makes of it, or it is refused.
package terminals

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"sync"
	"syscall"
	"time"

	"slipway/agent/wire"
)

// Options say where the host's folders stand for us.
type Options struct {
	ProcRoot, CgroupRoot string
}

const (
	maxSessions = 256
	// A core that was killed asks for its terminals no more; one whose road broke is back long before.
	orphanLimit = 10 * time.Minute
	sweepEvery  = time.Minute
)

// Terminals are all sessions of this agent, for all of its clients.
type Terminals struct {
	starter starter
	mu      sync.Mutex
	all     map[string]*session
	opening int
	sweeper sync.Once
}

// New makes the service.
func New(options Options) *Terminals {
	return &Terminals{starter: starter{options: options}, all: map[string]*session{}}
}

// Calls by the name of their method.
func (t *Terminals) Calls() map[string]wire.Call {
	return map[string]wire.Call{
		"terminals.open":   t.open,
		"terminals.resize": t.resize,
		"terminals.signal": t.signal,
		"terminals.close":  t.close,
		"terminals.list":   t.list,
	}
}

// opened answers an open: a session, or why the engine's own exec is to be used.
type opened struct {
	Session string   `json:"session,omitempty"`
	Program string   `json:"program,omitempty"`
	Refused *refusal `json:"refused,omitempty"`
}

func (t *Terminals) open(ctx context.Context, raw json.RawMessage) (any, error) {
	var args openArgs
	if err := wire.DecodeArgs(raw, &args); err != nil {
		return nil, err
	}
	if len(args.Command) == 0 && len(args.Shells) == 0 {
		return nil, wire.BadArgs("no command")
	}
	if !t.reserve() {
		return nil, wire.Errorf("input.invalid", "There are %d open terminals already", maxSessions).
			With("path", "terminal").With("problem", "too-many-terminals").With("limit", maxSessions)
	}
	defer t.release()
	from, err := t.starter.start(args)
	if found := refusalOf(err); found != nil {
		return opened{Refused: found}, nil
	}
	if err != nil {
		return nil, err
	}
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return nil, err
	}
	made := newSession(hex.EncodeToString(id), from)
	t.mu.Lock()
	t.all[made.id] = made
	t.mu.Unlock()
	t.sweeper.Do(func() { go t.sweep() })
	// Whoever asked has gone meanwhile: nobody knows of it.
	if ctx.Err() != nil {
		t.forget(made)
		return nil, made.close(context.Background())
	}
	return opened{Session: made.id, Program: from.program}, nil
}

func (t *Terminals) reserve() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.all)+t.opening >= maxSessions {
		return false
	}
	t.opening++
	return true
}

func (t *Terminals) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.opening--
}

type sessionArgs struct {
	Session string `json:"session"`
	// Where the client's copy of the output ends.
	From int64 `json:"from"`
	size
	Signal string `json:"signal"`
}

func (t *Terminals) find(raw json.RawMessage) (*session, sessionArgs, error) {
	var args sessionArgs
	if err := wire.DecodeArgs(raw, &args); err != nil {
		return nil, args, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	found := t.all[args.Session]
	if found == nil {
		return nil, args, wire.Errorf("terminal.unknown", "This terminal is gone")
	}
	return found, args, nil
}

// Attach serves `terminals.attach`.
func (t *Terminals) Attach(stream *wire.Stream, raw json.RawMessage) error {
	found, args, err := t.find(raw)
	if err != nil {
		return err
	}
	err = found.attach(stream, args.From)
	// Its end has been told: nothing of it is left to know.
	if err == nil {
		t.forget(found)
	}
	return err
}

func (t *Terminals) resize(_ context.Context, raw json.RawMessage) (any, error) {
	found, args, err := t.find(raw)
	if err != nil {
		return nil, err
	}
	return nil, found.resize(args.size)
}

// Signals that a client may send to a shell.
var signals = map[string]syscall.Signal{
	"HUP": syscall.SIGHUP, "INT": syscall.SIGINT, "QUIT": syscall.SIGQUIT, "TERM": syscall.SIGTERM,
	"KILL": syscall.SIGKILL, "STOP": syscall.SIGSTOP, "CONT": syscall.SIGCONT, "WINCH": syscall.SIGWINCH,
	"USR1": syscall.SIGUSR1, "USR2": syscall.SIGUSR2,
}

func (t *Terminals) signal(_ context.Context, raw json.RawMessage) (any, error) {
	found, args, err := t.find(raw)
	if err != nil {
		return nil, err
	}
	number, isKnown := signals[args.Signal]
	if !isKnown {
		return nil, wire.BadArgs("no signal %q", args.Signal)
	}
	return nil, found.signal(number)
}

// close answers when the shell has ended.
func (t *Terminals) close(ctx context.Context, raw json.RawMessage) (any, error) {
	found, _, err := t.find(raw)
	if err != nil {
		return nil, err
	}
	err = found.close(ctx)
	if found.hasEnded() {
		t.forgetLater(found)
	}
	return nil, err
}

// forgetLater leaves an attached client the time to be told the end.
func (t *Terminals) forgetLater(one *session) {
	time.AfterFunc(drainLimit, func() { t.forget(one) })
}

func (t *Terminals) forget(one *session) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.all, one.id)
}

type listed struct {
	Session  string `json:"session"`
	HasEnded bool   `json:"hasEnded"`
}

func (t *Terminals) list(context.Context, json.RawMessage) (any, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	all := []listed{}
	for _, one := range t.all {
		all = append(all, listed{one.id, one.hasEnded()})
	}
	return all, nil
}

// sweep ends what nobody has been attached to for long.
func (t *Terminals) sweep() {
	for range time.Tick(sweepEvery) {
		for _, one := range t.orphans() {
			t.forget(one)
			go func(one *session) { _ = one.close(context.Background()) }(one)
		}
	}
}

func (t *Terminals) orphans() []*session {
	t.mu.Lock()
	defer t.mu.Unlock()
	found := []*session{}
	for _, one := range t.all {
		if one.idle() > orphanLimit {
			found = append(found, one)
		}
	}
	return found
}

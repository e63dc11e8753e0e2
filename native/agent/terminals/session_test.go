package terminals

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"slipway/agent/wire"
)

// lab is a session whose shell does nothing, on a terminal that the test writes to and reads from.
type lab struct {
	t       *testing.T
	session *session
	slave   *os.File
}

func newLab(t *testing.T) *lab {
	t.Helper()
	m, slave := terminal(t)
	shell := exec.Command("sleep", "1000")
	if err := shell.Start(); err != nil {
		t.Fatal(err)
	}
	made := newSession("lab", &started{process: shell.Process, master: m})
	t.Cleanup(func() {
		_ = shell.Process.Kill()
		slave.Close()
		<-made.ended
	})
	return &lab{t, made, slave}
}

// road is a client's: nothing of what the agent sends on it is anywhere but with who reads.
type road struct {
	t      *testing.T
	conn   net.Conn
	buffer []byte
}

func (l *lab) road() *road {
	l.t.Helper()
	ours, theirs := net.Pipe()
	serve := wire.NewSession(theirs, wire.Methods{Streams: map[string]wire.Open{
		"attach": func(s *wire.Stream, _ json.RawMessage) error { return l.session.attach(s, 0) },
	}}, func(string) {})
	ended := make(chan error, 1)
	go func() { ended <- serve.Serve(context.Background(), wire.Hello{Protocol: wire.Protocol}) }()
	l.t.Cleanup(func() {
		ours.Close()
		<-ended
	})
	_ = ours.SetDeadline(time.Now().Add(patience))
	r := &road{t: l.t, conn: ours}
	r.until(func(f wire.Frame) bool { return f.Kind == wire.KindHello })
	r.send(wire.KindHello, 0, fmt.Sprintf(`{"protocol":%d}`, wire.Protocol))
	return r
}

func (r *road) send(kind wire.Kind, id uint32, payload string) {
	r.t.Helper()
	if _, err := r.conn.Write(wire.AppendFrame(nil, wire.Frame{Kind: kind, ID: id, Payload: []byte(payload)})); err != nil {
		r.t.Fatal(err)
	}
}

// attach ends with the word that the terminal is this stream's.
func (r *road) attach(id uint32) {
	r.t.Helper()
	r.send(wire.KindOpen, id, `{"method":"attach","credit":1000000000}`)
	r.until(func(f wire.Frame) bool { return f.Kind == wire.KindMessage && f.ID == id })
}

func (r *road) until(isIt func(f wire.Frame) bool) {
	r.t.Helper()
	for {
		f, err := wire.ReadFrame(r.conn, &r.buffer)
		if err != nil {
			r.t.Fatal(err)
		}
		if isIt(f) {
			return
		}
	}
}

// A tunnel that died takes what was on the road and tells nobody: the client that comes back must not wait for it.
func TestWhoComesBackDoesNotWaitForADeadRoad(t *testing.T) {
	l := newLab(t)
	dead := l.road()
	dead.attach(1)
	go func() {
		for {
			if _, err := l.slave.WriteString("flood\n"); err != nil {
				return
			}
		}
	}()
	for start := time.Now(); !l.isSending(); time.Sleep(time.Millisecond) {
		if time.Since(start) > patience {
			t.Fatal("nothing is sent")
		}
	}
	back := l.road()
	back.attach(1)
	back.until(func(f wire.Frame) bool {
		return f.Kind == wire.KindData && strings.Contains(string(f.Payload), "flood")
	})
}

func (l *lab) isSending() bool {
	l.session.mu.Lock()
	defer l.session.mu.Unlock()
	// The pump alone keeps bytes, and it sends them before it keeps more.
	return l.session.receiver != nil && l.session.ring.end > 0
}

func TestWhatAClientTypedBeforeAnotherCameIsNotTypedOn(t *testing.T) {
	l := newLab(t)
	l.makeRaw()
	r := l.road()
	r.attach(1)
	const typed = 60 * 1024
	r.send(wire.KindData, 1, strings.Repeat("a", typed))
	r.send(wire.KindOpen, 2, `{"method":"attach","credit":1000000000}`)
	// The first one's end is told when nobody serves it any more, before or after the second one's begin.
	isOver, isMine := false, false
	r.until(func(f wire.Frame) bool {
		isOver = isOver || f.Kind == wire.KindError && f.ID == 1
		isMine = isMine || f.Kind == wire.KindMessage && f.ID == 2
		return isOver && isMine
	})
	r.send(wire.KindData, 2, "b")
	got := make(chan string, 1)
	go func() {
		var all strings.Builder
		buffer := make([]byte, 4096)
		for !strings.Contains(all.String(), "b") {
			count, err := l.slave.Read(buffer)
			if err != nil {
				break
			}
			all.Write(buffer[:count])
		}
		got <- all.String()
	}()
	select {
	case text := <-got:
		if count := strings.Count(text, "a"); count >= typed/2 || !strings.HasSuffix(text, "b") {
			t.Errorf("%d of %d bytes were typed on", count, typed)
		}
	case <-time.After(patience):
		t.Error("what the second one typed does not come")
	}
}

// An agent of many files and terminals may have no descriptor left for a while: who is attached types on, and who
// could not be served whole is told so.
func TestAnAgentOutOfDescriptorsLosesNothingThatIsTyped(t *testing.T) {
	l := newLab(t)
	l.makeRaw()
	r := l.road()
	r.attach(1)
	spend(t)
	r.send(wire.KindOpen, 2, `{"method":"attach","credit":1000000000}`)
	r.until(func(f wire.Frame) bool { return f.Kind == wire.KindError && f.ID == 2 })
	const typed = 60 * 1024
	r.send(wire.KindData, 1, strings.Repeat("a", typed))
	r.send(wire.KindData, 1, "b")
	got := make(chan int, 1)
	go func() {
		count := 0
		buffer := make([]byte, 4096)
		for {
			n, err := l.slave.Read(buffer)
			count += n
			if err != nil || strings.Contains(string(buffer[:n]), "b") {
				break
			}
		}
		got <- count
	}()
	select {
	case count := <-got:
		if count != typed+1 {
			t.Errorf("%d of %d bytes were typed", count, typed+1)
		}
	case <-time.After(patience):
		t.Error("the terminal is deaf")
	}
}

// spend leaves no descriptor to this process until the test's end.
func spend(t *testing.T) {
	t.Helper()
	var before syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &before); err != nil {
		t.Fatal(err)
	}
	// Fewer than are open, and as many as one poll asks for.
	none := syscall.Rlimit{Cur: 4, Max: before.Max}
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &none); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &before) })
}

// makeRaw takes echo and line editing from the terminal.
func (l *lab) makeRaw() {
	l.t.Helper()
	var now syscall.Termios
	err := ioctl(int(l.slave.Fd()), syscall.TCGETS, uintptr(unsafe.Pointer(&now)))
	if now.Lflag, now.Iflag, now.Oflag = 0, 0, 0; err == nil {
		err = ioctl(int(l.slave.Fd()), syscall.TCSETS, uintptr(unsafe.Pointer(&now)))
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

package terminals

import (
	"context"
	"io"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// terminal gives both ends of one, the slave without echo and line editing.
func terminal(t *testing.T) (*master, *os.File) {
	t.Helper()
	fd, peer, err := openPty("/dev/pts/ptmx")
	if err != nil {
		fd, peer, err = openPty("/dev/ptmx")
	}
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	m, err := newMaster(fd)
	if err != nil {
		t.Fatal(err)
	}
	slave := os.NewFile(uintptr(peer), "slave")
	t.Cleanup(func() {
		slave.Close()
		m.Close()
	})
	return m, slave
}

func TestOutputComesWholeAndEndsWithTheLastProcess(t *testing.T) {
	m, slave := terminal(t)
	want := strings.Repeat("0123456789", 30_000)
	go func() {
		_, _ = slave.WriteString(want)
		slave.Close()
	}()
	buffer := make([]byte, readBytes)
	var got strings.Builder
	for {
		count, err := m.read(buffer)
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got.Write(buffer[:count])
	}
	if got.String() != want {
		t.Errorf("%d of %d bytes", got.Len(), len(want))
	}
}

func TestWhoHoldsATerminalAfterTheShellsEndDoesNotKeepItOpen(t *testing.T) {
	m, slave := terminal(t)
	if _, err := slave.WriteString("last"); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	m.hangUp()
	buffer := make([]byte, 10)
	count, err := m.read(buffer)
	if err != nil || string(buffer[:count]) != "last" {
		t.Fatalf("%q %v", buffer[:count], err)
	}
	if _, err := m.read(buffer); err != io.EOF || time.Since(start) < drainLimit {
		t.Errorf("%v after %v", err, time.Since(start))
	}
}

// late has the shell ended longer ago than anybody waits, when there is something to read.
func late(t *testing.T, m *master) {
	t.Helper()
	if err := m.with(func(fd int) error {
		_, err := m.wait(fd, pollIn, false, -1)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	past := time.Now().Add(-drainLimit)
	m.until.Store(&past)
}

func TestTheLastWordsOfAShellAreReadHoweverLate(t *testing.T) {
	m, slave := terminal(t)
	if _, err := slave.WriteString("last"); err != nil {
		t.Fatal(err)
	}
	late(t, m)
	buffer := make([]byte, 10)
	if count, err := m.read(buffer); err != nil || string(buffer[:count]) != "last" {
		t.Fatalf("%q %v", buffer[:count], err)
	}
	if _, err := m.read(buffer); err != io.EOF {
		t.Errorf("%v", err)
	}
}

func TestWhoFloodsATerminalAfterTheShellsEndDoesNotKeepItOpen(t *testing.T) {
	m, slave := terminal(t)
	go func() {
		for {
			if _, err := slave.WriteString(strings.Repeat("x", 1000)); err != nil {
				return
			}
		}
	}()
	late(t, m)
	buffer := make([]byte, readBytes)
	for got := 0; ; {
		count, err := m.read(buffer)
		if err == io.EOF {
			return
		}
		if got += count; err != nil || got > heldBytes+readBytes {
			t.Fatalf("%d bytes, %v", got, err)
		}
	}
}

// bellOf is a writer's; it is silent again at the test's end.
func bellOf(t *testing.T, ctx context.Context) *bell {
	t.Helper()
	over, err := newBell(ctx)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(over.close)
	return over
}

// flood is more than all that the kernel keeps for a terminal, some of which it only makes room for in time.
var flood = []byte(strings.Repeat(strings.Repeat("x", 100)+"\n", 20_000))

func TestATerminalThatNobodyReadsMakesWritersWaitUntilItIsOver(t *testing.T) {
	m, slave := terminal(t)
	if err := syscall.SetNonblock(int(slave.Fd()), true); err != nil {
		t.Fatal(err)
	}
	if taken := m.tryWrite(flood); taken == len(flood) {
		t.Fatal("a terminal takes all")
	}
	written := make(chan error, 1)
	over := bellOf(t, context.Background())
	go func() { written <- m.write(over, flood) }()
	m.hangUp()
	if err := <-written; err != io.ErrClosedPipe {
		t.Errorf("%v", err)
	}
}

// patience is how long anybody waits for a writer that would wait for ever.
const patience = 10 * time.Second

func endOf(t *testing.T, m *master, data []byte) {
	t.Helper()
	written := make(chan error, 1)
	over := bellOf(t, context.Background())
	go func() { written <- m.write(over, data) }()
	select {
	case err := <-written:
		if err != io.ErrClosedPipe {
			t.Errorf("%v", err)
		}
	case <-time.After(patience):
		t.Fatal("it still writes")
	}
}

// The program's end is seen at the terminal before anybody has waited for the shell.
func TestATerminalWithoutProgramsEndsItsWriters(t *testing.T) {
	m, slave := terminal(t)
	slave.Close()
	endOf(t, m, flood)
}

func TestATerminalThatFailsEndsItsWriters(t *testing.T) {
	var pipe [2]int
	if err := syscall.Pipe2(pipe[:], syscall.O_CLOEXEC|syscall.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	// As a terminal that was hung up: whoever writes gets an error, whoever asks for room is told that there is some.
	syscall.Close(pipe[0])
	m, err := newMaster(pipe[1])
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if taken := m.tryWrite([]byte("x")); taken != 0 {
		t.Errorf("it took %d", taken)
	}
	endOf(t, m, []byte("x"))
}

// A writer that looks for the shell's end after all of that was cleared away.
func TestAWriterThatIsLateSeesTheEnd(t *testing.T) {
	m, _ := terminal(t)
	m.hangUp()
	m.over[0].Close()
	endOf(t, m, flood)
}

// What one client has typed at a program that reads nothing is not typed on when another one has the terminal.
func TestAWriterWithoutAClientStops(t *testing.T) {
	m, _ := terminal(t)
	ctx, leave := context.WithCancel(context.Background())
	written := make(chan error, 1)
	over := bellOf(t, ctx)
	go func() { written <- m.write(over, flood) }()
	// Until it waits.
	for start := time.Now(); m.tryWrite([]byte("x")) > 0; {
		if time.Since(start) > patience {
			t.Fatal("a terminal takes all")
		}
	}
	leave()
	select {
	case err := <-written:
		if err != context.Canceled {
			t.Errorf("%v", err)
		}
	case <-time.After(patience):
		t.Fatal("it still writes")
	}
	if err := m.write(over, []byte("x")); err != context.Canceled {
		t.Errorf("later: %v", err)
	}
}

package terminals

import (
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

func TestATerminalThatNobodyReadsMakesWritersWaitUntilItIsOver(t *testing.T) {
	m, slave := terminal(t)
	if err := syscall.SetNonblock(int(slave.Fd()), true); err != nil {
		t.Fatal(err)
	}
	// More than all that the kernel keeps for a terminal, some of which it only makes room for in time.
	flood := []byte(strings.Repeat(strings.Repeat("x", 100)+"\n", 20_000))
	if taken := m.tryWrite(flood); taken == len(flood) {
		t.Fatal("a terminal takes all")
	}
	written := make(chan error, 1)
	go func() { written <- m.write(flood) }()
	m.hangUp()
	if err := <-written; err != io.ErrClosedPipe {
		t.Errorf("%v", err)
	}
}

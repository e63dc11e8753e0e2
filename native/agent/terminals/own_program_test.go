package terminals

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// busyFile is one that the kernel will not seal: somebody can write to its pages. The second value lets go of them.
func busyFile(t *testing.T) (*os.File, func()) {
	t.Helper()
	file, err := emptyMemoryFile("busy")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	if err := file.Truncate(4096); err != nil {
		t.Fatal(err)
	}
	pages, err := syscall.Mmap(int(file.Fd()), 0, 4096, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	return file, func() {
		if err := syscall.Munmap(pages); err != nil {
			t.Error(err)
		}
	}
}

func TestSealWaitsForPagesInUse(t *testing.T) {
	file, letGo := busyFile(t)
	if err := seal(file, 0); err != syscall.EBUSY {
		t.Fatalf("a file in use: %v", err)
	}
	timer := time.AfterFunc(50*time.Millisecond, letGo)
	defer timer.Stop()
	if err := seal(file, time.Minute); err != nil {
		t.Fatal(err)
	}
	if _, err := file.WriteAt([]byte("x"), 0); err == nil {
		t.Fatal("a sealed file can be written to")
	}
}

func TestMemoryFileCannotBeChanged(t *testing.T) {
	file, err := memoryFile("letter", strings.NewReader("words"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	text := make([]byte, 5)
	if _, err := file.ReadAt(text, 0); err != nil || string(text) != "words" {
		t.Fatalf("%q, %v", text, err)
	}
	if _, err := file.WriteAt([]byte("x"), 0); err == nil {
		t.Fatal("it can be written to")
	}
	if err := file.Truncate(0); err == nil {
		t.Fatal("it can be cut")
	}
}

func TestOwnProgramIsCopiedOnce(t *testing.T) {
	var program ownProgram
	first, err := program.path()
	if err != nil {
		t.Fatal(err)
	}
	defer program.file.Close()
	again, err := program.path()
	if err != nil || again != first {
		t.Fatalf("%s, %s, %v", first, again, err)
	}
	if _, err := os.Stat(first); err != nil {
		t.Fatal(err)
	}
}

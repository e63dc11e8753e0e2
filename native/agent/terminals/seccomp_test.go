package terminals

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"
)

const roleVariable = "SLIPWAY_TEST_ROLE"

// The test's own program plays the first processes of containers: what they do to themselves is done by their first
// thread, before any test.
func init() {
	switch os.Getenv(roleVariable) {
	case "filtered twice":
		runtime.LockOSThread()
		err := prctl(prNoNewPrivs, 1, 0)
		for count := 1; err == nil && count <= 2; count++ {
			err = allowAll(count).install()
		}
		fmt.Println(err)
		time.Sleep(time.Hour)
	case "without its first thread":
		runtime.LockOSThread()
		go func() {
			for !isZombie("/proc/self/status") {
				time.Sleep(time.Millisecond)
			}
			fmt.Println(nil)
			time.Sleep(time.Hour)
		}()
		_, _, _ = syscall.Syscall(syscall.SYS_EXIT, 0, 0, 0)
	case "idle":
		fmt.Println(nil)
		time.Sleep(time.Hour)
	}
}

func isZombie(path string) bool {
	text, err := os.ReadFile(path)
	return err == nil && parseStatus(text).hasEnded()
}

// allowAll is a filter of so many instructions that forbids nothing: some load a word, the last says yes.
func allowAll(count int) *filter {
	const loadWord, giveBack, allow = 0x20, 0x06, 0x7fff0000
	made := &filter{}
	for at := 1; at <= count; at++ {
		instruction := make([]byte, instructionBytes)
		instruction[0] = loadWord
		if at == count {
			instruction[0] = giveBack
			binary.LittleEndian.PutUint32(instruction[4:], allow)
		}
		made.Program = append(made.Program, instruction...)
	}
	return made
}

// play starts a process in a role and gives its number when it is what it should be.
func play(t *testing.T, role string, cloneFlags uintptr) int {
	t.Helper()
	command := exec.Command("/proc/self/exe")
	command.Env = append(os.Environ(), roleVariable+"="+role)
	command.SysProcAttr = &syscall.SysProcAttr{Cloneflags: cloneFlags}
	said, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Skipf("no such process here: %v", err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	line, err := bufio.NewReader(said).ReadString('\n')
	if err != nil || line != "<nil>\n" {
		t.Fatalf("%s: %q, %v", role, line, err)
	}
	return command.Process.Pid
}

// A container's program may allow itself all by a filter of its own: what the runtime forbade is in the one below.
func TestTheFilterIsTheRuntimesAndNotTheProgramsOwn(t *testing.T) {
	found, err := readFilter(play(t, "filtered twice", 0))
	if err == syscall.EPERM || err == syscall.EACCES || err == syscall.EINVAL {
		t.Skipf("no filter can be read here: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if want := allowAll(1); string(found.Program) != string(want.Program) {
		t.Errorf("%d instructions, want the first filter's 1", len(found.Program)/instructionBytes)
	}
}

package terminals

import (
	"fmt"
	"os"
	"syscall"
	"testing"
)

func namespacesOfPid(t *testing.T, pid int) (namespaces, error) {
	t.Helper()
	dir, err := os.Open(fmt.Sprint("/proc/", pid))
	if err != nil {
		t.Fatal(err)
	}
	defer dir.Close()
	all, err := namespacesOf(dir)
	t.Cleanup(all.close)
	return all, err
}

func TestNamespacesAreHeldAndTellWhichAreOthers(t *testing.T) {
	all, err := namespacesOfPid(t, play(t, "idle", syscall.CLONE_NEWNS|syscall.CLONE_NEWUTS))
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		if isNew := one.name == "mnt" || one.name == "uts"; one.isOther != isNew {
			t.Errorf("%s: another one %v, want %v", one.name, one.isOther, isNew)
		}
	}
	if len(all) < 6 || len(all.names()) != len(all.files()) {
		t.Errorf("%v", all.names())
	}
}

// Its threads live on in its container, and its namespaces of mounts, network and more are nowhere to be found: who
// took that for "the same as ours" would run the container's program on the host.
func TestAProcessWithoutItsFirstThreadIsGone(t *testing.T) {
	pid := play(t, "without its first thread", syscall.CLONE_NEWNS)
	_, err := namespacesOfPid(t, pid)
	if found := refusalOf(err); found == nil || found.Reason != reasonGone {
		t.Errorf("%v", err)
	}
	if text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)); err != nil || !parseStatus(text).hasEnded() {
		t.Errorf("%v, %s", err, text)
	}
}

func TestAShellIsNeverOpenedAmongTheAgentsOwnMounts(t *testing.T) {
	_, err := namespacesOfPid(t, play(t, "idle", 0))
	if found := refusalOf(err); found == nil || found.Reason != reasonNamespaces {
		t.Errorf("%v", err)
	}
}

package terminals

import (
	"bytes"
	"math/rand"
	"reflect"
	"testing"
	"time"
)

func TestARingKeepsTheLastBytesByTheirPlace(t *testing.T) {
	for round := int64(0); round < 200; round++ {
		random := rand.New(rand.NewSource(round))
		kept := ring{max: 1 + random.Intn(10_000)}
		all := []byte{}
		for len(all) < 30_000 {
			piece := make([]byte, random.Intn(3_000))
			random.Read(piece)
			all = append(all, piece...)
			kept.push(piece)
			from := int64(random.Intn(len(all) + 10))
			got, start := kept.since(from)
			if kept.end != int64(len(all)) || !bytes.Equal(got, all[start:]) {
				t.Fatalf("round %d: %d bytes from %d, asked from %d, end %d", round, len(got), start, from, kept.end)
			}
			// Nothing that is asked for and could be kept is missing.
			if oldest := int64(len(all) - kept.max); start > from && start > oldest && from <= kept.end {
				t.Fatalf("round %d: begins at %d, asked %d, oldest %d", round, start, from, oldest)
			}
		}
	}
}

func TestVariablesAreReplacedInTheirPlace(t *testing.T) {
	base := []string{"PATH=/bin", "A=1", "AB=2"}
	got := environment(base, []string{"A=3", "NEW=x=y", "AB"})
	if want := []string{"PATH=/bin", "A=3", "TERM=xterm", "NEW=x=y"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	if base[1] != "A=1" {
		t.Error("the container's own was changed")
	}
	if got := environment([]string{"TERM=vt100"}, nil); !reflect.DeepEqual(got, []string{"TERM=vt100"}) {
		t.Errorf("%q", got)
	}
}

func TestLimitsAreReadAsTheKernelWritesThem(t *testing.T) {
	text := "Limit                     Soft Limit           Hard Limit           Units     \n" +
		"Max cpu time              unlimited            unlimited            seconds   \n" +
		"Max open files            1024                 524288               files     \n" +
		"Max nice priority         0                    0                    \n"
	want := limits{0: {unlimited, unlimited}, 7: {1024, 524288}, 13: {0, 0}}
	if got := parseLimits([]byte(text)); !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
	if limitNumber("RLIMIT_NOFILE") != 7 || limitNumber("RLIMIT_NEW") != -1 {
		t.Error("names")
	}
}

func TestTheContainersGroupIsFoundAboveTheProcesss(t *testing.T) {
	id := string(bytes.Repeat([]byte("a1"), 32))
	text := "4:memory:/docker/" + id + "/init\n1:name=systemd:/system.slice/docker-" + id + ".scope\n0::/else\nbroken\n"
	all := parseMemberships([]byte(text))
	want := []membership{{"memory", "/docker/" + id}, {"name=systemd", "/system.slice/docker-" + id + ".scope"}, {"", "/else"}}
	for at, one := range all {
		all[at] = one.ofContainer(id)
	}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("%v", all)
	}
}

func TestCapabilitiesBecomeBits(t *testing.T) {
	sets, err := capabilities{Bounding: []string{"CAP_CHOWN", "CAP_KILL"}, Ambient: []string{"CAP_BPF"}}.sets()
	if err != nil || sets.Bounding != 1|1<<5 || sets.Ambient != 1<<39 {
		t.Errorf("%+v %v", sets, err)
	}
	if _, err := (capabilities{Effective: []string{"CAP_LATER"}}).sets(); refusalOf(err) == nil {
		t.Errorf("an unknown one gives %v", err)
	}
	if got := (capabilitySets{Bounding: unlimited}).given(1<<41 - 1); got.Bounding != 1<<41-1 {
		t.Errorf("%x", got.Bounding)
	}
}

func TestANumberIsNeverAName(t *testing.T) {
	users := []passwdLine{{"root", 0, 0, "/root"}, {"7", 0, 0, "/"}, {"web", 7, 8, "/srv"}, {"99", 0, 0, "/"}}
	for user, want := range map[string]account{"web": {UID: 7, GID: 8}, "7": {UID: 7, GID: 8}, "99": {UID: 99}} {
		if got, _, err := userOf(users, user); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v %v", user, got, err)
		}
	}
	for _, user := range []string{"martian", "-1", "99999999999"} {
		named := append([]passwdLine{{"-1", 0, 0, "/"}, {"99999999999", 0, 0, "/"}}, users...)
		if _, _, err := userOf(named, user); err == nil {
			t.Errorf("%s is found", user)
		}
	}
	groups := []groupLine{{"7", 0, nil}, {"web", 8, nil}}
	for group, want := range map[string]uint32{"7": 7, "web": 8, "8": 8} {
		if got, err := groupOf(groups, group); err != nil || got != want {
			t.Errorf("group %s: %d %v", group, got, err)
		}
	}
	for group, want := range map[string]uint32{"7": 0, "web": 8, "9": 9} {
		if got, err := addedGroupOf(groups, group); err != nil || got != want {
			t.Errorf("added group %s: %d %v", group, got, err)
		}
	}
}

func TestOnlyAFloodOfSmallPiecesIsGathered(t *testing.T) {
	var typing, flood, bulk rhythm
	now := time.Unix(1, 0)
	for at := 0; at < 100; at++ {
		now = now.Add(20 * time.Millisecond)
		if pause := typing.pauseAfter(1, now); pause != 0 {
			t.Fatalf("key %d waits %v", at, pause)
		}
	}
	for at := 0; at < 100; at++ {
		now = now.Add(50 * time.Microsecond)
		if pause := flood.pauseAfter(3, now); (pause > 0) != (at >= quickCount) {
			t.Fatalf("piece %d waits %v", at, pause)
		}
		if pause := bulk.pauseAfter(readBytes, now); pause != 0 {
			t.Fatalf("bulk %d waits %v", at, pause)
		}
	}
}

func FuzzStatus(f *testing.F) {
	f.Add([]byte("Name:\tx\nSeccomp:\t2\nCapBnd:\t00000000a80425fb\n"), "9:pids:/docker/x\n0::/\n")
	f.Fuzz(func(t *testing.T, text []byte, groups string) {
		parseStatus(text).capabilities("CapBnd")
		parseLimits(text)
		for _, one := range parseMemberships([]byte(groups)) {
			one.ofContainer("x")
		}
	})
}

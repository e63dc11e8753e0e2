package files

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"slipway/agent/rooted"
)

// Core's own tests read the same messages.
type golden struct {
	Place, Volume map[string]any
	Asked         []struct {
		Method string
		More   map[string]any
	}
	Entries []struct {
		NameHex  string
		Mode     uint16
		Size     int64
		Uid, Gid uint32
		MtimeS   int64
		Link, To string
		Mount    string
		Wire     json.RawMessage
	}
	ListHead, Found, Plan, Uploaded json.RawMessage
	Version                         string
}

func readGolden(t *testing.T) golden {
	t.Helper()
	text, err := os.ReadFile("../../../testing/fixtures/agent-wire/files.json")
	if err != nil {
		t.Fatal(err)
	}
	var all golden
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Asked) == 0 || len(all.Entries) == 0 {
		t.Fatal("no golden messages")
	}
	return all
}

// plain is a message as JSON knows it: without the order of its fields, and without Go's types.
func plain(t *testing.T, message any) any {
	t.Helper()
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(text, &value); err != nil {
		t.Fatal(err)
	}
	return value
}

func mustBe(t *testing.T, what string, got, want any) {
	t.Helper()
	if got, want := plain(t, got), plain(t, want); !reflect.DeepEqual(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func argsOf(method string) any {
	switch method {
	case "files.list":
		return &listArgs{}
	case "files.read":
		return &readArgs{}
	case "files.find":
		return &findArgs{}
	case "files.write":
		return &writeArgs{}
	case "files.upload":
		return &uploadArgs{}
	case "files.rename", "files.chmod":
		return &changeArgs{}
	default:
		return &Where{}
	}
}

// read gives what was understood of a message, by the names that it was said with.
func read(t *testing.T, message map[string]any, into any) map[string]any {
	t.Helper()
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
	understood := map[string]any{}
	for key, value := range plain(t, into).(map[string]any) {
		if _, isSaid := message[key]; isSaid {
			understood[key] = value
		}
	}
	return understood
}

func TestWhatCoreAsksIsUnderstoodWhole(t *testing.T) {
	all := readGolden(t)
	for _, asked := range all.Asked {
		for _, place := range []map[string]any{all.Place, all.Volume} {
			message := map[string]any{}
			for _, part := range []map[string]any{place, asked.More} {
				for key, value := range part {
					message[key] = value
				}
			}
			mustBe(t, asked.Method, read(t, message, argsOf(asked.Method)), message)
		}
	}
}

func TestEntriesAreWrittenAsCoreReadsThem(t *testing.T) {
	for _, one := range readGolden(t).Entries {
		name, err := hex.DecodeString(one.NameHex)
		if err != nil {
			t.Fatal(err)
		}
		st := &rooted.Stat{Mode: one.Mode, Size: one.Size, Uid: one.Uid, Gid: one.Gid, MtimeSec: one.MtimeS}
		entry := &Entry{name: string(name), stat: st, more: more{Link: one.Link, To: one.To, Mount: one.Mount}}
		mustBe(t, one.NameHex, entry, one.Wire)
	}
}

func TestAnswersHaveTheNamesThatCoreReads(t *testing.T) {
	all := readGolden(t)
	mustBe(t, "the head of a list", listHead{"/srv/a b", 900, false, true}, all.ListHead)
	mustBe(t, "what was found", findItem{[][3]any{{"/etc/a.conf", "f", 7}}, 1200, true, "count"}, all.Found)
	mustBe(t, "a plan", Plan{3, 1, 1<<53 - 1, true, []string{"/srv/goods"}}, all.Plan)
	mustBe(t, "an upload", uploadDone{2, 15, []string{`b\xff`}, 1}, all.Uploaded)
	st := &rooted.Stat{Mode: 0o100644, Size: 5, Uid: 33, Gid: 4, MtimeSec: 1700000000, MtimeNsec: 1, Inode: 77}
	mustBe(t, "a stat", statReply{"/srv/note.txt", &Entry{name: "note.txt", stat: st}, version(st)}, map[string]any{
		"path": "/srv/note.txt", "entry": all.Entries[0].Wire, "version": all.Version,
	})
}

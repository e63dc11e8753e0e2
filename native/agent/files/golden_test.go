package files

import (
	"encoding/hex"
	"encoding/json"
	"testing"

	"slipway/agent/golden"
	"slipway/agent/rooted"
)

// Core's own tests read the same messages.
type messages struct {
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

func readGolden(t *testing.T) messages {
	t.Helper()
	var all messages
	golden.Read(t, "files.json", &all)
	if len(all.Asked) == 0 || len(all.Entries) == 0 {
		t.Fatal("no golden messages")
	}
	return all
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
			golden.MustBe(t, asked.Method, golden.Understood(t, message, argsOf(asked.Method)), message)
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
		golden.MustBe(t, one.NameHex, entry, one.Wire)
	}
}

func TestAnswersHaveTheNamesThatCoreReads(t *testing.T) {
	all := readGolden(t)
	golden.MustBe(t, "the head of a list", listHead{"/srv/a b", 900, false, true}, all.ListHead)
	golden.MustBe(t, "what was found", findItem{[][3]any{{"/etc/a.conf", "f", 7}}, 1200, true, "count"}, all.Found)
	golden.MustBe(t, "a plan", Plan{3, 1, 1<<53 - 1, true, []string{"/srv/goods"}, nil}, all.Plan)
	golden.MustBe(t, "an upload", uploadDone{2, 15, []string{`b\xff`}, 1}, all.Uploaded)
	st := &rooted.Stat{Mode: 0o100644, Size: 5, Uid: 33, Gid: 4, MtimeSec: 1700000000, MtimeNsec: 1, Inode: 77}
	golden.MustBe(t, "a stat", statReply{"/srv/note.txt", &Entry{name: "note.txt", stat: st}, version(st)}, map[string]any{
		"path": "/srv/note.txt", "entry": all.Entries[0].Wire, "version": all.Version,
	})
}

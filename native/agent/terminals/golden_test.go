package terminals

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"
)

// Core's own tests read the same messages.
func readGolden(t *testing.T) map[string]any {
	t.Helper()
	text, err := os.ReadFile("../../../testing/fixtures/agent-wire/terminals.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]any
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
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

// understood gives what was read of a message, by the names that it was said with.
func understood(t *testing.T, message any, into any) map[string]any {
	t.Helper()
	text, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
	said := message.(map[string]any)
	found := map[string]any{}
	for key, value := range plain(t, into).(map[string]any) {
		if _, isSaid := said[key]; isSaid {
			found[key] = value
		}
	}
	return found
}

func TestWhatCoreAsksIsUnderstoodWhole(t *testing.T) {
	all := readGolden(t)
	mustBe(t, "open", understood(t, all["open"], &openArgs{}), all["open"])
	for _, name := range []string{"attach", "resize", "close"} {
		mustBe(t, name, understood(t, all[name], &sessionArgs{}), all[name])
	}
}

func TestAnswersHaveTheNamesThatCoreReads(t *testing.T) {
	all := readGolden(t)
	session := all["attach"].(map[string]any)["session"].(string)
	mustBe(t, "opened", opened{Session: session, Program: "/bin/sh"}, all["opened"])
	mustBe(t, "refused", opened{Refused: &refusal{reasonUserNamespace, "4026531837"}}, all["refused"])
	mustBe(t, "the beginning", attached{From: 4096, End: 8192}, all["begin"])
	mustBe(t, "the end", exit{Code: 137, Signal: 9}, all["exit"])
}

func TestCoreKnowsEachReasonOfARefusal(t *testing.T) {
	mustBe(t, "reasons", []string{
		reasonRuntime, reasonGone, reasonUserNamespace, reasonNamespaces, reasonCgroup, reasonCapabilities,
		reasonSeccomp, reasonLabel, reasonLimits, reasonDevpts, reasonUser, reasonFolder, reasonTime,
	}, readGolden(t)["reasons"])
}

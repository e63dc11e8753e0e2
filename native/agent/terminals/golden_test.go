package terminals

import (
	"testing"

	"slipway/agent/golden"
)

// Core's own tests read the same messages.
func readGolden(t *testing.T) map[string]any {
	t.Helper()
	var all map[string]any
	golden.Read(t, "terminals.json", &all)
	return all
}

func mustUnderstand(t *testing.T, name string, message any, into any) {
	t.Helper()
	golden.MustBe(t, name, golden.Understood(t, message.(map[string]any), into), message)
}

func TestWhatCoreAsksIsUnderstoodWhole(t *testing.T) {
	all := readGolden(t)
	mustUnderstand(t, "open", all["open"], &openArgs{})
	for _, name := range []string{"attach", "resize", "close"} {
		mustUnderstand(t, name, all[name], &sessionArgs{})
	}
}

func TestAnswersHaveTheNamesThatCoreReads(t *testing.T) {
	all := readGolden(t)
	session := all["attach"].(map[string]any)["session"].(string)
	golden.MustBe(t, "opened", opened{Session: session, Program: "/bin/sh"}, all["opened"])
	golden.MustBe(t, "refused", opened{Refused: &refusal{reasonUserNamespace, "4026531837"}}, all["refused"])
	golden.MustBe(t, "the beginning", attached{From: 4096, End: 8192}, all["begin"])
	golden.MustBe(t, "the end", exit{Code: 137, Signal: 9}, all["exit"])
}

func TestCoreKnowsEachReasonOfARefusal(t *testing.T) {
	golden.MustBe(t, "reasons", []string{
		reasonRuntime, reasonGone, reasonUserNamespace, reasonNamespaces, reasonCgroup, reasonCapabilities,
		reasonSeccomp, reasonLabel, reasonLimits, reasonDevpts, reasonUser, reasonFolder, reasonTime,
	}, readGolden(t)["reasons"])
}

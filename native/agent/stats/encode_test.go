package stats

import (
	"encoding/hex"
	"strconv"
	"testing"

	"slipway/agent/golden"
)

func TestGoldenTicks(t *testing.T) {
	var all struct {
		Ticks []struct {
			NowNs   string
			Samples []struct {
				Slot   uint32
				Values Sample
			}
			Gone []uint32
			Hex  string
		}
	}
	golden.Read(t, "stats.json", &all)
	if len(all.Ticks) == 0 {
		t.Fatal("no ticks")
	}
	encoder := NewEncoder()
	for i, tick := range all.Ticks {
		nowNs, err := strconv.ParseUint(tick.NowNs, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		got := encoder.AppendTick(nil, nowNs, len(tick.Samples))
		for _, sample := range tick.Samples {
			got = encoder.AppendSample(got, sample.Slot, sample.Values)
		}
		for _, slot := range tick.Gone {
			got = encoder.AppendGone(got, slot)
		}
		if hex.EncodeToString(got) != tick.Hex {
			t.Errorf("tick %d: %x, want %s", i, got, tick.Hex)
		}
	}
}

// A difference below nothing would be read as 2^64 less it: the year 2608, for all later ticks too.
func TestATickBeforeTheLastOneComesWithIt(t *testing.T) {
	encoder := NewEncoder()
	encoder.AppendTick(nil, 2_000_000, 0)
	if got := hex.EncodeToString(encoder.AppendTick(nil, 1_000_000, 0)); got != "0000" {
		t.Errorf("set back: %s", got)
	}
	if got := hex.EncodeToString(encoder.AppendTick(nil, 2_000_003, 0)); got != "0300" {
		t.Errorf("after it: %s", got)
	}
}

package stats

import (
	"encoding/hex"
	"encoding/json"
	"os"
	"strconv"
	"testing"
)

func TestGoldenTicks(t *testing.T) {
	text, err := os.ReadFile("../../../testing/fixtures/agent-wire/stats.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden struct {
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
	if err := json.Unmarshal(text, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden.Ticks) == 0 {
		t.Fatal("no ticks")
	}
	encoder := NewEncoder()
	for i, tick := range golden.Ticks {
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

package stats

import (
	"testing"
	"time"
)

func TestAHostThatSetsItsClockBackDoesNotTurnTimeBack(t *testing.T) {
	var c clock
	for i, one := range []struct {
		hostNs uint64
		run    time.Duration
		want   uint64
	}{
		{5000, 0, 5000},
		{6000, 1000, 6000},
		{3000, 2000, 7000},
		{4000, 3000, 8000},
		{9500, 4000, 9500},
	} {
		if got := c.at(one.hostNs, one.run); got != one.want {
			t.Errorf("tick %d: %d, want %d", i, got, one.want)
		}
	}
}

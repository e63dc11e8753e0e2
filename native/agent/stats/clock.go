package stats

import "time"

// clock gives the times of one stream's ticks: the host's, but never back. NTP, or a machine that wakes up, sets the
// host's clock back; rates need the time that went by.
type clock struct {
	lastNs  uint64
	lastRun time.Duration
}

// at takes the host's time, and how long the stream has run by a clock that nobody sets.
func (c *clock) at(hostNs uint64, run time.Duration) uint64 {
	if hostNs <= c.lastNs {
		hostNs = c.lastNs + uint64(run-c.lastRun)
	}
	c.lastNs, c.lastRun = hostNs, run
	return hostNs
}

package main

import (
	"runtime/debug"
	"sync/atomic"
	"time"
)

// How soon memory goes back: a client that asks for one thing after another keeps what it uses.
const giveBackAfter = 5 * time.Second

// giveBack has the memory that a stream needed given back to the kernel, soon after it ended: the runtime by itself
// keeps a part of the most it ever had.
type giveBack struct {
	isComing atomic.Bool
}

func (g *giveBack) streamEnded() {
	if g.isComing.Swap(true) {
		return
	}
	time.AfterFunc(giveBackAfter, func() {
		g.isComing.Store(false)
		debug.FreeOSMemory()
	})
}

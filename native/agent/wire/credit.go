package wire

import (
	"context"
	"sync"
)

// credit is the sender's side of a flow. One item may overdraw it, or an item larger than the whole grant could
// never leave; after that the flow stands until more is granted.
type credit struct {
	mu      sync.Mutex
	balance int64
	more    chan struct{}
}

func newCredit(bytes int64) *credit {
	return &credit{balance: bytes, more: make(chan struct{})}
}

func (c *credit) grant(bytes int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.balance += bytes
	if c.balance > 0 {
		close(c.more)
		c.more = make(chan struct{})
	}
}

// take waits for room and spends.
func (c *credit) take(ctx context.Context, bytes int64) error {
	for {
		c.mu.Lock()
		if c.balance > 0 {
			c.balance -= bytes
			c.mu.Unlock()
			return ctx.Err()
		}
		more := c.more
		c.mu.Unlock()
		select {
		case <-more:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

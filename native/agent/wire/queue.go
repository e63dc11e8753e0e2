package wire

import (
	"context"
	"io"
	"sync"
)

// Items that wait for a handler. Credit bounds their bytes, this bounds what the agent keeps of each: two megabytes.
// Who keeps to the credit never meets it: the smallest messages, an upload's `{"kind":"file","path":"a","mode":0}` with
// a byte of data after each, are 14,000 items in the window.
const maxWaiting = 32 * 1024

// queue holds what came up a stream until its handler asks for it. Bytes have no borders: those that wait are joined,
// so that keys typed one by one at a program that reads none of them fill their credit and nothing else.
type queue struct {
	mu      sync.Mutex
	items   []Item
	isEnded bool
	// Room for one: whoever waits looks again.
	news chan struct{}
}

func newQueue() *queue { return &queue{news: make(chan struct{}, 1)} }

// put adds an item, or its bytes to those that wait. The first value tells that it is one of its own, the second that
// it is kept: false when too many wait.
func (q *queue) put(item Item) (isOwn, isKept bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.join(item.Data) {
		return false, true
	}
	if len(q.items) >= maxWaiting {
		return false, false
	}
	q.items = append(q.items, item)
	q.tell()
	return true, true
}

func (q *queue) join(data []byte) bool {
	if len(data) == 0 || len(q.items) == 0 {
		return false
	}
	last := &q.items[len(q.items)-1]
	if len(last.Data) == 0 || len(last.Data)+len(data) > pieceBytes {
		return false
	}
	last.Data = append(last.Data, data...)
	return true
}

// end says that nothing more comes.
func (q *queue) end() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.isEnded = true
	q.tell()
}

func (q *queue) tell() {
	select {
	case q.news <- struct{}{}:
	default:
	}
}

// take waits for the next item; io.EOF after the last. It is for one goroutine.
func (q *queue) take(ctx context.Context) (Item, error) {
	for {
		if ctx.Err() != nil {
			return Item{}, ctx.Err()
		}
		if item, isThere, isOver := q.next(); isThere {
			return item, nil
		} else if isOver {
			return Item{}, io.EOF
		}
		select {
		case <-q.news:
		case <-ctx.Done():
			return Item{}, ctx.Err()
		}
	}
}

func (q *queue) next() (item Item, isThere, isOver bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.items) == 0 {
		// What has been taken is not kept alive by the list.
		q.items = nil
		return Item{}, false, q.isEnded
	}
	item = q.items[0]
	q.items[0] = Item{}
	q.items = q.items[1:]
	return item, true, false
}

package asterisk

import "sync"

// queue is unbounded on purpose: a bounded one would either lose events or
// stop the reading, and Asterisk closes a socket it cannot write to.
type queue struct {
	ready chan struct{} // holds one token while items may be waiting

	mu    sync.Mutex
	items []item
}

// item is one thing for the run goroutine: a frame of the socket, or a reading of
// channels and bridges, of phones, or of both.
type item struct {
	frame   []byte
	reading *reading
	phones  *phonesReading
}

func newQueue() *queue { return &queue{ready: make(chan struct{}, 1)} }

func (q *queue) push(it item) {
	q.mu.Lock()
	q.items = append(q.items, it)
	q.mu.Unlock()
	select {
	case q.ready <- struct{}{}:
	default:
	}
}

// take empties the queue.
func (q *queue) take() []item {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items = nil
	return items
}

func (q *queue) depth() int64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return int64(len(q.items))
}

// Package mailbox owns the one way to reach a state's owner: an unbounded,
// ordered box that many goroutines put into and one takes from. Putting never
// blocks, so two owners may write to each other without ever waiting in a ring.
//
// It never drops, reorders or looks into what is put. The floor and the call
// actors (queue/floor, ivr/call) each have one.
package mailbox

import "sync"

// Box is a mailbox. The zero value is not ready; use New.
type Box[T any] struct {
	ready chan struct{} // holds one token while there may be something to take

	mu     sync.Mutex
	items  []T
	closed bool
}

// New is an empty box.
func New[T any]() *Box[T] { return &Box[T]{ready: make(chan struct{}, 1)} }

// Put adds an item at the end and says whether the box took it: a closed box
// takes nothing. It never blocks and is safe for concurrent use.
func (b *Box[T]) Put(item T) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed {
		return false
	}
	b.items = append(b.items, item)
	select {
	case b.ready <- struct{}{}:
	default:
	}
	return true
}

// Ready signals that Take has something; wait on it in a select.
func (b *Box[T]) Ready() <-chan struct{} { return b.ready }

// Take empties the box. The owner alone calls it.
func (b *Box[T]) Take() []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	items := b.items
	b.items = nil
	return items
}

// Close makes the box refuse everything from now on and gives back what nobody
// took.
func (b *Box[T]) Close() []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	items := b.items
	b.items = nil
	return items
}

// Len is how many items wait.
func (b *Box[T]) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.items)
}

// Package follow owns how a reader follows the ledger in the background: the
// goroutine that reads ahead of it, and beginning again after a failure.
//
// It knows nothing of what readers make of facts nor of how they keep their place.
// cdr/store, cdr/trace and cdr/queuelog stand on it.
package follow

import (
	"context"
	"time"

	"linekeeper/cdr"
)

// Facts is the ledger as readers follow it: each fact from a sequence on, in order,
// until ctx ends. cdr/ledger implements it.
type Facts interface {
	Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error
}

// Ahead reads facts from a sequence on in a goroutine of its own, at most so many
// ahead of who takes them. The channel is closed when reading has ended. Call stop
// then, or to end it: it waits for the goroutine and says why reading ended. What
// was not taken by then is lost.
func Ahead(ctx context.Context, facts Facts, from uint64, most int) (_ <-chan cdr.Fact, stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	read := make(chan cdr.Fact, most)
	var err error // written before read is closed
	go func() {
		defer close(read)
		err = facts.Read(ctx, from, func(f cdr.Fact) error {
			select {
			case read <- f:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	return read, func() error {
		cancel()
		for range read { // nobody takes them any more
		}
		return err
	}
}

// firstRetry is the pause after a failure that came after some progress.
const firstRetry = 100 * time.Millisecond

// Again does something that ends by failing, over and over until ctx ends. The
// pauses between grow from 0.1 s to longest, and are short again once it came
// forward. Each failure is told, with the pause that follows.
func Again(ctx context.Context, longest time.Duration, do func(context.Context) (forward bool, err error), told func(again time.Duration, err error)) {
	for wait := firstRetry; ; wait = min(2*wait, longest) {
		forward, err := do(ctx)
		if ctx.Err() != nil {
			return
		}
		if forward {
			wait = firstRetry
		}
		told(wait, err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return
		}
	}
}

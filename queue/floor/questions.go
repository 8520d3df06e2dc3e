package floor

import (
	"context"
	"fmt"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// The questions are answered between two events, in the order they came: what
// was told before is in the answer. Each looks at the floor for microseconds.

// Explain says of a call in line why it is with nobody right now: what keeps each
// agent of its queue from it, and how many more there are than it tells of.
func (f *Floor) Explain(ctx context.Context, call cdr.CallID) (why []cdr.Why, more int, err error) {
	type answer struct {
		why  []cdr.Why
		more int
	}
	a, err := question(ctx, f, "why a call waits", func(core *queue.Floor, now time.Time) (a answer, no queue.Refusal) {
		if core.Rank(call) == 0 {
			return a, queue.UnknownCall
		}
		a.why, a.more = core.Explain(call, now)
		return a, ""
	})
	return a.why, a.more, err
}

// Waiting lists the places in a queue in the order they are served.
func (f *Floor) Waiting(ctx context.Context, id string) ([]queue.Standing, error) {
	return question(ctx, f, "who waits", func(core *queue.Floor, _ time.Time) ([]queue.Standing, queue.Refusal) {
		places := core.Places(id)
		if places == nil {
			return nil, queue.UnknownQueue
		}
		return places, ""
	})
}

// Callbacks lists the places of callers who are to be called back, queue by
// queue in the order of service.
func (f *Floor) Callbacks(ctx context.Context) ([]queue.Standing, error) {
	return question(ctx, f, "who is to be called back", func(core *queue.Floor, _ time.Time) ([]queue.Standing, queue.Refusal) {
		return core.Callbacks(), ""
	})
}

// question looks at the core on the floor's goroutine. The error is a
// *RefusedError if there is nothing to see.
func question[T any](ctx context.Context, f *Floor, what string, look func(*queue.Floor, time.Time) (T, queue.Refusal)) (T, error) {
	seen := make(chan T, 1)
	_, err := f.wait(ctx, ask{look: func(core *queue.Floor, now time.Time) queue.Refusal {
		found, no := look(core, now)
		seen <- found
		return no
	}})
	if err != nil {
		var nothing T
		return nothing, fmt.Errorf("ask the floor %s: %w", what, err)
	}
	return <-seen, nil
}

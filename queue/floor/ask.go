package floor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"

	"linekeeper/queue"
)

// ask is what stands in the mailbox: events, followed one right after the other,
// or a look at the core; and where the answer goes if somebody waits.
type ask struct {
	events []queue.Event
	look   func(core *queue.Floor, now time.Time) queue.Refusal
	agent  string // whose state is told after the last event
	reply  chan<- answer
}

// answer is what became of the last event, or whether there was nothing to see. A reply closed without one says that
// the floor has ended.
type answer struct {
	refused queue.Refusal
	agent   queue.SavedAgent
}

// ErrRefused is wrapped by the errors of Ask, Do and the questions when the
// floor says no.
var ErrRefused = errors.New("refused")

var errClosed = errors.New("the floor is closed")

// RefusedError is why the floor said no.
type RefusedError struct{ Reason queue.Refusal }

// Error implements error.
func (e *RefusedError) Error() string { return string(e.Reason) }

// Unwrap makes errors.Is(err, ErrRefused) true.
func (e *RefusedError) Unwrap() error { return ErrRefused }

// Tell gives the floor an event. It never blocks.
func (f *Floor) Tell(ev queue.Event) { f.box.Put(ask{events: []queue.Event{ev}}) }

// Ask gives the floor events about an agent and waits for what became of the
// last: the agent's state after it, or a *RefusedError. The floor follows all of
// them or, if it is closed, none.
func (f *Floor) Ask(ctx context.Context, agent string, evs ...queue.Event) (queue.SavedAgent, error) {
	a, err := f.wait(ctx, ask{events: evs, agent: agent})
	if err != nil {
		return a.agent, fmt.Errorf("ask the floor about %s: %w", agent, err)
	}
	return a.agent, nil
}

// Do gives the floor an event about a queue, a call or the definitions
// (Redefine) and waits until it is followed. A *RefusedError says that it could
// not be and changed nothing.
func (f *Floor) Do(ctx context.Context, ev queue.Event) error {
	if _, err := f.wait(ctx, ask{events: []queue.Event{ev}}); err != nil {
		return fmt.Errorf("tell the floor %T: %w", ev, err)
	}
	return nil
}

// wait puts the ask into the mailbox and waits for its answer.
func (f *Floor) wait(ctx context.Context, a ask) (answer, error) {
	reply := make(chan answer, 1)
	a.reply = reply
	if !f.box.Put(a) {
		return answer{}, errClosed
	}
	select {
	case said, open := <-reply:
		switch {
		case !open:
			return answer{}, errClosed
		case said.refused != "":
			return said, &RefusedError{Reason: said.refused}
		}
		return said, nil
	case <-ctx.Done():
		return answer{}, ctx.Err()
	}
}

// step follows what was asked and answers.
func (f *Floor) step(a ask) {
	var said answer
	if a.look != nil {
		said.refused = a.look(f.core, time.Now())
	}
	for _, ev := range a.events {
		said.refused = f.follow(ev)
	}
	if a.reply == nil {
		return
	}
	said.agent, _ = f.core.Agent(a.agent)
	said.agent.Tally = maps.Clone(said.agent.Tally) // the core goes on counting in it
	if len(a.events) > 0 {
		if _, closing := a.events[len(a.events)-1].(queue.WrapUpDone); closing {
			f.keeper.then(func(written bool) { confirm(a.reply, said, written) })
			return
		}
	}
	a.reply <- said
}

// confirm answers whoever closed a call: what the agent wrote on it must be kept
// before they are told so.
func confirm(reply chan<- answer, said answer, written bool) {
	if !written {
		close(reply)
		return
	}
	reply <- said
}

// Package floor owns the one goroutine that holds all queues and agents of a
// site: it steps the pure core (package queue), plays its effects, keeps its
// timer, saves agents' states and writes their facts.
//
// It never decides (package queue does), never talks to Asterisk (the calls'
// actors do), and never waits for the ledger or the disk before it offers.
// cmd/linekeeper wires it between ivr/call and agentdesk.
package floor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/mailbox"
)

// Calls takes what the floor tells calls. Both methods return at once; the
// answer comes back as an OfferOver. ivr/call implements it.
type Calls interface {
	Offer(o queue.Offer)
	Withdraw(w queue.Withdraw)
}

// Ledger appends facts. Append never blocks, keeps order, retries until the
// ledger has them, and then calls stored from any goroutine.
type Ledger interface {
	Append(stored func(), facts ...cdr.Fact)
}

// Snapshots keep agents' states across a crash. When Put returns nil the state
// survives the end of the process.
type Snapshots interface {
	Put(ctx context.Context, key string, value []byte) error
	All(ctx context.Context) (map[string][]byte, error)
}

// Floor is the owner of all queues and agents. It is safe for concurrent use:
// everything goes through its mailbox.
type Floor struct {
	log       *slog.Logger
	ledger    Ledger
	snapshots Snapshots
	box       *mailbox.Box[ask]
	keeper    *keeper

	// Owned by run.
	core  *queue.Floor
	calls Calls
}

// ask is one event or more, followed one right after the other, and where the
// answer to the last goes if somebody waits.
type ask struct {
	events []queue.Event
	reply  chan<- answer
}

type answer struct {
	refused queue.Refusal
	agent   queue.SavedAgent
}

// ErrRefused is wrapped by the errors of Ask when the floor says no.
var ErrRefused = errors.New("refused")

var errClosed = errors.New("the floor is closed")

// RefusedError is why the floor said no.
type RefusedError struct{ Reason queue.Refusal }

// Error implements error.
func (e *RefusedError) Error() string { return string(e.Reason) }

// Unwrap makes errors.Is(err, ErrRefused) true.
func (e *RefusedError) Unwrap() error { return ErrRefused }

// New is a floor of these definitions, as of now.
func New(defs queue.Definitions, ledger Ledger, snapshots Snapshots, log *slog.Logger) *Floor {
	return &Floor{
		log: log, ledger: ledger, snapshots: snapshots, box: mailbox.New[ask](),
		core: queue.New(defs, time.Now()), keeper: newKeeper(ledger, snapshots, log),
	}
}

// Restore puts back the agents a dead controller saved. Call it before Run. Until
// the calls have told that all of them are back (queue.Reclaimed) the floor
// offers nothing.
func (f *Floor) Restore(ctx context.Context) error {
	saved, err := f.snapshots.All(ctx)
	if err != nil {
		return fmt.Errorf("restore agents: %w", err)
	}
	f.core.Step(time.Now(), queue.Reclaiming{})
	for id, data := range saved {
		var agent queue.SavedAgent
		if err := json.Unmarshal(data, &agent); err != nil {
			f.log.Error("saved agent cannot be read; starts offline", "agent", id, "err", err)
			continue
		}
		for _, e := range f.core.Step(time.Now(), queue.Restore{Agent: agent}) {
			if r, no := e.(queue.Refused); no {
				f.log.Info("saved agent is not defined any more", "agent", id, "reason", r.Reason)
			}
		}
	}
	return nil
}

// Run owns the floor until ctx ends. What was decided by then is saved before
// it returns.
func (f *Floor) Run(ctx context.Context, calls Calls) {
	f.calls = calls
	kept := make(chan struct{})
	go func() { defer close(kept); f.keeper.run() }()
	defer func() { f.keeper.close(); <-kept }()
	defer f.close()

	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		f.arm(timer)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			f.step(ask{events: []queue.Event{queue.Tick{}}})
		case <-f.box.Ready():
			for _, a := range f.box.Take() {
				f.step(a)
			}
		}
	}
}

// close refuses what comes from now on and tells those who wait for an answer.
func (f *Floor) close() {
	for _, a := range f.box.Close() {
		if a.reply != nil {
			close(a.reply)
		}
	}
}

// Hold stops offers from being made: the line to Asterisk is about to be closed,
// and an offer that cannot ring would take its agent off the floor.
func (f *Floor) Hold() { f.Tell(queue.Reclaiming{}) }

// arm sets the timer to the core's next deadline.
func (f *Floor) arm(timer *time.Timer) {
	next := f.core.Deadline()
	if next.IsZero() {
		timer.Stop()
		return
	}
	timer.Reset(max(time.Until(next), 0))
}

// Tell gives the floor an event. It never blocks.
func (f *Floor) Tell(ev queue.Event) { f.box.Put(ask{events: []queue.Event{ev}}) }

// Ask gives the floor events about an agent and waits for what became of the
// last: the agent's state after it, or a *RefusedError. The floor follows all of
// them or, if it is closed, none.
func (f *Floor) Ask(ctx context.Context, agent string, evs ...queue.Event) (queue.SavedAgent, error) {
	reply := make(chan answer, 1)
	if !f.box.Put(ask{events: evs, reply: reply}) {
		return queue.SavedAgent{}, errClosed
	}
	select {
	case a, open := <-reply:
		if !open {
			return queue.SavedAgent{}, errClosed
		}
		if a.refused != "" {
			return a.agent, &RefusedError{Reason: a.refused}
		}
		return a.agent, nil
	case <-ctx.Done():
		return queue.SavedAgent{}, fmt.Errorf("ask the floor about %s: %w", agent, ctx.Err())
	}
}

// step follows what was asked and answers.
func (f *Floor) step(a ask) {
	var refused queue.Refusal
	for _, ev := range a.events {
		refused = f.follow(ev)
	}
	if a.reply == nil {
		return
	}
	last := a.events[len(a.events)-1]
	agent, _ := f.core.Agent(agentOf(last))
	said := answer{refused: refused, agent: agent}
	if _, closing := last.(queue.WrapUpDone); closing {
		// What the agent wrote on the call must be kept before they are told so.
		f.keeper.then(func() { a.reply <- said })
		return
	}
	a.reply <- said
}

// follow follows one event, plays what comes of it, and says whether it was
// refused.
func (f *Floor) follow(ev queue.Event) (refused queue.Refusal) {
	now := time.Now()
	for _, e := range f.core.Step(now, ev) {
		switch e := e.(type) {
		case queue.Offer:
			f.calls.Offer(e)
		case queue.Withdraw:
			f.calls.Withdraw(e)
		case queue.AgentChange:
			f.keeper.agent(now, e)
		case queue.WrapUpOver:
			f.keeper.wrapUp(now, e)
		case queue.Refused:
			refused = e.Reason
			f.log.Warn("floor refused", "event", fmt.Sprintf("%T", ev), "detail", ev, "reason", e.Reason)
		}
	}
	return refused
}

// agentOf is the agent an event is about.
func agentOf(ev queue.Event) string {
	switch ev := ev.(type) {
	case queue.SignIn:
		return ev.Agent
	case queue.SignOut:
		return ev.Agent
	case queue.MakeReady:
		return ev.Agent
	case queue.MakeNotReady:
		return ev.Agent
	case queue.Reject:
		return ev.Agent
	case queue.WrapUpDone:
		return ev.Agent
	default:
		return ""
	}
}

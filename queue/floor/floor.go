// Package floor owns the one goroutine that holds all queues and agents of a
// site: it steps the pure core (package queue), plays its effects, keeps its
// timer, answers what is asked of it, saves what must outlive the controller
// (agents' states, places that may be resumed) and writes the agents' facts.
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
	"sync"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/mailbox"
)

// Calls takes what the floor tells calls. All methods return at once, and what
// they are given is theirs to keep. The answer to an Offer and a Withdraw comes
// back as an OfferOver, the answer to a DialBack as CallbackReached,
// CallbackMissed or Leave. ivr/call implements it.
type Calls interface {
	Offer(o queue.Offer)
	Withdraw(w queue.Withdraw)
	Placed(p queue.Placed)
	Out(o queue.Out)
	Announce(a queue.Announce)
	DialBack(d queue.DialBack)
	Unlent(u queue.Unlent)
	Reprioritised(r queue.Reprioritised)
}

// Ledger appends facts. Append never blocks, keeps order, retries until the
// ledger has them, and then calls stored from any goroutine.
type Ledger interface {
	Append(stored func(), facts ...cdr.Fact)
}

// Snapshots keep states across a crash. When Put or Delete returns nil the
// change survives the end of the process. Deleting what is not there is no error.
type Snapshots interface {
	Put(ctx context.Context, key string, value []byte) error
	Delete(ctx context.Context, key string) error
	All(ctx context.Context) (map[string][]byte, error)
}

// Deps are what a floor stands on. All but Recent are needed.
type Deps struct {
	Ledger Ledger
	Agents Snapshots // agents' states, by agent
	Places Snapshots // places that may be resumed, by the call that had them
	// Recent reads what calls took before this controller lived, for the wait to
	// be expected. Run calls it once, beside the floor: it may take its time, and
	// returns when ctx ends.
	Recent func(ctx context.Context) ([]queue.Handled, error)
	Log    *slog.Logger
}

// Floor is the owner of all queues and agents. It is safe for concurrent use:
// everything goes through its mailbox.
type Floor struct {
	deps   Deps
	log    *slog.Logger
	box    *mailbox.Box[ask]
	keeper *keeper

	// Owned by run; before it, by whoever made the floor.
	core  *queue.Floor
	calls Calls
}

// New is a floor of these definitions, as of now.
func New(defs queue.Definitions, deps Deps) *Floor {
	now, keeper := time.Now(), newKeeper(deps)
	keeper.redefined(now, defs.Revision, cdr.RedefinedAtStart)
	return &Floor{
		deps: deps, log: deps.Log, box: mailbox.New[ask](), keeper: keeper,
		core: queue.New(defs, now),
	}
}

// Restore puts back the agents and the places a dead controller saved. Call it
// before Run. Until the calls have told that all of them are back
// (queue.Reclaimed) the floor offers nothing.
func (f *Floor) Restore(ctx context.Context) error {
	agents, err := f.deps.Agents.All(ctx)
	if err != nil {
		return fmt.Errorf("restore agents: %w", err)
	}
	places, err := f.deps.Places.All(ctx)
	if err != nil {
		return fmt.Errorf("restore places: %w", err)
	}
	f.follow(queue.Reclaiming{})
	for id, data := range agents {
		var agent queue.SavedAgent
		if err := json.Unmarshal(data, &agent); err != nil {
			f.log.Error("saved agent cannot be read; starts offline", "agent", id, "err", err)
			continue
		}
		if _, defined := f.core.Agent(id); !defined {
			f.log.Info("agent is defined no more; the saved state is forgotten", "agent", id, "state", agent.State)
			f.keeper.forgetAgent(id)
			continue
		}
		f.follow(queue.Restore{Agent: agent})
	}
	for call, data := range places {
		var place queue.KeptPlace
		if err := json.Unmarshal(data, &place); err != nil {
			f.log.Error("saved place cannot be read; its caller would have to queue anew", "call", call, "err", err)
			f.keeper.forget(cdr.CallID(call))
			continue
		}
		f.follow(queue.Recall{Kept: place})
	}
	return nil
}

// Run owns the floor until ctx ends. What was decided by then is saved before
// it returns, unless the ledger is away for too long (stopWait).
func (f *Floor) Run(ctx context.Context, calls Calls) {
	f.calls = calls
	var beside sync.WaitGroup
	beside.Go(func() { f.keeper.run() })
	beside.Go(func() { f.recent(ctx) })
	defer beside.Wait()
	defer f.keeper.close()
	defer f.close()

	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		f.arm(timer)
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			f.follow(queue.Tick{})
		case <-f.box.Ready():
			for _, a := range f.box.Take() {
				f.step(a)
			}
		}
	}
}

// recent tells the floor what calls took before it lived.
func (f *Floor) recent(ctx context.Context) {
	if f.deps.Recent == nil {
		return
	}
	took, err := f.deps.Recent(ctx)
	if err != nil && !errors.Is(err, context.Canceled) {
		f.log.Warn("no wait is told until new calls have been handled", "err", err)
	}
	for _, h := range took {
		f.Tell(h)
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

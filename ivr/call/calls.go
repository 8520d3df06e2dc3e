package call

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr"
)

// Deps are what calls need of the world.
type Deps struct {
	Switch    Switch
	Floor     Floor
	Ledger    Ledger
	Snapshots Snapshots
	Directory Directory // nil: nobody is identified
	Sticky    Sticky    // nil: no call is kept for anybody
	Consoles  Consoles  // nil: no phone waits for a screen pop
	// Rules are those to begin with; SetRules changes them.
	Rules *Rules
	// Nodes are the Asterisks there are. A saved call of any other is taken to be
	// the first one's.
	Nodes []string
	// NewID names a call (UUIDv7).
	NewID func() cdr.CallID
	// Most is how many calls may be live; more are refused. 0 is no limit.
	Most int
	Log  *slog.Logger
}

// lookUpWait bounds a look-up in the directory.
const lookUpWait = 2 * time.Second

// Calls owns the actors of all live calls. It is safe for concurrent use.
//
// Start it, give it to the Switch as its sink and to the floor as the taker of
// its offers; Stop lets the actors go without touching the calls.
type Calls struct {
	deps Deps
	log  *slog.Logger

	ctx    context.Context // ends at Stop
	cancel context.CancelFunc
	wg     sync.WaitGroup
	rules  atomic.Pointer[Rules]

	mu        sync.Mutex
	byCall    map[cdr.CallID]*actor
	byChannel map[ChannelID]*actor // by the caller's channel
	// past are the callers' channels of calls just ended, so that a late event
	// or an old inventory does not bring them back.
	past map[ChannelID]time.Time
	// waiting are the calls that wait for the phone of the agent who has them.
	waiting map[string]*actor
	// talking are the calls in hand, by the phone they are talked on.
	talking map[string]*actor
	// stopped: no actor is started any more.
	stopped bool
	// unclaimed is how many restored calls wait for their node's inventory; -1
	// once the floor has been told that all are back.
	unclaimed int
}

// NewCalls is an owner of no calls yet.
func NewCalls(deps Deps) *Calls {
	ctx, cancel := context.WithCancel(context.Background())
	c := &Calls{
		deps: deps, log: deps.Log, ctx: ctx, cancel: cancel,
		byCall: map[cdr.CallID]*actor{}, byChannel: map[ChannelID]*actor{}, past: map[ChannelID]time.Time{},
		waiting: map[string]*actor{}, talking: map[string]*actor{},
	}
	c.rules.Store(deps.Rules)
	return c
}

// SetRules gives all calls other rules, from their next step on. A call under way
// ends on the version of the flow it began on: the flows of the rules before are
// kept with the new ones.
func (c *Calls) SetRules(rules *Rules) {
	next, before := *rules, c.rules.Load()
	next.Versions = maps.Clone(rules.Versions)
	if next.Versions == nil {
		next.Versions = map[string]*ivr.Flow{}
	}
	for name, flow := range before.Versions {
		next.keepVersion(name, flow)
	}
	for _, flow := range before.Flows {
		next.keepVersion(versioned(flow.Name, flow.Version), flow)
	}
	c.rules.Store(&next)
}

// keepVersion keeps a flow that calls may have begun on.
func (r *Rules) keepVersion(name string, flow *ivr.Flow) {
	if r.Versions[name] == nil {
		r.Versions[name] = flow
	}
}

// Restore brings the actors of a dead controller's calls back. They wait for the
// first inventory of their node. Call it before the Switch delivers anything.
func (c *Calls) Restore(ctx context.Context) error {
	saved, err := c.deps.Snapshots.All(ctx)
	if err != nil {
		return fmt.Errorf("restore live calls: %w", err)
	}
	for key, data := range saved {
		var state State
		if err := json.Unmarshal(data, &state); err != nil || state.Call == "" {
			c.log.Error("saved call cannot be read; its channels will be treated as new callers", "key", key, "err", err)
			continue
		}
		c.restore(state)
	}
	c.log.Info("live calls restored", "calls", c.unreclaimed(), "saved", len(saved))
	return nil
}

// unreclaimed is how many restored calls wait for their node's inventory.
func (c *Calls) unreclaimed() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return max(c.unclaimed, 0)
}

func (c *Calls) restore(state State) {
	if !slices.Contains(c.deps.Nodes, state.Node) && len(c.deps.Nodes) > 0 {
		// The node goes by another name now; its inventory will tell what is left.
		state.Node = c.deps.Nodes[0]
	}
	a := newActor(c, state)
	a.over, a.reclaiming = state.Over, !state.Over
	// What the dead controller may not have got into the ledger goes first.
	a.append(state.Pending, unlogged)
	if state.Over {
		a.box.Put(ledgered{}) // wakes it, should the ledger have had everything
	} else {
		c.mu.Lock()
		c.unclaimed++
		c.mu.Unlock()
	}
	c.launch(a)
}

// launch registers an actor and starts its goroutine.
func (c *Calls) launch(a *actor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped {
		for _, ev := range a.box.Close() { // the next controller's inventory finds the caller
			refuse(ev)
		}
		return
	}
	c.byCall[a.id] = a
	c.launchLines(a)
	switch {
	case a.channel == "": // nobody rang
	case a.over || a.state.Gone:
		c.past[a.channel] = time.Now()
	default:
		c.byChannel[a.channel] = a
	}
	c.wg.Go(func() { a.run(c.ctx) })
}

// Stop lets all actors go and waits for them; what they have asked of the Switch
// is still carried out, so stop that after the calls. The calls stay up in Asterisk,
// saved, for the next controller.
func (c *Calls) Stop(ctx context.Context) error {
	c.mu.Lock()
	c.stopped = true
	c.mu.Unlock()
	c.cancel()
	done := make(chan struct{})
	go func() { defer close(done); c.wg.Wait() }()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop calls: %w", ctx.Err())
	}
}

// Live is how many calls are going on.
func (c *Calls) Live() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.byCall)
}

func (c *Calls) find(id cdr.CallID) *actor {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.byCall[id]
}

// lineGone forgets the channel of a call whose story is told, or whose caller has
// gone and is to be called back.
func (c *Calls) lineGone(a *actor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byChannel, a.channel)
	c.past[a.channel] = time.Now()
}

// drop forgets an actor that has stopped.
func (c *Calls) drop(a *actor) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byCall, a.id)
	if c.waiting[a.awaited] == a {
		delete(c.waiting, a.awaited)
	}
	if c.talking[a.talksOn] == a {
		delete(c.talking, a.talksOn)
	}
	for _, ch := range append(a.lines, a.channel) {
		if c.byChannel[ch] == a {
			delete(c.byChannel, ch)
		}
	}
}

// enlist notes that a call has to do with a phone now (waiting, talking), and no
// longer with another; empty is none.
func (c *Calls) enlist(in map[string]*actor, a *actor, before, phone string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if in[before] == a {
		delete(in, before)
	}
	if phone != "" {
		in[phone] = a
	}
}

// launchLines registers what a restored call has of a phone. The lock is held.
func (c *Calls) launchLines(a *actor) {
	if a.talksOn = a.state.phoneInHand(); a.talksOn != "" {
		c.talking[a.talksOn] = a
	}
	if t := a.state.Talk; t != nil && t.Second != nil {
		c.hasLine(a, t.Second.Channel)
	}
}

// hasLine makes a channel that an agent's phone has dialled a call's. The lock is held.
func (c *Calls) hasLine(a *actor, ch ChannelID) {
	c.byChannel[ch] = a
	a.lines = append(a.lines, ch)
}

// waitingFor is the call that waits for an agent's phone, nil if none does.
func (c *Calls) waitingFor(agent string) *actor {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.waiting[agent]
}

// lookUp asks the directory who calls, outside the actor and under a deadline.
func (c *Calls) lookUp(a *actor, number string) {
	if c.deps.Directory == nil {
		return
	}
	c.wg.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, lookUpWait)
		defer cancel()
		contact, known, err := c.deps.Directory.Lookup(ctx, number)
		switch {
		case err != nil:
			a.log.Warn("caller not looked up", "err", err)
		case known:
			a.box.Put(found{contact: contact})
		}
	})
}

package sim

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Replay rebuilds the events of the facts, plays them to a new floor of these
// definitions, and compares every decision with the ledger's. Facts before from
// only bring the floor to where it was then; a day before is enough, for the
// longest idle to be known. Definitions must be those in force, seed included; that
// the facts name others is passed over.
//
// After a difference the floor is brought back to what the ledger tells, so that
// each decision is judged on its own.
func Replay(defs queue.Definitions, facts []cdr.Fact, from time.Time) Replayed {
	return ReplayRevisions(defs, nil, facts, from)
}

// ReplayRevisions is Replay of a time in which the definitions changed. It begins
// with these, and goes over to others of revisions where the facts say so
// (cdr.Redefined). One that is not there is a Difference, and changes nothing.
func ReplayRevisions(begin queue.Definitions, revisions map[string]queue.Definitions, facts []cdr.Fact, from time.Time) Replayed {
	if len(facts) == 0 {
		return Replayed{}
	}
	r := newReplay(begin, facts, from)
	r.revisions = revisions
	for i, f := range r.day.facts {
		if startsController(f) {
			r.restart(f.At)
		}
		r.tickTo(f.At)
		r.expire(f.At, patience)
		r.fact(i, f)
	}
	r.expire(r.day.facts[len(r.day.facts)-1].At, 0)
	return r.report
}

// patience is how much later than the replay decided the ledger may tell it: the
// calls' clock is read a little before the floor's.
const patience = time.Second

// replay is a replay under way.
type replay struct {
	defs    queue.Definitions
	from    time.Time
	day     *day
	world   *world
	floor   *queue.Floor
	defined map[string]bool               // agents and queues, "agent "- and "queue "-prefixed
	byAgent map[cdr.CallID]bool           // ended by somebody of the site
	leaving map[cdr.CallID]cdr.LeaveCause // hung up while a phone rang
	report  Replayed
	listed  map[Difference]bool
	// revisions are the definitions that facts may name; nil passes those over.
	revisions map[string]queue.Definitions
	// held, until a time: a controller has started and is taking its calls back; it
	// offers nothing yet.
	held time.Time

	// What the replay decided and the ledger has not told yet.
	changes map[string][]change // by agent, in order
	offers  []change            // those that are offers, of all agents
	outs    map[cdr.CallID]out
	made    map[cdr.OfferID]queue.Offer
}

// change is a change of an agent as the replay decided it.
type change struct {
	at    time.Time
	story cdr.AgentChanged
}

type out struct {
	at    time.Time
	cause cdr.LeaveCause
}

func newReplay(defs queue.Definitions, facts []cdr.Fact, from time.Time) *replay {
	r := &replay{
		defs: defs, from: from, day: newDay(facts), world: newWorld(), defined: map[string]bool{},
		byAgent: map[cdr.CallID]bool{}, leaving: map[cdr.CallID]cdr.LeaveCause{}, listed: map[Difference]bool{},
	}
	r.report.Facts = len(facts)
	r.define(defs)
	for _, f := range facts {
		if s, is := f.Story.(cdr.Ended); is && s.By == cdr.ByAgent {
			r.byAgent[f.Call] = true
		}
	}
	r.world.before(r.day)
	r.bring(r.day.facts[0].At)
	return r
}

// define notes what definitions know. What they know no more may still be told of:
// an agent who is no more finishes their call.
func (r *replay) define(defs queue.Definitions) {
	r.defs = defs
	for _, q := range defs.Queues {
		r.defined["queue "+q.ID] = true
	}
	for _, a := range defs.Agents {
		r.defined["agent "+a.ID] = true
	}
}

// redefined goes over to the definitions that are in force from this fact on.
func (r *replay) redefined(f cdr.Fact, s cdr.Redefined) {
	if r.revisions == nil || s.Revision == r.defs.Revision {
		return
	}
	defs, there := r.revisions[s.Revision]
	if !there {
		r.differsAt(f, NotDefined, "", fmt.Sprintf("the definitions of revision %s are not known", s.Revision))
		return
	}
	r.define(defs)
	for agent := range r.world.agents {
		r.forget(f.At, agent)
	}
	r.step(f.At, queue.Redefine{Definitions: defs})
}

// forget forgets an agent who is defined no more and has gone: should they be again,
// they begin anew.
func (r *replay) forget(at time.Time, agent string) {
	a := r.world.agents[agent]
	if a.State == cdr.Offline && !slices.ContainsFunc(r.defs.Agents, func(d queue.Agent) bool { return d.ID == agent }) {
		*a = standing{SavedAgent: queue.SavedAgent{ID: agent, State: cdr.Offline, Since: at, IdleSince: at}}
	}
}

// bring makes the floor stand as the ledger tells.
func (r *replay) bring(now time.Time) {
	r.changes, r.offers, r.outs, r.made = map[string][]change{}, nil, map[cdr.CallID]out{}, map[cdr.OfferID]queue.Offer{}
	r.floor = r.world.build(r.defs, now)
	if r.held.IsZero() {
		r.step(now, queue.Reclaimed{})
	}
}

// step plays an event and notes what was decided.
func (r *replay) step(at time.Time, ev queue.Event) {
	if ev != nil {
		r.absorb(at, r.floor.Step(at, ev))
	}
}

func (r *replay) absorb(at time.Time, effects []queue.Effect) {
	for _, e := range effects {
		switch e := e.(type) {
		case *queue.AgentChange:
			c := change{at, e.Story}
			r.changes[e.Story.Agent] = append(r.changes[e.Story.Agent], c)
			if decides(e.Story) {
				r.offers = append(r.offers, c)
			}
		case *queue.Offer:
			r.made[e.ID] = e.Clone()
		case *queue.Out:
			r.outs[e.Call] = out{at, e.Cause}
		}
	}
}

// decides says that a change of an agent is the core's decision to offer a call. Who
// was asked for by name is somebody else's.
func decides(s cdr.AgentChanged) bool {
	return s.To == cdr.OfferedTo && s.From != cdr.OfferedTo && s.Cause != causeReclaimed && s.Cause != causeAskedFor
}

// tickTo lets the floor's clock come to a time.
func (r *replay) tickTo(at time.Time) {
	for {
		next := r.floor.Deadline()
		if next.IsZero() {
			return
		}
		tick := r.day.tickAt(next)
		if tick.After(at) {
			return
		}
		r.step(tick, queue.Tick{})
		if !r.floor.Deadline().After(next) && !r.floor.Deadline().IsZero() {
			return // it has no more to say at this time
		}
	}
}

// expire lists what the replay decided so long ago that the ledger would have
// told it, and then goes by the ledger.
func (r *replay) expire(now time.Time, after time.Duration) {
	by, again := now.Add(-after), false
	for _, agent := range slices.Sorted(maps.Keys(r.changes)) {
		pending := r.changes[agent]
		c := pending[0]
		if c.at.After(by) {
			continue
		}
		again = true
		reason := fmt.Sprintf("the replay makes %s %s (%s), the ledger does not tell so", agent, c.story.To, c.story.Cause)
		if decides(c.story) {
			reason = fmt.Sprintf("the replay offers the call to %s, the ledger does not", agent)
		}
		r.differs(Difference{At: c.at, Kind: OnlyReplay, Call: c.story.Call, Agent: agent, Reason: reason})
	}
	for _, call := range slices.Sorted(maps.Keys(r.outs)) {
		if o := r.outs[call]; !o.at.After(by) {
			again = true
			r.differs(Difference{
				At: o.at, Kind: OtherExit, Call: call, Reason: fmt.Sprintf("the replay sends the call on (%s), the ledger does not", o.cause),
			})
		}
	}
	if again {
		r.bring(now)
	}
}

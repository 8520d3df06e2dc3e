package sim

import (
	"fmt"
	"slices"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// changed follows a fact of the floor's own: an agent's state. If the replay has
// not made the agent so already, the event that did is derived and played.
func (r *replay) changed(i int, f cdr.Fact, s cdr.AgentChanged) {
	if !r.defined["agent "+s.Agent] {
		r.differsAt(f, NotDefined, s.Agent, fmt.Sprintf("the definitions know no agent %q", s.Agent))
		return
	}
	a := r.world.agents[s.Agent]
	defer r.forget(f.At, s.Agent)
	if lentByName(s) {
		r.world.lends[s.Agent] = r.day.asked(i, r.world.offered[s.Call])
	}
	if a.unsure || s.Cause == causeReclaimed {
		if s.Cause == causeReclaimed {
			r.report.Restarts++
		}
		r.world.changed(f.At, s, nil)
		r.bring(f.At)
		return
	}
	if len(r.changes[s.Agent]) == 0 {
		r.step(f.At, r.event(i, f, s))
	}
	call := a.Call
	switch mine, ok := r.take(s); {
	case ok:
		r.confirmed(f, s, mine)
	case s.Cause == causeLater:
		// A choice that the facts do not tell: what came of it, they do.
	default:
		r.refuted(f, s)
	}
	r.leaveNow(f, call)
}

// leaveNow lets a call go that hung up while a phone rang, if that offer's end was
// told for a reason of its own and no other is open or on its way.
func (r *replay) leaveNow(f cdr.Fact, call cdr.CallID) {
	cause, gone := r.leaving[call]
	p := r.world.places[call]
	if !gone || p == nil || len(p.Open) > 0 || r.day.crossed(call, f.At) {
		return
	}
	delete(r.world.places, call)
	delete(r.leaving, call)
	r.step(f.At, r.leaves(call, cause))
}

// event is what must have brought the change.
func (r *replay) event(i int, f cdr.Fact, s cdr.AgentChanged) queue.Event {
	a := r.world.agents[s.Agent]
	ask, lent := r.world.lends[s.Agent]
	if lentByName(s) {
		return ask
	}
	if cause, gone := r.leaving[a.Call]; gone && !lent && s.From == cdr.OfferedTo && endsWithCall(s.Cause) {
		call := a.Call
		defer func() {
			delete(r.world.places, call)
			delete(r.leaving, call)
		}()
		return r.leaves(call, cause)
	}
	if decides(s) {
		return r.lostFirst(i, s.Call)
	}
	return r.day.derive(i, a.Phone, a.SavedAgent)
}

// endsWithCall says that an offer ended because its call did.
func endsWithCall(cause string) bool {
	return cause == string(cdr.OfferCallerGone) || cause == string(cdr.OfferLost)
}

// lostFirst is what brought an offer of a call, or its being sent on, that nothing
// told so far explains. A call whose offer was not taken is offered or sent on
// before the agent who had it is told so: then it is that fact, of the same
// instant. Else it was time: a widening, a tier, a window, the longest wait.
func (r *replay) lostFirst(i int, call cdr.CallID) queue.Event {
	for j, f := range r.day.facts[i+1:] {
		if f.At.After(r.day.facts[i].At) {
			break
		}
		other, is := f.Story.(cdr.AgentChanged)
		if !is || other.From != cdr.OfferedTo || other.To == cdr.OfferedTo {
			continue
		}
		if _, lent := r.world.lends[other.Agent]; lent {
			continue // that offer was of no place
		}
		if a := r.world.agents[other.Agent]; a != nil && a.Call == call {
			return r.event(i+1+j, f, other)
		}
	}
	return queue.Tick{}
}

// take takes the replay's next change of the agent if it is this one.
func (r *replay) take(s cdr.AgentChanged) (change, bool) {
	pending := r.changes[s.Agent]
	if len(pending) == 0 {
		return change{}, false
	}
	mine := pending[0]
	if mine.story.From != s.From || mine.story.To != s.To || lentByName(mine.story) != lentByName(s) {
		return change{}, false
	}
	if (decides(s) || lentByName(s)) && mine.story.Call != s.Call {
		return change{}, false
	}
	if len(pending) == 1 {
		delete(r.changes, s.Agent)
	} else {
		r.changes[s.Agent] = pending[1:]
	}
	return mine, true
}

// confirmed: the replay made the agent so, too.
func (r *replay) confirmed(f cdr.Fact, s cdr.AgentChanged, mine change) {
	var known *queue.SavedAgent
	if len(r.changes[s.Agent]) == 0 {
		if saved, ok := r.floor.Agent(s.Agent); ok {
			known = &saved
		}
	}
	r.world.changed(f.At, s, known)
	if !decides(s) {
		return
	}
	if first := r.offers[0]; first != mine {
		r.decision(f, false)
		r.differsAt(f, OtherOrder, s.Agent, fmt.Sprintf("the replay offers %s to %s before this one", first.story.Call, first.story.Agent))
	} else {
		r.decision(f, true)
	}
	at := slices.Index(r.offers, mine)
	r.offers = slices.Delete(r.offers, at, at+1)
}

// refuted: the replay made the agent something else, or nothing. The ledger is
// right.
func (r *replay) refuted(f cdr.Fact, s cdr.AgentChanged) {
	switch {
	case !decides(s):
		r.differsAt(f, OtherState, s.Agent, fmt.Sprintf("the ledger makes %s %s (%s), the replay %s", s.Agent, s.To, s.Cause, r.insteadOf(s.Agent)))
	case r.world.places[s.Call] == nil:
		r.differsAt(f, BeforeFacts, s.Agent, "the call is not known to have taken a place: it did before the facts begin")
	default:
		r.decision(f, false)
		r.differsAt(f, OfferedOther, s.Agent, fmt.Sprintf("the ledger offers the call to %s; the replay %s; %s is %s there",
			s.Agent, r.offersInstead(s.Call), s.Agent, r.insteadOf(s.Agent)))
	}
	r.world.changed(f.At, s, nil)
	r.bring(f.At)
}

// insteadOf is what the replay has an agent be.
func (r *replay) insteadOf(agent string) string {
	saved, _ := r.floor.Agent(agent)
	if saved.Call != "" {
		return fmt.Sprintf("%s with %s", saved.State, saved.Call)
	}
	return string(saved.State)
}

// offersInstead is what the replay does with a call.
func (r *replay) offersInstead(call cdr.CallID) string {
	for _, c := range r.offers {
		if c.story.Call == call {
			return "offers it to " + c.story.Agent
		}
	}
	return "leaves it in line"
}

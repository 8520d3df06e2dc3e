package sim

import (
	"fmt"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// fact follows one fact: what a call's actor told the floor becomes an event,
// what the floor decided is compared.
func (r *replay) fact(i int, f cdr.Fact) {
	r.release(i, f)
	switch s := f.Story.(type) {
	case cdr.Arrived:
		r.world.callers[f.Call] = s.Caller.Number
	case cdr.QueueEntered:
		r.entered(i, f, s)
	case cdr.QueueLeft:
		r.left(i, f, s)
	case cdr.Redefined:
		r.redefined(f, s)
	case cdr.Reprioritised:
		r.reprioritised(f, s)
	case cdr.Preferred:
		r.preferred(f, s)
	case cdr.PlaceResumed:
		if p := r.world.places[f.Call]; p != nil {
			p.EnteredAt = s.EnteredAt
		}
	case cdr.CallbackAsked:
		r.callbackAsked(f, s)
	case cdr.CallbackReached:
		r.callback(f, queue.CallbackReached{Call: f.Call})
	case cdr.CallbackMissed:
		r.callback(f, queue.CallbackMissed{Call: f.Call})
		if p := r.world.places[f.Call]; p != nil && p.Callback != nil {
			p.Callback.NotBefore = s.Again
		}
	case cdr.AgentChanged:
		r.changed(i, f, s)
	case cdr.Offered:
		r.offered(f, s)
	}
}

// entered gives the call its place, or moves it to another queue.
func (r *replay) entered(i int, f cdr.Fact, s cdr.QueueEntered) {
	if !r.defined["queue "+s.Queue] {
		r.differsAt(f, NotDefined, "", fmt.Sprintf("the definitions know no queue %q", s.Queue))
		return
	}
	if !f.At.Before(r.from) {
		r.report.Calls++
	}
	if p := r.world.places[f.Call]; p != nil {
		p.Queue = s.Queue
		r.step(f.At, queue.Move{Call: f.Call, Queue: s.Queue})
		return
	}
	p := &queue.Enter{
		Call: f.Call, Queue: s.Queue, EnteredAt: s.EnteredAt, Priority: s.Priority, Needs: s.Needs, Language: s.Language,
		Caller: r.world.callers[f.Call], Offers: r.world.offered[f.Call],
	}
	for _, pref := range r.day.preferences(i, r.world.prefer[f.Call]) {
		p.Preferred = append(p.Preferred, preference(pref))
	}
	if asked, before := r.world.asked[f.Call]; before {
		p.Callback, p.Number = callbackPlace(f.At, asked), numberOf(asked)
	}
	delete(r.world.prefer, f.Call)
	delete(r.world.asked, f.Call)
	r.world.places[f.Call] = p
	r.world.enteredAt[f.Call] = f.At
	r.step(f.At, *p)
}

func preference(p cdr.Preferred) queue.Preference {
	return queue.Preference{Agent: p.Agent, Rule: p.Rule, Until: p.Until, Ticket: p.Ticket}
}

func callbackPlace(at time.Time, s cdr.CallbackAsked) *queue.CallbackPlace {
	if !s.AskedAt.IsZero() {
		at = s.AskedAt
	}
	return &queue.CallbackPlace{Mode: s.Mode, NotBefore: s.NotBefore, NotAfter: s.NotAfter, AskedAt: at}
}

// numberOf is the number by which the customer is known again: of a call that an
// agent promised, none.
func numberOf(s cdr.CallbackAsked) string {
	if s.By == "agent" {
		return ""
	}
	return s.Number
}

// reprioritised gives the call the priority somebody gave it. One it got with a place
// it had before, the replay has given it already.
func (r *replay) reprioritised(f cdr.Fact, s cdr.Reprioritised) {
	if p := r.world.places[f.Call]; p != nil && p.Queue == s.Queue {
		p.Priority = s.Priority
		r.step(f.At, queue.Reprioritise{Call: f.Call, Priority: s.Priority, By: s.By})
	}
}

// preferred keeps a call for an agent, from its place on or for its next one.
func (r *replay) preferred(f cdr.Fact, s cdr.Preferred) {
	p := r.world.places[f.Call]
	switch {
	case p == nil:
		r.world.prefer[f.Call] = append(r.world.prefer[f.Call], s)
	case f.At.After(r.world.enteredAt[f.Call]): // else it came with the place
		p.Preferred = append(p.Preferred, preference(s))
		r.step(f.At, queue.Prefer{Call: f.Call, Preference: preference(s)})
	}
}

func (r *replay) callbackAsked(f cdr.Fact, s cdr.CallbackAsked) {
	p := r.world.places[f.Call]
	if p == nil {
		r.world.asked[f.Call] = s
		return
	}
	p.Callback, p.Number = callbackPlace(f.At, s), numberOf(s)
	r.step(f.At, queue.AskCallback{Call: f.Call, Number: p.Number, CallbackPlace: *p.Callback})
}

// callback follows a try to reach the customer.
func (r *replay) callback(f cdr.Fact, ev queue.Event) {
	p := r.world.places[f.Call]
	if p == nil || p.Callback == nil {
		return
	}
	if _, reached := ev.(queue.CallbackReached); reached {
		p.Callback = nil
	} else {
		p.Callback.Tries++
	}
	r.step(f.At, ev)
}

// left gives the place up, or compares it if that was the queue's own decision.
func (r *replay) left(i int, f cdr.Fact, s cdr.QueueLeft) {
	p := r.world.places[f.Call]
	if s.Cause == cdr.LeftAnswered || s.Cause == cdr.LeftMoved {
		return
	}
	if p == nil {
		if r.day.crossed(f.Call, f.At) {
			r.leaving[f.Call] = s.Cause // it left before the floor heard that it had come
		}
		return
	}
	if sentOn(s.Cause) {
		r.sentOn(i, f, s)
		return
	}
	if len(p.Open) > 0 || r.day.crossed(f.Call, f.At) {
		r.leaving[f.Call] = s.Cause // the floor's own fact tells when it heard of it
		return
	}
	r.leave(f, s.Cause)
}

func (r *replay) leave(f cdr.Fact, cause cdr.LeaveCause) {
	delete(r.world.places, f.Call)
	delete(r.leaving, f.Call)
	r.step(f.At, r.leaves(f.Call, cause))
}

// leaves is the event of a call that gives its place up. Who hung up in line may
// ring back and have it again.
func (r *replay) leaves(call cdr.CallID, cause cdr.LeaveCause) queue.Leave {
	cutoff := (cause == cdr.LeftAbandoned || cause == cdr.LeftLost) && !r.byAgent[call]
	return queue.Leave{Call: call, Cause: cause, Cutoff: cutoff}
}

// sentOn compares a call that the queue itself sent on.
func (r *replay) sentOn(i int, f cdr.Fact, s cdr.QueueLeft) {
	if _, decided := r.outs[f.Call]; !decided {
		r.step(f.At, r.lostFirst(i, f.Call))
	}
	delete(r.world.places, f.Call)
	o, decided := r.outs[f.Call]
	delete(r.outs, f.Call)
	switch {
	case !decided:
		r.decision(f, false)
		r.differsAt(f, OtherExit, "", fmt.Sprintf("the ledger sends the call on (%s), the replay keeps it", s.Cause))
		r.bring(f.At)
	case o.cause != s.Cause:
		r.decision(f, false)
		r.differsAt(f, OtherExit, "", fmt.Sprintf("the ledger sends the call on for %s, the replay for %s", s.Cause, o.cause))
	default:
		r.decision(f, true)
	}
}

// decision counts one.
func (r *replay) decision(f cdr.Fact, same bool) {
	if f.At.Before(r.from) {
		return
	}
	r.report.Decisions++
	if same {
		r.report.Same++
	}
}

// offered compares what the call's actor was told of an offer: the queue and the
// rule. Whom it went to is in the floor's own fact (changed).
func (r *replay) offered(f cdr.Fact, s cdr.Offered) {
	o, made := r.made[s.Offer]
	delete(r.made, s.Offer)
	if !made || o.Agent != s.Agent {
		return
	}
	if o.Queue != s.Queue {
		r.differsAt(f, OtherRule, s.Agent, fmt.Sprintf("the ledger offers the call from queue %s, the replay from %s", s.Queue, o.Queue))
	}
	if mine, theirs := rule(o.Why), rule(s.Why); mine != theirs && theirs != "" {
		r.differsAt(f, OtherRule, s.Agent, fmt.Sprintf("the ledger chose by %s, the replay by %s", theirs, mine))
	}
}

func rule(why []cdr.Why) string {
	if i := slices.IndexFunc(why, func(w cdr.Why) bool { return w.Verdict == cdr.Chosen }); i >= 0 {
		return why[i].Rule
	}
	return ""
}

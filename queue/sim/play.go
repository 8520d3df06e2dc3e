package sim

import (
	"fmt"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// step has the floor follow an event, and everybody do what comes of it. What the
// floor says is taken note of before anything else is told it: its effects last
// only until its next step.
func (r *run) step(ev queue.Event) {
	var then []func()
	for _, e := range r.floor.Step(r.now, ev) {
		switch e := e.(type) {
		case *queue.AgentChange:
			if do := r.changed(e.Story); do != nil {
				then = append(then, do)
			}
		case *queue.Offer:
			o := e.Clone()
			then = append(then, r.ring(o))
		case *queue.Withdraw:
			over := queue.OfferOver{Offer: e.Offer, Outcome: e.Outcome}
			then = append(then, func() { r.over(over) })
		case *queue.WrapUpOver:
			r.tell(e.Call, e.Story)
		case *queue.Placed:
			if k := r.calls[e.Call]; k != nil {
				k.low, k.high = e.Wait.Low, e.Wait.High
				r.tell(k.id, cdr.WaitEstimated{Queue: e.Queue, Place: e.Rank, Low: k.low, High: k.high})
			}
		case *queue.Out:
			o := *e
			then = append(then, func() { r.out(o) })
		case *queue.DialBack:
			id := e.Call
			then = append(then, func() { r.step(queue.CallbackReached{Call: id}) })
		}
	}
	for _, do := range then {
		do()
	}
}

// changed follows a change of an agent: what it comes to in the figures, and what
// the agent does about it.
func (r *run) changed(s cdr.AgentChanged) func() {
	r.tally.changed(r.now, s)
	r.tell(s.Call, s)
	switch {
	case s.To == cdr.WrapUp && s.From != cdr.WrapUp:
		return r.wrapUp(s)
	case s.To == cdr.NotReady && missed(s.Reason) && s.Until.IsZero():
		return func() { r.comeBack(s.Agent) }
	default:
		return nil
	}
}

// missed says that a reason for not being ready is an offer that was let go by.
func missed(reason string) bool {
	switch cdr.OfferOutcome(reason) {
	case cdr.OfferRingNoAns, cdr.OfferRejected, cdr.OfferUnreachable:
		return true
	default:
		return false
	}
}

// wrapUp has the agent close the call when they are done; the floor may do so
// before them.
func (r *run) wrapUp(s cdr.AgentChanged) func() {
	return func() {
		took := draw(r.Conduct[r.served[s.Agent]].WrapUp, r.rand, 0)
		r.in(took, func() { r.step(queue.WrapUpDone{Agent: s.Agent, Call: s.Call}) })
	}
}

// backAfter is how long an agent who missed a call takes to be back when the
// facts do not show it.
const backAfter = time.Minute

// comeBack has an agent who missed a call be ready again after a while, if their
// shift still has them so.
func (r *run) comeBack(agent string) {
	after := backAfter
	if q := r.served[agent]; r.Conduct[q].Back != nil {
		after = draw(r.Conduct[q].Back, r.rand, backAfter)
	}
	r.in(after, func() {
		saved, _ := r.floor.Agent(agent)
		if r.wants[agent] == cdr.Ready && saved.State == cdr.NotReady && missed(saved.Reason) {
			r.step(queue.MakeReady{Agent: agent})
		}
	})
}

// ring has an agent's phone ring.
func (r *run) ring(o queue.Offer) func() {
	r.offers[o.ID], r.offered[o.ID] = o, r.now
	r.served[o.Agent] = o.Queue
	r.tally.offered(o.Agent, o.Queue)
	r.open[o.Call] = append(r.open[o.Call], o.ID)
	r.tell(o.Call, cdr.Offered{Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Ring: o.Ring, Why: o.Why, More: o.More, Passed: o.Passed, Callback: o.Callback})
	return func() {
		c := r.Conduct[o.Queue]
		if c.Miss > 0 && r.rand.Float64() < c.Miss {
			return // the floor will ask for it when it has rung out
		}
		after := draw(c.Answer, r.rand, 0)
		if most := o.Ring - time.Millisecond; after > most {
			after = max(most, 0)
		}
		over := queue.OfferOver{Offer: o.ID, Outcome: cdr.OfferAnswered}
		if after == 0 {
			r.over(over)
			return
		}
		r.in(after, func() { r.over(over) })
	}
}

// over ends an offer, if it is still open, as the call's actor would.
func (r *run) over(ev queue.OfferOver) {
	o, open := r.offers[ev.Offer]
	if !open {
		return
	}
	k := r.calls[o.Call]
	r.ended(o.ID, ev.Outcome)
	if ev.Outcome == cdr.OfferAnswered {
		r.answered(k, o)
	}
	r.step(ev)
	if ev.Outcome != cdr.OfferAnswered {
		return
	}
	for _, id := range slices.Clone(r.open[o.Call]) {
		r.over(queue.OfferOver{Offer: id, Outcome: cdr.OfferElsewhere})
	}
	r.in(draw(r.Conduct[o.Queue].Talk, r.rand, 0), func() { r.talkOver(k) })
}

// ended closes an offer.
func (r *run) ended(id cdr.OfferID, outcome cdr.OfferOutcome) {
	o := r.offers[id]
	r.tell(o.Call, cdr.OfferEnded{Offer: id, Agent: o.Agent, Queue: o.Queue, Outcome: outcome, Rang: r.now.Sub(r.offered[id])})
	delete(r.offers, id)
	delete(r.offered, id)
	r.open[o.Call] = slices.DeleteFunc(r.open[o.Call], func(x cdr.OfferID) bool { return x == id })
	if len(r.open[o.Call]) == 0 {
		delete(r.open, o.Call)
	}
}

func (r *run) answered(k *call, o queue.Offer) {
	waited := r.now.Sub(k.enteredAt)
	k.talk, k.answered = o.Agent, r.now
	r.tally.answered(k, waited)
	r.tell(k.id, cdr.QueueLeft{Queue: o.Queue, Cause: cdr.LeftAnswered, Waited: waited})
	r.tell(k.id, cdr.Connected{Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Waited: waited})
}

// out follows a call that the queue sends on: to another queue it keeps what its
// place counts from, anywhere else it leaves the floor.
func (r *run) out(o queue.Out) {
	k := r.calls[o.Call]
	if k == nil {
		return
	}
	for _, id := range slices.Clone(r.open[k.id]) {
		r.over(queue.OfferOver{Offer: id, Outcome: cdr.OfferWithdrawn})
	}
	r.gone(k, o.Cause)
	if o.To != nil && o.To.Kind == cdr.ToQueue {
		k.Queue = o.To.Queue
		r.calls[k.id] = k
		r.enter(k)
	}
}

// tell notes a fact, if anybody wants them.
func (r *run) tell(id cdr.CallID, s cdr.Story) {
	if !r.telling {
		return
	}
	n := uint64(len(r.facts) + 1)
	r.facts = append(r.facts, cdr.Fact{ID: fmt.Sprintf("sim/%d", n), Seq: n, At: r.now, Call: id, Story: s})
}

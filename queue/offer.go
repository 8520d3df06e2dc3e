package queue

import (
	"strconv"
	"time"

	"linekeeper/cdr"
)

// OfferName names the n-th offer of a call, from 1: "<call>-<n>".
func OfferName(call cdr.CallID, n int) cdr.OfferID {
	return cdr.OfferID(string(call) + "-" + strconv.Itoa(n))
}

// offer lends an agent to a call and says why.
func (f *Floor) offer(p *place, a *agent) {
	p.offers++
	id := OfferName(p.call, p.offers)
	why := f.explain(p, a)
	f.lend(p, a, id, f.now.Add(p.line.Ring))
	a.Offer, a.Call, a.Queue = id, p.call, p.line.ID
	f.become(a, cdr.OfferedTo, "", "offer")
	f.emit(Offer{ID: id, Call: p.call, Agent: a.Agent.ID, Queue: p.line.ID, Ring: p.line.Ring, Why: why})
}

// lend books the loan and its end.
func (f *Floor) lend(p *place, a *agent, id cdr.OfferID, until time.Time) {
	ln := &loan{id: id, place: p, agent: a, until: until}
	p.loan, a.loan, f.offers[id] = ln, ln, ln
	f.due.push(due{at: until, offer: id})
}

// giveBack ends the loan; the agent still says offered until settled.
func (f *Floor) giveBack(ln *loan) {
	delete(f.offers, ln.id)
	ln.place.loan, ln.agent.loan = nil, nil
}

// withdraw asks the call's actor to end the offer, once.
func (f *Floor) withdraw(ln *loan, outcome cdr.OfferOutcome) {
	if ln.withdrawn {
		return
	}
	ln.withdrawn = true
	f.emit(Withdraw{Offer: ln.id, Call: ln.place.call, Outcome: outcome})
}

// offerOver follows what the call's actor says of an offer. A stale one names
// an offer that is no more and changes nothing.
func (f *Floor) offerOver(ev OfferOver) {
	ln := f.offers[ev.Offer]
	if ln == nil {
		return
	}
	p, a := ln.place, ln.agent
	f.giveBack(ln)
	switch ev.Outcome {
	case cdr.OfferAnswered:
		f.drop(p)
		a.Offer = ""
		f.become(a, cdr.OnCall, "", "answer")
		return
	case cdr.OfferRingNoAns, cdr.OfferRejected, cdr.OfferUnreachable:
		f.settleMissed(a, ev.Outcome)
	case cdr.OfferCallerGone:
		f.drop(p)
		f.settle(a, string(ev.Outcome))
		return
	case cdr.OfferWithdrawn, cdr.OfferLost:
		f.serve(p) // somebody else first: this agent's try has just failed
		f.settle(a, string(ev.Outcome))
	}
	if f.places[p.call] == p && p.loan == nil {
		f.serve(p)
	}
}

// stateOver ends a state whose time is up.
func (f *Floor) stateOver(a *agent) {
	switch a.State {
	case cdr.WrapUp:
		f.endWrapUp(a, cdr.WrappedUp{}, "wrap-up over")
	case cdr.NotReady:
		f.goTo(a, cdr.Ready, "", "pause over")
	case cdr.Offline, cdr.Ready, cdr.OfferedTo, cdr.OnCall:
		// No such state ends by itself.
	}
}

// reject passes an agent's no on to the call's actor, who ends the offer.
func (f *Floor) reject(a *agent, ev Reject) {
	ln := f.offers[ev.Offer]
	switch {
	case ln == nil:
		f.refuse(ev, UnknownOffer)
	case ln.agent != a:
		f.refuse(ev, NotTheirs)
	default:
		f.withdraw(ln, cdr.OfferRejected)
	}
}

// tick lets everything happen that is due: offers ring out, wrap-ups and
// pauses end.
func (f *Floor) tick() {
	for {
		d, ok := f.due.pop(f.now)
		if !ok {
			return
		}
		switch {
		case d.offer != "":
			if ln := f.offers[d.offer]; ln != nil {
				f.withdraw(ln, cdr.OfferRingNoAns)
			}
		default:
			if a := f.agents[d.agent]; a.Until.Equal(d.at) {
				f.stateOver(a)
			}
		}
	}
}

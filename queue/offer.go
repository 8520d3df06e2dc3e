package queue

import (
	"strconv"
	"strings"
	"time"

	"linekeeper/cdr"
)

// OfferName names the n-th offer of a call, from 1: "<call>-<n>".
func OfferName(call cdr.CallID, n int) cdr.OfferID {
	return cdr.OfferID(string(call) + "-" + strconv.Itoa(n))
}

// loan is one open offer: an agent lent to a call. Its memory is used again for
// another, from the next step on.
type loan struct {
	id        cdr.OfferID
	place     *place
	agent     *agent
	withdrawn bool // Withdraw is out, its answer is awaited
	timer     timer
}

// nameChunk is how many bytes of offers' names are made at a time.
const nameChunk = 2048

// offerName is OfferName without an allocation of its own for each: names are cut
// from one longer text.
func (f *Floor) offerName(call cdr.CallID, n int) cdr.OfferID {
	var digits [20]byte
	number := strconv.AppendInt(digits[:0], int64(n), 10)
	if need := len(call) + 1 + len(number); f.offerNames.Cap()-f.offerNames.Len() < need {
		f.offerNames = strings.Builder{}
		f.offerNames.Grow(max(nameChunk, need))
	}
	start := f.offerNames.Len()
	f.offerNames.WriteString(string(call))
	f.offerNames.WriteByte('-')
	f.offerNames.Write(number)
	return cdr.OfferID(f.offerNames.String()[start:])
}

// nextName names a call's next offer. An agent may have been asked for by name of
// whom the call does not know yet: that offer's name is taken.
func (f *Floor) nextName(p *place) cdr.OfferID {
	for {
		p.offers++
		if id := f.offerName(p.call, p.offers); f.offers[id] == nil {
			return id
		}
	}
}

// offer lends an agent to a call and says why.
func (f *Floor) offer(p *place, c choice) {
	l, a := p.line, c.agent
	o := Offer{
		ID: f.nextName(p), Call: p.call, Agent: a.Agent.ID, Queue: l.ID, Stay: p.stay, Ring: l.Ring,
		Passed: f.passed(p, a), On: a.reach(), Callback: p.virtual,
	}
	o.Why, o.More = f.explain(p, c)
	if c.seat != nil {
		l.turn = c.seat.rank
	}
	p.tried, p.offered = nil, true
	f.lend(p, a, o.ID, f.t+int64(l.Ring))
	p.more = f.t + int64(l.ringStep())
	a.Offer, a.Call, a.Queue = o.ID, p.call, l.ID
	f.become(a, cdr.OfferedTo, "", "offer")
	emit(f, &f.made.offers, o)
	f.sort(p)
	f.rearm(p)
}

// ringStep is after how long one more phone rings; without a word for it, when
// the one before has rung out.
func (l *line) ringStep() time.Duration {
	if l.RingStep > 0 {
		return l.RingStep
	}
	return l.Ring
}

// lend books the loan and its end.
func (f *Floor) lend(p *place, a *agent, id cdr.OfferID, until int64) {
	ln := f.freeLoan()
	ln.id, ln.place, ln.agent = id, p, a
	p.loans = append(p.loans, ln)
	a.loan, f.offers[id] = ln, ln
	a.Asked = p.asked
	f.due.set(&ln.timer, until)
}

// giveBack ends the loan; the agent still says offered until settled.
func (f *Floor) giveBack(ln *loan) {
	p := ln.place
	delete(f.offers, ln.id)
	ln.agent.loan = nil
	for i, other := range p.loans {
		if other == ln {
			last := len(p.loans) - 1
			copy(p.loans[i:], p.loans[i+1:])
			p.loans[last] = nil
			p.loans = p.loans[:last]
			break
		}
	}
	f.due.stop(&ln.timer)
	f.returned = append(f.returned, ln)
	if p.gone && len(p.loans) == 0 {
		f.recycle(p)
	}
}

func (f *Floor) freeLoan() *loan {
	last := len(f.idleLoans) - 1
	if last < 0 {
		ln := &loan{}
		ln.timer = timer{what: ringDue, who: ln}
		return ln
	}
	ln := f.idleLoans[last]
	f.idleLoans = f.idleLoans[:last]
	*ln = loan{timer: timer{what: ringDue, who: ln}}
	return ln
}

// withdraw asks the call's actor to end the offer, once.
func (f *Floor) withdraw(ln *loan, outcome cdr.OfferOutcome) { f.withdrawFor(ln, outcome, "") }

// withdrawFor does so for an agent's reason.
func (f *Floor) withdrawFor(ln *loan, outcome cdr.OfferOutcome, reason string) {
	if ln.withdrawn {
		return
	}
	ln.withdrawn = true
	f.due.stop(&ln.timer)
	emit(f, &f.made.withdrawn, Withdraw{Offer: ln.id, Call: ln.place.call, Outcome: outcome, Reason: reason})
}

// offerOver follows what the call's actor says of an offer. A stale one names
// an offer that is no more and changes nothing.
func (f *Floor) offerOver(ev Event, e *OfferOver) {
	ln := f.offers[e.Offer]
	if ln == nil {
		return
	}
	p, a := ln.place, ln.agent
	f.giveBack(ln)
	switch e.Outcome {
	case cdr.OfferAnswered:
		if p.gone && !p.asked {
			// Somebody else has the call, or it is not there any more.
			f.refuse(ev, TooLate)
			f.settle(a, string(cdr.OfferElsewhere))
			return
		}
		f.connect(p, a, ln.id)
	case cdr.OfferRingNoAns, cdr.OfferRejected, cdr.OfferUnreachable:
		f.failed(p, a, e.Outcome)
	case cdr.OfferWithdrawn, cdr.OfferLost:
		f.passOn(p, a, string(e.Outcome))
	case cdr.OfferCallerGone:
		f.drop(p)
		f.settle(a, string(e.Outcome))
	case cdr.OfferElsewhere:
		f.elsewhere(p, a)
	case cdr.OfferNotReached:
		f.notReached(p, a)
	}
}

// passOn takes a call on to somebody else first: this agent's try has just failed.
func (f *Floor) passOn(p *place, a *agent, cause string) {
	p.tried = a
	f.disappoint(p, a)
	f.rest(p)
	p.tried = nil
	f.settle(a, cause)
	if !p.gone && p.class != nil {
		f.serve(p)
		f.settled(p)
	}
}

// elsewhere: another phone of the same ring was picked up. Told before that
// answer, it keeps the call from being offered once more.
func (f *Floor) elsewhere(p *place, a *agent) {
	if !p.gone && len(p.loans) == 0 {
		f.passOn(p, a, string(cdr.OfferElsewhere))
		return
	}
	p.won = true
	f.sort(p)
	f.settle(a, string(cdr.OfferElsewhere))
}

// notReached: agent first, the agent was there, the customer was not.
func (f *Floor) notReached(p *place, a *agent) {
	if !p.virtual {
		f.passOn(p, a, string(cdr.OfferNotReached))
		return
	}
	if !p.gone {
		f.missedCustomer(p)
	}
	f.settle(a, string(cdr.OfferNotReached))
}

// connect gives the call to the agent who answered. One who was asked for may be
// there for advice only: whether the call counts as theirs is known when it is over.
func (f *Floor) connect(p *place, a *agent, offer cdr.OfferID) {
	l := p.line
	f.drop(p)
	a.Offer, a.Taken, a.Answered, a.Missed = "", offer, f.now, 0
	if !p.asked {
		f.tally(a, l, 1, 0)
	}
	f.become(a, cdr.OnCall, "", "answer")
}

// reject passes an agent's no on to the call's actor, who ends the offer.
func (f *Floor) reject(ev Event, a *agent, e *Reject) {
	ln := f.offers[e.Offer]
	switch {
	case ln == nil:
		f.refuse(ev, UnknownOffer)
	case ln.agent != a:
		f.refuse(ev, NotTheirs)
	default:
		f.withdrawFor(ln, cdr.OfferRejected, e.Reason)
	}
}

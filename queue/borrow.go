package queue

import (
	"linekeeper/cdr"
)

// adviceOver is the cause of the change that ends an agent's part in somebody
// else's call.
const adviceOver = "advice over"

// borrow lends an agent, asked for by name, to a call that somebody has: one Offer
// or one Unlent answers it. The loan stands for a place that is not in line, so
// that its call is offered to nobody else when the offer is over. An agent who is
// left alone after a miss may be asked for: a person asks, not a queue that would
// ring them for ever.
func (f *Floor) borrow(e *Borrow) {
	a := f.agents[e.Agent]
	switch {
	case e.Open != nil:
		f.borrowAgain(e)
	case a == nil || a.gone:
		f.unlent(e, UnknownAgent)
	case f.held || !a.lendable(e.Out) || a.phone() != cdr.PhoneThere:
		f.unlent(e, NotFree)
	default:
		f.setAside(a)
		f.offerAsked(a, e)
	}
}

func (f *Floor) unlent(e *Borrow, why Refusal) {
	emit(f, &f.made.unlent, Unlent{Call: e.Call, Agent: e.Agent, Stay: e.Stay, Why: why})
}

// offerAsked offers the call to the agent asked for.
func (f *Floor) offerAsked(a *agent, e *Borrow) {
	p := f.askedPlace(e)
	o := Offer{
		ID: f.nextName(p), Call: p.call, Agent: a.Agent.ID, Queue: p.line.ID, Stay: p.stay, Ring: e.Ring,
		Why: f.explainAsked(a, e.By), On: a.reach(), Asked: true,
	}
	if inLine := f.places[p.call]; inLine != nil {
		inLine.offers = p.offers
	}
	f.lend(p, a, o.ID, f.t+int64(e.Ring))
	a.Offer, a.Call, a.Queue = o.ID, p.call, p.line.ID
	f.become(a, cdr.OfferedTo, "", "asked for")
	emit(f, &f.made.offers, o)
}

// askedPlace is what a loan asked for by name hangs on. A queue that is not there
// has no rules of its own: a miss makes not ready, no wrap-up follows.
func (f *Floor) askedPlace(e *Borrow) *place {
	p := f.freePlace()
	p.call, p.stay, p.offers = e.Call, e.Stay, e.Offers
	p.gone, p.asked = true, true
	if inLine := f.places[p.call]; inLine != nil {
		p.offers = max(p.offers, inLine.offers)
	}
	if p.line = f.queues[e.Queue]; p.line == nil {
		p.line = &line{Definition: Definition{Label: Label{ID: e.Queue}}}
	}
	return p
}

// borrowAgain takes back the loan of an agent asked for that outlived a controller.
func (f *Floor) borrowAgain(e *Borrow) {
	if ln := f.offers[e.Open.ID]; ln != nil && ln.agent.Agent.ID == e.Agent {
		return // told twice
	}
	p := f.askedPlace(e)
	f.readopt(p, OpenOffer{ID: e.Open.ID, Agent: e.Agent, Until: e.Open.Until})
	if len(p.loans) == 0 {
		f.recycle(p)
	}
}

// explainAsked says why the call goes to an agent asked for: nobody else was
// considered. It is good until the next step.
func (f *Floor) explainAsked(a *agent, by string) []cdr.Why {
	start := len(f.made.why)
	why := a.why()
	why.Verdict, why.Rule, why.For = cdr.Chosen, cdr.RuleAskedFor, by
	why.Seconds = cdr.WholeSeconds(f.now.Sub(a.IdleSince))
	f.made.why = append(f.made.why, why)
	return f.made.why[start:len(f.made.why):len(f.made.why)]
}

// endAdvice lets an agent go who was only asked into somebody else's call: nothing
// is wrapped up or counted, and they have been idle for as long as before.
func (f *Floor) endAdvice(a *agent) { f.settle(a, adviceOver) }

// lendable says whether an agent may be asked for by name: who is ready, and to call
// out also who has no call in hand or only wraps one up.
func (a *agent) lendable(out bool) bool {
	return a.State == cdr.Ready || out && (a.State == cdr.NotReady || a.State == cdr.WrapUp)
}

// setAside keeps what an agent who calls out was or has chosen, for afterwards. A
// wrap-up is closed: they have one call in hand at a time.
func (f *Floor) setAside(a *agent) {
	switch a.State {
	case cdr.NotReady:
		a.keepChoice()
	case cdr.WrapUp:
		f.closePart(a, cdr.WrappedUp{})
		next, why := a.Next, a.NextWhy
		a.clearCall()
		a.Next, a.NextWhy = next, why
	case cdr.Offline, cdr.Ready, cdr.OfferedTo, cdr.OnCall:
		// Nothing to keep: ready is what they are without a word.
	}
}

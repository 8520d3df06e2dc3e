package queue

import (
	"slices"

	"linekeeper/cdr"
)

// restore puts a saved agent back. What agents had in hand is confirmed by the
// calls themselves (Enter with Open, Talking), for a call's own state is saved
// first; Reclaimed ends what no call confirmed.
func (f *Floor) restore(a *agent, saved SavedAgent) {
	a.SavedAgent = saved
	a.doubtful = a.State == cdr.OfferedTo || a.State == cdr.OnCall
	if !a.Until.IsZero() {
		f.due.push(due{at: a.Until, agent: a.Agent.ID})
	}
}

// readopt takes back an offer that outlived a controller. An agent's saved state
// may be older than the call's, so the call's word counts; it fails only when
// another call has given its word for the agent already.
func (f *Floor) readopt(p *place, open OpenOffer) bool {
	a := f.agents[open.Agent]
	if a == nil || a.loan != nil || a.State == cdr.OnCall && !a.doubtful {
		f.emit(Withdraw{Offer: open.ID, Call: p.call, Outcome: cdr.OfferWithdrawn})
		return false
	}
	if a.Call != p.call && (a.State == cdr.OnCall || a.State == cdr.WrapUp) {
		f.closePart(a, cdr.WrappedUp{})
	}
	a.doubtful = false
	f.lend(p, a, open.ID, open.Until)
	if a.State != cdr.OfferedTo || a.Offer != open.ID {
		a.keepChoice()
		a.Offer, a.Call, a.Queue = open.ID, p.call, p.line.ID
		f.become(a, cdr.OfferedTo, "", "reclaimed")
	}
	return true
}

// talking takes back an agent who is talking. The call's word counts: whatever
// else the agent was saved as is overruled.
func (f *Floor) talking(ev Talking) {
	if f.agents[ev.Agent] == nil {
		f.leavers[TalkOver{Call: ev.Call, Agent: ev.Agent}] = true
		return
	}
	f.withAgent(ev, ev.Agent, func(a *agent) {
		a.doubtful = false
		if a.State == cdr.OnCall && a.Call == ev.Call {
			return
		}
		if ln := a.loan; ln != nil {
			f.withdraw(ln, cdr.OfferWithdrawn)
			f.giveBack(ln)
			defer f.serve(ln.place)
		}
		if a.State == cdr.OnCall || a.State == cdr.WrapUp {
			f.closePart(a, cdr.WrappedUp{})
		}
		a.keepChoice()
		a.Offer, a.Call, a.Queue = "", ev.Call, ev.Queue
		f.become(a, cdr.OnCall, "", "reclaimed")
	})
}

// keepChoice makes what an agent without a call chose to be hold for after the
// call that turns out to be in their hands.
func (a *agent) keepChoice() {
	if a.State == cdr.NotReady || a.State == cdr.Offline {
		a.Next, a.NextWhy = a.State, a.Reason
	}
}

// reclaimed ends what agents were saved with and no live call confirmed: an
// offer is over, a talk is followed by its wrap-up.
func (f *Floor) reclaimed() {
	f.held = false
	for _, d := range f.defs.Agents {
		a := f.agents[d.ID]
		if !a.doubtful {
			continue
		}
		a.doubtful = false
		if a.State == cdr.OnCall {
			f.talkOver(TalkOver{Call: a.Call, Agent: a.Agent.ID})
			continue
		}
		f.settle(a, string(cdr.OfferLost))
	}
	f.serveAll()
}

// serveAll looks for agents for all waiting calls, whoever comes first first.
func (f *Floor) serveAll() {
	all := make([]*place, 0, len(f.places))
	for _, p := range f.places {
		if p.loan == nil {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, before)
	for _, p := range all {
		if p.loan == nil {
			f.serve(p)
		}
	}
}

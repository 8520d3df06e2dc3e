package queue

import (
	"maps"
	"time"

	"linekeeper/cdr"
)

// part is an agent's part in a call.
type part struct {
	call  cdr.CallID
	agent string
}

// restore puts a saved agent back. What agents had in hand is confirmed by the
// calls themselves (Enter with Open, Talking), for a call's own state is saved
// first; Reclaimed ends what no call confirmed.
func (f *Floor) restore(a *agent, saved *SavedAgent) {
	a.SavedAgent = *saved
	a.fitDevices()
	a.Tally = maps.Clone(saved.Tally)
	a.day = -1
	if day, err := time.Parse(time.DateOnly, saved.Day); err == nil {
		a.day = dayOf(day)
	}
	a.doubtful = a.State == cdr.OfferedTo || a.State == cdr.OnCall
	a.alone = a.Alone.After(f.now)
	if a.alone {
		f.due.set(&a.aloneTimer, f.at(a.Alone))
	} else {
		a.Alone = time.Time{}
		f.due.stop(&a.aloneTimer)
	}
	f.armState(a)
	f.remind(a)
	f.refresh(a)
}

// readopt takes back an offer that outlived a controller. An agent's saved state
// may be older than the call's, so the call's word counts; it fails only when
// another call has given its word for the agent already. An agent may have had the
// same call before, by another offer: that part is to be closed, too.
func (f *Floor) readopt(p *place, open OpenOffer) {
	a := f.agents[open.Agent]
	if a == nil || a.loan != nil || a.State == cdr.OnCall && !a.doubtful || f.offers[open.ID] != nil {
		emit(f, &f.made.withdrawn, Withdraw{Offer: open.ID, Call: p.call, Outcome: cdr.OfferWithdrawn})
		return
	}
	if (a.Call != p.call || a.Taken != "" && a.Taken != open.ID) && (a.State == cdr.OnCall || a.State == cdr.WrapUp) {
		f.closePart(a, cdr.WrappedUp{})
	}
	if a.doubtful && a.Offer != open.ID {
		f.closeUnseen(a)
	}
	a.doubtful = false
	f.lend(p, a, open.ID, f.at(open.Until))
	p.more = f.t + int64(p.line.ringStep())
	if a.State != cdr.OfferedTo || a.Offer != open.ID {
		a.keepChoice()
		a.Offer, a.Taken, a.Call, a.Queue = open.ID, "", p.call, p.line.ID
		a.Answered = time.Time{}
		f.become(a, cdr.OfferedTo, "", "reclaimed")
	}
}

// talking takes back an agent who is talking. The call's word counts: whatever
// else the agent was saved as is overruled.
func (f *Floor) talking(e *Talking) {
	a := f.agents[e.Agent]
	if a == nil {
		f.leavers[part{call: e.Call, agent: e.Agent}] = *e
		return
	}
	if a.doubtful && (a.Call != e.Call || e.Offer != "" && a.Offer != e.Offer) {
		f.closeUnseen(a)
	}
	a.doubtful = false
	if a.State == cdr.OnCall && a.Call == e.Call && (a.Taken == "" || e.Offer == "" || a.Taken == e.Offer) {
		if a.Taken == "" {
			a.Taken = e.Offer
		}
		return
	}
	var passedOver *place
	if ln := a.loan; ln != nil {
		f.withdraw(ln, cdr.OfferWithdrawn)
		passedOver = ln.place
		f.giveBack(ln)
	}
	if a.State == cdr.OnCall || a.State == cdr.WrapUp {
		f.closePart(a, cdr.WrappedUp{})
	}
	a.keepChoice()
	taken, answered, asked := e.Offer, time.Time{}, false
	if a.Offer != "" && a.Call == e.Call && (e.Offer == "" || e.Offer == a.Offer) {
		taken, answered, asked = a.Offer, f.now, a.Asked // it was answered while nobody looked
	}
	a.Offer, a.Taken, a.Answered, a.Asked, a.Call, a.Queue = "", taken, answered, asked, e.Call, e.Queue
	f.become(a, cdr.OnCall, "", "reclaimed")
	if passedOver != nil {
		f.rest(passedOver)
	}
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
	for _, a := range f.roster {
		if !a.doubtful {
			continue
		}
		a.doubtful = false
		if a.State == cdr.OnCall {
			f.endTalk(a)
			continue
		}
		f.closeUnseen(a)
		f.settle(a, string(cdr.OfferLost))
	}
	for _, l := range f.lines {
		f.advanceAll(l)
	}
	f.serveAll()
}

// closeUnseen closes the part of an agent who was saved with an offer of which
// nobody can say any more how it ended: a whole talk may have come and gone since.
// Where none has, the record can tell by the offer (cdr.Record.Closings).
func (f *Floor) closeUnseen(a *agent) {
	if a.State == cdr.OfferedTo {
		emit(f, &f.made.closings, WrapUpOver{Call: a.Call, Offer: a.Offer, Since: a.Since, Story: cdr.WrappedUp{Agent: a.Agent.ID}})
	}
}

// advanceAll brings the places of a line to where their waiting time has brought
// them while nothing was offered.
func (f *Floor) advanceAll(l *line) {
	var all []*place
	l.order.walk(func(p *place) bool {
		all = append(all, p)
		return true
	})
	for _, p := range all {
		f.advance(p)
		if cause := f.overdue(p); cause != "" {
			f.sendAway(p, cause)
		}
	}
}

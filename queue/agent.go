package queue

import (
	"time"

	"linekeeper/cdr"
)

// agent is one agent's definition and state.
type agent struct {
	Agent
	ability
	SavedAgent
	seats  []seatRef
	wanted []*place // calls in line kept for this agent
	loan   *loan
	free   bool // may be offered a call this moment
	alone  bool // left alone after a miss
	gone   bool // defined no more; leaves once no call is in hand
	day    int64
	// doubtful: restored with a call in hand that no live call has confirmed yet.
	doubtful bool

	stateTimer timer
	aloneTimer timer
}

// phone is what the agent's phone does besides our calls.
func (a *agent) phone() cdr.PhoneState { return a.SavedAgent.Phone }

// become is the one place where an agent's state changes.
func (f *Floor) become(a *agent, to cdr.AgentState, reason, cause string) {
	f.becomeUntil(a, to, reason, cause, time.Time{})
}

// becomeUntil is become for a state that ends by itself.
func (f *Floor) becomeUntil(a *agent, to cdr.AgentState, reason, cause string, until time.Time) {
	from := a.State
	a.State, a.Reason, a.Since, a.Until = to, reason, f.now, until
	f.armState(a)
	f.tellAgent(a, from, cause)
}

func (f *Floor) armState(a *agent) {
	if a.Until.IsZero() {
		f.due.stop(&a.stateTimer)
		return
	}
	f.due.set(&a.stateTimer, f.at(a.Until))
}

// tellAgent numbers what the agent is now and tells it, to be saved.
func (f *Floor) tellAgent(a *agent, from cdr.AgentState, cause string) {
	a.Number++
	f.refresh(a)
	story := cdr.AgentChanged{
		Agent: a.Agent.ID, From: from, To: a.State, Reason: a.Reason, Cause: cause, Call: a.Call,
		Until: a.Until, Phone: a.phone(), Devices: a.Devices, Next: a.Next, NextReason: a.NextWhy,
	}
	if limit := f.limits[a.Reason]; a.State == cdr.NotReady && limit > 0 {
		story.Limit = a.Since.Add(limit)
	}
	emit(f, &f.made.changes, AgentChange{Story: story, Saved: a.SavedAgent})
}

// refresh brings what the lines know of an agent in step with their state. Call
// it after any change of it.
func (f *Floor) refresh(a *agent) {
	a.free = a.State == cdr.Ready && a.phone() == cdr.PhoneThere && !a.alone && !a.gone
	here := a.State != cdr.Offline && !a.gone
	staff := here && a.State != cdr.NotReady && a.phone() != cdr.PhoneAway
	idle := f.at(a.IdleSince)
	for _, r := range a.seats {
		l := r.line
		l.ready.put(r.at, a.free)
		l.here.put(r.at, here)
		l.staff.put(r.at, staff)
		l.seats[r.at].idle = idle
		if l.JoinEmpty|l.LeaveWhenEmpty == 0 {
			continue
		}
		absent := a.absent(l)
		l.join.put(r.at, absent&l.JoinEmpty == 0)
		stays := absent&l.LeaveWhenEmpty == 0
		if !stays && l.stay.has(r.at) {
			f.someoneLeft(l)
		}
		l.stay.put(r.at, stays)
	}
	if len(a.wanted) > 0 {
		f.stirred = append(f.stirred, a)
	}
}

// busy says that a call is in the agent's hands.
func (a *agent) busy() bool {
	return a.State == cdr.OfferedTo || a.State == cdr.OnCall || a.State == cdr.WrapUp
}

// afterCall is what the agent has chosen to be after the call in hand.
func (a *agent) afterCall() cdr.AgentState {
	if a.busy() {
		return a.Next
	}
	return ""
}

// signIn brings an agent in, not ready. One who signed out with a call still in
// hand has come back: the call's end no longer sends them home.
func (f *Floor) signIn(a *agent) {
	switch {
	case a.State == cdr.Offline:
		f.become(a, cdr.NotReady, "", "sign-in")
	case a.busy() && a.Next == cdr.Offline:
		f.want(a, cdr.NotReady, "")
	}
}

// chose is want for who is signed in; others are refused.
func (f *Floor) chose(ev Event, a *agent, want cdr.AgentState, reason string) {
	if a.State == cdr.Offline || a.busy() && a.Next == cdr.Offline {
		f.refuse(ev, SignedOut)
		return
	}
	f.want(a, want, reason)
}

// signOut sends the agent home, once the call in hand is over. An open offer is
// taken back: whoever leaves does not answer. A wrap-up that only the agent can
// close is closed: nobody else would, and the record would never be complete.
func (f *Floor) signOut(a *agent) {
	if a.loan != nil {
		f.withdraw(a.loan, cdr.OfferWithdrawn)
	}
	f.want(a, cdr.Offline, "")
	if a.State == cdr.WrapUp && a.Until.IsZero() {
		f.endWrapUp(a, cdr.WrappedUp{}, "sign-out")
	}
}

// want sets what the agent wants to be. With a call in hand it waits; the newest
// choice wins. Whoever chooses to be ready is not left alone any more, and has
// missed nothing; but only if that changes something, which is then told.
func (f *Floor) want(a *agent, want cdr.AgentState, reason string) {
	if a.busy() {
		if a.Next != want || a.NextWhy != reason {
			a.Next, a.NextWhy = want, reason
			f.tellAgent(a, a.State, "chosen for later")
		}
		return
	}
	if a.State == want && a.Reason == reason && (want != cdr.Ready || !a.alone) {
		return
	}
	if want == cdr.Ready {
		f.forgive(a)
	}
	if a.State == want && a.Reason == reason {
		f.tellAgent(a, a.State, "chosen")
		f.feed(a)
		return
	}
	f.goTo(a, want, reason, "chosen")
}

// goTo brings an agent without a call to a state of choice.
func (f *Floor) goTo(a *agent, to cdr.AgentState, reason, cause string) {
	if to == cdr.Ready && a.State != cdr.OfferedTo && cause != adviceOver {
		a.IdleSince = f.now
	}
	f.become(a, to, reason, cause)
	if to == cdr.Ready {
		f.feed(a)
	}
	if to == cdr.Offline && a.gone {
		f.remove(a)
	}
}

// settle takes the call off the agent's hands: on to what was chosen, else ready.
func (f *Floor) settle(a *agent, cause string) {
	to, reason := a.Next, a.NextWhy
	switch {
	case a.gone:
		to, reason = cdr.Offline, ""
	case to == "":
		to = cdr.Ready
	}
	a.clearCall()
	f.goTo(a, to, reason, cause)
}

func (a *agent) clearCall() {
	a.Offer, a.Taken, a.Call, a.Queue, a.Next, a.NextWhy = "", "", "", "", "", ""
	a.Answered, a.Asked = time.Time{}, false
}

// phoneChange follows what an agent's phone does besides our calls.
func (f *Floor) phoneChange(a *agent, e *PhoneChange) {
	phone, devices := e.Phone, a.Devices
	switch {
	case a.Desk:
		*device(&devices, e.Desk) = e.Phone
		phone = devices.Phone()
	case e.Desk: // taken away since
		return
	}
	if a.phone() == phone && a.Devices == devices {
		return
	}
	a.SavedAgent.Phone, a.Devices = phone, devices
	f.tellAgent(a, a.State, "phone")
	f.ringsNowhere(a)
	f.feed(a)
}

// ringsNowhere takes an offer back from a phone that is no more: what rings there
// reaches nobody, though it may be back in a second. The agent has missed nothing, and
// the caller goes on to who can be rung.
func (f *Floor) ringsNowhere(a *agent) {
	if a.loan != nil && a.phone() == cdr.PhoneAway {
		f.withdraw(a.loan, cdr.OfferLost)
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

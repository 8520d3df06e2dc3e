package queue

import (
	"time"

	"linekeeper/cdr"
)

// become is the one place where an agent's state changes.
func (f *Floor) become(a *agent, to cdr.AgentState, reason, cause string) {
	f.becomeUntil(a, to, reason, cause, time.Time{})
}

// becomeUntil is become for a state that ends by itself.
func (f *Floor) becomeUntil(a *agent, to cdr.AgentState, reason, cause string, until time.Time) {
	from := a.State
	a.State, a.Reason, a.Since, a.Until = to, reason, f.now, until
	if !until.IsZero() {
		f.due.push(due{at: until, agent: a.Agent.ID})
	}
	f.keep(a, from, cause)
}

// keep numbers what the agent is now and tells it, to be saved.
func (f *Floor) keep(a *agent, from cdr.AgentState, cause string) {
	a.Number++
	f.emit(AgentChange{
		Story: cdr.AgentChanged{
			Agent: a.Agent.ID, From: from, To: a.State, Reason: a.Reason, Cause: cause, Call: a.Call, Until: a.Until,
		},
		Saved: a.SavedAgent,
	})
}

// busy says that a call is in the agent's hands.
func (a *agent) busy() bool {
	return a.State == cdr.OfferedTo || a.State == cdr.OnCall || a.State == cdr.WrapUp
}

// signIn brings an agent in, not ready. One who signed out with a call still in
// hand has come back: the call's end no longer sends them home.
func (f *Floor) signIn(a *agent) {
	switch {
	case a.State == cdr.Offline:
		f.become(a, cdr.NotReady, "", "sign-in")
	case a.busy() && a.Next == cdr.Offline:
		f.choose(a, cdr.NotReady, "")
	}
}

// choice is choose for who is signed in; others are refused.
func (f *Floor) choice(ev Event, a *agent, want cdr.AgentState, reason string) {
	if a.State == cdr.Offline || a.busy() && a.Next == cdr.Offline {
		f.refuse(ev, SignedOut)
		return
	}
	f.choose(a, want, reason)
}

// signOut sends the agent home, once the call in hand is over. An open offer is
// taken back: whoever leaves does not answer. A wrap-up that only the agent can
// close is closed: nobody else would, and the record would never be complete.
func (f *Floor) signOut(a *agent) {
	if a.loan != nil {
		f.withdraw(a.loan, cdr.OfferWithdrawn)
	}
	f.choose(a, cdr.Offline, "")
	if a.State == cdr.WrapUp && a.Until.IsZero() {
		f.endWrapUp(a, cdr.WrappedUp{}, "sign-out")
	}
}

// choose sets what the agent wants to be. With a call in hand it waits; the
// newest choice wins.
func (f *Floor) choose(a *agent, want cdr.AgentState, reason string) {
	if a.busy() {
		if a.Next != want || a.NextWhy != reason {
			a.Next, a.NextWhy = want, reason
			f.keep(a, a.State, "chosen for later")
		}
		return
	}
	if a.State == want && a.Reason == reason {
		return
	}
	f.goTo(a, want, reason, "chosen")
}

// goTo brings an agent without a call to a state of choice.
func (f *Floor) goTo(a *agent, to cdr.AgentState, reason, cause string) {
	if to == cdr.Ready && a.State != cdr.OfferedTo {
		a.IdleSince = f.now
	}
	f.become(a, to, reason, cause)
	if to == cdr.Ready {
		f.feed(a)
	}
}

// settle takes the call off the agent's hands: on to what was chosen, else ready.
func (f *Floor) settle(a *agent, cause string) {
	to, reason := a.Next, a.NextWhy
	if to == "" {
		to = cdr.Ready
	}
	a.clearCall()
	f.goTo(a, to, reason, cause)
}

// missedPause is how long an agent who is always ready is left alone after an
// offer they did not take: their phone may be gone, and trying it again at once
// would try it for ever.
const missedPause = 5 * time.Second

// settleMissed is settle after an offer the agent did not take: not ready, so
// that no further caller waits for nobody. Ready chosen while it rang changes
// nothing, or the same call would ring the same agent for ever. An agent who is
// always ready is so again after a pause.
func (f *Floor) settleMissed(a *agent, outcome cdr.OfferOutcome) {
	if a.AlwaysReady {
		a.clearCall()
		f.becomeUntil(a, cdr.NotReady, string(outcome), string(outcome), f.now.Add(missedPause))
		return
	}
	if a.Next == "" || a.Next == cdr.Ready {
		a.Next, a.NextWhy = cdr.NotReady, string(outcome)
	}
	f.settle(a, string(outcome))
}

func (a *agent) clearCall() {
	a.Offer, a.Call, a.Queue, a.Next, a.NextWhy = "", "", "", "", ""
}

// talkOver ends an agent's part in a call and starts the wrap-up.
func (f *Floor) talkOver(ev TalkOver) {
	a := f.agents[ev.Agent]
	if a == nil && f.leavers[ev] {
		delete(f.leavers, ev)
		f.emit(WrapUpOver{Call: ev.Call, Since: f.now, Story: cdr.WrappedUp{Agent: ev.Agent}})
		return
	}
	if a == nil || a.State != cdr.OnCall || a.Call != ev.Call {
		f.refuse(ev, NotTalking)
		return
	}
	var rule WrapUpRule
	if l := f.queues[a.Queue]; l != nil {
		rule = l.WrapUp
	}
	switch rule.Mode {
	case WrapUpTimed:
		f.becomeUntil(a, cdr.WrapUp, "", "talk over", f.now.Add(rule.For))
	case WrapUpTillClose:
		f.become(a, cdr.WrapUp, "", "talk over")
	default:
		f.endWrapUp(a, cdr.WrappedUp{}, "talk over")
	}
}

// wrapUpDone closes the wrap-up as the agent said.
func (f *Floor) wrapUpDone(a *agent, ev WrapUpDone) {
	if a.State != cdr.WrapUp || a.Call != ev.Call {
		f.refuse(ev, NotInWrapUp)
		return
	}
	if ev.Next == cdr.Ready || ev.Next == cdr.NotReady {
		a.Next, a.NextWhy = ev.Next, ev.Reason
	}
	f.endWrapUp(a, cdr.WrappedUp{Disposition: ev.Disposition, Note: ev.Note}, "closed")
}

func (f *Floor) endWrapUp(a *agent, story cdr.WrappedUp, cause string) {
	f.closePart(a, story)
	f.settle(a, cause)
}

// closePart tells that an agent's part in the call in hand is closed.
func (f *Floor) closePart(a *agent, story cdr.WrappedUp) {
	story.Agent = a.Agent.ID
	if a.State == cdr.WrapUp {
		story.Took = f.now.Sub(a.Since)
	}
	f.emit(WrapUpOver{Call: a.Call, Since: a.Since, Story: story})
}

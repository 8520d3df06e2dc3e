package queue

import (
	"time"

	"linekeeper/cdr"
)

// become is the one place where an agent's state changes.
func (f *Floor) become(a *agent, to cdr.AgentState, reason, cause string) {
	from := a.State
	a.State, a.Reason, a.Since = to, reason, f.now
	a.Number++
	if to != cdr.WrapUp {
		a.Until = time.Time{}
	}
	f.emit(AgentChange{
		Story: cdr.AgentChanged{
			Agent: a.Agent.ID, From: from, To: to, Reason: reason, Cause: cause, Call: a.Call, Until: a.Until,
		},
		Saved: a.SavedAgent,
	})
}

// save tells that something other than the state is to be kept.
func (f *Floor) save(a *agent, cause string) { f.become(a, a.State, a.Reason, cause) }

// busy says that a call is in the agent's hands.
func (a *agent) busy() bool {
	return a.State == cdr.OfferedTo || a.State == cdr.OnCall || a.State == cdr.WrapUp
}

func (f *Floor) signIn(a *agent) {
	if a.State == cdr.Offline {
		f.become(a, cdr.NotReady, "", "sign-in")
	}
}

// signOut sends the agent home, once the call in hand is over. An open offer is
// taken back: whoever leaves does not answer.
func (f *Floor) signOut(a *agent) {
	if a.loan != nil {
		f.withdraw(a.loan, cdr.OfferWithdrawn)
	}
	f.choose(a, cdr.Offline, "")
}

// choose sets what the agent wants to be. With a call in hand it waits; the
// newest choice wins.
func (f *Floor) choose(a *agent, want cdr.AgentState, reason string) {
	if a.busy() {
		if a.Next != want || a.NextWhy != reason {
			a.Next, a.NextWhy = want, reason
			f.save(a, "chosen for later")
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

// settleMissed is settle after an offer the agent did not take: not ready, so
// that no further caller waits for nobody. An agent who is always ready stays so.
func (f *Floor) settleMissed(a *agent, outcome cdr.OfferOutcome) {
	if a.Next == "" && !a.AlwaysReady {
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
		a.Until = f.now.Add(rule.For)
		f.become(a, cdr.WrapUp, "", "talk over")
		f.due.push(due{at: a.Until, agent: a.Agent.ID, number: a.Number})
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
	if ev.Next != "" {
		a.Next, a.NextWhy = ev.Next, ev.Reason
	}
	f.endWrapUp(a, cdr.WrappedUp{Disposition: ev.Disposition, Note: ev.Note}, "closed")
}

func (f *Floor) endWrapUp(a *agent, story cdr.WrappedUp, cause string) {
	story.Agent = a.Agent.ID
	if a.State == cdr.WrapUp {
		story.Took = f.now.Sub(a.Since)
	}
	f.emit(WrapUpOver{Call: a.Call, Since: a.Since, Story: story})
	f.settle(a, cause)
}

package sim

import (
	"linekeeper/cdr"
	"linekeeper/queue"
)

// The causes the core tells with a change of an agent that an event brought.
// They stand in package queue, files agent.go, offer.go, borrow.go and reclaim.go.
const (
	causeReclaimed = "reclaimed"
	causeTalkOver  = "talk over"
	causeClosed    = "closed"
	causeLater     = "chosen for later"
	causeAnswer    = "answer"
	causeAskedFor  = "asked for"
	causeAdvised   = "advice over"
	causePhone     = "phone"
)

// fromTime says that the floor's own clock brought a change: a wrap-up or a pause
// ran out.
func fromTime(s cdr.AgentChanged) bool {
	return s.Cause == "wrap-up over" || s.Cause == "pause over"
}

// lentByName says that somebody had asked for the agent who is offered a call now.
func lentByName(s cdr.AgentChanged) bool {
	return s.To == cdr.OfferedTo && s.From != cdr.OfferedTo && s.Cause == causeAskedFor
}

// derive is the event that must have brought a change of an agent which nothing
// told so far explains. hand is the call and the offer in the agent's hands.
func (d *day) derive(i int, phone cdr.PhoneState, hand queue.SavedAgent) queue.Event {
	s := d.change(i)
	switch {
	case fromTime(s):
		return queue.Tick{}
	case s.Cause == causePhone && s.Devices.Desk != hand.Devices.Desk:
		return queue.PhoneChange{Agent: s.Agent, Desk: true, Phone: s.Devices.Desk}
	case s.Cause == causePhone && s.Devices.Console != hand.Devices.Console:
		return queue.PhoneChange{Agent: s.Agent, Phone: s.Devices.Console}
	case s.Phone != phone:
		return queue.PhoneChange{Agent: s.Agent, Phone: s.Phone}
	case s.Cause == causeLater && s.Next == cdr.NotReady && hand.Next == cdr.Offline:
		return queue.SignIn{Agent: s.Agent} // who had signed out has come back
	case s.Cause == causeLater && s.Next != "":
		return chosen(s.Agent, s.Next, s.NextReason)
	case s.Cause == causeLater:
		to, reason := d.choice(i)
		return chosen(s.Agent, to, reason)
	case s.From == cdr.OfferedTo && s.To != cdr.OfferedTo:
		return queue.OfferOver{Offer: hand.Offer, Outcome: outcome(s)}
	case s.From == cdr.OnCall && s.Cause == causeAdvised:
		return queue.TalkOver{Call: hand.Call, Agent: s.Agent, Advised: true}
	case s.From == cdr.OnCall && s.Cause == causeTalkOver:
		return queue.TalkOver{Call: hand.Call, Agent: s.Agent, PhoneLost: s.Reason == queue.ReasonPhoneLost || s.NextReason == queue.ReasonPhoneLost && hand.NextWhy != queue.ReasonPhoneLost}
	case s.From == cdr.WrapUp && s.Cause == causeClosed:
		return queue.WrapUpDone{Agent: s.Agent, Call: hand.Call, Next: next(s.To), Reason: s.Reason}
	case s.From == cdr.Offline:
		return queue.SignIn{Agent: s.Agent}
	default:
		return chosen(s.Agent, s.To, s.Reason)
	}
}

// outcome is how the offer ended that an agent came back from.
func outcome(s cdr.AgentChanged) cdr.OfferOutcome {
	if s.To == cdr.OnCall {
		return cdr.OfferAnswered
	}
	return cdr.OfferOutcome(s.Cause)
}

// next is a state as WrapUpDone takes it.
func next(to cdr.AgentState) cdr.AgentState {
	if to == cdr.Ready || to == cdr.NotReady {
		return to
	}
	return ""
}

// chosen is the event of an agent who wants to be so; nil if nobody chooses that.
func chosen(agent string, to cdr.AgentState, reason string) queue.Event {
	switch to {
	case cdr.Ready:
		return queue.MakeReady{Agent: agent}
	case cdr.NotReady:
		return queue.MakeNotReady{Agent: agent, Reason: reason}
	case cdr.Offline:
		return queue.SignOut{Agent: agent}
	default:
		return nil
	}
}

// sentOn says that it was the queue that gave the place up, not the caller.
func sentOn(cause cdr.LeaveCause) bool {
	switch cause {
	case cdr.LeftClosed, cdr.LeftFull, cdr.LeftJoinEmpty, cdr.LeftEmpty, cdr.LeftMaxWait, cdr.LeftResumed, cdr.LeftExpired:
		return true
	default:
		return false
	}
}

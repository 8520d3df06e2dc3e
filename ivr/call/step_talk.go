package call

import (
	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

// answered follows a phone that was picked up: an agent's, or one outside. The
// first agent of a ring wins; a later one finds the offer over and the leg
// already asked to go.
func (s *step) answered(ch ChannelID) {
	if s.Ending != nil {
		return
	}
	o := s.offerOf(ch)
	if o != nil {
		other := s.settleOn(o, ch)
		defer s.hangUpLeg(other, AnsweredElsewhere) // after what brings the two together
	}
	switch {
	case s.isOutside(ch):
		s.outsideAnswered(ch)
	case s.ringsAgain(ch):
		s.againAnswered(ch)
	case o == nil || o.Picked:
	case o.Callback && s.away():
		s.callCustomer(o)
	case s.leg(ch) != nil && !s.leg(ch).Ready:
		o.Answered = true // it comes to us with the answer
	default:
		s.pickedUp(o)
	}
}

// pickedUp: an agent has the phone in hand, and we its leg.
func (s *step) pickedUp(o *Offer) {
	if p := s.party(o.Party); p != nil {
		s.partyAnswered(p)
		return
	}
	if s.dialsOut() {
		s.dialNumber(o)
		return
	}
	s.connect(o)
}

// connect brings agent and caller together, and lets the other phones go.
func (s *step) connect(won *Offer) {
	o := *won
	waited := s.now.Sub(s.Line.EnteredAt)
	s.offerTaken(o)
	s.tell(cdr.QueueLeft{Queue: s.Line.Queue, Cause: cdr.LeftAnswered, Waited: waited})
	s.tell(cdr.Connected{Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Waited: waited})
	s.hush()
	together := []ChannelID{s.Channel}
	if o.Callback || o.AtOnce {
		together = []ChannelID{o.Leg, s.Channel}
	}
	s.do(StopMusic{Channel: s.Channel}, Join{Bridge: BridgeFor(s.Call), Channels: together})
	s.Talk = &Talk{Agent: o.Agent, Queue: o.Queue, Leg: o.Leg, Since: s.now, Offer: o.ID, Line: s.Line}
	s.Line.Wish, s.Line = nil, nil
	s.recordsTalk()
	s.dropDialogue()
	if c := s.Callback; c != nil {
		c.Reached = true // also a caller who was still being thanked for asking
	}
	s.endOffers(cdr.OfferElsewhere)
}

// offerTaken ends an offer by its answer.
func (s *step) offerTaken(o Offer) {
	s.forgetOffer(o)
	s.tell(cdr.OfferEnded{
		Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Outcome: cdr.OfferAnswered, Rang: s.now.Sub(o.At),
		Channel: answeredOn(o),
	})
	s.tellFloor(queue.OfferOver{Offer: o.ID, Outcome: cdr.OfferAnswered})
}

// legGone follows the end of one of our channels.
func (s *step) legGone(ev Gone) {
	s.dropLeg(ev.Channel)
	s.tapeGone(ev)
	o := s.offerOf(ev.Channel)
	switch {
	case s.ringsOn(o, ev.Channel, missedBecause(ev)):
	case s.isOutside(ev.Channel):
		s.outsideGone(ev)
	case s.ringsAgain(ev.Channel):
		s.againGone(ev)
	case o != nil && o.Picked:
		// The agent has had enough of waiting for the customer.
		s.customerMissed(ev.Code)
	case s.dialsOut() && s.Out.Up && s.Out.Leg == ev.Channel:
		s.notReached(cdr.ByAgent, ev.Code)
	case s.isSecond(ev.Channel):
		s.secondGone()
	case s.partyOf(ev.Channel) != nil:
		s.partyGone(s.partyOf(ev.Channel), ev)
	case o != nil:
		s.endOffer(o, missedBecause(ev))
	case s.Talk != nil && s.Talk.Leg == ev.Channel:
		by := cdr.ByAgent
		if ev.Cause != cdr.EndHangup {
			by = cdr.BySystem
		}
		s.agentGone(ev, by)
	}
}

// endTalk ends the agent's part in the call.
func (s *step) endTalk(by cdr.Party) {
	s.stopAsking()
	s.stopReading()
	s.unhold()
	s.endPhoneHold()
	s.endSecond()
	over := s.endAway()
	t := s.Talk
	s.Talk = nil
	s.tell(cdr.TalkEnded{Agent: t.Agent, Talked: s.now.Sub(t.Since), By: by})
	s.tellFloor(queue.TalkOver{Call: s.Call, Agent: t.Agent, PhoneLost: over})
	s.hangUpLeg(t.Leg, Normal)
}

// afterTalk gives the caller back to the flow once the agent has gone. Most
// flows end there, and then it is the agent who ended the call.
func (s *step) afterTalk(ev Gone, by cdr.Party) {
	effects, over := s.backToFlow(cdr.LeftAnswered)
	if over {
		s.endWith(Ending{Cause: ev.Cause, By: by, Code: ev.Code}, Normal)
		return
	}
	s.play(effects)
}

// backToFlow gives the flow its call back from its queue step, and says whether
// nothing follows there.
func (s *step) backToFlow(cause cdr.LeaveCause) (effects []ivr.Effect, over bool) {
	flow := s.flow()
	if flow == nil || s.Flow.Line == nil {
		return nil, true
	}
	effects = s.Flow.Step(flow, ivr.QueueLeft{Queue: s.Flow.Line.Queue, Cause: string(cause)})
	if len(effects) == 1 {
		end, is := effects[0].(ivr.End)
		return effects, is && end.Cause == ivr.EndFlow
	}
	return effects, false
}

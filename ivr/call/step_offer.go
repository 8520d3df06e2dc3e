package call

import (
	"slices"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

// popTimer bounds the wait for a screen pop.
const popTimer = "pop"

// offered begins an offer: the leg is made at once, but rings only when the
// agent's console shows who is calling (or has none, or is late).
func (s *step) offered(ev offerMade) {
	if s.Line == nil || s.Ending != nil || s.Offer != nil {
		s.tellFloor(queue.OfferOver{Offer: ev.ID, Outcome: cdr.OfferCallerGone})
		return
	}
	s.Offers++
	s.Offer = &Offer{
		ID: ev.ID, Agent: ev.Agent, Queue: ev.Queue, At: s.now, Until: s.now.Add(ev.Ring),
		Leg: LegID(ev.ID), AwaitPop: ev.awaitPop,
	}
	s.tell(cdr.Offered{Offer: ev.ID, Agent: ev.Agent, Queue: s.Offer.Queue, Ring: ev.Ring, Why: ev.Why})
	if !s.Bridged {
		s.Bridged = true
		s.do(CreateBridge{Bridge: BridgeFor(s.Call)})
	}
	s.Legs = append(s.Legs, Leg{Channel: s.Offer.Leg, Since: s.now})
	s.do(CreateLeg{
		Call: s.Call, Channel: s.Offer.Leg, Endpoint: "PJSIP/" + ev.Agent,
		Caller: s.shownCaller(), Originator: s.Channel,
	})
	if ev.awaitPop {
		s.setTimer(popTimer, s.rules.PopWait)
	}
}

// shownCaller is what the agent's phone shows: the name we know is better than
// the one the network sent.
func (s *step) shownCaller() cdr.Caller {
	c := s.Caller
	if s.Contact != nil {
		c.Name = s.Contact.Name
	}
	return c
}

// legReady puts the leg into the bridge and rings it if it may.
func (s *step) legReady(ch ChannelID) {
	l := s.leg(ch)
	if l == nil {
		// Its making was given up, and happened all the same.
		s.do(HangUp{Channel: ch, Reason: Normal})
		return
	}
	if l.Ready {
		return
	}
	l.Ready, l.Since = true, s.now
	if s.Offer == nil || s.Offer.Leg != ch {
		// The offer ended while the leg was being made: its hang-up may have come
		// too early to find it.
		s.do(HangUp{Channel: ch, Reason: Normal})
		return
	}
	s.do(Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{ch}})
	s.ring()
}

// ring rings the offered phone, once its leg is there and the pop was awaited.
func (s *step) ring() {
	o := s.Offer
	l := s.leg(o.Leg)
	if o.Rung || o.AwaitPop || l == nil || !l.Ready {
		return
	}
	o.Rung = true
	s.tell(cdr.Rung{Offer: o.ID, Agent: o.Agent, Channel: string(o.Leg), Popped: o.Popped})
	// The floor's timer ends the offer; Asterisk's own is only a net below it.
	s.do(DialLeg{Channel: o.Leg, Caller: s.Channel, Timeout: o.Until.Sub(s.now) + ringNet})
}

// popped: the screen pop is on the page, so the phone may ring.
func (s *step) popped(ev popShown) {
	o := s.Offer
	if o == nil || o.ID != ev.offer || o.Agent != ev.agent || o.Popped {
		return
	}
	o.Popped = true
	s.tell(cdr.Popped{Offer: o.ID, Agent: o.Agent})
	if o.AwaitPop {
		o.AwaitPop = false
		s.cancelTimer(popTimer)
		s.ring()
	}
}

// popLate: the console did not show the pop in time; the caller waits no longer.
func (s *step) popLate() {
	if s.Offer != nil && s.Offer.AwaitPop {
		s.Offer.AwaitPop = false
		s.ring()
	}
}

// answered connects caller and agent.
func (s *step) answered(ch ChannelID) {
	o := s.Offer
	if o == nil || o.Leg != ch || s.Ending != nil {
		return
	}
	waited := s.now.Sub(s.Line.EnteredAt)
	s.tell(cdr.OfferEnded{
		Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Outcome: cdr.OfferAnswered, Rang: s.now.Sub(o.At),
	})
	s.tell(cdr.QueueLeft{Queue: s.Line.Queue, Cause: cdr.LeftAnswered, Waited: waited})
	s.tell(cdr.Connected{Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Waited: waited})
	s.tellFloor(queue.OfferOver{Offer: o.ID, Outcome: cdr.OfferAnswered})
	s.do(StopMusic{Channel: s.Channel}, Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{s.Channel}})
	s.Talk = &Talk{Agent: o.Agent, Queue: o.Queue, Leg: ch, Since: s.now}
	s.Line, s.Offer = nil, nil
	s.cancelTimer(popTimer)
}

// endOffer closes the open offer without an answer. The caller keeps the place.
func (s *step) endOffer(outcome cdr.OfferOutcome) {
	o := s.Offer
	s.Offer = nil
	s.cancelTimer(popTimer)
	s.tell(cdr.OfferEnded{Offer: o.ID, Agent: o.Agent, Queue: o.Queue, Outcome: outcome, Rang: s.now.Sub(o.At)})
	s.hangUpLeg(o.Leg, Normal)
	s.tellFloor(queue.OfferOver{Offer: o.ID, Outcome: outcome})
}

// hangUpLeg ends a leg that may still be there, once.
func (s *step) hangUpLeg(ch ChannelID, reason HangUpReason) {
	if l := s.leg(ch); l != nil && !l.HungUp {
		l.HungUp = true
		s.do(HangUp{Channel: ch, Reason: reason})
	}
}

// legGone follows the end of one of our channels.
func (s *step) legGone(ev Gone) {
	s.Legs = slices.DeleteFunc(s.Legs, func(l Leg) bool { return l.Channel == ev.Channel })
	switch {
	case s.Offer != nil && s.Offer.Leg == ev.Channel:
		s.endOffer(missedBecause(ev))
	case s.Talk != nil && s.Talk.Leg == ev.Channel:
		by := cdr.ByAgent
		if ev.Cause != cdr.EndHangup {
			by = cdr.BySystem
		}
		s.endTalk(by)
		s.afterTalk(ev, by)
	}
}

// Q.850 causes a phone ends an offer with (ITU-T Q.850 table 1).
const (
	codeBusy     = 17
	codeNoUser   = 18
	codeNoAnswer = 19
	codeRejected = 21
)

// missedBecause reads why a phone did not take the call.
func missedBecause(ev Gone) cdr.OfferOutcome {
	if ev.Cause != cdr.EndHangup {
		return cdr.OfferLost
	}
	switch ev.Code {
	case codeBusy, codeRejected:
		return cdr.OfferRejected
	case codeNoUser, codeNoAnswer:
		return cdr.OfferRingNoAns
	default: // 20, not registered, and whatever else keeps a phone from ringing
		return cdr.OfferUnreachable
	}
}

// endTalk ends the agent's part in the call.
func (s *step) endTalk(by cdr.Party) {
	t := s.Talk
	s.Talk = nil
	s.tell(cdr.TalkEnded{Agent: t.Agent, Talked: s.now.Sub(t.Since), By: by})
	s.tellFloor(queue.TalkOver{Call: s.Call, Agent: t.Agent})
	s.hangUpLeg(t.Leg, Normal)
}

// afterTalk gives the caller back to the flow once the agent has gone. Most
// flows end there, and then it is the agent who ended the call.
func (s *step) afterTalk(ev Gone, by cdr.Party) {
	flow := s.flow()
	if flow == nil || s.Flow.Line == nil {
		s.endWith(Ending{Cause: ev.Cause, By: by, Code: ev.Code}, Normal)
		return
	}
	effects := s.Flow.Step(flow, ivr.QueueLeft{Queue: s.Flow.Line.Queue, Cause: string(cdr.LeftAnswered)})
	if end, over := lastEnd(effects); over && end.Cause == ivr.EndFlow {
		s.endWith(Ending{Cause: ev.Cause, By: by, Code: ev.Code}, Normal)
		return
	}
	s.play(effects)
}

// lastEnd finds the flow's end among its effects.
func lastEnd(effects []ivr.Effect) (ivr.End, bool) {
	if len(effects) == 1 {
		end, ok := effects[0].(ivr.End)
		return end, ok
	}
	return ivr.End{}, false
}

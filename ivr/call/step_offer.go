package call

import (
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// popTimer bounds the wait for a screen pop; the offer's ID follows it.
const popTimer = "pop/"

// offered begins an offer: the leg is made at once, and rings at once too unless
// the agent's console is to show who is calling first, or a customer is to be
// called back. With ring-all a call has several at a time.
func (s *step) offered(ev offerMade) {
	switch {
	case ev.Asked:
		s.lent(ev)
		return
	case s.Line == nil || s.Ending != nil:
		s.tellFloor(queue.OfferOver{Offer: ev.ID, Outcome: cdr.OfferCallerGone})
		return
	case !s.isOf(ev.Stay):
		// It was made for a place the call has left, and ended with that. Its name is
		// given again in the present one: to say that it is over would end that offer.
		return
	}
	s.Offers++
	if s.picked() != nil {
		// The floor did not know yet that somebody waits for the customer of a callback.
		s.tellFloor(queue.OfferOver{Offer: ev.ID, Outcome: cdr.OfferElsewhere})
		return
	}
	o := Offer{
		ID: ev.ID, Agent: ev.Agent, Queue: ev.Queue, At: s.now, Until: s.now.Add(ev.Ring),
		AwaitPop: ev.awaitPop, Callback: ev.Callback || s.waitsAway(),
	}
	o.Leg, o.Other = legsOn(ev.ID, ev.On)
	o.AtOnce = !o.AwaitPop && !o.Callback
	s.Open = append(s.Open, o)
	s.tell(cdr.Offered{
		Offer: ev.ID, Agent: ev.Agent, Queue: ev.Queue, Ring: ev.Ring, Why: ev.Why, More: ev.More, Passed: ev.Passed, Callback: ev.Callback,
	})
	if s.Line.Held {
		s.hearMusic()
	}
	s.needBridge()
	s.makeLegs(s.open(ev.ID), ev.Ring)
}

// makeLegs makes the legs of an offer, ringing if nothing is waited for. A screen pop
// is waited for only so long.
func (s *step) makeLegs(o *Offer, ring time.Duration) {
	if o.AtOnce {
		s.tellRung(o, o.Leg)
	}
	for _, ch := range o.legs() {
		s.Legs = append(s.Legs, Leg{Channel: ch, Since: s.now})
		leg := CreateLeg{
			Call: s.Call, Channel: ch, Endpoint: endpointOf(o.Agent, ch),
			Caller: s.shownCaller(), Originator: s.originator(),
		}
		if o.AtOnce {
			leg.Ring = ring + ringNet
		}
		s.do(leg)
	}
	if o.AwaitPop {
		s.setTimer(popTimer+string(o.ID), s.rules.PopWait)
	}
}

// tellRung tells once that the agent's phone rings, by the leg of the first.
func (s *step) tellRung(o *Offer, ch ChannelID) {
	if !o.Rung {
		o.Rung, o.Rang = true, ch
		s.tell(cdr.Rung{Offer: o.ID, Agent: o.Agent, Channel: string(ch), Popped: o.Popped})
	}
}

// needBridge makes the call's bridge, once.
func (s *step) needBridge() {
	if !s.Bridged {
		s.Bridged = true
		s.do(CreateBridge{Bridge: BridgeFor(s.Call)})
	}
}

// originator is the channel a leg takes its formats from: the caller's, if there
// is one.
func (s *step) originator() ChannelID {
	if s.Gone || s.away() {
		return ""
	}
	return s.Channel
}

// shownCaller is what the agent's phone shows: the name we know is better than
// the one the network sent.
func (s *step) shownCaller() cdr.Caller {
	c := cdr.Caller{Number: s.callerNumber(), Name: s.Caller.Name}
	if s.Contact != nil {
		c.Name = s.Contact.Name
	}
	return c
}

// legReady rings a leg that is in our hands, if it may, or hangs it up.
func (s *step) legReady(ch ChannelID) {
	l := s.leg(ch)
	if l == nil {
		// Its making was given up, and happened all the same.
		if ch != s.Channel {
			s.do(HangUp{Channel: ch, Reason: Normal})
		}
		return
	}
	if l.Ready {
		return
	}
	l.Ready, l.Since = true, s.now
	switch o := s.offerOf(ch); {
	case l.HungUp || o == nil && !s.isOutside(ch) && !s.ringsAgain(ch):
		// What it was for ended while it was being made: its hang-up may have come
		// too early to find it.
		s.do(HangUp{Channel: ch, Reason: l.reason()})
	case o == nil && s.isOutside(ch):
		s.dialOutside(ch)
	case o == nil: // it rings again, or has been answered
		if s.Talk.Away.Answered {
			s.phoneBack()
		}
	case o.AtOnce:
		if o.Answered {
			s.pickedUp(o)
		}
	default:
		if !o.Callback && o.Party == "" {
			s.do(Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{ch}})
		}
		s.ring(o)
	}
}

// ring rings the offered phones, each once its leg is there and the pop was awaited.
func (s *step) ring(o *Offer) {
	if o.AwaitPop {
		return
	}
	for _, ch := range o.legs() {
		l := s.leg(ch)
		if l == nil || !l.Ready || l.Dialled || o.Rung && o.Rang == "" { // rung by an older controller
			continue
		}
		l.Dialled = true
		s.tellRung(o, ch)
		// The floor's timer ends the offer; Asterisk's own is only a net below it.
		s.do(DialLeg{Channel: ch, Caller: s.originator(), Timeout: o.Until.Sub(s.now) + ringNet})
	}
}

// popped: the screen pop is on the page, so the phone may ring.
func (s *step) popped(ev popShown) {
	o := s.open(ev.offer)
	if o == nil || o.Agent != ev.agent || o.Popped {
		return
	}
	o.Popped = true
	s.tell(cdr.Popped{Offer: o.ID, Agent: o.Agent})
	if o.AwaitPop {
		o.AwaitPop = false
		s.cancelTimer(popTimer + string(o.ID))
		s.ring(o)
	}
}

// popLate: the console did not show the pop in time; the caller waits no longer.
func (s *step) popLate(offer string) {
	if o := s.open(cdr.OfferID(offer)); o != nil && o.AwaitPop {
		o.AwaitPop = false
		s.ring(o)
	}
}

// withdrawn ends an offer the floor wants back. An agent who has answered, and
// waits for the customer of a callback, is not to be taken for one who does not
// answer, nor for one whose phone rings nowhere: audio outlives a registration.
func (s *step) withdrawn(ev offerWithdrawn) {
	o := s.open(ev.Offer)
	switch {
	case o == nil || o.Answered: // the answer was first
	case !o.Picked:
		s.endOfferFor(o, ev.Outcome, ev.Reason)
	case ev.Outcome != cdr.OfferRingNoAns && ev.Outcome != cdr.OfferLost:
		s.dropCustomer()
		s.endOfferFor(o, ev.Outcome, ev.Reason)
	}
}

// endOffer closes an open offer without an answer. The caller keeps the place. o
// is of no use afterwards.
func (s *step) endOffer(o *Offer, outcome cdr.OfferOutcome) { s.endOfferFor(o, outcome, "") }

// endOfferFor does so for the reason an agent gave.
func (s *step) endOfferFor(o *Offer, outcome cdr.OfferOutcome, why string) {
	was := *o
	s.forgetOffer(was)
	s.tell(cdr.OfferEnded{
		Offer: was.ID, Agent: was.Agent, Queue: was.Queue, Outcome: outcome, Rang: s.now.Sub(was.At), Reason: why,
	})
	reason := Normal
	if outcome == cdr.OfferElsewhere {
		reason = AnsweredElsewhere
	}
	for _, leg := range was.legs() {
		s.hangUpLeg(leg, reason)
	}
	s.tellFloor(queue.OfferOver{Offer: was.ID, Outcome: outcome})
	if p := s.party(was.Party); p != nil {
		s.partyLeaves(p, leftBecause(outcome))
	}
	if s.dialsOut() && s.Ending == nil {
		s.notReached(cdr.ByAgent, 0)
	}
}

// leftBecause says why a party who was being rung does not come.
func leftBecause(outcome cdr.OfferOutcome) cdr.PartyCause {
	switch outcome {
	case cdr.OfferWithdrawn:
		return cdr.PartyDropped
	case cdr.OfferCallerGone:
		return cdr.PartyCallOver
	default:
		return cdr.PartyMissed
	}
}

// endOffers closes all open offers.
func (s *step) endOffers(outcome cdr.OfferOutcome) {
	for len(s.Open) > 0 {
		s.endOffer(&s.Open[0], outcome)
	}
}

// forgetOffer takes an offer off the list.
func (s *step) forgetOffer(o Offer) {
	s.Open = slices.DeleteFunc(s.Open, func(open Offer) bool { return open.ID == o.ID })
	if o.AwaitPop {
		s.cancelTimer(popTimer + string(o.ID))
	}
}

// hangUpLeg ends a leg that may still be there, once.
func (s *step) hangUpLeg(ch ChannelID, reason HangUpReason) {
	if l := s.leg(ch); l != nil && !l.HungUp {
		l.HungUp, l.Elsewhere = true, reason == AnsweredElsewhere
		s.do(HangUp{Channel: ch, Reason: reason})
	}
}

// reason is what the phone of a leg that is hung up is told.
func (l *Leg) reason() HangUpReason {
	if l.Elsewhere {
		return AnsweredElsewhere
	}
	return Normal
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

package call

import (
	"time"

	"linekeeper/cdr"
)

// endTimer bounds the wait for the last channels to go.
const endTimer = "end"

// endWait is how long the last channels may take to go before the call is
// closed without them; the next inventory hangs up what is left.
const endWait = 10 * time.Second

// ringNet is how much longer than the offer Asterisk lets a phone ring.
const ringNet = 10 * time.Second

// gone follows the end of a channel.
func (s *step) gone(ev Gone) {
	if ev.Channel != s.Channel {
		s.legGone(ev)
		s.finish()
		return
	}
	if s.Gone {
		return
	}
	s.keepWish()
	if s.waitsAway() {
		if s.Bridged && len(s.Legs) == 0 { // an empty bridge need not wait with it
			s.Bridged = false
			s.do(DestroyBridge{Bridge: BridgeFor(s.Call)})
		}
		s.hungUpForNow()
		return
	}
	s.Gone = true
	s.endWith(Ending{Cause: ev.Cause, By: partyOf(ev.Cause), Code: ev.Code}, Normal)
	s.finish()
}

// partyOf says who ended a channel that went for a cause.
func partyOf(cause cdr.EndCause) cdr.Party {
	if cause == cdr.EndHangup {
		return cdr.ByCaller
	}
	return cdr.BySystem
}

// hangUpAsked ends the call from the desk. An agent who waits for the customer of
// a callback gives up this try; else who is to be called back is not any more.
func (s *step) hangUpAsked() {
	switch {
	case s.Ending != nil:
	case s.dialsOut():
		s.notReached(cdr.ByAgent, 0)
	case s.away() && s.picked() != nil:
		s.customerMissed(0)
	case s.away():
		_ = s.cancel(cdr.ByAgent) // it waits for one: it is away
	default:
		s.endWith(Ending{Cause: cdr.EndHangup, By: cdr.ByAgent}, Normal)
	}
}

// end ends the call from our side.
func (s *step) end(cause cdr.EndCause, by cdr.Party, reason HangUpReason) {
	s.endWith(Ending{Cause: cause, By: by}, reason)
}

// endWith closes whatever is open (offer, place, talk), hangs up what is left,
// and waits for it to be gone. The first ending counts.
func (s *step) endWith(e Ending, reason HangUpReason) {
	if s.Ending != nil {
		return
	}
	if s.unlentYet() {
		s.stopAsking()
		s.nothing()
		return
	}
	s.Ending = &e
	if s.Line != nil {
		s.leaveLine(e)
	}
	s.outOver()
	s.partiesOver()
	if s.Talk != nil {
		s.endTalk(e.By)
	}
	s.Saying, s.Outside = nil, nil
	s.dropDialogue()
	s.dropCustomer()
	for _, l := range s.Legs {
		s.hangUpLeg(l.Channel, Normal)
	}
	if !s.Gone {
		s.do(HangUp{Channel: s.Channel, Reason: reason})
	}
	if s.Bridged {
		s.do(DestroyBridge{Bridge: BridgeFor(s.Call)})
	}
	s.setTimer(endTimer, endWait)
	s.finish()
}

// finish closes the story once nothing of the call is left. A message under way
// when the caller hung up is told first.
func (s *step) finish() {
	if s.Ending == nil || !s.Gone || len(s.Legs) > 0 || s.recording() || s.Over {
		return
	}
	s.Over = true
	s.tapesLost()
	s.tell(cdr.Ended{Cause: s.Ending.Cause, By: s.Ending.By, Code: s.Ending.Code})
	s.cancelTimer(endTimer)
	s.out.done = true
}

// giveUp closes the story of a call whose last channels do not go.
func (s *step) giveUp() {
	s.Gone, s.Legs, s.Message = true, nil, nil
	s.finish()
}

// nodeLost: Asterisk died, and every channel of the call with it. A callback's
// place needs none.
func (s *step) nodeLost() {
	s.keepWish()
	if s.waitsAway() {
		s.legsLost()
		s.hungUpForNow()
		return
	}
	s.tapesLost()
	s.Gone, s.Legs, s.Bridged, s.Message = true, nil, false, nil
	s.endWith(Ending{Cause: cdr.EndNodeLost, By: cdr.BySystem}, Normal)
	s.finish()
}

// legsLost ends what the legs of a callback were doing. That the customer was not
// reached is not the customer's doing, but a try all the same.
func (s *step) legsLost() {
	s.tapesLost()
	s.Legs, s.Bridged = nil, false
	if s.Callback.Leg != "" {
		s.customerMissed(0)
	}
	s.endOffers(cdr.OfferLost)
}

package call

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
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

// hangUpAsked ends the call from the desk.
func (s *step) hangUpAsked() {
	if s.Ending == nil {
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
	s.Ending = &e
	lost := e.Cause != cdr.EndHangup && e.Cause != cdr.EndFlow
	if s.Offer != nil {
		outcome := cdr.OfferCallerGone
		if lost {
			outcome = cdr.OfferLost
		}
		s.endOffer(outcome)
	}
	if s.Line != nil {
		s.leaveLine(lost)
	}
	if s.Talk != nil {
		s.endTalk(e.By)
	}
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

// leaveLine gives up the call's place.
func (s *step) leaveLine(lost bool) {
	waited := s.now.Sub(s.Line.EnteredAt)
	left := cdr.QueueLeft{Queue: s.Line.Queue, Cause: cdr.LeftAbandoned, Waited: waited}
	if lost {
		left.Cause = cdr.LeftLost
	} else {
		left.Short = waited < s.rules.Queues[s.Line.Queue].ShortAbandon
	}
	s.tell(left)
	s.tellFloor(queue.Leave{Call: s.Call})
	s.Line = nil
}

// finish closes the story once nothing of the call is left.
func (s *step) finish() {
	if s.Ending == nil || !s.Gone || len(s.Legs) > 0 || s.Over {
		return
	}
	s.Over = true
	s.tell(cdr.Ended{Cause: s.Ending.Cause, By: s.Ending.By, Code: s.Ending.Code})
	s.cancelTimer(endTimer)
	s.out.done = true
}

// giveUp closes the story of a call whose last channels do not go.
func (s *step) giveUp() {
	s.Gone, s.Legs = true, nil
	s.finish()
}

// nodeLost: Asterisk died, and every channel of the call with it.
func (s *step) nodeLost() {
	s.Gone, s.Legs, s.Bridged = true, nil, false
	s.endWith(Ending{Cause: cdr.EndNodeLost, By: cdr.BySystem}, Normal)
	s.finish()
}

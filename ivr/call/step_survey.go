package call

import (
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// survey holds the call against what Asterisk really has: channels that went
// unseen are gone, legs that were answered unseen are answered, a pair that is
// not together is brought together, and what should be gone is hung up again.
//
// Only what was seen in Asterisk before the reading began can be missing from
// it: a leg asked for in the meantime is merely not there yet.
func (s *step) survey(inv Inventory) {
	if inv.Reborn {
		s.nodeLost()
		return
	}
	s.missing(inv, func(since time.Time) bool { return since.Before(inv.Began) })
	s.unseen(inv)
	s.hangUpAgain()
	s.hangUpStrays(inv)
	if s.Talk != nil && s.Talk.Since.Before(inv.Began) && len(s.unbridged(inv)) > 0 {
		s.joinAgain()
	}
}

// missing ends what is not there any more. due says whether something known
// since a time must be in the inventory.
func (s *step) missing(inv Inventory, due func(since time.Time) bool) {
	if !s.has(inv, s.Channel) && due(s.ArrivedAt) {
		s.gone(Gone{Channel: s.Channel, Cause: cdr.EndLostSight})
	}
	for _, l := range slices.Clone(s.Legs) {
		late := inv.Began.Sub(l.Since) > endWait
		if !s.has(inv, l.Channel) && (l.Ready && due(l.Since) || late) {
			s.gone(Gone{Channel: l.Channel, Cause: cdr.EndLostSight})
		}
	}
}

// unseen follows what happened to legs while nobody was looking.
func (s *step) unseen(inv Inventory) {
	for _, l := range slices.Clone(s.Legs) {
		seen := find(inv, l.Channel)
		if seen != nil && !l.Ready {
			s.legReady(l.Channel)
		}
		if seen != nil && seen.Up {
			s.answered(l.Channel)
		}
	}
}

// hangUpStrays ends legs in the call's name that the call knows nothing of.
func (s *step) hangUpStrays(inv Inventory) {
	for _, seen := range inv.Channels {
		if id, ours := CallOf(seen.Channel); ours && id == s.Call && s.leg(seen.Channel) == nil {
			s.do(HangUp{Channel: seen.Channel, Reason: Normal})
		}
	}
}

func (s *step) has(inv Inventory, ch ChannelID) bool { return find(inv, ch) != nil }

func find(inv Inventory, ch ChannelID) *ChannelSeen {
	for i := range inv.Channels {
		if inv.Channels[i].Channel == ch {
			return &inv.Channels[i]
		}
	}
	return nil
}

// reclaim takes a call back after a restart, from the first inventory of its
// node: what went meanwhile is gone, and what is left goes on where it was.
func (s *step) reclaim(inv Inventory) {
	if inv.Reborn {
		s.nodeLost()
		return
	}
	if s.Line != nil && s.queueGone() {
		s.leaveGoneQueue()
	}
	if s.Line != nil {
		s.tellFloor(s.enterEvent())
	}
	if s.Talk != nil {
		s.tellFloor(queue.Talking{Call: s.Call, Agent: s.Talk.Agent, Queue: s.Talk.Queue})
	}
	ended, where := s.Ending != nil, s.where()
	if !ended && s.has(inv, s.Channel) {
		s.tell(cdr.Reclaimed{Node: s.Node, Where: where})
	}
	// Nothing is in flight any more: what is not there will never be, whatever
	// the clocks say.
	for i := range s.Legs {
		s.Legs[i].Ready = s.Legs[i].Ready || !s.has(inv, s.Legs[i].Channel)
	}
	s.missing(inv, func(time.Time) bool { return true })
	s.unseen(inv)
	switch {
	case ended:
		s.hangUpRest()
	case s.Ending == nil:
		s.goOn(inv, where)
	}
}

// queueGone says that the call waits in a queue that is no longer defined.
func (s *step) queueGone() bool {
	_, defined := s.rules.Queues[s.Line.Queue]
	return !defined
}

// leaveGoneQueue takes the call out of a queue that is no longer defined: it goes
// through its number's flow anew, and keeps since when it has waited.
func (s *step) leaveGoneQueue() {
	s.Kept = s.Line.EnteredAt
	if s.Offer != nil {
		s.endOffer(cdr.OfferWithdrawn)
	}
	s.tell(cdr.QueueLeft{Queue: s.Line.Queue, Cause: cdr.LeftClosed, Waited: s.now.Sub(s.Line.EnteredAt)})
	s.Line = nil
}

// where says what the call was doing.
func (s *step) where() string {
	switch {
	case s.Talk != nil:
		return "talk"
	case s.Offer != nil:
		return "offer"
	case s.Line != nil:
		return "queue"
	default:
		return "flow"
	}
}

// goOn repeats what the dead controller may have left undone where the call was.
// Each of it is harmless when it was done.
func (s *step) goOn(inv Inventory, where string) {
	seen := find(inv, s.Channel)
	if seen.Call == "" {
		s.do(Adopt{Channel: s.Channel, Call: s.Call, Language: s.Language})
	}
	if s.PickedUp && !seen.Up {
		s.do(Answer{Channel: s.Channel})
	}
	switch {
	case where == "talk" && s.Talk != nil:
		if missing := s.unbridged(inv); len(missing) > 0 {
			s.do(StopMusic{Channel: s.Channel}, CreateBridge{Bridge: BridgeFor(s.Call)},
				Join{Bridge: BridgeFor(s.Call), Channels: missing})
		}
	case s.Line != nil:
		s.hearMusic()
		if s.Offer != nil && !ringsOrUp(find(inv, s.Offer.Leg)) {
			// Whether the phone was told to ring cannot be known: offer anew.
			s.endOffer(cdr.OfferLost)
		}
	case where == "flow":
		s.resumeFlow()
	}
}

// resumeFlow goes on in the flow where the call was, or from its beginning when
// its queue has gone.
func (s *step) resumeFlow() {
	flow := s.flow()
	switch {
	case flow == nil:
		s.end(cdr.EndFault, cdr.BySystem, Congestion)
	case !s.Kept.IsZero():
		s.startFlow(flow, s.Language)
	default:
		s.play(s.Flow.Resume(flow))
	}
}

func ringsOrUp(seen *ChannelSeen) bool { return seen != nil && (seen.Ringing || seen.Up) }

// unbridged are the talking channels that are not in the call's bridge.
func (s *step) unbridged(inv Inventory) []ChannelID {
	var in []ChannelID
	for _, b := range inv.Bridges {
		if b.Bridge == BridgeFor(s.Call) {
			in = b.Channels
		}
	}
	var out []ChannelID
	for _, ch := range []ChannelID{s.Channel, s.Talk.Leg} {
		if s.has(inv, ch) && !slices.Contains(in, ch) {
			out = append(out, ch)
		}
	}
	return out
}

// hangUpRest ends what an ended call still has in Asterisk.
func (s *step) hangUpRest() {
	s.hangUpAgain()
	if s.Bridged {
		s.do(DestroyBridge{Bridge: BridgeFor(s.Call)})
	}
	s.setTimer(endTimer, endWait)
	s.finish()
}

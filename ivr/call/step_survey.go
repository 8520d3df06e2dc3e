package call

import (
	"slices"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// survey holds the call against what Asterisk really has: channels that went
// unseen are gone, legs that were answered unseen are answered.
//
// Only what was seen in Asterisk before the reading began can be missing from
// it: a leg asked for in the meantime is merely not there yet.
func (s *step) survey(inv Inventory) {
	if inv.Reborn {
		s.nodeLost()
		return
	}
	if !s.has(inv, s.Channel) && s.ArrivedAt.Before(inv.Began) {
		s.gone(Gone{Channel: s.Channel, Cause: cdr.EndLostSight})
	}
	for _, l := range slices.Clone(s.Legs) {
		seen := find(inv, l.Channel)
		switch {
		case seen == nil && l.Ready && l.Since.Before(inv.Began):
			s.gone(Gone{Channel: l.Channel, Cause: cdr.EndLostSight})
		case seen == nil && inv.Began.Sub(l.Since) > endWait:
			s.gone(Gone{Channel: l.Channel, Cause: cdr.EndLostSight})
		case seen != nil && !l.Ready:
			s.legReady(l.Channel)
		case seen != nil && seen.Up:
			s.answered(l.Channel)
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
	// Nothing is in flight any more: a leg that is not there will never be.
	for i := range s.Legs {
		s.Legs[i].Ready = s.Legs[i].Ready || !s.has(inv, s.Legs[i].Channel)
		s.Legs[i].Since = s.ArrivedAt
	}
	if s.Line != nil {
		s.tellFloor(s.enterEvent())
	}
	if s.Talk != nil {
		s.tellFloor(queue.Talking{Call: s.Call, Agent: s.Talk.Agent, Queue: s.Talk.Queue})
	}
	if s.Ending != nil {
		s.survey(inv)
		s.hangUpRest(inv)
		return
	}
	where := s.where()
	if s.has(inv, s.Channel) {
		s.tell(cdr.Reclaimed{Node: s.Node, Where: where})
	}
	s.survey(inv)
	if s.Ending == nil {
		s.goOn(inv, where)
	}
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
		flow := s.flow()
		if flow == nil {
			s.end(cdr.EndFault, cdr.BySystem, Congestion)
			return
		}
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
func (s *step) hangUpRest(inv Inventory) {
	if !s.Gone && s.has(inv, s.Channel) {
		s.do(HangUp{Channel: s.Channel, Reason: Normal})
	}
	for _, l := range s.Legs {
		s.do(HangUp{Channel: l.Channel, Reason: Normal})
	}
	if s.Bridged {
		s.do(DestroyBridge{Bridge: BridgeFor(s.Call)})
	}
	s.setTimer(endTimer, endWait)
	s.finish()
}

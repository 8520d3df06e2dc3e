package call

import (
	"slices"
	"time"

	"linekeeper/cdr"
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
	talks := s.Talk != nil && s.Talk.Since.Before(inv.Began) || s.Outside != nil && s.Outside.Up
	if talks && len(s.unbridged(inv)) > 0 {
		s.joinAgain()
	}
}

// missing ends what is not there any more. due says whether something known
// since a time must be in the inventory.
func (s *step) missing(inv Inventory, due func(since time.Time) bool) {
	since := s.ArrivedAt
	if !s.LineSince.IsZero() {
		since = s.LineSince
	}
	if !s.Gone && !s.has(inv, s.Channel) && due(since) {
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
		// A leg that rings at once comes into our hands with its answer, not before.
		o := s.offerOf(l.Channel)
		if comes := o != nil && o.AtOnce || s.ringsAgain(l.Channel); seen != nil && !l.Ready && !comes {
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
		if id, ours := CallOf(seen.Channel); ours && id == s.Call && s.leg(seen.Channel) == nil && seen.Channel != s.Channel {
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

// unbridged are the talking channels that are not in the call's bridge.
func (s *step) unbridged(inv Inventory) []ChannelID {
	var in []ChannelID
	for _, b := range inv.Bridges {
		if b.Bridge == BridgeFor(s.Call) {
			in = b.Channels
		}
	}
	var out []ChannelID
	for _, ch := range s.together() {
		if s.has(inv, ch) && !slices.Contains(in, ch) {
			out = append(out, ch)
		}
	}
	return out
}

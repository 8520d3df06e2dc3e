package call

import (
	"linekeeper/cdr"
	"linekeeper/queue"
)

// An agent with a desk phone beside the console is one agent with two phones. An offer
// has a leg to each that is there (Offer.Leg and Offer.Other), and is one offer:
//
//	both ring ──answered on one──▶ that leg is the offer's, and the agent's from
//	    │                          then on; the other stops: answered elsewhere
//	    ├──one goes by itself────▶ the other rings on, alone
//	    └──rejected on one, withdrawn, caller gone──▶ both stop
//
// Whatever else is done with the offer knows nothing of it: callbacks, calls an agent
// makes, and who is consulted go by the leg the offer has once it is answered.

// legsOn are the legs of an offer towards the phones that are to be rung.
func legsOn(offer cdr.OfferID, on queue.Reach) (leg, other ChannelID) {
	switch on {
	case queue.OnBoth:
		return LegID(offer), DeskLegID(offer)
	case queue.OnDesk:
		return DeskLegID(offer), ""
	default:
		return LegID(offer), ""
	}
}

// endpointOf is the phone that a leg towards an agent rings.
func endpointOf(agent string, leg ChannelID) string {
	if toDesk(leg) {
		agent = queue.DeskPhone(agent)
	}
	return "PJSIP/" + agent
}

// legs are the offer's, one for each phone that rings.
func (o *Offer) legs() []ChannelID {
	if o.Other == "" {
		return []ChannelID{o.Leg}
	}
	return []ChannelID{o.Leg, o.Other}
}

// settleOn makes one of an offer's legs its only one, and gives the other: the agent
// is on that phone now, or it is the one that is left. Whoever knows the leg by the
// offer is told.
func (s *step) settleOn(o *Offer, leg ChannelID) (other ChannelID) {
	if o.Other == "" {
		return ""
	}
	other = o.Other
	if other == leg {
		other = o.Leg
	}
	o.Leg, o.Other = leg, ""
	if p := s.party(o.Party); p != nil {
		p.Leg = leg
	}
	if s.Out != nil && s.Out.Offer == o.ID {
		s.Out.Leg = leg
	}
	return other
}

// ringsOn says whether an offer goes on without one of its legs, on the other: unless
// the agent has said no.
func (s *step) ringsOn(o *Offer, without ChannelID, because cdr.OfferOutcome) bool {
	if o == nil || o.Other == "" || because == cdr.OfferRejected {
		return false
	}
	left := o.Leg
	if left == without {
		left = o.Other
	}
	s.settleOn(o, left)
	return true
}

// legLost ends what there is of a leg that does not ring any more, or was never told
// to, and with the last of them the offer.
func (s *step) legLost(leg ChannelID) {
	o := s.offerOf(leg)
	if s.ringsOn(o, leg, cdr.OfferLost) {
		s.hangUpLeg(leg, Normal)
		return
	}
	if o != nil {
		s.endOffer(o, cdr.OfferLost)
	}
}

// answeredOn is the leg that was answered, if it is not the one the offer told of
// when it rang.
func answeredOn(o Offer) string {
	if o.Leg == o.Rang || o.Rang == "" {
		return ""
	}
	return string(o.Leg)
}

package agentdesk

import (
	"slices"

	"linekeeper/cdr"
)

// offer is one of the open offers, nil if it is not.
func (c *call) offer(id cdr.OfferID) *Offer {
	for i := range c.Open {
		if c.Open[i].ID == id {
			return &c.Open[i]
		}
	}
	return nil
}

// openOffer opens an offer beside those of other agents: with ring-all several
// phones ring for one call. One agent has one.
func (b *Board) openOffer(c *call, f cdr.Fact, s cdr.Offered) {
	b.shut(c, func(o Offer) bool { return o.Agent == s.Agent })
	c.Open = append(c.Open, Offer{
		ID: s.Offer, Agent: s.Agent, At: f.At, Ring: seconds(s.Ring), Why: s.Why, More: s.More, Passed: s.Passed, Callback: s.Callback,
	})
	b.offers[s.Offer] = c.ID
}

func (b *Board) closeOffers(c *call) {
	b.shut(c, func(Offer) bool { return true })
}

// shut closes those of a call's offers that are to be.
func (b *Board) shut(c *call, which func(Offer) bool) {
	c.Open = slices.DeleteFunc(c.Open, func(o Offer) bool {
		if !which(o) {
			return false
		}
		delete(b.offers, o.ID)
		return true
	})
}

// endOffer closes an offer. An answered one stays until Connected, so that the
// agent who picked up does not lose the page for a moment between two facts.
func (b *Board) endOffer(c *call, s cdr.OfferEnded) bool {
	if s.Channel != "" {
		c.rang(s.Agent, s.Channel)
	}
	if c.offer(s.Offer) == nil || s.Outcome == cdr.OfferAnswered {
		return false
	}
	b.shut(c, func(o Offer) bool { return o.ID == s.Offer })
	return true
}

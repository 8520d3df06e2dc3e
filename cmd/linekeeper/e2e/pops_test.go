package e2e

import (
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
)

// popPromised is how long a phone waits for the agent's page to show the pop.
const popPromised = 400 * time.Millisecond

// rangLate are the offers whose phone rang without the pop, for having waited as long as
// is promised: a busy machine keeps a page from painting, and the product is right.
func rangLate(facts []cdr.Fact) map[cdr.OfferID]bool {
	offered, late := map[cdr.OfferID]time.Time{}, map[cdr.OfferID]bool{}
	for _, f := range facts {
		switch s := f.Story.(type) {
		case cdr.Offered:
			offered[s.Offer] = f.At
		case cdr.Rung:
			late[s.Offer] = !s.Popped && f.At.Sub(offered[s.Offer]) >= popPromised
		}
	}
	return late
}

// popsInPlace moves a pop that came after the phone had rung late to before that.
func popsInPlace(facts []cdr.Fact) []cdr.Fact {
	late := rangLate(facts)
	for i, f := range facts {
		if s, is := f.Story.(cdr.Rung); is && late[s.Offer] {
			if after := popOf(facts[i:], s.Offer); after > 0 {
				pop := facts[i+after]
				facts = slices.Insert(slices.Delete(facts, i+after, i+after+1), i, pop)
			}
		}
	}
	return facts
}

// withoutLostPops takes from the kinds that are wanted the pops that are never told: the
// phone rang late, and the offer was over before the page had shown it.
func withoutLostPops(kinds []cdr.Kind, facts []cdr.Fact) []cdr.Kind {
	kinds = slices.Clone(kinds)
	late, over := rangLate(facts), map[cdr.OfferID]bool{}
	for _, f := range facts {
		if s, is := f.Story.(cdr.OfferEnded); is {
			over[s.Offer] = true
		}
	}
	nth := 0
	for _, f := range facts {
		if s, is := f.Story.(cdr.Rung); is {
			if nth++; late[s.Offer] && over[s.Offer] && popOf(facts, s.Offer) < 0 {
				kinds = withoutPop(kinds, nth)
			}
		}
	}
	return kinds
}

// withoutPop takes from the kinds the pop before the n-th ring, if there is one.
func withoutPop(kinds []cdr.Kind, nth int) []cdr.Kind {
	pop := -1
	for i, k := range kinds {
		switch k {
		case cdr.KindOffered:
			pop = -1
		case cdr.KindPopped:
			pop = i
		case cdr.KindRung:
			if nth--; nth == 0 && pop >= 0 {
				return slices.Delete(kinds, pop, pop+1)
			}
		}
	}
	return kinds
}

// popOf is where the pop of an offer is told, or -1.
func popOf(facts []cdr.Fact, offer cdr.OfferID) int {
	return slices.IndexFunc(facts, func(f cdr.Fact) bool {
		p, is := f.Story.(cdr.Popped)
		return is && p.Offer == offer
	})
}

// TestLostPops: only a pop that the product owes nobody is not waited for.
func TestLostPops(t *testing.T) {
	wanted := []cdr.Kind{"offered", "popped", "rung", "offer-ended", "offered", "popped", "rung", "offer-ended"}
	second := slices.Delete(slices.Clone(wanted), 5, 6)
	begin := time.Unix(0, 0)
	// The first offer is as it should be.
	story := func(rangAfter time.Duration, more ...cdr.Story) (facts []cdr.Fact) {
		first := []cdr.Story{cdr.Offered{Offer: "1"}, cdr.Popped{Offer: "1"}, cdr.Rung{Offer: "1", Popped: true}, cdr.OfferEnded{Offer: "1"}, cdr.Offered{Offer: "2"}}
		for _, s := range first {
			facts = append(facts, cdr.Fact{At: begin, Story: s})
		}
		for _, s := range more {
			facts = append(facts, cdr.Fact{At: begin.Add(rangAfter), Story: s})
		}
		return facts
	}
	rung, over, pop := cdr.Rung{Offer: "2"}, cdr.OfferEnded{Offer: "2"}, cdr.Popped{Offer: "2"}
	for name, try := range map[string]struct {
		facts []cdr.Fact
		want  []cdr.Kind
	}{
		"rang late, answered at once":  {story(popPromised, rung, over), second},
		"rang late, popped after that": {story(popPromised, rung, pop, over), wanted},
		"rang late, and rings yet":     {story(popPromised, rung), wanted},
		"rang too soon":                {story(popPromised-time.Millisecond, rung, over), wanted},
		"never told, though it popped": {story(popPromised, cdr.Rung{Offer: "2", Popped: true}, over), wanted},
	} {
		if got := withoutLostPops(wanted, try.facts); !slices.Equal(got, try.want) {
			t.Errorf("%s: waited for are %v, want %v", name, got, try.want)
		}
	}
}

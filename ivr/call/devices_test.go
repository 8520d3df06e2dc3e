package call

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// rulesWithDesk are the rules of a site where david has a desk phone beside the console.
func rulesWithDesk() *Rules {
	rules := testRules()
	rules.Desks = map[string]bool{"david": true}
	return rules
}

// TestAnyTalkOnTwoPhonesTellsAWholeStory: one phone goes, both ring, either is
// answered, and the controller dies in between. There is one leg in the talk and no
// other is left.
func TestAnyTalkOnTwoPhonesTellsAWholeStory(t *testing.T) {
	kinds := []string{
		"page-gone", "page-gone", "page-gone", "timer", "timer", "phone-seen", "phone-seen", "ready", "ready", "answered", "answered",
		"rejected", "gone", "act", "act", "lend", "offer", "crash", "dies", "survey", "failed", "popped", "placed",
	}
	rapid.Check(t, func(t *rapid.T) {
		w := newSmallWorld(t)
		w.startTalk("3")
		for range rapid.IntRange(0, 40).Draw(t, "events") {
			w.pass(8)
			w.one(kinds)
		}
		w.hangEverythingUp()
		w.check()
	})
}

// anyReach draws which phones of an agent are there: david has two.
func anyReach(t *rapid.T, agent string) queue.Reach {
	if agent != "david" {
		return queue.OnPhone
	}
	return rapid.SampledFrom([]queue.Reach{queue.OnPhone, queue.OnBoth, queue.OnBoth, queue.OnDesk}).Draw(t, "reach")
}

// pointless names a channel that was made, is not to be hung up, and belongs to
// nothing the call is doing; "" if there is none. With two phones in one talk, or one
// that rings on after the other was answered, there is.
func pointless(state *State, made []ChannelID) ChannelID {
	s := &step{State: state}
	for _, ch := range made {
		t := state.Talk
		switch {
		case state.Over || ch == state.Channel || s.offerOf(ch) != nil || s.partyOf(ch) != nil || s.isOutside(ch) || s.ringsAgain(ch):
		case s.isSecond(ch) && (t.Second.Party != "" || state.Wanted != nil):
		case t != nil && t.Leg == ch, s.dialsOut() && state.Out.Up && state.Out.Leg == ch:
		default:
			return ch
		}
	}
	return ""
}

// checkLegs: whatever was made is for something.
func (w *smallWorld) checkLegs() {
	if ch := pointless(&w.state, slices.Sorted(maps.Keys(w.made))); ch != "" {
		w.t.Fatalf("channel %s is for nothing: %s\n%s", ch, fmt.Sprintf("talk %+v open %+v legs %+v", w.state.Talk, w.state.Open, w.state.Legs), w.story())
	}
}

// TestADeathWhileTwoPhonesRing: whatever the offer is for, on whichever phone it is
// answered and at whichever moment the controller dies, each leg there is is for
// something, and the story is whole.
func TestADeathWhileTwoPhonesRing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newSmallWorld(t)
		what := rapid.SampledFrom([]string{"call", "callback", "out", "consult", "again"}).Draw(t, "for")
		moments := w.ringsBoth(what, rapid.Bool().Draw(t, "pop"))
		on := rapid.SampledFrom([]string{"console", "desk"}).Draw(t, "answered on")
		death := rapid.IntRange(0, len(moments)+4).Draw(t, "dies at")
		moments = append(moments, w.allReady, func() { w.pickUp(on) }, w.allReady, func() { w.pickUp("outside") }, w.allReady)
		for n, moment := range moments {
			if n == death {
				w.dying = rapid.SampledFrom([]string{"unsaved", "saved"}).Draw(t, "dies")
			}
			moment()
			if w.dying != "" {
				w.dying = ""
				w.crash()
			}
			w.pass(1)
		}
		w.hangEverythingUp()
		w.check()
	})
}

// ringsBoth are the moments until both of david's phones ring.
func (w *smallWorld) ringsBoth(what string, pop bool) []func() {
	lend := func() {
		if len(w.wanted) > 0 {
			w.offerBoth(w.wanted[0].Stay, true, pop)
		}
	}
	rings := []func(){w.allReady, w.allPopped}
	switch what {
	case "callback":
		w.state = promisedState()
		clear(w.channels)
		f := FollowUp{Agent: "alice", Queue: "support", Number: "+33199001001", At: w.now.Add(time.Minute)}
		w.step(func(s *step) { s.take(followUpAsked{FollowUp: f, reply: make(chan error, 1)}) })
		return append([]func(){func() { w.offerBoth(w.state.Stays, false, pop) }}, rings...)
	case "out":
		w.state = promisedState()
		clear(w.channels)
		w.step(func(s *step) {
			s.take(dialAsked{agent: "david", queue: "support", number: "+33199001001", reply: make(chan error, 1)})
		})
		return append([]func(){lend}, rings...)
	case "consult":
		w.talkOf("alice")
		w.take(acted{agent: "alice", act: Invite{To: Target{Kind: cdr.PartyAgent, To: "david"}, Consult: true}, reply: make(chan error, 1)})
		return append([]func(){lend}, rings...)
	case "again":
		w.talkOf("david")
		return []func(){
			func() {
				if t := w.state.Talk; t != nil && t.Leg != "" {
					w.goneBy(t.Leg, codePageGone)
				}
			},
			func() { w.take(timeUp{key: ringAgainTimer}) },
		}
	default:
		w.take(fromSwitch{Incoming{Node: "lab", Channel: "caller", Number: "3", Caller: cdr.Caller{Number: "+33199001001"}}})
		return append([]func(){func() { w.offerBoth(w.state.Stays, false, pop) }}, rings...)
	}
}

// talkOf begins a talk of an agent's, on their console if they have one.
func (w *smallWorld) talkOf(agent string) {
	w.take(fromSwitch{Incoming{Node: "lab", Channel: "caller", Number: "3", Caller: cdr.Caller{Number: "+33199001001"}}})
	id := queue.OfferName(theCall, 1)
	w.open[id] = agent
	w.take(offerMade{Offer: queue.Offer{ID: id, Call: theCall, Agent: agent, Queue: w.placed, Stay: 1, Ring: 20 * time.Second}})
	w.pickUp("console")
	w.allReady()
}

// offerBoth offers the call to david on both phones.
func (w *smallWorld) offerBoth(stay int, asked, pop bool) {
	if w.state.Over || !asked && w.placed == "" {
		return
	}
	id := queue.OfferName(theCall, w.state.Offers+1)
	w.open[id] = "david"
	w.take(offerMade{
		Offer: queue.Offer{
			ID: id, Call: theCall, Agent: "david", On: queue.OnBoth, Queue: "support", Stay: stay, Ring: 20 * time.Second,
			Asked: asked, Callback: !asked && w.state.waitsAway(),
		},
		awaitPop: pop,
	})
}

// allReady tells of each leg that is there: those that ring at once come with their
// answer.
func (w *smallWorld) allReady() {
	for _, ch := range slices.Sorted(maps.Keys(w.channels)) {
		if ch != "caller" && w.channels[ch] != "ringing" {
			w.take(fromSwitch{LegReady{Channel: ch}})
		}
	}
}

func (w *smallWorld) allPopped() {
	for _, o := range w.state.Open {
		w.take(popShown{agent: o.Agent, offer: o.ID})
	}
}

// pickUp answers the first phone of a kind that rings.
func (w *smallWorld) pickUp(kind string) {
	for _, ch := range slices.Sorted(maps.Keys(w.channels)) {
		outside := (&step{State: &w.state}).isOutside(ch)
		if w.channels[ch] != "ringing" || outside != (kind == "outside") || !outside && toDesk(ch) != (kind == "desk") {
			continue
		}
		w.channels[ch] = "up"
		w.take(fromSwitch{Answered{Channel: ch}})
		return
	}
}

package call

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// phoneDials has the agent's phone dial somebody by itself.
func (w *smallWorld) phoneDials(number string) {
	ch := ChannelID(fmt.Sprintf("second-%d", len(w.facts)))
	if w.state.Over || w.channels[ch] != "" {
		return
	}
	w.made[ch], w.channels[ch] = true, "down"
	w.dialled[ch] = Incoming{
		Node: "lab", Channel: ch, Phone: w.state.phoneInHand(),
		Number: number,
	}
	w.take(fromSwitch{w.dialled[ch]})
}

// dialAgain tells the next controller what it finds dialled and no call knows.
func (w *smallWorld) dialAgain() {
	for _, ch := range slices.Sorted(maps.Keys(w.dialled)) {
		switch {
		case w.channels[ch] == "" || w.state.leg(ch) != nil:
		case w.state.Over: // a call of its own, which is none of this story
			delete(w.channels, ch)
			delete(w.made, ch)
		default:
			w.made[ch] = true
			w.take(fromSwitch{w.dialled[ch]})
		}
	}
}

// phoneJoins has the agent's phone ask for its two lines to be joined, on either.
func (w *smallWorld) phoneJoins() {
	t := w.state.Talk
	if t == nil || t.Second == nil || w.channels[t.Second.Channel] == "" || w.channels[t.Leg] == "" {
		return
	}
	on, other := t.Leg, t.Second.Channel
	if rapid.Bool().Draw(w.t, "on the second") {
		on, other = other, on
	}
	w.joining[on] = other
	w.take(fromSwitch{PhoneTransfers{Channel: on, To: "david", Other: other}})
}

// TestADeathWhileAPhoneConsults: at whichever moment the controller dies while alice's
// phone consults somebody and gives them the caller, the caller is with one of the two or
// hears the other's phone ring, and Asterisk is never told that it is done while the phone's other line is there.
func TestADeathWhileAPhoneConsults(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newSmallWorld(t)
		w.talkOf("alice")
		to := rapid.SampledFrom([]string{"+33199000777", "david"}).Draw(t, "dials")
		moments := []func(){
			func() { w.take(fromSwitch{PhoneHolds{Channel: w.state.Talk.Leg, On: true}}) },
			func() { w.phoneDials(to) },
			func() {
				if len(w.wanted) > 0 {
					w.offerBoth(w.wanted[0].Stay, true, false)
				}
			},
			w.allReady,
			func() { w.pickUp("outside"); w.pickUp("console") },
			w.allReady,
			w.phoneJoins,
			w.hungUpGo, w.hungUpGo, w.hungUpGo,
		}
		death := rapid.IntRange(0, len(moments)).Draw(t, "dies at")
		for n, moment := range moments {
			if n == death {
				w.dying = rapid.SampledFrom([]string{"unsaved", "saved"}).Draw(t, "dies")
			}
			moment()
			if w.dying != "" {
				w.dying, w.wanted, w.state.Wanted = "", nil, nil
				w.restart()
			}
			w.pass(1)
		}
		if s := &w.state; w.channels["caller"] != "up" || s.Talk == nil && s.taker() == nil && (s.Outside == nil || !s.Outside.Up) {
			t.Fatalf("the caller is with nobody\n%s", w.story())
		}
		if s := &w.state; death == len(moments) && s.Outside == nil && (s.Talk == nil || s.Talk.Agent != "david") {
			t.Fatalf("nobody died, and nothing was given\n%s", w.story())
		}
		w.hangEverythingUp()
		w.check()
	})
}

// hungUpGo tells the end of whatever was told to go.
func (w *smallWorld) hungUpGo() {
	for _, ch := range slices.Sorted(maps.Keys(w.channels)) {
		if l := w.state.leg(ch); l != nil && l.HungUp {
			w.goneBy(ch, 16)
		}
	}
}

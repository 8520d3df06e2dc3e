package e2e

import (
	"context"
	"fmt"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// voice is somebody in a conference, known by the pitch they hum at.
type voice struct {
	who   string
	call  *phone.Call
	pitch int
}

// TestConferenceOfSix: caller, agent, a colleague and three from outside. Each hears
// the five others, and not themselves; there is no room for a seventh; one leaves, and
// the five go on, with room for one again.
func TestConferenceOfSix(t *testing.T) {
	s := begin(t)
	bruno, chloe, outside := s.agent(t, "bruno"), s.agent(t, "chloe"), s.outside(t)
	c, talk := s.inTalkBeside(t, bruno, chloe)
	asks := func(to deskclient.Target) error {
		return bruno.tries(func(ctx context.Context) error { return bruno.desk.Invite(ctx, c.id, to, false) })
	}
	room := []voice{{"the caller", c.Call, 440}, {"Bruno", talk, 600}}
	for n := range 4 {
		to, answer := deskclient.Target{Kind: cdr.PartyAgent, To: "chloe"}, func() *phone.Call { return chloe.answer(t) }
		if n > 0 {
			to = deskclient.Target{Kind: cdr.PartyNumber, To: fmt.Sprintf("+3319900560%d", n)}
			answer = func() *phone.Call { return pickUp(t, rings(t, outside)) }
		}
		if err := asks(to); err != nil {
			t.Fatal(err)
		}
		room = append(room, voice{to.To, answer(), 760 + 160*n})
		c.awaitNth(t, cdr.KindPartyJoined, n+1)
	}
	s.together(t, c.id, 6)
	hearEachOther(t, room)

	seventh := deskclient.Target{Kind: cdr.PartyNumber, To: "+33199005609"}
	if err := asks(seventh); deskclient.Code(err) != "too-many-parties" {
		t.Errorf("a seventh: %v", err)
	}
	notDialled(t, outside)
	s.together(t, c.id, 6)

	gone := room[3]
	hangUp(t, gone.call)
	c.await(t, cdr.KindPartyLeft)
	room = append(room[:3:3], room[4:]...)
	s.together(t, c.id, 5)
	hearEachOther(t, room)
	until(t, gone.who+" is heard by nobody", patient, func() error { return heardBy(room, gone.pitch) })
	if err := asks(seventh); err != nil {
		t.Errorf("one has left, and there is no room for another: %v", err)
	}
	room = append(room, voice{seventh.To, pickUp(t, rings(t, outside)), gone.pitch})
	s.together(t, c.id, 6)
	hearEachOther(t, room)

	hangUp(t, c.Call)
	for _, v := range room[1:] {
		over(t, v.who, v.call)
	}
	bruno.wrapUp(t, c.id, cdr.NotReady)
	chloe.awaitState(t, cdr.Ready)
	r := s.record(t, c.visit)
	if len(r.Guests) != 5 || len(r.Talks) != 1 {
		t.Errorf("the record has the guests %+v, the talks %+v", r.Guests, r.Talks)
	}
	for _, g := range r.Guests {
		if g.JoinedAt.IsZero() || g.Talked <= 0 || g.By != "bruno" {
			t.Errorf("%s is told as %+v", g.Target, g)
		}
	}
}

// hearEachOther waits until each hears all others at once, and not themselves.
func hearEachOther(t *testing.T, room []voice) {
	t.Helper()
	for _, v := range room {
		v.call.Hum(v.pitch)
	}
	for _, v := range room {
		until(t, v.who+" hears the others", patient, func() error {
			for _, other := range room {
				if hears := v.call.Hears(other.pitch); hears != (other.who != v.who) {
					return fmt.Errorf("hears %s: %t", other.who, hears)
				}
			}
			return nil
		})
	}
}

// heardBy says who of a room hears a pitch.
func heardBy(room []voice, pitch int) error {
	for _, v := range room {
		if v.call.Hears(pitch) {
			return fmt.Errorf("%s hears %d Hz", v.who, pitch)
		}
	}
	return nil
}

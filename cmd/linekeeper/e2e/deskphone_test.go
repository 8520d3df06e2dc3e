package e2e

import (
	"testing"

	"linekeeper/cdr"
)

// An agent with a desk phone and no console open is rung at once, in one request;
// all else is as with a console.

// TestADeskPhoneAlone: it rings, and what its owner does with it is what counts.
func TestADeskPhoneAlone(t *testing.T) {
	s := begin(t)
	bruno := s.deskPhone(t, "bruno")
	bruno.ready(t)
	call := s.call(t, straightIn)
	talk := bruno.answer(t)
	call.await(t, cdr.KindConnected)
	hears(t, "the caller", call.Call)
	hears(t, "Bruno", talk)
	hangUp(t, talk)
	over(t, "the caller", call.Call)
	call.await(t, cdr.KindEnded)
	bruno.wrapUp(t, call.id, cdr.Ready)
	call.await(t, cdr.KindWrappedUp)
	call.told(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "rung",
		"offer-ended", "queue-left", "connected", "talk-ended", "ended", "noted", "wrapped-up")
	if r := s.record(t, call.visit); r.EndedBy != cdr.ByAgent {
		t.Errorf("ended by %s", r.EndedBy)
	}

	gone := s.dial(t, identity{"", stranger()}, straightIn)
	ring := bruno.ring(t)
	gone.hangUp(t)
	<-ring.Over()
	gone.await(t, cdr.KindEnded)
	bruno.awaitState(t, cdr.Ready)
	if o := s.record(t, gone.visit).Offers[0]; o.Outcome != cdr.OfferCallerGone {
		t.Errorf("the caller hung up while it rang: %+v", o)
	}

	no := s.call(t, straightIn)
	if err := bruno.ring(t).Reject(t.Context()); err != nil {
		t.Fatal(err)
	}
	no.await(t, cdr.KindOfferEnded)
	hangUp(t, no.Call)
	if o := s.record(t, no.visit).Offers[0]; o.Outcome != cdr.OfferRejected {
		t.Errorf("Bruno said no: %+v", o)
	}
}

// TestADeskPhoneIsPickedUpWhileTheControllerIsAway: Bruno hears nobody for a moment
// and is not hung up on; the next controller brings the two together.
func TestADeskPhoneIsPickedUpWhileTheControllerIsAway(t *testing.T) {
	s := begin(t)
	bruno := s.deskPhone(t, "bruno")
	bruno.ready(t)
	call := s.call(t, straightIn)
	ring := bruno.ring(t)
	call.await(t, cdr.KindRung)

	s.killController(t)
	talk := pickUp(t, ring)
	s.startController(t)
	call.await(t, cdr.KindConnected)
	hears(t, "the caller", call.Call)
	hears(t, "Bruno", talk)
	hangUp(t, call.Call)
	over(t, "Bruno", talk)
	call.await(t, cdr.KindEnded)
	bruno.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindWrappedUp)
	call.told(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "rung", "reclaimed",
		"offer-ended", "queue-left", "connected", "talk-ended", "ended", "noted", "wrapped-up")
	s.assertTakenBack(t, s.record(t, call.visit))
}

package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
)

// TestHangUpInTheMenu: the caller has heard enough.
func TestHangUpInTheMenu(t *testing.T) {
	s := begin(t)
	call := s.dial(t, identity{"", stranger()}, helpdesk)
	call.hangUp(t)
	call.await(t, cdr.KindEnded)
	call.told(t, "arrived", "flow-started", "ended")
	assertEnd(t, s.record(t, call.visit), cdr.OutcomeInFlow, cdr.ByCaller)
}

// TestHangUpInTheQueue: nobody is there, and the caller does not wait long.
func TestHangUpInTheQueue(t *testing.T) {
	s := begin(t)
	call := s.dial(t, identity{"", stranger()}, straightIn)
	call.await(t, cdr.KindWaitEstimated)
	call.hangUp(t)
	call.await(t, cdr.KindEnded)
	call.told(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "queue-left", "ended")
	assertAbandoned(t, s.record(t, call.visit))
}

// assertAbandoned asserts that the caller gave up, and that it counts by how long they
// have waited.
func assertAbandoned(t *testing.T, r cdr.Record) {
	t.Helper()
	const short = 5 * time.Second // of the queue
	v, outcome := r.Visits[0], cdr.OutcomeAbandoned
	if v.Waited < short {
		outcome = cdr.OutcomeShortAbandon
	}
	assertEnd(t, r, outcome, cdr.ByCaller)
	if v.Cause != cdr.LeftAbandoned || v.Short != (v.Waited < short) {
		t.Errorf("the visit of the queue: %+v", v)
	}
}

// TestHangUpWhileThePhoneRings: the phone stops, and Bruno is free for the next.
func TestHangUpWhileThePhoneRings(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	bruno.ready(t)
	call := s.dial(t, identity{"", stranger()}, straightIn)
	ring := bruno.ring(t)
	if ring.Number != call.number {
		t.Errorf("Bruno's phone shows %q, not %s", ring.Number, call.number)
	}
	call.hangUp(t)
	<-ring.Over()
	call.await(t, cdr.KindEnded)
	bruno.awaitState(t, cdr.Ready)
	call.told(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "popped", "rung", "offer-ended", "queue-left", "ended")
	r := s.record(t, call.visit)
	assertAbandoned(t, r)
	o := r.Offers[0]
	if o.Outcome != cdr.OfferCallerGone {
		t.Errorf("the offer: %+v", o)
	}
	// A console that a busy machine keeps from showing it is not waited for for ever.
	if call.await(t, cdr.KindRung).Story.(cdr.Rung).Popped {
		if shown := bruno.shown(t, o.Offer); shown.After(ring.At) {
			t.Errorf("the phone had its INVITE %s before the console showed the call", shown.Sub(ring.At))
		}
	}
}

// TestHangUpInTheCall: the caller ends the talk; Bruno has his wrap-up.
func TestHangUpInTheCall(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	bruno.ready(t)
	call := s.dial(t, identity{"", stranger()}, straightIn)
	talk := bruno.answer(t)
	call.await(t, cdr.KindConnected)
	hears(t, "Bruno", talk)
	call.hangUp(t)
	over(t, "Bruno", talk)
	call.await(t, cdr.KindEnded)
	bruno.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindWrappedUp)
	call.told(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "popped", "rung",
		"offer-ended", "queue-left", "connected", "talk-ended", "ended", "noted", "wrapped-up")
	r := s.record(t, call.visit)
	assertEnd(t, r, cdr.OutcomeAnswered, cdr.ByCaller)
	if r.Talks[0].By != cdr.ByCaller || r.WrapUps[0].Disposition != "resolved" {
		t.Errorf("talk %+v, wrap-up %+v", r.Talks[0], r.WrapUps[0])
	}
	if a := bruno.awaitState(t, cdr.NotReady); a.Reason != "pause" {
		t.Errorf("Bruno is not ready because of %q", a.Reason)
	}
}

// TestTheAgentHangsUpTheirPhone: not in the console, but on the phone.
func TestTheAgentHangsUpTheirPhone(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	bruno.ready(t)
	call := s.dial(t, identity{"", stranger()}, straightIn)
	talk := bruno.answer(t)
	call.await(t, cdr.KindConnected)
	hangUp(t, talk)
	call.gone(t)
	bruno.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindWrappedUp)
	assertEnd(t, s.record(t, call.visit), cdr.OutcomeAnswered, cdr.ByAgent)
}

// TestManyHangUpsLeaveNothing: calls that are over leave no goroutine behind in the
// controller. What a controller that has just started still begins is no call's: of a
// few dozens of calls, one at least must leave nothing, and none does if each leaves
// something.
func TestManyHangUpsLeaveNothing(t *testing.T) {
	s := begin(t)
	const dozens, dozen, spare = 4, 12, 6 // idle connections come and go
	var left []string
	for range dozens {
		before := s.metric(t, "go_goroutine_count")
		for range dozen {
			call := s.dial(t, identity{"", stranger()}, helpdesk)
			call.hangUp(t)
			call.await(t, cdr.KindEnded)
		}
		err := wait(patient/2, func() error {
			if now := s.metric(t, "go_goroutine_count"); now == 0 || now > before+spare {
				return fmt.Errorf("%g, and %g before", now, before)
			}
			return nil
		})
		if err == nil {
			return
		}
		left = append(left, err.Error())
	}
	t.Errorf("after each dozen of calls the controller has more goroutines: %s", strings.Join(left, "; "))
}

// assertEnd asserts how a call that was hung up ended.
func assertEnd(t *testing.T, r cdr.Record, outcome cdr.Outcome, by cdr.Party) {
	t.Helper()
	if r.Outcome != outcome || r.Cause != cdr.EndHangup || r.EndedBy != by {
		t.Errorf("the record ends %s, %s by %s; want %s, hangup by %s", r.Outcome, r.Cause, r.EndedBy, outcome, by)
	}
}

package e2e

import (
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// TestNobodyLosesTheirPlace: two callers wait. Bruno lets his phone ring, Chloé
// says no in her console, then Bruno says no on his phone: the first caller stays
// the first, with the same entered-at, until Chloé answers; only then is the
// second one's turn.
func TestNobodyLosesTheirPlace(t *testing.T) {
	s := begin(t)
	bruno, chloe := s.agent(t, "bruno"), s.agent(t, "chloe")
	floor := s.watch(t)
	first := s.dial(t, identity{"", stranger()}, straightIn)
	entered := first.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	second := s.dial(t, identity{"", stranger()}, straightIn)
	second.await(t, cdr.KindQueueEntered)
	inOrder := func(when string) {
		t.Helper()
		sees(t, when+", the callers are in order", floor, func(now deskclient.State) bool {
			a, b := now.Calls[first.id], now.Calls[second.id]
			return a.Place == 1 && b.Place == 2 && a.EnteredAt.Equal(entered)
		})
	}
	inOrder("at first")

	bruno.ready(t)
	ring := bruno.ring(t)
	chosen(t, ring.Number, first)
	inOrder("while Bruno's phone rings")
	<-ring.Over() // nobody answers
	notReady(t, bruno, "ring-no-answer")
	inOrder("after Bruno did not answer")

	chloe.ready(t)
	ring = chloe.ring(t)
	chosen(t, ring.Number, first)
	ctx, cancel := soon()
	defer cancel()
	if err := chloe.desk.Reject(ctx, first.awaitNth(t, cdr.KindOffered, 2).Story.(cdr.Offered).Offer); err != nil {
		t.Fatal(err)
	}
	<-ring.Over()
	notReady(t, chloe, "rejected")
	inOrder("after Chloé said no")

	bruno.ready(t)
	ring = bruno.ring(t)
	chosen(t, ring.Number, first)
	if err := ring.Reject(ctx); err != nil {
		t.Fatal(err)
	}
	notReady(t, bruno, "rejected")
	inOrder("after Bruno said no")

	chloe.ready(t)
	ring = chloe.ring(t)
	chosen(t, ring.Number, first)
	talk := pickUp(t, ring)
	first.await(t, cdr.KindConnected)
	sees(t, "the second caller is the first now", floor, func(now deskclient.State) bool {
		return now.Calls[second.id].Place == 1 && now.Calls[first.id].State == agentdesk.Connected
	})
	hangUp(t, talk)
	chloe.wrapUp(t, first.id, cdr.Ready)
	ring = chloe.ring(t)
	chosen(t, ring.Number, second)
	second.hangUp(t)
	<-ring.Over()
	second.await(t, cdr.KindEnded)
	assertOffers(t, s.record(t, first.visit))
	s.record(t, second.visit)
}

// chosen asserts whose call rings.
func chosen(t *testing.T, number string, want *caller) {
	t.Helper()
	if number != want.number {
		t.Fatalf("the phone rings for %s, not for %s", number, want.number)
	}
}

// notReady waits until an agent is not ready for a reason.
func notReady(t *testing.T, a *agent, reason string) {
	t.Helper()
	a.awaitShown(t, "not ready because of "+reason, func(is agentdesk.Agent) bool {
		return is.State == cdr.NotReady && is.Reason == reason
	})
}

// assertOffers asserts the offers of the first caller's record.
func assertOffers(t *testing.T, r cdr.Record) {
	t.Helper()
	want := []struct {
		agent   string
		outcome cdr.OfferOutcome
	}{{"bruno", cdr.OfferRingNoAns}, {"chloe", cdr.OfferRejected}, {"bruno", cdr.OfferRejected}, {"chloe", cdr.OfferAnswered}}
	if len(r.Offers) != len(want) || len(r.Visits) != 1 || r.Outcome != cdr.OutcomeAnswered {
		t.Fatalf("the record: %s, visits %+v, offers %+v", r.Outcome, r.Visits, r.Offers)
	}
	for i, w := range want {
		if o := r.Offers[i]; o.Agent != w.agent || o.Outcome != w.outcome {
			t.Errorf("offer %d: %s, %s; want %s, %s", i+1, o.Agent, o.Outcome, w.agent, w.outcome)
		}
	}
	// The floor's timer begins a moment before the call's actor takes the offer: on a
	// busy machine it is a longer one.
	if rang := r.Offers[0].Rang; rang < ringTime-time.Second {
		t.Errorf("Bruno's phone was given %s to be answered, not %s", rang, ringTime)
	}
}

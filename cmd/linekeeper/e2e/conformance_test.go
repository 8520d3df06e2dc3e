package e2e

import (
	"errors"
	"slices"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// TestConformance re-expresses the test suite of Asterisk's own queue
// (testsuite/tests/apps/queues) as calls: each part names the test it stands for.
// Where Linekeeper does otherwise on purpose, queue/CONFORMANCE.md says so.
func TestConformance(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines", "jules", "karim")
	ines, jules, karim := agents[0], agents[1], agents[2]
	w.parts(t, agents, []part{
		{"queue_baseline", func(t *testing.T) { w.baseline(t, ines) }},
		{"position_priority_maxlen", w.positions},
		{"queue_all_paused_no_answer", w.allPaused},
		{"queue_one_paused_no_answer", func(t *testing.T) { w.onePaused(t, ines, jules) }},
		{"queue_no_answer", func(t *testing.T) { w.noAnswer(t, ines, jules) }},
		{"queue_penalty_outside_range and set_penalty", func(t *testing.T) { w.penalty(t, ines) }},
		{"reload_queue_members", func(t *testing.T) { w.members(t, ines, jules, karim) }},
		{"reason_pause_ami", func(t *testing.T) { w.reason(t, ines) }},
		{"ringinuse_and_pause", func(t *testing.T) { w.inUse(t, ines) }},
		{"wrapup_time", func(t *testing.T) { w.wrapUpShared(t, ines, jules) }},
		{"wrapup_time_per_member", func(t *testing.T) { w.wrapUpPerMember(t, jules, karim) }},
		{"queue_member_forward", func(t *testing.T) { w.forward(t, ines) }},
		{"queue_transfer_callee", func(t *testing.T) { w.callee(t, ines) }},
		{"transfer caller_blind", func(t *testing.T) { w.blind(t, ines, jules) }},
		{"transfer caller_attended", func(t *testing.T) { w.attended(t, ines, jules) }},
		{"redirect", func(t *testing.T) { w.redirect(t, ines, jules) }},
		{"cdr app_queue", func(t *testing.T) { w.oneRecordEach(t, ines) }},
	})
}

// baseline: one member; joined, called, connected, left, completed are all told.
func (w *world) baseline(t *testing.T, ines *agent) {
	ines.back(t)
	c := w.calls(t, "base")
	ines.talks(t, c)
	c.await(t, cdr.KindEnded)
	c.await(t, cdr.KindWrappedUp)
	c.told(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "popped", "rung",
		"offer-ended", "queue-left", "connected", "talk-ended", "ended", "wrapped-up")
	assertEnd(t, w.record(t, c.visit), cdr.OutcomeAnswered, cdr.ByCaller)
}

// positions: upstream joins with positions and priorities and finds its callers at
// 1,2,1,2,1,5,7,4,1,5,4; the twelfth is turned away, eleven being the most. Here a
// place comes of priority and time alone, so the priorities that give these places
// are: 9th > 5th > 3rd = 11th > 4th = 10th > 8th > 1st = 6th > 2nd = 7th.
func (w *world) positions(t *testing.T) {
	priorities := []int{1, 0, 4, 3, 5, 1, 0, 2, 6, 3, 4}
	want := []int{1, 2, 1, 2, 1, 5, 7, 4, 1, 5, 4}
	var got []int
	var callers []*listener
	for _, p := range priorities {
		c := w.dials(t, customer(), withPriority(p))
		got = append(got, c.await(t, cdr.KindWaitEstimated).Story.(cdr.WaitEstimated).Place)
		callers = append(callers, c)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the callers take the places %v, want %v", got, want)
	}
	w.assertFull(t)
	floor := w.watch(t)
	order := []int{9, 5, 3, 11, 4, 10, 8, 1, 6, 2, 7}
	sees(t, "they stand in this order", floor, func(now deskclient.State) bool {
		for place, nth := range order {
			if now.Calls[callers[nth-1].id].Place != place+1 {
				return false
			}
		}
		return true
	})
	for _, c := range callers {
		hangUp(t, c.Call)
		c.await(t, cdr.KindEnded)
	}
}

// assertFull: a twelfth caller is not let in, and hears the busy tone without
// having been answered.
func (w *world) assertFull(t *testing.T) {
	t.Helper()
	since, number := w.ledger.last(), customer()
	ctx, cancel := soon()
	defer cancel()
	_, err := w.handset(t, number).Dial(ctx, withPriority(6))
	var no *phone.Refusal
	if !errors.As(err, &no) || no.Code != 486 {
		t.Errorf("the twelfth caller: %v, want busy", err)
	}
	v := w.arrived(t, number, since)
	v.await(t, cdr.KindEnded)
	r := w.record(t, v)
	if len(r.Visits) != 1 || r.Visits[0].Cause != cdr.LeftFull || r.Outcome != cdr.OutcomeOverflow ||
		len(r.Overflows) != 1 || r.Overflows[0].To != cdr.ToBusy {
		t.Errorf("the twelfth caller's record: %s, visits %+v, overflows %+v", r.Outcome, r.Visits, r.Overflows)
	}
}

// allPaused: nobody is rung, the caller's time runs out, and there is one record.
func (w *world) allPaused(t *testing.T) {
	c := w.calls(t, "all-paused")
	r := w.leaves(t, c, cdr.LeftMaxWait)
	if len(r.Offers) != 0 {
		t.Errorf("somebody was rung: %+v", r.Offers)
	}
	w.oneRecord(t, c.number)
}

// onePaused: only who is not paused rings.
func (w *world) onePaused(t *testing.T, ines, jules *agent) {
	jules.back(t)
	c := w.calls(t, "one-paused")
	r := w.leaves(t, c, cdr.LeftMaxWait)
	if agents, outcomes := offers(r); !slices.Equal(agents, []string{"jules"}) || outcomes[0] != cdr.OfferRingNoAns {
		t.Errorf("%v were rung, %v; want jules alone, who did not answer", agents, outcomes)
	}
	offered := r.Offers[0]
	if i := slices.IndexFunc(offered.Why, func(y cdr.Why) bool { return y.Agent == ines.name }); i < 0 ||
		offered.Why[i].Verdict != cdr.WasNotReady || offered.Why[i].Reason != "pause" {
		t.Errorf("it is not told why Inès was passed over: %+v", offered.Why)
	}
}

// noAnswer: both ring once, nobody answers, the caller's time runs out.
func (w *world) noAnswer(t *testing.T, ines, jules *agent) {
	ines.back(t)
	jules.back(t)
	c := w.calls(t, "no-answer")
	first, second := ines.ring(t), jules.ring(t)
	r := w.leaves(t, c, cdr.LeftMaxWait)
	<-first.Over()
	<-second.Over()
	agents, outcomes := offers(r)
	slices.Sort(agents)
	if !slices.Equal(agents, []string{"ines", "jules"}) ||
		!slices.Equal(outcomes, []cdr.OfferOutcome{cdr.OfferRingNoAns, cdr.OfferRingNoAns}) {
		t.Errorf("rung were %v, %v; want both, once, without an answer", agents, outcomes)
	}
	w.oneRecord(t, c.number)
}

// oneRecordEach: whether abandoned, completed, never let in or out of patience,
// each call has exactly one record.
func (w *world) oneRecordEach(t *testing.T, ines *agent) {
	abandoned := w.calls(t, "base")
	abandoned.await(t, cdr.KindWaitEstimated)
	hangUp(t, abandoned.Call)
	if r := w.leaves(t, abandoned, cdr.LeftAbandoned); r.Outcome != cdr.OutcomeAbandoned {
		t.Errorf("a call given up ends as %s", r.Outcome)
	}
	turnedAway := w.calls(t, "empty")
	turnedAway.awaitNth(t, cdr.KindQueueEntered, 2)
	ines.back(t)
	ines.talks(t, turnedAway)
	r := w.leaves(t, turnedAway, cdr.LeftAnswered)
	if r.Visits[0].Cause != cdr.LeftJoinEmpty || len(r.Overflows) != 1 || r.Overflows[0].Target != "to-base" {
		t.Errorf("a call not let in: visits %+v, overflows %+v", r.Visits, r.Overflows)
	}
	ines.rest(t)
	late := w.calls(t, "patience")
	late.await(t, cdr.KindQueueLeft)
	hears(t, "the caller, of the apology", late.Call)
	hangUp(t, late.Call)
	if r := w.leaves(t, late, cdr.LeftMaxWait); r.Outcome != cdr.OutcomeOverflow {
		t.Errorf("a call out of patience ends as %s", r.Outcome)
	}
	for _, c := range []*listener{abandoned, turnedAway, late} {
		w.oneRecord(t, c.number)
	}
}

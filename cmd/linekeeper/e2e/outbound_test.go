package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// Calls that agents make on behalf of a queue, on real phones.

// The numbers that the queues for calls out show (testdata/queues).
const (
	outwardShows = "+33199000142"
	timedShows   = "+33199000143"
)

// TestOutbound: the agent's phone rings, then the number's, and then it is a call
// like any other; or it is over.
func TestOutbound(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines", "jules")
	ines, jules, outside := agents[0], agents[1], w.outside(t)
	w.parts(t, agents, []part{
		{"reached", func(t *testing.T) { w.outReached(t, ines, outside) }},
		{"busy, and a caller waits meanwhile", func(t *testing.T) { w.outBusy(t, ines, outside) }},
		{"the agent hangs up while it rings", func(t *testing.T) { w.outGivenUp(t, ines, outside) }},
		{"the agent does not take their own phone", func(t *testing.T) { w.outNotTaken(t, ines) }},
		{"out of a wrap-up", func(t *testing.T) { w.outOfWrapUp(t, ines, outside) }},
		{"no answer, and what is not dialled", func(t *testing.T) { w.outNoAnswer(t, ines, jules, outside) }},
	})
}

// TestOutboundThroughACrash: whatever rings goes on ringing, who talks talks on.
func TestOutboundThroughACrash(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines")
	ines, outside := agents[0], w.outside(t)
	w.parts(t, agents, []part{
		{"while the agent's phone rings", func(t *testing.T) { w.outKilledFirst(t, ines, outside) }},
		{"while the number rings", func(t *testing.T) { w.outKilledRinging(t, ines, outside) }},
		{"and nobody waits for its answer any more", func(t *testing.T) { w.outKilledGivenUp(t, ines, outside) }},
		{"while they talk", func(t *testing.T) { w.outKilledTalking(t, ines, outside) }},
	})
}

// callsOut has the agent call a number for a queue.
func (a *agent) callsOut(t testing.TB, queue, number string) visit {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	id, err := a.desk.CallOut(ctx, queue, number)
	if err != nil {
		t.Fatalf("%s calls %s for %s: %v", a.name, number, queue, err)
	}
	return visit{a.s.ledger, id}
}

// taken has the agent's phone rung and answered, which shows who is called.
func (a *agent) taken(t testing.TB, number string) *phone.Call {
	t.Helper()
	ring := a.ring(t)
	if ring.Number != number {
		t.Errorf("%s's phone shows %q, and %s is called", a.name, ring.Number, number)
	}
	return pickUp(t, ring)
}

// reachedBy waits until a number rings, and asserts what its owner is shown.
func (w *world) reachedBy(t *testing.T, outside *phone.Phone, number, shown string) *phone.Ring {
	t.Helper()
	ring := rings(t, outside)
	if ring.Dialled != number || ring.Number != shown {
		t.Errorf("%q rings and is shown %q; called was %s for %s", ring.Dialled, ring.Number, number, shown)
	}
	return ring
}

// outReached: Inès is not ready, calls, hears the ring, talks, holds, and is after
// her wrap-up what she was.
func (w *world) outReached(t *testing.T, ines *agent, outside *phone.Phone) {
	number, since, before := customer(), w.ledger.last(), w.logSize(t)
	call := ines.callsOut(t, "outward", national(number))
	ring := ines.ring(t)
	sees(t, "Inès calls out", ines.live, func(now deskclient.State) bool {
		c, offered := now.OfferTo("ines")
		return offered && c.ID == call.id && c.Direction == cdr.Outward && c.By == "ines" && c.Queue == "outward" && c.Caller.Number == number
	})
	talk := pickUp(t, ring)
	theirs := w.reachedBy(t, outside, number, outwardShows)
	if theirs.At.Before(ring.At) {
		t.Error("the number rang before the agent's own phone")
	}
	listens(t, "Inès, the ring,", talk)
	if n := call.count(cdr.KindReached); n != 0 {
		t.Error("reached was told while it rang")
	}
	customer := pickUp(t, theirs)
	call.await(t, cdr.KindConnected)
	w.together(t, call.id, 2)
	listens(t, "the customer", customer)
	listens(t, "Inès", talk)

	ines.does(t, func(ctx context.Context) error { return ines.desk.Hold(ctx, call.id, "") })
	w.together(t, call.id, 1)
	listens(t, "the customer, music,", customer)
	ines.does(t, func(ctx context.Context) error { return ines.desk.Resume(ctx, call.id, "") })
	w.together(t, call.id, 2)
	listens(t, "the customer", customer)
	hangUp(t, customer)
	over(t, "Inès", talk)
	call.await(t, cdr.KindEnded)
	ines.awaitState(t, cdr.WrapUp)
	ines.does(t, func(ctx context.Context) error {
		return ines.desk.WrapUp(ctx, call.id, deskclient.WrapUp{Disposition: "resolved", Note: "Rappelé."})
	})
	call.await(t, cdr.KindWrappedUp)
	if now := ines.awaitState(t, cdr.NotReady); now.Reason != "pause" {
		t.Errorf("Inès had a break and is not ready because of %q", now.Reason)
	}
	call.told(t, "dialled", "offered", "popped", "rung", "offer-ended", "reached", "connected",
		"hold-began", "hold-ended", "talk-ended", "ended", "noted", "wrapped-up")
	assertWentOut(t, w.record(t, call), cdr.OutcomeAnswered, number)
	w.assertUncounted(t, "outward", since, before)
}

// assertWentOut asserts what every record of a call out says.
func assertWentOut(t *testing.T, r cdr.Record, outcome cdr.Outcome, number string) {
	t.Helper()
	if r.Direction != cdr.Outward || r.By != "ines" || r.Caller.Number != number || r.Outcome != outcome {
		t.Errorf("the record: %s by %q to %s, %s", r.Direction, r.By, r.Caller.Number, r.Outcome)
	}
	if len(r.Visits) != 0 || len(r.Offers) != 1 || r.Callback != nil {
		t.Errorf("it counts as a wait: visits %+v, offers %+v, callback %+v", r.Visits, r.Offers, r.Callback)
	}
	if talked := outcome == cdr.OutcomeAnswered; talked != (len(r.Talks) == 1) || talked != (len(r.WrapUps) == 1) {
		t.Errorf("talks %+v, wrap-ups %+v", r.Talks, r.WrapUps)
	}
}

// assertUncounted: calls out are none of a queue's waits, and queue_log says nothing
// of them.
func (w *world) assertUncounted(t *testing.T, queue string, since uint64, logged int) {
	t.Helper()
	q := sees(t, "there is a desk", w.watch(t), func(now deskclient.State) bool { return now.Connected }).Queues[queue]
	if q.Offered+q.Answered+q.Waiting+q.Talking+q.CallbacksAsked != 0 || q.Level.Percent != nil {
		t.Errorf("the queue counts them: %+v", q)
	}
	fresh := w.queueLogNow(t)[logged:]
	for _, event := range []string{"ENTERQUEUE", "CONNECT", "COMPLETE", "ABANDON", "RINGNOANSWER", "EXIT", "WITHDRAW"} {
		if strings.Contains(fresh, event) {
			t.Errorf("queue_log tells of a call out:\n%s", fresh)
		}
	}
	w.ledger.await(t, "the calls out were made", since, func(f cdr.Fact) bool { return f.Kind() == cdr.KindDialled })
}

// national is a French number as people write it.
func national(e164 string) string {
	n := "0" + strings.TrimPrefix(e164, "+33")
	return fmt.Sprintf("%s %s %s.%s.%s", n[:2], n[2:4], n[4:6], n[6:8], n[8:])
}

// outBusy: who calls out is offered nobody, though ready; the number is busy, and the
// agent is the waiting caller's.
func (w *world) outBusy(t *testing.T, ines *agent, outside *phone.Phone) {
	number := customer()
	ines.back(t)
	call := ines.callsOut(t, "outward", number)
	ring := ines.ring(t)
	waiting := w.calls(t, "base")
	waiting.await(t, cdr.KindWaitEstimated)
	talk := pickUp(t, ring)
	theirs := w.reachedBy(t, outside, number, outwardShows)
	hears(t, "the caller who waits", waiting.Call)
	if n := waiting.count(cdr.KindOffered); n != 0 {
		t.Errorf("a call was offered to an agent who calls out, %d times", n)
	}
	ctx, cancel := soon()
	defer cancel()
	if err := theirs.Reject(ctx); err != nil {
		t.Fatal(err)
	}
	over(t, "Inès", talk)
	call.await(t, cdr.KindEnded)
	r := w.record(t, call)
	assertWentOut(t, r, cdr.OutcomeNotReached, number)
	if r.Cause != cdr.EndNotReached || r.Code != 17 {
		t.Errorf("it ended %s, %d", r.Cause, r.Code)
	}
	ines.talks(t, waiting) // without a wrap-up in between
	w.leaves(t, waiting, cdr.LeftAnswered)
	if n := call.count(cdr.KindWrappedUp); n != 0 {
		t.Error("a call that reached nobody was wrapped up")
	}
}

// outGivenUp: nobody is to answer to silence.
func (w *world) outGivenUp(t *testing.T, ines *agent, outside *phone.Phone) {
	number := customer()
	call := ines.callsOut(t, "outward", number)
	talk := ines.taken(t, number)
	ring := w.reachedBy(t, outside, number, outwardShows)
	hangUp(t, talk)
	stopsSoon(t, ring)
	call.await(t, cdr.KindEnded)
	r := w.record(t, call)
	assertWentOut(t, r, cdr.OutcomeNotReached, number)
	if r.EndedBy != cdr.ByAgent {
		t.Errorf("ended by %s", r.EndedBy)
	}
	if now := ines.awaitState(t, cdr.NotReady); now.Reason != "pause" {
		t.Errorf("Inès had a break and is not ready because of %q", now.Reason)
	}

	// The same from her console.
	call = ines.callsOut(t, "outward", number)
	talk = ines.taken(t, number)
	ring = w.reachedBy(t, outside, number, outwardShows)
	ines.awaitState(t, cdr.OnCall)
	ines.does(t, func(ctx context.Context) error { return ines.desk.HangUp(ctx, call.id) })
	stopsSoon(t, ring)
	over(t, "Inès", talk)
	call.await(t, cdr.KindEnded)
	assertWentOut(t, w.record(t, call), cdr.OutcomeNotReached, number)
}

// outNotTaken: nothing is dialled.
func (w *world) outNotTaken(t *testing.T, ines *agent) {
	number := customer()
	call := ines.callsOut(t, "outward", number)
	ctx, cancel := soon()
	defer cancel()
	if err := ines.ring(t).Reject(ctx); err != nil {
		t.Fatal(err)
	}
	call.await(t, cdr.KindEnded)
	call.told(t, "dialled", "offered", "popped", "rung", "offer-ended", "not-reached", "ended")
	assertWentOut(t, w.record(t, call), cdr.OutcomeNotReached, number)
	ines.awaitState(t, cdr.NotReady)
}

// outOfWrapUp: calling out closes the wrap-up she is in; afterwards she wraps up as
// the queue says that she called for.
func (w *world) outOfWrapUp(t *testing.T, ines *agent, outside *phone.Phone) {
	ines.back(t)
	in := w.calls(t, "outward")
	ines.talks(t, in)
	ines.awaitState(t, cdr.WrapUp)
	number := customer()
	call := ines.callsOut(t, "outward-timed", number)
	in.await(t, cdr.KindWrappedUp)
	talk := ines.taken(t, number)
	theirs := pickUp(t, w.reachedBy(t, outside, number, timedShows))
	call.await(t, cdr.KindConnected)
	listens(t, "the customer", theirs)
	listens(t, "Inès", talk)
	hangUp(t, talk)
	over(t, "the customer", theirs)
	if given := ines.mayWrapUp(t, call.id); given != time.Second {
		t.Errorf("she has %s to wrap up", given)
	}
	call.await(t, cdr.KindWrappedUp) // after a second, by itself
	ines.awaitState(t, cdr.Ready)

	// From a wrap-up, and nobody answers: she has nothing to wrap up, and is ready.
	in = w.calls(t, "outward")
	ines.talks(t, in)
	ines.awaitState(t, cdr.WrapUp)
	call = ines.callsOut(t, "outward", number)
	talk = ines.taken(t, number)
	ring := w.reachedBy(t, outside, number, outwardShows)
	hangUp(t, talk)
	stopsSoon(t, ring)
	call.await(t, cdr.KindEnded)
	ines.awaitState(t, cdr.Ready)
	assertWentOut(t, w.record(t, call), cdr.OutcomeNotReached, number)
}

// outNoAnswer: the number rings for as long as numbers ring. Meanwhile Jules learns
// what is not dialled, and Inès that one call at a time is enough.
func (w *world) outNoAnswer(t *testing.T, ines, jules *agent, outside *phone.Phone) {
	number := customer()
	call := ines.callsOut(t, "outward", number)
	talk := ines.taken(t, number)
	ring := w.reachedBy(t, outside, number, outwardShows)
	w.refused(t, ines, "outward", customer(), "not-free", "")
	w.assertRefusals(t, jules)
	select {
	case <-ring.Over():
	case <-time.After(2 * patient):
		t.Fatal("it rings for ever")
	}
	over(t, "Inès", talk)
	call.await(t, cdr.KindEnded)
	r := w.record(t, call)
	assertWentOut(t, r, cdr.OutcomeNotReached, number)
	if rang := r.EndedAt.Sub(r.ArrivedAt); rang < patient || r.EndedBy != cdr.BySystem {
		t.Errorf("the number was given %s to answer, ended by %s", rang, r.EndedBy)
	}
}

// assertRefusals: nothing is dialled that may not be, nor for a queue that is not the
// agent's, and who tries is told of.
func (w *world) assertRefusals(t *testing.T, jules *agent) {
	t.Helper()
	for number, why := range map[string]string{
		"0899 70 00 00": "premium", "112": "emergency", "+1 212 555 0100": "not-listed", "06 20 00 00 00": "refused",
	} {
		w.refused(t, jules, "outward", number, "number-refused", why)
	}
	w.refused(t, jules, "outward", "12", "not-a-number", "")
	w.refused(t, jules, "outward-timed", customer(), "forbidden", "")
	w.refused(t, jules, "nowhere", customer(), "forbidden", "")
	if now := jules.awaitState(t, cdr.NotReady); now.Call != "" {
		t.Errorf("Jules has call %s in hand", now.Call)
	}
}

// refused asserts that a call out is not made, why, and whether that is told.
func (w *world) refused(t *testing.T, a *agent, queue, number, code, why string) {
	t.Helper()
	since := w.ledger.last()
	ctx, cancel := soon()
	defer cancel()
	id, err := a.desk.CallOut(ctx, queue, number)
	if got := deskclient.Code(err); got != code {
		t.Errorf("%s calls %q for %s: %s, %v; want %s", a.name, number, queue, id, err, code)
	}
	if why == "" {
		return
	}
	w.ledger.await(t, number+" was refused", since, func(f cdr.Fact) bool {
		r, is := f.Story.(cdr.DialRefused)
		return is && r.Agent == a.name && r.Why == why && r.Act == "dial"
	})
}

// outKilledFirst: her phone rings on, and when she answers the number is dialled.
func (w *world) outKilledFirst(t *testing.T, ines *agent, outside *phone.Phone) {
	number := customer()
	call := ines.callsOut(t, "outward", number)
	ring := ines.ring(t)
	call.await(t, cdr.KindRung)
	w.killController(t)
	w.startController(t)
	call.await(t, cdr.KindReclaimed)
	talk := pickUp(t, ring)
	w.outGoesOn(t, ines, call, talk, pickUp(t, w.reachedBy(t, outside, number, outwardShows)))
}

// outGoesOn: they hear each other, and it ends well, with one of everything.
func (w *world) outGoesOn(t *testing.T, ines *agent, call visit, talk, customer *phone.Call) {
	t.Helper()
	call.await(t, cdr.KindConnected)
	listens(t, "the customer", customer)
	listens(t, "Inès", talk)
	ines.awaitState(t, cdr.OnCall)
	hangUp(t, customer)
	over(t, "Inès", talk)
	ines.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindWrappedUp)
	call.await(t, cdr.KindEnded) // by another hand than the wrap-up
	for _, kind := range []cdr.Kind{
		"dialled", "offered", "rung", "offer-ended", "reached", "connected", "reclaimed", "talk-ended", "ended", "wrapped-up",
	} {
		if n := call.count(kind); n != 1 {
			t.Errorf("%s was told %d times", kind, n)
		}
	}
}

// outKilledRinging: the number rings on, once, and who answers has the agent.
func (w *world) outKilledRinging(t *testing.T, ines *agent, outside *phone.Phone) {
	number := customer()
	call := ines.callsOut(t, "outward", number)
	talk := ines.taken(t, number)
	ring := w.reachedBy(t, outside, number, outwardShows)
	w.killController(t)
	w.startController(t)
	call.await(t, cdr.KindReclaimed)
	listens(t, "Inès, the ring,", talk)
	sees(t, "Inès is not to be had", w.watch(t), func(now deskclient.State) bool {
		return now.Connected && now.Agents["ines"].State == cdr.OnCall && now.Agents["ines"].Call == call.id
	})
	w.outGoesOn(t, ines, call, talk, pickUp(t, ring))
	r := w.record(t, call)
	assertWentOut(t, r, cdr.OutcomeAnswered, number)
}

// outKilledGivenUp: the agent hung up while nobody looked; nobody is to answer to
// silence.
func (w *world) outKilledGivenUp(t *testing.T, ines *agent, outside *phone.Phone) {
	number := customer()
	call := ines.callsOut(t, "outward", number)
	talk := ines.taken(t, number)
	ring := w.reachedBy(t, outside, number, outwardShows)
	w.killController(t)
	hangUp(t, talk)
	w.startController(t)
	stopsSoon(t, ring)
	call.await(t, cdr.KindEnded)
	assertWentOut(t, w.record(t, call), cdr.OutcomeNotReached, number)
	ines.awaitState(t, cdr.NotReady)
}

// outKilledTalking: they hear no difference.
func (w *world) outKilledTalking(t *testing.T, ines *agent, outside *phone.Phone) {
	number := customer()
	call := ines.callsOut(t, "outward", number)
	talk := ines.taken(t, number)
	theirs := pickUp(t, w.reachedBy(t, outside, number, outwardShows))
	call.await(t, cdr.KindConnected)
	w.killController(t)
	listens(t, "the customer without a controller", theirs)
	listens(t, "Inès without a controller", talk)
	w.startController(t)
	assertWhere(t, call, "talk")
	sees(t, "they talk", w.watch(t), func(now deskclient.State) bool {
		c := now.Calls[call.id]
		return c.State == agentdesk.Connected && c.Direction == cdr.Outward && c.By == "ines"
	})
	w.outGoesOn(t, ines, call, talk, theirs)
	assertWentOut(t, w.record(t, call), cdr.OutcomeAnswered, number)
}

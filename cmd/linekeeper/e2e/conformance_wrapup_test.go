package e2e

import (
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
)

// wrapUpShared: a wrap-up counts in all queues (app_queue: shared_lastcall=yes).
// q1→m1, q2→m2, q1→nobody until one is done: m2's, which is the shorter.
func (w *world) wrapUpShared(t *testing.T, ines, jules *agent) {
	ines.back(t)
	jules.back(t)
	first := w.calls(t, "wrap-two")
	ines.talks(t, first)
	second := w.calls(t, "wrap-one")
	jules.talks(t, second)
	third := w.calls(t, "wrap-two")
	talk := jules.answer(t)
	third.await(t, cdr.KindConnected)
	if n := third.count(cdr.KindOffered); n != 1 {
		t.Errorf("the third call was offered %d times, want once", n)
	}
	assertAfterWrapUp(t, "jules", second, third)
	hangUp(t, talk)
	ines.wrapUp(t, first.id, cdr.NotReady)
	jules.wrapUp(t, third.id, cdr.NotReady)
	for _, c := range []*listener{first, second, third} {
		w.leaves(t, c, cdr.LeftAnswered)
	}
}

// assertAfterWrapUp asserts that a call was offered to an agent alone, if to anybody,
// and only when the wrap-up of the one before was over.
func assertAfterWrapUp(t *testing.T, agent string, before, after *listener) {
	t.Helper()
	done := before.await(t, cdr.KindWrappedUp)
	for _, f := range after.facts() {
		if o, is := f.Story.(cdr.Offered); is && (o.Agent != agent || f.At.Before(done.At)) {
			t.Errorf("offered to %s at %s; %s was wrapping up until %s", o.Agent, f.At, agent, done.At)
		}
	}
}

// wrapUpPerMember: Karim's own wrap-up is three seconds, the queue's one. m1, m2,
// (a second) m2, m1, and nobody at last.
func (w *world) wrapUpPerMember(t *testing.T, jules, karim *agent) {
	karim.back(t)
	var calls []*listener
	var given []time.Duration
	next := func(a *agent) {
		c := w.calls(t, "wrap-one")
		calls = append(calls, c)
		talk := a.answer(t)
		c.await(t, cdr.KindConnected)
		hangUp(t, talk)
		over(t, "the caller", c.Call)
		given = append(given, a.mayWrapUp(t, c.id))
	}
	next(karim)
	jules.back(t)
	next(jules)
	calls[1].await(t, cdr.KindWrappedUp) // Jules is asked first, whether Karim is done or not
	next(jules)
	jules.pause(t, "pause")
	next(karim)
	last := w.calls(t, "wrap-one")
	last.await(t, cdr.KindWaitEstimated)
	hangUp(t, last.Call)
	last.await(t, cdr.KindEnded)
	assertAfterWrapUp(t, "karim", calls[3], last)
	want := []time.Duration{3 * time.Second, time.Second, time.Second, 3 * time.Second}
	if !slices.Equal(given, want) {
		t.Errorf("they had %v to wrap up, want %v", given, want)
	}
	for i, c := range calls {
		r := w.leaves(t, c, cdr.LeftAnswered)
		if took := r.WrapUps[0].Took; took < want[i]-100*time.Millisecond {
			t.Errorf("the wrap-up of call %d was over after %s, not %s", i+1, took, want[i])
		}
	}
}

// mayWrapUp is how long an agent is given to wrap a call up.
func (a *agent) mayWrapUp(t *testing.T, call cdr.CallID) time.Duration {
	t.Helper()
	began := a.s.wrapsUp(t, a.name, call)
	return began.Story.(cdr.AgentChanged).Until.Sub(began.At).Round(time.Second)
}

// wrapsUp waits until the ledger says that an agent has a call to wrap up.
func (s *stack) wrapsUp(t *testing.T, agent string, call cdr.CallID) cdr.Fact {
	t.Helper()
	return s.ledger.await(t, agent+" wraps up", 0, func(f cdr.Fact) bool {
		c, is := f.Story.(cdr.AgentChanged)
		return is && c.Agent == agent && c.To == cdr.WrapUp && c.Call == call
	})
}

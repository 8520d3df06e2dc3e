package e2e

import (
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
)

// wrapUpShared: a wrap-up counts in all queues (app_queue: shared_lastcall=yes).
// q1→m1, q2→m2, q1→nobody until one is done.
func (w *world) wrapUpShared(t *testing.T, ines, jules *agent) {
	ines.back(t)
	jules.back(t)
	first := w.calls(t, "wrap-one")
	ines.talks(t, first)
	second := w.calls(t, "wrap-two")
	jules.talks(t, second)
	third := w.calls(t, "wrap-one")
	talk := ines.answer(t)
	third.await(t, cdr.KindConnected)
	if n := third.count(cdr.KindOffered); n != 1 {
		t.Errorf("the third call was offered %d times, want once", n)
	}
	w.assertAfterWrapUp(t, "ines", first, third)
	hangUp(t, talk)
	for _, c := range []*listener{first, second, third} {
		w.leaves(t, c, cdr.LeftAnswered)
	}
}

// assertAfterWrapUp asserts that an agent was offered a call only when the wrap-up
// of the one before was over.
func (w *world) assertAfterWrapUp(t *testing.T, agent string, before, after *listener) {
	t.Helper()
	done := before.await(t, cdr.KindWrappedUp)
	offered := after.await(t, cdr.KindOffered)
	if story := offered.Story.(cdr.Offered); story.Agent != agent || offered.At.Before(done.At) {
		t.Errorf("offered to %s at %s; %s was wrapping up until %s", story.Agent, offered.At, agent, done.At)
	}
}

// wrapUpPerMember: Karim's own wrap-up is three seconds, the queue's one. m1, m2,
// (a second) m2, m1, and nobody at last.
func (w *world) wrapUpPerMember(t *testing.T, jules, karim *agent) {
	karim.back(t)
	var calls []*listener
	next := func(a *agent) {
		c := w.calls(t, "wrap-one")
		calls = append(calls, c)
		talk := a.answer(t)
		c.await(t, cdr.KindConnected)
		hangUp(t, talk)
		over(t, "the caller", c.Call)
	}
	next(karim)
	jules.back(t)
	next(jules)
	next(jules) // after the queue's second, and long before Karim's three are over
	if state := karim.live.State().Agents["karim"]; state.State != cdr.WrapUp {
		t.Errorf("Karim's own wrap-up was over with the queue's: %+v", state)
	}
	jules.pause(t, "pause")
	next(karim)
	last := w.calls(t, "wrap-one")
	last.await(t, cdr.KindWaitEstimated)
	if n := last.count(cdr.KindOffered); n != 0 {
		t.Errorf("the last caller was offered %d times though nobody is free", n)
	}
	hangUp(t, last.Call)
	var took []time.Duration
	for _, c := range calls {
		r := w.leaves(t, c, cdr.LeftAnswered)
		took = append(took, r.WrapUps[0].Took.Round(time.Second))
	}
	if want := []time.Duration{3 * time.Second, time.Second, time.Second, 3 * time.Second}; !slices.Equal(took, want) {
		t.Errorf("the wrap-ups took %v, want %v", took, want)
	}
}

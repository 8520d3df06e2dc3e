package e2e

import (
	"testing"

	"linekeeper/cdr"
)

// talks has the agent answer, the two hear each other and the caller hang up.
func (a *agent) talks(t testing.TB, c *listener) {
	t.Helper()
	talk := a.answer(t)
	c.await(t, cdr.KindConnected)
	hears(t, "the caller", c.Call)
	hears(t, a.name, talk)
	hangUp(t, c.Call)
	over(t, a.name, talk)
}

// offers are the agents a call was offered to, in order, and how each ended.
func offers(r cdr.Record) (agents []string, outcomes []cdr.OfferOutcome) {
	for _, o := range r.Offers {
		agents, outcomes = append(agents, o.Agent), append(outcomes, o.Outcome)
	}
	return agents, outcomes
}

// leaves asserts that a call leaves its queue for a cause and is over, and gives
// its record.
func (w *world) leaves(t testing.TB, c *listener, cause cdr.LeaveCause) cdr.Record {
	t.Helper()
	over(t, "the caller", c.Call)
	c.await(t, cdr.KindEnded)
	r := w.record(t, c.visit)
	if last := r.Visits[len(r.Visits)-1]; last.Cause != cause {
		t.Errorf("the call left %s because of %s, want %s", last.Queue, last.Cause, cause)
	}
	return r
}

// oneRecord asserts that a caller has exactly one record.
func (w *world) oneRecord(t testing.TB, number string) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	var n int
	if err := w.pool.QueryRow(ctx, `SELECT count(*) FROM calls WHERE caller_number = $1`, number).Scan(&n); err != nil || n != 1 {
		t.Errorf("%s has %d records (%v), want 1", number, n, err)
	}
}

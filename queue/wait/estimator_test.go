package wait_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/queue/wait"
)

// known is an estimator that has seen calls of these lengths in queue "n1".
func known(took ...time.Duration) *wait.Estimator {
	e := wait.New()
	for _, d := range took {
		e.Observe("n1", d)
	}
	return e
}

// fives are n calls of about five minutes.
func fives(n int) []time.Duration {
	took := make([]time.Duration, n)
	for i := range took {
		took[i] = 5*time.Minute + time.Duration(i%7-3)*time.Minute
	}
	return took
}

func TestSilentWithoutData(t *testing.T) {
	for _, c := range []struct {
		name   string
		e      *wait.Estimator
		queue  string
		agents int
		ok     bool
	}{
		{"nothing seen", wait.New(), "n1", 3, false},
		{"too few", known(fives(wait.Least - 1)...), "n1", 3, false},
		{"another queue", known(fives(50)...), "n2", 3, false},
		{"nobody to take it", known(fives(50)...), "n1", 0, false},
		{"less than nobody", known(fives(50)...), "n1", -1, false},
		{"calls of no length", known(make([]time.Duration, 50)...), "n1", 3, false},
		{"just enough", known(fives(wait.Least)...), "n1", 3, true},
	} {
		low, high, ok := c.e.Range(c.queue, 2, c.agents)
		if ok != c.ok || !ok && (low != 0 || high != 0) {
			t.Errorf("%s: %v to %v, told %t, want %t", c.name, low, high, ok, c.ok)
		}
	}
}

func TestForgottenQueueIsSilent(t *testing.T) {
	e := known(fives(50)...)
	e.Forget("n1")
	if _, _, ok := e.Range("n1", 0, 1); ok || e.Observed("n1") != 0 {
		t.Error("a queue that is no more still tells a wait")
	}
}

// Whatever calls were like: the range is one, never zero, longer with every
// caller ahead and shorter with every agent.
func TestRangeGrowsWithThoseAheadAndShrinksWithAgents(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := wait.New()
		for _, s := range rapid.SliceOfN(rapid.IntRange(1, 7200), wait.Least, 300).Draw(t, "seconds") {
			e.Observe("n1", time.Duration(s)*time.Second)
		}
		ahead, agents := rapid.Float64Range(-1, 300).Draw(t, "ahead"), rapid.IntRange(1, 300).Draw(t, "agents")
		low, high, ok := e.Range("n1", ahead, agents)
		if !ok || low <= 0 || high < low {
			t.Fatalf("%g ahead, %d agents: %v to %v, %t", ahead, agents, low, high, ok)
		}
		if l, h, _ := e.Range("n1", max(ahead, 0)+1, agents); l < low || h < high {
			t.Fatalf("%g ahead wait %v to %v, one more %v to %v", ahead, low, high, l, h)
		}
		if l, h, _ := e.Range("n1", ahead, agents+1); l > low || h > high {
			t.Fatalf("%d agents give %v to %v, one more %v to %v", agents, low, high, l, h)
		}
	})
}

// Only the last calls count: after a window of short ones the long are forgotten.
func TestOldCallsAreForgotten(t *testing.T) {
	long := known(fives(3 * wait.Window)...)
	fresh := wait.New()
	for i := range wait.Window + 37 {
		took := time.Duration(20+i%20) * time.Second
		long.Observe("n1", took)
		if i >= 37 {
			fresh.Observe("n1", took)
		}
	}
	l1, h1, _ := long.Range("n1", 4, 2)
	l2, h2, _ := fresh.Range("n1", 4, 2)
	if near := time.Millisecond; (l1-l2).Abs() > near || (h1-h2).Abs() > near {
		t.Errorf("after a window of short calls %v to %v, but those alone give %v to %v", l1, h1, l2, h2)
	}
	if n := long.Observed("n1"); n != wait.Window {
		t.Errorf("%d calls are kept, want %d", n, wait.Window)
	}
}

// One wrap-up that nobody closed for a day does not have callers told hours.
func TestOneForgottenWrapUpDoesNotFrighten(t *testing.T) {
	e := known(fives(60)...)
	_, before, _ := e.Range("n1", 1, 2)
	e.Observe("n1", 24*time.Hour)
	_, after, _ := e.Range("n1", 1, 2)
	if after > before*3/2 { // by the bare mean it would be ten times as long
		t.Errorf("one forgotten wrap-up takes the wait from %v to %v", before, after)
	}
}

func TestNothingIsAllocatedInSteadyState(t *testing.T) {
	e := known(fives(2 * wait.Window)...)
	i := 0
	if n := testing.AllocsPerRun(1000, func() {
		i++
		e.Observe("n1", time.Duration(i%900+1)*time.Second)
		e.Range("n1", float64(i%20), 5)
	}); n != 0 {
		t.Errorf("%v allocations for each call, want none", n)
	}
}

func BenchmarkObserve(b *testing.B) {
	e := known(fives(wait.Window)...)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.Observe("n1", time.Duration(i*7919%1800+1)*time.Second)
	}
}

func BenchmarkRange(b *testing.B) {
	e := known(fives(wait.Window)...)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		e.Range("n1", float64(i%50), 12)
	}
}

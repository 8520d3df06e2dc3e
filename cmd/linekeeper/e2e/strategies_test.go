package e2e

import (
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
)

// TestStrategies: whom a queue's calls go to by each strategy, as calls. Those who are
// to be passed over have always been idle for longer.
func TestStrategies(t *testing.T) {
	w := line(t)
	agents := w.shift(t, "bruno", "chloe", "karim")
	bruno, chloe, karim := agents[0], agents[1], agents[2]
	w.parts(t, agents, []part{
		{"most-skilled", func(t *testing.T) { w.mostSkilled(t, bruno, chloe) }},
		{"fewest-calls", func(t *testing.T) { w.whoHadNone(t, "fewest", "fewest-calls", bruno, chloe) }},
		{"least-talk-time", func(t *testing.T) { w.whoHadNone(t, "least", "least-talk-time", bruno, chloe) }},
		{"round-robin", func(t *testing.T) { w.roundRobin(t, karim, bruno, chloe) }},
		{"random", func(t *testing.T) { w.byChance(t, "chance", "random", 2, bruno, chloe) }},
		{"weighted-random, and a wait told", func(t *testing.T) { w.waitTold(t, bruno, chloe) }},
		{"ring-progressively", func(t *testing.T) { w.oneMore(t, bruno, chloe) }},
	})
}

// mostSkilled: Chloé knows more of what the call is about; while she talks, Bruno will
// do.
func (w *world) mostSkilled(t *testing.T, bruno, chloe *agent) {
	bruno.back(t)
	chloe.back(t)
	first := w.calls(t, "skilled")
	talk := chloe.goesTo(t, first, "most-skilled")
	second := w.calls(t, "skilled")
	bruno.goes(t, second, bruno.goesTo(t, second, "most-skilled"))
	chloe.goes(t, first, talk)
}

// whoHadNone: Bruno has had a call of the queue, Chloé none.
func (w *world) whoHadNone(t *testing.T, queue, rule string, bruno, chloe *agent) {
	bruno.back(t)
	first := w.calls(t, queue)
	bruno.goes(t, first, bruno.goesTo(t, first, rule))
	chloe.back(t)
	second := w.calls(t, queue)
	chloe.goes(t, second, chloe.goesTo(t, second, rule))
}

// roundRobin: by the order of the definitions, Chloé, Bruno and Karim, and again from the
// beginning.
func (w *world) roundRobin(t *testing.T, karim, bruno, chloe *agent) {
	karim.back(t)
	bruno.back(t)
	chloe.back(t)
	for _, next := range []*agent{chloe, bruno, karim, chloe} {
		c := w.calls(t, "robin")
		next.goes(t, c, next.goesTo(t, c, "round-robin"))
	}
}

// byChance calls until everybody has had a call, and so often at the least. That
// somebody has none after a hundred is not to be lived to see.
func (w *world) byChance(t *testing.T, queue, rule string, least int, agents ...*agent) {
	for _, a := range agents {
		a.back(t)
	}
	had := map[string]int{}
	for n := 0; n < least || len(had) < len(agents); n++ {
		if n == 100 {
			t.Fatalf("after %d calls by %s: %v", n, rule, had)
		}
		c := w.calls(t, queue)
		to := c.await(t, cdr.KindOffered).Story.(cdr.Offered).Agent
		had[to]++
		a := agents[slices.IndexFunc(agents, func(a *agent) bool { return a.name == to })]
		a.goes(t, c, a.goesTo(t, c, rule))
	}
	t.Logf("%s: %v", rule, had)
}

// waitTold: of the first caller nobody knows how long they will wait, and nothing is
// said; after ten calls a range is told, in words and in the ledger.
func (w *world) waitTold(t *testing.T, bruno, chloe *agent) {
	silent := w.calls(t, "weights")
	if e := silent.await(t, cdr.KindWaitEstimated).Story.(cdr.WaitEstimated); e.Low != 0 || e.High != 0 {
		t.Errorf("without having seen a call the wait is told as %+v", e)
	}
	hangUp(t, silent.Call)
	silent.await(t, cdr.KindEnded)
	w.byChance(t, "weights", "weighted-random", 10, bruno, chloe)

	var busy []*listener
	for range 2 {
		c := w.calls(t, "weights")
		to := c.await(t, cdr.KindOffered).Story.(cdr.Offered).Agent
		map[string]*agent{"bruno": bruno, "chloe": chloe}[to].answer(t)
		c.await(t, cdr.KindConnected)
		busy = append(busy, c)
	}
	c := w.calls(t, "weights")
	if e := c.await(t, cdr.KindWaitEstimated).Story.(cdr.WaitEstimated); e.Low <= 0 || e.High < e.Low {
		t.Errorf("the wait is told as %+v", e)
	}
	told := c.await(t, cdr.KindAnnounced).Story.(cdr.Announced)
	if !slices.Equal(told.What, []string{"wait"}) || told.Low <= 0 || told.High < told.Low {
		t.Errorf("announced is %+v", told)
	}
	hears(t, "the caller, how long it will take,", c.Call)
	if n := silent.count(cdr.KindAnnounced); n != 0 {
		t.Errorf("the first caller was told something %d times", n)
	}
	for _, c := range append([]*listener{c}, busy...) {
		hangUp(t, c.Call)
		c.await(t, cdr.KindEnded)
	}
}

// oneMore: one phone rings, then one more beside it; the second is picked up, and the
// first is told that the call was answered elsewhere.
func (w *world) oneMore(t *testing.T, bruno, chloe *agent) {
	bruno.back(t)
	chloe.back(t)
	c := w.calls(t, "one-more")
	first, second := bruno.ring(t), chloe.ring(t)
	select {
	case <-first.Over():
		t.Error("the first phone stopped when the second began")
	default:
	}
	talk := pickUp(t, second)
	c.await(t, cdr.KindConnected)
	stopsSoon(t, first)
	if why := first.TakenBack(); !elsewhere.MatchString(why) {
		t.Errorf("the first phone is told %q", why)
	}
	chloe.goes(t, c, talk)
	r := w.leaves(t, c, cdr.LeftAnswered)
	who, outcomes := offers(r)
	if !slices.Equal(who, []string{"bruno", "chloe"}) || !slices.Equal(outcomes, []cdr.OfferOutcome{cdr.OfferElsewhere, cdr.OfferAnswered}) {
		t.Fatalf("offered to %v: %v", who, outcomes)
	}
	// The first offer is stamped when its call hears of it; the floor counts from before.
	if after := r.Offers[1].At.Sub(r.Visits[0].EnteredAt); after < time.Second {
		t.Errorf("one more phone rang after %s", after)
	}
}

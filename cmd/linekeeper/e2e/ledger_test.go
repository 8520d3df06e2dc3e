package e2e

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
)

// follower has every fact of the ledger, from the first on. The ledger goes away
// with a killed controller; the follower goes on where it was.
type follower struct {
	stop   context.CancelFunc
	closed sync.WaitGroup

	mu      sync.Mutex
	facts   []cdr.Fact
	changed chan struct{} // closed at the next fact
}

func follow(url string) *follower {
	ctx, stop := context.WithCancel(context.Background())
	f := &follower{stop: stop, changed: make(chan struct{})}
	f.closed.Go(func() {
		for ctx.Err() == nil {
			_ = f.read(ctx, url) // away: tried again
			select {
			case <-ctx.Done():
			case <-time.After(50 * time.Millisecond):
			}
		}
	})
	return f
}

// read takes facts in until the connection ends.
func (f *follower) read(ctx context.Context, url string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	nc, err := nats.Connect(url, nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { cancel() }))
	if err != nil {
		return err
	}
	defer nc.Close()
	l, err := ledger.Open(ctx, nc, ledger.Config{})
	if err != nil {
		return err
	}
	return l.Read(ctx, f.last()+1, func(fact cdr.Fact) error {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.facts = append(f.facts, fact)
		close(f.changed)
		f.changed = make(chan struct{})
		return nil
	})
}

func (f *follower) close() {
	f.stop()
	f.closed.Wait()
}

func (f *follower) last() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.facts) == 0 {
		return 0
	}
	return f.facts[len(f.facts)-1].Seq
}

// await returns the first fact after a sequence that is as wanted.
func (f *follower) await(t testing.TB, what string, after uint64, ok func(cdr.Fact) bool) cdr.Fact {
	t.Helper()
	deadline := time.NewTimer(patient)
	defer deadline.Stop()
	for seen := 0; ; {
		f.mu.Lock()
		facts, changed := f.facts, f.changed
		f.mu.Unlock()
		for ; seen < len(facts); seen++ {
			if facts[seen].Seq > after && ok(facts[seen]) {
				return facts[seen]
			}
		}
		select {
		case <-changed:
		case <-deadline.C:
			t.Fatalf("%s: the ledger does not tell it within %s; its newest facts:\n%s", what, patient, tell(facts[max(0, len(facts)-15):]))
		}
	}
}

// visit is one call, seen from the ledger.
type visit struct {
	*follower
	id cdr.CallID
}

// arrived waits for the call of a number that reaches the controller after a
// sequence.
func (s *stack) arrived(t testing.TB, number string, after uint64) visit {
	t.Helper()
	f := s.ledger.await(t, "the call of "+number+" arrives", after, func(f cdr.Fact) bool {
		a, is := f.Story.(cdr.Arrived)
		return is && a.Caller.Number == number
	})
	return visit{s.ledger, f.Call}
}

// await waits for the call's first fact of a kind.
func (v visit) await(t testing.TB, kind cdr.Kind) cdr.Fact {
	t.Helper()
	return v.awaitNth(t, kind, 1)
}

// awaitNth waits for the n-th fact of a kind.
func (v visit) awaitNth(t testing.TB, kind cdr.Kind, n int) cdr.Fact {
	t.Helper()
	return v.follower.await(t, fmt.Sprintf("call %s: %s (%d)", v.id, kind, n), 0, func(f cdr.Fact) bool {
		if f.Call == v.id && f.Kind() == kind {
			n--
		}
		return n == 0
	})
}

// facts is the call's story so far, without what is its agents' own.
func (v visit) facts() []cdr.Fact {
	v.mu.Lock()
	defer v.mu.Unlock()
	var own []cdr.Fact
	for _, f := range v.follower.facts {
		if f.Call == v.id && f.Kind() != cdr.KindAgentChanged {
			own = append(own, f)
		}
	}
	return own
}

// told waits for the kinds of the call's facts and asserts that they stand in
// this order in the ledger, that there are no others, and that none stands there
// twice. What others than the call's actor tell (the floor, the
// desk, the ticket worker) may stand anywhere between its own facts: their order
// is asserted among themselves. Why nobody had the call (not-offered), and which open
// ticket the caller has (attributed), is asserted where it is asked for.
func (v visit) told(t testing.TB, kinds ...cdr.Kind) {
	t.Helper()
	v.awaitAll(t, slices.DeleteFunc(slices.Clone(kinds), func(k cdr.Kind) bool { return k == cdr.KindPopped }))
	kinds = withoutLostPops(kinds, v.facts())
	times := v.awaitAll(t, kinds)
	facts := popsInPlace(v.facts())
	var got []cdr.Kind
	seen := map[string]bool{}
	for _, f := range facts {
		switch k := f.Kind(); {
		case times[k] == 0 && (k == cdr.KindNotOffered || k == cdr.KindAttributed):
		default:
			got = append(got, k)
		}
		if seen[f.ID] {
			t.Errorf("call %s: fact %s stands in the ledger twice", v.id, f.ID)
		}
		seen[f.ID] = true
	}
	if !slices.Equal(byOthersLast(got), byOthersLast(kinds)) {
		t.Errorf("the ledger tells another story of call %s:\n got %v\nwant %v\n%s", v.id, got, kinds, tell(facts))
	}
}

// awaitAll waits for facts of the kinds and says how many there are of each.
func (v visit) awaitAll(t testing.TB, kinds []cdr.Kind) map[cdr.Kind]int {
	t.Helper()
	times := map[cdr.Kind]int{}
	for _, k := range kinds {
		times[k]++
		v.awaitNth(t, k, times[k])
	}
	return times
}

// byOthersLast moves the kinds of facts that others than the actor tell to the
// end.
func byOthersLast(kinds []cdr.Kind) []cdr.Kind {
	var own, others []cdr.Kind
	for _, k := range kinds {
		switch k {
		case cdr.KindNoted, cdr.KindWrappedUp, cdr.KindTicketLinked, cdr.KindTicketNoted:
			others = append(others, k)
		default:
			own = append(own, k)
		}
	}
	return append(own, others...)
}

// count is how often a kind of fact was told.
func (v visit) count(kind cdr.Kind) int {
	n := 0
	for _, f := range v.facts() {
		if f.Kind() == kind {
			n++
		}
	}
	return n
}

// fold is the record the call's facts make, up to a sequence.
func (v visit) fold(seq uint64) cdr.Record {
	r := cdr.Record{Call: v.id}
	for _, f := range v.facts() {
		if f.Seq <= seq {
			r.Apply(f)
		}
	}
	return r
}

// tell writes facts one a line.
func tell(facts []cdr.Fact) string {
	var b strings.Builder
	for _, f := range facts {
		fmt.Fprintf(&b, "  %5d %s %-14s %.8s %+v\n", f.Seq, f.At.Format("15:04:05.000"), f.Kind(), f.Call, f.Story)
	}
	return b.String()
}

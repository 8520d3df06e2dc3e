package floor

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/queue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is what the floor speaks to, in memory; it outlives a floor.
type world struct {
	mu            sync.Mutex
	offers        []queue.Offer
	withdrawn     []queue.Withdraw
	placed        []queue.Placed
	outs          []queue.Out
	announced     []queue.Announce
	dialled       []queue.DialBack
	unlent        []queue.Unlent
	reprioritised []queue.Reprioritised
	facts         []cdr.Fact
	order         []string // "fact ready", "save alice"
	away          chan struct{}

	defs   queue.Definitions
	recent func(context.Context) ([]queue.Handled, error)
	agents bucket
	places bucket
}

func newWorld() *world {
	w := &world{defs: definitions()}
	w.agents = bucket{world: w, saved: map[string][]byte{}}
	w.places = bucket{world: w, saved: map[string][]byte{}}
	return w
}

func (w *world) Offer(o queue.Offer)       { keep(w, &w.offers, o) }
func (w *world) Withdraw(o queue.Withdraw) { keep(w, &w.withdrawn, o) }
func (w *world) Placed(p queue.Placed)     { keep(w, &w.placed, p) }
func (w *world) Out(o queue.Out)           { keep(w, &w.outs, o) }
func (w *world) Announce(a queue.Announce) { keep(w, &w.announced, a) }
func (w *world) DialBack(d queue.DialBack) { keep(w, &w.dialled, d) }
func (w *world) Unlent(u queue.Unlent)     { keep(w, &w.unlent, u) }

func (w *world) Reprioritised(r queue.Reprioritised) { keep(w, &w.reprioritised, r) }

func keep[T any](w *world, to *[]T, what T) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*to = append(*to, what)
}

// bucket is one set of snapshots.
type bucket struct {
	world *world
	saved map[string][]byte
	fails error
}

func (b *bucket) Put(_ context.Context, key string, value []byte) error {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	if b.fails != nil {
		return b.fails
	}
	b.saved[key] = slices.Clone(value)
	b.world.order = append(b.world.order, "save "+key)
	return nil
}

func (b *bucket) Delete(_ context.Context, key string) error {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	if b.fails != nil {
		return b.fails
	}
	delete(b.saved, key)
	b.world.order = append(b.world.order, "delete "+key)
	return nil
}

func (b *bucket) All(context.Context) (map[string][]byte, error) {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	return maps.Clone(b.saved), nil
}

// set makes the bucket fail from now on, or work again.
func (b *bucket) set(fails error) {
	b.world.mu.Lock()
	defer b.world.mu.Unlock()
	b.fails = fails
}

// Append stores facts at once, unless the ledger is away.
func (w *world) Append(stored func(), facts ...cdr.Fact) {
	store := func() {
		w.mu.Lock()
		for _, f := range facts {
			w.facts = append(w.facts, f)
			w.order = append(w.order, "fact "+string(f.Kind()))
		}
		w.mu.Unlock()
		stored()
	}
	w.mu.Lock()
	away := w.away
	w.mu.Unlock()
	if away == nil {
		store()
		return
	}
	go func() { <-away; store() }()
}

// kinds are the kinds of the facts so far.
func (w *world) kinds() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := make([]string, len(w.facts))
	for i, f := range w.facts {
		out[i] = string(f.Kind())
		if s, ok := f.Story.(cdr.AgentChanged); ok {
			out[i] = s.Agent + ":" + string(s.To)
		}
	}
	return strings.Join(out, " ")
}

func definitions() queue.Definitions {
	return queue.Definitions{
		Queues: []queue.Definition{{
			Label: queue.Label{ID: "support"}, Ring: 20 * time.Second,
			WrapUp: queue.WrapUpRule{Mode: queue.WrapUpTimed, For: 30 * time.Second},
		}},
		Agents: []queue.Agent{
			{ID: "alice", Name: "Alice", Queues: []string{"support"}},
			{ID: "bruno", Name: "Bruno", Queues: []string{"support"}},
		},
	}
}

// open runs a floor in the world until the returned function stops it.
func (w *world) open(t *testing.T) (*Floor, func()) {
	t.Helper()
	f := New(w.defs, Deps{
		Ledger: w, Agents: &w.agents, Places: &w.places, Recent: w.recent, Log: slog.New(slog.DiscardHandler),
	})
	if err := f.Restore(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); f.Run(ctx, w) }()
	return f, func() { cancel(); <-done }
}

func ready(t *testing.T, f *Floor, agent string) {
	t.Helper()
	f.Tell(queue.SignIn{Agent: agent})
	saved, err := f.Ask(t.Context(), agent, queue.MakeReady{Agent: agent})
	if err != nil || saved.State != cdr.Ready {
		t.Fatalf("%s is %s: %v", agent, saved.State, err)
	}
}

const theCall cdr.CallID = "01890000-0000-7000-8000-000000000001"

// An offer that rings out goes on to the next agent by the floor's own timer.
func TestRingNoAnswerGoesOnToTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		defer stop()
		ready(t, f, "alice")
		time.Sleep(time.Second)
		ready(t, f, "bruno")
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now()})
		synctest.Wait()
		if len(w.offers) != 1 || w.offers[0].Agent != "alice" {
			t.Fatalf("offers: %+v", w.offers)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if len(w.withdrawn) != 1 || w.withdrawn[0].Outcome != cdr.OfferRingNoAns {
			t.Fatalf("withdrawn: %+v", w.withdrawn)
		}
		f.Tell(queue.OfferOver{Offer: w.offers[0].ID, Outcome: cdr.OfferRingNoAns})
		synctest.Wait()
		if len(w.offers) != 2 || w.offers[1].Agent != "bruno" {
			t.Fatalf("offers: %+v", w.offers)
		}
	})
}

// Facts go before the state: after a crash in between, the fact is there and its
// repetition is known by its name.
func TestFactsAreWrittenBeforeTheState(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		ready(t, f, "alice")
		synctest.Wait()
		stop()
		for i, what := range w.order {
			if strings.HasPrefix(what, "save") && (i == 0 || !strings.HasPrefix(w.order[i-1], "fact")) {
				t.Errorf("saved before told: %v", w.order)
			}
		}
	})
}

// A ledger that is away holds no offer up; what was decided is written when it
// is back.
func TestLedgerAwayDelaysNoOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.away = make(chan struct{})
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		defer stop()
		ready(t, f, "alice")
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now()})
		synctest.Wait()
		if len(w.offers) != 1 || len(w.facts) != 0 {
			t.Fatalf("%d offers, %d facts", len(w.offers), len(w.facts))
		}
		close(w.away)
		synctest.Wait()
		if got := w.kinds(); got != "alice:not-ready alice:ready alice:offered" {
			t.Errorf("facts: %s", got)
		}
	})
}

// The floor of the next controller has its agents as they were: the one in a
// talk is confirmed by the call, the one whose call is gone goes to wrap-up, and
// whoever was ready is served again once all calls are back.
func TestNextFloorHasItsAgentsBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		first, stopFirst := w.open(t)
		first.Tell(queue.Reclaimed{})
		ready(t, first, "alice")
		first.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now()})
		synctest.Wait()
		first.Tell(queue.OfferOver{Offer: w.offers[0].ID, Outcome: cdr.OfferAnswered})
		ready(t, first, "bruno")
		synctest.Wait()
		stopFirst()

		w.offers = nil
		second, stopSecond := w.open(t)
		defer stopSecond()
		const other cdr.CallID = "01890000-0000-7000-8000-000000000002"
		second.Tell(queue.Enter{Call: other, Queue: "support", EnteredAt: time.Now()})
		synctest.Wait()
		if len(w.offers) != 0 {
			t.Error("offered before all calls were back")
		}
		second.Tell(queue.Reclaimed{}) // nobody confirms alice's talk
		synctest.Wait()
		if len(w.offers) != 1 || w.offers[0].Agent != "bruno" {
			t.Fatalf("offers: %+v", w.offers)
		}
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if got := w.kinds(); !strings.Contains(got, "alice:wrap-up") || strings.Count(got, "wrapped-up") != 1 {
			t.Errorf("facts: %s", got)
		}
	})
}

// Who asks for what cannot be is told so, and nothing changes.
func TestRefusalsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		defer stop()
		_, err := f.Ask(t.Context(), "nobody", queue.MakeReady{Agent: "nobody"})
		var no *RefusedError
		if !errors.As(err, &no) || no.Reason != queue.UnknownAgent || !errors.Is(err, ErrRefused) {
			t.Errorf("unknown agent: %v", err)
		}
		_, err = f.Ask(t.Context(), "alice", queue.WrapUpDone{Agent: "alice", Call: theCall})
		if !errors.As(err, &no) || no.Reason != queue.NotInWrapUp {
			t.Errorf("no wrap-up: %v", err)
		}
	})
}

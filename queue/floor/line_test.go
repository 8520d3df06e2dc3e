package floor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

const nextCall cdr.CallID = "01890000-0000-7000-8000-000000000002"

// agent is an agent as saved.
func (w *world) agent(t *testing.T, id string) queue.SavedAgent {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	var a queue.SavedAgent
	if err := json.Unmarshal(w.agents.saved[id], &a); err != nil {
		t.Fatal(err)
	}
	return a
}

// closings counts the wrapped-up facts by name.
func (w *world) closings() map[string]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := map[string]int{}
	for _, f := range w.facts {
		if _, is := f.Story.(cdr.WrappedUp); is {
			n[f.ID]++
		}
	}
	return n
}

// A caller who was cut off in line has their place again after the controller was
// killed, and then it is not kept any longer.
func TestKeptPlaceOutlivesAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.defs.Queues[0].Resume = 2 * time.Minute
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		entered := time.Now()
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: entered, Caller: "+33612345678"})
		time.Sleep(time.Minute)
		f.Tell(queue.Leave{Call: theCall, Cause: cdr.LeftAbandoned, Cutoff: true})
		synctest.Wait()
		killed := maps.Clone(w.places.saved)
		stop()
		if len(killed) != 1 {
			t.Fatalf("kept: %v", killed)
		}
		w.places.saved, w.placed = killed, nil

		f, stop = w.open(t)
		defer stop()
		f.Tell(queue.Reclaimed{})
		time.Sleep(30 * time.Second)
		f.Tell(queue.Enter{Call: nextCall, Queue: "support", EnteredAt: time.Now(), Caller: "+33612345678"})
		synctest.Wait()
		if len(w.placed) != 1 || w.placed[0].Resumed != theCall || !w.placed[0].EnteredAt.Equal(entered) || w.placed[0].Rank != 1 {
			t.Fatalf("placed: %+v", w.placed)
		}
		if len(w.places.saved) != 0 {
			t.Errorf("still kept: %v", w.places.saved)
		}
	})
}

// Who rings back too late queues anew, also when the time went by while no
// controller lived, and what cannot be read is thrown away.
func TestKeptPlaceIsForgottenInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.defs.Queues[0].Resume = 2 * time.Minute
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now(), Caller: "+33612345678"})
		f.Tell(queue.Leave{Call: theCall, Cause: cdr.LeftAbandoned, Cutoff: true})
		synctest.Wait()
		stop()
		w.places.saved["torn"] = []byte("{")
		time.Sleep(3 * time.Minute)
		f, stop = w.open(t)
		defer stop()
		f.Tell(queue.Reclaimed{})
		f.Tell(queue.Enter{Call: nextCall, Queue: "support", EnteredAt: time.Now(), Caller: "+33612345678"})
		synctest.Wait()
		if last := w.placed[len(w.placed)-1]; last.Resumed != "" {
			t.Errorf("placed: %+v", last)
		}
		if len(w.places.saved) != 0 {
			t.Errorf("still kept: %v", w.places.saved)
		}
	})
}

// Why nobody had a call that has left its queue is in the ledger, once for each stay.
func TestNobodyHadTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		defer stop()
		f.Tell(queue.Reclaimed{})
		for stay := range 2 {
			f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now(), Stay: stay + 1})
			f.Tell(queue.Leave{Call: theCall, Cause: cdr.LeftKey})
		}
		synctest.Wait()
		w.mu.Lock()
		defer w.mu.Unlock()
		told := map[string]bool{}
		for _, fact := range w.facts {
			if s, is := fact.Story.(cdr.NotOffered); is {
				told[fact.ID] = fact.Call == theCall && s.Queue == "support" && len(s.Why) > 0 && s.Why[0].Verdict == cdr.WasOffline
			}
		}
		if !told[string(theCall)+"/not-offered/1"] || !told[string(theCall)+"/not-offered/2"] || len(told) != 2 {
			t.Errorf("told is %v of %+v", told, w.facts)
		}
	})
}

// What the queue tells a call comes to the call.
func TestCallsAreToldOfTheirPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		q := &w.defs.Queues[0]
		q.Most = 1
		q.Overflow = map[cdr.LeaveCause]queue.Overflow{cdr.LeftFull: {Kind: cdr.ToQueue, Queue: "other"}}
		q.Announce = queue.Announcements{First: 10 * time.Second, Place: true}
		q.Callback = &queue.CallbackRule{Key: "1", Mode: cdr.CustomerFirst, Tries: 1, Ring: 30 * time.Second, Expires: time.Hour}
		f, stop := w.open(t)
		defer stop()
		f.Tell(queue.Reclaimed{})
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now(), Caller: "+33612345678"})
		f.Tell(queue.Enter{Call: nextCall, Queue: "support", EnteredAt: time.Now()})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if len(w.outs) != 1 || w.outs[0].Call != nextCall || w.outs[0].Cause != cdr.LeftFull || w.outs[0].To == nil || w.outs[0].To.Queue != "other" {
			t.Errorf("out: %+v", w.outs)
		}
		if len(w.announced) != 1 || w.announced[0].Call != theCall || w.announced[0].Place != 1 {
			t.Errorf("announced: %+v", w.announced)
		}
		f.Tell(queue.AskCallback{Call: theCall, CallbackPlace: queue.CallbackPlace{Mode: cdr.CustomerFirst}})
		ready(t, f, "alice")
		synctest.Wait()
		if len(w.dialled) != 1 || w.dialled[0].Call != theCall || w.dialled[0].Try != 1 {
			t.Errorf("dialled: %+v", w.dialled)
		}
	})
}

// Questions see what was told before them, and say so when there is nothing.
func TestQuestions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		if _, err := f.Ask(t.Context(), "alice", queue.SignIn{Agent: "alice"}); err != nil {
			t.Fatal(err)
		}
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now()})
		f.Tell(queue.Enter{Call: nextCall, Queue: "support", EnteredAt: time.Now(), Priority: 3})
		f.Tell(queue.AskCallback{Call: theCall})
		why, _, err := f.Explain(t.Context(), nextCall)
		if err != nil || len(why) == 0 || why[0].Agent != "alice" || why[0].Verdict != cdr.WasNotReady {
			t.Errorf("why: %+v, %v", why, err)
		}
		waiting, err := f.Waiting(t.Context(), "support")
		if err != nil || len(waiting) != 2 || waiting[0].Call != nextCall || waiting[1].Rank != 2 {
			t.Errorf("waiting: %+v, %v", waiting, err)
		}
		back, err := f.Callbacks(t.Context())
		if err != nil || len(back) != 1 || back[0].Call != theCall {
			t.Errorf("callbacks: %+v, %v", back, err)
		}
		var no *RefusedError
		if _, _, err := f.Explain(t.Context(), "nobody"); !errors.As(err, &no) || no.Reason != queue.UnknownCall || !errors.Is(err, ErrRefused) {
			t.Errorf("unknown call: %v", err)
		}
		if _, err := f.Waiting(t.Context(), "nowhere"); !errors.As(err, &no) || no.Reason != queue.UnknownQueue {
			t.Errorf("unknown queue: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		stop()
		if _, err := f.Callbacks(t.Context()); !errors.Is(err, errClosed) {
			t.Errorf("closed: %v", err)
		}
		if err := f.Do(gone, queue.Tick{}); !errors.Is(err, errClosed) {
			t.Errorf("closed: %v", err)
		}
	})
}

// New definitions are followed before the answer, and a live floor goes on.
func TestRedefinitionIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		defer stop()
		f.Tell(queue.Reclaimed{})
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now()})
		defs := definitions()
		defs.Queues = append(defs.Queues, queue.Definition{Label: queue.Label{ID: "new"}, Ring: 20 * time.Second})
		if err := f.Do(t.Context(), queue.Redefine{Definitions: defs}); err != nil {
			t.Fatal(err)
		}
		if waiting, err := f.Waiting(t.Context(), "new"); err != nil || len(waiting) != 0 {
			t.Errorf("the new queue: %v, %v", waiting, err)
		}
		if waiting, err := f.Waiting(t.Context(), "support"); err != nil || len(waiting) != 1 || waiting[0].Call != theCall {
			t.Errorf("the call in line: %+v, %v", waiting, err)
		}
		err := f.Do(t.Context(), queue.Move{Call: theCall, Queue: "nowhere"})
		if !errors.Is(err, ErrRefused) {
			t.Errorf("moved nowhere: %v", err)
		}
	})
}

// What calls took before comes in beside the floor: nobody waits for a slow
// database, and the wait is told as soon as there is something to tell from.
func TestRecentCallsFeedTheWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.recent = func(ctx context.Context) ([]queue.Handled, error) {
			select {
			case <-time.After(time.Minute):
			case <-ctx.Done():
				return nil, ctx.Err()
			}
			took := make([]queue.Handled, 50)
			for i := range took {
				took[i] = queue.Handled{Queue: "support", Took: time.Duration(100+i) * time.Second}
			}
			return took, nil
		}
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		ready(t, f, "alice")
		enter := func(n int) {
			f.Tell(queue.Enter{Call: cdr.CallID(fmt.Sprint("c", n)), Queue: "support", EnteredAt: time.Now()})
			synctest.Wait()
		}
		enter(1)
		f.Tell(queue.OfferOver{Offer: w.offers[0].ID, Outcome: cdr.OfferAnswered})
		enter(2)
		if got := w.placed[1].Wait; got.High != 0 {
			t.Errorf("told %+v without data", got)
		}
		time.Sleep(time.Minute)
		synctest.Wait()
		enter(3)
		if got := w.placed[2].Wait; got.High == 0 || got.Low > got.High {
			t.Errorf("told %+v", got)
		}
		stop()
		// A floor that ends does not wait for the database either.
		_, stop = w.open(t)
		before := time.Now()
		stop()
		if took := time.Since(before); took != 0 {
			t.Errorf("stopped after %s", took)
		}
	})
}

// Many ask and tell at once; each is answered, and what a call was told stays as
// it was, however far the floor goes on. Run with -race.
func TestQuestionsUnderLoad(t *testing.T) {
	w := newWorld()
	for n := range 20 {
		w.defs.Agents = append(w.defs.Agents, queue.Agent{ID: fmt.Sprintf("a%02d", n), Name: "A", Queues: []string{"support"}, AlwaysReady: true})
	}
	f, stop := w.open(t)
	f.Tell(queue.Reclaimed{})
	const callers, calls = 8, 50
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			for n := range calls {
				id := cdr.CallID(fmt.Sprintf("call-%d-%02d", c, n))
				f.Tell(queue.Enter{Call: id, Queue: "support", EnteredAt: time.Now()})
				if _, _, err := f.Explain(t.Context(), id); err != nil {
					t.Errorf("%s: %v", id, err)
				}
				if waiting, err := f.Waiting(t.Context(), "support"); err != nil || len(waiting) == 0 {
					t.Errorf("%d wait, %v", len(waiting), err)
				}
				if n%2 == 0 {
					f.Tell(queue.Leave{Call: id, Cause: cdr.LeftAbandoned})
				}
			}
		})
	}
	all.Wait()
	waiting, err := f.Waiting(t.Context(), "support")
	if err != nil || len(waiting) != callers*calls/2 {
		t.Errorf("%d wait, %v", len(waiting), err)
	}
	stop()
	for _, o := range w.offers {
		if len(o.Why) == 0 || o.Why[0].Agent != o.Agent || o.Why[0].Verdict != cdr.Chosen {
			t.Fatalf("offer %s to %s says %+v", o.ID, o.Agent, o.Why)
		}
	}
}

// told are the stories of one kind so far.
func told[S cdr.Story](w *world) []S {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []S
	for _, f := range w.facts {
		if s, is := f.Story.(S); is {
			all = append(all, s)
		}
	}
	return all
}

// Which definitions are in force is told at the start and at an apply, before
// anything is decided by them.
func TestDefinitionsInForceAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.defs.Revision = "00000000000000aa"
		f, stop := w.open(t)
		defer stop()
		next := definitions()
		next.Revision, next.Agents[1].AlwaysReady = "00000000000000bb", true
		if err := f.Do(t.Context(), queue.Redefine{Definitions: next}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if got := w.kinds(); got != "redefined redefined bruno:ready" {
			t.Errorf("told: %s", got)
		}
		want := []cdr.Redefined{
			{Revision: "00000000000000aa", Cause: cdr.RedefinedAtStart}, {Revision: "00000000000000bb", Cause: cdr.RedefinedByApply},
		}
		if got := told[cdr.Redefined](w); !slices.Equal(got, want) {
			t.Errorf("definitions told: %v", got)
		}
	})
}

// An agent who is defined no more is forgotten at the next start, without a word of
// alarm.
func TestRemovedAgentIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		ready(t, f, "bruno")
		synctest.Wait()
		stop()
		w.defs.Agents = w.defs.Agents[:1]
		_, stop = w.open(t)
		synctest.Wait()
		stop()
		if saved, _ := w.agents.All(t.Context()); saved["bruno"] != nil {
			t.Errorf("still saved: %s", saved["bruno"])
		}
	})
}

// A call is told that its priority has changed, by whom, and only if it has.
func TestCallIsToldItsPriority(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		defer stop()
		f.Tell(queue.Reclaimed{})
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now(), Priority: 2})
		for range 2 {
			if err := f.Do(t.Context(), queue.Reprioritise{Call: theCall, Priority: 7, By: "hugo"}); err != nil {
				t.Fatal(err)
			}
		}
		want := []queue.Reprioritised{{Call: theCall, Queue: "support", From: 2, Priority: 7, By: "hugo", Cause: cdr.PriorityGiven}}
		if !slices.Equal(w.reprioritised, want) {
			t.Errorf("told: %+v", w.reprioritised)
		}
	})
}

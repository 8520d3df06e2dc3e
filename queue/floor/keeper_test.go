package floor

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// A ledger that is away does not hold the end of the process up. What it has not
// got is not saved as done, so that the next controller decides it again.
func TestLedgerAwayHoldsNoStopUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		ready(t, f, "alice")
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now()})
		synctest.Wait()
		offer := w.offers[0].ID
		f.Tell(queue.OfferOver{Offer: offer, Outcome: cdr.OfferAnswered})
		synctest.Wait()
		w.mu.Lock()
		w.away = make(chan struct{})
		w.mu.Unlock()
		f.Tell(queue.TalkOver{Call: theCall, Agent: "alice"})
		told := make(chan error, 1)
		go func() {
			_, err := f.Ask(t.Context(), "alice", queue.WrapUpDone{Agent: "alice", Call: theCall, Note: "done"})
			told <- err
		}()
		synctest.Wait()
		before := time.Now()
		stop()
		if took := time.Since(before); took != stopWait {
			t.Errorf("stopped after %s, want %s", took, stopWait)
		}
		if err := <-told; !errors.Is(err, errClosed) {
			t.Errorf("the agent was told %v of a note that is not kept", err)
		}
		if got := w.agent(t, "alice"); got.State != cdr.OnCall {
			t.Errorf("saved as %s, though the ledger does not know", got.State)
		}

		w.mu.Lock()
		close(w.away) // after the process has ended: a fact on its way may still arrive
		w.away = nil
		w.mu.Unlock()
		f, stop = w.open(t)
		f.Tell(queue.Reclaimed{}) // the call is gone
		synctest.Wait()
		time.Sleep(30 * time.Second)
		synctest.Wait()
		stop()
		for id, n := range w.closings() {
			if id != string(offer)+"/wrapped-up" || n == 0 {
				t.Errorf("%d facts %s", n, id)
			}
		}
		if len(w.closings()) != 1 {
			t.Errorf("closings: %v", w.closings())
		}
	})
}

// A state that could not be saved is saved as soon as it can be, without anything
// else having to happen.
func TestUnsavedStatesAreTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		defer stop()
		f.Tell(queue.Reclaimed{})
		w.agents.set(errors.New("no space left"))
		ready(t, f, "alice")
		synctest.Wait()
		if len(w.agents.saved) != 0 {
			t.Fatalf("saved: %v", w.agents.saved)
		}
		w.agents.set(nil)
		time.Sleep(keepRetry)
		synctest.Wait()
		if got := w.agent(t, "alice"); got.State != cdr.Ready {
			t.Errorf("saved as %s", got.State)
		}
	})
}

// A closing decided anew after a crash is the same fact: the crash came after the
// ledger had it and before the agent's state was saved.
func TestClosingIsNamedByItsOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		ready(t, f, "alice")
		f.Tell(queue.Enter{Call: theCall, Queue: "support", EnteredAt: time.Now()})
		synctest.Wait()
		f.Tell(queue.OfferOver{Offer: w.offers[0].ID, Outcome: cdr.OfferAnswered})
		f.Tell(queue.TalkOver{Call: theCall, Agent: "alice"})
		synctest.Wait()
		then := maps.Clone(w.agents.saved)
		if _, err := f.Ask(t.Context(), "alice", queue.WrapUpDone{Agent: "alice", Call: theCall}); err != nil {
			t.Fatal(err)
		}
		stop()
		w.agents.saved = then
		f, stop = w.open(t)
		f.Tell(queue.Reclaimed{})
		time.Sleep(30 * time.Second) // the wrap-up is over by itself
		synctest.Wait()
		stop()
		want := string(w.offers[0].ID) + "/wrapped-up"
		if got := w.closings(); got[want] != 2 || len(got) != 1 {
			t.Errorf("facts: %v, want %s twice, which the ledger stores once", got, want)
		}
		for _, fact := range w.facts {
			if s, is := fact.Story.(cdr.WrappedUp); is && s.Offer != w.offers[0].ID {
				t.Errorf("the closing names the offer %q", s.Offer)
			}
		}
	})
}

// The facts of an agent tell what their phone does and how long a reason may last.
func TestAgentsFactsTellPhoneAndLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.defs.Reasons = []queue.Reason{{Label: queue.Label{ID: "break"}, Limit: 10 * time.Minute}}
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		ready(t, f, "alice")
		f.Tell(queue.PhoneChange{Agent: "alice", Phone: cdr.PhoneAway})
		saved, err := f.Ask(t.Context(), "alice", queue.MakeNotReady{Agent: "alice", Reason: "break"})
		if err != nil || saved.Phone != cdr.PhoneAway {
			t.Fatalf("alice is %+v, %v", saved, err)
		}
		synctest.Wait()
		stop()
		last := w.facts[len(w.facts)-1].Story.(cdr.AgentChanged)
		if last.Phone != cdr.PhoneAway || !last.Limit.Equal(time.Now().Add(10*time.Minute)) {
			t.Errorf("the last fact is %+v", last)
		}
		if !strings.Contains(w.kinds(), "alice:ready alice:ready") {
			t.Errorf("the phone's going is no fact of its own: %s", w.kinds())
		}
	})
}

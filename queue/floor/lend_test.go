package floor

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Whoever is asked for by name is rung for as long as was said, or the call is told
// that they cannot be had. What is said for advice leaves nothing to be closed.
func TestAgentIsLentByName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		defer stop()
		f.Tell(queue.Reclaimed{})
		ready(t, f, "bruno")
		ask := queue.Borrow{Call: theCall, Agent: "bruno", Queue: "support", Offers: 1, Stay: 3, Ring: 30 * time.Second, By: "alice"}
		f.Tell(ask)
		ask.Stay = 4
		f.Tell(ask)
		synctest.Wait()
		if len(w.offers) != 1 || !w.offers[0].Asked || w.offers[0].ID != queue.OfferName(theCall, 2) || w.offers[0].Stay != 3 {
			t.Fatalf("offers: %+v", w.offers)
		}
		if want := []queue.Unlent{{Call: theCall, Agent: "bruno", Stay: 4, Why: queue.NotFree}}; !slices.Equal(w.unlent, want) {
			t.Errorf("not lent: %+v", w.unlent)
		}
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if len(w.withdrawn) != 1 || w.withdrawn[0].Outcome != cdr.OfferRingNoAns {
			t.Errorf("withdrawn: %+v", w.withdrawn)
		}
		f.Tell(queue.OfferOver{Offer: w.offers[0].ID, Outcome: cdr.OfferAnswered}) // just in time
		f.Tell(queue.TalkOver{Call: theCall, Agent: "bruno", Advised: true})
		synctest.Wait()
		if got := w.kinds(); got != "bruno:not-ready bruno:ready bruno:offered bruno:connected bruno:ready" {
			t.Errorf("facts: %s", got)
		}
	})
}

// The next controller's floor has the loan back, and goes on with it.
func TestLoanOutlivesAKill(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Reclaimed{})
		ready(t, f, "bruno")
		ask := queue.Borrow{Call: theCall, Agent: "bruno", Queue: "support", Offers: 1, Ring: 30 * time.Second}
		f.Tell(ask)
		synctest.Wait()
		stop()
		lent := w.offers[0]
		w.offers = nil

		f, stop = w.open(t)
		defer stop()
		ask.Open = &queue.OpenOffer{ID: lent.ID, Until: time.Now().Add(10 * time.Second)}
		f.Tell(ask)
		f.Tell(queue.Reclaimed{})
		f.Tell(queue.Enter{Call: nextCall, Queue: "support", EnteredAt: time.Now()})
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if len(w.offers) != 0 || len(w.withdrawn) != 1 || w.withdrawn[0].Offer != lent.ID {
			t.Fatalf("offers: %+v, withdrawn: %+v", w.offers, w.withdrawn)
		}
		f.Tell(queue.OfferOver{Offer: lent.ID, Outcome: cdr.OfferAnswered})
		synctest.Wait()
		if a := w.agent(t, "bruno"); a.State != cdr.OnCall || a.Taken != lent.ID || !a.Asked {
			t.Errorf("saved: %+v", a)
		}
	})
}

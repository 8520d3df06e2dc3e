package floor

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// An agent's saved state may be older than the call's (it is saved after the
// ledger has answered; a save may fail). Who answered while the controller was
// away is talking, whatever offer or wrap-up the agent was saved with.
func TestCallOutweighsTheAgentsOlderState(t *testing.T) {
	for _, saved := range []queue.SavedAgent{
		{ID: "alice", State: cdr.OfferedTo, Offer: "y-1", Call: "y", Queue: "support", Number: 7},
		{ID: "alice", State: cdr.WrapUp, Call: "y", Queue: "support", Number: 7},
	} {
		t.Run(string(saved.State), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				data, err := json.Marshal(saved)
				if err != nil {
					t.Fatal(err)
				}
				w.agents.saved["alice"] = data
				f, stop := w.open(t)
				now := time.Now()
				f.Tell(queue.Enter{
					Call: "x", Queue: "support", EnteredAt: now, Offers: 1,
					Open: []queue.OpenOffer{{ID: "x-1", Agent: "alice", Until: now.Add(10 * time.Second)}},
				})
				f.Tell(queue.OfferOver{Offer: "x-1", Outcome: cdr.OfferAnswered}) // seen in the inventory
				f.Tell(queue.Reclaimed{})
				synctest.Wait()
				got, _ := f.core.Agent("alice")
				if got.State != cdr.OnCall || got.Call != "x" {
					t.Errorf("alice talks to x and is %s (call %q); %d still in line; the talk's end will be refused and its record never complete",
						got.State, got.Call, f.core.Waiting("support"))
				}
				stop()
			})
		})
	}
}

// Each talk's end is followed by one wrapped-up, or its record is never
// complete: also when the agent has left the definitions meanwhile.
func TestTalkOfAnAgentWhoIsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		f, stop := w.open(t)
		f.Tell(queue.Talking{Call: "x", Agent: "zoe", Queue: "support"})
		f.Tell(queue.TalkOver{Call: "x", Agent: "zoe"})
		synctest.Wait()
		stop()
		for _, fact := range w.facts {
			if _, is := fact.Story.(cdr.WrappedUp); is {
				return
			}
		}
		t.Errorf("no wrapped-up for x: %s", w.kinds())
	})
}

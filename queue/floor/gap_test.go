package floor

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// An agent's saved state may be so old that a whole talk has come and gone since:
// it says offered, and the call is over. The part is closed all the same, or the
// call's record would never be complete. What is closed without having been a
// talk harms nothing: the closing names its offer (cdr.Record.Closings).
func TestTalkThatCameAndWentSinceTheSave(t *testing.T) {
	const old = cdr.OfferID(theCall + "-1")
	for name, events := range map[string][]queue.Event{
		"nobody confirms it": nil,
		"in another talk by now": {
			queue.Talking{Call: nextCall, Agent: "alice", Queue: "support", Offer: cdr.OfferID(nextCall + "-1")},
		},
		"offered another call by now": {
			queue.Enter{Call: nextCall, Queue: "support", EnteredAt: time.Unix(0, 0), Offers: 1, Open: []queue.OpenOffer{{ID: cdr.OfferID(nextCall + "-1"), Agent: "alice", Until: time.Unix(1<<40, 0)}}},
		},
		"talking by a later offer of the same call": {
			queue.Talking{Call: theCall, Agent: "alice", Queue: "support", Offer: cdr.OfferID(theCall + "-3")},
			queue.TalkOver{Call: theCall, Agent: "alice"},
			queue.WrapUpDone{Agent: "alice", Call: theCall},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				data, err := json.Marshal(queue.SavedAgent{ID: "alice", State: cdr.OfferedTo, Offer: old, Call: theCall, Queue: "support", Number: 7})
				if err != nil {
					t.Fatal(err)
				}
				w.agents.saved["alice"] = data
				f, stop := w.open(t)
				for _, ev := range events {
					f.Tell(ev)
				}
				f.Tell(queue.Reclaimed{})
				synctest.Wait()
				stop()
				want := string(old) + "/wrapped-up"
				if len(events) == 3 {
					want = string(theCall) + "-3/wrapped-up"
				}
				if w.closings()[want] != 1 {
					t.Errorf("closings: %v, want %s", w.closings(), want)
				}
			})
		})
	}
}

package call

import (
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// A promise is saved before it is answered, and the next controller keeps it, though
// Asterisk knows nothing of it.
func TestPromiseOutlivesTheController(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		first := w.controller(0)
		first.SwitchEvent(Inventory{Node: "", Began: time.Now()})
		at := time.Now().Add(time.Hour)
		id, err := first.FollowUp(t.Context(), FollowUp{
			Of: theCall, Agent: "alice", Queue: "support", Number: "+33199001001", At: at, Mine: true,
		})
		if err != nil || len(w.snapshots[string(id)]) == 0 {
			t.Fatalf("promise %q is not saved: %v", id, err)
		}
		synctest.Wait()
		want(t, "facts", w.told(), "follow-up-asked callback-asked queue-entered preferred")
		stop(t, first)

		w.floor = nil
		second := w.controller(0)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		second.SwitchEvent(Inventory{Node: "", Began: time.Now()})
		synctest.Wait()
		enter, _ := w.floor[0].(queue.Enter)
		if enter.Call != id || enter.Callback == nil || !enter.Callback.NotBefore.Equal(at) || len(enter.Preferred) != 1 {
			t.Errorf("the place is not as it was: %+v", w.floor)
		}
		if err := second.CancelCallback(t.Context(), id, cdr.ByAgent); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if len(w.snapshots) != 0 || second.Live() != 0 {
			t.Errorf("left behind: %d snapshots, %d calls", len(w.snapshots), second.Live())
		}
		if _, err := second.FollowUp(t.Context(), FollowUp{Queue: "gone", Number: "+33199001001"}); err == nil {
			t.Error("promised into no queue")
		}
		synctest.Wait()
		stop(t, second)
		if _, err := second.FollowUp(t.Context(), FollowUp{Queue: "support", Number: "+33199001001"}); err == nil {
			t.Error("promised by a controller that has stopped")
		}
	})
}

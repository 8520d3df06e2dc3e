package live

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// other has a queue more, that alice serves, and bruno no more.
func other() queue.Definitions {
	d := defs()
	d.Queues = append(d.Queues, queue.Definition{Label: queue.Label{ID: "n2", FR: "Experts", EN: "Experts"}})
	d.Agents = d.Agents[:1]
	d.Agents[0].Queues = []string{"n1", "n2"}
	return d
}

// Consoles stay open and see the floor as it is defined now; what went on goes
// on, and what the new definitions brought is followed from the first fact.
func TestRedefine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, nil)
		f.tape.append("c1", arrived(), cdr.QueueEntered{Queue: "n1"}, offered("bruno"))
		synctest.Wait()
		alice, bruno, hugo := f.dial("alice", ""), f.dial("bruno", ""), f.dial("hugo", "")
		for _, p := range []*page{alice, bruno, hugo} {
			p.read()
		}
		if err := f.hub.Redefine(t.Context(), other(), time.UTC); err != nil {
			t.Fatal(err)
		}
		alice.expect("snapshot 3 alice:offline n1:1 n2:0")
		hugo.expect("snapshot 3 alice:offline n1:1 n2:0 c1:offered")
		bruno.expect("snapshot 3 c1:offered") // is no more, and has the call to its end
		f.together("c2", arrived(), cdr.QueueEntered{Queue: "n2"})
		hugo.expect("delta 5 n2:1 c2:waiting")
		alice.expect("delta 5 n2:1")
		f.together("c1", cdr.QueueLeft{Queue: "n1", Cause: cdr.LeftAnswered}, cdr.Connected{Offer: "c1-1", Agent: "bruno", Queue: "n1"})
		bruno.expect("delta 7 c1:connected")
		alice.expect("delta 7 n1:0")
		// Who comes back from before gets it all.
		alice.close()
		alice = f.back(alice, "2")
		alice.expect("snapshot 7 alice:offline n1:0 n2:1")
		for _, p := range []*page{alice, bruno, hugo} {
			p.close()
		}
		f.stop()
		if err := f.hub.Redefine(t.Context(), defs(), time.UTC); err == nil {
			t.Error("a stopped hub was redefined")
		}
	})
}

// emptied is a ledger whose facts are too old to be kept.
type emptied struct{ *tape }

func (emptied) Last(context.Context) (uint64, error) { return 5, nil }

// Consoles that came before the board had caught up wait for it all the same.
func TestRedefineBeforeTheBoardHasCaughtUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, func(c *Config) { c.Facts = emptied{newTape()} })
		early := f.dial("hugo", "")
		if err := f.hub.Redefine(t.Context(), other(), time.UTC); err != nil {
			t.Fatal(err)
		}
		early.expect("snapshot 0 alice:offline n1:0 n2:0") // once the ledger is silent
		early.close()
		f.stop()
	})
}

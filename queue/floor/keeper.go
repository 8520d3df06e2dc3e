package floor

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/mailbox"
)

// keepWait bounds one save of an agent's state.
const keepWait = 5 * time.Second

// keeper writes down what the floor decided, in order, beside the floor: first
// the facts, then the states. A crash in between repeats a decision whose fact
// is there already; facts are named so that the repetition is known.
type keeper struct {
	ledger    Ledger
	snapshots Snapshots
	log       *slog.Logger
	box       *mailbox.Box[kept]
	closed    chan struct{}

	// Owned by run: states that could not be saved, tried again with the next.
	unsaved map[string]*queue.SavedAgent
}

// kept is one thing to write down, or one to do when all before it is written.
type kept struct {
	fact  cdr.Fact
	saved *queue.SavedAgent
	then  func()
}

func newKeeper(l Ledger, s Snapshots, log *slog.Logger) *keeper {
	return &keeper{ledger: l, snapshots: s, log: log, box: mailbox.New[kept](), closed: make(chan struct{}), unsaved: map[string]*queue.SavedAgent{}}
}

func (k *keeper) agent(now time.Time, e queue.AgentChange) {
	saved := e.Saved
	k.log.Info("agent "+string(e.Story.To), "agent", saved.ID, "from", e.Story.From,
		"reason", e.Story.Reason, "cause", e.Story.Cause, "call", e.Story.Call)
	k.box.Put(kept{
		fact: cdr.Fact{
			ID: fmt.Sprintf("%s/%d-%d", saved.ID, saved.Number, now.UnixNano()), At: now, Call: e.Story.Call, Story: e.Story,
		},
		saved: &saved,
	})
}

func (k *keeper) wrapUp(now time.Time, e queue.WrapUpOver) {
	k.box.Put(kept{fact: cdr.Fact{
		ID: fmt.Sprintf("%s/wrapped-up/%s/%d", e.Call, e.Story.Agent, e.Since.UnixNano()),
		At: now, Call: e.Call, Story: e.Story,
	}})
}

// then does something once everything so far is written.
func (k *keeper) then(do func()) { k.box.Put(kept{then: do}) }

// close ends run once everything is written.
func (k *keeper) close() { close(k.closed) }

func (k *keeper) run() {
	for {
		select {
		case <-k.box.Ready():
			k.write(k.box.Take())
		case <-k.closed:
			k.write(k.box.Close())
			return
		}
	}
}

// write appends a batch of facts, waits for the ledger, and saves the newest
// state of each agent in it.
func (k *keeper) write(batch []kept) {
	var facts []cdr.Fact
	for _, b := range batch {
		if b.fact.ID != "" {
			facts = append(facts, b.fact)
		}
		if b.saved != nil {
			k.unsaved[b.saved.ID] = b.saved
		}
	}
	if len(facts) > 0 {
		done := make(chan struct{})
		k.ledger.Append(func() { close(done) }, facts...)
		<-done
	}
	for id, saved := range k.unsaved {
		if k.save(id, saved) {
			delete(k.unsaved, id)
		}
	}
	for _, b := range batch {
		if b.then != nil {
			b.then()
		}
	}
}

// save says whether it did.
func (k *keeper) save(id string, saved *queue.SavedAgent) bool {
	data, err := json.Marshal(saved)
	if err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), keepWait)
		defer cancel()
		err = k.snapshots.Put(ctx, id, data)
	}
	if err != nil {
		k.log.Error("agent not saved; a crash now would forget the state", "agent", id, "err", err)
	}
	return err == nil
}

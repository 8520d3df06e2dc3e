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

const (
	// keepWait bounds one save of a state.
	keepWait = 5 * time.Second
	// keepRetry is after how long a save that failed is tried again.
	keepRetry = time.Second
	// stopWait bounds how long a floor that ends waits for the ledger.
	stopWait = 3 * time.Second
)

// keeper writes down what the floor decided, in order, beside the floor: first
// the facts, then the states. A crash in between repeats a decision whose fact
// is there already; facts are named so that the repetition is known.
type keeper struct {
	ledger Ledger
	agents Snapshots
	places Snapshots
	log    *slog.Logger
	box    *mailbox.Box[kept]
	closed chan struct{}

	// ctx ends when nothing more is waited for.
	ctx    context.Context
	giveUp context.CancelFunc

	// Owned by run: what stands still to be saved; nil is to be deleted.
	unsavedAgents map[string]*queue.SavedAgent
	unsavedPlaces map[cdr.CallID]*queue.KeptPlace
}

// kept is one thing to write down, or one to do when all before it is written.
type kept struct {
	fact   cdr.Fact
	agent  *queue.SavedAgent
	place  *queue.KeptPlace
	forget cdr.CallID
	then   func(written bool)

	forgetAgent string
}

func newKeeper(d Deps) *keeper {
	k := &keeper{
		ledger: d.Ledger, agents: d.Agents, places: d.Places, log: d.Log,
		box: mailbox.New[kept](), closed: make(chan struct{}),
		unsavedAgents: map[string]*queue.SavedAgent{}, unsavedPlaces: map[cdr.CallID]*queue.KeptPlace{},
	}
	k.ctx, k.giveUp = context.WithCancel(context.Background())
	return k
}

func (k *keeper) agent(now time.Time, e queue.AgentChange) {
	story, saved := e.Story, e.Saved
	k.log.Info("agent "+string(story.To), "agent", saved.ID, "from", story.From,
		"reason", story.Reason, "cause", story.Cause, "call", story.Call, "phone", story.Phone)
	k.box.Put(kept{
		fact: cdr.Fact{
			ID: fmt.Sprintf("%s/%d-%d", saved.ID, saved.Number, now.UnixNano()), At: now, Call: story.Call, Story: story,
		},
		agent: &saved,
	})
}

func (k *keeper) wrapUp(now time.Time, e queue.WrapUpOver) {
	e.Story.Offer = e.Offer
	k.box.Put(kept{fact: cdr.Fact{ID: closing(e), At: now, Call: e.Call, Story: e.Story}})
}

// closing names the fact that an agent's part in a call is closed: by the offer
// it began with, so that a closing decided again after a crash is the same fact.
func closing(e queue.WrapUpOver) string {
	if e.Offer != "" {
		return fmt.Sprintf("%s/wrapped-up", e.Offer)
	}
	return fmt.Sprintf("%s/wrapped-up/%s/%d", e.Call, e.Story.Agent, e.Since.UnixNano())
}

// notOffered tells why nobody had a call that has left a queue. A stay is over once.
func (k *keeper) notOffered(now time.Time, e queue.NotOffered) {
	k.box.Put(kept{fact: cdr.Fact{
		ID: fmt.Sprintf("%s/not-offered/%d", e.Call, e.Stay), At: now, Call: e.Call,
		Story: cdr.NotOffered{Queue: e.Queue, Why: e.Why, More: e.More},
	}})
}

// redefined tells which definitions the floor goes by from now on, if they have a
// name.
func (k *keeper) redefined(now time.Time, revision string, cause cdr.RedefineCause) {
	if revision == "" {
		return
	}
	k.box.Put(kept{fact: cdr.Fact{
		ID: fmt.Sprintf("definitions/%s/%d", revision, now.UnixNano()), At: now,
		Story: cdr.Redefined{Revision: revision, Cause: cause},
	}})
}

// forgetAgent has the saved state of an agent deleted who is defined no more.
func (k *keeper) forgetAgent(id string) { k.box.Put(kept{forgetAgent: id}) }

func (k *keeper) remember(place queue.KeptPlace) {
	k.log.Info("place may be resumed", "call", place.Call, "queue", place.Queue, "until", place.Until)
	k.box.Put(kept{place: &place})
}

func (k *keeper) forget(call cdr.CallID) { k.box.Put(kept{forget: call}) }

// then does something once everything so far is written, or is known not to be.
func (k *keeper) then(do func(written bool)) { k.box.Put(kept{then: do}) }

// close ends run once everything is written, or when stopWait is over.
func (k *keeper) close() {
	close(k.closed)
	time.AfterFunc(stopWait, k.giveUp)
}

func (k *keeper) run() {
	defer k.giveUp()
	for {
		var again <-chan time.Time
		if len(k.unsavedAgents)+len(k.unsavedPlaces) > 0 {
			again = time.After(keepRetry)
		}
		select {
		case <-k.box.Ready():
			k.write(k.box.Take())
		case <-again:
			k.saveAll()
		case <-k.closed:
			k.write(k.box.Close())
			k.reportUnsaved()
			return
		}
	}
}

// write appends a batch of facts, waits for the ledger, and saves the newest
// states in it. States whose facts are not known to be stored stay unsaved: the
// next controller goes on from the older ones, and decides and tells again.
func (k *keeper) write(batch []kept) {
	written := k.tell(batch)
	if written {
		k.note(batch)
		k.saveAll()
	}
	for _, b := range batch {
		if b.then != nil {
			b.then(written)
		}
	}
}

// tell appends the facts of a batch and says whether the ledger has them.
func (k *keeper) tell(batch []kept) bool {
	var facts []cdr.Fact
	for _, b := range batch {
		if b.fact.ID != "" {
			facts = append(facts, b.fact)
		}
	}
	if len(facts) == 0 {
		return true
	}
	done := make(chan struct{})
	k.ledger.Append(func() { close(done) }, facts...)
	select {
	case <-done:
		return true
	case <-k.ctx.Done():
		for _, f := range facts {
			k.log.Error("stopped before the ledger had a fact; the next start goes on from the state before it",
				"fact", f.ID, "kind", f.Kind(), "call", f.Call)
		}
		return false
	}
}

// note puts the states of a batch among those to be saved.
func (k *keeper) note(batch []kept) {
	for _, b := range batch {
		switch {
		case b.agent != nil:
			k.unsavedAgents[b.agent.ID] = b.agent
		case b.forgetAgent != "":
			k.unsavedAgents[b.forgetAgent] = nil
		case b.place != nil:
			k.unsavedPlaces[b.place.Call] = b.place
		case b.forget != "":
			k.unsavedPlaces[b.forget] = nil
		}
	}
}

// saveAll saves what stands to be saved; what fails is tried again later.
func (k *keeper) saveAll() {
	for id, agent := range k.unsavedAgents {
		if err := save(k, k.agents, id, agent); err != nil {
			k.log.Error("agent not saved; a crash now would forget the state", "agent", id, "err", err)
			continue
		}
		delete(k.unsavedAgents, id)
	}
	for call, place := range k.unsavedPlaces {
		if err := save(k, k.places, string(call), place); err != nil {
			k.log.Error("place not saved; a crash now would forget it", "call", call, "err", err)
			continue
		}
		delete(k.unsavedPlaces, call)
	}
}

// save saves a value, or deletes the one that stands there if it is nil.
func save[T any](k *keeper, to Snapshots, key string, value *T) error {
	ctx, cancel := context.WithTimeout(k.ctx, keepWait)
	defer cancel()
	if value == nil {
		return to.Delete(ctx, key)
	}
	data, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return to.Put(ctx, key, data)
}

// reportUnsaved tells what a floor that ends could not save.
func (k *keeper) reportUnsaved() {
	if n := len(k.unsavedAgents) + len(k.unsavedPlaces); n > 0 {
		k.log.Error("stopped with states that could not be saved; the next start has older ones", "states", n)
	}
}

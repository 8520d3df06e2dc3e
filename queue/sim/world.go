package sim

import (
	"maps"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// world is how things stand by the ledger: what a floor must be brought to when
// it has decided otherwise.
type world struct {
	agents  map[string]*standing
	places  map[cdr.CallID]*queue.Enter // calls in line; Offers and Open kept up
	lends   map[string]queue.Borrow     // by agents asked for who are still being rung; Open kept up
	callers map[cdr.CallID]string       // numbers
	prefer  map[cdr.CallID][]cdr.Preferred
	asked   map[cdr.CallID]cdr.CallbackAsked // before they were in line
	// offered is how many offers were made of a call, enteredAt when the fact of
	// its place was told.
	offered   map[cdr.CallID]int
	enteredAt map[cdr.CallID]time.Time
}

// standing is one agent by the ledger.
type standing struct {
	queue.SavedAgent
	// unsure: the state is from before the facts begin, and the call in hand not
	// known by name.
	unsure bool
}

func newWorld() *world {
	return &world{
		agents: map[string]*standing{}, places: map[cdr.CallID]*queue.Enter{}, lends: map[string]queue.Borrow{}, callers: map[cdr.CallID]string{},
		prefer: map[cdr.CallID][]cdr.Preferred{}, asked: map[cdr.CallID]cdr.CallbackAsked{},
		offered: map[cdr.CallID]int{}, enteredAt: map[cdr.CallID]time.Time{},
	}
}

// before sets agents as they must have been before the facts began: each as the
// first fact about them says they were until then.
func (w *world) before(d *day) {
	for agent, mine := range d.changes {
		s, began := d.change(mine[0]), d.facts[0].At
		st := &standing{SavedAgent: queue.SavedAgent{ID: agent, State: s.From, Since: began, IdleSince: began, Call: s.Call}}
		if inHand(s.From) {
			st.unsure = true
			st.State, st.Call = cdr.OnCall, cdr.CallID("before-"+agent)
		}
		w.agents[agent] = st
	}
}

// changed follows an agent's fact. Known is the agent as the replayed floor has
// them, for what facts do not tell; nil if it has them otherwise.
func (w *world) changed(at time.Time, s cdr.AgentChanged, known *queue.SavedAgent) {
	a := w.agents[s.Agent]
	if s.From == cdr.OfferedTo && s.To != cdr.OfferedTo {
		w.offerOver(a, s.To == cdr.OnCall)
	}
	idle := a.IdleSince
	if s.To == cdr.Ready && s.From != cdr.Ready && s.From != cdr.OfferedTo && s.Cause != causeAdvised {
		idle = at
	}
	if known != nil {
		a.SavedAgent, idle = *known, known.IdleSince
	}
	a.unsure = false
	a.State, a.Reason, a.Since, a.Until, a.IdleSince, a.Phone = s.To, s.Reason, at, s.Until, idle, s.Phone
	a.Call, a.Devices = s.Call, s.Devices
	if s.Next != "" {
		a.Next, a.NextWhy = s.Next, s.NextReason
	}
	switch {
	case s.To == cdr.OfferedTo && s.From != cdr.OfferedTo:
		if ask, byName := w.lends[s.Agent]; byName {
			w.lentByName(at, a, ask)
			return
		}
		w.lent(a, s.Call)
	case !inHand(s.To):
		a.Offer, a.Queue, a.Next, a.NextWhy, a.Asked = "", "", "", "", false
	case s.To != cdr.OfferedTo:
		a.Offer = ""
	}
}

// lent notes an open offer.
func (w *world) lent(a *standing, call cdr.CallID) {
	p := w.places[call]
	if p == nil { // from before the facts: busy until the agent's next fact
		a.unsure, a.State = true, cdr.OnCall
		return
	}
	p.Offers++
	w.offered[call] = p.Offers
	a.Offer, a.Queue = queue.OfferName(call, p.Offers), p.Queue
	p.Open = append(p.Open, queue.OpenOffer{ID: a.Offer, Agent: a.ID})
}

// lentByName notes the open offer of an agent who was asked for.
func (w *world) lentByName(at time.Time, a *standing, ask queue.Borrow) {
	n := ask.Offers + 1
	a.Offer, a.Queue, a.Asked = queue.OfferName(ask.Call, n), ask.Queue, true
	ask.Open = &queue.OpenOffer{ID: a.Offer, Agent: a.ID, Until: at.Add(ask.Ring)}
	w.lends[a.ID] = ask
	w.offered[ask.Call] = max(w.offered[ask.Call], n)
	if p := w.places[ask.Call]; p != nil {
		p.Offers = max(p.Offers, n)
	}
}

// offerOver notes the end of the agent's open offer.
func (w *world) offerOver(a *standing, answered bool) {
	if _, byName := w.lends[a.ID]; byName {
		delete(w.lends, a.ID)
		return
	}
	p := w.places[a.Call]
	if p == nil {
		return
	}
	if answered {
		delete(w.places, a.Call)
		return
	}
	p.Open = slices.DeleteFunc(p.Open, func(o queue.OpenOffer) bool { return o.Agent == a.ID })
}

// build is a floor brought to this world. It offers nothing yet (queue.Reclaimed).
func (w *world) build(defs queue.Definitions, now time.Time) *queue.Floor {
	f := queue.New(defs, now)
	f.Step(now, queue.Reclaiming{})
	for _, id := range slices.Sorted(maps.Keys(w.agents)) {
		f.Step(now, queue.Restore{Agent: w.agents[id].SavedAgent})
	}
	for _, call := range slices.Sorted(maps.Keys(w.places)) {
		f.Step(now, *w.places[call])
	}
	for _, id := range slices.Sorted(maps.Keys(w.lends)) {
		f.Step(now, w.lends[id])
	}
	for _, id := range slices.Sorted(maps.Keys(w.agents)) {
		if a := w.agents[id]; a.State == cdr.OnCall {
			f.Step(now, queue.Talking{Call: a.Call, Agent: id, Queue: a.Queue})
		}
	}
	return f
}

package queue

import (
	"cmp"
	"slices"
	"time"

	"linekeeper/cdr"
)

// define makes the floor what the definitions say, dropping nobody: queues and
// agents known keep what is in them. New uses it for an empty floor.
func (f *Floor) define(defs *Definitions) {
	f.seed = defs.Seed
	f.limits = make(map[string]time.Duration, len(defs.Reasons))
	for _, r := range defs.Reasons {
		f.limits[r.ID] = r.Limit
	}
	f.defineAgents(defs.Agents)
	f.defineLines(defs.Queues)
	for _, a := range f.roster {
		a.seats = a.seats[:0]
	}
	byID := slices.SortedFunc(slices.Values(f.roster), func(a, b *agent) int {
		return cmp.Compare(a.Agent.ID, b.Agent.ID)
	})
	for _, l := range f.lines {
		l.seatAll(byID)
	}
	for _, a := range f.roster {
		f.remind(a)
		f.refresh(a)
	}
}

// defineAgents renews the roster. Who is defined no more is gone, but stays until
// the call in hand is over.
func (f *Floor) defineAgents(agents []Agent) {
	was := f.roster
	f.roster = make([]*agent, 0, len(agents))
	defined := make(map[string]bool, len(agents))
	for _, d := range agents {
		a := f.agents[d.ID]
		if a == nil {
			a = &agent{SavedAgent: SavedAgent{ID: d.ID, State: cdr.Offline, Since: f.now, IdleSince: f.now}, day: -1}
			a.stateTimer = timer{what: stateDue, who: a}
			a.aloneTimer = timer{what: aloneDue, who: a}
			f.agents[d.ID] = a
		}
		a.Agent, a.ability, a.gone = d, f.names.abilityOf(&d), false
		defined[d.ID] = true
		f.roster = append(f.roster, a)
	}
	for _, a := range was {
		if !defined[a.Agent.ID] {
			a.gone = true
			f.roster = append(f.roster, a)
		}
	}
}

// defineLines renews the lines. One that is defined no more is closed, but stays
// until its places are gone.
func (f *Floor) defineLines(queues []Definition) {
	was, held := f.lines, map[*line]bool{}
	for _, p := range f.places {
		held[p.line] = true
	}
	f.lines = make([]*line, 0, len(queues))
	known := make(map[string]*line, len(was))
	for _, l := range was {
		known[l.ID] = l
	}
	f.queues = make(map[string]*line, len(queues))
	for _, d := range queues {
		l := known[d.ID]
		if l == nil {
			l = &line{}
		}
		l.closed = false
		l.define(d, &f.names)
		f.queues[d.ID] = l
		f.lines = append(f.lines, l)
	}
	for _, l := range was {
		if f.queues[l.ID] == l {
			continue
		}
		l.closed = true
		l.define(l.Definition, &f.names)
		if held[l] {
			f.lines = append(f.lines, l)
		}
	}
}

// redefine follows new definitions on a live floor.
func (f *Floor) redefine(e *Redefine) {
	places := f.unstandAll()
	f.define(&e.Definitions)
	for _, a := range f.roster {
		if a.fitDevices() {
			f.tellAgent(a, a.State, "defined")
		}
	}
	for _, p := range places {
		f.restand(p)
		if cause := f.overdue(p); cause != "" {
			f.sendAway(p, cause)
		}
	}
	f.dismiss()
	f.welcomeBack()
	f.forgetClosed()
	for _, a := range f.roster {
		if a.AlwaysReady && a.State == cdr.Offline && !a.gone {
			a.IdleSince = f.now
			f.become(a, cdr.Ready, "", "defined")
		}
	}
	f.serveAll()
}

// unstandAll takes all places out of their lines' order, which may become
// another.
func (f *Floor) unstandAll() []*place {
	places := make([]*place, 0, len(f.places))
	for _, l := range f.lines {
		l.order.walk(func(p *place) bool {
			places = append(places, p)
			return true
		})
	}
	for _, p := range places {
		f.unsort(p)
		f.declassify(p)
		f.due.stop(&p.timer)
	}
	for _, l := range f.lines {
		l.order.root = nil
	}
	return places
}

// restand puts a place back into its line as that is now.
func (f *Floor) restand(p *place) {
	f.widen(p)
	p.rekey()
	p.line.order.insert(p)
	f.classify(p)
	f.dropPreferences(p, func(w preference) bool { return w.agent.gone })
	f.rekeep(p)
	f.schedule(p)
	if p.line.closed {
		p.moveTo = nil
		f.withdrawAll(p)
		return
	}
	if p.moveTo != nil && p.moveTo.closed {
		p.moveTo = nil
	}
}

// dismiss sends agents home who are defined no more; who has a call in hand
// finishes it.
func (f *Floor) dismiss() {
	for _, a := range slices.Clone(f.roster) {
		switch {
		case !a.gone:
		case a.loan != nil:
			f.withdraw(a.loan, cdr.OfferWithdrawn)
		case a.State == cdr.WrapUp && a.Until.IsZero():
			f.endWrapUp(a, cdr.WrappedUp{}, "removed")
		case a.State == cdr.Offline:
			f.remove(a)
		case !a.busy():
			f.goTo(a, cdr.Offline, "", "removed")
		}
	}
}

// welcomeBack takes agents in who were defined no more, and are again while they
// still talk.
func (f *Floor) welcomeBack() {
	var back []Talking
	for _, t := range f.leavers {
		if f.agents[t.Agent] != nil {
			back = append(back, t)
		}
	}
	slices.SortFunc(back, func(a, b Talking) int { return cmp.Compare(a.Call, b.Call) })
	for _, t := range back {
		delete(f.leavers, part{call: t.Call, agent: t.Agent})
		f.talking(&t)
	}
}

// remove forgets an agent who is defined no more.
func (f *Floor) remove(a *agent) {
	f.due.stop(&a.stateTimer)
	f.due.stop(&a.aloneTimer)
	delete(f.agents, a.Agent.ID)
	if i := slices.Index(f.roster, a); i >= 0 {
		f.roster = slices.Delete(f.roster, i, i+1)
	}
}

// forgetClosed forgets what is known of queues that are no more.
func (f *Floor) forgetClosed() {
	var gone []*keptPlace
	for at, k := range f.kept {
		if f.queues[at.queue] == nil {
			gone = append(gone, k)
		}
	}
	slices.SortFunc(gone, func(a, b *keptPlace) int { return cmp.Compare(a.Call, b.Call) })
	for _, k := range slices.Compact(gone) { // it stands there once for each of its numbers
		f.forgetPlace(k)
	}
	for _, l := range f.lines {
		if l.closed {
			f.waits.Forget(l.ID)
		}
	}
}

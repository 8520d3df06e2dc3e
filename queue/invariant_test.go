package queue

import (
	"slices"

	"linekeeper/cdr"
)

// check holds the floor to what must be so after every step.
func (m *model) check(ev Event) {
	m.checkLines(ev)
	m.checkOffers(ev)
	m.checkAgents(ev)
	if !m.floor.held {
		m.checkNobodyLeft(ev)
	}
	if _, ticked := ev.(Tick); ticked {
		m.checkDue()
	}
}

// checkLines: no call is lost, none stands in two places, and the order is right.
func (m *model) checkLines(ev Event) {
	standing := 0
	for id, l := range m.floor.queues {
		for i, p := range l.waiting {
			standing++
			if i > 0 && first(m.line[p.call], m.line[l.waiting[i-1].call]) {
				m.t.Fatalf("%+v: queue %s is out of order: %s stands behind %s", ev, id, p.call, l.waiting[i-1].call)
			}
			want, in := m.line[p.call]
			if !in || want.Queue != id || !p.enteredAt.Equal(want.EnteredAt) || m.floor.places[p.call] != p {
				m.t.Fatalf("%+v: %s stands in %s; it should be %+v (in line: %v)", ev, p.call, id, want, in)
			}
		}
	}
	if standing != len(m.line) || len(m.floor.places) != len(m.line) {
		m.t.Fatalf("%+v: %d in line, %d places; should be %d", ev, standing, len(m.floor.places), len(m.line))
	}
}

// first says whether a comes strictly before b: the higher priority, then the
// older place. Equals may stand either way.
func first(a, b Enter) bool {
	if a.Priority != b.Priority {
		return a.Priority > b.Priority
	}
	return a.EnteredAt.Before(b.EnteredAt)
}

// checkOffers: the floor's open offers are the calls', one for an agent and one
// for a call at most.
func (m *model) checkOffers(ev Event) {
	if len(m.floor.offers) != len(m.offers) {
		m.t.Fatalf("%+v: %d open offers; should be %d", ev, len(m.floor.offers), len(m.offers))
	}
	for id, want := range m.offers {
		ln := m.floor.offers[id]
		switch {
		case ln == nil:
			m.t.Fatalf("%+v: offer %s is forgotten", ev, id)
		case ln.place.call != want.Call || ln.agent.Agent.ID != want.Agent || ln.place.loan != ln || ln.agent.loan != ln:
			m.t.Fatalf("%+v: offer %s is booked wrongly", ev, id)
		case ln.agent.State != cdr.OfferedTo || ln.agent.Offer != id || ln.agent.Call != want.Call:
			m.t.Fatalf("%+v: %s has offer %s open and is %s with %s", ev, want.Agent, id, ln.agent.State, ln.agent.Offer)
		}
	}
}

// checkAgents: what is told of agents is what they are, and no state is a phantom.
func (m *model) checkAgents(ev Event) {
	for id, a := range m.floor.agents {
		if a.State != m.states[id] {
			m.t.Fatalf("%+v: %s is %s and was told %s", ev, id, a.State, m.states[id])
		}
		talk, talks := m.talks[id]
		wrapping, wraps := m.wrapped[id]
		switch a.State {
		case cdr.OfferedTo:
			if a.loan == nil && !a.doubtful {
				m.t.Fatalf("%+v: %s is offered nothing", ev, id)
			}
		case cdr.OnCall:
			if !a.doubtful && (!talks || a.Call != talk.Call) {
				m.t.Fatalf("%+v: %s is said to talk on %s", ev, id, a.Call)
			}
		case cdr.WrapUp:
			if !wraps || a.Call != wrapping {
				m.t.Fatalf("%+v: %s is said to wrap %s up", ev, id, a.Call)
			}
		default:
			if a.Call != "" || a.Offer != "" || a.loan != nil || (talks || wraps) && !m.floor.held {
				m.t.Fatalf("%+v: %s is %s with a call in hand", ev, id, a.State)
			}
		}
	}
}

// checkNobodyLeft: no call waits while somebody who may take it is ready.
func (m *model) checkNobodyLeft(ev Event) {
	for _, p := range m.floor.places {
		if p.loan != nil {
			continue
		}
		for _, a := range p.line.members {
			if fits := may(a, p); fits && a.State == cdr.Ready {
				m.t.Fatalf("%+v: %s waits while %s is ready", ev, p.call, a.Agent.ID)
			}
		}
	}
}

// checkChoice: of those the agent may take, the call offered comes first; of
// those who may take it, the agent has been idle longest. An agent whose own try
// has just failed (freed) was not asked.
func (m *model) checkChoice(o Offer, freed string) {
	ln := m.floor.offers[o.ID]
	for _, p := range m.floor.places {
		fits := may(ln.agent, p)
		if fits && p.loan == nil && slices.Contains(ln.agent.queues, p.line) && first(m.line[p.call], m.line[o.Call]) {
			m.t.Fatalf("%s is offered to %s before %s", o.Call, o.Agent, p.call)
		}
	}
	for _, a := range ln.place.line.members {
		if fits := may(a, ln.place); fits && a.State == cdr.Ready && a.Agent.ID != freed && a.IdleSince.Before(ln.agent.IdleSince) {
			m.t.Fatalf("%s is offered to %s, but %s is idle for longer", o.Call, o.Agent, a.Agent.ID)
		}
	}
}

// checkDue: after a tick nothing is overdue, and what is to come has its time.
func (m *model) checkDue() {
	next := m.floor.Deadline()
	if !next.IsZero() && !next.After(m.now) {
		m.t.Fatalf("after a tick at %s something is due at %s", m.now, next)
	}
	for id, ln := range m.floor.offers {
		switch {
		case ln.withdrawn:
		case !ln.until.After(m.now):
			m.t.Fatalf("offer %s rang until %s and is not asked back at %s", id, ln.until, m.now)
		case next.IsZero() || next.After(ln.until):
			m.t.Fatalf("offer %s ends at %s; the next tick is at %s", id, ln.until, next)
		}
	}
	for id, a := range m.floor.agents {
		if a.State == cdr.WrapUp && !a.Until.IsZero() && (!a.Until.After(m.now) || next.IsZero() || next.After(a.Until)) {
			m.t.Fatalf("%s's wrap-up ends at %s; it is %s, the next tick at %s", id, a.Until, m.now, next)
		}
	}
}

package queue

import (
	"slices"

	"linekeeper/cdr"
)

// whileIn is the state an agent is in of whom a verdict is told. The others are told
// of anybody.
var whileIn = map[cdr.Verdict]cdr.AgentState{
	cdr.WasOffline: cdr.Offline, cdr.WasNotReady: cdr.NotReady, cdr.WasInWrapUp: cdr.WrapUp,
	cdr.WasOffered: cdr.OfferedTo, cdr.WasOnCall: cdr.OnCall,
	cdr.WasOffQueue: cdr.Ready, cdr.WasDelayed: cdr.Ready, cdr.KeptForOther: cdr.Ready,
	cdr.NotDueYet: cdr.Ready, cdr.RankedLower: cdr.Ready, cdr.IdleForLess: cdr.Ready,
}

// checkWhy: an offer says by which rule its agent was chosen, and of everybody else of
// the queue who is signed in what kept them from the call, each once.
func (m *model) checkWhy(ev Event, o *Offer) {
	if len(o.Why) == 0 || o.Why[0].Agent != o.Agent || o.Why[0].Verdict != cdr.Chosen || o.Why[0].Rule == "" {
		m.fail(ev, "offer %s to %s is explained by %+v", o.ID, o.Agent, o.Why)
	}
	told := map[string]bool{o.Agent: true}
	for _, w := range o.Why[1:] {
		if w.Verdict == "" || w.Verdict == cdr.Chosen || told[w.Agent] {
			m.fail(ev, "offer %s to %s is explained by %+v", o.ID, o.Agent, o.Why)
		}
		if state := whileIn[w.Verdict]; state != "" && m.agent(w.Agent) != nil && m.states[w.Agent] != state {
			m.fail(ev, "offer %s: %s is %s and was passed over by %+v", o.ID, w.Agent, m.states[w.Agent], w)
		}
		told[w.Agent] = true
	}
	untold := 0
	for _, id := range m.seated(o.Queue) {
		if m.states[id] != cdr.Offline && !told[id] {
			untold++
		}
	}
	if untold != o.More || untold > 0 && len(o.Why) <= explainMost {
		m.fail(ev, "offer %s to %s says nothing of %d, and that of %d: %+v", o.ID, o.Agent, untold, o.More, o.Why)
	}
}

// seated are those who could ever take a call of a queue: who serve it, and whom a
// widening step calls in.
func (m *model) seated(queue string) (ids []string) {
	d := m.definition(queue)
	for i := range m.defs.Agents {
		a := &m.defs.Agents[i]
		if slices.Contains(a.Queues, queue) || slices.ContainsFunc(d.Widening, func(w Widening) bool {
			return slices.ContainsFunc(w.AddGroups, func(g string) bool { return slices.Contains(a.Groups, g) })
		}) {
			ids = append(ids, a.ID)
		}
	}
	return ids
}

// checkDialled: that a customer is dialled explains itself, for somebody is free who
// may take the call, or it is kept for one who is.
func (m *model) checkDialled(ev Event, s *spot) {
	if len(m.floor.places[s.Call].prefs) > 0 {
		return
	}
	if !slices.ContainsFunc(m.defs.Agents, func(a Agent) bool {
		return m.free(a.ID) && (m.may(&a, s) || m.justNow(func() bool { return m.may(&a, s) }))
	}) {
		m.fail(ev, "%+v is dialled for nobody", s)
	}
}

// checkNotOffered: nobody of the queue has been offered the call, and each of those
// who are told of has something that kept them.
func (m *model) checkNotOffered(ev Event, e *NotOffered) {
	if m.offered[e.Call] || len(e.Why) == 0 || len(e.Why) > explainMost {
		m.fail(ev, "%+v; it was offered is %t", *e, m.offered[e.Call])
	}
	for _, w := range e.Why {
		if w.Agent == "" || w.Verdict == "" || w.Verdict == cdr.Chosen {
			m.fail(ev, "%s was kept from %s by %+v", w.Agent, e.Call, w)
		}
	}
}

// checkExplained: of every call still there it is said why nobody has it.
func (m *model) checkExplained() {
	for call, s := range m.line {
		why, _ := m.floor.Explain(call, m.now)
		if n := len(m.floor.places[call].line.seats); len(why) == 0 && n > 0 && slices.ContainsFunc(m.defs.Agents, func(a Agent) bool { return slices.Contains(a.Queues, s.Queue) }) {
			m.t.Fatalf("nobody knows why %s waits", call)
		}
		for _, w := range why {
			if w.Agent == "" || w.Verdict == "" || w.Verdict == cdr.Chosen {
				m.t.Fatalf("%s waits because %+v", call, w)
			}
		}
	}
}

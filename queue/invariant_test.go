package queue

import (
	"cmp"
	"slices"

	"linekeeper/cdr"
)

// check holds the floor to what must be so after every step.
func (m *model) check(ev Event) {
	m.checkLines(ev)
	m.checkKnown(ev)
	m.checkOffers(ev)
	m.checkAgents(ev)
	if !m.floor.held {
		m.checkNobodyLeft(ev)
		m.checkNobodyTrapped(ev)
	}
	if _, ticked := ev.(Tick); ticked {
		m.checkDue()
	}
}

// checkKnown: a callback is found by the number its caller rang from and by the one
// they asked for, and nobody else is found by any.
func (m *model) checkKnown(ev Event) {
	found := map[cdr.CallID][]string{}
	for at, k := range m.floor.callbacks {
		for ; k != nil; k = k.next {
			if k.at != at || k.place.line.ID != at.queue {
				m.fail(ev, "%s of %s is found by %+v", k.place.call, k.place.line.ID, at)
			}
			found[k.place.call] = append(found[k.place.call], at.caller)
		}
	}
	for call, s := range m.line {
		var want []string
		if s.virtual {
			want = []string{s.Caller, s.Number}
		}
		slices.Sort(want)
		want = slices.DeleteFunc(slices.Compact(want), func(n string) bool { return n == "" })
		slices.Sort(found[call])
		if !slices.Equal(want, found[call]) {
			m.fail(ev, "%s is found by %q, not %q", call, found[call], want)
		}
		delete(found, call)
	}
	if len(found) > 0 {
		m.fail(ev, "found, and not in line: %v", found)
	}
}

// checkLines: no call is lost, none stands in two places, and the order is right.
func (m *model) checkLines(ev Event) {
	standing := 0
	for _, l := range m.floor.lines {
		var last *spot
		rank := 0
		l.order.walk(func(p *place) bool {
			standing++
			rank++
			want := m.line[p.call]
			if want == nil || want.Queue != l.ID || !p.enteredAt.Equal(want.EnteredAt) || m.floor.places[p.call] != p || p.virtual != want.virtual {
				m.fail(ev, "%s stands in %s since %s; it should be %+v, after %+v", p.call, l.ID, p.enteredAt, want, texts(m.story[len(m.story)-1].effects))
			}
			if got := l.order.rank(p); got != rank {
				m.fail(ev, "%s is number %d and told %d", p.call, rank, got)
			}
			if !l.closed && !m.floor.held && last != nil && m.misordered(last, want) {
				m.fail(ev, "queue %s is out of order: %+v before %+v", l.ID, last, want)
			}
			last = want
			return true
		})
	}
	if standing != len(m.line) || len(m.floor.places) != len(m.line) {
		m.fail(ev, "%d in line, %d places; should be %d", standing, len(m.floor.places), len(m.line))
	}
}

// misordered says that b should stand before a: more points, or as many and older.
func (m *model) misordered(a, b *spot) bool {
	if d := m.points(b) - m.points(a); d > sure || d < -sure {
		return d > 0
	}
	return m.definition(a.Queue).Ageing == 0 && b.EnteredAt.Before(a.EnteredAt)
}

// checkOffers: the floor's open offers are the calls', one for an agent at most.
func (m *model) checkOffers(ev Event) {
	if len(m.floor.offers) != len(m.offers) {
		m.fail(ev, "%d open offers; should be %d", len(m.floor.offers), len(m.offers))
	}
	for id, want := range m.offers {
		ln := m.floor.offers[id]
		switch {
		case ln == nil:
			m.fail(ev, "offer %s is forgotten", id)
		case ln.place.call != want.Call || ln.agent.Agent.ID != want.Agent || !slices.Contains(ln.place.loans, ln) || ln.agent.loan != ln:
			m.fail(ev, "offer %s is booked wrongly", id)
		case ln.agent.State != cdr.OfferedTo || ln.agent.Offer != id || ln.agent.Call != want.Call:
			m.fail(ev, "%s has offer %s open and is %s with %s", want.Agent, id, ln.agent.State, ln.agent.Offer)
		}
	}
}

// checkAgents: what is told of agents is what they are, and no state is a phantom.
func (m *model) checkAgents(ev Event) {
	if len(m.floor.agents) != len(m.states) || len(m.floor.roster) != len(m.states) {
		m.fail(ev, "%d agents; should be %d", len(m.floor.agents), len(m.states))
	}
	for id, a := range m.floor.agents {
		if a.State != m.states[id] {
			m.fail(ev, "%s is %s and was told %s", id, a.State, m.states[id])
		}
		talk, talks := m.talks[id]
		wrapping, wraps := m.wrapped[id]
		switch a.State {
		case cdr.OfferedTo:
			if a.loan == nil && !a.doubtful {
				m.fail(ev, "%s is offered nothing", id)
			}
		case cdr.OnCall:
			if !a.doubtful && (!talks || a.Call != talk.Call) {
				m.fail(ev, "%s is said to talk on %s", id, a.Call)
			}
		case cdr.WrapUp:
			if !wraps || a.Call != wrapping {
				m.fail(ev, "%s is said to wrap %s up", id, a.Call)
			}
		default:
			if a.Call != "" || a.Offer != "" || a.Taken != "" || a.loan != nil || (talks || wraps) && !m.floor.held {
				m.fail(ev, "%s is %s with a call in hand", id, a.State)
			}
		}
	}
}

// waits says that a call could be offered: it rings nowhere, and has somebody on
// the line or is a callback whose time has come.
func (m *model) waits(s *spot) bool {
	if s.dialled || s.virtual && s.due.After(m.now) || m.definition(s.Queue) == nil {
		return false
	}
	p := m.floor.places[s.Call]
	return len(p.loans) == 0
}

// checkNobodyLeft: no call waits while somebody who may take it is ready.
func (m *model) checkNobodyLeft(ev Event) {
	dialled := map[string]int{}
	for _, s := range m.line {
		if s.dialled {
			dialled[s.Queue]++
		}
	}
	for _, s := range m.line {
		if !m.waits(s) {
			continue
		}
		free := 0
		for i := range m.defs.Agents {
			if a := &m.defs.Agents[i]; m.free(a.ID) && m.may(a, s) {
				free++
			}
		}
		if m.isKept(s.Call) {
			continue
		}
		dials := s.toDial()
		if free > 0 && !dials || dials && free > dialled[s.Queue] {
			m.fail(ev, "%+v waits while %d are ready", s, free)
		}
	}
}

// checkNobodyTrapped: no caller waits for nobody where that is not wanted.
func (m *model) checkNobodyTrapped(ev Event) {
	for _, s := range m.line {
		d := m.definition(s.Queue)
		if d == nil || d.LeaveWhenEmpty == 0 || s.virtual || m.isKept(s.Call) || len(m.floor.places[s.Call].loans) > 0 {
			continue
		}
		if m.isEmpty(d.LeaveWhenEmpty, s) {
			m.fail(ev, "%+v waits in an empty queue", s)
		}
	}
}

// checkOut: a call is sent away for a reason that holds.
func (m *model) checkOut(ev Event, o *Out) {
	s, d := m.line[o.Call], m.definition(o.Queue)
	if o.Cause == cdr.LeftClosed {
		if d != nil {
			m.fail(ev, "%+v, but the queue is there", o)
		}
		return
	}
	callers := 0
	for _, other := range m.line {
		if other.Queue == o.Queue && !other.virtual && other != s {
			callers++
		}
	}
	holds := map[cdr.LeaveCause]bool{
		cdr.LeftFull:      d.Most > 0 && callers >= d.Most,
		cdr.LeftJoinEmpty: m.isEmpty(d.JoinEmpty, s),
		cdr.LeftEmpty:     m.isEmpty(d.LeaveWhenEmpty, s),
		cdr.LeftMaxWait:   d.MaxWait > 0 && !s.virtual && m.now.Sub(s.since) >= d.MaxWait,
		cdr.LeftExpired:   s.virtual,
		cdr.LeftResumed:   s.virtual,
	}
	if !holds[o.Cause] {
		m.fail(ev, "%+v of %+v", o, s)
	}
	for _, offer := range m.offers {
		if offer.Call == o.Call && !offer.Asked && o.Cause != cdr.LeftResumed {
			m.fail(ev, "%+v while %s rings", o, offer.ID)
		}
	}
}

// checkChoice: of those the agent may take, the call offered comes first; of
// those who may take it, the strategy puts the agent first. An agent whose own try
// has just failed (freed) was not asked.
func (m *model) checkChoice(ev Event, o *Offer, freed string) {
	s, a := m.line[o.Call], m.agent(o.Agent)
	if s == nil || m.offers[o.ID].ID == "" {
		return // over already in the same step
	}
	rule := o.Why[0].Rule
	preferred := rule == cdr.RulePreferred || rule == cdr.RuleLastAgent || rule == cdr.RuleTicketOwner
	if !preferred && !m.may(a, s) && !m.justNow(func() bool { return m.may(a, s) }) {
		m.fail(ev, "%s is offered to %s, who may not take it", o.Call, o.Agent)
	}
	for _, other := range m.line {
		if m.waits(other) && !m.stirs(other) && m.may(a, other) && m.first(other, s) && !m.isKept(other.Call) && !other.toDial() &&
			m.justNow(func() bool { return m.may(a, other) && m.first(other, s) }) {
			m.fail(ev, "%s is offered to %s before %s: %+v, %+v, %v", o.Call, o.Agent, other.Call, *s, *other, texts(m.story[len(m.story)-1].effects))
		}
	}
	if preferred {
		return
	}
	d := m.definition(s.Queue)
	for i := range m.defs.Agents {
		b := &m.defs.Agents[i]
		if b.ID == a.ID || b.ID == freed || !m.free(b.ID) || !m.may(b, s) {
			continue
		}
		if m.ranked(d, s, b, a) < 0 && !m.cameFree(b.ID) && m.justNow(func() bool { return m.may(b, s) }) {
			m.fail(ev, "%s is offered to %s, but %s comes first", o.Call, o.Agent, b.ID)
		}
	}
}

// cameFree says that an agent has come free in this very step.
func (m *model) cameFree(id string) bool {
	return m.lastSave(id).Alone.Equal(m.now) || slices.ContainsFunc(m.story[len(m.story)-1].effects, func(e Effect) bool {
		c, changed := e.(*AgentChange)
		return changed && c.Story.Agent == id
	})
}

// justNow says whether something was so a moment before, too: of things due at
// the same time, one comes first.
func (m *model) justNow(so func() bool) bool {
	now := m.now
	m.now = now.Add(-1)
	defer func() { m.now = now }()
	return so()
}

// ranked compares two agents by the strategies that compare.
func (m *model) ranked(d *Definition, s *spot, a, b *Agent) int {
	if c := cmp.Compare(a.Member[d.ID].Tier, b.Member[d.ID].Tier); c != 0 {
		return c
	}
	x, _ := m.floor.Agent(a.ID)
	y, _ := m.floor.Agent(b.ID)
	idle := x.IdleSince.Compare(y.IdleSince)
	today := m.now.UTC().Format("2006-01-02")
	tally := func(s SavedAgent) Tally {
		if s.Day != today {
			return Tally{}
		}
		return s.Tally[d.ID]
	}
	switch d.Strategy {
	case "", LongestIdle, RingAll, RingProgressively:
		return idle
	case MostSkilled:
		points := func(a *Agent) (sum int) {
			for _, n := range s.Needs {
				sum += a.Skills[n.Skill]
			}
			return sum
		}
		return cmp.Or(cmp.Compare(points(b), points(a)), idle)
	case FewestCalls:
		return cmp.Or(cmp.Compare(tally(x).Calls, tally(y).Calls), idle)
	case LeastTalkTime:
		return cmp.Or(cmp.Compare(tally(x).Talked, tally(y).Talked), idle)
	case Linear:
		return cmp.Or(cmp.Compare(a.Member[d.ID].Order, b.Member[d.ID].Order), cmp.Compare(a.ID, b.ID))
	default: // by chance, or by turn
		return 0
	}
}

// checkDue: after a tick nothing is overdue, and what is to come has its time.
func (m *model) checkDue() {
	next := m.floor.Deadline()
	if !next.IsZero() && !next.After(m.now) {
		m.t.Fatalf("after a tick at %s something is due at %s", m.now, next)
	}
	for id, a := range m.floor.agents {
		if a.State == cdr.WrapUp && !a.Until.IsZero() && (!a.Until.After(m.now) || next.IsZero() || next.After(a.Until)) {
			m.t.Fatalf("%s's wrap-up ends at %s; it is %s, the next tick at %s", id, a.Until, m.now, next)
		}
	}
	for id, ln := range m.floor.offers {
		if !ln.withdrawn && (!ln.place.gone || ln.place.asked) && (ln.timer.slot == 0 || ln.timer.at <= m.floor.t) {
			m.t.Fatalf("offer %s rings without end", id)
		}
	}
	for call, s := range m.line {
		d := m.definition(s.Queue)
		if d != nil && d.MaxWait > 0 && !s.virtual && !m.floor.held && len(m.floor.places[call].loans) == 0 && m.now.Sub(s.since) >= d.MaxWait {
			m.t.Fatalf("%s has waited since %s", call, s.since)
		}
	}
}

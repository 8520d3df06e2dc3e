package queue

import (
	"cmp"
	"slices"
)

// line is one queue: its definition, who waits, and who may take calls of it.
type line struct {
	Definition
	// Compiled from the definition.
	ageing float64    // points of keys for a nanosecond of waiting
	stages []stage    // of widening; the first is before any step
	bounds []tierStep // of tiers; the first is before any bound
	closed bool       // defined no more; its places are on their way out

	// Who may take calls: those who serve the queue and those whom a widening step
	// may call in, by agent ID. The sets are of seats.
	seats []seat
	ready set // may be offered a call this moment
	here  set // signed in
	staff set // take calls now or when they come free
	join  set // count as there when a call enters (JoinEmpty)
	stay  set // count as there for calls that wait (LeaveWhenEmpty)

	// What they can do, as sets of seats.
	reach  []set   // by stage: who serves the queue or has been called in by then
	tiers  []set   // by bound: whose tier may be asked
	having [][]set // by skill and level from 1: who has it
	speaks []set   // by language

	// Who waits.
	order   order
	classes map[uint64]*class // by hash of what a call asks for
	open    []*class          // those with a call that may be offered
	// Memory of classes to be used again.
	idleClasses []*class
	callers     int   // places with a caller on the line
	dialled     int   // customers being called back this moment
	turn        int32 // round-robin: the position offered last, -1 at first
	emptied     bool  // somebody has gone: look whether calls must leave
}

// seat is one agent's place in a queue. What strategies compare stands here side
// by side, for one decision may look at thousands.
type seat struct {
	agent  *agent
	member bool // serves the queue; others are called in by a widening step
	tier   int32
	rank   int32 // for the strategies linear and round-robin
	idle   int64 // since when
	calls  int32 // answered on day
	talked int64 // on day
	day    int64
}

// seatRef is where an agent sits.
type seatRef struct {
	line *line
	at   int32
}

// today makes the seat's tally that of a day.
func (s *seat) today(day int64) *seat {
	if s.day != day {
		s.day, s.calls, s.talked = day, 0, 0
	}
	return s
}

// define makes a line what a definition says, with nobody in it yet.
func (l *line) define(d Definition, n *names) {
	l.Definition = d
	l.ageing = d.Ageing * point / 60e9
	l.stages = stagesOf(d.Widening, n)
	l.bounds = boundsOf(d.Tiers)
	l.classes, l.open, l.idleClasses = map[uint64]*class{}, nil, nil
	l.turn = -1
}

// seatAll gives those agents a seat who serve the queue or may be called in.
func (l *line) seatAll(roster []*agent) {
	l.seats = l.seats[:0]
	for _, a := range roster {
		serves := slices.Contains(a.Queues, l.ID)
		if a.gone || !serves && !l.callsIn(a) {
			continue
		}
		m := a.Member[l.ID]
		l.seats = append(l.seats, seat{agent: a, member: serves, tier: int32(m.Tier)})
	}
	for i := range l.seats {
		a := l.seats[i].agent
		a.seats = append(a.seats, seatRef{line: l, at: int32(i)})
	}
	l.rankSeats()
	l.sortAbilities()
	n := len(l.seats)
	l.ready, l.here, l.staff, l.join, l.stay = newSet(n), newSet(n), newSet(n), newSet(n), newSet(n)
}

// rankSeats ranks the agents by their order in the queue, then by ID.
func (l *line) rankSeats() {
	byOrder := make([]int32, len(l.seats))
	for i := range byOrder {
		byOrder[i] = int32(i)
	}
	slices.SortStableFunc(byOrder, func(i, j int32) int {
		return cmp.Compare(l.seats[i].agent.Member[l.ID].Order, l.seats[j].agent.Member[l.ID].Order)
	})
	for rank, i := range byOrder {
		l.seats[i].rank = int32(rank)
	}
}

// callsIn says whether some widening step brings in a group of the agent's.
func (l *line) callsIn(a *agent) bool {
	return slices.ContainsFunc(l.stages[len(l.stages)-1].groups, a.inGroup)
}

// sortAbilities finds who can do what, so that who may take a call is an
// intersection of sets.
func (l *line) sortAbilities() {
	n := len(l.seats)
	l.reach, l.tiers = make([]set, len(l.stages)), make([]set, len(l.bounds))
	l.having, l.speaks = nil, nil
	for i := range l.seats {
		s := &l.seats[i]
		for skill, level := range s.agent.levels {
			for len(l.having) <= skill {
				l.having = append(l.having, nil)
			}
			for k := range int(level) {
				if len(l.having[skill]) == k {
					l.having[skill] = append(l.having[skill], newSet(n))
				}
				l.having[skill][k].put(int32(i), true)
			}
		}
	}
	for stage := range l.reach {
		l.reach[stage] = l.setOf(func(s *seat) bool {
			return s.member || slices.ContainsFunc(l.stages[stage].groups, s.agent.inGroup)
		})
	}
	for bound := range l.tiers {
		l.tiers[bound] = l.setOf(func(s *seat) bool { return l.bounds[bound].holds(s.tier) })
	}
}

// speak is who speaks a language.
func (l *line) speak(language int16) set {
	for len(l.speaks) <= int(language) {
		other := int16(len(l.speaks))
		l.speaks = append(l.speaks, l.setOf(func(s *seat) bool { return s.agent.speak(other) }))
	}
	return l.speaks[language]
}

func (l *line) setOf(is func(*seat) bool) set {
	all := newSet(len(l.seats))
	for i := range l.seats {
		all.put(int32(i), is(&l.seats[i]))
	}
	return all
}

// able finds who can do what is wanted at a stage of widening, whatever their
// tier.
func (l *line) able(into set, w *wants, stage int) {
	copy(into, l.reach[stage])
	st := &l.stages[stage]
	for _, n := range w.needs {
		least := st.asked(n)
		switch {
		case least == 0:
		case int(n.skill) < len(l.having) && int(least) <= len(l.having[n.skill]):
			into.and(l.having[n.skill][least-1])
		default:
			clear(into) // nobody has as much
		}
	}
	if w.language >= 0 && !st.anyLanguage {
		into.and(l.speak(w.language))
	}
}

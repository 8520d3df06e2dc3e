package queue

import (
	"slices"
	"time"

	"linekeeper/cdr"
)

// What follows says again, in the plainest way and from the definitions alone,
// who may take which call: the floor's compiled answer is held against it.

// spot is a call in line, as its actor knows it.
type spot struct {
	Enter
	since   time.Time // in this queue
	virtual bool
	dialled bool
	due     time.Time // of a callback: not before
	keptTo  []time.Time
}

// toDial says that the customer is dialled before any agent.
func (s *spot) toDial() bool { return s.virtual && s.Callback.Mode == cdr.CustomerFirst }

// stirs says that a call comes free for everybody at this very moment: of things
// due at the same time one comes first.
func (m *model) stirs(s *spot) bool {
	return s.due.Equal(m.now) || slices.ContainsFunc(s.keptTo, m.now.Equal)
}

func (m *model) definition(queue string) *Definition {
	i := slices.IndexFunc(m.defs.Queues, func(d Definition) bool { return d.ID == queue })
	if i < 0 {
		return nil
	}
	return &m.defs.Queues[i]
}

func (m *model) agent(id string) *Agent {
	i := slices.IndexFunc(m.defs.Agents, func(a Agent) bool { return a.ID == id })
	if i < 0 {
		return nil
	}
	return &m.defs.Agents[i]
}

// steps are the widening steps that hold after a wait.
func steps(d *Definition, waited time.Duration) (held []Widening) {
	for _, w := range d.Widening {
		if w.After <= waited {
			held = append(held, w)
		}
	}
	return held
}

// tierAsked says whether a tier is asked after a wait: the last bound that has
// begun counts.
func tierAsked(d *Definition, tier int, waited time.Duration) bool {
	asked, from := true, time.Duration(-1)
	for _, b := range d.Tiers {
		if b.After <= waited && b.After >= from {
			from = b.After
			asked = tier >= b.Least && (b.Most < 0 || tier <= b.Most)
		}
	}
	return asked
}

// able says whether an agent may take a call after a wait, tiers aside.
func able(d *Definition, a *Agent, e *Enter, waited time.Duration) bool {
	held := steps(d, waited)
	if !slices.Contains(a.Queues, d.ID) && !slices.ContainsFunc(held, func(w Widening) bool {
		return slices.ContainsFunc(w.AddGroups, func(g string) bool { return slices.Contains(a.Groups, g) })
	}) {
		return false
	}
	for _, n := range e.Needs {
		least := n.Level
		for _, w := range held {
			if level, lowered := w.Lower[n.Skill]; lowered {
				least = min(least, level)
			}
		}
		if a.Skills[n.Skill] < least {
			return false
		}
	}
	speaks := e.Language == "" || len(a.Languages) == 0 || slices.Contains(a.Languages, e.Language)
	return speaks || slices.ContainsFunc(held, func(w Widening) bool { return w.AnyLanguage })
}

// may says whether an agent may take a call now, whatever they are doing.
func (m *model) may(a *Agent, s *spot) bool {
	d, waited := m.definition(s.Queue), m.now.Sub(s.EnteredAt)
	return d != nil && able(d, a, &s.Enter, waited) && tierAsked(d, a.Member[d.ID].Tier, waited)
}

// free says whether an agent may be offered a call now.
func (m *model) free(id string) bool {
	s, _ := m.floor.Agent(id)
	return m.states[id] == cdr.Ready && s.Phone == cdr.PhoneThere && (s.Alone.IsZero() || !s.Alone.After(m.now)) && m.agent(id) != nil
}

// points is a call's priority with what waiting has added.
func (m *model) points(s *spot) float64 {
	d, waited := m.definition(s.Queue), m.now.Sub(s.EnteredAt)
	sum := float64(s.Priority) + d.Ageing*waited.Minutes()
	for _, w := range steps(d, waited) {
		sum += float64(w.Raise)
	}
	return sum
}

// sure is by how much points must differ for the order to be beyond doubt.
const sure = 1e-4

// first says whether a comes strictly before b: the weightier queue, more points,
// the older place. Two that age have as many points for a moment only, and may stand
// either way then.
func (m *model) first(a, b *spot) bool {
	qa, qb := m.definition(a.Queue), m.definition(b.Queue)
	if qa.Weight != qb.Weight {
		return qa.Weight > qb.Weight
	}
	if d := m.points(a) - m.points(b); d > sure || d < -sure {
		return d > 0
	}
	return qa.Ageing == 0 && qb.Ageing == 0 && a.EnteredAt.Before(b.EnteredAt)
}

// isKept says whether a call is kept for somebody who could come free.
func (m *model) isKept(call cdr.CallID) bool {
	p := m.floor.places[call]
	return p != nil && p.kept
}

// isEmpty says whether a queue is empty for a call, by app_queue's factors.
func (m *model) isEmpty(factors Factors, s *spot) bool {
	d, waited := m.definition(s.Queue), m.now.Sub(s.EnteredAt)
	for i := range m.defs.Agents {
		a := &m.defs.Agents[i]
		if !able(d, a, &s.Enter, 1000*time.Hour) {
			continue
		}
		if factors&FactorPenalty != 0 && !tierAsked(d, a.Member[d.ID].Tier, waited) {
			continue
		}
		if m.absent(d, a)&factors == 0 {
			return false
		}
	}
	return true
}

func (m *model) absent(d *Definition, a *Agent) (is Factors) {
	s, _ := m.floor.Agent(a.ID)
	later := cdr.AgentState("")
	if s.State == cdr.OfferedTo || s.State == cdr.OnCall || s.State == cdr.WrapUp {
		later = s.Next
	}
	wraps := d.WrapUp
	if a.WrapUp != nil {
		wraps = *a.WrapUp
	}
	for factor, holds := range map[Factors]bool{
		FactorPaused:      s.State == cdr.NotReady || later == cdr.NotReady,
		FactorInUse:       s.State == cdr.OnCall || s.Phone == cdr.PhoneInUse,
		FactorRinging:     s.State == cdr.OfferedTo,
		FactorUnavailable: s.State != cdr.Offline && s.Phone == cdr.PhoneAway,
		FactorInvalid:     s.State == cdr.Offline || later == cdr.Offline,
		FactorWrapUp:      s.State == cdr.WrapUp || s.Alone.After(m.now) || s.State == cdr.OnCall && wraps.Mode != WrapUpNone,
	} {
		if holds {
			is |= factor
		}
	}
	return is
}

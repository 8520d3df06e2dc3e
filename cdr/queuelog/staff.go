package queuelog

import (
	"maps"
	"slices"
	"time"

	"linekeeper/cdr"
)

// autoPause is app_queue's reason for who missed a call.
const autoPause = "Auto-Pause"

// staff is what is known of an agent; one the definitions do not have serves no
// queue.
func (f *fold) staff(agent string) *member {
	if f.Staff[agent] == nil {
		f.Staff[agent] = &member{Interface: "PJSIP/" + agent, Name: agent}
	}
	return f.Staff[agent]
}

// agentField is how lines name an agent.
func (f *fold) agentField(agent string) string {
	if f.style.Agents == NamesOfAgents {
		return f.staff(agent).Name
	}
	return f.staff(agent).Interface
}

// agentChanged writes coming and going, pauses and their ends.
func (f *fold) agentChanged(at time.Time, s cdr.AgentChanged) {
	m := f.staff(s.Agent)
	switch {
	case s.To == cdr.Offline:
		if m.Present {
			f.each(at, s.Agent, m.Queues, line{callid: manager, event: removeMember})
		}
		m.Present, m.Paused, m.Reason = false, false, ""
		return
	case !m.Present && s.From == cdr.Offline:
		m.Paused, m.Reason = s.To == cdr.NotReady, reasonOf(s)
		f.each(at, s.Agent, m.Queues, m.added())
	case !m.Present: // there for good, or since before the oldest fact kept
		m.Paused = s.From == cdr.NotReady
	}
	m.Present = true
	f.pauseOrNot(at, s, m)
}

// added is the line of a member who comes.
func (m *member) added() line {
	l := line{callid: manager, event: addMember}
	if m.Paused {
		l.data = []string{"PAUSED"}
	}
	return l
}

// pauseOrNot writes a pause that begins, ends, or has another reason now.
func (f *fold) pauseOrNot(at time.Time, s cdr.AgentChanged, m *member) {
	paused, reason := s.To == cdr.NotReady, reasonOf(s)
	if paused == m.Paused && reason == m.Reason {
		return
	}
	if paused != m.Paused || paused {
		all, each := unpauseAll, unpause
		if paused {
			all, each = pauseAll, pause
		}
		f.write(at, line{agent: f.agentField(s.Agent), event: all, data: []string{reason}})
		f.each(at, s.Agent, m.Queues, line{event: each, data: []string{reason}})
	}
	m.Paused, m.Reason = paused, reason
}

// reasonOf is why an agent is paused, as app_queue would say it.
func reasonOf(s cdr.AgentChanged) string {
	switch {
	case s.To != cdr.NotReady:
		return ""
	case s.Reason == string(cdr.OfferRingNoAns), s.Reason == string(cdr.OfferRejected), s.Reason == string(cdr.OfferUnreachable):
		return autoPause
	default:
		return s.Reason
	}
}

// each writes the line for every queue given.
func (f *fold) each(at time.Time, agent string, queues []Membership, l line) {
	l.agent = f.agentField(agent)
	for _, q := range queues {
		l.queue = q.Queue
		f.write(at, l)
	}
}

// redefine takes the definitions as they are from now on. The first ever say
// who is there; later ones are told as app_queue tells a reload.
func (f *fold) redefine(at time.Time, members []Member) {
	now := make(map[string]Member, len(members))
	for _, m := range members {
		now[m.Agent] = m
	}
	if f.same(now) {
		f.Defined = true
		return
	}
	if f.Defined {
		f.write(at, line{event: configReload})
	}
	for _, agent := range slices.Sorted(maps.Keys(f.Staff)) {
		if _, still := now[agent]; !still {
			f.rewrite(at, f.Staff[agent], Member{Agent: agent})
			delete(f.Staff, agent)
		}
	}
	for _, agent := range slices.Sorted(maps.Keys(now)) {
		f.rewrite(at, f.staff(agent), now[agent])
	}
	f.Defined = true
}

// same says that the definitions are those that readers were told of. Agents
// only known by a fact about them do not count.
func (f *fold) same(now map[string]Member) bool {
	defined := 0
	for agent, m := range f.Staff {
		to, still := now[agent]
		if !m.Defined {
			continue
		}
		if !still || m.Interface != to.Interface || m.Name != to.Name || !slices.Equal(m.Queues, to.Queues) {
			return false
		}
		defined++
	}
	return defined == len(now)
}

// rewrite changes one agent and, if they are there, tells in which queues.
func (f *fold) rewrite(at time.Time, m *member, to Member) {
	was, tell := m.Queues, m.Present && f.Defined
	if tell {
		for _, q := range was {
			if _, still := tierIn(to.Queues, q.Queue); !still {
				f.each(at, to.Agent, []Membership{q}, line{callid: manager, event: removeMember})
			}
		}
	}
	m.Interface, m.Name, m.Queues, m.Defined = to.Interface, to.Name, to.Queues, true
	if !tell {
		return
	}
	for _, q := range to.Queues {
		tier, before := tierIn(was, q.Queue)
		switch {
		case !before:
			f.each(at, to.Agent, []Membership{q}, m.added())
		case tier != q.Tier:
			f.write(at, line{queue: q.Queue, agent: m.Interface, event: penalty, data: []string{number(q.Tier)}})
		}
	}
}

func tierIn(queues []Membership, queue string) (tier int, serves bool) {
	i := slices.IndexFunc(queues, func(q Membership) bool { return q.Queue == queue })
	if i < 0 {
		return 0, false
	}
	return queues[i].Tier, true
}

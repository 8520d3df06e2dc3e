package queue

import (
	"slices"

	"linekeeper/cdr"
)

// preference is somebody a call is kept for until a time. Who is meant may take
// the call whatever skills, language and tier it asks for; with the rules last
// agent and ticket owner they must serve the queue, with an agent named by the
// flow not even that.
//
// While one of those preferred could come free (waitable), nobody else is
// offered the call. One who is offline, not ready, or whose phone is away is not
// waited for; should they be free again before the time is over and the call be
// still there, they are the first it is offered to.
type preference struct {
	agent  *agent
	rule   string
	until  int64
	ticket string
}

// addPreference notes a preference of a place. Unknown agents are nobody.
func (f *Floor) addPreference(p *place, w Preference) {
	a := f.agents[w.Agent]
	until := f.at(w.Until)
	if a == nil || a.gone || until <= f.t {
		return
	}
	if w.Rule != cdr.RulePreferred && !slices.Contains(a.Queues, p.line.ID) {
		return
	}
	p.prefs = append(p.prefs, preference{agent: a, rule: w.Rule, until: until, ticket: w.Ticket})
	a.wanted = append(a.wanted, p)
}

// prefer is told of a call in line.
func (f *Floor) prefer(ev Event, e *Prefer) {
	p := f.places[e.Call]
	if p == nil {
		f.refuse(ev, UnknownCall)
		return
	}
	f.addPreference(p, e.Preference)
	f.rekeep(p)
	f.sort(p)
	f.serve(p)
	f.settled(p)
}

// waitable says whether an agent will come free if one waits for it.
func (a *agent) waitable() bool {
	for _, state := range [2]cdr.AgentState{a.State, a.afterCall()} {
		if state == cdr.Offline || state == cdr.NotReady {
			return false
		}
	}
	return !a.gone && a.phone() != cdr.PhoneAway
}

// rekeep finds out whether a place is kept for somebody now.
func (f *Floor) rekeep(p *place) {
	p.kept = slices.ContainsFunc(p.prefs, func(w preference) bool { return w.agent.waitable() })
}

// preferred is the first of those a place is kept for who is free.
func (p *place) preferred() (who *agent, rule string) {
	for _, w := range p.prefs {
		if w.agent.free && w.agent != p.tried {
			return w.agent, w.rule
		}
	}
	return nil, ""
}

// prefers says whether an agent is one of those the call is kept for.
func (p *place) prefers(a *agent) bool {
	return slices.ContainsFunc(p.prefs, func(w preference) bool { return w.agent == a })
}

// ownedBy is the ticket an agent is preferred for as its owner, "" if for none.
func (p *place) ownedBy(a *agent) string {
	for _, w := range p.prefs {
		if w.agent == a && w.rule == cdr.RuleTicketOwner {
			return w.ticket
		}
	}
	return ""
}

// preferredUntil is when the next preference ends.
func (p *place) preferredUntil() int64 {
	at := int64(never)
	for _, w := range p.prefs {
		at = min(at, w.until)
	}
	return at
}

// endPreferences forgets those whose time is over.
func (f *Floor) endPreferences(p *place) {
	f.dropPreferences(p, func(w preference) bool { return w.until <= f.t })
}

// disappoint ends an agent's preference: they had the call offered and did not
// take it.
func (f *Floor) disappoint(p *place, a *agent) {
	f.dropPreferences(p, func(w preference) bool { return w.agent == a })
	f.rekeep(p)
}

func (f *Floor) forgetPreferences(p *place) {
	f.dropPreferences(p, func(preference) bool { return true })
	p.kept = false
}

// forgetKept ends what does not go with a call into another queue.
func (f *Floor) forgetKept(p *place) {
	f.dropPreferences(p, func(w preference) bool { return w.rule != cdr.RulePreferred })
}

func (f *Floor) dropPreferences(p *place, over func(preference) bool) {
	kept := p.prefs[:0]
	for _, w := range p.prefs {
		if !over(w) {
			kept = append(kept, w)
			continue
		}
		if i := slices.Index(w.agent.wanted, p); i >= 0 {
			w.agent.wanted = slices.Delete(w.agent.wanted, i, i+1)
		}
	}
	p.prefs = kept
}

// awaited is told when an agent may or may no longer be waited for: what is kept
// for them is given free, or kept again.
func (f *Floor) awaited(a *agent) {
	for i := 0; i < len(a.wanted); i++ {
		p := a.wanted[i]
		was := p.kept
		f.rekeep(p)
		if p.kept == was {
			continue
		}
		f.sort(p)
		f.serve(p)
		f.settled(p)
	}
}

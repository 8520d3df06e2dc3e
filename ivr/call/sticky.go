package call

import (
	"context"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr/identify"
	"linekeeper/queue"
)

// Sticky knows what a caller is tied to by what went before: whom they had better go
// to (who talked to them last, who owns their open ticket), and that ticket. contact
// is empty while nobody has been found in the directory, queue while the call has no
// place; number is E.164, or empty if withheld. A preference's Until may be zero: then
// the queue's own windows count (Definition.LastAgent, TicketOwner), and for a queue
// without such a window its source is not asked. It may be slow or dead: it is asked
// outside the actor, under a deadline, and the call goes on without. Safe for
// concurrent use.
type Sticky interface {
	Ties(ctx context.Context, contact, number, queue string) (Ties, error)
}

// Ties are the agents a caller had better go to, and their newest open ticket: nil if
// they have none, or none is known.
type Ties struct {
	Agents []queue.Preference
	Ticket *OpenTicket
}

// stickyWait bounds a look-up of a caller's ties.
const stickyWait = 2 * time.Second

// askTies asks what a caller is tied to, outside the actor.
func (c *Calls) askTies(a *actor) {
	if c.deps.Sticky == nil || a.state.Talk != nil {
		return
	}
	contact, number, line := "", a.state.callerNumber(), ""
	if a.state.Contact != nil {
		contact = a.state.Contact.ID
	}
	if a.state.Line != nil {
		line = a.state.Line.Queue
	}
	if contact == "" && number == "" || line != "" && !c.rules.Load().sticks(line) {
		return
	}
	c.wg.Go(func() {
		ctx, cancel := context.WithTimeout(c.ctx, stickyWait)
		defer cancel()
		ties, err := c.deps.Sticky.Ties(ctx, contact, number, line)
		switch {
		case err != nil:
			a.log.Warn("preferred agents not looked up", "err", err)
		case len(ties.Agents) > 0 || ties.Ticket != nil:
			a.box.Put(tied{ties})
		}
	})
}

// sticks says whether a queue keeps calls for anybody.
func (r *Rules) sticks(name string) bool {
	q := r.Queues[name]
	return q.LastAgent > 0 || q.TicketOwner > 0
}

// window is how long a queue keeps a call for the agent of a rule.
func (r *Rules) window(name, rule string) time.Duration {
	q := r.Queues[name]
	switch rule {
	case cdr.RuleLastAgent:
		return q.LastAgent
	case cdr.RuleTicketOwner:
		return q.TicketOwner
	default:
		return 0
	}
}

// tied follows what the caller is tied to. After the end, and before an agent's call
// to them has begun, there is nobody it is of use to.
func (s *step) tied(t Ties) {
	if s.Ending != nil || s.unlentYet() {
		return
	}
	s.knowTicket(t.Ticket)
	agents := slices.Clone(t.Agents)
	for i := range agents {
		agents[i].Ticket = identify.Clean(agents[i].Ticket)
	}
	s.prefer(agents)
}

// prefer follows whom the caller had better go to: kept for the place to come, or
// told to the floor.
func (s *step) prefer(agents []queue.Preference) {
	switch {
	case len(agents) == 0 || s.Talk != nil:
	case s.Line == nil:
		s.Preferred = agents
	default:
		for _, p := range s.keptFor(agents) {
			s.tellFloor(queue.Prefer{Call: s.Call, Preference: p})
		}
	}
}

// keptFor keeps the place for agents, as long as the queue's windows say, and
// returns those that are new.
func (s *step) keptFor(agents []queue.Preference) []queue.Preference {
	var fresh []queue.Preference
	for _, p := range agents {
		if p.Until.IsZero() {
			p.Until = s.now.Add(s.rules.window(s.Line.Queue, p.Rule))
		}
		known := slices.ContainsFunc(s.Line.Preferred, func(k queue.Preference) bool { return k.Agent == p.Agent && k.Rule == p.Rule })
		if known || !p.Until.After(s.now) {
			continue
		}
		s.Line.Preferred = append(s.Line.Preferred, p)
		fresh = append(fresh, p)
		s.tell(cdr.Preferred{Agent: p.Agent, Rule: p.Rule, Until: p.Until, Ticket: p.Ticket})
	}
	return fresh
}

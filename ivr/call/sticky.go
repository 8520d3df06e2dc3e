package call

import (
	"context"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Sticky knows whom a caller had better go to: the agent who talked to them last,
// the owner of their open ticket. contact is empty while nobody has been found in
// the directory, queue while the call has no place; number is E.164, or empty if
// withheld. An answer's Until may be zero: then the queue's own windows count
// (Definition.LastAgent, TicketOwner). It may be slow or dead: it is asked outside
// the actor, under a deadline, and the call goes on without. Safe for concurrent
// use.
type Sticky interface {
	Preferred(ctx context.Context, contact, number, queue string) ([]queue.Preference, error)
}

// stickyWait bounds a look-up of preferred agents.
const stickyWait = 2 * time.Second

// askPreferred asks whom a call had better go to, outside its actor.
func (c *Calls) askPreferred(a *actor) {
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
		agents, err := c.deps.Sticky.Preferred(ctx, contact, number, line)
		switch {
		case err != nil:
			a.log.Warn("preferred agents not looked up", "err", err)
		case len(agents) > 0:
			a.box.Put(prefer{agents: agents})
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

// prefer follows whom the caller had better go to: kept for the place to come, or
// told to the floor.
func (s *step) prefer(agents []queue.Preference) {
	switch {
	case s.Ending != nil || s.Talk != nil:
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
		s.tell(cdr.Preferred{Agent: p.Agent, Rule: p.Rule, Until: p.Until})
	}
	return fresh
}

package call

import (
	"maps"
	"slices"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

// byAgent is who asks for a callback that an agent promised.
const byAgent = "agent"

// followUp begins the call of a promise: the State is new and empty but for its ID
// and node. Nobody is on the line, and nobody is to be for as long as it waits.
func (s *step) followUp(f FollowUp) error {
	if !s.rules.has(f.Queue) {
		s.nothing()
		return ErrNowhere
	}
	from := f.At
	if from.Before(s.now) {
		from = s.now
	}
	s.beginOut(f.Queue, cdr.Caller{Number: f.Number, Name: f.Name}, f.Language)
	s.Callback = &Callback{Number: f.Number, Mode: cdr.AgentFirst, NotBefore: f.At, NotAfter: f.Until, AskedAt: from, Promised: true}
	s.tell(cdr.FollowUpAsked{
		Node: s.Node, Of: f.Of, Agent: f.Agent, Queue: f.Queue, Number: f.Number, From: s.Number, Name: f.Name,
		At: f.At, Until: f.Until, Note: f.Note, Language: f.Language, Mine: f.Mine,
	})
	if f.Contact != nil {
		s.Contact = f.Contact
		s.tell(cdr.Identified{Contact: *f.Contact})
	}
	s.tell(cdr.CallbackAsked{
		Queue: f.Queue, Number: f.Number, Mode: cdr.AgentFirst, By: byAgent, NotBefore: f.At, NotAfter: f.Until,
	})
	s.Line = &Line{Queue: f.Queue, EnteredAt: s.now, Since: s.now, Language: f.Language}
	s.numberPlace()
	s.tellEntered()
	if f.Mine {
		s.keptFor([]queue.Preference{{Agent: f.Agent, Rule: cdr.RulePreferred, Until: from.Add(mineFor)}})
	}
	s.tellFloor(s.enterEvent())
	s.out.lookUp = s.Contact == nil
	return nil
}

// beginOut begins a call that nobody rang us with.
func (s *step) beginOut(queue string, to cdr.Caller, language string) {
	s.Number, s.Caller, s.Language, s.ArrivedAt = s.rules.shown(queue), to, language, s.now
	s.Flow = ivr.Machine{Language: language, Vars: map[string]string{
		"caller.number": to.Number, "caller.name": to.Name, "dialled": s.Number, ivr.VarLanguage: language,
	}}
}

// shown is the number called customers of a queue see: its own, else the site's
// first that leads anywhere.
func (r *Rules) shown(name string) string {
	if number := r.Queues[name].Number; number != "" {
		return number
	}
	numbers := slices.Sorted(maps.Keys(r.Routes))
	if len(numbers) == 0 {
		return ""
	}
	return numbers[0]
}

package ivr

import (
	"maps"
	"slices"
)

// SetStep writes what the call carries and goes on. Texts may name variables as
// ${name}; all of them are read before any is written.
type SetStep struct {
	// Variables and Attributes are texts by name. Attributes are what the queue,
	// the agent and the record see; ticket, ticket_subject and ticket_queue among them
	// go before what the ticket system tells.
	Variables  map[string]string
	Attributes map[string]string
	// Language is a text; what does not come out as a language changes nothing.
	Language string
	// Priority replaces the call's priority, 0–9; nil keeps it.
	Priority *int
	// Needs are added to the call's; of two for one skill the higher level holds.
	Needs []Need
	Next  string
}

// Kind implements Step.
func (*SetStep) Kind() string { return "set" }

// Exits implements Step.
func (s *SetStep) Exits() []Exit { return []Exit{{Label: "next", To: s.Next, Silent: true}} }

func (s *SetStep) enter(r *run) {
	variables := expandAll(s.Variables, r.lookup)
	attributes := expandAll(s.Attributes, r.lookup)
	language := Expand(s.Language, r.lookup)
	for name, value := range variables {
		r.setVar(name, value)
	}
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		r.setAttribute(name, attributes[name])
	}
	if r.speak(language, byStep) {
		r.emit(SetLanguage{Language: r.Language})
	}
	if s.Priority != nil {
		r.Priority = *s.Priority
	}
	r.Needs = mergeNeeds(r.Needs, s.Needs)
	r.goTo(s.Next)
}

// on is never reached: the call does not stay here.
func (*SetStep) on(*run, Event) {}

func expandAll(texts map[string]string, lookup func(string) string) map[string]string {
	out := make(map[string]string, len(texts))
	for name, text := range texts {
		out[name] = Expand(text, lookup)
	}
	return out
}

// mergeNeeds joins two lists: each skill once, at its higher level, by name.
func mergeNeeds(a, b []Need) []Need {
	if len(a)+len(b) == 0 {
		return nil
	}
	levels := map[string]int{}
	for _, n := range slices.Concat(a, b) {
		levels[n.Skill] = max(levels[n.Skill], n.Level)
	}
	var out []Need
	for _, skill := range slices.Sorted(maps.Keys(levels)) {
		out = append(out, Need{Skill: skill, Level: levels[skill]})
	}
	return out
}

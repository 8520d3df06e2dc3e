package ivr

import (
	"maps"
	"slices"
)

// MenuStep asks the caller to press one key. Its states are drawn in doc.go.
type MenuStep struct {
	Ask
	// Choices are the entries by key.
	Choices map[string]Choice
}

// Choice is one entry of a menu.
type Choice struct {
	// Label is what a person reads on the screen pop and the record.
	Label string
	// Next is the step it leads to.
	Next string
	// Replay asks the question again instead of going anywhere. It costs no try.
	Replay bool
}

// Kind implements Step.
func (*MenuStep) Kind() string { return "menu" }

// Exits implements Step.
func (s *MenuStep) Exits() []Exit {
	var exits []Exit
	for _, key := range slices.Sorted(maps.Keys(s.Choices)) {
		if c := s.Choices[key]; !c.Replay {
			exits = append(exits, Exit{Label: key + " " + c.Label, To: c.Next})
		}
	}
	return append(exits, s.exits()...)
}

// enter takes a key typed ahead for the answer, or asks.
func (s *MenuStep) enter(r *run) {
	if d, ok := r.typedAhead(); ok && s.BargeIn {
		s.decide(r, d)
		return
	}
	s.ask(r)
}

func (s *MenuStep) on(r *run, ev Event) {
	switch r.Phase {
	case Prompting:
		s.prompting(r, ev)
	case Waiting:
		s.waiting(r, ev)
	default: // a menu has no other phase
	}
}

// prompting: the question is being asked.
func (s *MenuStep) prompting(r *run, ev Event) {
	switch ev := ev.(type) {
	case PlaybackEnded:
		s.wait(r)
	case Digit:
		if s.BargeIn {
			s.decide(r, ev.Digit)
		}
	}
}

// waiting: the question has been asked, the caller thinks.
func (s *MenuStep) waiting(r *run, ev Event) {
	switch ev := ev.(type) {
	case TimerFired:
		r.NoInput++
		s.again(r, s.NoInput, r.NoInput)
	case Digit:
		s.decide(r, ev.Digit)
	}
}

// decide is what a key does.
func (s *MenuStep) decide(r *run, digit string) {
	r.quiet()
	choice, ok := s.Choices[digit]
	switch {
	case !ok:
		r.NoMatch++
		s.again(r, s.NoMatch, r.NoMatch)
	case choice.Replay:
		s.ask(r)
	default:
		r.emit(Chosen{Menu: r.At, Digit: digit, Choice: choice.Label})
		r.goTo(choice.Next)
	}
}

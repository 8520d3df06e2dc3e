package store

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"linekeeper/queue"
)

// Script is what the agents of a queue say and check on a call, in order.
type Script struct {
	queue.Label
	Steps []Step
}

// Step is one thing to say or to check: its label is the text itself.
type Step struct {
	queue.Label
	Check bool // has a box to tick
	// Verifies: ticking it says that the agent has checked who calls.
	Verifies bool
}

const (
	// mostSteps is what fits beside a call without losing it.
	mostSteps = 50
	// longestStep is the most characters of a step.
	longestStep = 300
)

// readScripts reads the scripts.
func (f *file) readScripts(root fields, defs *Definitions) {
	for _, n := range f.list(root.given("scripts"), "scripts") {
		s, ok := f.mapping(n, "script", scriptFields...)
		if !ok {
			continue
		}
		script := Script{Label: s.bilingual(f.named.scripts)}
		if script.ID != "" {
			s.what += " " + script.ID
		}
		steps := f.list(s.given("steps"), "steps")
		switch {
		case len(steps) == 0:
			s.complain(s.at, s.what+" has no steps", "add steps: what to say or to check, in order")
		case len(steps) > mostSteps:
			s.complain(s.at, fmt.Sprintf("%s has %d steps", s.what, len(steps)), fmt.Sprintf("keep it to %d", mostSteps))
		}
		k := known{}
		for _, n := range steps {
			if step, ok := f.mapping(n, "step", stepFields...); ok {
				script.Steps = append(script.Steps, step.step(k))
			}
		}
		defs.Scripts = append(defs.Scripts, script)
	}
}

// step reads one step of a script.
func (s fields) step(k known) Step {
	step := Step{Label: queue.Label{ID: s.id(k)}}
	if step.ID != "" {
		s.what += " " + step.ID
	}
	step.FR = s.line("fr", longestStep, "add fr: what to say or to check, in French")
	step.EN = s.line("en", longestStep, "add en: what to say or to check, in English")
	step.Check, step.Verifies = s.flag("check"), s.flag("verifies")
	if n := s.given("verifies"); n != nil && step.Verifies && !step.Check {
		s.complain(n.GetToken(), s.what+" verifies and has no box to tick", "add check: true, or remove verifies")
	}
	return step
}

// line reads a text people see, on one line.
func (s fields) line(name string, longest int, do string) string {
	v, ok := s.text(name, do)
	if !ok {
		return ""
	}
	switch n := utf8.RuneCountInString(v.text); {
	case n == 0:
		s.complain(v.at, fmt.Sprintf("%s of %s is empty", name, s.what), do)
	case n > longest:
		s.complain(v.at, fmt.Sprintf("%s of %s is %d characters long", name, s.what, n), fmt.Sprintf("keep it to %d characters", longest))
	case !printable(v.text):
		s.complain(v.at, fmt.Sprintf("%s of %s holds characters that do not print", name, s.what), "write it on one line, in plain letters")
	}
	return v.text
}

// namesScript reads which script a queue's agents see.
func (s fields) namesScript(queue string, defs *Definitions) {
	v, ok := s.optional("script")
	if !ok {
		return
	}
	s.refer(aScript, "queue "+queue+" names", v)
	if defs.QueueScripts == nil {
		defs.QueueScripts = map[string]string{}
	}
	defs.QueueScripts[queue] = v.text
}

// scriptItem is a script as a person compares it.
func scriptItem(s *Script) item {
	return item{"script", s.ID, append(labelFieldsOf(s.Label), field{"steps", each(s.Steps, spellStep)})}
}

func spellStep(s Step) string {
	words := []string{s.ID, "“" + s.FR + "”", "“" + s.EN + "”"}
	if s.Check {
		words = append(words, "check")
	}
	if s.Verifies {
		words = append(words, "verifies")
	}
	return strings.Join(words, " ")
}

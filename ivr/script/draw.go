package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"linekeeper/ivr"
)

// Draw draws a flow as a Mermaid flowchart, from its start on, for documents and
// the console. The same flow gives the same text.
func Draw(flow *ivr.Flow) string {
	var b strings.Builder
	b.WriteString("flowchart TD\n")
	fmt.Fprintf(&b, "  in_([%s]) --> %s\n", label(flow.Name), node(flow.Start))
	order := walk(flow)
	for _, name := range order {
		b.WriteString("  " + shape(name, flow.Steps[name]) + "\n")
	}
	for _, name := range order {
		for _, exit := range flow.Steps[name].Exits() {
			arrow := "-->"
			if exit.Label != "next" {
				arrow = "-->|" + label(exit.Label) + "|"
			}
			fmt.Fprintf(&b, "  %s %s %s\n", node(name), arrow, node(exit.To))
		}
	}
	return b.String()
}

// walk lists the steps in the order a caller may meet them, the ones nothing
// leads to last.
func walk(flow *ivr.Flow) []string {
	var order []string
	seen := map[string]bool{}
	visit := func(name string) {
		if _, ok := flow.Steps[name]; ok && !seen[name] {
			seen[name] = true
			order = append(order, name)
		}
	}
	visit(flow.Start)
	for i := 0; i < len(order); i++ {
		for _, exit := range flow.Steps[order[i]].Exits() {
			visit(exit.To)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(flow.Steps)) {
		visit(name)
	}
	return order
}

// shape draws one step: what asks the caller, or the clock, is a diamond, a queue a barrel, an
// end round.
func shape(name string, step ivr.Step) string {
	id, text := node(name), label(name+"\n"+about(step))
	switch step.(type) {
	case *ivr.MenuStep, *ivr.CollectStep, *ivr.HoursStep:
		return id + "{" + text + "}"
	case *ivr.QueueStep, *ivr.CallbackStep:
		return id + "[(" + text + ")]"
	case *ivr.HangupStep:
		return id + "([" + text + "])"
	}
	return id + "[" + text + "]"
}

// about says in a line what a step does.
func about(step ivr.Step) string {
	switch s := step.(type) {
	case *ivr.PlayStep:
		return "play " + strings.Join(s.Prompts, ", ")
	case *ivr.CollectStep:
		return "collect " + s.Into
	case *ivr.SetStep:
		return "set " + strings.Join(written(s), ", ")
	case *ivr.QueueStep:
		return "queue " + s.Queue
	case *ivr.CallbackStep:
		return "callback " + s.Queue
	case *ivr.VoicemailStep:
		return "voicemail up to " + span(s.Most)
	case *ivr.HoursStep:
		return "hours " + s.Hours
	case *ivr.HangupStep:
		return "hangup " + string(s.Reason)
	}
	return step.Kind()
}

// written lists what a set step writes.
func written(s *ivr.SetStep) []string {
	var out []string
	for _, texts := range []map[string]string{s.Variables, s.Attributes} {
		for _, name := range slices.Sorted(maps.Keys(texts)) {
			out = append(out, name+" = "+texts[name])
		}
	}
	if s.Language != "" {
		out = append(out, "language = "+s.Language)
	}
	if s.Priority != nil {
		out = append(out, fmt.Sprintf("priority = %d", *s.Priority))
	}
	for _, need := range s.Needs {
		out = append(out, fmt.Sprintf("%s ≥ %d", need.Skill, need.Level))
	}
	return out
}

// node makes a Mermaid identifier of a step's name. The prefix keeps words such
// as "end" from meaning something to Mermaid.
func node(name string) string { return "s_" + strings.ReplaceAll(name, "-", "_") }

// label quotes a text for Mermaid, with its entity codes.
func label(text string) string {
	return `"` + strings.NewReplacer("#", "#35;", "&", "#amp;", `"`, "#quot;", "<", "#lt;", ">", "#gt;", "\n", "<br>").Replace(text) + `"`
}

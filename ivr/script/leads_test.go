package script_test

import (
	"slices"
	"testing"

	"linekeeper/ivr/script"
)

func TestLeads(t *testing.T) {
	for name, c := range map[string]struct {
		flow string
		want []string
	}{
		"straight": {"language: fr\nstart: a\nsteps:\n  a: {type: play, prompts: [welcome], next: b}\n  b: {type: queue, queue: n1}\n", []string{"n1"}},
		// The key leads to n1, silence to n2, and what n2 gives back for a reason of
		// its own to n3; only the way of who does nothing counts.
		"menu": {`
language: fr
start: ask
steps:
  ask:
    type: menu
    prompts: [menu-support]
    choices: {"1": {label: One, next: n1}}
    no_input: {tries: 1, next: n2}
    no_match: {tries: 1, next: n1}
  n1: {type: queue, queue: n1}
  n2: {type: queue, queue: n2, next: n3, "on": {full: n4}}
  n3: {type: queue, queue: n3}
  n4: {type: queue, queue: n4}
`, []string{"n2", "n4"}},
		"none": {"language: fr\nstart: a\nsteps:\n  a: {type: hangup}\n", nil},
	} {
		flow, err := script.Parse(name+".yaml", []byte(c.flow), script.Context{})
		if err != nil {
			t.Fatal(err)
		}
		if got := script.Leads(flow); !slices.Equal(got, c.want) {
			t.Errorf("%s leads to %q, want %q", name, got, c.want)
		}
	}
}

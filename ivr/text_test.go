package ivr_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/ivr"
)

func TestTextsNameVariables(t *testing.T) {
	t.Parallel()
	values := map[string]string{"a": "1", "caller.name": "${a}"}
	for text, want := range map[string]string{
		"":                   "",
		"plain $ { } text":   "plain $ { } text",
		"${a}":               "1",
		"<${a}${a}>":         "<11>",
		"${caller.name}!":    "${a}!", // a value is not read again
		"${missing}":         "",
		"$${a}":              "${a}",
		"$$${a}":             "$${a}",
		"5 $":                "5 $",
		"broken ${a":         "broken ${a",
		"bad ${A} then ${a}": "bad ${A} then ${a}",
	} {
		if got := ivr.Expand(text, func(name string) string { return values[name] }); got != want {
			t.Errorf("Expand(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestReferencesListsVariables(t *testing.T) {
	t.Parallel()
	got, err := ivr.References("${caller.number} is ${a_b-2} not $${c}")
	if want := []string{"caller.number", "a_b-2"}; err != nil || !cmp.Equal(got, want) {
		t.Fatalf("got %v, %v; want %v", got, err, want)
	}
	for _, text := range []string{"${", "${}", "${A}", "${a b}", "${a..b}", "${.a}", "${1}", "${${a}}"} {
		if _, err := ivr.References(text); err == nil {
			t.Errorf("References(%q) finds nothing wrong", text)
		}
	}
}

func FuzzExpand(f *testing.F) {
	for _, seed := range []string{"${a}", "$${a}", "${", "$", "${${a}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, err := ivr.References(text)
		got := ivr.Expand(text, func(string) string { return "" })
		if err == nil && len(names) == 0 && got != strings.ReplaceAll(text, "$${", "${") {
			t.Fatalf("Expand(%q) = %q though it names nothing", text, got)
		}
	})
}

// TestAVariableCannotGrowWithoutBound: a flow that doubles a variable on every
// round of a menu costs the caller's own patience, not our memory.
func TestAVariableCannotGrowWithoutBound(t *testing.T) {
	t.Parallel()
	flow := &ivr.Flow{Name: "grow", Start: "menu", Steps: map[string]ivr.Step{
		"menu": &ivr.MenuStep{Choices: map[string]ivr.Choice{"1": {Next: "set"}}},
		"set":  &ivr.SetStep{Variables: map[string]string{"v": "é${v}${v}"}, Next: "menu"},
	}}
	m, _ := ivr.Start(flow, nil)
	for range 40 {
		m.Step(flow, ivr.Digit{Digit: "1"})
	}
	if got := m.Vars["v"]; len(got) != 1024 || strings.Trim(got, "é") != "" {
		t.Fatalf("the variable is %d bytes long: %.20q…", len(got), got)
	}
}

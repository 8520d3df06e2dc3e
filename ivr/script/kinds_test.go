package script

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTheSchemaKnowsTheSameFields holds the published schema to the readers: a
// step type or a field that one of the two does not know fails here.
func TestTheSchemaKnowsTheSameFields(t *testing.T) {
	t.Parallel()
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct{ Enum []string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema, &schema); err != nil {
		t.Fatal(err)
	}
	in := func() *fields { return (&file{}).mapping(nil, nil, "nothing") }
	asked := func(f *fields) []string { return slices.Sorted(maps.Keys(f.asked)) }
	check := func(def string, got []string) {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(schema.Defs[def].Properties)), got); diff != "" {
			t.Errorf("fields of %s (-schema +parser):\n%s", def, diff)
		}
	}
	for kind, read := range kinds() {
		f := in()
		f.get("type")
		if step := read(f); step.Kind() != kind {
			t.Errorf("the reader of %q makes a %q step", kind, step.Kind())
		}
		check(kind, asked(f))
	}
	choice, noInput, noMatch := in(), in(), in()
	readChoice(choice)
	check("choice", asked(choice))
	noInput.get("after")
	readRetry(noInput, 1)
	check("noInput", asked(noInput))
	readRetry(noMatch, 1)
	check("noMatch", asked(noMatch))

	types := slices.Sorted(slices.Values(schema.Defs["step"].Properties["type"].Enum))
	if diff := cmp.Diff(types, slices.Sorted(maps.Keys(kinds()))); diff != "" {
		t.Errorf("step types (-schema +parser):\n%s", diff)
	}
}

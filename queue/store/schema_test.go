package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"linekeeper/queue"
)

func compile(t *testing.T, schema []byte) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("definitions.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("definitions.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func asJSON(t *testing.T, path string) any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var tree any
	if err := yaml.Unmarshal(data, &tree); err != nil {
		t.Fatal(err)
	}
	if data, err = json.Marshal(tree); err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestSchemasTakeTheSeed(t *testing.T) {
	if err := compile(t, FloorSchema()).Validate(asJSON(t, filepath.Join(seed, FloorFile))); err != nil {
		t.Error(err)
	}
	if err := compile(t, FloorSchema()).Validate(asJSON(t, filepath.Join("testdata", "good", "everything.yaml"))); err != nil {
		t.Error(err)
	}
	if err := compile(t, DirectorySchema()).Validate(asJSON(t, filepath.Join(seed, DirectoryFile))); err != nil {
		t.Error(err)
	}
}

// An editor with the schema marks what Load would refuse.
func TestSchemasRefuseBadFiles(t *testing.T) {
	for _, name := range []string{
		"queues", "agents", "labels", "numbers", "no-queue", "unknown-section", "shape", "directory",
		"queue-rules", "widening", "factors", "overflow", "waiting", "callback", "hours", "members", "dialling",
	} {
		schema := FloorSchema()
		if strings.HasPrefix(name, "directory") {
			schema = DirectorySchema()
		}
		if err := compile(t, schema).Validate(asJSON(t, filepath.Join("testdata", "bad", name+".yaml"))); err == nil {
			t.Errorf("the schema takes %s.yaml", name)
		}
	}
}

// Load and the schemas know the same fields.
func TestSchemasKnowTheSameFields(t *testing.T) {
	type object struct {
		Properties map[string]any    `json:"properties"`
		Defs       map[string]object `json:"$defs"`
	}
	read := func(schema []byte) object {
		var o object
		if err := json.Unmarshal(schema, &o); err != nil {
			t.Fatal(err)
		}
		return o
	}
	floor, directory := read(FloorSchema()), read(DirectorySchema())
	for _, c := range []struct {
		name   string
		schema object
		fields []string
	}{
		{"floor", floor, floorFields},
		{"queue", floor.Defs["queue"], queueFields},
		{"wrap-up", floor.Defs["wrap-up"], wrapUpFields},
		{"service-level", floor.Defs["service-level"], levelFields},
		{"agent", floor.Defs["agent"], agentFields},
		{"label", floor.Defs["label"], labelFields},
		{"reason", floor.Defs["reason"], reasonFields},
		{"widening", floor.Defs["widening"], wideningFields},
		{"tiers", floor.Defs["tiers"], tierFields},
		{"miss", floor.Defs["miss"], missFields},
		{"announce", floor.Defs["announce"], announceFields},
		{"callback", floor.Defs["callback"], callbackFields},
		{"window", floor.Defs["window"], windowFields},
		{"hours", floor.Defs["hours"], hoursFields},
		{"number", floor.Defs["number"], numberFields},
		{"dialling", floor.Defs["dialling"], diallingFields},
		{"dial-rule", floor.Defs["dial-rule"], dialRuleFields},
		{"caller-rule", floor.Defs["caller-rule"], callerRuleFields},
		{"script", floor.Defs["script"], scriptFields},
		{"step", floor.Defs["step"], stepFields},
		{"directory", directory, directoryFields},
		{"contact", directory.Defs["contact"], contactFields},
	} {
		if diff := cmp.Diff(slices.Sorted(slices.Values(c.fields)), sortedKeys(c.schema.Properties)); diff != "" {
			t.Errorf("%s: Load (-) and schema (+) differ: %s", c.name, diff)
		}
	}
}

// hourly are so many windows, of an hour each, of a callback.
func hourly(windows int) string {
	var all []string
	for h := range windows {
		all = append(all, fmt.Sprintf(`{id: w%d, fr: A, en: A, from: "%02d:00", to: "%02d:00"}`, h, h, h+1))
	}
	return "{windows: [" + strings.Join(all, ", ") + "]}"
}

// Schema and Parse take and refuse the same, field by field: what an editor lets
// pass must not be refused by apply, and the other way round.
func TestSchemaPairs(t *testing.T) {
	schema := compile(t, FloorSchema())
	for _, c := range []struct{ field, good, bad string }{
		{"weight", "10", "-1"},
		{"weight", "0", "heavy"},
		{"strategy", "ring-all", "ringall"},
		{"ring", "1m30s", "90"},
		{"ageing", "0.5", "-0.5"},
		{"widening", "[{after: 10s, raise: 1}]", "[{after: 10s}]"},
		{"widening", "[{after: 10s, any-language: true}]", "[{any-language: true}]"},
		{"widening", "[{after: 10s, lower: {network: 0}}]", "[{after: 10s, lower: {network: 11}}]"},
		{"tiers", "[{after: 0s, most: 0}]", "[{after: 0s, most: -1}]"},
		{"wrap-up", "{mode: timed, for: 10s}", "{mode: timed}"},
		{"wrap-up", "{mode: until-closed}", "{mode: none, for: 10s}"},
		{"no-answer", "{delay: 5s}", "{}"},
		{"reject", "{not-ready-after: 1}", "{not-ready-after: 0}"},
		{"join-empty", "no", "maybe"},
		{"join-empty", "[paused, wrapup]", "[paused, asleep]"},
		{"leave-when-empty", "loose", "7"},
		{"leave-when-empty", "true", "{yes: true}"},
		{"max-calls", "0", "1.5"},
		{"max-wait", "20m", "soon"},
		{"overflow", "{closed: {queue: n1}}", "{answered: busy}"},
		{"overflow", "{closed: {number: \"0199000099\"}}", "{closed: {number: \"0199000099\", queue: n1}}"},
		{"overflow", "{closed: voicemail}", "{closed: nowhere}"},
		{"exits", "{\"0\": busy}", "{ten: busy}"},
		{"exits", "{\"*\": {flow: helpdesk}}", "{\"*\": {}}"},
		{"announce", "{first: 30s, place: true}", "{first: 30s, place: sometimes}"},
		{"announce", "{periodic: [queue-thanks], periodic-every: 30s}", "{periodic: [queue-thanks]}"},
		{"callback", "{key: \"1\", offer-after: 10s}", "{offer-after: 10s}"},
		{"callback", "{}", "{tries: 0}"},
		{"callback", "{mode: customer-first}", "{mode: first}"},
		{"callback", "{windows: [{id: a, fr: A, en: A, from: \"09:00\", to: \"10:00\"}]}", "{windows: [{id: a, fr: A, en: A, from: \"9\", to: \"10:00\"}]}"},
		{"callback", hourly(queue.MostWindows), hourly(queue.MostWindows + 1)},
		{"resume", "0s", "true"},
		{"service-level", "{within: 20s, of: answered}", "{of: all}"},
		{"music", "jazz", "\"../jazz\""},
		{"number", "\"+33199000001\"", "one"},
		{"script", "welcome", "[welcome]"},
	} {
		for text, want := range map[string]bool{c.good: true, c.bad: false} {
			floor := "skills: [{id: network, fr: Réseau, en: Network}]\nscripts: [{id: welcome, fr: A, en: A, steps: [{id: a, fr: A, en: A}]}]\nqueues: [{id: n1, fr: Un, en: One, " + c.field + ": " + text + "}]\n"
			_, err := parse(source{FloorFile, []byte(floor)}, source{DirectoryFile, []byte(goodDirectory)})
			path := filepath.Join(t.TempDir(), FloorFile)
			write(t, path, floor)
			bySchema := schema.Validate(asJSON(t, path))
			if (err == nil) != want || (bySchema == nil) != want {
				t.Errorf("%s: %s: want taken %v; Parse says %v, the schema %v", c.field, text, want, err, bySchema)
			}
		}
	}
}

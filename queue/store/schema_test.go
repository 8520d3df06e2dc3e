package store

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
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
	if err := compile(t, DirectorySchema()).Validate(asJSON(t, filepath.Join(seed, DirectoryFile))); err != nil {
		t.Error(err)
	}
}

// An editor with the schema marks what Load would refuse.
func TestSchemasRefuseBadFiles(t *testing.T) {
	for _, name := range []string{"queues", "agents", "labels", "numbers", "no-queue", "unknown-section", "shape", "directory"} {
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
		{"number", floor.Defs["number"], numberFields},
		{"directory", directory, directoryFields},
		{"contact", directory.Defs["contact"], contactFields},
	} {
		if diff := cmp.Diff(slices.Sorted(slices.Values(c.fields)), sortedKeys(c.schema.Properties)); diff != "" {
			t.Errorf("%s: Load (-) and schema (+) differ: %s", c.name, diff)
		}
	}
}

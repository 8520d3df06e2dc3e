package script_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"linekeeper/ivr/script"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(script.Schema))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("flow.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("flow.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// asJSON reads YAML as an editor does that validates it by the schema.
func asJSON(t *testing.T, path string) (any, bool) {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data, err := yaml.YAMLToJSON(src)
	if err != nil {
		return nil, false
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return nil, false
	}
	return doc, true
}

// TestTheSchemaAcceptsWhatWeWrite: the lab's flows and all that the parser takes.
func TestTheSchemaAcceptsWhatWeWrite(t *testing.T) {
	t.Parallel()
	compiled := schema(t)
	count := 0
	for _, pattern := range []string{seeds + "/*.yaml", "testdata/good/*.yaml", "../testdata/flows/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			count++
			if _, err := script.ParseFile(path, script.Context{}); err != nil {
				t.Errorf("the parser refuses it: %v", err)
			}
			doc, ok := asJSON(t, path)
			if !ok {
				t.Errorf("%s is not readable as JSON", path)
				continue
			}
			if err := compiled.Validate(doc); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
	if count < 10 {
		t.Fatalf("only %d flows seen", count)
	}
}

// TestTheSchemaRefusesWhatItCan: an editor shows these before the parser does.
// The others break rules that a schema cannot say.
func TestTheSchemaRefusesWhatItCan(t *testing.T) {
	t.Parallel()
	compiled := schema(t)
	for _, name := range []string{
		"bad-step-name", "collect", "empty-next", "empty-steps", "list", "menu-keys", "menu-without-exits",
		"missing-next", "no-start", "no-steps", "no-type", "nothing-to-play", "sets-nothing", "step-without-body",
		"steps-not-a-mapping", "unknown-field", "unknown-top-field", "unknown-type", "variables", "wrong-values",
	} {
		doc, ok := asJSON(t, "testdata/bad/"+name+".yaml")
		if !ok {
			t.Errorf("%s is not readable at all", name)
			continue
		}
		if compiled.Validate(doc) == nil {
			t.Errorf("the schema accepts %s", name)
		}
	}
}

package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
)

// The ledger is made for this port.
var _ Facts = (*ledger.Ledger)(nil)

// contract is asyncapi.yaml as far as tests need it.
type contract struct {
	operations map[string]map[string]*jsonschema.Schema // by operation and message
	fields     map[string][]string                      // of each message
	required   map[string][]string
}

// theContract is read once. What it does not name must not be said: every object
// is closed, the entities of openapi.yaml too.
var theContract = sync.OnceValues(func() (*contract, error) {
	live, err := readYAML("asyncapi.yaml")
	if err != nil {
		return nil, err
	}
	api, err := readYAML("../api/openapi.yaml")
	if err != nil {
		return nil, err
	}
	closeObjects(live)
	closeObjects(api)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	const at = "https://desk.example/live/asyncapi.yaml"
	if err := compiler.AddResource(at, live); err != nil {
		return nil, err
	}
	if err := compiler.AddResource("https://desk.example/api/openapi.yaml", api); err != nil {
		return nil, err
	}
	c := &contract{map[string]map[string]*jsonschema.Schema{}, map[string][]string{}, map[string][]string{}}
	for name, message := range in(live, "components", "messages") {
		schema, err := compiler.Compile(at + "#/components/messages/" + name + "/payload")
		if err != nil {
			return nil, err
		}
		c.fields[name] = slices.Sorted(maps.Keys(in(message, "payload", "properties")))
		c.required[name] = schema.Required
		for operation := range in(live, "operations") {
			if strings.Contains(mustJSON(in(live, "operations")[operation]), "/messages/"+name+`"`) {
				if c.operations[operation] == nil {
					c.operations[operation] = map[string]*jsonschema.Schema{}
				}
				c.operations[operation][name] = schema
			}
		}
	}
	return c, nil
})

func readYAML(name string) (any, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	if data, err = yaml.YAMLToJSON(data); err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(data))
}

// in walks down to a map.
func in(doc any, path ...string) map[string]any {
	for _, step := range path {
		doc = doc.(map[string]any)[step]
	}
	return doc.(map[string]any)
}

func mustJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

// closeObjects lets no object have properties that are not named.
func closeObjects(doc any) {
	switch doc := doc.(type) {
	case map[string]any:
		_, named := doc["properties"].(map[string]any)
		if _, said := doc["additionalProperties"]; named && doc["type"] == "object" && !said {
			doc["additionalProperties"] = false
		}
		for _, inner := range doc {
			closeObjects(inner)
		}
	case []any:
		for _, inner := range doc {
			closeObjects(inner)
		}
	}
}

// againstTheContract holds one message against the contract: "tell" is what the
// server says, "hear" what a console does.
func againstTheContract(operation string, data []byte) error {
	c, err := theContract()
	if err != nil {
		return err
	}
	message, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w", data, err)
	}
	fields, _ := message.(map[string]any)
	kind, _ := fields["type"].(string)
	schema := c.operations[operation][kind]
	if schema == nil {
		return fmt.Errorf("the contract lets nobody %s a %q: %s", operation, kind, data)
	}
	if err := schema.Validate(message); err != nil {
		return fmt.Errorf("%s: %w", data, err)
	}
	return nil
}

func keepsToTheContract(t tester, operation string, data []byte) {
	t.Helper()
	if err := againstTheContract(operation, data); err != nil {
		t.Fatal(err)
	}
}

// The messages are those of asyncapi.yaml, field for field.
func TestMessagesAreTheContracts(t *testing.T) {
	c, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	view := agentdesk.View{
		Agents: []agentdesk.Agent{{}}, Queues: []agentdesk.Queue{{}}, Calls: []agentdesk.Call{{}}, Gone: []cdr.CallID{"c1"},
	}
	full := map[string]any{
		"snapshot": snapshot(1, "e", view), "delta": delta(1, view),
		"consoles": consolesMessage{}, "phone": phoneMessage{Taken: true},
		"beat": beatMessage{Type: "beat", Seq: 1}, "bye": byeMessage{Type: "bye"},
	}
	for name, fields := range c.fields {
		if c.operations["hear"][name] != nil {
			continue
		}
		if diff := cmp.Diff(fields, fieldsOf(t, full[name])); diff != "" {
			t.Errorf("%s (-contract +Go):\n%s", name, diff)
		}
	}
	if n := len(c.operations["tell"]); n != len(full) {
		t.Errorf("the contract lets the server say %d messages, the code %d", n, len(full))
	}
	for name, empty := range map[string]any{"snapshot": snapshot(0, "", agentdesk.View{}), "delta": delta(0, agentdesk.View{})} {
		for _, field := range c.required[name] {
			if !slices.Contains(fieldsOf(t, empty), field) {
				t.Errorf("an empty %s lacks %s", name, field)
			}
		}
	}
}

// What consoles may say has a place in what the server hears, and nothing else has.
func TestWhatIsHeardIsTheContracts(t *testing.T) {
	c, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	var fields []string
	for name := range c.operations["hear"] {
		fields = append(fields, c.fields[name]...)
	}
	slices.Sort(fields)
	if diff := cmp.Diff(slices.Compact(fields), fieldsOf(t, heard{})); diff != "" {
		t.Errorf("(-contract +Go):\n%s", diff)
	}
}

// A strict reading is only worth something if it refuses.
func TestTheContractBites(t *testing.T) {
	c, err := theContract()
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range []string{
		`{"type":"beat"}`, `{"type":"beat","at":"now"}`, `{"type":"beat","at":"2026-11-21T09:00:00Z","more":1}`,
	} {
		message, err := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
		if err != nil {
			t.Fatal(err)
		}
		if c.operations["tell"]["beat"].Validate(message) == nil {
			t.Errorf("the contract lets the server say %s", wrong)
		}
	}
	wrong := `{"type":"delta","seq":1,"agents":[{"id":"a","name":"A","state":"asleep","since":"2026-11-21T09:00:00Z","queues":[]}]}`
	message, _ := jsonschema.UnmarshalJSON(strings.NewReader(wrong))
	if c.operations["tell"]["delta"].Validate(message) == nil {
		t.Error("an agent's state is not held against openapi.yaml")
	}
}

func fieldsOf(t *testing.T, message any) []string {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(mustJSON(message)), &m); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(m))
}

package live

import (
	"encoding/json"
	"maps"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/google/go-cmp/cmp"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
)

// The ledger is made for this port.
var _ Facts = (*ledger.Ledger)(nil)

// The messages are those of asyncapi.yaml, field for field.
func TestMessagesAreTheContracts(t *testing.T) {
	data, err := os.ReadFile("asyncapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var contract struct {
		Components struct {
			Messages map[string]struct {
				Payload struct {
					Required   []string
					Properties map[string]any
				}
			}
		}
	}
	if err := yaml.Unmarshal(data, &contract); err != nil {
		t.Fatal(err)
	}
	view := agentdesk.View{
		Agents: []agentdesk.Agent{{}}, Queues: []agentdesk.Queue{{}}, Calls: []agentdesk.Call{{}}, Gone: []cdr.CallID{"c1"},
	}
	full := map[string]any{
		"snapshot": snapshot(1, time.Now(), view), "delta": delta(1, view),
		"beat": beatMessage{Type: "beat"}, "bye": byeMessage{Type: "bye"}, "popped": heard{Type: "popped"},
	}
	for name, m := range contract.Components.Messages {
		if diff := cmp.Diff(slices.Sorted(maps.Keys(m.Payload.Properties)), fields(t, full[name])); diff != "" {
			t.Errorf("%s (-contract +Go):\n%s", name, diff)
		}
	}
	if len(contract.Components.Messages) != len(full) {
		t.Errorf("the contract has %d messages, the code %d", len(contract.Components.Messages), len(full))
	}
	for name, empty := range map[string]any{"snapshot": snapshot(0, time.Time{}, agentdesk.View{}), "delta": delta(0, agentdesk.View{})} {
		for _, field := range contract.Components.Messages[name].Payload.Required {
			if !slices.Contains(fields(t, empty), field) {
				t.Errorf("an empty %s lacks %s", name, field)
			}
		}
	}
}

func fields(t *testing.T, message any) []string {
	t.Helper()
	data, err := json.Marshal(message)
	if err != nil {
		t.Fatal(err)
	}
	var m map[string]any
	if err := json.Unmarshal(data, &m); err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(m))
}

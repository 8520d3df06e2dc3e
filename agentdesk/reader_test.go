package agentdesk

import (
	"testing"

	"linekeeper/queue"
)

// Who may read an article follows from their right and the queues they serve.
func TestReaders(t *testing.T) {
	defs := queue.Definitions{Agents: []queue.Agent{{ID: "ana", Queues: []string{"n1"}}}}
	everybody, first, second := []string(nil), []string{"n1", "n3"}, []string{"n2"}
	for _, c := range []struct {
		name    string
		account string
		right   Right
		may     [3]bool // of everybody, of n1, of n2
	}{
		{"an agent", "ana", Right{Role: RoleAgent}, [3]bool{true, true, false}},
		{"an agent whose right says another queue", "ana", Right{Role: RoleAgent, Queues: second}, [3]bool{true, false, true}},
		{"an account that takes no calls", "zoe", Right{Role: RoleAgent}, [3]bool{true, false, false}},
		{"a supervisor of a queue", "sue", Right{Role: RoleSupervisor, Queues: second}, [3]bool{true, false, true}},
		{"a supervisor of a queue who serves another", "ana", Right{Role: RoleSupervisor, Queues: second}, [3]bool{true, true, true}},
		{"a supervisor of none", "sue", Right{Role: RoleSupervisor, Queues: []string{}}, [3]bool{true, false, false}},
		{"a supervisor of all", "sue", Right{Role: RoleSupervisor}, [3]bool{true, true, true}},
		{"an administrator", "root", Right{Role: RoleAdministrator}, [3]bool{true, true, true}},
		{"an administrator of one queue", "root", Right{Role: RoleAdministrator, Queues: second}, [3]bool{true, true, true}},
	} {
		r := ViewerOf(defs, c.account, c.right).Reader()
		if got := [3]bool{r.Reads(everybody), r.Reads(first), r.Reads(second)}; got != c.may {
			t.Errorf("%s reads %v, want %v", c.name, got, c.may)
		}
	}
}

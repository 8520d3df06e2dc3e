package agentdesk

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"testing"
)

// Every act has its rule, and what everybody may do of it is written out here: an
// act without a line, or a line without an act, is a fault.
func TestEveryActHasARule(t *testing.T) {
	var (
		own  = Thing{Agents: []string{"alice"}, Queues: []string{"n1"}} // alice's, of n1
		of1  = Thing{Agents: []string{"bruno"}, Queues: []string{"n1"}} // bruno's, of n1
		of2  = Thing{Agents: []string{"farid"}, Queues: []string{"n2"}} // farid's, of n2
		none = Thing{}                                                  // everybody's
		all  = []Thing{own, of1, of2, none}
		says = map[Act]map[string]string{} // by act and viewer: one letter a thing
	)
	own1, sup, adm := "y...", "YYYY", "...."
	for _, act := range []Act{SeeCall, SetState, HangUp, AddTicket, ListCalls, GiveCall, DropParty, CancelCallback, HearRecording} {
		says[act] = map[string]string{"alice": own1, "ines": "YY..", "jules": "....", "karim": "....", "hugo": sup, "admin": sup}
	}
	for _, act := range []Act{Reject, CloseCall, WriteNote, UseCall, Promise} {
		says[act] = map[string]string{"alice": own1, "ines": "....", "jules": "....", "karim": "....", "hugo": "....", "admin": "...."}
	}
	for _, act := range []Act{SeeReports, SetPriority, MoveCall, DeleteRecording} {
		says[act] = map[string]string{"alice": "....", "ines": "YY..", "jules": "....", "karim": "....", "hugo": sup, "admin": sup}
	}
	says[CallOut] = map[string]string{"alice": "yy..", "ines": "yy..", "jules": "....", "karim": "..y.", "hugo": "yyy.", "admin": "yyy."}
	says[SeeLine] = map[string]string{"alice": "yy..", "ines": "YY..", "jules": "....", "karim": "..y.", "hugo": sup, "admin": sup}
	says[SeePast] = map[string]string{"alice": "yy..", "ines": "YY..", "jules": "....", "karim": "..y.", "hugo": sup, "admin": sup}
	for _, act := range []Act{SeeDefinitions, ApplyDefinitions, SeePeople, ChangePeople, SeeAudit} {
		says[act] = map[string]string{"alice": adm, "ines": adm, "jules": adm, "karim": adm, "hugo": adm, "admin": sup}
	}
	for _, act := range acts(t) {
		if _, known := rules[act]; !known || says[act] == nil {
			t.Errorf("%s: who may is written down in the rules: %t, in this test: %t", act, known, says[act] != nil)
		}
		for name, want := range says[act] {
			got := ""
			for _, on := range all {
				got += letter(viewer(name).May(act, on))
			}
			if got != want {
				t.Errorf("%s may %s: %s, want %s (y: yes, Y: as a privilege)", name, act, got, want)
			}
		}
	}
	if ok, _ := viewer("admin").May("invented", none); ok {
		t.Error("an act without a rule was allowed")
	}
}

func letter(ok, privileged bool) string {
	switch {
	case privileged:
		return "Y"
	case ok:
		return "y"
	}
	return "."
}

// acts are the constants of type Act in this package's source.
func acts(t *testing.T) []Act {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "rights.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var found []Act
	ast.Inspect(file, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is {
			return true
		}
		if name, is := spec.Type.(*ast.Ident); is && name.Name == "Act" {
			word, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			found = append(found, Act(word))
		}
		return true
	})
	if len(found) < 17 {
		t.Fatalf("only the acts %v were found", found)
	}
	return found
}

// A right says for which queues; without a word it is the role's usual.
func TestRightsOfQueues(t *testing.T) {
	for name, want := range map[string]struct{ sees, supervises string }{
		"alice": {"n1", ""}, "hugo": {"n1 n2", "n1 n2"}, "ines": {"n1", "n1"}, "jules": {"", ""}, "karim": {"n2", ""}, "admin": {"n1 n2", "n1 n2"},
	} {
		v, sees, supervises := viewer(name), "", ""
		for _, q := range []string{"n1", "n2"} {
			if v.SeesQueue(q) {
				sees = join(sees, q)
			}
			if v.Supervises(q) {
				supervises = join(supervises, q)
			}
		}
		if sees != want.sees || supervises != want.supervises {
			t.Errorf("%s sees %q, supervises %q, want %+v", name, sees, supervises, want)
		}
	}
	both := ViewerOf(defs(), "alice", Right{Role: RoleSupervisor, Queues: []string{"n2"}})
	if !both.SeesQueue("n1") || both.Supervises("n1") || !both.Supervises("n2") {
		t.Errorf("an agent who supervises another queue: %+v", both)
	}
}

func join(list, word string) string {
	if list == "" {
		return word
	}
	return list + " " + word
}

// With other definitions an agent serves other queues; a scope that was given
// stays, and so does who they are.
func TestViewerUnderOtherDefinitions(t *testing.T) {
	other := defs()
	other.Agents = other.Agents[1:] // no alice
	other.Agents[0].Queues = []string{"n2"}
	alice, bruno, ines := viewer("alice").Under(other), viewer("bruno").Under(other), viewer("ines").Under(other)
	if alice.Agent != "alice" || len(alice.Queues) != 0 {
		t.Errorf("alice, who is no more: %+v", alice)
	}
	if !slices.Equal(bruno.Queues, []string{"n2"}) || !slices.Equal(ines.Queues, []string{"n1"}) {
		t.Errorf("bruno %+v, ines %+v", bruno, ines)
	}
}

// Who is of one class sees the same, and only they are.
func TestClasses(t *testing.T) {
	seen := map[string]string{}
	for _, name := range []string{"hugo", "alice", "farid", "ines", "jules", "zoe"} {
		class := viewer(name).Class()
		if other, taken := seen[class]; taken {
			t.Errorf("%s and %s are both of class %q", name, other, class)
		}
		seen[class] = name
	}
	if viewer("alice").Class() != viewer("bruno").Class() || viewer("hugo").Class() != viewer("admin").Class() {
		t.Error("who sees the same is of two classes")
	}
}

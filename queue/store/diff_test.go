package store

import (
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/queue"
)

func TestDiffOfTheSame(t *testing.T) {
	for _, path := range []string{"testdata/good/everything.yaml", "testdata/warn/nobody.yaml"} {
		if changes := Diff(parseFile(t, path), parseFile(t, path)); len(changes) != 0 {
			t.Errorf("%s differs from itself: %v", path, changes)
		}
	}
}

// Field by field, what was there, what comes, what goes.
func TestDiff(t *testing.T) {
	before, after := parseFile(t, "testdata/good/everything.yaml"), parseFile(t, "testdata/warn/nobody.yaml")
	before.Contacts = []Contact{{Numbers: []string{"+33199001001"}}}
	after.Floor.Queues = append(after.Floor.Queues, before.Floor.Queues[0])
	n1 := &after.Floor.Queues[len(after.Floor.Queues)-1]
	n1.Ring, n1.Callback, n1.Exits, n1.Tiers = 2*n1.Ring, nil, nil, nil
	var got strings.Builder
	for _, c := range Diff(before, after) {
		got.WriteString(c.String() + "\n")
	}
	golden(t, "testdata/diff.txt", got.String())
}

// No field of a queue or an agent can change without the diff showing it.
func TestDiffMissesNoField(t *testing.T) {
	d := parseFile(t, "testdata/good/everything.yaml")
	missesNone(t, d.Floor.Queues[0], queueItem)
	alice := d.Floor.Agents[0]
	alice.Desk = true // in a file it goes with phone: webrtc alone
	missesNone(t, alice, agentItem)
	missesNone(t, d.Floor.Dialling.Roles["agent"], func(r *queue.DialRule) item { return dialRuleItem("agent", r) })
}

// missesNone empties each field in turn and wants another spelling for it.
func missesNone[T any](t *testing.T, full T, spell func(*T) item) {
	t.Helper()
	kind := reflect.TypeFor[T]()
	for i := range kind.NumField() {
		name := kind.Field(i).Name
		if name == "ID" || name == "AlwaysReady" { // the one is the item's name, the other no field of the file
			continue
		}
		less := full
		value := reflect.ValueOf(&less).Elem().Field(i)
		if value.IsZero() {
			t.Errorf("%s.%s is empty in everything.yaml: give it a value", kind.Name(), name)
		}
		if label, ok := reflect.TypeAssert[queue.Label](value); ok {
			value.Set(reflect.ValueOf(queue.Label{ID: label.ID}))
		} else {
			value.SetZero()
		}
		if cmp.Equal(spell(&full).fields, spell(&less).fields, cmp.AllowUnexported(field{})) {
			t.Errorf("%s.%s changes and the diff does not show it", kind.Name(), name)
		}
	}
}

func TestDiffFromNothing(t *testing.T) {
	for _, c := range Diff(nil, parseFile(t, "testdata/good/everything.yaml")) {
		if c.Act != Added || len(c.Fields) > 0 {
			t.Errorf("from nothing: %v", c)
		}
	}
}

func TestFiles(t *testing.T) {
	files := Files{FloorFile: goodFloor, DirectoryFile: goodDirectory, "flows/a.yaml": "x", "flows/b.yaml": ""}
	if err := files.Check(); err != nil {
		t.Error(err)
	}
	dir := t.TempDir() + "/fresh"
	if err := files.Write(dir); err != nil {
		t.Fatal(err)
	}
	back, err := ReadFiles(dir)
	if err != nil || !cmp.Equal(files, back) || files.Revision() != back.Revision() {
		t.Errorf("read back %v, %v", back, err)
	}
	delete(files, "flows/b.yaml")
	if err := files.Write(dir); err == nil || !strings.Contains(err.Error(), "flows/b.yaml") {
		t.Errorf("written beside a stranger: %v", err)
	}
	if files.Revision() == back.Revision() {
		t.Error("a flow less, and the same revision")
	}
}

// Names from the network never leave the folder.
func TestFilesOfOtherNames(t *testing.T) {
	for _, name := range []string{"../floor.yaml", "flows/../../x.yaml", "/etc/passwd", "flows/a.yml", "flows/A.yaml", "flows/.yaml", "flows/a/b.yaml", "note.md", "\x1b[2J"} {
		files := Files{FloorFile: goodFloor, DirectoryFile: goodDirectory, name: ""}
		if err := files.Check(); err == nil || !strings.Contains(err.Error(), "no definition file") || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := (Files{FloorFile: goodFloor}).Check(); err == nil || !strings.Contains(err.Error(), "directory.yaml: the file is missing") {
		t.Errorf("without directory: %v", err)
	}
}

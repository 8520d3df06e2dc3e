package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"linekeeper/queue/store"
)

const callcentre = "../../queue/appqueue/testdata/callcentre"

// An Asterisk folder becomes definitions that load, with the list of what does
// not carry over; a second import touches nothing.
func TestImportAsteriskQueues(t *testing.T) {
	out := filepath.Join(t.TempDir(), "definitions")
	var said bytes.Buffer
	if err := importQueues(&said, callcentre, out); err != nil {
		t.Fatal(err)
	}
	defs, err := store.Load(out)
	if err != nil {
		t.Fatal(err)
	}
	if len(defs.Floor.Queues) != 3 || len(defs.Floor.Agents) != 5 {
		t.Errorf("%d queues and %d agents, want 3 and 5", len(defs.Floor.Queues), len(defs.Floor.Agents))
	}
	report, err := os.ReadFile(filepath.Join(out, "import-report.txt"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(said.String(), string(report)) || !strings.Contains(string(report), "queues.conf:39: context = support-exits") {
		t.Errorf("said:\n%s", &said)
	}
	before, err := os.ReadFile(filepath.Join(out, "floor.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := importQueues(&said, callcentre, out); err == nil || !strings.Contains(err.Error(), "is there already") {
		t.Errorf("a second import: %v", err)
	}
	if after, _ := os.ReadFile(filepath.Join(out, "floor.yaml")); !bytes.Equal(before, after) {
		t.Error("the second import changed floor.yaml")
	}
}

func TestImportRefused(t *testing.T) {
	for _, from := range []string{t.TempDir(), "import_test.go"} {
		out := filepath.Join(t.TempDir(), "definitions")
		if err := importQueues(&bytes.Buffer{}, from, out); err == nil || !strings.Contains(err.Error(), "queues.conf") {
			t.Errorf("import of %s: %v", from, err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("import of %s left a folder", from)
		}
	}
}

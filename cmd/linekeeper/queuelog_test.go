package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linekeeper/ivr/asteriskfake"
)

// A controller with a queue_log writes what its callers and agents do, under the
// ID of the caller's channel; the next one goes on where it stopped.
func TestQueueLogIsWritten(t *testing.T) {
	fake := asteriskfake.Start(t)
	alice := fake.Phone("alice")
	c := testConfig(t, fake)
	c.QueueLog = QueueLogConfig{File: filepath.Join(t.TempDir(), "queue_log"), AgentNames: "name"}
	first := startApp(t, c)
	readyAgent(t, first, "alice")
	logged(t, c.QueueLog.File, "|MANAGER|support-n1|Alice Moreau|ADDMEMBER|")
	stopApp(t, first)

	second := startApp(t, c)
	defer stopApp(t, second)
	caller := fake.Call("0199000003", "0199001001", "Marie")
	alice.WaitRinging()
	alice.Answer()
	caller.WaitTalkingTo(alice)
	caller.HangUp()
	fake.WaitEmpty()
	lines := logged(t, c.QueueLog.File, "|support-n1|Alice Moreau|COMPLETECALLER|")
	for _, once := range []string{"QUEUESTART|", "|ADDMEMBER|", "|support-n1|NONE|ENTERQUEUE||+33199001001|1", "|support-n1|Alice Moreau|CONNECT|"} {
		if strings.Count(lines, once) != 1 {
			t.Errorf("%q does not stand once in\n%s", once, lines)
		}
	}
}

// logged waits until the file holds a text, and gives all of it.
func logged(t *testing.T, path, text string) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		data, _ := os.ReadFile(path) // not there yet
		if strings.Contains(string(data), text) {
			return string(data)
		}
		if time.Now().After(deadline) {
			t.Fatalf("queue_log never held %q:\n%s", text, data)
		}
	}
}

// A queue_log that cannot be written, or is written in an unknown way, is
// refused before a call is touched.
func TestQueueLogRefused(t *testing.T) {
	if err := (QueueLogConfig{AgentNames: "number"}).validate(); err == nil || !strings.Contains(err.Error(), `"interface" or "name"`) {
		t.Errorf("agent_names: %v", err)
	}
	fake := asteriskfake.Start(t)
	c := testConfig(t, fake)
	c.QueueLog.File = filepath.Join(t.TempDir(), "nowhere", "queue_log")
	defs, err := loadDefinitions(c.Definitions, c.Bench)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := newApp(t.Context(), c, defs, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "open queue_log") {
		t.Errorf("a file in no folder: %v", err)
	}
}

package queuelog_test

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/ledger/ledgertest"
	"linekeeper/cdr/queuelog"
)

var day = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

var bruno = queuelog.Member{Agent: "bruno", Interface: "PJSIP/bruno", Name: "Bruno Lefèvre", Queues: []queuelog.Membership{{Queue: "support-n1"}}}

func start(t *testing.T, facts queuelog.Facts, path string, members ...queuelog.Member) *queuelog.Follower {
	t.Helper()
	f, err := queuelog.NewFollower(facts, queuelog.Config{File: path, Members: members, Save: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	f.Start(t.Context())
	return f
}

func stop(t *testing.T, f *queuelog.Follower) {
	t.Helper()
	if err := f.Stop(); err != nil {
		t.Fatal(err)
	}
}

// abandoned is the story of a caller who waited so long.
func abandoned(n int, waited time.Duration) []cdr.Fact {
	call := cdr.CallID(fmt.Sprintf("call-%d", n))
	fact := func(i int, after time.Duration, s cdr.Story) cdr.Fact {
		return cdr.Fact{ID: fmt.Sprintf("%s/%d", call, i), At: day.Add(after), Call: call, Story: s}
	}
	return []cdr.Fact{
		fact(1, 0, cdr.Arrived{Channel: fmt.Sprintf("1.%d", n), Caller: cdr.Caller{Number: "+33199001001"}}),
		fact(2, 0, cdr.QueueEntered{Queue: "support-n1", EnteredAt: day}),
		fact(3, 0, cdr.WaitEstimated{Queue: "support-n1", Place: 1}),
		fact(4, waited, cdr.QueueLeft{Queue: "support-n1", Cause: cdr.LeftAbandoned, Waited: waited}),
		fact(5, waited, cdr.Ended{Cause: cdr.EndHangup, By: cdr.ByCaller}),
	}
}

func signIn(n int) cdr.Fact {
	return cdr.Fact{ID: fmt.Sprintf("bruno/%d", n), At: day.Add(time.Minute), Story: cdr.AgentChanged{Agent: "bruno", From: cdr.Offline, To: cdr.Ready}}
}

// until waits for the file to hold a text; every look is a signal of the file
// itself, and the test's deadline bounds it.
func until(t *testing.T, path, text string) string {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; {
		data, _ := os.ReadFile(path)
		if strings.Contains(string(data), text) {
			return string(data)
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s never held %q:\n%s", filepath.Base(path), text, data)
		}
		time.Sleep(time.Millisecond)
	}
}

const (
	begun  = "1772442000|NONE|NONE|NONE|QUEUESTART|\n"
	first  = "1772442000|1.1|support-n1|NONE|ENTERQUEUE||+33199001001|1\n1772442007|1.1|support-n1|NONE|ABANDON|1|1|7\n"
	second = "1772442007|1.2|support-n1|NONE|ENTERQUEUE||+33199001001|1\n1772442011|1.2|support-n1|NONE|ABANDON|1|1|4\n"
)

// The real ledger, stops and starts, a rotation in between.
func TestFollowsTheLedger(t *testing.T) {
	broker := ledgertest.Start(t)
	facts := broker.Ledger(t, ledger.Config{})
	path := filepath.Join(t.TempDir(), "queue_log")
	if err := facts.Append(t.Context(), abandoned(1, 7*time.Second)...); err != nil {
		t.Fatal(err)
	}
	f := start(t, facts, path, bruno)
	if got := until(t, path, "ABANDON"); got != begun+first {
		t.Fatalf("got\n%s", got)
	}
	stop(t, f)
	two := abandoned(2, 11*time.Second)
	if err := facts.Append(t.Context(), two[:3]...); err != nil {
		t.Fatal(err)
	}
	f = start(t, facts, path, bruno)
	if got := until(t, path, "1.2"); got != begun+first+second[:strings.Index(second, "\n")+1] {
		t.Fatalf("after a restart\n%s", got)
	}
	if err := os.Rename(path, path+".1"); err != nil {
		t.Fatal(err)
	}
	if err := facts.Append(t.Context(), two[3:]...); err != nil {
		t.Fatal(err)
	}
	until(t, path, "ABANDON")
	stop(t, f)
	old, err := os.ReadFile(path + ".1")
	if err != nil {
		t.Fatal(err)
	}
	if got := string(old) + until(t, path, "1.2"); got != begun+first+second {
		t.Fatalf("old and new file together\n%s", got)
	}
}

// The broker goes away and comes back; nothing is said twice.
func TestLedgerAway(t *testing.T) {
	broker := ledgertest.Start(t)
	facts := broker.Ledger(t, ledger.Config{})
	path := filepath.Join(t.TempDir(), "queue_log")
	f := start(t, facts, path, bruno)
	if err := facts.Append(t.Context(), abandoned(1, 7*time.Second)...); err != nil {
		t.Fatal(err)
	}
	until(t, path, "ABANDON")
	broker.Down()
	broker.Up(t)
	if err := broker.Ledger(t, ledger.Config{}).Append(t.Context(), abandoned(2, 11*time.Second)...); err != nil {
		t.Fatal(err)
	}
	until(t, path, "1772442011|1.2|support-n1|NONE|ABANDON")
	stop(t, f)
	if got := until(t, path, ""); got != begun+first+second {
		t.Fatalf("got\n%s", got)
	}
}

// New definitions are told once: while it runs, and at the next start when they
// changed meanwhile.
func TestRedefine(t *testing.T) {
	facts := ledgertest.Ledger(t)
	path := filepath.Join(t.TempDir(), "queue_log")
	f := start(t, facts, path, bruno)
	if err := facts.Append(t.Context(), signIn(1)); err != nil {
		t.Fatal(err)
	}
	until(t, path, "ADDMEMBER")
	more := bruno
	more.Queues = append(more.Queues, queuelog.Membership{Queue: "support-n2", Tier: 2})
	f.Redefine([]queuelog.Member{more})
	until(t, path, "|MANAGER|support-n2|PJSIP/bruno|ADDMEMBER|\n")
	stop(t, f)
	f = start(t, facts, path, bruno)
	got := until(t, path, "|MANAGER|support-n2|PJSIP/bruno|REMOVEMEMBER|\n")
	stop(t, f)
	f = start(t, facts, path, bruno)
	if err := facts.Append(t.Context(), abandoned(1, 7*time.Second)...); err != nil {
		t.Fatal(err)
	}
	until(t, path, "ABANDON")
	stop(t, f)
	if n := strings.Count(got, "CONFIGRELOAD"); n != 2 || strings.Count(until(t, path, ""), "CONFIGRELOAD") != 2 {
		t.Errorf("CONFIGRELOAD stands %d times:\n%s", n, until(t, path, ""))
	}
}

// A file that cannot be written is said at once.
func TestFileRefused(t *testing.T) {
	_, err := queuelog.NewFollower(ledgertest.Ledger(t), queuelog.Config{File: filepath.Join(t.TempDir(), "nowhere", "queue_log")})
	if err == nil || !strings.Contains(err.Error(), "open queue_log") {
		t.Errorf("a file in no folder: %v", err)
	}
}

package store_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
)

func TestAuditIsAppendOnly(t *testing.T) {
	pool := storetest.Pool(t)
	a := store.NewAccounts(pool)
	entry := cdr.Audited{Account: "alice", Act: "sign-in", On: "\x00", From: "127.0.0.1", Detail: "\x00b"}
	if err := a.Audit(t.Context(), day, entry); err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{"DELETE FROM audit", "UPDATE audit SET account = 'bob'", "TRUNCATE audit"} {
		if _, err := pool.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s: was allowed", sql)
		}
	}
	got, err := a.AuditLog(t.Context(), store.AuditFilter{})
	if err != nil {
		t.Fatal(err)
	}
	entry.On, entry.Detail, entry.Outcome = "\uFFFD", "\uFFFDb", cdr.AuditDone
	if diff := cmp.Diff([]store.AuditEntry{{ID: 1, At: day, Audited: entry}}, got); diff != "" {
		t.Error(diff)
	}
}

// The projector brings what the ledger tells into the audit log, each fact once.
func TestAuditComesFromTheLedger(t *testing.T) {
	pool, l := newPool(t), newMemoryLedger("one")
	told := []cdr.Fact{
		{ID: "a1", At: day, Story: cdr.Audited{Account: "hugo", Act: "move-call", On: "c", Outcome: cdr.AuditDone}},
		{ID: "a2", At: day.Add(time.Minute), Story: cdr.Audited{Account: "alice", Act: "move-call", On: "c", Outcome: cdr.AuditDenied}},
		{ID: "a3", At: day.Add(time.Hour), Story: cdr.Audited{Account: "hugo", Act: "sign-out", Outcome: cdr.AuditDone}},
	}
	p := quick(t, pool, l)
	waitFor(t, "written", p.Applied, l.append(told...))
	p.Stop()
	if _, err := pool.Exec(t.Context(), "UPDATE positions SET seq = 0"); err != nil { // read again, as after a restore
		t.Fatal(err)
	}
	waitFor(t, "written again", quick(t, pool, l).Applied, 3)
	a := store.NewAccounts(pool)
	for name, c := range map[string]struct {
		filter store.AuditFilter
		want   string
	}{
		"all, newest first": {store.AuditFilter{}, "hugo sign-out, alice move-call, hugo move-call"},
		"a page":            {store.AuditFilter{Limit: 1}, "hugo sign-out"},
		"the page before":   {store.AuditFilter{Before: last(t, a).ID, Limit: 1}, "alice move-call"},
		"of one account":    {store.AuditFilter{Account: "alice"}, "alice move-call"},
		"of one act":        {store.AuditFilter{Act: "sign-out"}, "hugo sign-out"},
		"on one thing":      {store.AuditFilter{On: "c", Outcome: cdr.AuditDone}, "hugo move-call"},
		"of a time":         {store.AuditFilter{Since: day.Add(time.Second), Until: day.Add(time.Hour)}, "alice move-call"},
	} {
		entries, err := a.AuditLog(t.Context(), c.filter)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for i, e := range entries {
			if i > 0 {
				got += ", "
			}
			got += e.Account + " " + e.Act
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func last(t *testing.T, a *store.Accounts) store.AuditEntry {
	t.Helper()
	entries, err := a.AuditLog(t.Context(), store.AuditFilter{Limit: 1})
	if err != nil || len(entries) != 1 {
		t.Fatal(entries, err)
	}
	return entries[0]
}

package store_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
)

// A right names queues and groups; who holds a group follows its changes.
func TestRightsNameGroups(t *testing.T) {
	a := store.NewAccounts(storetest.Pool(t))
	if err := a.Create(t.Context(), store.Account{Name: "ines", Role: store.RoleSupervisor, PasswordHash: phc}); err != nil {
		t.Fatal(err)
	}
	holds := func(want []string, given ...string) {
		t.Helper()
		acc, err := a.ByName(t.Context(), "ines")
		if err != nil || !slices.Equal(acc.Held, want) || (acc.Held == nil) != (want == nil) || !slices.Equal(acc.Queues, given) {
			t.Errorf("given %v, holds %#v, want %#v: %v", acc.Queues, acc.Held, want, err)
		}
	}
	holds(nil) // the usual
	for _, queues := range [][]string{{}, {"n1", "@second"}} {
		if err := a.SetRight(t.Context(), "ines", store.RoleSupervisor, queues); err != nil {
			t.Fatal(err)
		}
	}
	holds([]string{"n1"}, "n1", "@second")
	if err := a.SetQueueGroup(t.Context(), store.QueueGroup{Name: "second", Queues: []string{"n2", "n1", "n3"}}); err != nil {
		t.Fatal(err)
	}
	holds([]string{"n1", "n2", "n3"}, "n1", "@second")
	if groups, err := a.QueueGroups(t.Context()); err != nil || len(groups) != 1 || groups[0].Name != "second" {
		t.Errorf("groups %+v, %v", groups, err)
	}
	if err := a.SetQueueGroup(t.Context(), store.QueueGroup{Name: "second"}); err != nil {
		t.Fatal(err)
	}
	holds([]string{"n1"}, "n1", "@second")
	if err := a.SetRight(t.Context(), "ines", store.RoleSupervisor, []string{}); err != nil {
		t.Fatal(err)
	}
	holds([]string{})
	if err := a.SetRight(t.Context(), "ines", store.RoleAdministrator, []string{"n1"}); err == nil {
		t.Error("an administrator of one queue was made")
	}
	if err := a.SetRight(t.Context(), "nobody", store.RoleAgent, nil); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the right of nobody: %v", err)
	}
}

// An account is one subject of one issuer, for good.
func TestSubjects(t *testing.T) {
	a := store.NewAccounts(storetest.Pool(t))
	for _, name := range []string{"alice", "bruno"} {
		if err := a.Create(t.Context(), store.Account{Name: name, Role: store.RoleAgent}); err != nil {
			t.Fatal(err)
		}
	}
	const issuer = "https://id.example"
	for range 2 {
		if err := a.SetSubject(t.Context(), "alice", issuer, "s1"); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.SetSubject(t.Context(), "alice", issuer, "s2"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("another subject took alice's account: %v", err)
	}
	if err := a.SetSubject(t.Context(), "bruno", issuer, "s1"); err == nil {
		t.Error("one subject has two accounts")
	}
	if acc, err := a.BySubject(t.Context(), issuer, "s1"); err != nil || acc.Name != "alice" {
		t.Errorf("found %q, %v", acc.Name, err)
	}
	if _, err := a.BySubject(t.Context(), issuer, ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("found who is nobody: %v", err)
	}
}

func TestSessions(t *testing.T) {
	s := store.NewSessions(storetest.Pool(t))
	until := time.Now().Add(time.Hour)
	for _, k := range []string{"k1", "k2", "k3", "other", "old"} {
		ends := until
		if k == "old" {
			ends = time.Now().Add(-time.Second)
		}
		if err := s.CommitCtx(t.Context(), k, []byte(k), ends); err != nil {
			t.Fatal(err)
		}
		account := "alice"
		if k == "other" {
			account = "bruno"
		}
		if err := s.Describe(t.Context(), k, account, store.Session{Address: "192.0.2.1", Client: "Firefox", Method: "password"}); err != nil {
			t.Fatal(err)
		}
	}
	found := func(k string) bool {
		t.Helper()
		data, ok, err := s.FindCtx(t.Context(), k)
		if err != nil || ok && string(data) != k {
			t.Errorf("find %s: %q, %v", k, data, err)
		}
		return ok
	}
	if found("old") || found("none") || !found("k1") {
		t.Error("not just the sessions that go on are found")
	}
	mine, err := s.Of(t.Context(), "alice")
	if err != nil || len(mine) != 3 || mine[0].Key != "k3" || mine[0].Client != "Firefox" || mine[0].Method != "password" {
		t.Fatalf("alice's sessions: %+v, %v", mine, err)
	}
	if _, err := s.End(t.Context(), "bruno", mine[0].ID); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("bruno ended alice's session: %v", err)
	}
	for id, want := range map[string]string{mine[0].ID: "k3", "nonsense": ""} {
		if ended, err := s.End(t.Context(), "alice", id); ended != want || (want == "") != errors.Is(err, store.ErrNotFound) {
			t.Errorf("end %s: %q, %v", id, ended, err)
		}
	}
	ended, err := s.EndAll(t.Context(), "alice", "k1")
	if slices.Sort(ended); err != nil || !slices.Equal(ended, []string{"k2", "old"}) {
		t.Errorf("ended %v, %v", ended, err)
	}
	if !found("k1") || !found("other") || found("k2") {
		t.Error("not just alice's others are over")
	}
	if err := s.Sweep(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.DeleteCtx(t.Context(), "k1"); err != nil || found("k1") {
		t.Errorf("ended one: %v", err)
	}
}

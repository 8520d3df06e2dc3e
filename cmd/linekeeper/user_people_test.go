package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	history "linekeeper/cdr/store"
	"linekeeper/cmd/internal/boot"
)

// audited is the audit log without what the commands of the tests' set-up did.
func (s *liveSite) audited() ([]history.AuditEntry, error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	if err := s.app.writer.Flush(ctx); err != nil {
		return nil, err
	}
	last, err := s.app.facts.Last(ctx)
	if err == nil && last > 0 {
		err = s.app.records.projector.Applied(ctx, last)
	}
	if err != nil {
		return nil, err
	}
	return s.app.records.accounts.AuditLog(ctx, history.AuditFilter{})
}

// command runs a command line that works on the database.
func (s *liveSite) command(stdin string, args ...string) (string, error) {
	s.t.Helper()
	path := filepath.Join(s.t.TempDir(), "linekeeper.yaml")
	text := "data: " + s.c.Data + "\npostgres: {dsn: \"" + string(s.c.Postgres.DSN) + "\"}\ndefinitions: " + s.c.Definitions +
		"\nasterisk: {node: fake, url: \"" + s.c.Asterisk.URL + "\", user: linekeeper, password: secret, app: linekeeper}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		s.t.Fatal(err)
	}
	r, w, err := os.Pipe()
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Close()
	if _, err := w.WriteString(stdin); err != nil {
		s.t.Fatal(err)
	}
	w.Close()
	before := os.Stdin
	os.Stdin = r
	defer func() { os.Stdin = before }()
	var out bytes.Buffer
	life := boot.Life{Accept: s.t.Context(), Finish: s.t.Context()}
	err = execute(life, append(args, "--config", path), &out, &out)
	return out.String(), err
}

func (s *liveSite) must(stdin string, args ...string) string {
	s.t.Helper()
	out, err := s.command(stdin, args...)
	if err != nil {
		s.t.Fatalf("%q: %v", args, err)
	}
	return out
}

// The administrator's commands: accounts and rights in the database, locks and
// sessions on the live controller, and all of it in the audit log.
func TestPeopleByCommand(t *testing.T) {
	s := startSite(t)
	s.must("first word\n", "user", "add", "--name", "ines", "--display-name", "Inès")
	s.must("", "user", "group", "first-line", "--queues", "support-n1")
	s.must("", "user", "role", "ines", "supervisor", "--queues", "@first-line,support-n2")
	s.must("second word\n", "user", "password", "ines", "--temporary")
	if out := s.must("", "user", "list"); !strings.Contains(out, "supervisor of @first-line support-n2") || !strings.Contains(out, "must change the password") || !strings.Contains(out, "@first-line  support-n1") {
		t.Errorf("listed\n%s", out)
	}
	a, err := s.app.records.accounts.ByName(t.Context(), "ines")
	if err != nil || strings.Join(a.Held, " ") != "support-n1 support-n2" || !a.MustChange {
		t.Errorf("ines is %+v, %v", a, err)
	}
	for says, args := range map[string][]string{
		"there is no queue or group":        {"user", "role", "ines", "supervisor", "--queues", "nowhere"},
		"none of agent":                     {"user", "role", "ines", "root"},
		"an administrator's right":          {"user", "role", "ines", "administrator", "--no-queues"},
		"not found":                         {"user", "role", "nobody", "agent"},
		"a group holds queues":              {"user", "group", "all", "--queues", "@first-line"},
		"there is no single sign-on":        {"user", "link", "ines", "--subject", "s1"},
		"if any flags in the group [queues": {"user", "role", "ines", "agent", "--queues", "support-n1", "--no-queues"},
	} {
		if out, err := s.command("", args...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v %s, want %q", args, err, out, says)
		}
	}
	if _, err := s.command("short\n", "user", "password", "ines"); err == nil {
		t.Error("a password of five letters was taken")
	}
	if out := s.must("", "user", "phone", "bruno"); !strings.Contains(out, "secret ") {
		t.Errorf("what Bruno's phone is set up with:\n%s", out)
	}
	s.must("", "user", "close", "ines")
	s.must("", "user", "open", "ines")
	s.run("user", "unlock", "ines")
	if out := s.run("user", "sessions", "ines"); !strings.HasPrefix(out, "BEGAN") {
		t.Errorf("her sessions:\n%s", out)
	}
	s.run("user", "sessions", "ines", "--end")

	if _, err := s.audited(); err != nil {
		t.Fatal(err)
	}
	out := s.must("", "audit")
	for _, want := range []string{"add-account", "set-group", "set-right", "change-password", "read-phone-secret", "close-account", "open-account", "unlock", "end-sessions", "system:", "admin  "} {
		if !strings.Contains(out, want) {
			t.Errorf("the audit log lacks %q:\n%s", want, out)
		}
	}
	if out := s.must("", "audit", "--act", "unlock", "--json"); strings.Count(out, "\n") != 1 || !strings.Contains(out, `"account":"admin","act":"unlock","on":"ines"`) {
		t.Errorf("as JSON: %s", out)
	}
}

// An account that is there is not added again: nothing of it changes, and the audit log
// says nothing of an account added.
func TestAnAccountThatIsThereIsNotAdded(t *testing.T) {
	s := startSite(t)
	s.must("first word\n", "user", "add", "--name", "ines", "--display-name", "Inès", "--role", "supervisor")
	accounts := s.app.records.accounts
	before, err := accounts.ByName(t.Context(), "ines")
	if err != nil || before.Role != history.RoleSupervisor {
		t.Fatalf("added as %+v, %v", before, err)
	}
	again := []string{"user", "add", "--name", "ines", "--role", "administrator", "--language", "en"}
	_, err = s.command("second word\n", again...)
	if err == nil || !strings.Contains(err.Error(), `there is an account "ines" already`) || !strings.Contains(err.Error(), "user password") || !strings.Contains(err.Error(), "user role") {
		t.Errorf("added again: %v", err)
	}
	s.must("second word\n", append(again, "--if-absent")...)
	s.must("other word\n", "user", "add", "--name", "omar", "--if-absent")
	after, err := accounts.ByName(t.Context(), "ines")
	if diff := cmp.Diff(before, after); diff != "" || err != nil {
		t.Errorf("she is changed: %v %s", err, diff)
	}
	if out := s.must("", "audit", "--act", "add-account"); strings.Count(out, "add-account") != 2 || strings.Contains(out, "administrator") || !strings.Contains(out, "omar") {
		t.Errorf("the audit log has\n%s", out)
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

package main

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"linekeeper/cdr"
	history "linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/queue/store"
)

func TestMain(m *testing.M) { storetest.Main(m) }

// liveSite is a running controller with its PostgreSQL and an administrator.
type liveSite struct {
	t    *testing.T
	fake *asteriskfake.Server
	c    Config
	app  *app
	at   controller
	dir  string // a folder with what is in force, to be edited
}

func startSite(t *testing.T) *liveSite {
	t.Helper()
	s := &liveSite{t: t, fake: asteriskfake.Start(t), dir: t.TempDir()}
	s.c = testConfig(t, s.fake)
	s.c.HTTP.Listen = closedPort(t)
	s.c.Postgres.DSN = boot.DSN(storetest.DSN(t))
	s.start()
	t.Cleanup(func() { stopApp(t, s.app) })
	accounts := s.app.records.accounts
	if err := accounts.Create(t.Context(), history.Account{Name: "admin", Role: history.RoleAdministrator, PasswordHash: "$argon2id$none"}); err != nil {
		t.Fatal(err)
	}
	token, err := accounts.CreateToken(t.Context(), "admin", "test", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	s.at = controller{url: "http://" + s.c.HTTP.Listen, token: token}
	s.run("export", s.dir)
	return s
}

// start starts a controller and waits until PostgreSQL and Asterisk are there.
func (s *liveSite) start() {
	s.t.Helper()
	s.app = startApp(s.t, s.c)
	<-s.app.records.done
	if err := s.app.node.WaitReady(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *liveSite) restart() {
	s.t.Helper()
	stopApp(s.t, s.app)
	s.start()
}

// phone registers a phone with the Asterisk that runs.
func (s *liveSite) phone(id string) *asteriskfake.Phone {
	p := s.fake.Phone(id)
	p.Online()
	return p
}

// try runs a command line of the program against the controller.
func (s *liveSite) try(args ...string) (string, error) {
	var out bytes.Buffer
	life := boot.Life{Accept: s.t.Context(), Finish: s.t.Context()}
	err := execute(life, append(args, "--url", s.at.url, "--token", s.at.token), &out, &out)
	return out.String(), err
}

func (s *liveSite) run(args ...string) string {
	s.t.Helper()
	out, err := s.try(args...)
	if err != nil {
		s.t.Fatalf("%q: %v", args, err)
	}
	return out
}

// refused runs a command line that must be refused, and returns why.
func (s *liveSite) refused(args ...string) string {
	s.t.Helper()
	out, err := s.try(args...)
	if err == nil {
		s.t.Fatalf("%q went through: %s", args, out)
	}
	return err.Error()
}

// ended waits until the stories of so many calls have ended.
func (s *liveSite) ended(calls int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 10*time.Second)
	defer cancel()
	_ = s.app.facts.Read(ctx, 1, func(f cdr.Fact) error {
		if f.Kind() == cdr.KindEnded {
			calls--
		}
		if calls == 0 {
			cancel()
		}
		return nil
	})
	if calls > 0 {
		s.t.Fatalf("%d calls have not ended", calls)
	}
}

// edit changes a file of the folder.
func (s *liveSite) edit(file, from, to string) {
	s.t.Helper()
	editFile(s.t, filepath.Join(s.dir, file), from, to)
}

func editFile(t *testing.T, path, from, to string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(text), from) {
		t.Fatalf("%s does not say %q", path, from)
	}
	if err := os.WriteFile(path, []byte(strings.Replace(string(text), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}

// night adds a queue, a number, a flow, an agent and a contact to the folder.
func (s *liveSite) night() {
	s.edit("floor.yaml", "queues:\n", "queues:\n  - {id: night, fr: Nuit, en: Night, ring: 20s}\n")
	s.edit("floor.yaml", "agents:\n", "agents:\n  - {id: zoe, name: Zoé, queues: [night], phone: sip, contact: \"sip:zoe@192.0.2.1\"}\n")
	s.edit("floor.yaml", "numbers:\n", "numbers:\n  - {number: \"0199000010\", flow: night}\n")
	s.edit("directory.yaml", "contacts:\n", "contacts:\n  - {id: zora, name: Zora, numbers: [\"+33199001099\"]}\n")
	if err := os.WriteFile(filepath.Join(s.dir, "flows", "night.yaml"),
		[]byte("language: fr\nstart: line\nsteps:\n  line: {type: queue, queue: night}\n"), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// What was applied counts at once, for who calls and who works, and drops nobody.
func TestApplyOnALiveFloor(t *testing.T) {
	s := startSite(t)
	alice, zoe := s.phone("alice"), s.phone("zoe")
	waiting := s.fake.Call("0199000003", "0199001001", "Marie")
	waiting.WaitMusic("default")
	s.night()
	s.edit("floor.yaml", "wrap-up: {mode: timed, for: 60s}", "wrap-up: {mode: timed, for: 45s}")

	out := s.run("apply", s.dir)
	has(t, out, "+ queue night", "+ agent zoe", "+ number 0199000010", "+ contact zora", "+ flow night",
		"~ queue support-n1\n    wrap-up: timed for 1m → timed for 45s", "version 1 is in force: 5 added, 1 changed, 0 removed")

	readyAgent(t, s.app, "zoe")
	other := s.fake.Call("0199000010", "0199001002", "Paul")
	zoe.WaitRinging()
	zoe.Answer()
	other.WaitTalkingTo(zoe)
	readyAgent(t, s.app, "alice")
	alice.WaitRinging()
	alice.Answer()
	waiting.WaitTalkingTo(alice) // who waited before the apply
	if contact, known, err := s.app.records.directory.Lookup(t.Context(), "+33199001099"); !known || contact.ID != "zora" || err != nil {
		t.Errorf("zora: %+v %v %v", contact, known, err)
	}
	s.fake.WaitDynamic("aor", "zoe", "contact") // her phone is pushed
	has(t, s.run("apply", s.dir), "nothing to apply: version 1 is just this")

	// Zoe goes while she talks: she talks on, and is gone after it.
	s.edit("floor.yaml", "  - {id: zoe, name: Zoé, queues: [night], phone: sip, contact: \"sip:zoe@192.0.2.1\"}\n", "")
	s.edit("directory.yaml", "  - {id: zora, name: Zora, numbers: [\"+33199001099\"]}\n", "")
	has(t, s.run("apply", s.dir), "warning: floor.yaml:", "no agent could ever take a call of queue night", "- agent zoe", "version 2 is in force: 0 added, 0 changed, 2 removed")
	other.WaitTalkingTo(zoe)
	other.HangUp()
	waiting.HangUp()
	s.fake.WaitEmpty()
	if _, known, err := s.app.records.directory.Lookup(t.Context(), "+33199001099"); known || err != nil {
		t.Errorf("zora is still known: %v", err)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	s := startSite(t)
	before := s.app.site.now.Load()
	s.night()
	out := s.run("apply", "--dry-run", s.dir)
	has(t, out, "+ queue night", "dry run: 5 added, 0 changed, 0 removed; nothing has changed")
	newest, err := s.app.records.definitions.Newest(t.Context())
	_, kept, keptErr := s.app.site.kept.load()
	if newest != 0 || kept || err != nil || keptErr != nil || s.app.site.now.Load() != before {
		t.Errorf("newest %d, kept %v: %v %v", newest, kept, err, keptErr)
	}
	if _, err := s.app.floor.Waiting(t.Context(), "night"); err == nil {
		t.Error("the floor has queue night")
	}
	entries, err := s.audited()
	if err != nil || len(entries) != 1 || entries[0].Act != "see-definitions" {
		t.Errorf("audited %v, %v", entries, err)
	}
}

// A controller starts with what was applied last, with PostgreSQL away and the
// configured folder as it was; and who exports gets it back.
func TestStartsWithWhatWasAppliedLast(t *testing.T) {
	s := startSite(t)
	s.edit("floor.yaml", "wrap-up: {mode: timed, for: 60s}", "wrap-up: {mode: timed, for: 45s}")
	s.run("apply", s.dir)
	applied, err := s.app.records.definitions.Version(t.Context(), 1)
	if err != nil || applied.Account != "admin" || applied.Files["floor.yaml"] == "" {
		t.Fatalf("version 1: %+v, %v", applied, err)
	}
	entries, err := s.audited()
	if err != nil || len(entries) != 2 || entries[0].Act != "apply-definitions" || entries[0].On != "version 1" || entries[0].Account != "admin" {
		t.Errorf("audited %+v, %v", entries, err)
	}
	stopApp(t, s.app)
	there := s.c.Postgres
	s.c.Postgres.DSN = boot.DSN("postgres://nobody@" + closedPort(t) + "/none?sslmode=disable")
	s.app = startApp(t, s.c)
	now := s.app.site.now.Load()
	if now.applied.Version != 1 || now.Floor.Queues[0].WrapUp.For != 45*time.Second {
		t.Errorf("in force: version %d, wrap-up %v", now.applied.Version, now.Floor.Queues[0].WrapUp)
	}
	stopApp(t, s.app)
	s.c.Postgres = there
	s.start()
	fresh := filepath.Join(t.TempDir(), "fresh")
	has(t, s.run("export", fresh), "version 1, applied by admin at ")
	files, err := store.ReadFiles(fresh)
	if err != nil || files.Revision() != now.revision {
		t.Errorf("exported revision %s, %v; want %s", files.Revision(), err, now.revision)
	}
	// Back to a version before: it is applied over the one in force.
	s.edit("floor.yaml", "wrap-up: {mode: timed, for: 45s}", "wrap-up: {mode: timed, for: 30s}")
	s.run("apply", s.dir)
	back := filepath.Join(t.TempDir(), "back")
	has(t, s.run("export", "--version", "1", back), "version 1, applied by admin at ")
	has(t, s.run("apply", back), "wrap-up: timed for 30s → timed for 45s", "version 3 is in force")
	has(t, s.refused("export", "--version", "9", back), "No such version")
}

// Of two who changed the same definitions one is told so, whichever is second.
func TestAppliesRace(t *testing.T) {
	s := startSite(t)
	other := t.TempDir()
	s.run("export", other)
	s.edit("floor.yaml", "for: 60s", "for: 45s")
	editFile(t, filepath.Join(other, "floor.yaml"), "for: 60s", "for: 30s")
	var wg sync.WaitGroup
	errs := make([]error, 2)
	for i, dir := range []string{s.dir, other} {
		wg.Go(func() { _, errs[i] = s.try("apply", dir) })
	}
	wg.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("first %v, second %v; want one refused", errs[0], errs[1])
	}
	has(t, errors.Join(errs...).Error(), "Other definitions are in force than those you changed.", "version 1, applied by admin at ", "bring your change into it")
	if now := s.app.site.now.Load(); now.applied.Version != 1 {
		t.Errorf("version %d is in force", now.applied.Version)
	}
}

// A queue goes with the callers in it only if it says where they go.
func TestQueueWithCallersInIt(t *testing.T) {
	s := startSite(t)
	s.night()
	s.run("apply", s.dir)
	caller := s.fake.Call("0199000010", "0199001001", "Marie")
	caller.WaitMusic("default")
	removed := t.TempDir()
	s.run("export", removed)
	for _, c := range []struct{ file, from string }{
		{"floor.yaml", "  - {id: night, fr: Nuit, en: Night, ring: 20s}\n"},
		{"floor.yaml", "  - {id: zoe, name: Zoé, queues: [night], phone: sip, contact: \"sip:zoe@192.0.2.1\"}\n"},
		{"floor.yaml", "  - {number: \"0199000010\", flow: night}\n"},
	} {
		editFile(t, filepath.Join(removed, c.file), c.from, "")
	}
	if err := os.Remove(filepath.Join(removed, "flows", "night.yaml")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"apply", removed}, {"apply", "--dry-run", removed}} {
		has(t, s.refused(args...), "A queue with callers in it cannot be removed.", "Queue night has 1 waiting", "overflow: {closed: …}")
	}
	s.edit("floor.yaml", "{id: night, fr: Nuit, en: Night, ring: 20s}", "{id: night, fr: Nuit, en: Night, ring: 20s, overflow: {closed: {queue: support-n1}}}")
	s.run("apply", s.dir)
	if err := os.WriteFile(filepath.Join(removed, revisionFile), []byte(s.app.site.now.Load().revision), 0o600); err != nil {
		t.Fatal(err)
	}
	has(t, s.run("apply", removed), "- queue night", "version 3 is in force")
	alice := s.phone("alice")
	readyAgent(t, s.app, "alice")
	alice.WaitRinging()
	alice.Answer()
	caller.WaitTalkingTo(alice)
	caller.HangUp()
	s.fake.WaitEmpty()
	if r := record(t, s.app); r.Outcome != cdr.OutcomeAnswered || len(r.Visits) != 2 || !r.Visits[0].EnteredAt.Equal(r.Visits[1].EnteredAt) {
		t.Errorf("the place was not kept: %+v", r.Visits)
	}
}

// A call ends on the flow it began on, over applies and restarts; one that comes
// later is led by the new one. Versions nobody is in any more are forgotten.
func TestCallEndsOnTheFlowItBeganOn(t *testing.T) {
	s := startSite(t)
	s.fake.PlayTime(500 * time.Millisecond) // long enough to be heard as the controller is back
	begun := s.fake.Call("0199000001", "0199001001", "Marie")
	begun.WaitPlaying("sound:linekeeper/menu-support")
	s.edit("flows/helpdesk.yaml", `"1": {label: Incident, next: incident}`, `"1": {label: Incident, next: goodbye}`)
	s.edit("flows/helpdesk.yaml", "  incident:\n    type: set\n    attributes: {category: incident}\n    next: please-wait\n\n", "")
	has(t, s.run("apply", s.dir), "~ flow helpdesk\n    step incident: set → (nothing)\n    step menu-support: menu → menu of another content")
	s.restart()
	begun.WaitPlaying("sound:linekeeper/menu-support")
	later := s.fake.Call("0199000001", "0199001002", "Paul")
	later.WaitPlaying("sound:linekeeper/menu-support")
	later.Press("1")
	later.WaitPlaying("sound:linekeeper/goodbye")
	begun.Press("1")
	begun.WaitMusic("default") // the incident's line, as it was
	later.WaitEnded()
	versions := len(s.app.site.kept.flowFiles())
	begun.HangUp()
	s.ended(2)
	s.restart()
	flows := len(s.app.site.now.Load().flows)
	if left := len(s.app.site.kept.flowFiles()); versions != flows+1 || left != flows {
		t.Errorf("%d flow versions kept during the call, %d after it; there are %d flows", versions, left, flows)
	}
}

// What is wrong is said by the controller as by check: file, line and advice.
func TestControllerSaysWhatIsWrong(t *testing.T) {
	s := startSite(t)
	files, err := store.ReadFiles(s.dir)
	if err != nil {
		t.Fatal(err)
	}
	files["floor.yaml"] = strings.Replace(files["floor.yaml"], "strategy: longest-idle", "strategy: fastest", 1)
	files["../note.md"] = "x"
	path := "/definitions?base=" + s.app.site.now.Load().revision
	for _, want := range []string{"this is no definition file", `"fastest" is not a strategy`} {
		err := s.at.ask(t.Context(), http.MethodPut, path, files, &applyOutcome{})
		if err == nil {
			t.Fatal("taken")
		}
		has(t, err.Error(), "Something is wrong in the definitions; nothing has changed.", want, "to do: ")
		delete(files, "../note.md")
	}
	files["floor.yaml"] = strings.Replace(files["floor.yaml"], "strategy: fastest", "strategy: linear", 1)
	files["flows/bench.yaml"] = "language: fr\nstart: a\nsteps:\n  a: {type: queue, queue: nowhere}\n"
	err = s.at.ask(t.Context(), http.MethodPut, path, files, &applyOutcome{})
	has(t, err.Error(), "flows/bench.yaml:4:", "nowhere")
	if s.app.site.now.Load().applied.Version != 0 {
		t.Error("something was applied")
	}
}

// Without PostgreSQL nothing is applied, for nobody would know who did it.
func TestApplyWithoutPostgreSQL(t *testing.T) {
	fake := asteriskfake.Start(t)
	a := startApp(t, testConfig(t, fake))
	defer stopApp(t, a)
	now := a.site.now.Load()
	next, err := compile("", now.files, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if err := a.site.keep(t.Context(), now, next, "admin"); err == nil || next.applied.Version != 0 {
		t.Errorf("kept as version %d: %v", next.applied.Version, err)
	}
}

func TestApplyNeedsToKnowTheController(t *testing.T) {
	t.Setenv("LAB_HTTP", "")
	for _, args := range [][]string{{"apply", seed}, {"export", t.TempDir()}} {
		var out bytes.Buffer
		err := execute(boot.Life{Accept: t.Context(), Finish: t.Context()}, args, &out, &out)
		if err == nil || !strings.Contains(err.Error(), "which controller?") {
			t.Errorf("%q: %v", args, err)
		}
	}
}

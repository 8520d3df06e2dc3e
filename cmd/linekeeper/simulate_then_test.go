package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	"linekeeper/cdr/store/storetest"
	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/queue/store"
)

// briskly is the seed's definitions with phones that ring and agents who wrap up for
// a second.
func briskly(t *testing.T) store.Files {
	t.Helper()
	files, err := store.ReadFiles(seed)
	if err != nil {
		t.Fatal(err)
	}
	files[store.FloorFile] = strings.NewReplacer("ring: 20s", "ring: 1s", "mode: timed, for: 60s", "mode: timed, for: 1s").Replace(files[store.FloorFile])
	return files
}

// A real controller's busy seconds, with an apply in the middle that changes how
// agents are chosen, are decided the same again by what the ledger and PostgreSQL
// know of the definitions: nobody names a folder.
func TestSimulateByTheDefinitionsOfThen(t *testing.T) {
	fake := asteriskfake.Start(t)
	c := testConfig(t, fake)
	c.NATS.Listen, c.Definitions = closedPort(t), t.TempDir()
	c.Postgres.DSN = boot.DSN(storetest.DSN(t))
	began := briskly(t)
	if err := began.Write(c.Definitions); err != nil {
		t.Fatal(err)
	}
	s := &soak{
		t: t, chance: rand.New(rand.NewPCG(*soakSeed, 2)), fake: fake, config: c,
		phones: map[string]*asteriskfake.Phone{}, log: slog.New(slog.DiscardHandler), app: startApp(t, c),
	}
	defer func() { stopApp(t, s.app) }()
	<-s.app.records.done
	for _, id := range soakAgents {
		s.phones[id] = fake.Phone(id)
	}
	s.busy(*soakFor / 3)
	next := maps.Clone(began)
	next[store.FloorFile] = strings.Replace(began[store.FloorFile], "strategy: longest-idle", "strategy: fewest-calls", 1)
	applied, err := s.app.site.Apply(t.Context(), api.Application{Files: next, Base: began.Revision(), By: "admin"})
	if err != nil {
		t.Fatal(err)
	}
	s.busy(*soakFor / 3)
	s.settle()
	if err := s.app.writer.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}

	out, err := runSimulate(t, "--config", configFile(t, c))
	if err != nil {
		t.Errorf("replay: %v", err)
	}
	has(t, out, "definitions of revision "+began.Revision()+"\n", "definitions of revision "+applied.Revision+" from ", "the same, in the same order")
	if strings.Contains(out, "\n0 decisions") {
		t.Errorf("nothing was decided:\n%s", out)
	}
	facts := factsFile(t, append(s.facts(), cdr.Fact{
		ID: "x", At: time.Now().Add(-time.Millisecond), Story: cdr.Redefined{Revision: "00000000000000ff", Cause: cdr.RedefinedByApply},
	}))
	if _, err := runSimulate(t, "--config", configFile(t, c), "--facts", facts); err == nil || !strings.Contains(err.Error(), "--definitions") {
		t.Errorf("definitions nobody has kept: %v", err)
	}
}

// busy lets people act for a while.
func (s *soak) busy(long time.Duration) {
	for until := time.Now().Add(long); time.Now().Before(until); {
		s.actAsPeople()
		time.Sleep(time.Duration(s.chance.IntN(20)) * time.Millisecond)
	}
}

// configFile is as much of a configuration as simulate needs.
func configFile(t *testing.T, c Config) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "linekeeper.yaml")
	text := fmt.Sprintf("data: %s\ndefinitions: %s\npostgres: {dsn: %q}\nnats: {listen: %q}\nasterisk: {node: fake, url: %q, user: u, password: p, app: a}\n",
		c.Data, c.Definitions, string(c.Postgres.DSN), c.NATS.Listen, c.Asterisk.URL)
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// runSimulate runs one command line as it is typed.
func runSimulate(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, progress bytes.Buffer
	err := execute(boot.Life{Accept: t.Context(), Finish: t.Context()}, append([]string{"simulate"}, args...), &out, &progress)
	return out.String(), err
}

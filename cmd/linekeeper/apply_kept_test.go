package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	history "linekeeper/cdr/store"
	"linekeeper/cdr/store/storetest"
	"linekeeper/cmd/internal/boot"
	"linekeeper/queue/store"
)

func TestKeptDefinitions(t *testing.T) {
	kept := keptDefinitions(filepath.Join(t.TempDir(), "definitions"))
	if _, ok, err := kept.load(); ok || err != nil {
		t.Fatalf("nothing was applied: %v, %v", ok, err)
	}
	v := keptVersion{applied: applied{Version: 3, At: time.Unix(1000, 0).UTC(), By: "admin"}, Files: store.Files{"floor.yaml": "a: é\n"}}
	for range 2 {
		if err := kept.save(v); err != nil {
			t.Fatal(err)
		}
	}
	got, ok, err := kept.load()
	if diff := cmp.Diff(v, got, cmp.AllowUnexported(keptVersion{})); !ok || err != nil || diff != "" {
		t.Errorf("%v %v %s", ok, err, diff)
	}
	left, err := filepath.Glob(filepath.Join(string(kept), ".new-*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind %v, %v", left, err)
	}
	if err := keptDefinitions("").save(v); err == nil || !strings.Contains(err.Error(), "data is empty") {
		t.Errorf("without a data folder: %v", err)
	}
}

// A controller that died between its data folder and PostgreSQL brings in what it
// had applied; one whose folder is behind PostgreSQL says so and goes on.
func TestAppliedVersionComesIntoPostgreSQL(t *testing.T) {
	pool := storetest.Pool(t)
	d, err := loadDefinitions(seed, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	d.applied = applied{Version: 5, At: time.Unix(1000, 0).UTC(), By: "admin"}
	var log bytes.Buffer
	r := &records{definitions: history.NewDefinitions(pool), started: d, log: slog.New(slog.NewTextHandler(&log, nil))}
	for range 2 {
		if err := r.keepStarted(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if v, err := r.definitions.Version(t.Context(), 5); err != nil || v.Revision != d.revision || log.Len() > 0 {
		t.Errorf("version 5: revision %s, %v; said %s", v.Revision, err, log.String())
	}
	d.applied = applied{} // a new data folder
	if err := r.keepStarted(t.Context()); err != nil {
		t.Fatal(err)
	}
	has(t, log.String(), "PostgreSQL has newer definitions", "in_force=0", "newest=5")
}

// A spoilt file stops the start: what people would work by is not to be guessed.
func TestStartOnSpoiltDefinitions(t *testing.T) {
	c := defaultConfig()
	c.Data, c.Definitions = t.TempDir(), seed
	kept := keptIn(c)
	if err := os.MkdirAll(string(kept), 0o700); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		`{"version": 3, "files": {`:                       "read the definitions applied last",
		`{"version": 3, "files": {"floor.yaml": "a: b"}}`: "are not good for this program; to begin with the folder",
	} {
		if err := os.WriteFile(kept.file(), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := startDefinitions(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Flows are kept by their contents; one that cannot be read any more ends no
// start.
func TestKeptFlows(t *testing.T) {
	kept := keptDefinitions(t.TempDir())
	d, err := loadDefinitions(seed, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := kept.saveFlows(d); err != nil {
			t.Fatal(err)
		}
	}
	bench := "bench@" + d.flows["bench"].Version
	for name, text := range map[string]string{"old@0123456789abcdef.yaml": "steps: [", bench + ".yaml": "language: fr\nstart: a\nsteps: {a: {type: hangup}}\n"} {
		if err := os.WriteFile(filepath.Join(kept.flows(), name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var log bytes.Buffer
	flows := kept.loadFlows(slog.New(slog.NewTextHandler(&log, nil)))
	if len(flows) != len(d.flows)-1 || flows[bench] != nil || flows["helpdesk@"+d.flows["helpdesk"].Version] == nil {
		t.Errorf("flows %v", flows)
	}
	has(t, log.String(), "flow=old@0123456789abcdef", "its contents are of version")
	if err := kept.forgetFlows(map[string]bool{bench: true}); err != nil || len(kept.flowFiles()) != 1 {
		t.Errorf("left %v, %v", kept.flowFiles(), err)
	}
}

func TestLogDefinitions(t *testing.T) {
	c := defaultConfig()
	c.Definitions = seed
	d, err := loadDefinitions(seed, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	said := func() string {
		var log bytes.Buffer
		logDefinitions(c, d, slog.New(slog.NewTextHandler(&log, nil)))
		return log.String()
	}
	has(t, said(), "definitions from the configured folder")
	d.applied = applied{Version: 4, By: "admin"}
	if text := said(); !strings.Contains(text, "definitions as applied last") || strings.Contains(text, "differs") {
		t.Error(text)
	}
	d.revision = "other"
	has(t, said(), "version=4", "the configured folder differs from what was applied last and does not count")
}

func TestCheck(t *testing.T) {
	bad := t.TempDir()
	d, err := loadDefinitions(seed, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.files.Write(bad); err != nil {
		t.Fatal(err)
	}
	editFile(t, filepath.Join(bad, "floor.yaml"), "queues: [support-n2]", "queues: [support-n3]")
	run := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := execute(boot.Life{Accept: t.Context(), Finish: t.Context()}, append([]string{"check"}, args...), &out, &out)
		return out.String(), err
	}
	if out, err := run(seed); err != nil || !strings.Contains(out, " is good: 3 queues, 7 agents") || strings.Contains(out, "warning") {
		t.Errorf("the seed: %s %v", out, err)
	}
	if _, err := run(bad); err == nil || !strings.Contains(err.Error(), filepath.Join(bad, "floor.yaml:")) || !strings.Contains(err.Error(), `queue "support-n3", which is not defined`) {
		t.Errorf("the bad one: %v", err)
	}
	for of, want := range map[string]string{"": "floor.yaml", "floor": "floor.yaml", "directory": "directory.yaml", "flow": "Linekeeper"} {
		arg := "--schema"
		if of != "" {
			arg += "=" + of
		}
		if out, err := run(arg); err != nil || !strings.Contains(out, want) {
			t.Errorf("%s: %.100s %v", arg, out, err)
		}
	}
	for _, args := range [][]string{{}, {"--schema=tea"}, {"a", "b"}} {
		if out, err := run(args...); err == nil {
			t.Errorf("%q: %s", args, out)
		}
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cmd/internal/boot"
	"linekeeper/queue/sim"
)

var update = flag.Bool("update", false, "rewrite the golden files of simulate")

const simulateDefinitions = "testdata/simulate/definitions"

// simulatedDay is the facts of a made-up day of the definitions in testdata.
func simulatedDay(t *testing.T) []cdr.Fact {
	t.Helper()
	defs, zone, err := loadFloor(simulateDefinitions, BenchConfig{})
	if err != nil {
		t.Fatal(err)
	}
	from := time.Date(2026, 3, 2, 8, 0, 0, 0, zone)
	lunch := func(agent string, at time.Duration) []sim.Shift {
		return []sim.Shift{
			{At: from, Agent: agent, To: cdr.Ready},
			{At: from.Add(at), Agent: agent, To: cdr.NotReady, Reason: "lunch"},
			{At: from.Add(at + time.Hour), Agent: agent, To: cdr.Ready},
			{At: from.Add(10 * time.Hour), Agent: agent, To: cdr.Offline},
		}
	}
	n1 := sim.Conduct{
		Talk: sim.Exponential(4 * time.Minute), WrapUp: sim.Exponential(40 * time.Second), Answer: sim.Exponential(4 * time.Second),
		Miss: 0.04, Back: sim.Fixed(time.Minute), Patience: sim.Exponential(4 * time.Minute),
	}
	n2 := n1
	n2.Talk = sim.Exponential(9 * time.Minute)
	facts, err := sim.Tell(sim.Scenario{
		Definitions: defs, From: from, To: from.Add(10 * time.Hour), Seed: 42,
		Conduct: map[string]sim.Conduct{"support-n1": n1, "support-n2": n2},
		Shifts:  append(lunch("alice", 3*time.Hour), append(lunch("bruno", 4*time.Hour), append(lunch("chloe", 5*time.Hour), lunch("david", 4*time.Hour)...)...)...),
		Arrivals: func(r *rand.Rand, from, to time.Time) []sim.Caller {
			both := append(sim.Steady("support-n1", 26)(r, from, to), sim.Steady("support-n2", 5)(r, from, to)...)
			return sim.AsTold(both)(r, from, to)
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

// factsFile writes facts one to a line.
func factsFile(t *testing.T, facts []cdr.Fact) string {
	t.Helper()
	var lines bytes.Buffer
	e := json.NewEncoder(&lines)
	for _, f := range facts {
		if err := e.Encode(f); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(t.TempDir(), "day.json")
	if err := os.WriteFile(name, lines.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// simulate runs one command line and returns what it prints.
func simulate(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out, progress bytes.Buffer
	err := execute(boot.Life{Accept: t.Context(), Finish: t.Context()}, append([]string{"simulate", "--definitions", simulateDefinitions}, args...), &out, &progress)
	if progress.Len() > 0 {
		t.Errorf("a bar was drawn where there is no terminal: %q", progress.String())
	}
	return out.String(), err
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "simulate", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (rewrite with -update):\n%s", file, diff)
	}
}

func TestSimulateGolden(t *testing.T) {
	file := factsFile(t, simulatedDay(t))
	for name, args := range map[string][]string{
		"replay.txt":    nil,
		"what-if.txt":   {"--agents", "+1@support-n1,-chloe@support-n2", "--load", "x1.3"},
		"what-if.csv":   {"--agents", "+1@support-n1", "--agents", "-chloe@support-n2", "--load", "x1.3", "--format", "csv"},
		"strategy.txt":  {"--strategy", "support-n1=linear", "--from", "2026-03-02T09:00", "--to", "2026-03-02T12:00"},
		"as-it-was.txt": {"--what-if", "--from", "2026-03-02T09:00:00+01:00", "--to", "2026-03-02 12:00"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := simulate(t, append([]string{"--facts", file, "--runs", "8"}, args...)...)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, got)
		})
	}
}

// A day of which a fact is missing, so that the decisions after it cannot be
// understood: they are listed, and the command fails.
func TestSimulateDifferences(t *testing.T) {
	facts := simulatedDay(t)
	for i, f := range facts {
		if s, is := f.Story.(cdr.AgentChanged); is && s.Agent == "alice" && s.Reason == "lunch" {
			facts = append(facts[:i:i], facts[i+1:]...)
			break
		}
	}
	for format, ext := range map[string]string{"table": "txt", "csv": "csv"} {
		got, err := simulate(t, "--facts", factsFile(t, facts), "--format", format)
		if !errors.Is(err, errDecidedOtherwise) {
			t.Errorf("%s: a day that is not decided so ends with %v", format, err)
		}
		golden(t, "differences."+ext, got)
	}
}

// The ledger gives what the file gives, and is left as it was.
func TestSimulateFromTheLedger(t *testing.T) {
	facts := simulatedDay(t)
	n, err := boot.NewNATS(boot.NATSConfig{Listen: "127.0.0.1:0"}, t.TempDir(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), grace)
		defer cancel()
		if err := n.Stop(ctx); err != nil {
			t.Error(err)
		}
	}()
	kept := ledger.Config{MaxAge: 7 * 24 * time.Hour}
	l, err := ledger.Open(t.Context(), n.Conn, kept)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Append(t.Context(), facts...); err != nil {
		t.Fatal(err)
	}
	got, err := simulate(t, "--nats", n.ClientURL())
	if err != nil {
		t.Fatal(err)
	}
	want, err := simulate(t, "--facts", factsFile(t, facts))
	if err != nil || got != want {
		t.Errorf("from the ledger:\n%s\nfrom the file, %v:\n%s", got, err, want)
	}
	js, err := jetstream.New(n.Conn)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.Stream(t.Context(), ledger.Stream)
	if err != nil {
		t.Fatal(err)
	}
	if age := stream.CachedInfo().Config.MaxAge; age != kept.MaxAge {
		t.Errorf("reading the ledger made it keep facts for %v instead of %v", age, kept.MaxAge)
	}
	if _, err := simulate(t, "--nats", n.ClientURL(), "--from", "2030-01-01"); err == nil || !strings.Contains(err.Error(), "there are no facts") {
		t.Errorf("a time to come gives %v", err)
	}
}

func TestSimulateRefuses(t *testing.T) {
	file := factsFile(t, simulatedDay(t))
	bad := filepath.Join(t.TempDir(), "bad.json")
	if err := os.WriteFile(bad, []byte(`{"id":"1","kind":"arrived","story":{}}`+"\nnonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	none := filepath.Join(t.TempDir(), "none.json")
	if err := os.WriteFile(none, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, says string }{
		{"--facts " + file + " --format pdf", "there are table and csv"},
		{"--facts " + file + " --from soon", `"soon" is no time`},
		{"--facts " + file + " --from 2026-03-03 --to 2026-03-02", "is not after"},
		{"--facts " + file + " --from 2026-04-01 --to 2026-04-02", "there are no facts from 2026-04-01T00:00:00+02:00"},
		{"--facts " + file + " --load 0", "how many times as many calls"},
		{"--facts " + file + " --load much", "how many times as many calls"},
		{"--facts " + file + " --runs 0", "between 1 and 10000"},
		{"--facts " + file + " --agents 2@support-n1", "write +2@QUEUE"},
		{"--facts " + file + " --agents +2", "write +2@QUEUE"},
		{"--facts " + file + " --agents +0@support-n1", "write +2@QUEUE"},
		{"--facts " + file + " --agents +alice@", "write +2@QUEUE"},
		{"--facts " + file + " --agents +2@support-n9", `no queue is named "support-n9"`},
		{"--facts " + file + " --agents -zoe", `no agent is named "zoe"`},
		{"--facts " + file + " --agents -9@support-n1", "6 agents too few"},
		{"--facts " + file + " --strategy support-n1=fastest", "there are longest-idle"},
		{"--facts " + file + " --strategy support-n9=linear", `no queue is named "support-n9"`},
		{"--facts " + file + " --try testdata/simulate/nowhere", "nowhere"},
		{"--facts " + bad, "fact 2 is no JSON"},
		{"--facts " + none, "there are no facts"},
		{"--facts testdata/simulate/nothing.json", "nothing.json"},
		{"", "where are the facts?"},
		{"--facts " + file + " --nats nats://127.0.0.1:1", "none of the others can be"},
	} {
		out, err := simulate(t, strings.Fields(c.args)...)
		if err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("simulate %s says %v, want %q", c.args, err, c.says)
		}
		if out != "" {
			t.Errorf("simulate %s prints %q and then fails", c.args, out)
		}
	}
}

// Facts of queues that the definitions do not know cannot be played again.
func TestSimulateUnknownQueue(t *testing.T) {
	facts := simulatedDay(t)
	for i, f := range facts {
		if s, is := f.Story.(cdr.QueueEntered); is && s.Queue == "support-n2" {
			s.Queue = "support-n7"
			facts[i].Story = s
		}
	}
	if _, err := simulate(t, "--facts", factsFile(t, facts), "--what-if"); err == nil || !strings.Contains(err.Error(), `queue "support-n7"`) {
		t.Errorf("a queue that is not defined gives %v", err)
	}
}

func TestProgressBar(t *testing.T) {
	p := newProgress(&bytes.Buffer{}, "playing", 40)
	for done, want := range map[int]string{
		0:  "playing [                                        ]   0 %",
		10: "playing [==========                              ]  25 %",
		40: "playing [========================================] 100 %",
	} {
		if got := p.bar(done); got != want {
			t.Errorf("%d done is drawn as %q, want %q", done, got, want)
		}
	}
}

package main

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/queue"
)

const seed = "../../deploy/lab/seed/definitions"

// testConfig is a controller on a fake Asterisk, with a PostgreSQL that is away.
func testConfig(t *testing.T, fake *asteriskfake.Server) Config {
	t.Helper()
	c := defaultConfig()
	c.HTTP.Listen = "127.0.0.1:0"
	c.Data = t.TempDir()
	c.Postgres.DSN = boot.DSN("postgres://nobody@" + closedPort(t) + "/none?sslmode=disable")
	c.Definitions = seed
	c.Asterisk = AsteriskConfig{Node: "fake", URL: fake.URL(), User: "linekeeper", Password: "secret", App: "linekeeper"}
	return c
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func startApp(t *testing.T, c Config) *app {
	t.Helper()
	defs, err := startDefinitions(c)
	if err != nil {
		t.Fatal(err)
	}
	a, err := newApp(t.Context(), c, defs, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func stopApp(t *testing.T, a *app) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), grace)
	defer cancel()
	if err := a.stop(ctx); err != nil {
		t.Error(err)
	}
}

// readyAgent makes an agent ready as the desk would, had PostgreSQL let them
// sign in.
func readyAgent(t *testing.T, a *app, agent string) {
	t.Helper()
	if _, err := (floorPort{a.floor}).SetState(t.Context(), agent, cdr.Ready, ""); err != nil {
		t.Fatal(err)
	}
}

// record folds the facts of the one call in the ledger, once it has ended.
func record(t *testing.T, a *app) cdr.Record {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	var r cdr.Record
	_ = a.facts.Read(ctx, 1, func(f cdr.Fact) error {
		if f.Call == "" {
			return nil
		}
		r.Apply(f)
		if f.Kind() == cdr.KindEnded {
			cancel()
		}
		return nil
	})
	if r.EndedAt.IsZero() {
		t.Fatalf("the call has not ended: %+v", r)
	}
	return r
}

// With PostgreSQL away from the first moment, a caller still reaches an agent,
// the ledger has the story, and when all is stopped nothing is left running.
func TestCallGoesThroughWithoutPostgreSQL(t *testing.T) {
	fake := asteriskfake.Start(t)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	alice := fake.Phone("alice")
	a := startApp(t, testConfig(t, fake))
	defer stopApp(t, a)
	if err := a.node.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	readyAgent(t, a, "alice")

	caller := fake.Call("0199000003", "0199001001", "Marie")
	alice.WaitRinging()
	alice.Answer()
	caller.WaitTalkingTo(alice)
	caller.HangUp()
	fake.WaitEmpty()

	r := record(t, a)
	if r.Outcome != cdr.OutcomeAnswered || len(r.Talks) != 1 || r.Talks[0].Agent != "alice" || r.EndedBy != cdr.ByCaller {
		t.Errorf("record: %+v", r)
	}
	if r.Caller.Number != "+33199001001" {
		t.Errorf("number: %q", r.Caller.Number)
	}
}

// A controller that stops leaves its caller in line; the next one has the same
// place, since the same moment, and gives it to the agent.
func TestNextControllerKeepsThePlace(t *testing.T) {
	fake := asteriskfake.Start(t)
	alice := fake.Phone("alice")
	c := testConfig(t, fake)
	first := startApp(t, c)
	caller := fake.Call("0199000003", "0199001001", "Marie")
	caller.WaitMusic("default")
	stopApp(t, first)
	if caller.Ended() {
		t.Fatal("the caller was dropped")
	}

	second := startApp(t, c)
	defer stopApp(t, second)
	readyAgent(t, second, "alice")
	alice.WaitRinging()
	alice.Answer()
	caller.WaitTalkingTo(alice)
	caller.HangUp()
	fake.WaitEmpty()

	r := record(t, second)
	if r.Reclaims != 1 || len(r.Visits) != 1 || len(r.Talks) != 1 {
		t.Fatalf("record: %+v", r)
	}
	if waited := r.Talks[0].ConnectedAt.Sub(r.Visits[0].EnteredAt); waited-r.Visits[0].Waited > time.Second {
		t.Errorf("waited %s by the clock, %s by the record", waited, r.Visits[0].Waited)
	}
}

// The agent who does not answer is left alone; the next one is rung.
func TestRingNoAnswerByTheWire(t *testing.T) {
	fake := asteriskfake.Start(t)
	alice, bruno := fake.Phone("alice"), fake.Phone("bruno")
	a := startApp(t, testConfig(t, fake))
	defer stopApp(t, a)
	readyAgent(t, a, "alice")
	caller := fake.Call("0199000003", "0199001001", "Marie")
	alice.WaitRinging()
	readyAgent(t, a, "bruno")
	alice.Refuse(486)
	bruno.WaitRinging()
	bruno.Answer()
	caller.WaitTalkingTo(bruno)
	bruno.HangUp()
	fake.WaitEmpty()

	r := record(t, a)
	if len(r.Offers) != 2 || r.Offers[0].Outcome != cdr.OfferRejected || r.EndedBy != cdr.ByAgent {
		t.Errorf("record: %+v", r)
	}
	saved, err := a.floor.Ask(t.Context(), "alice", queue.SignIn{Agent: "alice"})
	if err != nil || saved.State != cdr.NotReady || saved.Reason != string(cdr.OfferRejected) {
		t.Errorf("alice is %s (%s): %v", saved.State, saved.Reason, err)
	}
}

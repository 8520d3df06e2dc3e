package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/google/uuid"

	"linekeeper/agentdesk/live"
	"linekeeper/agentdesk/notebook"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/queuelog"
	"linekeeper/cdr/recording"
	"linekeeper/cdr/store"
	"linekeeper/cdr/trace"
	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/call"
	"linekeeper/ivr/dial"
	"linekeeper/queue/floor"
)

// sessionSweep is how often sessions that have run out are deleted.
const sessionSweep = 10 * time.Minute

// app is a running controller: the rooms of the house, put together.
type app struct {
	config Config
	defs   *definitions
	log    *slog.Logger
	stack  *boot.Stack

	telemetry *boot.Telemetry
	facts     *ledger.Ledger
	writer    *ledger.Writer
	snapshots *ledger.Snapshots
	floor     *floor.Floor
	calls     *call.Calls
	node      *asterisk.Node
	hub       *live.Hub
	records   *records
	notes     *notebook.Notebook
	phones    *phones
	site      *site
	door      *dial.Door
	queueLog  *queuelog.Follower // nil: none is written
	sounds    *recording.Store
}

// newApp starts a controller. What cannot be started is an error and leaves
// nothing running; what is merely away (PostgreSQL, Asterisk, the ticket
// system, the collector) is waited for in the background.
//
// The order is that of need: a listener first, so that a port taken is known
// before a call is touched; the ledger before whoever writes to it; and Asterisk
// last, for with it the calls come.
func newApp(ctx context.Context, c Config, defs *definitions, log *slog.Logger) (_ *app, err error) {
	a := &app{config: c, defs: defs, log: log, stack: boot.NewStack(log)}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.stop(context.WithoutCancel(ctx)))
		}
	}()
	listener, err := boot.Listen(ctx, boot.HTTPConfig{Listen: c.HTTP.Listen})
	if err != nil {
		return nil, err
	}
	closeListener := sync.OnceFunc(func() { _ = listener.Close() })
	a.stack.Push("listener", func(context.Context) error { closeListener(); return nil })

	steps := []struct {
		name  string
		start func(context.Context) error
	}{
		{"telemetry", a.startTelemetry},
		{"ledger", a.startLedger},
		{"call traces", a.startTraces},
		{"queue_log", a.startQueueLog},
		{"definitions", a.startSite},
		{"records", a.startRecords},
		{"calls", a.startCalls},
		{"recordings", a.startRecordings},
		{"notes", a.startNotes},
		{"desk", func(ctx context.Context) error { return a.startDesk(ctx, listener) }},
		{"asterisk", a.startAsterisk},
	}
	for _, s := range steps {
		if err := s.start(ctx); err != nil {
			return nil, fmt.Errorf("start %s: %w", s.name, err)
		}
	}
	return a, nil
}

func (a *app) stop(ctx context.Context) error { return a.stack.Close(ctx) }

func (a *app) startTelemetry(ctx context.Context) error {
	t, err := boot.NewTelemetry(ctx, "linekeeper", version(), a.config.Telemetry, trace.IDs(), a.log)
	if err != nil {
		return err
	}
	t.Install()
	a.telemetry, a.log = t, t.Log(a.log)
	a.stack.Push("telemetry", t.Stop)
	return nil
}

// startLedger opens NATS, the ledger and the saved states.
func (a *app) startLedger(ctx context.Context) error {
	nats, err := boot.NewNATS(a.config.NATS, a.config.Data, a.log)
	if err != nil {
		return err
	}
	a.stack.Push("NATS", nats.Stop)
	cfg := ledger.Config{Log: a.log}
	if a.facts, err = ledger.Open(ctx, nats.Conn, cfg); err != nil {
		return err
	}
	if a.snapshots, err = ledger.OpenSnapshots(ctx, nats.Conn, cfg); err != nil {
		return err
	}
	a.writer = ledger.NewWriter(a.facts)
	a.writer.Start()
	a.stack.Push("ledger writer", a.writer.Stop)
	return nil
}

// startTraces makes spans and metrics of the facts, beside the calls.
func (a *app) startTraces(context.Context) error {
	follower, err := trace.NewFollower(a.facts, a.snapshots.Bucket(ledger.Positions), trace.Config{
		TracerProvider: a.telemetry.Tracer, MeterProvider: a.telemetry.Meter, Log: a.log,
	})
	if err != nil {
		return err
	}
	follower.Start(context.Background())
	a.stack.Push("call traces", func(context.Context) error { return follower.Stop() })
	return nil
}

// startSite puts the definitions in force that the controller starts with.
func (a *app) startSite(context.Context) error {
	a.site = newSite(a)
	return nil
}

// startCalls brings floor and calls back as the last controller saved them. The
// line to Asterisk is made, not yet opened.
func (a *app) startCalls(ctx context.Context) error {
	a.phones = newPhones(a)
	a.door = newDoor(a)
	if err := a.site.begin(ctx); err != nil {
		return err
	}
	node, err := asterisk.New(a.config.asterisk(), lateSink{a}, a.log, asterisk.OnConnect(a.phones.push))
	if err != nil {
		return boot.Refuse(err)
	}
	a.node = node
	a.floor = floor.New(a.defs.Floor, floor.Deps{
		Ledger: a.writer, Agents: saved{a.snapshots.Bucket(ledger.Agents)}, Places: saved{a.snapshots.Bucket(ledger.Places)},
		Recent: a.records.recentlyHandled, Log: a.log,
	})
	if err := a.floor.Restore(ctx); err != nil {
		return err
	}
	phones := newAnswerable(a.floor, a.site.Current)
	a.hub = live.New(live.Config{
		Definitions: a.defs.Floor, Location: a.defs.Location(), Facts: a.facts, Saves: boardSaves{a.snapshots.Bucket(ledger.Board)},
		Popped: func(_ context.Context, agent string, offer cdr.OfferID) { a.calls.Popped(agent, offer) },
		Phones: phones, Log: a.log,
	})
	a.calls = call.NewCalls(call.Deps{
		Switch: a.node, Floor: phones, Ledger: a.writer,
		Snapshots: a.savedCalls(), Directory: a.records.directory, Consoles: a.hub,
		Sticky: newSticky(a.records, a.site.Current),
		Rules:  a.rulesOf(a.defs, a.site.kept.loadFlows(a.log)), Nodes: []string{a.config.Asterisk.Node}, NewID: newCallID, Most: a.config.Calls.Most, Log: a.log,
	})
	a.stack.Push("asterisk", a.node.Stop) // after the calls: they may have given it something to do
	a.runFloor()
	a.stack.Push("calls", a.calls.Stop)
	return a.calls.Restore(ctx)
}

// startNotes opens what agents write on calls; the desk stops before it.
func (a *app) startNotes(ctx context.Context) error {
	a.notes = notebook.New(a.snapshots.Bucket(ledger.Notes), a.facts, notebook.Config{Log: a.log})
	if err := a.notes.Start(ctx); err != nil {
		return err
	}
	a.stack.Push("notes", a.notes.Stop)
	return nil
}

// savedCalls are the live calls as their actors save them.
func (a *app) savedCalls() saved { return saved{a.snapshots.Bucket(ledger.Calls)} }

// runFloor runs the floor's goroutine until the stack stops it.
func (a *app) runFloor() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); a.floor.Run(ctx, a.calls) }()
	a.stack.Push("floor", func(stopCtx context.Context) error {
		cancel()
		select {
		case <-done:
			return nil
		case <-stopCtx.Done():
			return fmt.Errorf("the floor has not saved its agents: %w", stopCtx.Err())
		}
	})
}

// startAsterisk opens the line to Asterisk; the calls it has come with it.
func (a *app) startAsterisk(ctx context.Context) error {
	a.stack.Push("phones", a.phones.stop)
	a.stack.Push("offers", func(context.Context) error { a.floor.Hold(); return nil })
	return a.node.Start(context.WithoutCancel(ctx))
}

// startDesk serves consoles and programs. The hub stops before the server: it
// says goodbye on sockets the server no longer knows.
func (a *app) startDesk(ctx context.Context, l net.Listener) error {
	sessions := store.NewSessions(a.records.pool)
	a.startSweep(sessions)
	handler, err := a.handler(sessions)
	if err != nil {
		return err
	}
	if err := a.hub.Start(ctx); err != nil {
		return err
	}
	server := boot.Serve(l, handler, a.log)
	a.stack.Push("HTTP", server.Stop)
	a.stack.Push("live", a.hub.Stop)
	return nil
}

// lateSink are the calls, which are made after the node that tells them. The
// node tells nothing before it is started.
type lateSink struct{ a *app }

func (s lateSink) SwitchEvent(ev call.SwitchEvent) { s.a.calls.SwitchEvent(ev) }

// newCallID is a UUIDv7, so that call IDs sort by arrival (RFC 9562 §5.7).
func newCallID() cdr.CallID { return cdr.CallID(uuid.Must(uuid.NewV7()).String()) }

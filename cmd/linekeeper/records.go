package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/agentdesk/knowledge"
	"linekeeper/cdr/store"
	"linekeeper/cdr/ticket"
	"linekeeper/cdr/ticket/rt"
	"linekeeper/cdr/trace"
	"linekeeper/cmd/internal/boot"
	"linekeeper/queue"
	"linekeeper/queue/wait"
)

// migrateRetry is the pause between two tries to reach PostgreSQL.
const migrateRetry = time.Second

// handledWithin bounds the question what recent calls took.
const handledWithin = 10 * time.Second

// records is all that stands on PostgreSQL: accounts, directory, records and
// the delivery to tickets. It comes up when the database does; calls never wait
// for it.
type records struct {
	pool      *pgxpool.Pool
	accounts  *store.Accounts
	directory *store.Directory
	// definitions are the versions applied, started the one this controller began
	// with.
	definitions *store.Definitions
	started     *definitions
	history     *store.History
	articles    *knowledge.Postgres
	projector   *store.Projector
	delivery    *ticket.Delivery
	tickets     ticket.Connector // nil: no ticket system
	queues      []string
	log         *slog.Logger

	up   atomic.Bool
	done chan struct{} // closed when start has ended
}

func (a *app) startRecords(ctx context.Context) error {
	pool, err := boot.Pool(ctx, a.config.Postgres, a.telemetry.Tracer, a.telemetry.Meter)
	if err != nil {
		return boot.Refuse(err)
	}
	a.stack.Push("PostgreSQL", boot.ClosePool(pool))
	r := &records{
		pool: pool, accounts: store.NewAccounts(pool), directory: store.NewDirectory(pool),
		definitions: store.NewDefinitions(pool), started: a.defs,
		history: store.NewHistory(pool), articles: knowledge.NewPostgres(pool), queues: ids(a.defs.Floor.Queues), log: a.log, done: make(chan struct{}),
	}
	var connectors []ticket.Connector
	if t := a.config.Tickets; t.System == "rt" {
		r.tickets, err = rt.New(rt.Config{URL: t.URL, Token: string(t.Token), Queue: t.Queue, Log: a.log})
		if err != nil {
			return boot.Refuse(err)
		}
		connectors = append(connectors, r.tickets)
	}
	r.delivery, err = ticket.NewDelivery(pool, r.history, a.facts, ticket.Config{Names: namesOf(a.site.Current), Trace: trace.ContextOf, Log: a.log}, connectors...)
	if err != nil {
		return err
	}
	r.projector = store.NewProjector(pool, a.facts, r.delivery, store.ProjectorConfig{Log: a.log})
	a.records = r
	startCtx, cancel := context.WithCancel(context.Background())
	go r.start(startCtx)
	a.stack.Push("records", func(ctx context.Context) error { cancel(); return r.stop(ctx) })
	return nil
}

// start brings schema and directory up to date, however long the database is
// away, and then begins to write records and tickets.
func (r *records) start(ctx context.Context) {
	defer close(r.done)
	for {
		err := r.prepare(ctx)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return
		}
		r.log.Warn("PostgreSQL is not ready; calls go on, records wait", "err", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(migrateRetry):
		}
	}
	r.projector.Start(ctx)
	r.delivery.Start(ctx)
	r.up.Store(true)
}

func (r *records) prepare(ctx context.Context) error {
	if err := store.Migrate(ctx, r.pool); err != nil {
		return err
	}
	if err := r.keepStarted(ctx); err != nil {
		return err
	}
	if err := r.articles.Put(ctx, articles(r.started)); err != nil {
		return err
	}
	return r.directory.UpsertContacts(ctx, entries(r.started))
}

// keepStarted brings in the definitions this controller began with: those of the
// configured folder, which nobody applied, or a version that was applied while the
// database was lost.
func (r *records) keepStarted(ctx context.Context) error {
	d := r.started
	var newest int64
	var err error
	if d.applied.Version == 0 {
		if err := r.definitions.PutConfigured(ctx, d.revision, d.files, time.Now()); err != nil {
			return err
		}
		newest, err = r.definitions.Newest(ctx)
	} else {
		newest, err = r.definitions.Put(ctx, store.DefinitionsVersion{
			Version: d.applied.Version, At: d.applied.At, Account: d.applied.By, Revision: d.revision, Files: d.files,
		})
	}
	if err == nil && newest > d.applied.Version {
		r.log.Warn("PostgreSQL has newer definitions than this controller's data folder; these count until the next apply",
			"in_force", d.applied.Version, "newest", newest)
	}
	return err
}

// redefine makes directory and articles what the definitions say now.
func (r *records) redefine(ctx context.Context, before, now *definitions) error {
	left := make(map[string]bool, len(now.Contacts))
	for _, c := range now.Contacts {
		left[c.ID] = true
	}
	var gone []string
	for _, c := range before.Contacts {
		if !left[c.ID] {
			gone = append(gone, c.ID)
		}
	}
	return errors.Join(r.directory.ForgetContacts(ctx, gone), r.directory.UpsertContacts(ctx, entries(now)), r.articles.Put(ctx, articles(now)))
}

func entries(d *definitions) []store.Entry {
	all := make([]store.Entry, len(d.Contacts))
	for i, c := range d.Contacts {
		all[i] = store.Entry{Contact: c.Contact, Numbers: c.Numbers}
	}
	return all
}

func (r *records) stop(ctx context.Context) error {
	<-r.done
	if !r.up.Load() {
		return nil
	}
	r.projector.Stop()
	return r.delivery.Stop(ctx)
}

// recentlyHandled reads what the newest calls of each queue took, answered before
// now. It waits for PostgreSQL, as long as ctx allows.
func (r *records) recentlyHandled(ctx context.Context) ([]queue.Handled, error) {
	begun := time.Now() // later calls are the floor's own to know
	select {
	case <-r.done:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if !r.up.Load() {
		return nil, context.Canceled // stopped before the database came
	}
	ctx, cancel := context.WithTimeout(ctx, handledWithin)
	defer cancel()
	calls, err := r.history.RecentlyHandled(ctx, r.queues, begun, wait.Window)
	if err != nil {
		return nil, err
	}
	handled := make([]queue.Handled, len(calls))
	for i, c := range calls {
		handled[i] = queue.Handled{Queue: c.Queue, Took: c.Took}
	}
	return handled, nil
}

// state is for /readyz.
func (r *records) state() string {
	if r.up.Load() {
		return "up"
	}
	return "waiting for PostgreSQL"
}

package main

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr/store"
	"linekeeper/cdr/ticket"
	"linekeeper/cdr/ticket/rt"
	"linekeeper/cdr/trace"
	"linekeeper/cmd/internal/boot"
)

// migrateRetry is the pause between two tries to reach PostgreSQL.
const migrateRetry = time.Second

// records is all that stands on PostgreSQL: accounts, directory, records and
// the delivery to tickets. It comes up when the database does; calls never wait
// for it.
type records struct {
	pool      *pgxpool.Pool
	accounts  *store.Accounts
	directory *store.Directory
	history   *store.History
	projector *store.Projector
	delivery  *ticket.Delivery
	tickets   ticket.Connector // nil: no ticket system
	contacts  []store.Entry
	log       *slog.Logger

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
		history: store.NewHistory(pool), log: a.log, done: make(chan struct{}),
	}
	for _, c := range a.defs.Contacts {
		r.contacts = append(r.contacts, store.Entry{Contact: c.Contact, Numbers: c.Numbers})
	}
	var connectors []ticket.Connector
	if t := a.config.Tickets; t.System == "rt" {
		r.tickets, err = rt.New(rt.Config{URL: t.URL, Token: string(t.Token), Queue: t.Queue, Log: a.log})
		if err != nil {
			return boot.Refuse(err)
		}
		connectors = append(connectors, r.tickets)
	}
	r.delivery, err = ticket.NewDelivery(pool, r.history, a.facts, ticket.Config{Trace: trace.ContextOf, Log: a.log}, connectors...)
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
	return r.directory.UpsertContacts(ctx, r.contacts)
}

func (r *records) stop(ctx context.Context) error {
	<-r.done
	if !r.up.Load() {
		return nil
	}
	r.projector.Stop()
	return r.delivery.Stop(ctx)
}

// state is for /readyz.
func (r *records) state() string {
	if r.up.Load() {
		return "up"
	}
	return "waiting for PostgreSQL"
}

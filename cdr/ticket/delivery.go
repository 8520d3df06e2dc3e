package ticket

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"go.opentelemetry.io/otel"

	"linekeeper/cdr"
)

const scope = "linekeeper/cdr/ticket"

var (
	tracer = otel.Tracer(scope)
	meter  = otel.Meter(scope)
)

// Records reads the record of a call. cdr/store's History implements it.
type Records interface {
	Call(ctx context.Context, call cdr.CallID) (cdr.Record, error)
}

// Ledger takes facts, each ID once. cdr/ledger implements it.
type Ledger interface {
	Append(ctx context.Context, facts ...cdr.Fact) error
}

// Config tunes a delivery; zero values are good.
type Config struct {
	// Language of the notes, "fr" or "en". Empty: each call's own, else French.
	Language string
	// Location is where the notes' clock hangs. Default Europe/Paris.
	Location *time.Location
	// Names gives things their names in notes. Nil: they are called by their IDs.
	Names Names
	// Late is how long a note that came after the record waits for more of it,
	// before it goes to the ticket. Default 1 min.
	Late time.Duration
	// Workers is how many jobs run at once. Default 4.
	Workers int
	// Trace gives the context of a call's trace to a delivery's span;
	// cdr/trace.ContextOf. Nil: a trace of its own.
	Trace func(ctx context.Context, call cdr.CallID) context.Context
	Log   *slog.Logger // slog.Default() if nil
}

const (
	queueName      = "tickets"
	defaultWorkers = 4
	defaultLate    = time.Minute
	// jobTime bounds one try. A connector's own timeouts are shorter.
	jobTime = time.Minute
	// createTime bounds the try an agent waits for.
	createTime = 4 * time.Second
	startRetry = time.Second
)

// Delivery delivers records to ticket systems. It implements the projector's
// store.Tickets. All methods but Start and Stop are safe for concurrent use.
type Delivery struct {
	client     *river.Client[pgx.Tx]
	connectors map[string]Connector
	records    Records
	ledger     Ledger
	cfg        Config
	log        *slog.Logger

	// A start that waits for the database, and what ends it.
	stop    context.CancelFunc
	started sync.WaitGroup

	creating locks
}

// NewDelivery returns a delivery to the given ticket systems. It does not touch
// the database yet.
func NewDelivery(pool *pgxpool.Pool, records Records, ledger Ledger, cfg Config, connectors ...Connector) (*Delivery, error) {
	cfg, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	d := &Delivery{
		connectors: make(map[string]Connector), records: records, ledger: ledger,
		cfg: cfg, log: cfg.Log, stop: func() {},
	}
	for _, c := range connectors {
		d.connectors[c.Name()] = c
	}
	workers := river.NewWorkers()
	work(workers, d, d.note)
	work(workers, d, d.late)
	work(workers, d, d.createAndLink)
	work(workers, d, d.move)
	work(workers, d, d.reply)
	d.client, err = river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues:     map[string]river.QueueConfig{queueName: {MaxWorkers: cfg.Workers}},
		Workers:    workers,
		JobTimeout: jobTime,
		Logger:     cfg.Log,
	})
	if err != nil {
		return nil, fmt.Errorf("make the ticket delivery: %w", err)
	}
	return d, nil
}

func (c Config) withDefaults() (Config, error) {
	if c.Location == nil {
		var err error
		if c.Location, err = time.LoadLocation("Europe/Paris"); err != nil {
			return c, fmt.Errorf("make the ticket delivery: %w", err)
		}
	}
	if c.Late == 0 {
		c.Late = defaultLate
	}
	if c.Workers == 0 {
		c.Workers = defaultWorkers
	}
	if c.Trace == nil {
		c.Trace = func(ctx context.Context, _ cdr.CallID) context.Context { return ctx }
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c, nil
}

// Start begins to deliver in the background. A database that is away is waited
// for.
func (d *Delivery) Start(ctx context.Context) {
	ctx, d.stop = context.WithCancel(ctx)
	d.started.Go(func() {
		for {
			err := d.client.Start(ctx)
			if err == nil || ctx.Err() != nil {
				return
			}
			d.log.Warn("ticket delivery waits for the database", "err", err)
			select {
			case <-time.After(startRetry):
			case <-ctx.Done():
				return
			}
		}
	})
}

// Stop lets the jobs under way end until ctx ends, then cuts them off; they are
// tried again after the next start.
func (d *Delivery) Stop(ctx context.Context) error {
	err := d.client.Stop(ctx)
	if err != nil {
		cut, cancel := context.WithTimeout(context.WithoutCancel(ctx), startRetry)
		defer cancel()
		err = errors.Join(err, d.client.StopAndCancel(cut))
	}
	d.stop()
	d.started.Wait()
	if err != nil {
		return fmt.Errorf("stop the ticket delivery: %w", err)
	}
	return nil
}

// NoteRecord implements store.Tickets: it enqueues the note of a complete
// record on one ticket. A ticket of a system without a connector is left alone.
func (d *Delivery) NoteRecord(ctx context.Context, tx pgx.Tx, call cdr.CallID, t cdr.Ticket) error {
	if _, ok := d.connectors[t.System]; !ok {
		d.log.Warn("no connector for a call's ticket", "call", call, "system", t.System, "ticket", t.Ticket)
		return nil
	}
	if _, err := d.client.InsertTx(ctx, tx, noteArgs{Call: call, System: t.System, Ticket: t.Ticket}, nil); err != nil {
		return fmt.Errorf("enqueue the note of call %s: %w", call, err)
	}
	return nil
}

// connector returns the connector of a system.
func (d *Delivery) connector(system string) (Connector, error) {
	c, ok := d.connectors[system]
	if !ok { // configured before, and perhaps again
		return nil, &Error{
			Verdict: Retryable, After: lastRetry, Act: "find the connector",
			Err: fmt.Errorf("no ticket system %q is configured", system),
		}
	}
	return c, nil
}

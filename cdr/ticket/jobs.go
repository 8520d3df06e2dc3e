package ticket

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"linekeeper/cdr"
)

const (
	// maxAttempts, at most one each lastRetry, is half a year of outage.
	maxAttempts = 25_000
	firstRetry  = time.Second
	lastRetry   = 10 * time.Minute
)

// deliveries counts tries by kind of job and verdict; "done" is a success.
var deliveries, _ = meter.Int64Counter("linekeeper.ticket.deliveries",
	metric.WithDescription("Tries to write to a ticket system"))

// noteArgs is the job of writing a call's record on one ticket. Its fields are
// its identity: one job for each call and ticket.
type noteArgs struct {
	Call   cdr.CallID `json:"call"`
	System string     `json:"system"`
	Ticket string     `json:"ticket"`
}

// Kind implements river.JobArgs. The name stands in the database.
func (noteArgs) Kind() string { return "ticket_note" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (noteArgs) InsertOpts() river.InsertOpts { return insertOpts() }

func (a noteArgs) about() cdr.CallID { return a.Call }

// createArgs is the job of making the ticket of a call: one for each call.
type createArgs struct {
	Call   cdr.CallID `json:"call" river:"unique"`
	System string     `json:"system" river:"unique"`
	New    New        `json:"new"`
}

// Kind implements river.JobArgs. The name stands in the database.
func (createArgs) Kind() string { return "ticket_create" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (createArgs) InsertOpts() river.InsertOpts { return insertOpts() }

func (a createArgs) about() cdr.CallID { return a.Call }

func insertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueName, MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// nextRetry doubles the wait with each attempt, with a tenth of jitter so that
// an outage does not end in a stampede.
func nextRetry(attempt int) time.Time {
	wait := lastRetry
	if attempt < 10 { // 2^10 s is beyond lastRetry
		wait = firstRetry << max(attempt-1, 0)
	}
	return time.Now().Add(wait + rand.N(wait/10+1))
}

// try runs one attempt of a job in a span of the call's trace and turns its
// failure into River's terms.
func (d *Delivery) try(ctx context.Context, kind string, call cdr.CallID, do func(context.Context) error) error {
	ctx, span := tracer.Start(d.cfg.Trace(ctx, call), kind,
		trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attribute.String("linekeeper.call", string(call))))
	defer span.End()
	err := do(ctx)
	outcome := string(VerdictOf(err))
	if err == nil {
		outcome = "done"
	}
	deliveries.Add(ctx, 1, metric.WithAttributes(attribute.String("job", kind), attribute.String("outcome", outcome)))
	if err == nil {
		return nil
	}
	span.SetStatus(codes.Error, err.Error())
	d.log.Warn("a ticket job failed", "call", call, "job", kind, "verdict", outcome, "err", err)
	var e *Error
	switch {
	case !errors.As(err, &e):
		return err
	case e.Verdict == Permanent:
		d.log.Error("a ticket job is given up", "call", call, "job", kind, "err", err)
		return river.JobCancel(err)
	case e.After > 0:
		return river.JobSnooze(e.After)
	}
	return err
}

// note writes the record of a call on a ticket and tells the ledger.
func (d *Delivery) note(ctx context.Context, args noteArgs) error {
	system, err := d.connector(args.System)
	if err != nil {
		return err
	}
	record, err := d.records.Call(ctx, args.Call)
	if err != nil {
		return err
	}
	return d.addNote(ctx, system, args.Ticket, noteKey(args.Call), &record, d.noteOf(&record))
}

// addNote writes a note of a record on a ticket and tells the ledger.
func (d *Delivery) addNote(ctx context.Context, system Connector, ticket, key string, r *cdr.Record, n Note) error {
	if err := system.AddNote(ctx, key, ticket, n); err != nil {
		return fmt.Errorf("note call %s on ticket %s: %w", r.Call, ticket, err)
	}
	return d.ledger.Append(ctx, cdr.Fact{
		ID: key + "/" + system.Name() + "/" + ticket, At: time.Now(), Call: r.Call,
		Story: cdr.TicketNoted{System: system.Name(), Ticket: ticket, Key: key, Seq: r.Seq},
	})
}

// languageOf is the language a call's notes are written in.
func (d *Delivery) languageOf(r *cdr.Record) string { return cmp.Or(d.cfg.Language, r.Language) }

func (d *Delivery) noteOf(r *cdr.Record) Note {
	n := Note{Text: NoteText(r, d.languageOf(r), d.cfg.Location, d.cfg.Names)}
	for _, t := range r.Talks {
		n.Took += t.Talked
	}
	for _, w := range r.WrapUps {
		n.Took += w.Took
	}
	return n
}

// createAndLink makes the ticket of a call and tells the ledger.
func (d *Delivery) createAndLink(ctx context.Context, args createArgs) error {
	t, err := d.create(ctx, args.System, args.New)
	if err != nil {
		return err
	}
	return d.ledger.Append(ctx, cdr.Fact{
		ID: createKey(args.Call) + "/" + args.System, At: time.Now(), Call: args.Call,
		Story: cdr.TicketLinked{
			System: t.System, Ticket: t.ID, Subject: t.Subject, URL: t.URL, Agent: args.New.Agent, Created: true,
		},
	})
}

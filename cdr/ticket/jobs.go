package ticket

import (
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

func insertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queueName, MaxAttempts: maxAttempts, UniqueOpts: river.UniqueOpts{ByArgs: true}}
}

// noteWorker writes records on tickets.
type noteWorker struct {
	river.WorkerDefaults[noteArgs]
	d *Delivery
}

// Work implements river.Worker.
func (w *noteWorker) Work(ctx context.Context, job *river.Job[noteArgs]) error {
	return w.d.try(ctx, job.Kind, job.Args.Call, func(ctx context.Context) error { return w.d.note(ctx, job.Args) })
}

// NextRetry implements river.Worker.
func (w *noteWorker) NextRetry(job *river.Job[noteArgs]) time.Time { return nextRetry(job.Attempt) }

// createWorker makes tickets that could not be made while the agent waited.
type createWorker struct {
	river.WorkerDefaults[createArgs]
	d *Delivery
}

// Work implements river.Worker.
func (w *createWorker) Work(ctx context.Context, job *river.Job[createArgs]) error {
	return w.d.try(ctx, job.Kind, job.Args.Call, func(ctx context.Context) error { return w.d.createAndLink(ctx, job.Args) })
}

// NextRetry implements river.Worker.
func (w *createWorker) NextRetry(job *river.Job[createArgs]) time.Time { return nextRetry(job.Attempt) }

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
	key := noteKey(args.Call)
	if err := system.AddNote(ctx, key, args.Ticket, d.noteOf(&record)); err != nil {
		return fmt.Errorf("note call %s on ticket %s: %w", args.Call, args.Ticket, err)
	}
	return d.ledger.Append(ctx, cdr.Fact{
		ID: key + "/" + args.System + "/" + args.Ticket, At: time.Now(), Call: args.Call,
		Story: cdr.TicketNoted{System: args.System, Ticket: args.Ticket, Key: key, Seq: record.Seq},
	})
}

func (d *Delivery) noteOf(r *cdr.Record) Note {
	language := d.cfg.Language
	if language == "" {
		language = r.Language
	}
	n := Note{Text: NoteText(r, language, d.cfg.Location)}
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

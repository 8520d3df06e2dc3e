package ticket

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"linekeeper/cdr"
)

// job is what is put on the books for a ticket system. Its fields are its identity,
// unless it says otherwise.
type job interface {
	river.JobArgs
	// about is the call it is done for.
	about() cdr.CallID
}

// worker does one kind of job, in the trace of the job's call, as often as it takes.
type worker[T job] struct {
	river.WorkerDefaults[T]
	d  *Delivery
	do func(context.Context, T) error
}

// work has the delivery do a kind of job.
func work[T job](workers *river.Workers, d *Delivery, do func(context.Context, T) error) {
	river.AddWorker(workers, &worker[T]{d: d, do: do})
}

// Work implements river.Worker.
func (w *worker[T]) Work(ctx context.Context, job *river.Job[T]) error {
	return w.d.try(ctx, job.Kind, job.Args.about(), func(ctx context.Context) error { return w.do(ctx, job.Args) })
}

// NextRetry implements river.Worker.
func (w *worker[T]) NextRetry(job *river.Job[T]) time.Time { return nextRetry(job.Attempt) }

// now tries a job while an agent waits, at most some 4 seconds. If the ticket system
// cannot say in that time, the job goes on the books and the error wraps ErrLater.
// what names it in errors and in the log.
func now[T job](ctx context.Context, d *Delivery, what string, args T, do func(context.Context, T) error) error {
	quick, cancel := context.WithTimeout(ctx, createTime)
	defer cancel()
	err := do(quick, args)
	if err == nil || VerdictOf(err) == Permanent {
		return err
	}
	return d.later(ctx, what, args, err)
}

// later puts on the books what could not be done at once, for a reason. The error
// wraps ErrLater, unless the books are closed too.
func (d *Delivery) later(ctx context.Context, what string, args job, why error) error {
	d.log.Warn("a ticket job has to wait", "call", args.about(), "job", args.Kind(), "err", why)
	if _, err := d.client.Insert(context.WithoutCancel(ctx), args, nil); err != nil {
		return fmt.Errorf("put %s on the books: %w", what, errors.Join(err, why))
	}
	return fmt.Errorf("%w: %w", ErrLater, why)
}

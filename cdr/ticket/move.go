package ticket

import (
	"context"
	"errors"
	"fmt"

	"github.com/riverqueue/river"

	"linekeeper/cdr"
)

// Mover is a connector whose system has queues of its own, between which tickets
// go.
type Mover interface {
	// Move gives a ticket to a queue, and to nobody in it: whoever answers there takes
	// it. A ticket that is in the queue already is left alone, its owner too.
	// ErrNoTicket or ErrNoQueue, inside a Permanent error, say that there is none.
	Move(ctx context.Context, ticket, queue string) error
}

// ErrNoQueue says that the ticket system has no such queue.
var ErrNoQueue = errors.New("no such queue")

// errNoMover says that a ticket system knows no queues.
var errNoMover = errors.New("the ticket system has no queues")

// moveArgs is the job of giving a call's ticket to another queue. Its fields are its
// identity.
type moveArgs struct {
	Call   cdr.CallID `json:"call"`
	System string     `json:"system"`
	Ticket string     `json:"ticket"`
	Queue  string     `json:"queue"`
}

// Kind implements river.JobArgs. The name stands in the database.
func (moveArgs) Kind() string { return "ticket_move" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (moveArgs) InsertOpts() river.InsertOpts { return insertOpts() }

func (a moveArgs) about() cdr.CallID { return a.Call }

// Move gives a call's ticket to another queue of its system while the agent waits:
// at most some 4 seconds. If the system cannot say in that time, a job does it later
// and the error wraps ErrLater. An error without ErrLater means that it stays.
func (d *Delivery) Move(ctx context.Context, call cdr.CallID, system, ticket, queue string) error {
	return now(ctx, d, "the move of ticket "+ticket, moveArgs{Call: call, System: system, Ticket: ticket, Queue: queue}, d.move)
}

func (d *Delivery) move(ctx context.Context, args moveArgs) error {
	system, err := d.connector(args.System)
	if err != nil {
		return err
	}
	mover, can := system.(Mover)
	if !can {
		return &Error{Verdict: Permanent, Act: "move ticket " + args.Ticket, Err: errNoMover}
	}
	if err := mover.Move(ctx, args.Ticket, args.Queue); err != nil {
		return fmt.Errorf("move ticket %s of call %s to queue %s: %w", args.Ticket, args.Call, args.Queue, err)
	}
	return nil
}

package ticket

import (
	"context"
	"errors"
	"fmt"

	"github.com/riverqueue/river"

	"linekeeper/cdr"
)

// Replier is a connector whose system writes to who asked for a ticket.
type Replier interface {
	// Reply writes to a ticket's requesters, with a key unique within the ticket,
	// unless the ticket has a message of that key. ErrNoTicket inside a Permanent
	// error says that there is none.
	Reply(ctx context.Context, key, ticket, text string) error
}

// errNoReplier says that a ticket system writes to nobody.
var errNoReplier = errors.New("the ticket system writes to no requesters")

// replyArgs is the job of writing to a ticket's requesters. Its fields are its
// identity.
type replyArgs struct {
	Call   cdr.CallID `json:"call"`
	System string     `json:"system"`
	Ticket string     `json:"ticket"`
	About  string     `json:"about"` // what, within the call
	Text   string     `json:"text"`
}

// Kind implements river.JobArgs. The name stands in the database.
func (replyArgs) Kind() string { return "ticket_reply" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (replyArgs) InsertOpts() river.InsertOpts { return insertOpts() }

func (a replyArgs) about() cdr.CallID { return a.Call }

// Reply writes to the requesters of a call's ticket while the agent waits: at most
// some 4 seconds, and once for each about. If the system cannot say in that time, a
// job does it later and the error wraps ErrLater. An error without ErrLater means that
// nothing was written.
func (d *Delivery) Reply(ctx context.Context, call cdr.CallID, system, ticket, about, text string) error {
	args := replyArgs{Call: call, System: system, Ticket: ticket, About: about, Text: text}
	return now(ctx, d, "the reply on ticket "+ticket, args, d.reply)
}

func (d *Delivery) reply(ctx context.Context, args replyArgs) error {
	system, err := d.connector(args.System)
	if err != nil {
		return err
	}
	replier, can := system.(Replier)
	if !can {
		return &Error{Verdict: Permanent, Act: "reply on ticket " + args.Ticket, Err: errNoReplier}
	}
	unlock, err := d.creating.lock(ctx, args.Call) // no two with one key at once
	if err != nil {
		return err
	}
	defer unlock()
	if err := replier.Reply(ctx, replyKey(args.Call, args.About), args.Ticket, args.Text); err != nil {
		return fmt.Errorf("reply on ticket %s of call %s: %w", args.Ticket, args.Call, err)
	}
	return nil
}

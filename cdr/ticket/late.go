package ticket

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"linekeeper/cdr"
)

// lateArgs is the job of writing what agents noted after the record stood on the
// ticket, up to a fact. Its fields are its identity.
type lateArgs struct {
	Call   cdr.CallID `json:"call"`
	System string     `json:"system"`
	Ticket string     `json:"ticket"`
	Seq    uint64     `json:"seq"`
}

// Kind implements river.JobArgs. The name stands in the database.
func (lateArgs) Kind() string { return "ticket_late_note" }

// InsertOpts implements river.JobArgsWithInsertOpts.
func (lateArgs) InsertOpts() river.InsertOpts { return insertOpts() }

func (a lateArgs) about() cdr.CallID { return a.Call }

// NoteLate implements store.Tickets: it enqueues a note on what agents wrote or
// ticked after the record stood on the ticket.
func (d *Delivery) NoteLate(ctx context.Context, tx pgx.Tx, call cdr.CallID, t cdr.Ticket, seq uint64) error {
	if _, ok := d.connectors[t.System]; !ok {
		return nil // NoteRecord has said so
	}
	args := lateArgs{Call: call, System: t.System, Ticket: t.Ticket, Seq: seq}
	opts := insertOpts()
	opts.ScheduledAt = time.Now().Add(d.cfg.Late)
	if _, err := d.client.InsertTx(ctx, tx, args, &opts); err != nil {
		return fmt.Errorf("enqueue the late note of call %s: %w", call, err)
	}
	return nil
}

// late writes one late note and tells the ledger. If more has come meanwhile,
// the job of that writes it all.
func (d *Delivery) late(ctx context.Context, args lateArgs) error {
	system, err := d.connector(args.System)
	if err != nil {
		return err
	}
	record, err := d.records.Call(ctx, args.Call)
	if err != nil {
		return err
	}
	var since uint64
	for _, t := range record.Tickets {
		if t.System == args.System && t.Ticket == args.Ticket {
			since = t.NotedSeq
			if record.Unnoted(&t) != args.Seq {
				return nil
			}
		}
	}
	text := LateNoteText(&record, since, d.languageOf(&record), d.cfg.Location, d.cfg.Names)
	return d.addNote(ctx, system, args.Ticket, lateKey(args.Call, args.Seq), &record, Note{Text: text})
}

// LateNoteText tells what agents noted on a call since the fact of a sequence, as
// NoteText does.
func LateNoteText(r *cdr.Record, since uint64, language string, loc *time.Location, names Names) string {
	n := newNoteWriter(language, loc, names)
	for i := range r.Notes {
		if note := &r.Notes[i]; note.Seq > since {
			n.line(n.words.lateNote, n.name(ThingAgent, note.Agent), n.time(note.At))
			n.text(note.Text)
			n.checks(note)
		}
	}
	n.line(n.words.call, string(r.Call))
	return n.b.String()
}

// typed tells an agent's note that no wrap-up of theirs tells, and what they
// ticked.
func (n *noteWriter) typed(r *cdr.Record, note *cdr.AgentNote) {
	told := strings.TrimSpace(note.Text) == ""
	for _, u := range r.WrapUps {
		told = told || u.Agent == note.Agent && u.Note == note.Text
	}
	if !told {
		n.line(n.words.note, n.name(ThingAgent, note.Agent), n.time(note.At))
		n.text(note.Text)
	}
	n.checks(note)
}

// checks writes the boxes of an agent's script, one a line.
func (n *noteWriter) checks(note *cdr.AgentNote) {
	if len(note.Checks) == 0 {
		return
	}
	n.line(n.words.checks, n.name(ThingAgent, note.Agent))
	for _, c := range note.Checks {
		box := "[ ] "
		if c.Done {
			box = "[x] "
		}
		said := cmp.Or(n.words.said(c.FR, c.EN), c.Step)
		n.b.WriteString("  " + box + clean(said, maxField) + "\n")
	}
}

// text writes what an agent wrote, each line on its own.
func (n *noteWriter) text(note string) {
	for line := range strings.Lines(note) {
		if line = clean(line, maxLine); line != "" {
			n.b.WriteString("  " + line + "\n")
		}
	}
}

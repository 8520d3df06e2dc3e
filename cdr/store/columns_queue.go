package store

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

// touched says which rows besides its own a call's new facts have changed.
type touched struct {
	id                      uuid.UUID
	visits, talks, callback bool
}

// by notes what a fact changes.
func (t *touched) by(f cdr.Fact) {
	switch f.Story.(type) {
	case cdr.QueueLeft:
		t.visits, t.callback = true, true
	case cdr.Overflowed:
		t.visits = true
	case cdr.TalkEnded, cdr.WrappedUp:
		t.talks = true
	case cdr.CallbackAsked, cdr.CallbackDialled, cdr.CallbackReached, cdr.CallbackMissed, cdr.Ended:
		t.callback = true
	}
}

// parts are the rows beside the records' own, to be written at once.
type parts struct {
	visits    []db.PutVisitParams
	talks     []db.PutTalkParams
	callbacks []db.PutCallbackParams
}

// add adds the touched ones of a record.
func (p *parts) add(t *touched, r *cdr.Record) {
	if t.visits {
		p.visits = append(p.visits, visitRows(t.id, r)...)
	}
	if t.talks {
		p.talks = append(p.talks, talkRows(t.id, r)...)
	}
	if t.callback && r.Callback != nil {
		p.callbacks = append(p.callbacks, callbackRow(t.id, r.Callback))
	}
}

func (p *parts) put(ctx context.Context, q *db.Queries) error {
	if err := putAll(ctx, q.PutVisit, p.visits); err != nil {
		return fmt.Errorf("write stays in queues: %w", err)
	}
	if err := putAll(ctx, q.PutTalk, p.talks); err != nil {
		return fmt.Errorf("write talks: %w", err)
	}
	if err := putAll(ctx, q.PutCallback, p.callbacks); err != nil {
		return fmt.Errorf("write callbacks: %w", err)
	}
	return nil
}

// visitRows are the call's stays in queues that are over.
func visitRows(id uuid.UUID, r *cdr.Record) []db.PutVisitParams {
	var rows []db.PutVisitParams
	for n, v := range r.Visits {
		if v.LeftAt.IsZero() {
			continue
		}
		row := db.PutVisitParams{
			CallID: id, N: int32(n), Queue: key(v.Queue), Cause: text(v.Cause),
			EnteredAt: v.EnteredAt, LeftAt: v.LeftAt, WaitedMs: millis(v.Waited),
			EstimatedAt: stamp(v.EstimatedAt), Place: count(v.Place), Announced: count(v.Announced),
			Short: v.Short, Callback: v.Callback,
		}
		if v.High > 0 && !v.EstimatedAt.IsZero() {
			low, high := millis(v.Low), millis(v.High)
			row.LowMs, row.HighMs = number(min(low, high)), number(high)
		}
		if o := overflowOf(r, n); o != nil {
			row.OverflowTo, row.OverflowTarget = text(o.To), text(o.Target)
		}
		rows = append(rows, row)
	}
	return rows
}

// overflowOf is where the n-th stay's queue sent the call: of its stays in one
// queue that ended alike, the first has the first overflow.
func overflowOf(r *cdr.Record, n int) *cdr.Overflow {
	visit := r.Visits[n]
	before := 0
	for _, v := range r.Visits[:n] {
		if v.Queue == visit.Queue && v.Cause == visit.Cause {
			before++
		}
	}
	for i, o := range r.Overflows {
		if o.Queue != visit.Queue || o.Cause != visit.Cause {
			continue
		}
		if before == 0 {
			return &r.Overflows[i]
		}
		before--
	}
	return nil
}

// talkRows are the agents' parts in the call that are over.
func talkRows(id uuid.UUID, r *cdr.Record) []db.PutTalkParams {
	var rows []db.PutTalkParams
	closings := r.Closings()
	for n, t := range r.Talks {
		if t.EndedAt.IsZero() {
			continue
		}
		row := db.PutTalkParams{
			CallID: id, N: int32(n), Agent: key(t.Agent), Queue: key(t.Queue),
			ConnectedAt: t.ConnectedAt, EndedAt: t.EndedAt, TalkedMs: millis(t.Talked),
		}
		if w := closings[n]; w != nil {
			row.WrapUpMs = number(millis(w.Took))
		}
		rows = append(rows, row)
	}
	return rows
}

func callbackRow(id uuid.UUID, c *cdr.Callback) db.PutCallbackParams {
	return db.PutCallbackParams{
		CallID: id, AskedAt: c.AskedAt, NotBefore: stamp(c.NotBefore), NotAfter: stamp(c.NotAfter),
		ReachedAt: stamp(c.ReachedAt), OverAt: stamp(c.OverAt), Tries: count(c.Tries),
		Queue: text(c.Queue), Number: text(c.Number), Mode: text(c.Mode), AskedBy: text(c.By), Outcome: text(c.Outcome),
	}
}

func number(n int64) pgtype.Int8 { return pgtype.Int8{Int64: n, Valid: true} }

// count is a number that cannot be negative.
func count(n int) int32 { return int32(min(max(n, 0), math.MaxInt32)) }

// span is a duration as the database keeps it.
func span(ms int64) time.Duration { return time.Duration(ms) * time.Millisecond }

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

var meter = otel.Meter("linekeeper/cdr/store")

// skippedFacts counts facts that could not become part of any record.
var skippedFacts, _ = meter.Int64Counter("linekeeper.records.skipped_facts",
	metric.WithDescription("Facts that could not be written into a record"))

// errMoved says that another projector has moved the position.
var errMoved = errors.New("another projector is at work")

// apply writes a batch. If PostgreSQL refuses its content, the facts go one by
// one and the guilty ones are left out, for one bad fact must not stop the rest.
func (p *Projector) apply(ctx context.Context, facts []cdr.Fact) error {
	err := p.transact(ctx, facts, facts[len(facts)-1].Seq)
	if !refused(err) {
		return err
	}
	for _, f := range facts {
		err := p.transact(ctx, []cdr.Fact{f}, f.Seq)
		if refused(err) {
			p.skip(ctx, f, err)
			err = p.transact(ctx, nil, f.Seq)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// refused tells an error of the data (SQLSTATE classes 22 and 23) or of its
// encoding from one of the database's state.
func refused(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return strings.HasPrefix(pg.Code, "22") || strings.HasPrefix(pg.Code, "23")
	}
	var encoding *json.MarshalerError
	var value *json.UnsupportedValueError
	return errors.As(err, &encoding) || errors.As(err, &value)
}

func (p *Projector) skip(ctx context.Context, f cdr.Fact, err error) {
	skippedFacts.Add(ctx, 1)
	p.log.Error("a fact cannot be written into a record", "call", f.Call, "fact", f.ID, "seq", f.Seq, "kind", f.Kind(), "err", err)
}

// transact applies facts and moves the position to seq, or does nothing.
func (p *Projector) transact(ctx context.Context, facts []cdr.Fact, seq uint64) error {
	to := db.LockPositionRow{Seq: int64(seq), Ledger: p.facts.ID()}
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		q := db.New(tx)
		if at, err := q.LockPosition(ctx, Reader); err != nil {
			return fmt.Errorf("lock the position: %w", err)
		} else if at != p.at {
			return fmt.Errorf("the position is %d, not %d: %w", at.Seq, p.at.Seq, errMoved)
		}
		if err := p.write(ctx, tx, q, facts); err != nil {
			return err
		}
		return q.MovePosition(ctx, db.MovePositionParams{Seq: to.Seq, Ledger: to.Ledger, Reader: Reader})
	})
	if err != nil {
		clear(p.records) // they hold what was undone
		return fmt.Errorf("write records up to fact %d: %w", seq, err)
	}
	p.at = to
	p.forget()
	p.reached(seq)
	return nil
}

// write folds the facts into their records and writes those that changed.
func (p *Projector) write(ctx context.Context, tx pgx.Tx, q *db.Queries, facts []cdr.Fact) error {
	if err := p.load(ctx, q, facts); err != nil {
		return err
	}
	changed := make(map[cdr.CallID]uuid.UUID)
	var order []cdr.CallID
	for _, f := range facts {
		if f.Call == "" {
			continue // an agent's alone
		}
		id, err := uuid.Parse(string(f.Call))
		if err != nil {
			p.skip(ctx, f, err)
			continue
		}
		if !p.record(f.Call).Apply(f) {
			continue
		}
		if _, ok := changed[f.Call]; !ok {
			changed[f.Call] = id
			order = append(order, f.Call)
		}
	}
	return p.put(ctx, tx, q, order, changed)
}

func (p *Projector) put(ctx context.Context, tx pgx.Tx, q *db.Queries, order []cdr.CallID, ids map[cdr.CallID]uuid.UUID) error {
	rows := make([]db.PutCallParams, 0, len(order))
	var links []db.PutTicketLinkParams
	for _, call := range order {
		r := p.records[call]
		row, err := callRow(ids[call], r)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		for _, t := range r.Tickets {
			links = append(links, linkRow(ids[call], t))
		}
	}
	if err := execAll(q.PutCall(ctx, rows)); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	if err := execAll(q.PutTicketLink(ctx, links)); err != nil {
		return fmt.Errorf("write ticket links: %w", err)
	}
	return p.note(ctx, tx, order)
}

// note asks for the note on each ticket that lacks it, of each complete record.
func (p *Projector) note(ctx context.Context, tx pgx.Tx, calls []cdr.CallID) error {
	if p.tickets == nil {
		return nil
	}
	for _, call := range calls {
		r := p.records[call]
		if !r.Complete() {
			continue
		}
		for _, t := range r.Tickets {
			if !t.NotedAt.IsZero() {
				continue
			}
			if err := p.tickets.NoteRecord(ctx, tx, call, t); err != nil {
				return fmt.Errorf("ask for the note of call %s on ticket %s: %w", call, t.Ticket, err)
			}
		}
	}
	return nil
}

// load reads the records of the facts' calls that are not in memory.
func (p *Projector) load(ctx context.Context, q *db.Queries, facts []cdr.Fact) error {
	var missing []uuid.UUID
	for _, f := range facts {
		if _, kept := p.records[f.Call]; kept || f.Call == "" {
			continue
		}
		if id, err := uuid.Parse(string(f.Call)); err == nil {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	rows, err := q.Records(ctx, missing)
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	for _, row := range rows {
		r := new(cdr.Record)
		if err := json.Unmarshal(row.Record, r); err != nil {
			return fmt.Errorf("read the record of call %s: %w", row.CallID, err)
		}
		p.records[r.Call] = r
	}
	return nil
}

// record returns the call's record, a new one if there was none.
func (p *Projector) record(call cdr.CallID) *cdr.Record {
	r, ok := p.records[call]
	if !ok {
		r = &cdr.Record{Call: call}
		p.records[call] = r
	}
	return r
}

// forget drops the records that nothing more is expected for.
func (p *Projector) forget() {
	for call, r := range p.records {
		if r.Complete() {
			delete(p.records, call)
		}
	}
	if len(p.records) > maxKept {
		clear(p.records)
	}
}

// batch is what sqlc generates for :batchexec.
type batch interface {
	Exec(f func(int, error))
}

// execAll runs a batch and returns its first error.
func execAll(b batch) error {
	var first error
	b.Exec(func(_ int, err error) {
		if first == nil {
			first = err
		}
	})
	return first
}

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"go.opentelemetry.io/otel"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

var meter = otel.Meter("linekeeper/cdr/store")

// errMoved says that another projector has moved the position.
var errMoved = errors.New("another projector is at work")

// apply writes a batch. If PostgreSQL refuses its content, the facts go one by
// one and the guilty ones are left out, for one bad fact must not stop the rest.
func (p *Projector) apply(ctx context.Context, facts []cdr.Fact) error {
	err := p.transact(ctx, facts[len(facts)-1].Seq, func(tx pgx.Tx, q *db.Queries) error {
		return p.write(ctx, tx, q, facts)
	})
	if !refused(err) {
		return err
	}
	for _, f := range facts {
		err := p.transact(ctx, f.Seq, func(tx pgx.Tx, q *db.Queries) error {
			return p.write(ctx, tx, q, []cdr.Fact{f})
		})
		if refused(err) {
			why := err
			err = p.transact(ctx, f.Seq, func(_ pgx.Tx, q *db.Queries) error { return p.skip(ctx, q, f, why) })
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

// transact writes and moves the position to seq, or does nothing.
func (p *Projector) transact(ctx context.Context, seq uint64, write func(pgx.Tx, *db.Queries) error) error {
	to := db.LockPositionRow{Seq: int64(seq), Ledger: p.facts.ID()}
	err := pgx.BeginFunc(ctx, p.pool, func(tx pgx.Tx) error {
		q := db.New(tx)
		if at, err := q.LockPosition(ctx, Reader); err != nil {
			return fmt.Errorf("lock the position: %w", err)
		} else if at != p.at {
			return fmt.Errorf("the position is %d, not %d: %w", at.Seq, p.at.Seq, errMoved)
		}
		if err := write(tx, q); err != nil {
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
	changed := make(map[cdr.CallID]*touched)
	var order []cdr.CallID
	var audits []db.PutAuditParams
	for _, f := range facts {
		if s, is := f.Story.(cdr.Audited); is {
			audits = append(audits, auditRow(f, s))
			continue
		}
		if f.Call == "" {
			continue // an agent's alone
		}
		id, err := uuid.Parse(string(f.Call))
		if err != nil {
			if err := p.skip(ctx, q, f, err); err != nil {
				return err
			}
			continue
		}
		if !p.record(f.Call).Apply(f) {
			continue
		}
		if changed[f.Call] == nil {
			changed[f.Call] = &touched{id: id}
			order = append(order, f.Call)
		}
		changed[f.Call].by(f)
	}
	if err := putAll(ctx, q.PutAudit, audits); err != nil {
		return fmt.Errorf("write the audit log: %w", err)
	}
	return p.put(ctx, tx, q, order, changed)
}

func (p *Projector) put(ctx context.Context, tx pgx.Tx, q *db.Queries, order []cdr.CallID, changed map[cdr.CallID]*touched) error {
	rows := make([]db.PutCallParams, 0, len(order))
	var links []db.PutTicketLinkParams
	for _, call := range order {
		id, r := changed[call].id, p.records[call]
		row, err := callRow(id, r)
		if err != nil {
			return err
		}
		rows = append(rows, row)
		for _, t := range r.Tickets {
			links = append(links, linkRow(id, t))
		}
	}
	if err := putAll(ctx, q.PutCall, rows); err != nil {
		return fmt.Errorf("write records: %w", err)
	}
	if err := putAll(ctx, q.PutTicketLink, links); err != nil {
		return fmt.Errorf("write ticket links: %w", err)
	}
	if err := p.putParts(ctx, q, order, changed); err != nil {
		return err
	}
	return p.note(ctx, tx, order)
}

// putParts writes the stays in queues, talks and callbacks that have changed.
func (p *Projector) putParts(ctx context.Context, q *db.Queries, order []cdr.CallID, changed map[cdr.CallID]*touched) error {
	all := &parts{}
	for _, call := range order {
		all.add(changed[call], p.records[call])
	}
	return all.put(ctx, q)
}

// note asks for the note on each ticket that lacks it, of each complete record;
// and for what agents noted later.
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
			var err error
			if seq := r.Unnoted(&t); t.NotedAt.IsZero() {
				err = p.tickets.NoteRecord(ctx, tx, call, t)
			} else if seq > 0 {
				err = p.tickets.NoteLate(ctx, tx, call, t, seq)
			}
			if err != nil {
				return fmt.Errorf("ask for the note of call %s on ticket %s: %w", call, t.Ticket, err)
			}
		}
	}
	return nil
}

// load reads the records of the facts' calls that are not in memory.
func (p *Projector) load(ctx context.Context, q *db.Queries, facts []cdr.Fact) error {
	missing := make(map[uuid.UUID]cdr.CallID)
	for _, f := range facts {
		if _, kept := p.records[f.Call]; kept || f.Call == "" {
			continue
		}
		if id, err := uuid.Parse(string(f.Call)); err == nil {
			missing[id] = f.Call
		}
	}
	if len(missing) == 0 {
		return nil
	}
	rows, err := q.Records(ctx, slices.Collect(maps.Keys(missing)))
	if err != nil {
		return fmt.Errorf("read records: %w", err)
	}
	for _, row := range rows {
		r := new(cdr.Record)
		if err := json.Unmarshal(row.Record, r); err != nil {
			if r, err = p.anew(ctx, q, row, err); err != nil {
				return err
			}
		}
		p.records[missing[row.CallID]] = r
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

// putAll writes rows by one of sqlc's batches and returns the first error.
func putAll[R any, B batch](ctx context.Context, put func(context.Context, []R) B, rows []R) error {
	if len(rows) == 0 {
		return nil
	}
	return execAll(put(ctx, rows))
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

package store

import (
	"context"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/metric"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

var (
	// skippedFacts counts facts that could not become part of any record.
	skippedFacts, _ = meter.Int64Counter("linekeeper.records.skipped_facts",
		metric.WithDescription("Facts that could not be written into a record"))
	// unreadableRecords counts records that could not be read back.
	unreadableRecords, _ = meter.Int64Counter("linekeeper.records.unreadable",
		metric.WithDescription("Records that could not be read and were set aside"))
)

// What can be set aside.
const (
	asideFact   = "fact"
	asideRecord = "record"
)

// skip leaves a fact out of the records, for one bad fact must not stop the rest.
func (p *Projector) skip(ctx context.Context, q *db.Queries, f cdr.Fact, why error) error {
	skippedFacts.Add(ctx, 1)
	p.log.Error("a fact cannot be written into a record", "call", f.Call, "fact", f.ID, "seq", f.Seq, "kind", f.Kind(), "err", why)
	return p.setAside(ctx, q, db.SetAsideParams{Seq: int64(f.Seq), What: asideFact, Call: key(f.Call), Error: text(why.Error())})
}

// anew sets a stored record aside that cannot be read, and begins another one
// from what its columns tell: what comes from now on must not be lost too.
func (p *Projector) anew(ctx context.Context, q *db.Queries, row db.RecordsRow, why error) (*cdr.Record, error) {
	unreadableRecords.Add(ctx, 1)
	call := cdr.CallID(row.CallID.String())
	p.log.Error("a record cannot be read; it is set aside and begun anew", "call", call, "seq", row.Seq, "err", why)
	err := p.setAside(ctx, q, db.SetAsideParams{
		Seq: row.Seq, What: asideRecord, Call: string(call), Error: text(why.Error()), Record: row.Record,
	})
	return told(call, row), err
}

// told is as much of a record as the columns beside it tell.
func told(call cdr.CallID, row db.RecordsRow) *cdr.Record {
	r := &cdr.Record{
		Call: call, Seq: uint64(row.Seq), Node: row.Node, Number: row.Number,
		Caller:   cdr.Caller{Number: row.CallerNumber, Name: row.CallerName},
		Language: row.Language, Flow: row.Flow, ArrivedAt: row.ArrivedAt, EndedAt: unstamp(row.EndedAt),
		Outcome: cdr.Outcome(row.Outcome), Cause: cdr.EndCause(row.Cause), EndedBy: cdr.Party(row.EndedBy), Code: int(row.Code),
	}
	if row.ContactID != "" {
		r.Contact = &cdr.Contact{ID: row.ContactID, Name: row.ContactName}
	}
	return r
}

func (p *Projector) setAside(ctx context.Context, q *db.Queries, row db.SetAsideParams) error {
	row.Now, row.Ledger = time.Now(), p.facts.ID()
	if err := q.SetAside(ctx, row); err != nil {
		return fmt.Errorf("set %s %d aside: %w", row.What, row.Seq, err)
	}
	return nil
}

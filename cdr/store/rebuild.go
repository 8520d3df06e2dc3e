package store

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

// rebuildBatch is how many records are read at once: the projector waits meanwhile,
// for some tens of milliseconds.
const rebuildBatch = 500

// Rebuilt says what a rebuild came to.
type Rebuilt struct {
	Records    int
	Unreadable int // left as they were
}

// Rebuild writes again what repeats the stored records for the reports: stays in
// queues, talks and callbacks. Records from before those were kept get theirs.
//
// It may run beside projectors, stop anywhere and be done again: each batch is one
// transaction, and what is right already stays so. Between batches it tells
// progress how many of all records are done.
func Rebuild(ctx context.Context, pool *pgxpool.Pool, progress func(done, all int)) (Rebuilt, error) {
	all, err := db.New(pool).CountRecords(ctx)
	if err != nil {
		return Rebuilt{}, fmt.Errorf("count records: %w", err)
	}
	var sum Rebuilt
	if all == 0 {
		return sum, nil
	}
	for after := (uuid.UUID{}); ; {
		var rows []db.RecordsAfterRow
		err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) (err error) {
			q := db.New(tx)
			// Whoever holds the position writes alone: no projector changes a record
			// between its reading and the writing of what follows from it.
			if _, err := q.LockPosition(ctx, Reader); err != nil {
				return err
			}
			if rows, err = q.RecordsAfter(ctx, db.RecordsAfterParams{After: after, MaxRows: rebuildBatch}); err != nil {
				return err
			}
			bad, err := rebuild(ctx, q, rows)
			sum.Unreadable += bad
			return err
		})
		if err != nil {
			return sum, fmt.Errorf("rebuild records after %s: %w", after, err)
		}
		if len(rows) == 0 {
			return sum, nil
		}
		sum.Records += len(rows)
		after = rows[len(rows)-1].CallID
		progress(sum.Records, int(all))
	}
}

// rebuild writes what follows from some records, and counts those that cannot be
// read.
func rebuild(ctx context.Context, q *db.Queries, rows []db.RecordsAfterRow) (unreadable int, err error) {
	p := &parts{}
	for _, row := range rows {
		r := new(cdr.Record)
		if json.Unmarshal(row.Record, r) != nil {
			unreadable++
			continue
		}
		p.add(&touched{id: row.CallID, visits: true, talks: true, callback: true}, r)
	}
	return unreadable, p.put(ctx, q)
}

package bench

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// recordsWait is how long the records of the last calls may take to be in
// PostgreSQL.
const recordsWait = 2 * time.Minute

// records waits until every call Linekeeper took has its record, and counts.
func (b *bench) records(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, recordsWait+10*time.Second)
	defer cancel()
	db, err := pgx.Connect(ctx, b.lab.DSN)
	if err != nil {
		return fmt.Errorf("count the records: %w", err)
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	r := &b.result.Records
	for began := time.Now(); ; {
		const count = `SELECT count(*) FROM calls WHERE number = $1 AND arrived_at >= $2 AND ended_at IS NOT NULL`
		if err := db.QueryRow(ctx, count, number(Linekeeper), b.result.Began).Scan(&r.Found); err != nil {
			return fmt.Errorf("count the records: %w", err)
		}
		r.After = time.Since(began)
		if r.Found >= r.Calls || r.After > recordsWait {
			break
		}
		if err := settle(ctx); err != nil {
			return err
		}
	}
	b.plan.say("(c) records in PostgreSQL: %d of %d calls", r.Found, r.Calls)
	return nil
}

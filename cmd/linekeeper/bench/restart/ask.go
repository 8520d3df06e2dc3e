package restart

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"

	"linekeeper/cmd/linekeeper/bench"
)

// lookAgain is how often is asked again what tells nobody when it changes.
const lookAgain = 5 * time.Millisecond

// untilReady asks /readyz until it says yes, and returns when: the zero time if it
// never does.
func (r *run) untilReady(ctx context.Context) time.Time {
	for ctx.Err() == nil {
		if r.isReady(ctx) {
			return time.Now()
		}
		_ = bench.Wait(ctx, lookAgain) // the loop looks at ctx
	}
	return time.Time{}
}

func (r *run) isReady(ctx context.Context) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.lab.HTTP+"/readyz", nil)
	if err != nil {
		return false
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

// ari asks Asterisk something; what is not there any more is nothing, too.
func (r *run) ari(ctx context.Context, method, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, method, r.lab.ARI+"/ari"+path, nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth(r.lab.User, r.lab.Password)
	resp, err := r.http.Do(req)
	if err != nil {
		return fmt.Errorf("ask Asterisk: %w", err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusNotFound:
		return nil
	case resp.StatusCode >= 300:
		return fmt.Errorf("ask Asterisk: %s %s: %s", method, path, resp.Status)
	case into == nil:
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// hangUp ends a call's agent's leg in Asterisk, as if the agent's phone had.
func (r *run) hangUp(ctx context.Context, c *call) error {
	c.hungUp = true
	return r.ari(ctx, http.MethodDelete, "/channels/"+url.PathEscape(c.leg)+"?reason=normal", nil)
}

// rows reads the records of the callers of this round, when all have theirs or after
// a while.
func (r *run) rows(ctx context.Context, began time.Time) ([]row, error) {
	ctx, cancel := context.WithTimeout(ctx, overWithin+10*time.Second)
	defer cancel()
	db, err := pgx.Connect(ctx, r.lab.DSN)
	if err != nil {
		return nil, fmt.Errorf("read the records: %w", err)
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	for patience := time.Now().Add(overWithin); ; {
		rows, err := recorded(ctx, db, began)
		if err != nil {
			return nil, fmt.Errorf("read the records: %w", err)
		}
		if missing, _ := records(r.story, rows); missing == 0 || time.Now().After(patience) {
			return rows, nil
		}
		if err := bench.Wait(ctx, 50*time.Millisecond); err != nil {
			return nil, err
		}
	}
}

func recorded(ctx context.Context, db *pgx.Conn, began time.Time) ([]row, error) {
	const ask = `SELECT caller_number, count(*), count(ended_at) FROM calls WHERE number = $1 AND arrived_at >= $2 GROUP BY caller_number`
	found, err := db.Query(ctx, ask, bench.Number(bench.Linekeeper), began)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, func(r pgx.CollectableRow) (one row, err error) {
		err = r.Scan(&one.caller, &one.n, &one.ended)
		return one, err
	})
}

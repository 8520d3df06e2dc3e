package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

// Period narrows a report. Since is in it, Until is not; a zero Until is now and
// later, an empty Queue is all queues.
type Period struct {
	Since time.Time
	Until time.Time
	Queue string
}

func (p Period) until() time.Time {
	if p.Until.IsZero() {
		return farFuture
	}
	return p.Until
}

// LastAgent returns who talked last with this caller, known by number or by
// contact, in a call that arrived since then and is not the one named by except;
// or ErrNotFound. An empty number or contact ID matches nothing.
func (h *History) LastAgent(ctx context.Context, number, contactID string, since time.Time, except cdr.CallID) (string, error) {
	this, _ := uuid.Parse(string(except)) // what is no UUID is no call: the zero UUID excludes nothing
	row, err := h.q.LastAgent(ctx, db.LastAgentParams{
		CallerNumber: key(number), ContactID: key(contactID), Since: since, ExceptCall: this,
	})
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("find the last agent of a caller: %w", err)
	}
	return row.Agent, nil
}

// Handled is how long one call of a queue took its agent up, from answer to the
// end of wrap-up.
type Handled struct {
	Queue string
	Took  time.Duration
}

// RecentlyHandled returns what the newest calls of each queue took, answered
// before then, oldest first, at most so many of each.
func (h *History) RecentlyHandled(ctx context.Context, queues []string, before time.Time, most int) ([]Handled, error) {
	rows, err := h.q.RecentlyHandled(ctx, db.RecentlyHandledParams{Queues: queues, Before: before, MaxRows: count(most)})
	if err != nil {
		return nil, fmt.Errorf("read what recent calls took: %w", err)
	}
	took := make([]Handled, len(rows))
	for i, row := range rows {
		took[i] = Handled{Queue: row.Queue, Took: span(row.TookMs)}
	}
	return took, nil
}

// WaitAccuracy compares, for one queue and day, the waits expected at entry with
// those that came, of answered calls whose callers stood on the line throughout.
type WaitAccuracy struct {
	Queue string
	Day   string // 2026-03-02, of the answer, in the zone asked for
	// Answered is how many calls it is about; Told of them had an expectation. Of
	// these, so many came Within it, Sooner or Later.
	Answered, Told        int
	Within, Sooner, Later int
	// Actual, Low and High are means over the calls with an expectation. Off is how
	// far on average the wait lay outside of it, 0 for those within.
	Actual, Low, High, Off time.Duration
}

// WaitAccuracy reports how true the expected waits were, by day and queue. The
// zone is a name of the IANA database.
func (h *History) WaitAccuracy(ctx context.Context, p Period, zone string) ([]WaitAccuracy, error) {
	rows, err := h.q.WaitAccuracy(ctx, db.WaitAccuracyParams{Zone: zone, Since: p.Since, Until: p.until(), Queue: key(p.Queue)})
	if err != nil {
		return nil, fmt.Errorf("report the accuracy of waits: %w", err)
	}
	all := make([]WaitAccuracy, len(rows))
	for i, r := range rows {
		all[i] = WaitAccuracy{
			Queue: r.Queue, Day: r.Day, Answered: int(r.Answered), Told: int(r.Told),
			Within: int(r.Within), Sooner: int(r.Sooner), Later: int(r.Later),
			Actual: span(r.ActualMs), Low: span(r.LowMs), High: span(r.HighMs), Off: span(r.OffMs),
		}
	}
	return all, nil
}

// OverflowCount is how many calls a queue sent on for one cause to one place.
type OverflowCount struct {
	Queue  string
	Cause  cdr.LeaveCause
	To     cdr.OverflowKind
	Target string
	Calls  int
}

// Overflows counts the calls that queues sent on, by queue, most first.
func (h *History) Overflows(ctx context.Context, p Period) ([]OverflowCount, error) {
	rows, err := h.q.Overflows(ctx, db.OverflowsParams{Since: p.Since, Until: p.until(), Queue: key(p.Queue)})
	if err != nil {
		return nil, fmt.Errorf("count overflows: %w", err)
	}
	all := make([]OverflowCount, len(rows))
	for i, r := range rows {
		all[i] = OverflowCount{
			Queue: r.Queue, Cause: cdr.LeaveCause(r.Cause), To: cdr.OverflowKind(r.OverflowTo), Target: r.OverflowTarget, Calls: int(r.Calls),
		}
	}
	return all, nil
}

// Unreadable is something the projector could not read or write and left out.
type Unreadable struct {
	At     time.Time
	Seq    uint64 // in the ledger Ledger
	Ledger string
	What   string // "fact" or "record"
	Call   string // as it was named
	Error  string
}

// Unreadable lists what was left out, newest first.
func (h *History) Unreadable(ctx context.Context, limit int) ([]Unreadable, error) {
	rows, err := h.q.Unreadable(ctx, int32(min(max(limit, 0), maxRows)))
	if err != nil {
		return nil, fmt.Errorf("list what could not be read: %w", err)
	}
	all := make([]Unreadable, len(rows))
	for i, r := range rows {
		all[i] = Unreadable{At: r.SetAsideAt, Seq: uint64(r.Seq), Ledger: r.Ledger, What: r.What, Call: r.Call, Error: r.Error}
	}
	return all, nil
}

package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

// ErrNotFound says that there is no such row.
var ErrNotFound = errors.New("not found")

// History reads records. It lags the ledger by the projector's linger time.
// Safe for concurrent use.
type History struct{ q *db.Queries }

// NewHistory returns the history kept in pool.
func NewHistory(pool *pgxpool.Pool) *History { return &History{q: db.New(pool)} }

// Summary is a past call in a line.
type Summary struct {
	Call        cdr.CallID
	ArrivedAt   time.Time
	EndedAt     time.Time // zero while it goes on
	Number      string    // dialled
	Caller      string    // E.164, empty if withheld
	ContactID   string
	Queue       string // the last one
	Agent       string // the last who talked
	Outcome     cdr.Outcome
	Disposition string
	Note        string // of the last wrap-up
	Waited      time.Duration
	Talked      time.Duration
	Tickets     []cdr.Ticket
	Direction   cdr.Direction // empty in records of before: in
	Recorded    int           // parts of its recording
	// Agents were offered it or talked, Queues are those it is or was of.
	Agents, Queues []string
}

// Call returns the record of a call, or ErrNotFound.
func (h *History) Call(ctx context.Context, call cdr.CallID) (cdr.Record, error) {
	var r cdr.Record
	id, err := uuid.Parse(string(call))
	if err != nil {
		return r, fmt.Errorf("read call %q: %w", call, ErrNotFound)
	}
	data, err := h.q.Record(ctx, id)
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return r, fmt.Errorf("read call %s: %w", call, err)
	}
	if err := json.Unmarshal(data, &r); err != nil {
		return r, fmt.Errorf("read call %s: %w", call, err)
	}
	return r, nil
}

// Filter narrows a list of records. Zero fields do not narrow.
type Filter struct {
	Limit  int       // at most 1,000, which is also the default
	Before time.Time // arrived before
	Queue  string    // the last one
	Agent  string    // was offered it or talked
	Number string    // caller's, E.164
	// Queues, if there are any: of one of them, now or once.
	Queues []string
}

// farFuture is later than any call.
var farFuture = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// maxRows bounds every list.
const maxRows = 1000

// Records lists records, newest first.
func (h *History) Records(ctx context.Context, f Filter) ([]cdr.Record, error) {
	if f.Before.IsZero() {
		f.Before = farFuture
	}
	if f.Limit <= 0 {
		f.Limit = maxRows
	}
	rows, err := h.q.NewestRecords(ctx, db.NewestRecordsParams{
		Before: f.Before, Queue: text(f.Queue), Agent: key(f.Agent), CallerNumber: key(f.Number),
		Queues: append([]string{}, f.Queues...), MaxRows: int32(min(f.Limit, maxRows)),
	})
	if err != nil {
		return nil, fmt.Errorf("list records: %w", err)
	}
	records := make([]cdr.Record, 0, len(rows))
	for _, data := range rows {
		var r cdr.Record
		if err := json.Unmarshal(data, &r); err != nil { // one bad record must not hide the others
			slog.ErrorContext(ctx, "a record cannot be read; it is left out of the list", "err", err)
			continue
		}
		records = append(records, r)
	}
	return records, nil
}

// LastCalls returns the newest calls of a number or of a contact, newest first,
// at most limit, without the call named by except ("" for none). An empty
// number or contact ID matches nothing.
func (h *History) LastCalls(ctx context.Context, number, contactID string, except cdr.CallID, limit int) ([]Summary, error) {
	this, _ := uuid.Parse(string(except)) // what is no UUID is no call: the zero UUID excludes nothing
	rows, err := h.q.LastCalls(ctx, db.LastCallsParams{
		CallerNumber: key(number), ContactID: key(contactID), ExceptCall: this, MaxRows: int32(min(max(limit, 0), maxRows)),
	})
	if err != nil {
		return nil, fmt.Errorf("read the last calls: %w", err)
	}
	calls := make([]Summary, len(rows))
	place := make(map[uuid.UUID]*Summary, len(rows))
	ids := make([]uuid.UUID, len(rows))
	for i, row := range rows {
		calls[i] = summary(row)
		place[row.CallID], ids[i] = &calls[i], row.CallID
	}
	links, err := h.q.TicketsOfCalls(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("read the tickets of the last calls: %w", err)
	}
	for _, l := range links {
		s := place[l.CallID]
		s.Tickets = append(s.Tickets, ticket(l))
	}
	return calls, nil
}

func summary(row db.LastCallsRow) Summary {
	return Summary{
		Call: cdr.CallID(row.CallID.String()), ArrivedAt: row.ArrivedAt, EndedAt: unstamp(row.EndedAt),
		Number: row.Number, Caller: row.CallerNumber, ContactID: row.ContactID,
		Queue: row.Queue, Agent: row.Agent, Outcome: cdr.Outcome(row.Outcome), Disposition: row.Disposition, Note: row.Note,
		Waited: time.Duration(row.WaitedMs) * time.Millisecond,
		Talked: time.Duration(row.TalkedMs) * time.Millisecond, Direction: cdr.Direction(row.Direction), Recorded: int(row.Recorded),
		Agents: row.Agents, Queues: row.Queues,
	}
}

func ticket(l db.TicketLink) cdr.Ticket {
	return cdr.Ticket{
		System: l.System, Ticket: l.Ticket, Subject: l.Subject, URL: l.Url,
		Created: l.Created, NotedAt: unstamp(l.NotedAt),
	}
}

func unstamp(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}

package store

import (
	"context"
	"fmt"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/store/internal/db"
)

// Callback is one wish to be called back and what became of it.
type Callback struct {
	Call        cdr.CallID
	ContactID   string
	ContactName string
	Agent       string // who talked in the end, empty if nobody
	cdr.Callback
}

// Callbacks lists callbacks asked for in a period, newest first, at most limit. An
// empty outcome is any.
func (h *History) Callbacks(ctx context.Context, p Period, outcome cdr.CallbackOutcome, limit int) ([]Callback, error) {
	rows, err := h.q.Callbacks(ctx, db.CallbacksParams{
		Since: p.Since, Until: p.until(), Queue: text(p.Queue), Outcome: text(outcome), MaxRows: int32(min(max(limit, 0), maxRows)),
	})
	if err != nil {
		return nil, fmt.Errorf("list callbacks: %w", err)
	}
	all := make([]Callback, len(rows))
	for i, r := range rows {
		all[i] = Callback{
			Call: cdr.CallID(r.CallID.String()), ContactID: r.ContactID, ContactName: r.ContactName, Agent: r.Agent,
			Callback: cdr.Callback{
				Queue: r.Queue, Number: r.Number, Mode: cdr.CallbackMode(r.Mode), By: r.AskedBy, AskedAt: r.AskedAt,
				NotBefore: unstamp(r.NotBefore), NotAfter: unstamp(r.NotAfter), Tries: int(r.Tries),
				ReachedAt: unstamp(r.ReachedAt), OverAt: unstamp(r.OverAt), Outcome: cdr.CallbackOutcome(r.Outcome),
			},
		}
	}
	return all, nil
}

// CallbackStatistics sums up the callbacks one queue was asked for.
type CallbackStatistics struct {
	Queue string
	Asked int
	// What became of them; the sum is Asked.
	Waiting, Reached, Expired, Cancelled, Resumed, Lost int
	Tries                                               int // in all
	// Waited is the mean time from the wish until the customer answered, Longest the
	// longest.
	Waited, Longest time.Duration
}

// CallbackStatistics sums up the callbacks asked for in a period, by queue.
func (h *History) CallbackStatistics(ctx context.Context, p Period) ([]CallbackStatistics, error) {
	rows, err := h.q.CallbackStatistics(ctx, db.CallbackStatisticsParams{Since: p.Since, Until: p.until(), Queue: text(p.Queue)})
	if err != nil {
		return nil, fmt.Errorf("sum up callbacks: %w", err)
	}
	all := make([]CallbackStatistics, len(rows))
	for i, r := range rows {
		all[i] = CallbackStatistics{
			Queue: r.Queue, Asked: int(r.Asked), Waiting: int(r.Waiting), Reached: int(r.Reached), Expired: int(r.Expired),
			Cancelled: int(r.Cancelled), Resumed: int(r.Resumed), Lost: int(r.Lost), Tries: int(r.Tries),
			Waited: span(r.WaitedMs), Longest: span(r.LongestMs),
		}
	}
	return all, nil
}

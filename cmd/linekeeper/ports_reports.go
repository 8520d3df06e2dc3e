package main

import (
	"context"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr/store"
)

// reportsPort are the reports PostgreSQL has. It implements api.Reports.
type reportsPort struct{ history *store.History }

func (p reportsPort) Callbacks(ctx context.Context, from, to time.Time) ([]agentdesk.CallbackReport, error) {
	sums, err := p.history.CallbackStatistics(ctx, store.Period{Since: from, Until: to})
	return each(sums, err, func(c store.CallbackStatistics) agentdesk.CallbackReport {
		return agentdesk.CallbackReport{
			Queue: c.Queue, Asked: c.Asked, Waiting: c.Waiting, Reached: c.Reached, Expired: c.Expired, Cancelled: c.Cancelled,
			Resumed: c.Resumed, Lost: c.Lost, Tries: c.Tries, Waited: tenths(c.Waited.Seconds()), Longest: tenths(c.Longest.Seconds()),
		}
	})
}

func (p reportsPort) Overflows(ctx context.Context, from, to time.Time) ([]agentdesk.OverflowReport, error) {
	counts, err := p.history.Overflows(ctx, store.Period{Since: from, Until: to})
	return each(counts, err, func(o store.OverflowCount) agentdesk.OverflowReport { return agentdesk.OverflowReport(o) })
}

func (p reportsPort) LeftOut(ctx context.Context, limit int) ([]agentdesk.LeftOut, error) {
	out, err := p.history.Unreadable(ctx, limit)
	return each(out, err, func(u store.Unreadable) agentdesk.LeftOut {
		return agentdesk.LeftOut{At: u.At, What: u.What, Seq: u.Seq, Ledger: u.Ledger, Call: u.Call, Error: u.Error}
	})
}

// each is all of them as desks show them, unless reading them failed.
func each[A, B any](all []A, err error, show func(A) B) ([]B, error) {
	if err != nil {
		return nil, err
	}
	shown := make([]B, len(all))
	for i, a := range all {
		shown[i] = show(a)
	}
	return shown, nil
}

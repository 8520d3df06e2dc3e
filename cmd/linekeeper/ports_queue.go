package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/ivr/call"
	"linekeeper/queue"
)

// What agentdesk/api asks of the line: who waits, why, and what a supervisor may
// do about it.

func (p floorPort) Explain(ctx context.Context, id cdr.CallID) (why []cdr.Why, more int, err error) {
	why, more, err = p.floor.Explain(ctx, id)
	return why, more, refused(err)
}

func (p floorPort) Waiting(ctx context.Context, line string) ([]queue.Standing, error) {
	places, err := p.floor.Waiting(ctx, line)
	return places, refused(err)
}

func (p floorPort) Callbacks(ctx context.Context) ([]queue.Standing, error) {
	return p.floor.Callbacks(ctx)
}

func (p floorPort) SetPriority(ctx context.Context, id cdr.CallID, priority int, by string) error {
	return refused(p.floor.Do(ctx, queue.Reprioritise{Call: id, Priority: priority, By: by}))
}

func (p floorPort) Move(ctx context.Context, id cdr.CallID, to string) error {
	return refused(p.floor.Do(ctx, queue.Move{Call: id, Queue: to}))
}

func (p callsPort) CancelCallback(ctx context.Context, id cdr.CallID) error {
	err := p.calls.CancelCallback(ctx, id, cdr.ByAgent)
	if errors.Is(err, call.ErrNoCallback) {
		return fmt.Errorf("%w: %w", api.ErrNoCallback, err)
	}
	return err
}

func (p recordsPort) Waits(ctx context.Context, from, to time.Time) ([]agentdesk.WaitAccuracy, error) {
	days, err := p.history.WaitAccuracy(ctx, store.Period{Since: from, Until: to}, "UTC")
	if err != nil {
		return nil, err
	}
	return addDays(days), nil
}

// addDays adds the days of each queue up; means are weighed by the calls they are
// of.
func addDays(days []store.WaitAccuracy) []agentdesk.WaitAccuracy {
	var all []agentdesk.WaitAccuracy
	for _, d := range days {
		at := slices.IndexFunc(all, func(w agentdesk.WaitAccuracy) bool { return w.Queue == d.Queue })
		if at < 0 {
			at, all = len(all), append(all, agentdesk.WaitAccuracy{Queue: d.Queue})
		}
		w, told := &all[at], float64(d.Told)
		w.Answered, w.Told = w.Answered+d.Answered, w.Told+d.Told
		w.Within, w.Sooner, w.Later = w.Within+d.Within, w.Sooner+d.Sooner, w.Later+d.Later
		w.Actual += told * d.Actual.Seconds()
		w.Low += told * d.Low.Seconds()
		w.High += told * d.High.Seconds()
		w.Off += told * d.Off.Seconds()
	}
	for i := range all {
		if w := &all[i]; w.Told > 0 {
			share := tenths(100 * float64(w.Within) / float64(w.Told))
			w.Share = &share
			for _, sum := range []*float64{&w.Actual, &w.Low, &w.High, &w.Off} {
				*sum = tenths(*sum / float64(w.Told))
			}
		}
	}
	return all
}

// tenths rounds to one digit after the point.
func tenths(v float64) float64 { return math.Round(10*v) / 10 }

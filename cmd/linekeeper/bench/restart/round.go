package restart

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linekeeper/cmd/linekeeper/bench"
)

// round brings the calls up, kills and starts the controller under them, leads
// them to their end, and does the same once more without calls.
func (r *run) round(ctx context.Context) (Round, error) {
	began := time.Now()
	r.story = newStory(bench.Number(bench.Linekeeper))
	under, err := r.begin(ctx, r.story.number)
	if err != nil {
		return Round{}, err
	}
	defer under.giveUp()
	if err := r.fill(ctx); err != nil {
		return Round{}, err
	}
	round, waiting, err := r.crash(ctx)
	if err != nil {
		return Round{}, err
	}
	if err := r.end(ctx); err != nil {
		return Round{}, err
	}
	round.Moved = moved(waiting)
	if round.Lost, err = under.over(ctx); err != nil {
		return Round{}, err
	}
	rows, err := r.rows(ctx, began)
	if err != nil {
		return Round{}, err
	}
	round.Unrecorded, round.Doubled = records(r.story, rows)
	round.Empty, err = r.empty(ctx)
	return round, err
}

// fill waits until all calls are there: as many talk as there are phones, and the
// others wait. Then it lets the machine come to rest.
func (r *run) fill(ctx context.Context) error {
	full := func() bool {
		return len(r.story.talking()) == r.plan.Agents() && len(r.story.waiting()) == r.plan.Waiting
	}
	there, err := r.ledger.until(ctx, r.plan.fillWithin(), r.story.take, full)
	if err != nil {
		return err
	}
	if !there {
		return fmt.Errorf("%d calls talk and %d wait after %s, they should be %d and %d: does anybody else use the lab?",
			len(r.story.talking()), len(r.story.waiting()), r.plan.fillWithin(), r.plan.Agents(), r.plan.Waiting)
	}
	return bench.Wait(ctx, settle)
}

// crash kills the controller, has some agents hang up, and starts it again. It
// returns the calls that waited, too.
func (r *run) crash(ctx context.Context) (Round, []*call, error) {
	talking, waiting := r.story.talking(), r.story.waiting()
	freed, live := talking[:r.plan.Freed], slices.Concat(talking[r.plan.Freed:], waiting)
	round := Round{Calls: r.plan.calls(), Live: len(live), Waiting: len(waiting), Ledger: r.ledger.last}
	r.heardAnew()
	killed := time.Now()
	if err := r.lab.Kill(ctx); err != nil {
		return round, nil, err
	}
	for _, c := range freed {
		if err := r.hangUp(ctx, c); err != nil {
			return round, nil, err
		}
	}
	if err := bench.Wait(ctx, r.plan.Away); err != nil {
		return round, nil, err
	}
	began, ready, err := r.start(ctx)
	if err != nil {
		return round, nil, err
	}
	back := func() bool {
		return count(live, func(c *call) bool { return len(c.back) > 0 }) == len(live) &&
			count(freed, func(c *call) bool { return c.ended > 0 }) == len(freed) &&
			count(waiting, func(c *call) bool { return c.talks }) >= len(freed)
	}
	if _, err := r.ledger.until(ctx, backWithin, r.story.take, back); err != nil {
		return round, nil, err // not all are back: that is a result
	}
	round.Away, round.Ready = ms(began.Sub(killed)), ms(ready.Sub(began))
	round.see(r.heardAnew(), uint16(r.lab.PhonesPort), began, live, waiting)
	return round, waiting, nil
}

// start starts the controller, and returns when its process began and when /readyz
// said that it is in control of Asterisk.
func (r *run) start(ctx context.Context) (began, ready time.Time, err error) {
	asking, stop := context.WithTimeout(ctx, backWithin)
	defer stop()
	answered := make(chan time.Time, 1)
	go func() { answered <- r.untilReady(asking) }()
	began, _, err = r.lab.Start(ctx) // which looks less often
	if err != nil {
		stop()
	}
	if ready = <-answered; ready.IsZero() && err == nil {
		err = fmt.Errorf("the controller was not ready within %s", backWithin)
	}
	return began, ready, err
}

// end has every agent who talks hang up, also those who are given another call then,
// until nobody is left.
func (r *run) end(ctx context.Context) error {
	var failed error
	over := func() bool {
		for _, c := range r.story.talking() {
			if !c.hungUp && failed == nil {
				failed = r.hangUp(ctx, c)
			}
		}
		return failed != nil || r.story.over()
	}
	if _, err := r.ledger.until(ctx, overWithin, r.story.take, over); err != nil {
		return err
	}
	return failed // not all have ended: the records will tell
}

// empty restarts the controller once more, with no call, and returns after how many
// milliseconds it was ready.
func (r *run) empty(ctx context.Context) (float64, error) {
	if err := bench.Wait(ctx, settle); err != nil {
		return 0, err
	}
	if err := r.lab.Kill(ctx); err != nil {
		return 0, err
	}
	if err := bench.Wait(ctx, r.plan.Away); err != nil {
		return 0, err
	}
	began, ready, err := r.start(ctx)
	return ms(ready.Sub(began)), err
}

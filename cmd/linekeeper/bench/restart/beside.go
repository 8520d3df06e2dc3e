package restart

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"linekeeper/cmd/linekeeper/bench"
)

// beside brings the same load up in app_queue and kills what holds its line:
// Asterisk.
func (r *run) beside(ctx context.Context) (Beside, error) {
	under, err := r.begin(ctx, bench.Number(bench.AppQueue))
	if err != nil {
		return Beside{}, err
	}
	defer under.giveUp()
	if err := r.fillBeside(ctx); err != nil {
		return Beside{}, err
	}
	if err := r.lab.KillAsterisk(ctx); err != nil {
		return Beside{}, err
	}
	began, up, err := r.lab.StartAsterisk(ctx)
	if err != nil {
		return Beside{}, err
	}
	b := Beside{Calls: r.plan.calls(), Ready: ms(up.Sub(began))}
	if b.Kept, _, err = r.channels(ctx); err != nil {
		return b, err
	}
	// The controller is to be left with its line to Asterisk.
	asking, stop := context.WithTimeout(ctx, backWithin)
	defer stop()
	if r.untilReady(asking).IsZero() {
		return b, fmt.Errorf("the controller was not ready within %s of Asterisk's start", backWithin)
	}
	return b, nil
}

// fillBeside waits until all calls are in app_queue, and all phones talk.
func (r *run) fillBeside(ctx context.Context) error {
	for patience := time.Now().Add(r.plan.fillWithin()); ; {
		callers, phones, err := r.channels(ctx)
		if err != nil {
			return err
		}
		if callers == r.plan.calls() && phones == r.plan.Agents() {
			return bench.Wait(ctx, settle)
		}
		if time.Now().After(patience) {
			return fmt.Errorf("%d calls and %d phones that talk after %s, they should be %d and %d",
				callers, phones, r.plan.fillWithin(), r.plan.calls(), r.plan.Agents())
		}
		if err := bench.Wait(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// channels counts those of callers, and of phones that have been answered.
func (r *run) channels(ctx context.Context) (callers, phones int, err error) {
	var all []struct{ Name, State string }
	if err := r.ari(ctx, http.MethodGet, "/channels", &all); err != nil {
		return 0, 0, err
	}
	for _, c := range all {
		switch {
		case !strings.HasPrefix(c.Name, "PJSIP/qbench"):
			callers++
		case c.State == "Up":
			phones++
		}
	}
	return callers, phones, nil
}

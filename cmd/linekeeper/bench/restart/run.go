package restart

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"linekeeper/cmd/linekeeper/bench"
)

// run is a run under way. One goroutine owns it, but for what is heard.
type run struct {
	plan   Plan
	lab    Lab
	load   *bench.Load
	http   *http.Client
	ledger *ledgerReader
	story  *story // of the round
	result *Result

	mu    sync.Mutex
	heard []bench.Request // since the round's kill
}

// Run measures as planned. An error means that there is no result; calls lost or
// targets missed are results. After an error the controller may be down.
func Run(ctx context.Context, p Plan, lab Lab) (_ *Result, err error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	r := &run{
		plan: p, lab: lab, http: &http.Client{Timeout: 10 * time.Second}, ledger: &ledgerReader{url: lab.NATS},
		result: &Result{Began: time.Now(), Machine: bench.LookAround(), Plan: p},
	}
	defer r.http.CloseIdleConnections()
	if r.load, err = bench.NewLoad(p.Dir, lab.Lab); err != nil {
		return nil, err
	}
	defer r.load.Stop()
	stop, err := bench.Listen(ctx, r.hear)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, stop()) }()
	if err := r.measure(ctx); err != nil {
		return nil, err
	}
	r.result.Took = time.Since(r.result.Began)
	return r.result, nil
}

func (r *run) measure(ctx context.Context) error {
	if err := r.ledger.toEnd(ctx); err != nil {
		return err
	}
	for n := range r.plan.Rounds {
		round, err := r.round(ctx)
		if err != nil {
			return fmt.Errorf("round %d: %w", n+1, err)
		}
		r.result.Rounds = append(r.result.Rounds, round)
		r.plan.say("round %d of %d: control of %d calls back %.0f ms after the start, the last of them; with no call ready after %.0f ms",
			n+1, r.plan.Rounds, round.Back.N, round.Back.Last, round.Empty)
	}
	if !r.plan.Beside {
		return nil
	}
	beside, err := r.beside(ctx)
	if err != nil {
		return fmt.Errorf("app_queue: %w", err)
	}
	r.result.Beside = &beside
	r.plan.say("app_queue: %d of %d calls outlive the restart", beside.Kept, beside.Calls)
	return nil
}

func (r *run) hear(req bench.Request) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.heard = append(r.heard, req)
}

// heardAnew gives what was heard since it was asked last.
func (r *run) heardAnew() []bench.Request {
	r.mu.Lock()
	defer r.mu.Unlock()
	heard := r.heard
	r.heard = nil
	return heard
}

// calls are calls under way.
type calls struct {
	stop  context.CancelFunc
	ended chan ended
}

type ended struct {
	lost int
	err  error
}

// begin starts the phones and the calls to a number.
func (r *run) begin(ctx context.Context, number string) (*calls, error) {
	if err := r.load.Answer(longest); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	c := &calls{stop: cancel, ended: make(chan ended, 1)}
	go func() {
		lost, err := r.load.Call(ctx, number, r.plan.calls(), r.plan.Rate, longest)
		c.ended <- ended{lost, err}
	}()
	return c, nil
}

// giveUp ends what is left of the calls, if anything is; their phones hear nothing.
func (c *calls) giveUp() {
	c.stop()
	<-c.ended
}

// over waits until all calls are, and returns how many were not led to their end.
func (c *calls) over(ctx context.Context) (lost int, err error) {
	select {
	case e := <-c.ended:
		c.ended <- e
		return e.lost, e.err
	case <-time.After(overWithin):
		return 0, fmt.Errorf("the callers' sipp has not ended within %s of the last call", overWithin)
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

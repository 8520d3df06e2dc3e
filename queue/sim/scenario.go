package sim

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Scenario is a day as it might be.
type Scenario struct {
	Definitions queue.Definitions
	// From and To bound the arrivals. Calls in hand at To are played to their end.
	From time.Time
	To   time.Time
	// Warm is how long after From callers are not counted: a floor starts empty.
	Warm     time.Duration
	Arrivals Arrivals
	// Conduct is how callers of each queue and the agents who take them behave.
	// A queue without one has calls of no length and callers who never hang up.
	Conduct map[string]Conduct
	// Shifts are when agents are there, in order of time. An agent without one is
	// there from the first to the last moment.
	Shifts []Shift
	// Seed makes it repeatable.
	Seed uint64
}

// Conduct is how long things take. Times that are nil are none; a nil Patience is
// for ever.
type Conduct struct {
	Talk     Draw
	WrapUp   Draw    // until the agent closes it; a timed wrap-up may end sooner
	Answer   Draw    // from the offer to the answer
	Miss     float64 // share of offers that are not answered
	Back     Draw    // after a miss that made the agent not ready
	Patience Draw
}

// Shift is one thing an agent does about being there.
type Shift struct {
	At     time.Time
	Agent  string
	To     cdr.AgentState // Ready, NotReady or Offline
	Reason string         // with NotReady
}

// ErrNobody says that a scenario has no callers or no time to have them in.
var ErrNobody = errors.New("nobody calls in the time given")

// check refuses what would only give nonsense.
func (s *Scenario) check() error {
	if !s.To.After(s.From) {
		return fmt.Errorf("from %s to %s: %w", s.From.Format(time.RFC3339), s.To.Format(time.RFC3339), ErrNobody)
	}
	known := map[string]bool{}
	for _, q := range s.Definitions.Queues {
		known[q.ID] = true
	}
	for id := range s.Conduct {
		if !known[id] {
			return fmt.Errorf("queue %q is in the facts and not in the definitions", id)
		}
	}
	return nil
}

// WhatIf plays a scenario so many times, as many at once as there are processors,
// each with a seed of its own, and sums them up. Done is told after each run, from
// one goroutine at a time; nil is nobody.
func WhatIf(ctx context.Context, s Scenario, runs int, done func(runs int)) (*Outcome, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	results := make([]*run, runs)
	var (
		wg    sync.WaitGroup
		mu    sync.Mutex
		count int
	)
	next := make(chan int)
	for range min(runs, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				r := newRun(&s, rand.New(rand.NewPCG(s.Seed, uint64(i))))
				r.play(ctx)
				results[i] = r
				mu.Lock()
				if count++; done != nil {
					done(count)
				}
				mu.Unlock()
			}
		})
	}
	for i := range runs {
		next <- i
	}
	close(next)
	wg.Wait()
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("simulate: %w", err)
	}
	return sum(&s, results)
}

// Tell plays a scenario once and tells its facts, as calls and floor would have
// written them.
func Tell(s Scenario) ([]cdr.Fact, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	r := newRun(&s, rand.New(rand.NewPCG(s.Seed, 0)))
	r.telling = true
	r.play(context.Background())
	return r.facts, nil
}

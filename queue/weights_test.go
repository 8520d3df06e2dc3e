package queue

import (
	"fmt"
	"testing"
	"time"

	"linekeeper/cdr"
)

// Of many calls everybody gets as many as their weight says, of all who are free and of
// those who are left when the heaviest talks; and with the strategy random everybody as
// many as the others. The seed is fixed: the same draws every time.
func TestWeights(t *testing.T) {
	weights := map[string]int{"a": 0, "b": 1, "c": 2, "d": 4} // none counts as one
	for name, c := range map[string]struct {
		strategy Strategy
		away     string
		share    map[string]float64
	}{
		"weighted":              {WeightedRandom, "", map[string]float64{"a": 1. / 8, "b": 1. / 8, "c": 2. / 8, "d": 4. / 8}},
		"weighted, without one": {WeightedRandom, "d", map[string]float64{"a": 1. / 4, "b": 1. / 4, "c": 2. / 4}},
		"random":                {Random, "", map[string]float64{"a": 1. / 4, "b": 1. / 4, "c": 1. / 4, "d": 1. / 4}},
	} {
		t.Run(name, func(t *testing.T) {
			const calls = 8000
			got := drawCalls(weights, c.strategy, c.away, calls)
			if x := chiSquare(got, c.share, calls); x > unlikely {
				t.Errorf("of %d calls: %v (χ² %.1f)", calls, got, x)
			}
			// The measure is not of rubber: were anybody a tenth heavier, it would tell.
			for agent := range c.share {
				if x := chiSquare(got, heavier(c.share, agent), calls); x < unlikely {
					t.Errorf("%v would do for %s heavier by a tenth, too (χ² %.1f)", got, agent, x)
				}
			}
		})
	}
}

// unlikely is the χ² of three degrees of freedom that one run in 100,000 exceeds.
const unlikely = 25.9

// heavier are the shares if one of them had a tenth of all calls more.
func heavier(share map[string]float64, agent string) map[string]float64 {
	out := map[string]float64{}
	for a, s := range share {
		out[a] = s / 1.1
	}
	out[agent] += .1 / 1.1
	return out
}

// drawCalls gives so many calls, one after the other, to agents who are all free, but
// for one, and counts who gets them.
func drawCalls(weights map[string]int, by Strategy, away string, calls int) map[string]int {
	defs := Definitions{Seed: 7, Queues: []Definition{{Label: Label{ID: "q"}, Ring: 20 * time.Second, Strategy: by}}}
	for _, id := range sorted(weights) {
		defs.Agents = append(defs.Agents, Agent{ID: id, Queues: []string{"q"}, Weight: weights[id], AlwaysReady: id != away})
	}
	now, got := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), map[string]int{}
	f := New(defs, now)
	for n := range calls {
		now = now.Add(time.Second)
		call := cdr.CallID(fmt.Sprintf("c%d", n))
		for _, e := range f.Step(now, Enter{Call: call, Queue: "q", EnteredAt: now}) {
			if o, is := e.(*Offer); is {
				got[o.Agent]++
			}
		}
		f.Step(now, Leave{Call: call, Cause: cdr.LeftAbandoned})
	}
	return got
}

// chiSquare is how far counts are from shares (Pearson).
func chiSquare(got map[string]int, share map[string]float64, of int) (x float64) {
	for agent, s := range share {
		want := s * float64(of)
		x += (float64(got[agent]) - want) * (float64(got[agent]) - want) / want
	}
	return x
}

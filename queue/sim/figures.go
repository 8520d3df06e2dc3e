package sim

import (
	"fmt"
	"math"
	"slices"
	"time"

	"linekeeper/queue"
	"linekeeper/queue/wait"
)

// Outcome is what a floor came to, in the mean of all runs.
type Outcome struct {
	Runs   int
	Queues []QueueFigures // in the definitions' order
	Agents []AgentFigures
}

// QueueFigures are one queue's. Counts are means of all runs. Shares are from 0
// to 1, and NaN when there was nothing to take a share of.
type QueueFigures struct {
	Queue     string
	Entered   float64
	Answered  float64
	Abandoned float64 // hung up, short ones left out
	Short     float64 // hung up below the queue's threshold
	SentOn    float64 // left by the queue's rules or an exit digit
	// Level is the service level, by the queue's formula; LevelError half the width
	// of its 95 % interval.
	Level       float64
	LevelError  float64
	AbandonRate float64 // abandoned ÷ (answered + abandoned)
	// ASA is the mean wait of calls answered; ASAError half the width of its 95 %
	// interval.
	ASA      time.Duration
	ASAError time.Duration
	// P50, P80 and P95 are within which so many of the calls answered were.
	P50, P80, P95 time.Duration
	Handle        time.Duration // agents' time for a call: ringing, talk, wrap-up
	Occupancy     float64       // of those who serve it: in calls ÷ (in calls + ready)
	Told          wait.Accuracy // of the waits told
	ErlangC       Yardstick
	ErlangA       Yardstick
}

// AgentFigures are one agent's, in the mean of all runs.
type AgentFigures struct {
	Agent     string
	Answered  float64
	Missed    float64
	Busy      time.Duration // with a call: ringing, talk, wrap-up
	Ready     time.Duration
	Occupancy float64 // busy ÷ (busy + ready)
}

// Yardstick is the textbook's answer, hour by hour, weighed by calls.
type Yardstick struct {
	Level       float64       // of all callers, whatever the queue's formula
	Wait        time.Duration // mean, of all callers
	AbandonRate float64
	Occupancy   float64
	Endless     bool // in some hour the line would grow for ever
}

// sum brings runs together.
func sum(s *Scenario, runs []*run) (*Outcome, error) {
	tallies := make([]*tally, len(runs))
	callers := 0
	for i, r := range runs {
		tallies[i] = r.tally
		for _, q := range r.tally.queues {
			callers += q.entered
		}
	}
	if callers == 0 {
		return nil, fmt.Errorf("from %s to %s: %w", s.From.Format(time.RFC3339), s.To.Format(time.RFC3339), ErrNobody)
	}
	return figures(s.Definitions, tallies), nil
}

func figures(defs queue.Definitions, runs []*tally) *Outcome {
	o := &Outcome{Runs: len(runs)}
	for _, q := range defs.Queues {
		o.Queues = append(o.Queues, queueFigures(defs, q, runs))
	}
	for _, a := range defs.Agents {
		f := AgentFigures{Agent: a.ID}
		var busy, ready time.Duration
		for _, t := range runs {
			at := t.agents[a.ID]
			f.Answered += float64(at.answered) / float64(len(runs))
			f.Missed += float64(at.missed) / float64(len(runs))
			busy, ready = busy+at.busy, ready+at.ready
		}
		f.Busy, f.Ready = busy/time.Duration(len(runs)), ready/time.Duration(len(runs))
		f.Occupancy = share(busy.Seconds(), (busy + ready).Seconds())
		o.Agents = append(o.Agents, f)
	}
	return o
}

func queueFigures(defs queue.Definitions, def queue.Definition, runs []*tally) QueueFigures {
	f := QueueFigures{Queue: def.ID}
	var (
		within, counted    int
		levels, asas       []float64
		waits              []time.Duration
		busy, ready, spent time.Duration
	)
	for _, t := range runs {
		q := t.queues[def.ID]
		f.Entered += float64(q.entered)
		f.Answered += float64(q.answered)
		f.Abandoned += float64(q.abandoned)
		f.Short += float64(q.short)
		f.SentOn += float64(q.sentOn)
		f.Told.Merge(q.told)
		within, counted = within+q.within, counted+q.counted
		waits = append(waits, q.waits...)
		spent += q.busy
		levels = appendKnown(levels, share(float64(q.within), float64(q.counted)))
		asas = appendKnown(asas, mean(q.waits))
		for _, a := range t.agents {
			if slices.Contains(a.Queues, def.ID) {
				busy, ready = busy+a.busy, ready+a.ready
			}
		}
	}
	for _, count := range []*float64{&f.Entered, &f.Answered, &f.Abandoned, &f.Short, &f.SentOn} {
		*count /= float64(len(runs))
	}
	f.Level, f.LevelError = share(float64(within), float64(counted)), halfWidth(levels)
	f.AbandonRate = share(f.Abandoned, f.Answered+f.Abandoned)
	f.Occupancy = share(busy.Seconds(), (busy + ready).Seconds())
	if len(waits) > 0 {
		slices.Sort(waits)
		f.ASA, f.ASAError = span(mean(waits)), span(halfWidth(asas))
		f.P50, f.P80, f.P95 = quantile(waits, 0.5), quantile(waits, 0.8), quantile(waits, 0.95)
		f.Handle = spent / time.Duration(len(waits))
	}
	f.ErlangC, f.ErlangA = yardsticks(defs, def, runs, f.Handle)
	return f
}

func share(part, whole float64) float64 {
	if whole == 0 {
		return math.NaN()
	}
	return part / whole
}

func appendKnown(all []float64, v float64) []float64 {
	if math.IsNaN(v) {
		return all
	}
	return append(all, v)
}

// mean is in seconds.
func mean(waits []time.Duration) float64 {
	sum := 0.0
	for _, w := range waits {
		sum += w.Seconds()
	}
	return share(sum, float64(len(waits)))
}

// halfWidth is half the width of the 95 % interval of the runs' mean.
func halfWidth(values []float64) float64 {
	n := float64(len(values))
	if n < 2 {
		return 0
	}
	sum, square := 0.0, 0.0
	for _, v := range values {
		sum += v
		square += v * v
	}
	variance := math.Max(square-sum*sum/n, 0) / (n - 1)
	return 1.96 * math.Sqrt(variance/n)
}

// quantile is of sorted waits: the least within which at least a share q were.
func quantile(sorted []time.Duration, q float64) time.Duration {
	at := int(math.Ceil(q*float64(len(sorted)))) - 1
	return sorted[max(at, 0)]
}

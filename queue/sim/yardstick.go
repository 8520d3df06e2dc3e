package sim

import (
	"math"
	"slices"
	"time"

	"linekeeper/queue"
)

// yardsticks are Erlang C and A for a queue: hour by hour with the
// rate, the agents and the mean times of the runs, weighed by calls. An agent who
// serves several queues counts for each by its share of their work; skills,
// priorities and all else that is not in the textbook are not in it.
func yardsticks(defs queue.Definitions, def queue.Definition, runs []*tally, handle time.Duration) (c, a Yardstick) {
	patience := meanPatience(def.ID, runs)
	var wc, wa weighed
	for n := range len(runs[0].queues[def.ID].arrivals) {
		rate, agents := 0.0, 0.0
		for _, t := range runs {
			rate += float64(t.queues[def.ID].arrivals[n])
			agents += staff(defs, def.ID, t, n)
		}
		width := math.Min(slice.Hours(), (runs[0].to.Sub(runs[0].from) - time.Duration(n)*slice).Hours())
		per := rate / float64(len(runs))
		e := Erlang{Rate: per / width, Handle: handle, Agents: int(math.Round(agents / float64(len(runs))))}
		wc.add(per, e.Solve(), def.Level)
		e.Patience = patience
		wa.add(per, e.Solve(), def.Level)
	}
	return wc.mean(), wa.mean()
}

// weighed sums formulas up, each by its calls.
type weighed struct {
	calls, level, wait, abandoned, occupancy float64
	endless                                  bool
}

func (w *weighed) add(calls float64, f Textbook, target time.Duration) {
	if calls == 0 {
		return
	}
	w.calls += calls
	w.level += calls * f.Within(target)
	w.wait += calls * f.Wait.Seconds()
	w.abandoned += calls * f.Abandoned
	w.occupancy += calls * f.Occupancy
	w.endless = w.endless || f.Endless
}

func (w *weighed) mean() Yardstick {
	y := Yardstick{
		Level: share(w.level, w.calls), AbandonRate: share(w.abandoned, w.calls), Occupancy: share(w.occupancy, w.calls), Endless: w.endless,
	}
	if w.calls > 0 {
		y.Wait = span(w.wait / w.calls)
	}
	return y
}

// meanPatience is that of a queue's callers, 0 if nobody hung up.
func meanPatience(queue string, runs []*tally) time.Duration {
	var waited time.Duration
	hungUp := 0
	for _, t := range runs {
		q := t.queues[queue]
		waited += q.waited
		hungUp += q.abandoned + q.short
	}
	if hungUp == 0 {
		return 0
	}
	return max(waited/time.Duration(hungUp), time.Second)
}

// staff is how many agents a queue had in an hour.
func staff(defs queue.Definitions, id string, t *tally, n int) float64 {
	width := min(slice, t.to.Sub(t.from)-time.Duration(n)*slice)
	agents := 0.0
	for _, d := range defs.Agents {
		if !slices.Contains(d.Queues, id) {
			continue
		}
		work := 0.0
		for _, q := range d.Queues {
			if other := t.queues[q]; other != nil {
				work += other.busy.Seconds()
			}
		}
		part := 1 / float64(len(d.Queues))
		if work > 0 {
			part = t.queues[id].busy.Seconds() / work
		}
		agents += part * t.agents[d.ID].present[n].Seconds() / width.Seconds()
	}
	return agents
}

package sim

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"linekeeper/cdr"
)

// Caller is one call that will want a place.
type Caller struct {
	At       time.Time
	Queue    string
	Priority int
	Needs    []cdr.Need
	Language string
}

// Arrivals draws the callers of one run, in order of time.
type Arrivals func(r *rand.Rand, from, to time.Time) []Caller

// AsTold is the same callers at the same times in every run.
func AsTold(callers []Caller) Arrivals {
	return func(_ *rand.Rand, from, to time.Time) []Caller {
		var all []Caller
		for _, c := range callers {
			if !c.At.Before(from) && c.At.Before(to) {
				all = append(all, c)
			}
		}
		return byTime(all)
	}
}

// Alike draws callers like these, load times as many: a Poisson process whose
// rate in each stretch of time, so long, is what it was, and callers who want what
// callers of that stretch wanted.
func Alike(callers []Caller, load float64, every time.Duration) Arrivals {
	return func(r *rand.Rand, from, to time.Time) []Caller {
		alike := map[int64][]Caller{}
		for _, c := range callers {
			if !c.At.Before(from) && c.At.Before(to) {
				n := int64(c.At.Sub(from) / every)
				alike[n] = append(alike[n], c)
			}
		}
		var all []Caller
		for n := int64(0); from.Add(time.Duration(n) * every).Before(to); n++ {
			begin := from.Add(time.Duration(n) * every)
			width := min(every, to.Sub(begin))
			for range poisson(r, load*float64(len(alike[n]))) {
				c := alike[n][r.IntN(len(alike[n]))]
				c.At = begin.Add(time.Duration(r.Float64() * float64(width)))
				all = append(all, c)
			}
		}
		return byTime(all)
	}
}

// Steady is callers for one queue at a constant rate an hour.
func Steady(queue string, perHour float64) Arrivals {
	return func(r *rand.Rand, from, to time.Time) []Caller {
		var all []Caller
		gap := Exponential(time.Duration(float64(time.Hour) / perHour))
		for at := from.Add(gap(r)); at.Before(to); at = at.Add(gap(r)) {
			all = append(all, Caller{At: at, Queue: queue})
		}
		return all
	}
}

func byTime(callers []Caller) []Caller {
	slices.SortStableFunc(callers, func(a, b Caller) int { return a.At.Compare(b.At) })
	return callers
}

// poisson draws a number of events of this mean: by counting exponential gaps,
// in parts small enough not to underflow.
func poisson(r *rand.Rand, mean float64) int {
	n := 0
	for ; mean > 0; mean -= 100 {
		part := math.Min(mean, 100)
		for sum := r.ExpFloat64(); sum < part; sum += r.ExpFloat64() {
			n++
		}
	}
	return n
}

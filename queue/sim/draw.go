package sim

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Draw draws a length of time. Draws share nothing but the source they are given:
// one may serve several runs at once.
type Draw func(*rand.Rand) time.Duration

// Exponential draws with this mean: handle times and patience in the textbook.
func Exponential(mean time.Duration) Draw {
	return func(r *rand.Rand) time.Duration { return time.Duration(r.ExpFloat64() * float64(mean)) }
}

// Fixed is always the same.
func Fixed(d time.Duration) Draw { return func(*rand.Rand) time.Duration { return d } }

// Lived draws one of the times that were, each alike. Without any it is nil.
func Lived(times []time.Duration) Draw {
	if len(times) == 0 {
		return nil
	}
	times = slices.Sorted(slices.Values(times)) // by value, so that facts in another order draw the same
	return func(r *rand.Rand) time.Duration { return times[r.IntN(len(times))] }
}

// Forever is the patience of callers who never hang up.
const Forever = time.Duration(math.MaxInt64)

// Stay is how long one caller waited, and whether they hung up then. Of one who
// was answered it is only known that they would have waited longer.
type Stay struct {
	Waited time.Duration
	HungUp bool
}

// Patience draws how long callers wait before they hang up, from stays of which
// most ended by an answer: Kaplan and Meier's estimate (JASA 53, 1958). Beyond
// the longest hang-up it goes on exponentially, with the mean patience of all.
// Without a hang-up nobody ever does (nil).
func Patience(stays []Stay) Draw {
	stays = slices.Clone(stays)
	slices.SortFunc(stays, func(a, b Stay) int { return int(a.Waited - b.Waited) })
	mean := MeanPatience(stays)
	if mean == 0 {
		return nil
	}
	type step struct {
		at   time.Duration
		gone float64
	}
	var steps []step
	still := 1.0
	for i, s := range stays {
		if s.HungUp {
			still *= 1 - 1/float64(len(stays)-i)
			steps = append(steps, step{s.Waited, 1 - still})
		}
	}
	last := steps[len(steps)-1]
	return func(r *rand.Rand) time.Duration {
		u := r.Float64()
		at, _ := slices.BinarySearchFunc(steps, u, func(s step, u float64) int {
			if s.gone < u {
				return -1
			}
			return 1
		})
		if at < len(steps) {
			return steps[at].at
		}
		return last.at + Exponential(mean)(r)
	}
}

// MeanPatience is the mean of exponential patience that makes the stays likeliest:
// all waiting divided by the hang-ups; 0 if nobody hung up.
func MeanPatience(stays []Stay) time.Duration {
	var sum float64
	hungUp := 0
	for _, s := range stays {
		sum += s.Waited.Seconds()
		if s.HungUp {
			hungUp++
		}
	}
	if hungUp == 0 {
		return 0
	}
	return max(span(sum/float64(hungUp)), time.Second)
}

// draw is a draw that may be nil, and is never negative.
func draw(d Draw, r *rand.Rand, none time.Duration) time.Duration {
	if d == nil {
		return none
	}
	return max(d(r), 0)
}

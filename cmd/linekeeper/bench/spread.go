package bench

import (
	"math"
	"slices"
	"time"
)

// Spread is a distribution of times, in milliseconds.
type Spread struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_ms"`
	P90 float64 `json:"p90_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

// spreadOf sorts times and reads their quantiles.
func spreadOf(times []time.Duration) Spread {
	if len(times) == 0 {
		return Spread{}
	}
	slices.Sort(times)
	return Spread{
		N: len(times), P50: quantile(times, 0.50), P90: quantile(times, 0.90),
		P99: quantile(times, 0.99), Max: quantile(times, 1),
	}
}

// quantile is the nearest-rank quantile of sorted times, in milliseconds: the
// least value that q of all do not exceed.
func quantile(sorted []time.Duration, q float64) float64 {
	rank := int(math.Ceil(q * float64(len(sorted))))
	return ms(sorted[min(max(rank, 1), len(sorted))-1])
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// ratio is a over b, 0 when there is no b.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

package desk

import (
	"sync/atomic"
	"time"
)

// grain is the resolution of a histogram, reach the times it tells apart.
const (
	grain = 50 * time.Microsecond
	reach = 30 * time.Second
)

// histogram counts times, from many goroutines.
type histogram struct {
	counts [reach/grain + 1]atomic.Uint32
	most   atomic.Int64 // ns
}

func (h *histogram) add(d time.Duration) {
	h.counts[min(max(d, 0), reach)/grain].Add(1)
	for {
		most := h.most.Load()
		if int64(d) <= most || h.most.CompareAndSwap(most, int64(d)) {
			return
		}
	}
}

// Times are a distribution.
type Times struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

func (h *histogram) times() Times {
	total := 0
	for i := range h.counts {
		total += int(h.counts[i].Load())
	}
	return Times{N: total, P50: h.quantile(total, 0.50), P99: h.quantile(total, 0.99), Max: ms(time.Duration(h.most.Load()))}
}

// quantile is the upper end of the grain the quantile lies in, in ms.
func (h *histogram) quantile(total int, q float64) float64 {
	if total == 0 {
		return 0
	}
	rank, seen := max(int(q*float64(total)), 1), 0
	for i := range h.counts {
		if seen += int(h.counts[i].Load()); seen >= rank {
			return ms(time.Duration(i+1) * grain)
		}
	}
	return ms(reach)
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

package wait

import (
	"math"
	"time"
)

// Accuracy is predicted waits held against what came. It is a plain value of
// fixed size: the zero Accuracy is of no calls, and two may be merged. It is not
// safe for concurrent use.
type Accuracy struct {
	Told    int // with a range, and with an end that can be compared
	Silent  int // nothing could be told
	Within  int // the wait was inside the range
	Sooner  int // served sooner than told
	Later   int // waited longer than told
	Unknown int // left inside or before the range: nobody knows what would have come

	errors histogram // |wait − middle of the range|, of those answered
	bias   float64   // Σ (wait − middle), seconds, of those answered
	served int
}

// Answered folds a call in that was told low to high and answered after waited.
// A zero high says that nothing was told.
func (a *Accuracy) Answered(low, high, waited time.Duration) {
	if high <= 0 {
		a.Silent++
		return
	}
	a.Told++
	switch {
	case waited < low:
		a.Sooner++
	case waited > high:
		a.Later++
	default:
		a.Within++
	}
	off := waited.Seconds() - (low.Seconds()+high.Seconds())/2
	a.errors.add(math.Abs(off))
	a.bias += off
	a.served++
}

// Gone folds a call in that left its queue without an answer after waited. It
// tells something only if it had waited longer than told by then.
func (a *Accuracy) Gone(low, high, waited time.Duration) {
	switch {
	case high <= 0:
		a.Silent++
	case waited > high:
		a.Told++
		a.Later++
	default:
		a.Unknown++
	}
}

// Merge adds another's calls.
func (a *Accuracy) Merge(b Accuracy) {
	a.Told += b.Told
	a.Silent += b.Silent
	a.Within += b.Within
	a.Sooner += b.Sooner
	a.Later += b.Later
	a.Unknown += b.Unknown
	a.bias += b.bias
	a.served += b.served
	a.errors.merge(&b.errors)
}

// Share is the share of waits inside the range they were told, 0 to 1; it should
// be about Inside. ok is false when nothing was told.
func (a *Accuracy) Share() (share float64, ok bool) {
	if a.Told == 0 {
		return 0, false
	}
	return float64(a.Within) / float64(a.Told), true
}

// MedianError is how far from the middle of the range half of the waits ended,
// at most, within 5 %. ok is false when no call that was told was answered.
func (a *Accuracy) MedianError() (off time.Duration, ok bool) {
	if a.served == 0 {
		return 0, false
	}
	return seconds(a.errors.median()), true
}

// Bias is the mean of wait minus the middle of the range: above zero, callers
// wait longer than they are told.
func (a *Accuracy) Bias() (bias time.Duration, ok bool) {
	if a.served == 0 {
		return 0, false
	}
	return time.Duration(a.bias / float64(a.served) * float64(time.Second)), true
}

// histogram counts times in steps of 5 %, from a second to about three days.
type histogram struct {
	counts [steps]uint32
	total  int
}

const (
	steps = 260
	step  = 1.05
)

func (h *histogram) add(s float64) {
	at := 0
	if s > 1 {
		at = min(1+int(math.Log(s)/math.Log(step)), steps-1)
	}
	h.counts[at]++
	h.total++
}

func (h *histogram) merge(b *histogram) {
	for i, n := range b.counts {
		h.counts[i] += n
	}
	h.total += b.total
}

// median is the middle of the step in which the median lies.
func (h *histogram) median() float64 {
	seen := 0
	for i, n := range h.counts {
		seen += int(n)
		if 2*seen < h.total || n == 0 {
			continue
		}
		if i == 0 {
			return 0.5
		}
		return math.Pow(step, float64(i)-0.5)
	}
	return 0
}

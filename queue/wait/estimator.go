package wait

import (
	"math"
	"time"
)

// Window is how many of a queue's last calls are looked at; Least is how many
// there must be before anything is said.
const (
	Window = 200
	Least  = 10
)

// Low and High are the shares of callers who wait less than the two ends of a
// range: of a hundred told a range, 25 are served sooner, 55 within it, and 20
// later. The range leans to the long side: a caller forgives to be served early.
const (
	Low  = 0.25
	High = 0.80
)

// Inside is the share of waits that should fall inside the range.
const Inside = High - Low

// shortest is what is told at the least: a wait of nothing is never promised.
const shortest = time.Second

// Estimator knows how long calls of each queue lately kept an agent. It is owned
// by one goroutine.
type Estimator struct {
	recent map[string]*recent
}

// New is an Estimator that knows nothing yet.
func New() *Estimator { return &Estimator{recent: map[string]*recent{}} }

// Observe says that a call of a queue kept an agent for so long, from the offer
// or the answer to the end of the wrap-up. The oldest observation beyond Window
// is forgotten. Times that are not positive are not counted.
func (e *Estimator) Observe(queue string, took time.Duration) {
	if took <= 0 {
		return
	}
	r := e.recent[queue]
	if r == nil {
		r = &recent{}
		e.recent[queue] = r
	}
	r.add(took.Seconds())
}

// Forget drops what is known of a queue that is no more.
func (e *Estimator) Forget(queue string) { delete(e.recent, queue) }

// Observed is how many calls of the queue the range would be told from.
func (e *Estimator) Observed(queue string) int {
	if r := e.recent[queue]; r != nil {
		return r.n
	}
	return 0
}

// Range is how long a caller with so many before them will probably wait for one
// of so many agents, all busy now. Not each call before need take one of them: ahead is
// how many of theirs are taken in the mean. ok is false when that cannot be told: fewer
// than Least calls are known, or there is no agent. Neither end is ever zero.
func (e *Estimator) Range(queue string, ahead float64, agents int) (low, high time.Duration, ok bool) {
	r := e.recent[queue]
	if r == nil || r.n < Least || agents <= 0 {
		return 0, 0, false
	}
	mean, cv2 := r.moments()
	d := departure(max(ahead, 0)+1, agents, mean, cv2, r.n)
	low = max(seconds(d.quantile(zLow)), shortest)
	high = max(seconds(d.quantile(zHigh)), low)
	return low, high, true
}

// maxSeconds keeps absurd arguments inside a Duration: about a hundred years.
const maxSeconds = 100 * 365 * 24 * 3600

func seconds(s float64) time.Duration {
	return time.Duration(math.Min(s, maxSeconds) * float64(time.Second))
}

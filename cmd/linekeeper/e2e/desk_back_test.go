package e2e

import "time"

// rightPromised is how soon a page is right that is back, or whose server is.
const rightPromised = 5 * time.Second

// right tells how long after it was back a page is right. One that a busy machine kept
// from it for longer than is promised has at least tried all the time, to its board and
// with its phone.
func (p *page) right(back time.Time) {
	p.t.Helper()
	now := time.Now()
	took := now.Sub(back).Round(time.Millisecond)
	p.t.Logf("%s's page is right %s after it is back", p.name, took)
	if took <= rightPromised {
		return
	}
	ways := evaluate[[]way](p, "window.e2e.ways")
	for _, path := range []string{liveSocket, sipSocket} {
		if idle := idleFor(ways, path, back, now); idle > rightPromised {
			p.t.Errorf("%s's page is right only %s after it is back, and did not try %s for %s of them: %+v", p.name, took, path, idle, ways)
		}
	}
}

// way is a websocket that a page tried, in milliseconds since the epoch. One that is
// neither over nor open is being tried.
type way struct {
	Path        string
	Tried, Over float64
}

// idleFor is the longest time without any websocket to a path, open or tried.
func idleFor(ways []way, path string, from, to time.Time) (longest time.Duration) {
	at := func(ms float64) time.Time { return time.UnixMicro(int64(ms * 1000)) }
	for _, w := range ways { // in the order they were tried
		if w.Path != path {
			continue
		}
		if tried := at(w.Tried); tried.After(from) && tried.Before(to) {
			longest = max(longest, tried.Sub(from))
		}
		if w.Over == 0 {
			return longest
		}
		if over := at(w.Over); over.After(from) {
			from = over
		}
	}
	return max(longest, to.Sub(from))
}

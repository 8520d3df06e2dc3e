package e2e

import (
	"errors"
	"slices"
	"time"
)

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

// loaded is when the page was loaded: it has its document, and nothing else yet.
func (p *page) loaded() time.Time {
	p.t.Helper()
	const document = `performance.timeOrigin + performance.getEntriesByType("navigation")[0].responseEnd`
	return time.UnixMicro(int64(evaluate[float64](p, document) * 1000))
}

// way is a websocket that a page tried, or a question it asked, in milliseconds since the
// epoch. A websocket that is neither over nor open is being tried.
type way struct {
	Path        string
	Tried, Over float64
}

// tried is how many websockets to a path the page has tried in all.
func (p *page) tried(path string) int {
	p.t.Helper()
	return evaluate[int](p, `window.e2e.ways.filter((way) => way.path === "`+path+`").length`)
}

// askedWithin is how long a page's phone waits for its line's answer.
const askedWithin = 3 * time.Second

// keptItsLine waits until a page's phone, which has asked its line so many times whether
// it lives, has asked again and has its answer. It opens no other line then, unless a busy
// machine kept the answer from it for longer than it waits.
func (p *page) keptItsLine(asked, lines int) {
	p.t.Helper()
	var question way
	until(p.t, p.name+"'s phone's line is asked, and answers", patient, func() error {
		questions := p.asked()[asked:]
		if len(questions) == 0 {
			return errors.New("it is not asked")
		}
		if question = questions[0]; question.Over == 0 && question.took() < askedWithin {
			return errors.New("it does not answer")
		}
		return nil
	})
	p.t.Logf("%s's phone's line answers after %s", p.name, question.took())
	if n := p.tried(sipSocket); n != lines && question.took() < askedWithin {
		p.t.Errorf("%s's page has opened its phone's line anew, though it answered", p.name)
	}
}

// asked is each time the page's phone has asked its line whether it lives.
func (p *page) asked() []way {
	p.t.Helper()
	return evaluate[[]way](p, "window.e2e.asked")
}

// isAnswered asserts that a page's phone has ever had an answer to that.
func (p *page) isAnswered() {
	p.t.Helper()
	questions := p.asked()
	if !slices.ContainsFunc(questions, func(w way) bool { return w.Over > 0 }) {
		p.t.Errorf("%s's phone's line has answered none of %d questions", p.name, len(questions))
	}
}

// hungUpOn waits until the page's phone is told that its call is over.
func (p *page) hungUpOn() {
	p.t.Helper()
	until(p.t, p.name+"'s phone is told that the call is over", patient, func() error {
		if evaluate[bool](p, "window.linekeeperPeer !== undefined") {
			return errors.New("it is not")
		}
		return nil
	})
}

// took is how long it took, or takes.
func (w way) took() time.Duration {
	over := time.UnixMicro(int64(w.Over * 1000))
	if w.Over == 0 {
		over = time.Now()
	}
	return over.Sub(time.UnixMicro(int64(w.Tried * 1000)))
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

package queue

import (
	"time"

	"linekeeper/cdr"
)

// missedPause is how long an agent is left alone at the least when their phone
// could not be rung, or when they are always ready: trying it again at once would
// try it for ever.
const missedPause = 5 * time.Second

// failed is an offer the agent did not take. By the queue's rule they are left
// alone for a while or are not ready, so that no further caller waits for nobody;
// ready chosen while it rang changes nothing, or the same call would ring the
// same agent for ever.
func (f *Floor) failed(p *place, a *agent, outcome cdr.OfferOutcome) {
	a.Missed++
	rule := p.line.NoAnswer
	if outcome == cdr.OfferRejected {
		rule = p.line.Reject
	}
	if a.AlwaysReady && !a.gone {
		a.clearCall()
		pause := max(missedPause, rule.Delay)
		f.becomeUntil(a, cdr.NotReady, string(outcome), string(outcome), f.now.Add(pause))
		f.disappoint(p, a)
		f.rest(p)
		return
	}
	if rule.outOf(a.Missed) {
		if a.Next == "" || a.Next == cdr.Ready {
			a.Next, a.NextWhy = cdr.NotReady, string(outcome)
		}
		f.disappoint(p, a)
		f.settle(a, string(outcome))
		f.rest(p)
		return
	}
	delay := rule.Delay
	if outcome == cdr.OfferUnreachable {
		delay = max(delay, missedPause)
	}
	f.leaveAlone(a, delay)
	f.passOn(p, a, string(outcome))
}

// outOf says whether so many misses in a row make an agent not ready.
func (r MissRule) outOf(missed int) bool {
	if r.NotReadyAfter > 0 {
		return missed >= r.NotReadyAfter
	}
	return r.Delay <= 0
}

// leaveAlone keeps offers from an agent for a while.
func (f *Floor) leaveAlone(a *agent, long time.Duration) {
	if long <= 0 {
		return
	}
	a.Alone = f.now.Add(long)
	a.alone = true
	f.due.set(&a.aloneTimer, f.at(a.Alone))
}

// forgive forgets what an agent has missed, and leaves them alone no more. The
// caller tells what the agent is then.
func (f *Floor) forgive(a *agent) {
	a.Missed, a.alone, a.Alone = 0, false, time.Time{}
	f.due.stop(&a.aloneTimer)
}

// aloneOver ends the time in which an agent is left alone. It is not told: the
// definitions and the time say when.
func (f *Floor) aloneOver(a *agent) {
	a.alone, a.Alone = false, time.Time{}
	f.due.stop(&a.aloneTimer)
	f.refresh(a)
	f.feed(a)
}

package agentdesk

import (
	"time"

	"linekeeper/cdr"
)

// foldPlace folds a fact about the call's place in the queue it is in.
func (b *Board) foldPlace(c *call, f cdr.Fact, change *Change) bool {
	switch s := f.Story.(type) {
	case cdr.WaitEstimated:
		if s.Queue != c.Queue || c.Wait != nil {
			return false // as it was at entry, once
		}
		c.Wait = &Estimate{Place: s.Place, Low: seconds(s.Low), High: seconds(s.High), At: f.At}
	case cdr.PlaceResumed:
		if s.Queue != c.Queue {
			return false
		}
		c.Resumed = true
		b.restand(c, change, func() { c.EnteredAt = s.EnteredAt })
	case cdr.Reprioritised:
		if s.Queue != c.Queue {
			return false
		}
		b.restand(c, change, func() { c.Priority = s.Priority })
	case cdr.Preferred:
		c.keep(Kept{Agent: s.Agent, Rule: s.Rule, Until: s.Until, Ticket: s.Ticket})
	}
	return true
}

// keep notes for whom the call is kept; the newest word on an agent counts.
func (c *call) keep(k Kept) {
	for i := range c.Kept {
		if c.Kept[i].Agent == k.Agent {
			c.Kept[i] = k
			return
		}
	}
	c.Kept = append(c.Kept, k)
}

// restand changes what a place is ordered by.
func (b *Board) restand(c *call, change *Change, how func()) {
	q := b.queues[c.Queue]
	if q == nil || !c.InLine {
		how()
		return
	}
	b.outOfLine(c, change)
	how()
	b.intoLine(c, q, change)
}

// touchQueue says that the counts of the queue the call stands in have changed.
func (b *Board) touchQueue(c *call, change *Change) {
	if c.InLine {
		change.queues.add(c.Queue)
	}
}

// foldCallback folds a fact about the call's callback.
func (b *Board) foldCallback(c *call, f cdr.Fact, change *Change) bool {
	if s, asked := f.Story.(cdr.CallbackAsked); asked {
		c.Callback = &Callback{
			Number: s.Number, Mode: s.Mode, By: s.By, AskedAt: f.At, NotBefore: s.NotBefore, NotAfter: s.NotAfter,
		}
		b.touchQueue(c, change)
		return true
	}
	if c.Callback == nil {
		return false
	}
	switch s := f.Story.(type) {
	case cdr.CallbackDialled:
		c.Callback.Tries, c.Callback.Dialling, c.Callback.Again = s.Try, true, time.Time{}
	case cdr.CallbackReached:
		c.Callback.Dialling, c.Callback.ReachedAt = false, f.At
		b.touchQueue(c, change)
	case cdr.CallbackMissed:
		c.Callback.Dialling, c.Callback.Again = false, s.Again
	}
	return true
}

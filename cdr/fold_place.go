package cdr

import "time"

// applyPlace folds a fact about the call's place in line.
func (r *Record) applyPlace(f Fact) {
	switch s := f.Story.(type) {
	case WaitEstimated:
		if v := r.visit(s.Queue); v != nil && v.Place == 0 { // as it was at entry
			v.Place, v.EstimatedAt, v.Low, v.High = s.Place, f.At, s.Low, s.High
		}
	case Announced:
		if v := r.visit(s.Queue); v != nil {
			v.Announced++
		}
	case Overflowed:
		r.Overflows = append(r.Overflows, Overflow{Queue: s.Queue, Cause: s.Cause, To: s.To, Target: s.Target, Key: s.Key, At: f.At})
	case PlaceResumed:
		r.Resumed = &Resumed{Queue: s.Queue, From: s.From, EnteredAt: s.EnteredAt, At: f.At, Wish: s.Wish}
		if v := r.visit(s.Queue); v != nil {
			v.EnteredAt = s.EnteredAt
		}
	case Preferred:
		r.Preferred = append(r.Preferred, Preference{Agent: s.Agent, Rule: s.Rule, Until: s.Until, At: f.At, Ticket: s.Ticket})
	case Reprioritised:
		r.Priorities = append(r.Priorities, PriorityChange{Queue: s.Queue, From: s.From, Priority: s.Priority, By: s.By, Cause: s.Cause, At: f.At})
	}
}

// applyCallback folds a fact about the call's callback.
func (r *Record) applyCallback(f Fact) {
	if s, asked := f.Story.(CallbackAsked); asked {
		r.askCallback(f, s)
		return
	}
	c := r.Callback
	if c == nil {
		return
	}
	switch s := f.Story.(type) {
	case CallbackDialled:
		c.Tries, c.Again = max(c.Tries, s.Try), time.Time{}
	case CallbackReached:
		c.Tries = max(c.Tries, s.Try)
		if c.Outcome == CallbackWaiting {
			c.ReachedAt, c.Outcome = f.At, CallbackDone
		}
	case CallbackMissed:
		c.Tries, c.Again = max(c.Tries, s.Try), s.Again
	}
}

// askCallback notes the wish. Who was reached, waited in line again and asks once
// more is waited for again, since the first time they asked.
func (r *Record) askCallback(f Fact, s CallbackAsked) {
	at := f.At
	switch {
	case r.Callback != nil:
		at = r.Callback.AskedAt
	case !s.AskedAt.IsZero():
		at = s.AskedAt
	}
	if v := r.visit(s.Queue); v != nil {
		v.Callback = true
	}
	r.Callback = &Callback{
		Queue: s.Queue, Number: s.Number, Mode: s.Mode, By: s.By, AskedAt: at,
		NotBefore: s.NotBefore, NotAfter: s.NotAfter, Outcome: CallbackWaiting,
	}
}

// giveUpWish notes that the caller has given up, by a key in this call, the callback
// they had asked for in an earlier one.
func (r *Record) giveUpWish(f Fact, s QueueLeft) {
	if s.Cause != LeftCancelled || r.Callback != nil || r.Resumed == nil || r.Resumed.Wish == nil {
		return
	}
	w := r.Resumed.Wish
	r.Callback = &Callback{
		Queue: s.Queue, Number: w.Number, Mode: w.Mode, By: "key", AskedAt: w.AskedAt,
		NotBefore: w.NotBefore, NotAfter: w.NotAfter, OverAt: f.At, Outcome: CallbackCancelled,
	}
}

// left ends the wait for a callback when its place is given up. Moves and
// overflows do not: the place goes on in another queue. A nil callback is none.
func (c *Callback) left(at time.Time, cause LeaveCause) {
	switch cause {
	case LeftResumed:
		c.over(at, CallbackResumed)
	case LeftCancelled:
		c.over(at, CallbackCancelled)
	case LeftExpired:
		c.over(at, CallbackExpired)
	default: // it goes on elsewhere, or is being answered
	}
}

// over ends the wait, unless it is over already.
func (c *Callback) over(at time.Time, outcome CallbackOutcome) {
	if c != nil && c.Outcome == CallbackWaiting {
		c.OverAt, c.Outcome = at, outcome
	}
}

package queue

import "linekeeper/cdr"

// The factors of JoinEmpty and LeaveWhenEmpty are app_queue's (get_member_status
// in Asterisk's apps/app_queue.c). An agent counts as not there when one of the
// factors set is true of them; with every agent not there the queue is empty.
// What each is true of here:
//
//	paused       not ready, or will be after the call in hand
//	penalty      a tier outside the bounds that hold for the call now
//	inuse        talking, or in a call that is none of ours
//	ringing      offered a call
//	unavailable  signed in, and the phone is away
//	invalid      not signed in, or will be gone after the call in hand
//	unknown      nobody: a phone never heard of is tried, not guessed about
//	wrapup       wrapping up, talking with a wrap-up to follow, or left alone
//	             after a miss
//
// Only agents count who serve the queue or may be called in by a widening step,
// and who know what the call asks for after all widening: somebody who can never
// take this call is no reason to let it wait. (app_queue has no skills, so for a
// queue without any the answer is the same.) A call is not sent away while a
// phone rings for it or while it is kept for somebody, nor is a callback.

// absent is the factors true of an agent in a line, tiers aside.
func (a *agent) absent(l *line) Factors {
	var is Factors
	next := a.afterCall()
	if a.State == cdr.Offline || next == cdr.Offline {
		is |= FactorInvalid
	} else if a.phone() == cdr.PhoneAway {
		is |= FactorUnavailable
	}
	if a.State == cdr.NotReady || next == cdr.NotReady {
		is |= FactorPaused
	}
	if a.State == cdr.OfferedTo {
		is |= FactorRinging
	}
	if a.State == cdr.OnCall || a.phone() == cdr.PhoneInUse {
		is |= FactorInUse
	}
	wraps := a.wrapUpAfter(l).Mode
	if a.State == cdr.WrapUp || a.alone || a.State == cdr.OnCall && wraps != WrapUpNone && wraps != "" {
		is |= FactorWrapUp
	}
	return is
}

// nobody says whether the queue is empty for a call. there are the seats that no
// factor but the tier makes absent.
func (f *Floor) nobody(p *place, factors Factors, there set) bool {
	c := p.class
	if c == nil {
		f.widen(p)
		c = f.classOf(p)
	}
	return c.empty(factors, there)
}

func (c *class) empty(factors Factors, there set) bool {
	if factors&FactorPenalty == 0 {
		return !meet(c.ever, there)
	}
	for w := range there {
		if c.ever[w]&c.tier[w]&there[w] != 0 {
			return false
		}
	}
	return true
}

// empties sends callers away whom nobody is there any more to take: all of lines
// where an agent has gone, and those about whom something has changed.
func (f *Floor) empties() {
	for _, l := range f.emptied {
		l.emptied = false
		for _, c := range l.open {
			if c.callers > 0 && c.empty(l.LeaveWhenEmpty, l.stay) {
				f.suspects = append(f.suspects, c.waiting...)
			}
		}
	}
	f.emptied = f.emptied[:0]
	for _, p := range f.suspects {
		if !p.gone && f.abandonedByAll(p) {
			f.sendAway(p, cdr.LeftEmpty)
		}
	}
	f.suspects = f.suspects[:0]
}

func (f *Floor) abandonedByAll(p *place) bool {
	l := p.line
	return !f.held && l.LeaveWhenEmpty != 0 && !p.virtual && !p.kept && len(p.loans) == 0 && p.class.empty(l.LeaveWhenEmpty, l.stay)
}

// someoneLeft notes that an agent of a line has gone.
func (f *Floor) someoneLeft(l *line) {
	if !l.emptied && l.LeaveWhenEmpty != 0 && l.callers > 0 {
		l.emptied = true
		f.emptied = append(f.emptied, l)
	}
}

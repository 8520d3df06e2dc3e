package queue

import (
	"time"

	"linekeeper/cdr"
)

// wrapUpAfter is the wrap-up that follows an agent's calls of a queue: the
// agent's own, if they have one.
func (a *agent) wrapUpAfter(l *line) WrapUpRule {
	switch {
	case a.WrapUp != nil:
		return *a.WrapUp
	case l != nil:
		return l.WrapUp
	}
	return WrapUpRule{}
}

// talkOver ends an agent's part in a call and starts the wrap-up. Who only advised
// has none, and nothing to close: no TalkEnded is told of them.
func (f *Floor) talkOver(ev Event, e *TalkOver) {
	a := f.agents[e.Agent]
	who := part{call: e.Call, agent: e.Agent}
	if was, talks := f.leavers[who]; talks {
		delete(f.leavers, who)
		if e.Advised {
			return
		}
		emit(f, &f.made.closings, WrapUpOver{
			Call: e.Call, Offer: was.Offer, Since: f.now, Story: cdr.WrappedUp{Agent: e.Agent},
		})
		return
	}
	if a == nil || a.State != cdr.OnCall || a.Call != e.Call {
		f.refuse(ev, NotTalking)
		return
	}
	if e.Advised {
		f.endAdvice(a)
		return
	}
	if e.PhoneLost && !a.AlwaysReady && (a.Next == "" || a.Next == cdr.Ready) {
		a.Next, a.NextWhy = cdr.NotReady, ReasonPhoneLost
	}
	f.endTalk(a)
}

// ReasonPhoneLost is why an agent is not ready whose phone went in the middle of a talk.
const ReasonPhoneLost = "phone-lost"

func (f *Floor) endTalk(a *agent) {
	l := f.queues[a.Queue]
	if l != nil && !a.Answered.IsZero() {
		calls := 0
		if a.Asked {
			calls = 1 // which was not known before
		}
		f.tally(a, l, calls, f.now.Sub(a.Answered))
	}
	switch rule := a.wrapUpAfter(l); rule.Mode {
	case WrapUpTimed:
		f.becomeUntil(a, cdr.WrapUp, "", "talk over", f.now.Add(rule.For))
	case WrapUpTillClose:
		f.become(a, cdr.WrapUp, "", "talk over")
	default:
		f.endWrapUp(a, cdr.WrappedUp{}, "talk over")
		return
	}
	if a.gone && a.Until.IsZero() {
		f.endWrapUp(a, cdr.WrappedUp{}, "removed")
	}
}

// wrapUpDone closes the wrap-up as the agent said.
func (f *Floor) wrapUpDone(ev Event, a *agent, e *WrapUpDone) {
	if a.State != cdr.WrapUp || a.Call != e.Call {
		f.refuse(ev, NotInWrapUp)
		return
	}
	if e.Next == cdr.Ready || e.Next == cdr.NotReady {
		a.Next, a.NextWhy = e.Next, e.Reason
	}
	f.endWrapUp(a, cdr.WrappedUp{Disposition: e.Disposition, Note: e.Note}, "closed")
}

func (f *Floor) endWrapUp(a *agent, story cdr.WrappedUp, cause string) {
	f.closePart(a, story)
	f.settle(a, cause)
}

// closePart tells that an agent's part in the call in hand is closed. How long it
// took, from the answer on, says how long others will wait.
func (f *Floor) closePart(a *agent, story cdr.WrappedUp) {
	story.Agent = a.Agent.ID
	if a.State == cdr.WrapUp {
		story.Took = f.now.Sub(a.Since)
	}
	if !a.Answered.IsZero() && f.queues[a.Queue] != nil {
		f.waits.Observe(a.Queue, f.now.Sub(a.Answered))
	}
	emit(f, &f.made.closings, WrapUpOver{Call: a.Call, Offer: a.Taken, Since: a.Since, Story: story})
}

// tally adds to what an agent did in a queue today.
func (f *Floor) tally(a *agent, l *line, calls int, talked time.Duration) {
	if a.day != f.day {
		a.day, a.Day = f.day, f.dayName
		clear(a.Tally)
	}
	if a.Tally == nil {
		a.Tally = map[string]Tally{}
	}
	t := a.Tally[l.ID]
	t.Calls += calls
	t.Talked += talked
	a.Tally[l.ID] = t
	if s := l.seatOf(a); s != nil {
		s.today(f.day)
		s.calls, s.talked = int32(t.Calls), int64(t.Talked)
	}
}

// remind puts what an agent did today into their seats.
func (f *Floor) remind(a *agent) {
	for _, r := range a.seats {
		t := a.Tally[r.line.ID]
		s := &r.line.seats[r.at]
		s.day, s.calls, s.talked = a.day, int32(t.Calls), int64(t.Talked)
	}
}

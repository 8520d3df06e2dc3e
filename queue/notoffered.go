package queue

import "linekeeper/cdr"

// NotOffered says of a call that leaves a queue in which it was offered to nobody what
// kept each agent from it, as Floor.Explain does, as of then. A call that goes on where
// it was told to stand, moved or resumed, has not left for good.
type NotOffered struct {
	Call  cdr.CallID
	Queue string
	Stay  int // Enter.Stay
	Why   []cdr.Why
}

func (*NotOffered) effect() {}

// tellNotOffered tells it of a place about to be given up for a cause.
func (f *Floor) tellNotOffered(p *place, cause cdr.LeaveCause) {
	if p.offered || f.held || !forGood(cause) {
		return
	}
	if why := f.explainWait(p); len(why) > 0 {
		emit(f, &f.made.notOffered, NotOffered{Call: p.call, Queue: p.line.ID, Stay: p.stay, Why: why})
	}
}

// forGood says whether a place given up for a cause leaves a caller whom nobody of
// this queue got.
func forGood(cause cdr.LeaveCause) bool {
	switch cause {
	case cdr.LeftAbandoned, cdr.LeftLost, cdr.LeftKey, cdr.LeftFull, cdr.LeftJoinEmpty, cdr.LeftEmpty,
		cdr.LeftMaxWait, cdr.LeftClosed, cdr.LeftCancelled, cdr.LeftExpired:
		return true
	case cdr.LeftAnswered, cdr.LeftMoved, cdr.LeftResumed:
	}
	return false
}

// explainWait says what keeps each agent of its queue from a call, at most
// explainMost, those signed in first. It is good until the next step.
func (f *Floor) explainWait(p *place) []cdr.Why {
	if p.class == nil { // it was not let in
		f.widen(p)
		p.class = f.classOf(p)
		defer func() { p.class = nil }()
	}
	start := len(f.made.why)
	f.others(p, nil, start+explainMost)
	for i := range p.line.seats {
		s := &p.line.seats[i]
		if len(f.made.why) == start+explainMost {
			break
		}
		if s.member && !p.line.here.has(int32(i)) && !p.prefers(s.agent) {
			f.made.why = append(f.made.why, f.passedOver(p, s.agent, s))
		}
	}
	return f.made.why[start:len(f.made.why):len(f.made.why)]
}

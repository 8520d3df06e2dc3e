package queue

import "linekeeper/cdr"

// NotOffered says of a call that leaves a queue in which it was offered to nobody what
// kept each agent from it, as Floor.Explain does, as of then; More is how many others. A call that goes on where
// it was told to stand, moved or resumed, has not left for good.
type NotOffered struct {
	Call  cdr.CallID
	Queue string
	Stay  int // Enter.Stay
	Why   []cdr.Why
	More  int
}

func (*NotOffered) effect() {}

// tellNotOffered tells it of a place about to be given up for a cause.
func (f *Floor) tellNotOffered(p *place, cause cdr.LeaveCause) {
	if p.offered || f.held || !forGood(cause) {
		return
	}
	if why, more := f.explainWait(p); len(why) > 0 {
		emit(f, &f.made.notOffered, NotOffered{Call: p.call, Queue: p.line.ID, Stay: p.stay, Why: why, More: more})
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
// explainMost, those signed in first, and how many more there are. It is good until the
// next step.
func (f *Floor) explainWait(p *place) (why []cdr.Why, more int) {
	if p.class == nil { // it was not let in
		f.widen(p)
		p.class = f.classOf(p)
		defer func() { p.class = nil }()
	}
	start := len(f.made.why)
	more = f.others(p, nil, start+explainMost)
	for i := range p.line.seats {
		s := &p.line.seats[i]
		switch {
		case !s.member || p.line.here.has(int32(i)) || p.prefers(s.agent):
		case len(f.made.why) == start+explainMost:
			more++
		default:
			f.made.why = append(f.made.why, f.passedOver(p, s.agent, s))
		}
	}
	return f.made.why[start:len(f.made.why):len(f.made.why)], more
}

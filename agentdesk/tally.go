package agentdesk

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// tally is a queue's statistics of one day. Entries are counted where the place
// is given, for one told again is no second call.
type tally struct {
	Offered  int           `json:"offered"`  // entered
	Answered int           `json:"answered"` // left by an answer, callbacks not counted
	Within   int           `json:"within"`   // of those, within the target
	Counted  int           `json:"counted"`  // into the service level, by the formula of their time
	Left     int           `json:"left"`     // abandoned, short ones not counted
	Short    int           `json:"short"`    // abandoned below the threshold
	Waited   time.Duration `json:"waited_ns"`
	Longest  time.Duration `json:"longest_ns"`

	TurnedAway int `json:"turned_away"`
	SentOn     int `json:"sent_on"`
	ByKey      int `json:"by_key"`

	Asked   int `json:"asked"`   // to be called back
	Called  int `json:"called"`  // of these, an agent talked to
	Expired int `json:"expired"` // of these, not reached in time
}

// count counts a fact into the day's statistics, whether or not its call is
// still on the board.
func (b *Board) count(f cdr.Fact, change *Change) {
	switch s := f.Story.(type) {
	case cdr.QueueLeft:
		if q := b.queues[s.Queue]; q != nil {
			c := b.calls[f.Call]
			q.today.left(s, &q.def, c != nil && c.Callback != nil, c != nil && c.away())
			change.queues.add(s.Queue)
		}
	case cdr.CallbackAsked:
		c := b.calls[f.Call]
		if q := b.queues[s.Queue]; q != nil && (c == nil || c.Callback == nil) { // who asks once more has asked
			q.today.Asked++
			change.queues.add(s.Queue)
		}
	case cdr.Connected:
		b.countAgent(s.Agent, change, func(a *Agent) { a.Handled++ })
	case cdr.OfferEnded:
		if s.Outcome == cdr.OfferRingNoAns && !b.isOut(f.Call) {
			b.countAgent(s.Agent, change, func(a *Agent) { a.Missed++ })
		}
	}
}

// isOut says that a call is one an agent makes: to not take one's own is to miss none.
func (b *Board) isOut(id cdr.CallID) bool {
	c := b.calls[id]
	return c != nil && c.By != "" && len(c.Parts) == 0
}

// left counts a call that gave up its place: that of a callback, or one whose
// caller is away still. The waits of callbacks are none on the line, so they count
// neither into them nor into the service level. A call that was lost, or moved to
// another queue, is neither answered nor abandoned.
func (t *tally) left(s cdr.QueueLeft, def *queue.Definition, callback, away bool) {
	if !callback {
		t.Longest = max(t.Longest, s.Waited)
		if !away && def.Counts(s.Cause, s.Waited, s.Short) {
			t.Counted++
		}
	}
	switch s.Cause {
	case cdr.LeftAnswered:
		t.answered(s.Waited, def, callback)
	case cdr.LeftAbandoned:
		switch {
		case away: // its place went with the last try
		case s.Short:
			t.Short++
		default:
			t.Left++
		}
	case cdr.LeftFull, cdr.LeftJoinEmpty:
		t.TurnedAway++
	case cdr.LeftEmpty, cdr.LeftMaxWait, cdr.LeftClosed:
		t.SentOn++
	case cdr.LeftKey:
		t.ByKey++
	case cdr.LeftExpired:
		t.Expired++
	case cdr.LeftLost, cdr.LeftMoved, cdr.LeftResumed, cdr.LeftCancelled:
	}
}

func (t *tally) answered(waited time.Duration, def *queue.Definition, callback bool) {
	if callback {
		t.Called++
		return
	}
	t.Answered++
	t.Waited += waited
	if def.InTime(waited) {
		t.Within++
	}
}

package agentdesk

import (
	"time"

	"linekeeper/cdr"
)

// tally is a queue's statistics of one day. Entries are counted where the place
// is given, for one told again is no second call.
type tally struct {
	Offered  int           `json:"offered"`  // entered
	Answered int           `json:"answered"` // left by an answer
	Within   int           `json:"within"`   // of those, within the target
	Left     int           `json:"left"`     // abandoned, short ones not counted
	Short    int           `json:"short"`    // abandoned below the threshold
	Waited   time.Duration `json:"waited_ns"`
	Longest  time.Duration `json:"longest_ns"`
}

// count counts a fact into the day's statistics, whether or not its call is
// still on the board.
func (b *Board) count(f cdr.Fact, change *Change) {
	switch s := f.Story.(type) {
	case cdr.QueueLeft:
		if q := b.queues[s.Queue]; q != nil {
			q.today.left(s, q.def.Level)
			change.queues.add(s.Queue)
		}
	case cdr.Connected:
		b.countAgent(s.Agent, change, func(a *Agent) { a.Handled++ })
	case cdr.OfferEnded:
		if s.Outcome == cdr.OfferRingNoAns {
			b.countAgent(s.Agent, change, func(a *Agent) { a.Missed++ })
		}
	}
}

// left counts a call that gave up its place. One that was lost is neither
// answered nor abandoned.
func (t *tally) left(s cdr.QueueLeft, target time.Duration) {
	t.Longest = max(t.Longest, s.Waited)
	switch {
	case s.Cause == cdr.LeftAnswered:
		t.Answered++
		t.Waited += s.Waited
		if s.Waited <= target {
			t.Within++
		}
	case s.Cause == cdr.LeftAbandoned && s.Short:
		t.Short++
	case s.Cause == cdr.LeftAbandoned:
		t.Left++
	}
}

package restart

import (
	"cmp"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/linekeeper/bench"
)

// call is one call as the ledger tells it.
type call struct {
	id      cdr.CallID
	caller  string    // bench.Digits
	entered time.Time // since when it waits
	kept    time.Time // since when it waited, by how long that was when it left the line
	leg     string    // the agent's channel, once one is rung
	talks   bool
	back    []time.Time // each time a new controller took it back
	ended   int         // how often its end is told
	hungUp  bool        // by us
}

func (c *call) waits() bool { return !c.entered.IsZero() && c.kept.IsZero() && c.ended == 0 }

// story is what the ledger tells of the calls of one round.
type story struct {
	number string // the one they dial
	calls  map[cdr.CallID]*call
}

func newStory(number string) *story { return &story{number: number, calls: map[cdr.CallID]*call{}} }

// take takes one fact in.
func (s *story) take(f cdr.Fact) {
	if told, ok := f.Story.(cdr.Arrived); ok && told.Number == s.number {
		s.calls[f.Call] = &call{id: f.Call, caller: bench.Digits(told.Caller.Number)}
	}
	c := s.calls[f.Call]
	if c == nil {
		return
	}
	switch told := f.Story.(type) {
	case cdr.QueueEntered:
		if c.entered.IsZero() {
			c.entered = told.EnteredAt
		}
	case cdr.QueueLeft:
		c.kept = f.At.Add(-told.Waited)
	case cdr.Rung:
		c.leg = told.Channel
	case cdr.Connected:
		c.talks = true
	case cdr.TalkEnded:
		c.talks = false
	case cdr.Reclaimed:
		c.back = append(c.back, f.At)
	case cdr.Ended:
		c.talks, c.ended = false, c.ended+1
	}
}

// that are the calls of which something is true, by who has waited longest.
func (s *story) that(is func(*call) bool) []*call {
	var found []*call
	for _, c := range s.calls {
		if is(c) {
			found = append(found, c)
		}
	}
	slices.SortFunc(found, func(a, b *call) int { return cmp.Or(a.entered.Compare(b.entered), cmp.Compare(a.id, b.id)) })
	return found
}

func (s *story) talking() []*call { return s.that(func(c *call) bool { return c.talks }) }
func (s *story) waiting() []*call { return s.that((*call).waits) }

// over says that every call has ended.
func (s *story) over() bool {
	return len(s.that(func(c *call) bool { return c.ended == 0 })) == 0
}

// count is of how many something is true.
func count(calls []*call, is func(*call) bool) int {
	n := 0
	for _, c := range calls {
		if is(c) {
			n++
		}
	}
	return n
}

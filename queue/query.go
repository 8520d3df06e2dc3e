package queue

import (
	"maps"
	"time"

	"linekeeper/cdr"
)

// Deadline is when the next Tick is due; zero when nothing waits for time.
func (f *Floor) Deadline() time.Time {
	if len(f.due.heap) == 0 {
		return time.Time{}
	}
	return f.epoch.Add(time.Duration(f.due.heap[0].at))
}

// Agent tells one agent's state, as it would be saved.
func (f *Floor) Agent(id string) (SavedAgent, bool) {
	a := f.agents[id]
	if a == nil {
		return SavedAgent{}, false
	}
	saved := a.SavedAgent
	saved.Tally = maps.Clone(a.Tally)
	return saved, true
}

// Waiting is how many calls are in line in a queue, offered ones and callbacks
// included.
func (f *Floor) Waiting(queue string) int {
	if l := f.queues[queue]; l != nil {
		return l.order.len()
	}
	return 0
}

// Rank is a call's rank in its queue, 1 is next; 0 if it is not in line.
func (f *Floor) Rank(call cdr.CallID) int {
	if p := f.places[call]; p != nil {
		return p.line.order.rank(p)
	}
	return 0
}

// Standing is one place in line, as others may see it.
type Standing struct {
	Call      cdr.CallID
	Queue     string
	Rank      int
	EnteredAt time.Time
	Priority  int // with what widening has added, without ageing
	Offers    int // open ones
	Callback  bool
	Dialling  bool   // the customer is being dialled
	KeptFor   string // the agent, if it is kept for one
}

// Places are all calls of a queue in order. The slice is the caller's own.
func (f *Floor) Places(queue string) []Standing {
	l := f.queues[queue]
	if l == nil {
		return nil
	}
	all := make([]Standing, 0, l.order.len())
	l.order.walk(func(p *place) bool {
		s := Standing{
			Call: p.call, Queue: l.ID, Rank: len(all) + 1, EnteredAt: p.enteredAt,
			Priority: p.priority + l.stages[p.stage].raise, Offers: len(p.loans),
			Callback: p.virtual, Dialling: p.dialling,
		}
		if p.kept {
			s.KeptFor = p.keptFor()
		}
		all = append(all, s)
		return true
	})
	return all
}

// Callbacks are all places without a caller on the line, queue by queue in order.
func (f *Floor) Callbacks() []Standing {
	var all []Standing
	for _, l := range f.lines {
		for _, s := range f.Places(l.ID) {
			if s.Callback {
				all = append(all, s)
			}
		}
	}
	return all
}

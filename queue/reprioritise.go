package queue

import "linekeeper/cdr"

// Reprioritised tells a call that its place has another priority than it came
// with. The call keeps it, and brings it back after a crash (Enter.Priority). What
// widening and ageing add is not told: it follows from the definitions and the time.
type Reprioritised struct {
	Call     cdr.CallID
	Queue    string
	Stay     int // Enter.Stay
	From     int
	Priority int
	By       string // as Reprioritise has it
	Cause    cdr.PriorityCause
}

func (*Reprioritised) effect() {}

// reprioritise gives a waiting call another priority. Giving the one it has changes
// nothing.
func (f *Floor) reprioritise(ev Event, e *Reprioritise) {
	p := f.places[e.Call]
	if p == nil {
		f.refuse(ev, UnknownCall)
		return
	}
	if p.priority == e.Priority {
		return
	}
	f.unsort(p)
	p.line.order.remove(p)
	f.prioritise(p, e.Priority, e.By, cdr.PriorityGiven)
	p.rekey()
	p.line.order.insert(p)
	f.sort(p)
}

// prioritise gives a place that stands in no order a priority and tells its call.
func (f *Floor) prioritise(p *place, priority int, by string, cause cdr.PriorityCause) {
	if p.priority == priority {
		return
	}
	emit(f, &f.made.reprioritised, Reprioritised{
		Call: p.call, Queue: p.line.ID, Stay: p.stay, From: p.priority, Priority: priority, By: by, Cause: cause,
	})
	p.priority = priority
}

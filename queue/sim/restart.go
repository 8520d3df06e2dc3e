package sim

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// heldMost is how long a controller may take its calls back: longer than any does.
const heldMost = 30 * time.Second

// startsController says that a fact is the first of a controller.
func startsController(f cdr.Fact) bool {
	s, is := f.Story.(cdr.Redefined)
	return is && s.Cause == cdr.RedefinedAtStart
}

// restart: a controller starts where another has died or ended, and what that would
// have done since its last fact was not done. Until the calls are taken back nothing
// is offered.
func (r *replay) restart(at time.Time) {
	r.held = at.Add(heldMost)
	r.bring(at)
}

// release has the floor offer again, of which the facts do not tell when: by the first
// of them that a floor which is held would not have brought about.
func (r *replay) release(i int, f cdr.Fact) {
	if r.held.IsZero() || !f.At.After(r.held) && !r.day.decided(i) {
		return
	}
	r.held = time.Time{}
	r.step(f.At, queue.Reclaimed{})
}

// decided says that a fact tells of what only a floor does that is not held.
func (d *day) decided(i int) bool {
	switch s := d.facts[i].Story.(type) {
	case cdr.AgentChanged:
		return decides(s) || lentByName(s)
	case cdr.QueueEntered:
		return d.answered(i)
	case cdr.WaitEstimated:
		return true
	case cdr.QueueLeft:
		return sentOn(s.Cause)
	default:
		return false
	}
}

// answered says that the call that takes a place with fact i was told its rank, or
// turned away: while a floor is held it tells nobody.
func (d *day) answered(i int) bool {
	for _, f := range d.facts[i+1:] {
		if f.Call != d.facts[i].Call {
			continue
		}
		switch s := f.Story.(type) {
		case cdr.WaitEstimated:
			return true
		case cdr.QueueLeft:
			return sentOn(s.Cause)
		case cdr.QueueEntered:
			return false
		}
	}
	return false
}

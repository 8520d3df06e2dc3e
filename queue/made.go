package queue

import "linekeeper/cdr"

// made is the memory of a step's effects, used again in the next. When a slice
// grows, pointers into the old one stay good: nobody writes there any more.
type made struct {
	offers        []Offer
	unlent        []Unlent
	placed        []Placed
	reprioritised []Reprioritised
	outs          []Out
	announcements []Announce
	dials         []DialBack
	remembered    []Remember
	forgotten     []Forget
	withdrawn     []Withdraw
	changes       []AgentChange
	closings      []WrapUpOver
	refused       []Refused
	notOffered    []NotOffered

	overflows []Overflow
	why       []cdr.Why
	passed    []cdr.Passed
}

func (m *made) reset() {
	m.offers, m.placed, m.outs = m.offers[:0], m.placed[:0], m.outs[:0]
	m.announcements, m.dials = m.announcements[:0], m.dials[:0]
	m.remembered, m.forgotten = m.remembered[:0], m.forgotten[:0]
	m.withdrawn, m.changes, m.closings = m.withdrawn[:0], m.changes[:0], m.closings[:0]
	m.refused, m.reprioritised, m.unlent = m.refused[:0], m.reprioritised[:0], m.unlent[:0]
	m.notOffered = m.notOffered[:0]
	m.overflows, m.why, m.passed = m.overflows[:0], m.why[:0], m.passed[:0]
}

// emit adds an effect to what the step answers with.
func emit[T any, P interface {
	*T
	Effect
}](f *Floor, into *[]T, e T) {
	*into = append(*into, e)
	f.out = append(f.out, P(&(*into)[len(*into)-1]))
}

func (f *Floor) refuse(ev Event, why Refusal) {
	emit(f, &f.made.refused, Refused{Event: ev, Reason: why})
}

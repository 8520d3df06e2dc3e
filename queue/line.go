package queue

import (
	"cmp"
	"slices"

	"linekeeper/cdr"
)

// before orders the calls of a line: higher priority first, then the older
// place, then the call's ID so that the order is total.
func before(a, b *place) int {
	return cmp.Or(
		cmp.Compare(b.priority, a.priority),
		a.enteredAt.Compare(b.enteredAt),
		cmp.Compare(a.call, b.call),
	)
}

// enter gives a call its place. A known call only has its open offer confirmed.
func (f *Floor) enter(ev Enter) {
	l := f.queues[ev.Queue]
	if l == nil {
		f.refuse(ev, UnknownQueue)
		return
	}
	if f.places[ev.Call] != nil {
		return
	}
	p := &place{
		call: ev.Call, line: l, enteredAt: ev.EnteredAt, priority: ev.Priority,
		needs: ev.Needs, language: ev.Language, offers: ev.Offers,
	}
	f.places[ev.Call] = p
	at, _ := slices.BinarySearchFunc(l.waiting, p, before)
	l.waiting = slices.Insert(l.waiting, at, p)
	if ev.Open != nil && f.readopt(p, *ev.Open) {
		return
	}
	f.serve(p)
}

// leave takes a call out of line. An open offer ends with it.
func (f *Floor) leave(call cdr.CallID) {
	p := f.places[call]
	if p == nil {
		return
	}
	ln := p.loan
	f.drop(p)
	if ln != nil {
		f.giveBack(ln)
		f.settle(ln.agent, string(cdr.OfferCallerGone))
	}
}

// drop forgets a call's place.
func (f *Floor) drop(p *place) {
	delete(f.places, p.call)
	w := p.line.waiting
	if at, found := slices.BinarySearchFunc(w, p, before); found {
		p.line.waiting = slices.Delete(w, at, at+1)
	}
}

// serve looks for an agent for a waiting call: the one idle longest who may
// take it.
func (f *Floor) serve(p *place) {
	if f.held {
		return
	}
	var best *agent
	for _, a := range p.line.members {
		if a.State != cdr.Ready {
			continue
		}
		if may(a, p) && (best == nil || idleLonger(a, best)) {
			best = a
		}
	}
	if best != nil {
		f.offer(p, best)
	}
}

// feed looks for a call for an agent who has become ready: of all the agent's
// queues, the highest priority, then the oldest place.
func (f *Floor) feed(a *agent) {
	if f.held {
		return
	}
	var best *place
	for _, l := range a.queues {
		for _, p := range l.waiting {
			if p.loan != nil {
				continue
			}
			if best != nil && before(best, p) < 0 {
				break // nobody further back in this line comes first either
			}
			if may(a, p) {
				best = p
				break
			}
		}
	}
	if best != nil {
		f.offer(best, a)
	}
}

func idleLonger(a, b *agent) bool {
	return cmp.Or(a.IdleSince.Compare(b.IdleSince), cmp.Compare(a.Agent.ID, b.Agent.ID)) < 0
}

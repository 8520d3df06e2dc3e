package queue

import "linekeeper/cdr"

// enter gives a call its place. A known call only confirms it.
func (f *Floor) enter(ev Event, e *Enter) {
	if f.places[e.Call] != nil {
		return
	}
	l := f.queues[e.Queue]
	if l == nil {
		f.noQueue(ev, e)
		return
	}
	p := f.newPlace(l, e)
	resumed := f.resume(p)
	if cause := f.turnedAway(p); cause != "" && resumed.Resumed == "" {
		f.tellOut(p, cause)
		f.recycle(p)
		return
	}
	for _, w := range e.Preferred {
		f.addPreference(p, w)
	}
	f.stand(p)
	for _, open := range e.Open {
		f.readopt(p, open)
	}
	f.sort(p)
	if !f.held {
		f.tellPlaced(p, resumed)
		f.serve(p)
	}
	f.settled(p)
}

// noQueue refuses a call whose queue is not there, or no more after a crash: it
// goes on elsewhere, and phones that ring for it are called off.
func (f *Floor) noQueue(ev Event, e *Enter) {
	f.refuse(ev, UnknownQueue)
	for _, open := range e.Open {
		emit(f, &f.made.withdrawn, Withdraw{Offer: open.ID, Call: e.Call, Outcome: cdr.OfferWithdrawn})
	}
	emit(f, &f.made.outs, Out{Call: e.Call, Queue: e.Queue, Stay: e.Stay, Cause: cdr.LeftClosed})
}

// settled is the end of everything done about a place in line: its timer is set,
// and whether somebody is there to take it is looked at when the step is over.
func (f *Floor) settled(p *place) {
	if p.gone {
		return
	}
	f.rearm(p)
	if p.line.LeaveWhenEmpty != 0 {
		f.suspects = append(f.suspects, p)
	}
}

// newPlace is a place as a call asks for it, not in line yet.
func (f *Floor) newPlace(l *line, e *Enter) *place {
	p := f.freePlace()
	p.call, p.stay, p.caller, p.number, p.line = e.Call, e.Stay, e.Caller, e.Number, l
	p.enteredAt, p.entered, p.joined = e.EnteredAt, f.at(e.EnteredAt), f.t
	switch {
	case !e.Since.IsZero():
		p.joined = f.at(e.Since)
	case f.held:
		p.joined = p.entered
	}
	p.priority, p.offers = e.Priority, e.Offers
	p.offered = f.held && (e.Offers > 0 || e.Callback != nil && e.Callback.Tries > 0) // perhaps in another queue
	p.needs = f.names.needsOf(p.needs, e.Needs)
	p.language = f.names.languageOf(e.Language)
	if e.Callback != nil {
		p.await(f, *e.Callback, e.EnteredAt)
	}
	return p
}

// turnedAway says why the queue does not let a call in. Whoever stood in line
// before a crash is let in, and so is a callback: it takes no room, and somebody
// will be there another day.
func (f *Floor) turnedAway(p *place) cdr.LeaveCause {
	l := p.line
	switch {
	case f.held || p.virtual:
		return ""
	case l.Most > 0 && l.callers >= l.Most:
		return cdr.LeftFull
	case l.JoinEmpty != 0 && f.nobody(p, l.JoinEmpty, l.join):
		return cdr.LeftJoinEmpty
	}
	return ""
}

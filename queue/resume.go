package queue

import "linekeeper/cdr"

// keptPlace is the place of a caller who was cut off, until they ring back or the
// time is over.
type keptPlace struct {
	KeptPlace
	timer timer
}

// remember keeps the place of a caller whose line has gone, if the queue does so
// and the caller can be known again.
func (f *Floor) remember(p *place) {
	if p.caller == "" || p.line.Resume <= 0 || p.virtual || p.line.closed {
		return
	}
	f.keepPlace(KeptPlace{
		Call: p.call, Caller: p.caller, Queue: p.line.ID, EnteredAt: p.enteredAt,
		Priority: p.priority, Until: f.now.Add(p.line.Resume),
	})
	emit(f, &f.made.remembered, Remember{Kept: f.kept[number{p.line.ID, p.caller}].KeptPlace})
}

// keepPlace notes a remembered place. Of two of the same number the newer counts,
// unless the older has waited for longer.
func (f *Floor) keepPlace(k KeptPlace) {
	at := number{k.Queue, k.Caller}
	if old := f.kept[at]; old != nil {
		if old.EnteredAt.Before(k.EnteredAt) {
			k.EnteredAt = old.EnteredAt
		}
		f.forgetPlace(old)
	}
	kept := &keptPlace{KeptPlace: k}
	kept.timer = timer{what: resumeDue, who: kept}
	f.kept[at] = kept
	f.due.set(&kept.timer, f.at(k.Until))
}

// forgetPlace ends a remembered place.
func (f *Floor) forgetPlace(k *keptPlace) {
	delete(f.kept, number{k.Queue, k.Caller})
	f.due.stop(&k.timer)
	emit(f, &f.made.forgotten, Forget{Call: k.Call})
}

// recall puts back a place a dead controller remembered.
func (f *Floor) recall(e *Recall) {
	if f.queues[e.Kept.Queue] == nil || !e.Kept.Until.After(f.now) {
		emit(f, &f.made.forgotten, Forget{Call: e.Kept.Call})
		return
	}
	f.keepPlace(e.Kept)
}

// resume gives a call the place its caller has in the queue already: a callback's,
// or one from which they were cut off. It answers with the call that had it. Calls
// that come back after a crash have their own places.
func (f *Floor) resume(p *place) (from cdr.CallID) {
	if f.held || p.virtual || p.caller == "" {
		return ""
	}
	at := number{p.line.ID, p.caller}
	if old := f.callbacks[at]; old != nil {
		f.inherit(p, KeptPlace{EnteredAt: old.enteredAt, Priority: old.priority})
		f.withdrawAll(old)
		f.tellOut(old, cdr.LeftResumed)
		from = old.call
		f.drop(old)
		return from
	}
	if kept := f.kept[at]; kept != nil {
		f.inherit(p, kept.KeptPlace)
		f.forgetPlace(kept)
		return kept.Call
	}
	return ""
}

// inherit takes over what a place counts from and its priority, if those are
// better.
func (f *Floor) inherit(p *place, k KeptPlace) {
	if k.EnteredAt.Before(p.enteredAt) {
		p.enteredAt, p.entered = k.EnteredAt, f.at(k.EnteredAt)
	}
	f.prioritise(p, max(p.priority, k.Priority), "", cdr.PriorityResumed)
}

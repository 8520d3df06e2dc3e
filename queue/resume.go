package queue

// keptPlace is the place of a caller who was cut off, until they ring back or the
// time is over.
type keptPlace struct {
	KeptPlace
	timer timer
}

// remember keeps the place of a caller whose line has gone, if the queue does so
// and the caller can be known again.
func (f *Floor) remember(p *place) {
	if p.withheld() || p.line.Resume <= 0 || p.virtual || p.line.closed {
		return
	}
	kept := f.keepPlace(KeptPlace{
		Call: p.call, Caller: p.caller, Number: p.number, Queue: p.line.ID, EnteredAt: p.enteredAt,
		Priority: p.priority, Until: f.now.Add(p.line.Resume),
	})
	emit(f, &f.made.remembered, Remember{Kept: kept.KeptPlace})
}

// keepPlace notes a remembered place. Of two of the same number the newer counts,
// unless the older has waited for longer.
func (f *Floor) keepPlace(k KeptPlace) *keptPlace {
	for _, at := range k.numbers() {
		if old := f.kept[at]; old != nil && at.caller != "" {
			if old.EnteredAt.Before(k.EnteredAt) {
				k.EnteredAt = old.EnteredAt
			}
			f.forgetPlace(old)
		}
	}
	kept := &keptPlace{KeptPlace: k}
	kept.timer = timer{what: resumeDue, who: kept}
	for _, at := range k.numbers() {
		if at.caller != "" {
			f.kept[at] = kept
		}
	}
	f.due.set(&kept.timer, f.at(k.Until))
	return kept
}

// forgetPlace ends a remembered place.
func (f *Floor) forgetPlace(k *keptPlace) {
	for _, at := range k.numbers() {
		delete(f.kept, at)
	}
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

package queue

import "linekeeper/cdr"

// number is one that a caller rings from, in one queue. A caller is known again by
// the number they rang from, and by the one they asked to be called back on.
type number struct{ queue, caller string }

// knownBy makes a callback findable by one number. Those of one number in one queue
// hang together, the first asked for first.
type knownBy struct {
	at    number
	place *place
	next  *knownBy
}

// numbersOf are the numbers a caller is known by in a queue; those without a caller
// are none.
func numbersOf(queue, caller, asked string) [2]number {
	if asked == caller {
		asked = ""
	}
	return [2]number{{queue, caller}, {queue, asked}}
}

func (p *place) numbers() [2]number { return numbersOf(p.line.ID, p.caller, p.number) }

func (k *KeptPlace) numbers() [2]number { return numbersOf(k.Queue, k.Caller, k.Number) }

// withheld says that a place's caller cannot be known again.
func (p *place) withheld() bool { return p.caller == "" && p.number == "" }

// attach makes a callback findable by the numbers that may ring again.
func (f *Floor) attach(p *place) {
	if !p.virtual {
		return
	}
	for i, at := range p.numbers() {
		if at.caller != "" {
			p.known[i] = knownBy{at: at, place: p}
			f.hang(&p.known[i])
		}
	}
}

func (f *Floor) hang(k *knownBy) {
	last := f.callbacks[k.at]
	if last == nil {
		f.callbacks[k.at] = k
		return
	}
	for last.next != nil {
		last = last.next
	}
	last.next = k
}

func (f *Floor) detach(p *place) {
	for i := range p.known {
		if k := &p.known[i]; k.place != nil {
			f.unhang(k)
			*k = knownBy{}
		}
	}
}

func (f *Floor) unhang(k *knownBy) {
	before := f.callbacks[k.at]
	switch {
	case before != k:
		for before.next != k {
			before = before.next
		}
		before.next = k.next
	case k.next != nil:
		f.callbacks[k.at] = k.next
	default:
		delete(f.callbacks, k.at)
	}
}

// standing is the callback the caller of a place has in its queue already, nil if
// they have none. One asked for since the call came is somebody else's, who shares
// the number.
func (f *Floor) standing(p *place) *place {
	for _, at := range p.numbers() {
		for k := f.callbacks[at]; k != nil && at.caller != ""; k = k.next {
			if k.place != p && !k.place.wish.AskedAt.After(p.enteredAt) {
				return k.place
			}
		}
	}
	return nil
}

// keptFrom is the place the caller of a place was cut off from, nil if they were
// not.
func (f *Floor) keptFrom(p *place) *keptPlace {
	for _, at := range p.numbers() {
		if k := f.kept[at]; k != nil && at.caller != "" {
			return k
		}
	}
	return nil
}

// resume gives a call the place its caller has in the queue already: a callback's,
// or one from which they were cut off. It answers with the call that had it. Calls
// that come back after a crash have their own places. The place is to stand in no
// order.
func (f *Floor) resume(p *place) (r Resumption) {
	if f.held || p.withheld() {
		return r
	}
	if old := f.standing(p); old != nil {
		f.inherit(p, KeptPlace{EnteredAt: old.enteredAt, Priority: old.priority})
		r = Resumption{Resumed: old.call, Wish: old.wish, Number: old.number}
		f.withdrawAll(old)
		f.tellOut(old, cdr.LeftResumed)
		f.drop(old)
		return r
	}
	if kept := f.keptFrom(p); kept != nil {
		f.inherit(p, kept.KeptPlace)
		f.forgetPlace(kept)
		r.Resumed = kept.Call
	}
	return r
}

// inherit takes over what a place counts from and its priority, if those are
// better.
func (f *Floor) inherit(p *place, k KeptPlace) {
	if k.EnteredAt.Before(p.enteredAt) {
		p.enteredAt, p.entered = k.EnteredAt, f.at(k.EnteredAt)
	}
	f.prioritise(p, max(p.priority, k.Priority), "", cdr.PriorityResumed)
}

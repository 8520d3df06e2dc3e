package queue

// freePlace is memory for a place.
func (f *Floor) freePlace() *place {
	last := len(f.idlePlaces) - 1
	if last < 0 {
		p := &place{slot: -1}
		p.timer = timer{what: placeDue, who: p}
		return p
	}
	p := f.idlePlaces[last]
	f.idlePlaces = f.idlePlaces[:last]
	*p = place{
		slot: -1, needs: p.needs[:0], prefs: p.prefs[:0], loans: p.loans[:0],
		timer: timer{what: placeDue, who: p},
	}
	return p
}

// recycle gives a place's memory back after this step.
func (f *Floor) recycle(p *place) { f.buried = append(f.buried, p) }

// bury is called at the beginning of a step: nobody looks at the places any more
// that went in the one before.
func (f *Floor) bury() {
	f.idlePlaces = append(f.idlePlaces, f.buried...)
	clear(f.buried)
	f.buried = f.buried[:0]
	f.idleLoans = append(f.idleLoans, f.returned...)
	clear(f.returned)
	f.returned = f.returned[:0]
}

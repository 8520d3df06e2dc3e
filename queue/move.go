package queue

// move puts a call into another queue, once no phone rings for it any more.
func (f *Floor) move(ev Event, e *Move) {
	p, to := f.places[e.Call], f.queues[e.Queue]
	switch {
	case p == nil:
		f.refuse(ev, UnknownCall)
	case to == nil:
		f.refuse(ev, UnknownQueue)
	case to == p.line && p.moveTo == nil:
		// It stands there.
	case len(p.loans) > 0:
		p.moveTo = to
		f.withdrawAll(p)
		f.sort(p)
	default:
		p.moveTo = to
		f.moveNow(p)
	}
}

func (f *Floor) moveNow(p *place) {
	l, to := p.line, p.moveTo
	p.moveTo = nil
	f.unsort(p)
	f.declassify(p)
	l.order.remove(p)
	f.detach(p)
	f.forgetKept(p)
	if p.dialling { // that goes on
		f.stopDialling(p)
		p.dialling = true
		to.dialled++
	}
	if !p.virtual {
		l.callers--
	}
	p.line, p.joined, p.offered = to, f.t, false
	f.stand(p)
	f.sort(p)
	f.tellPlaced(p, Resumption{})
	f.serve(p)
	f.settled(p)
}

package queue

import "slices"

// class is all calls of a line that ask the same of an agent. Whether an agent
// may take them is found once for all.
type class struct {
	wants
	next *class // another with the same hash

	may  set // seats whose agents may take its calls
	tier set // seats whose tier may be asked
	ever set // seats whose agents may take them now or after some widening, tiers aside

	waiting pile // calls nobody rings for
	ringing pile // calls that ring and may ring at more phones (ring-all)
	dialled pile // callbacks that wait for their turn to have the customer dialled

	places  int // whose class this is, whether they may be offered now or not
	callers int // those of them with a caller on the line
	slot    int // in line.open, -1 when no call of it may be offered
}

// classOf finds or makes the class of a place.
func (f *Floor) classOf(p *place) *class {
	l := p.line
	w := wants{needs: p.needs, language: p.language, stage: p.stage, bound: p.bound}
	h := w.hash()
	for c := l.classes[h]; c != nil; c = c.next {
		if c.wants.equal(&w) {
			return c
		}
	}
	c := l.freeClass()
	needs := append(c.needs[:0], w.needs...)
	c.wants, c.next = w, l.classes[h]
	c.needs = needs
	l.classes[h] = c
	l.admit(c)
	return c
}

// freeClass is memory for a class.
func (l *line) freeClass() *class {
	if len(l.idleClasses) == 0 {
		l.sweep()
	}
	last := len(l.idleClasses) - 1
	if last < 0 {
		n := len(l.seats)
		return &class{slot: -1, may: newSet(n), ever: newSet(n)}
	}
	c := l.idleClasses[last]
	l.idleClasses = l.idleClasses[:last]
	return c
}

// admit finds who may take a class's calls.
func (l *line) admit(c *class) {
	c.tier = l.tiers[c.bound]
	l.able(c.may, &c.wants, int(c.stage))
	c.may.and(c.tier)
	l.able(c.ever, &c.wants, len(l.stages)-1)
}

// sweep takes the memory of classes without calls back, once they are many more
// than those with.
func (l *line) sweep() {
	const spare = 64
	if len(l.classes) < 2*l.order.len()+spare {
		return
	}
	for h, c := range l.classes {
		var kept *class
		for c != nil {
			next := c.next
			if c.places > 0 {
				c.next, kept = kept, c
			} else {
				c.next = nil
				l.idleClasses = append(l.idleClasses, c)
			}
			c = next
		}
		if kept == nil {
			delete(l.classes, h)
		} else {
			l.classes[h] = kept
		}
	}
}

// hash is FNV-1a over what is wanted.
func (w *wants) hash() uint64 {
	h := uint64(14695981039346656037)
	mix := func(v uint64) { h = (h ^ v) * 1099511628211 }
	mix(uint64(uint16(w.language)))
	mix(uint64(uint16(w.stage))<<16 | uint64(uint16(w.bound)))
	for _, n := range w.needs {
		mix(uint64(uint16(n.skill))<<8 | uint64(n.level))
	}
	return h
}

func (w *wants) equal(o *wants) bool {
	return w.language == o.language && w.stage == o.stage && w.bound == o.bound && slices.Equal(w.needs, o.needs)
}

// pileOf is the pile a place that may be offered belongs to.
func (c *class) pileOf(p *place) *pile {
	switch {
	case p.dials():
		return &c.dialled
	case len(p.loans) > 0:
		return &c.ringing
	}
	return &c.waiting
}

// sort puts a place where it belongs now: into its class's piles if it may be
// offered, else nowhere. Call it after any change of that.
func (f *Floor) sort(p *place) {
	f.unsort(p)
	if p.gone || p.kept || !p.offerable(f.t) {
		return
	}
	c := p.class
	p.pile = c.pileOf(p)
	p.pile.add(p)
	if c.slot < 0 {
		c.slot = len(p.line.open)
		p.line.open = append(p.line.open, c)
	}
}

// unsort takes a place out of its pile.
func (f *Floor) unsort(p *place) {
	if p.pile == nil {
		return
	}
	p.pile.take(p)
	p.pile = nil
	c, l := p.class, p.line
	if len(c.waiting)+len(c.ringing)+len(c.dialled) > 0 {
		return
	}
	last := l.open[len(l.open)-1]
	l.open[c.slot], last.slot = last, c.slot
	l.open = l.open[:len(l.open)-1]
	c.slot = -1
}

// classify gives a place the class of what it asks for now.
func (f *Floor) classify(p *place) {
	f.unsort(p)
	f.declassify(p)
	p.class = f.classOf(p)
	p.class.places++
	if !p.virtual {
		p.class.callers++
	}
}

func (f *Floor) declassify(p *place) {
	if c := p.class; c != nil {
		c.places--
		if !p.virtual {
			c.callers--
		}
		p.class = nil
	}
}

package queue

import "slices"

// serve looks for agents for a call: one, or with ring-all all who may have it.
func (f *Floor) serve(p *place) {
	for !f.held && p.offerable(f.t) {
		c := f.choose(p)
		if c.agent == nil {
			return
		}
		if !p.dials() {
			f.offer(p, c)
			continue
		}
		if p.kept || p.line.mayDial(p.class) {
			f.dialBack(p)
		}
		return
	}
}

// feed looks for a call for an agent who is free: of all calls they may take, the
// weightiest queue's, then the highest priority with its ageing, then the oldest.
// A call that rings already takes them only when no other waits for them.
func (f *Floor) feed(a *agent) {
	for !f.held && a.free {
		p := f.callFor(a)
		if p == nil {
			return
		}
		if p.dials() {
			f.dialBack(p)
			continue
		}
		f.offer(p, f.chosenBy(p, a))
	}
}

// chosenBy is how a call and an agent who looks for one have found each other.
func (f *Floor) chosenBy(p *place, a *agent) choice {
	c := choice{agent: a, rule: p.line.Strategy.rule(), seat: p.line.seatOf(a)}
	for _, w := range p.prefs {
		if w.agent == a {
			c.rule = w.rule
			break
		}
	}
	return c
}

// callFor is the call an agent is to have next.
func (f *Floor) callFor(a *agent) *place {
	var best *place
	for _, r := range a.seats {
		for _, c := range r.line.open {
			if !c.may.has(r.at) {
				continue
			}
			if len(c.waiting) > 0 && (best == nil || f.ahead(c.waiting[0], best)) {
				best = c.waiting[0]
			}
			if len(c.dialled) > 0 && (best == nil || f.ahead(c.dialled[0], best)) && r.line.mayDial(c) {
				best = c.dialled[0]
			}
		}
	}
	for _, p := range a.wanted {
		if (best == nil || f.ahead(p, best)) && p.offerable(f.t) && len(p.loans) == 0 && p.tried != a {
			best = p
		}
	}
	if best == nil {
		best = f.ringingFor(a)
	}
	return best
}

// ringingFor is a call that rings at others and may ring at this agent too.
func (f *Floor) ringingFor(a *agent) *place {
	var best *place
	for _, r := range a.seats {
		tier := r.line.seats[r.at].tier
		for _, c := range r.line.open {
			if !c.may.has(r.at) {
				continue
			}
			for _, p := range c.ringing {
				if tier <= p.ringingTier() && (best == nil || f.ahead(p, best)) {
					best = p
				}
			}
		}
	}
	return best
}

// ringingTier is the lowest tier a call rings in: others of a higher one do not
// join.
func (p *place) ringingTier() int32 {
	tier := int32(1<<31 - 1)
	for _, ln := range p.loans {
		if s := p.line.seatOf(ln.agent); s != nil {
			tier = min(tier, s.tier)
		}
	}
	return tier
}

// seatOf is an agent's seat in the line, nil if they have none.
func (l *line) seatOf(a *agent) *seat {
	for _, r := range a.seats {
		if r.line == l {
			return &l.seats[r.at]
		}
	}
	return nil
}

// serveAll looks for agents for all calls, whoever comes first first.
func (f *Floor) serveAll() {
	all := make([]*place, 0, len(f.places))
	for _, l := range f.lines {
		l.order.walk(func(p *place) bool {
			all = append(all, p)
			return true
		})
	}
	slices.SortFunc(all, func(a, b *place) int {
		if f.ahead(a, b) {
			return -1
		}
		return 1
	})
	for _, p := range all {
		if p.gone {
			continue
		}
		f.sort(p)
		f.serve(p)
		f.settled(p)
	}
}

package queue

import (
	"math/bits"

	"linekeeper/queue/wait"
)

// How much is looked at to tell a wait. What is beyond is taken to be like it.
const (
	lookedBefore = 16 // calls before one in its own line
	lookedAgents = 8  // agents who may take it
	lookedLines  = 6  // other lines these agents serve
	lookedFront  = 3  // first calls of each of those
)

// expect is how long a call will probably wait: zero if that cannot be told, or
// if somebody is free for it now. What counts are the agents who may take the
// call, now or when they come free, and the calls that one of those is given first:
// those before it in its line, and those of other lines.
func (f *Floor) expect(p *place) Wait {
	l, c := p.line, p.class
	if p.virtual || meet(c.may, l.ready) || f.waits.Observed(l.ID) < wait.Least {
		return Wait{}
	}
	agents := common(c.may, l.staff)
	low, high, ok := f.waits.Range(l.ID, p.competing(agents)+f.competingElsewhere(p, agents), agents)
	if !ok {
		return Wait{}
	}
	return Wait{Low: low, High: high}
}

// competing is how many of its agents, so many, the calls before a call in its line
// will take.
func (p *place) competing(agents int) float64 {
	l := p.line
	before, looked, taken := l.order.rank(p)-1, 0, 0.0
	l.order.walk(func(o *place) bool {
		if o == p || looked == lookedBefore {
			return false
		}
		looked++
		taken += l.takes(o.class, p.class, agents)
		return true
	})
	if looked == 0 {
		return 0
	}
	return taken * float64(before) / float64(looked)
}

// takes is how much of an agent a call of class o takes from one of class c, which
// has so many: whoever of the two pools comes free next is in both with this
// probability. A call that others may take too is mostly gone before, and one that is
// for a few of these alone mostly leaves the next to come free to the other.
func (l *line) takes(o, c *class, agents int) float64 {
	if o == c {
		return 1
	}
	theirs, both := 0, 0
	they, we := o.may[:len(l.staff)], c.may[:len(l.staff)]
	for w, staff := range l.staff {
		may := they[w] & staff
		theirs += bits.OnesCount64(may)
		both += bits.OnesCount64(may & we[w])
	}
	return jaccard(float64(both), theirs, agents)
}

// jaccard is the share of two pools that is in both of them.
func jaccard(both float64, one, other int) float64 {
	if both <= 0 {
		return 0
	}
	return both / (float64(one+other) - both)
}

// rival is another line some of whose calls go before one. Its memory is used again.
type rival struct {
	line  *line
	front []front
}

// front is one of a rival's first calls.
type front struct {
	may    set
	theirs int     // agents who may take it
	calls  float64 // that it stands for, with those behind
	both   int     // of the agents looked at
}

// competingElsewhere is how many of its agents, so many, calls of other lines will
// take before a call.
func (f *Floor) competingElsewhere(p *place, agents int) float64 {
	f.rivals = f.rivals[:0]
	every := (agents + lookedAgents - 1) / lookedAgents
	looked, met, passed := 0, 0, 0
	p.line.each(p.class.may, every, func(a *agent) {
		looked++
		m, n := f.meetRivals(p, a)
		met, passed = met+m, passed+n
	})
	if met == 0 {
		return 0
	}
	taken := 0.0
	for i := range f.rivals {
		for _, o := range f.rivals[i].front {
			both := min(float64(o.both*agents)/float64(looked), float64(min(o.theirs, agents)))
			taken += o.calls * jaccard(both, o.theirs, agents)
		}
	}
	return taken * float64(met+passed) / float64(met)
}

// each visits the agents of a set who are there, the first and then one in so many.
func (l *line) each(may set, every int, visit func(*agent)) {
	next := 0 // how many until the next
	for w, staff := range l.staff {
		left := may[w] & staff
		n := bits.OnesCount64(left)
		if next >= n {
			next -= n
			continue
		}
		for range n {
			if next == 0 {
				visit(l.seatAt(w, left).agent)
				next = every
			}
			next--
			left &= left - 1
		}
	}
}

// meetRivals counts an agent to the calls of other lines that they may take and that
// go before p. It says how many of these lines were met, and how many passed over.
func (f *Floor) meetRivals(p *place, a *agent) (met, passed int) {
	for _, r := range a.seats {
		if r.line == p.line {
			continue
		}
		rival := f.rivalOf(p, r.line)
		if rival == nil {
			passed++
			continue
		}
		met++
		for i := range rival.front {
			if rival.front[i].may.has(r.at) {
				rival.front[i].both++
			}
		}
	}
	return met, passed
}

// rivalOf is who goes before p in another line, looked for once; nil if enough lines
// have been looked at.
func (f *Floor) rivalOf(p *place, l *line) *rival {
	for i := range f.rivals {
		if f.rivals[i].line == l {
			return &f.rivals[i]
		}
	}
	n := len(f.rivals)
	if n == lookedLines {
		return nil
	}
	f.rivals = f.rivals[:n+1]
	r := &f.rivals[n]
	r.line, r.front = l, r.front[:0]
	before := f.aheadIn(l, p)
	looked := min(before, lookedFront)
	l.order.walk(func(o *place) bool {
		if len(r.front) == looked {
			return false
		}
		r.front = append(r.front, front{
			may: o.class.may, theirs: common(o.class.may, l.staff), calls: float64(before) / float64(looked),
		})
		return true
	})
	return r
}

// aheadIn is how many calls of another line an agent of both is given before p.
func (f *Floor) aheadIn(l *line, p *place) int {
	n := 0
	for t := l.order.root; t != nil; {
		if f.ahead(t, p) {
			n += 1 + t.tree.left.count()
			t = t.tree.right
		} else {
			t = t.tree.left
		}
	}
	return n
}

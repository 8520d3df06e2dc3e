package queue

import "cmp"

// before orders the calls of one line: the higher priority with what has been
// gained by waiting, then the older place, then the call's ID so that the order
// is total. All calls of a queue age alike, so the order of two never changes by
// itself: the key says once and for all who stands before whom.
func before(a, b *place) bool {
	switch {
	case a.key != b.key:
		return a.key > b.key
	case a.entered != b.entered:
		return a.entered < b.entered
	}
	return a.call < b.call
}

// point is a point of priority as keys count it.
const point = 1_000_000

// rekey computes what a place is ordered by: its points at the floor's beginning,
// as if it had aged since. Take the place out of its line and class before.
func (p *place) rekey() {
	p.key = int64(p.priority+p.line.stages[p.stage].raise)*point - p.line.aged(p.entered)
}

// aged is how many points a call of the line gains in a time, in keys' counting.
func (l *line) aged(ns int64) int64 {
	return int64(float64(ns) * l.ageing)
}

// ahead says whether the head of one line comes before another's for an agent of
// both: the weightier queue, then the points at this moment, then the older place.
func (f *Floor) ahead(a, b *place) bool {
	if a.line == b.line {
		return before(a, b)
	}
	if c := cmp.Or(
		cmp.Compare(b.line.Weight, a.line.Weight),
		cmp.Compare(b.key+b.line.aged(f.t), a.key+a.line.aged(f.t)),
		cmp.Compare(a.entered, b.entered),
	); c != 0 {
		return c < 0
	}
	return a.call < b.call
}

// order holds all places of a line, so that a rank is found without counting:
// a treap (Seidel and Aragon, Algorithmica 16, 1996) whose nodes are the
// places themselves.
type order struct{ root *place }

// branch is a place's part in its line's order.
type branch struct {
	left, right *place
	size        int    // of this place and all below
	chance      uint32 // heap order of the treap
}

func (p *place) count() int {
	if p == nil {
		return 0
	}
	return p.tree.size
}

func (p *place) sum() *place {
	p.tree.size = 1 + p.tree.left.count() + p.tree.right.count()
	return p
}

func (o *order) len() int { return o.root.count() }

func (o *order) insert(p *place) {
	p.tree.left, p.tree.right, p.tree.size = nil, nil, 1
	o.root = insert(o.root, p)
}

func insert(t, p *place) *place {
	switch {
	case t == nil:
		return p
	case p.tree.chance > t.tree.chance:
		p.tree.left, p.tree.right = split(t, p)
		return p.sum()
	case before(p, t):
		t.tree.left = insert(t.tree.left, p)
	default:
		t.tree.right = insert(t.tree.right, p)
	}
	return t.sum()
}

// split parts those before p from those after.
func split(t, p *place) (l, r *place) {
	if t == nil {
		return nil, nil
	}
	if before(t, p) {
		t.tree.right, r = split(t.tree.right, p)
		return t.sum(), r
	}
	l, t.tree.left = split(t.tree.left, p)
	return l, t.sum()
}

func (o *order) remove(p *place) { o.root = remove(o.root, p) }

func remove(t, p *place) *place {
	switch {
	case t == nil:
		return nil
	case t == p:
		return merge(t.tree.left, t.tree.right)
	case before(p, t):
		t.tree.left = remove(t.tree.left, p)
	default:
		t.tree.right = remove(t.tree.right, p)
	}
	return t.sum()
}

func merge(l, r *place) *place {
	switch {
	case l == nil:
		return r
	case r == nil:
		return l
	case l.tree.chance > r.tree.chance:
		l.tree.right = merge(l.tree.right, r)
		return l.sum()
	default:
		r.tree.left = merge(l, r.tree.left)
		return r.sum()
	}
}

// rank is where p stands, 1 is first.
func (o *order) rank(p *place) int {
	n := 1
	for t := o.root; t != nil && t != p; {
		if before(p, t) {
			t = t.tree.left
			continue
		}
		n += 1 + t.tree.left.count()
		t = t.tree.right
	}
	return n + p.tree.left.count()
}

// walk visits the places in order until visit answers false.
func (o *order) walk(visit func(*place) bool) { walk(o.root, visit) }

func walk(t *place, visit func(*place) bool) bool {
	return t == nil || walk(t.tree.left, visit) && visit(t) && walk(t.tree.right, visit)
}

// pile is some places of which the first is wanted: a binary heap in which each
// place knows its slot.
type pile []*place

func (h *pile) add(p *place) {
	*h = append(*h, p)
	p.slot = len(*h) - 1
	h.up(p.slot)
}

func (h *pile) take(p *place) {
	i, last := p.slot, len(*h)-1
	(*h)[i] = (*h)[last]
	(*h)[i].slot = i
	(*h)[last] = nil
	*h = (*h)[:last]
	if i < last {
		h.up(i)
		h.down(i)
	}
	p.slot = -1
}

func (h pile) up(i int) {
	for i > 0 {
		over := (i - 1) / 2
		if !before(h[i], h[over]) {
			return
		}
		h.swap(i, over)
		i = over
	}
}

func (h pile) down(i int) {
	for {
		first := i
		for _, below := range [2]int{2*i + 1, 2*i + 2} {
			if below < len(h) && before(h[below], h[first]) {
				first = below
			}
		}
		if first == i {
			return
		}
		h.swap(i, first)
		i = first
	}
}

func (h pile) swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].slot, h[j].slot = i, j
}

// mix scatters a number (Steele et al., SplitMix64, OOPSLA 2014).
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

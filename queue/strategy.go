package queue

import "linekeeper/cdr"

// rule is the word for how the strategy chooses.
func (s Strategy) rule() string {
	if s == "" {
		return cdr.RuleLongestIdle
	}
	return string(s)
}

// choice is an agent for a call and how they were chosen.
type choice struct {
	agent *agent
	rule  string
	seat  *seat // in the call's queue, nil if a preferred agent has none there
}

// choose finds the agent for a call: one it is kept for, else by the queue's
// strategy among those who are free and may take it, the lowest tier first.
func (f *Floor) choose(p *place) choice {
	if a, rule := p.preferred(); a != nil {
		return choice{agent: a, rule: rule, seat: p.line.seatOf(a)}
	}
	if p.kept {
		return choice{}
	}
	l, c := p.line, p.class
	tier, n, weight := l.lowestTier(c)
	if n == 0 || len(p.loans) > 0 && tier > p.ringingTier() {
		return choice{}
	}
	var s *seat
	switch l.Strategy {
	case Random:
		s = l.nth(c, tier, f.drawn(p)%uint64(n))
	case WeightedRandom:
		s = l.weighted(c, tier, f.drawn(p)%weight)
	default:
		s = f.best(p, tier)
	}
	return choice{agent: s.agent, rule: l.Strategy.rule(), seat: s}
}

// lowestTier is the lowest tier with somebody free for the class, how many they
// are there, and the sum of their weights.
func (l *line) lowestTier(c *class) (tier int32, n int, weight uint64) {
	for w := range l.ready {
		for x := c.may[w] & l.ready[w]; x != 0; x &= x - 1 {
			s := l.seatAt(w, x)
			switch {
			case n == 0 || s.tier < tier:
				tier, n, weight = s.tier, 1, s.agent.share()
			case s.tier == tier:
				n++
				weight += s.agent.share()
			}
		}
	}
	return tier, n, weight
}

// best is the one of a tier whom the strategy puts first.
func (f *Floor) best(p *place, tier int32) *seat {
	l := p.line
	var best *seat
	for w := range l.ready {
		for x := p.class.may[w] & l.ready[w]; x != 0; x &= x - 1 {
			if s := l.seatAt(w, x); s.tier == tier && (best == nil || f.rather(p, s, best)) {
				best = s
			}
		}
	}
	return best
}

// rather says whether the queue's strategy puts a before b for a call. Seats are
// in order of their agents' IDs, and the first of equals wins.
func (f *Floor) rather(p *place, a, b *seat) bool {
	x, y := f.figure(p, a), f.figure(p, b)
	if x != y {
		return x < y
	}
	return a.idle < b.idle
}

// figure is what the strategy compares, the least is first.
func (f *Floor) figure(p *place, s *seat) int64 {
	switch l := p.line; l.Strategy {
	case MostSkilled:
		return -int64(p.points(s.agent))
	case FewestCalls:
		return int64(s.today(f.day).calls)
	case LeastTalkTime:
		return s.today(f.day).talked
	case RoundRobin:
		if s.rank <= l.turn {
			return int64(s.rank) + int64(len(l.seats))
		}
		return int64(s.rank)
	case Linear:
		return int64(s.rank)
	default: // longest idle: what rather compares next
		return 0
	}
}

// points is the sum of an agent's levels in the skills a call needs.
func (p *place) points(a *agent) int {
	sum := 0
	for _, n := range p.needs {
		sum += int(a.level(n.skill))
	}
	return sum
}

// drawn is the chance of one offer: it hangs on the site's seed, the call and the
// number of the offer, so that the same day has the same chances.
func (f *Floor) drawn(p *place) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(p.call) {
		h = (h ^ uint64(p.call[i])) * 1099511628211
	}
	return mix(h ^ mix(f.seed+uint64(p.offers)))
}

func (l *line) nth(c *class, tier int32, k uint64) (found *seat) {
	for w := range l.ready {
		for x := c.may[w] & l.ready[w]; x != 0; x &= x - 1 {
			if s := l.seatAt(w, x); s.tier == tier {
				if k == 0 {
					return s
				}
				k--
			}
		}
	}
	return nil
}

func (l *line) weighted(c *class, tier int32, k uint64) (found *seat) {
	for w := range l.ready {
		for x := c.may[w] & l.ready[w]; x != 0; x &= x - 1 {
			if s := l.seatAt(w, x); s.tier == tier {
				if k < s.agent.share() {
					return s
				}
				k -= s.agent.share()
			}
		}
	}
	return nil
}

// share is an agent's weight with the strategy weighted-random.
func (a *agent) share() uint64 { return uint64(max(a.Weight, 1)) }

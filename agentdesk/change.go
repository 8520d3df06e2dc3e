package agentdesk

import (
	"maps"
	"slices"

	"linekeeper/cdr"
)

// Change says which entities a fact, or several, changed. It holds names, not
// values: what to tell is read off the board when it is told, so that changes
// can be united and the newest state is told once.
type Change struct {
	Seq    uint64 // ledger sequence of the newest fact in it
	agents set[string]
	queues set[string]
	calls  set[cdr.CallID]
	// left holds, for each agent, the calls that are no more theirs to see.
	left map[string]set[cdr.CallID]
}

type set[K comparable] map[K]struct{}

func (s *set[K]) add(k K) {
	if *s == nil {
		*s = make(set[K])
	}
	(*s)[k] = struct{}{}
}

func (s *set[K]) union(other set[K]) {
	for k := range other {
		s.add(k)
	}
}

// Empty says that nothing a desk shows has changed.
func (c *Change) Empty() bool {
	return len(c.agents) == 0 && len(c.queues) == 0 && len(c.calls) == 0
}

// Unite adds a newer change to this one.
func (c *Change) Unite(newer Change) {
	c.Seq = max(c.Seq, newer.Seq)
	c.agents.union(newer.agents)
	c.queues.union(newer.queues)
	c.calls.union(newer.calls)
	for agent, calls := range newer.left {
		for id := range calls {
			c.leave(agent, id)
		}
	}
}

func (c *Change) leave(agent string, id cdr.CallID) {
	if c.left == nil {
		c.left = make(map[string]set[cdr.CallID])
	}
	gone := c.left[agent]
	gone.add(id)
	c.left[agent] = gone
}

func sorted[K ~string](s set[K]) []K { return slices.Sorted(maps.Keys(s)) }

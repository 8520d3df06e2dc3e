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
	// leftQueue holds, for each queue, the calls that are no more of it.
	leftQueue map[string]set[cdr.CallID]
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
	for queue, calls := range newer.leftQueue {
		for id := range calls {
			c.leaveQueue(queue, id)
		}
	}
}

func (c *Change) leave(agent string, id cdr.CallID) { note(&c.left, agent, id) }

func (c *Change) leaveQueue(queue string, id cdr.CallID) { note(&c.leftQueue, queue, id) }

// note adds a call to those of a name.
func note(of *map[string]set[cdr.CallID], name string, id cdr.CallID) {
	if *of == nil {
		*of = make(map[string]set[cdr.CallID])
	}
	calls := (*of)[name]
	calls.add(id)
	(*of)[name] = calls
}

func sorted[K ~string](s set[K]) []K { return slices.Sorted(maps.Keys(s)) }

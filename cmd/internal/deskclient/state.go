package deskclient

import (
	"maps"
	"slices"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// State is all that the account may see, at one moment. It is a value: nobody
// changes it any more.
type State struct {
	Seq       uint64 // the ledger's; 0 before the first fact ever
	Connected bool   // false: the desk is away and this is what it said last
	Agents    map[string]agentdesk.Agent
	Queues    map[string]agentdesk.Queue
	Calls     map[cdr.CallID]agentdesk.Call
	// QueueOrder and AgentOrder are the order of the definitions.
	QueueOrder []string
	AgentOrder []string

	known bool   // a snapshot was there
	epoch string // what Seq belongs to
}

// after is the state after a snapshot or a delta.
func (s State) after(m message) State {
	if m.Type == "snapshot" {
		s.Agents, s.Queues, s.Calls, s.QueueOrder, s.AgentOrder, s.epoch = nil, nil, nil, nil, nil, m.Epoch
	}
	s.Seq, s.known = m.Seq, true
	s.Agents, s.AgentOrder = with(s.Agents, s.AgentOrder, m.Agents, func(a agentdesk.Agent) string { return a.ID })
	s.Queues, s.QueueOrder = with(s.Queues, s.QueueOrder, m.Queues, func(q agentdesk.Queue) string { return q.ID })
	s.Calls, _ = with(s.Calls, nil, m.Calls, func(c agentdesk.Call) cdr.CallID { return c.ID })
	for _, id := range m.Gone {
		delete(s.Calls, id)
	}
	return s
}

// with is a copy of a map, and of its order, with the entities put in.
func with[K comparable, V any](old map[K]V, order []K, put []V, id func(V) K) (map[K]V, []K) {
	next, order := maps.Clone(old), slices.Clone(order)
	if next == nil {
		next = make(map[K]V, len(put))
	}
	for _, v := range put {
		if _, there := next[id(v)]; !there {
			order = append(order, id(v))
		}
		next[id(v)] = v
	}
	return next, order
}

// CallOf is the call of an agent, if the account sees it.
func (s State) CallOf(agent string) (agentdesk.Call, bool) {
	c, ok := s.Calls[s.Agents[agent].Call]
	return c, ok
}

// OfferTo is the call offered to an agent now.
func (s State) OfferTo(agent string) (agentdesk.Call, bool) {
	for _, c := range s.Calls {
		if c.Offer != nil && c.Offer.Agent == agent {
			return c, true
		}
	}
	return agentdesk.Call{}, false
}

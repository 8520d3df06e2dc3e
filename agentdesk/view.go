package agentdesk

import (
	"slices"

	"linekeeper/cdr"
)

// View is a part of the board as one viewer may see it: all of it, or what a
// Change touched. Gone is empty in a whole view.
type View struct {
	Agents []Agent
	Queues []Queue
	Calls  []Call
	Gone   []cdr.CallID // calls that are no more to be seen
}

// Empty says that there is nothing to tell.
func (v *View) Empty() bool {
	return len(v.Agents) == 0 && len(v.Queues) == 0 && len(v.Calls) == 0 && len(v.Gone) == 0
}

// View is all the viewer may see: queues and agents in the order of their
// definitions, calls by ID, which is the order of their arrival.
func (b *Board) View(v Viewer) View {
	var out View
	for _, id := range b.agentOrder {
		if a := b.agents[id]; sees(v, a) {
			out.Agents = append(out.Agents, a.as(v))
		}
	}
	for _, id := range b.queueOrder {
		if v.SeesQueue(id) {
			out.Queues = append(out.Queues, b.queues[id].show())
		}
	}
	ids := make(set[cdr.CallID])
	for id, c := range b.calls {
		if seesCall(v, c) {
			ids.add(id)
		}
	}
	for _, id := range sorted(ids) {
		out.Calls = append(out.Calls, b.show(b.calls[id], v.Agent))
	}
	return out
}

// Delta is what the viewer may see of a change, as it stands now.
func (b *Board) Delta(change Change, v Viewer) View {
	var out View
	for _, id := range sorted(change.agents) {
		if a := b.agents[id]; sees(v, a) {
			out.Agents = append(out.Agents, a.as(v))
		}
	}
	for _, id := range sorted(change.queues) {
		if v.SeesQueue(id) {
			out.Queues = append(out.Queues, b.queues[id].show())
		}
	}
	b.deltaCalls(change, v, &out)
	return out
}

func (b *Board) deltaCalls(change Change, v Viewer, out *View) {
	gone := make(set[cdr.CallID])
	if !v.SeesAll() {
		gone.union(change.left[v.Agent])
		for queue, calls := range change.leftQueue {
			if v.Supervises(queue) {
				gone.union(calls)
			}
		}
	}
	for _, id := range sorted(change.calls) {
		c, on := b.calls[id]
		switch {
		case on && seesCall(v, c):
			out.Calls = append(out.Calls, b.show(c, v.Agent))
			delete(gone, id) // theirs again
		case v.SeesAll():
			gone.add(id)
		}
	}
	out.Gone = sorted(gone)
}

// Touched are the agents who have, or had, a call of the change. For all other
// agents of one Class the Delta is the same.
func (b *Board) Touched(change Change) map[string]struct{} {
	out := make(set[string])
	for agent := range change.left {
		out.add(agent)
	}
	for id := range change.calls {
		if c, on := b.calls[id]; on {
			for _, agent := range c.holders() {
				out.add(agent)
			}
		}
	}
	return out
}

// Live is one call on the board and whose it is.
type Live struct {
	Call    Call
	Holders []string // offered, asked in, talking or wrapping up: may see all of it
	Talking []string // may end it
	Calling []string // have a number rung, and may end that
	Closing []string // have a wrap-up to close
	Queues  []string // it is of: whose supervisors may see it
	Now     []string // it is in or talked for: whose supervisors may act on it
	// Took is the queue each agent who talked took it of: the script they follow.
	Took map[string]string
}

// Live returns a call that is on the board.
func (b *Board) Live(id cdr.CallID) (Live, bool) {
	c, on := b.calls[id]
	if !on {
		return Live{}, false
	}
	return Live{
		Call: b.show(c, ""), Holders: c.holders(), Talking: c.talking(), Calling: c.calling(),
		Closing: c.closing(), Queues: c.queues(), Now: c.now(), Took: c.took(),
	}, true
}

// Promised is how many calls an agent has promised that are still to be made.
func (b *Board) Promised(agent string) int {
	n := 0
	for _, c := range b.calls {
		if c.FollowUp != nil && c.FollowUp.Agent == agent && c.away() {
			n++
		}
	}
	return n
}

// Calls are those of the calls asked for that are on the board.
func (b *Board) Calls(ids []cdr.CallID) map[cdr.CallID]Call {
	out := make(map[cdr.CallID]Call, len(ids))
	for _, id := range ids {
		if c, on := b.calls[id]; on {
			out[id] = b.show(c, "")
		}
	}
	return out
}

// OfferTo returns the agent an open offer is for, and its call.
func (b *Board) OfferTo(offer cdr.OfferID) (agent string, call cdr.CallID, open bool) {
	id, open := b.offers[offer]
	if !open {
		return "", "", false
	}
	return b.calls[id].offer(offer).Agent, id, true
}

// Agent returns an agent as desks show them.
func (b *Board) Agent(id string) (Agent, bool) {
	a, ok := b.agents[id]
	if !ok {
		return Agent{}, false
	}
	return a.as(Viewer{}), true
}

// Supervises says whether the viewer watches over an agent that is on the board.
func (b *Board) Supervises(v Viewer, agent string) bool {
	a, on := b.agents[agent]
	return on && (v.SeesAll() || slices.ContainsFunc(a.Queues, v.Supervises))
}

func sees(v Viewer, a *agent) bool {
	return v.SeesAll() || a.ID == v.Agent || slices.ContainsFunc(a.Queues, v.SeesQueue)
}

// as is the agent as the viewer may see them.
func (a *agent) as(v Viewer) Agent {
	out := a.Agent
	if out.Refused != nil && !v.SeesAll() && !slices.ContainsFunc(a.Queues, v.Supervises) {
		out.Refused = nil
	}
	return out
}

// seesCall says that the viewer has the call, or supervises a queue it is of.
func seesCall(v Viewer, c *call) bool {
	return v.SeesAll() || slices.Contains(c.holders(), v.Agent) || slices.ContainsFunc(c.queues(), v.Supervises)
}

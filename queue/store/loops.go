package store

import (
	"slices"
	"strings"

	"linekeeper/cdr/numbers"
)

// checkOverflow refuses ways out of queues that lead round: a call sent on by
// them would never come to rest. A number of the site's own is such a way, too: over
// the trunk the call comes in again, as another, and nothing counts how often. Keys
// are not among them: pressing one is somebody's doing. Nor are callbacks: they are
// tried a few times and given up.
func (f *file) checkOverflow(defs *Definitions) {
	walk := loops{file: f, edges: f.waysOut(defs), state: map[string]int{}}
	for _, q := range defs.Floor.Queues {
		walk.visit(q.ID)
	}
}

// waysOut are the edges, those to a number of the site's own with the flow it leads
// to; who is called by any other number keeps the call.
func (f *file) waysOut(defs *Definitions) (ways []edge) {
	for _, e := range f.edges {
		if e.number == "" {
			ways = append(ways, e)
			continue
		}
		for _, own := range sortedKeys(defs.Numbers) {
			if region := defs.Floor.Dialling.Region; asDialled(own, region) == asDialled(e.number, region) {
				e.flow = defs.Numbers[own].Flow
				ways = append(ways, e)
			}
		}
	}
	return ways
}

// asDialled is a number in E.164 if it can be read so, however it is written
// ("0199000003", "+33199000003", "0033199000003"); else as it stands.
func asDialled(number, region string) string {
	if e164, ok := numbers.E164(number, region); ok {
		return e164
	}
	return number
}

// loops walks the ways out of queues, each queue once.
type loops struct {
	file  *file
	edges []edge
	state map[string]int // 1: on the path, 2: done
	path  []string       // "support-n1", "flow night", …
}

func (l *loops) visit(id string) {
	if l.state[id] != 0 {
		return
	}
	l.state[id] = 1
	l.path = append(l.path, id)
	for _, e := range l.edges {
		if e.from == id {
			l.leave(e)
		}
	}
	l.path = l.path[:len(l.path)-1]
	l.state[id] = 2
}

// leave goes one way out of a queue.
func (l *loops) leave(e edge) {
	from, to := len(l.path), []string{e.queue}
	if e.number != "" {
		l.path = append(l.path, "number "+e.number)
	}
	if e.flow != "" {
		l.path = append(l.path, "flow "+e.flow)
		to = l.leads(e.flow)
	}
	for _, queue := range to {
		l.follow(e, queue)
	}
	l.path = l.path[:from]
}

// leads are the queues a flow may put a call into that presses no key.
func (l *loops) leads(flow string) []string {
	if l.file.around.Leads == nil || !slices.Contains(l.file.flows, flow) {
		return nil
	}
	return l.file.around.Leads(flow)
}

// follow goes on to a queue, or complains that the walk has been there.
func (l *loops) follow(e edge, to string) {
	if l.state[to] != 1 {
		l.visit(to)
		return
	}
	round := append(slices.Clone(l.path[slices.Index(l.path, to):]), to)
	l.file.complain(e.at, "calls sent on would go round for ever: "+strings.Join(round, " → "),
		"let one of these queues send its calls elsewhere, or nowhere")
}

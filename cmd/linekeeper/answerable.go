package main

import (
	"slices"
	"sync"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
	"linekeeper/queue"
)

// answerable puts together what Asterisk knows of the agents' phones and what
// the phones' own pages say of themselves: a page whose microphone is gone, or
// that is asleep, is registered all the same, and would ring in vain. To the floor
// such a phone is away; the desk shows why (agentdesk/live).
//
// It stands between the calls and the floor, and lets everything else through.
type answerable struct {
	call.Floor
	defs func() *queue.Definitions

	mu   sync.Mutex // held while the floor is told, so that it hears in order
	seen map[string]cdr.PhoneState
	deaf map[string]bool
}

func newAnswerable(floor call.Floor, defs func() *queue.Definitions) *answerable {
	return &answerable{Floor: floor, defs: defs, seen: map[string]cdr.PhoneState{}, deaf: map[string]bool{}}
}

// Tell implements call.Floor.
func (a *answerable) Tell(ev queue.Event) {
	change, is := ev.(queue.PhoneChange)
	if !is || change.Desk { // a desk phone has no page
		a.Floor.Tell(ev)
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen[change.Agent] = change.Phone
	a.tell(change.Agent)
}

// CanAnswer implements live.Phones. A phone that is not in the page is none of the
// page's business.
func (a *answerable) CanAnswer(agent string, can bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if deaf := !can && a.inPage(agent); deaf != a.deaf[agent] {
		a.deaf[agent] = deaf
		a.tell(agent)
	}
}

func (a *answerable) inPage(agent string) bool {
	return slices.ContainsFunc(a.defs().Agents, func(one queue.Agent) bool {
		return one.ID == agent && one.Phone == queue.PhoneWebRTC
	})
}

func (a *answerable) tell(agent string) {
	phone := a.seen[agent]
	if phone == cdr.PhoneThere && a.deaf[agent] {
		phone = cdr.PhoneAway
	}
	a.Floor.Tell(queue.PhoneChange{Agent: agent, Phone: phone})
}

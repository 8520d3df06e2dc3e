package main

import (
	"fmt"
	"testing"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
	"linekeeper/queue"
)

// heardOnFloor writes down what the floor is told.
type heardOnFloor struct {
	call.Floor
	words []string
}

func (h *heardOnFloor) Tell(ev queue.Event) { h.words = append(h.words, fmt.Sprintf("%T%+v", ev, ev)) }

func (h *heardOnFloor) expect(t *testing.T, want ...string) {
	t.Helper()
	if fmt.Sprint(h.words) != fmt.Sprint(want) {
		t.Errorf("the floor heard %v, want %v", h.words, want)
	}
	h.words = nil
}

// A phone in a page rings only when Asterisk can reach it and the page could
// answer; a desk phone rings whatever the page beside it lacks.
func TestPhonesThatCannotAnswer(t *testing.T) {
	defs := queue.Definitions{Agents: []queue.Agent{
		{ID: "alice", Phone: queue.PhoneWebRTC, Desk: true}, {ID: "bruno", Phone: queue.PhoneSIP},
	}}
	floor := &heardOnFloor{}
	a := newAnswerable(floor, func() *queue.Definitions { return &defs })

	a.Tell(queue.PhoneChange{Agent: "alice"})
	floor.expect(t, "queue.PhoneChange{Agent:alice Desk:false Phone:}")
	a.CanAnswer("alice", false)
	floor.expect(t, "queue.PhoneChange{Agent:alice Desk:false Phone:away}")
	a.CanAnswer("alice", false)
	floor.expect(t)
	a.Tell(queue.PhoneChange{Agent: "alice", Phone: cdr.PhoneInUse}) // a call of their own
	floor.expect(t, "queue.PhoneChange{Agent:alice Desk:false Phone:off-queue}")
	a.Tell(queue.PhoneChange{Agent: "alice", Phone: cdr.PhoneThere})
	floor.expect(t, "queue.PhoneChange{Agent:alice Desk:false Phone:away}")
	a.CanAnswer("alice", true)
	floor.expect(t, "queue.PhoneChange{Agent:alice Desk:false Phone:}")

	// The desk phone beside it rings all the same.
	a.CanAnswer("alice", false)
	floor.expect(t, "queue.PhoneChange{Agent:alice Desk:false Phone:away}")
	a.Tell(queue.PhoneChange{Agent: "alice", Desk: true})
	floor.expect(t, "queue.PhoneChange{Agent:alice Desk:true Phone:}")

	a.CanAnswer("bruno", false)
	a.CanAnswer("nobody", false)
	floor.expect(t)
	a.Tell(queue.SignOut{Agent: "alice"})
	floor.expect(t, "queue.SignOut{Agent:alice}")
}

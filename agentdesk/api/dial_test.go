package api

import (
	"testing"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// Who has a number rung may end that before anybody answers, and nobody else may;
// afterwards the supervisors of the queue that it was for see what became of it.
func TestWhoCallsOutHangsUpAndIsSeen(t *testing.T) {
	h := newHouse()
	h.set(func() {
		live := agentdesk.Live{
			Call:    agentdesk.Call{ID: c2, State: agentdesk.Offered, Direction: cdr.Outward, By: "bruno", Queue: "n1"},
			Holders: []string{"bruno"}, Calling: []string{"bruno"}, Queues: []string{"n1"},
		}
		h.lives[c2] = live
		h.records[c3] = cdr.Record{Call: c3, Seq: 9, Outcome: cdr.OutcomeNotReached, Direction: cdr.Outward, By: "bruno", Queue: "n1"}
	})
	srv := serve(t, h.deps())
	as(t, srv, "alice").do("POST", "/api/v1/calls/"+c2+"/hangup", nil).expect(t, 403, "forbidden")
	as(t, srv, "bruno").do("POST", "/api/v1/calls/"+c2+"/hangup", nil).expect(t, 204, "")
	if did := h.done(); did != "bruno hangs up "+c2 {
		t.Errorf("did %s", did)
	}
	as(t, srv, "ines").do("GET", "/api/v1/calls/"+c3, nil).expect(t, 200, "")
	as(t, srv, "jules").do("GET", "/api/v1/calls/"+c3, nil).expect(t, 403, "forbidden")
}

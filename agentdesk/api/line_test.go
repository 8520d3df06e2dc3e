package api

import (
	"context"
	"strings"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// The house's line: c5 waits in n1, c6 in n2 to be called back, and a third that
// the board has not heard of yet.

func (h *house) Explain(_ context.Context, call cdr.CallID) (why []cdr.Why, more int, err error) {
	h.do("explain %s", call)
	if call != c5 && call != c6 {
		return nil, 0, &Refused{Reason: queue.UnknownCall}
	}
	return []cdr.Why{{Agent: "bruno", Name: "Bruno", Verdict: cdr.LacksSkill, Skill: "network", Have: 4, Need: 6, Relaxes: 90}}, 3, h.refusal()
}

func (h *house) Waiting(_ context.Context, id string) ([]queue.Standing, error) {
	switch id {
	case "n1":
		return []queue.Standing{{Call: c5, Queue: "n1", Rank: 1, Priority: 2, KeptFor: "alice"}, {Call: none, Queue: "n1", Rank: 2}}, h.refusal()
	case "n2":
		return []queue.Standing{{Call: c6, Queue: "n2", Rank: 1, Callback: true}}, h.refusal()
	}
	return nil, &Refused{Reason: queue.UnknownQueue}
}

func (h *house) Callbacks(context.Context) ([]queue.Standing, error) {
	return []queue.Standing{{Call: c6, Queue: "n2", Rank: 1, Callback: true}}, h.refusal()
}

func (h *house) Move(_ context.Context, call cdr.CallID, to string) error {
	h.do("move %s to %s", call, to)
	if to != "n1" && to != "n2" {
		return &Refused{Reason: queue.UnknownQueue}
	}
	return h.refusal()
}

func (h *house) CancelCallback(_ context.Context, call cdr.CallID) error {
	h.do("cancel %s", call)
	if call != c6 {
		return ErrNoCallback
	}
	return nil
}

func (h *house) Waits(_ context.Context, from, to time.Time) ([]agentdesk.WaitAccuracy, error) {
	h.do("waits from %s, to %v", from.Format(time.DateOnly), !to.IsZero())
	share := 75.0
	return []agentdesk.WaitAccuracy{{Queue: "n1", Answered: 5, Told: 4, Within: 3, Later: 1, Share: &share}}, h.dead()
}

func (h *house) SetPriority(_ context.Context, call cdr.CallID, priority int, by string) error {
	h.do("priority %d to %s by %s", priority, call, by)
	return h.refusal()
}

// lineOperations are those about who waits.
var lineOperations = []operation{
	{"getLine", "GET", []try{
		{who: "alice", path: "/queues/n1/line", status: 200, body1: `{"places":[{"call":"` + c5 + `","queue":"n1","place":1,"entered_at":"0001-01-01T00:00:00Z","priority":2,"wait":{"place":4,"low_s":60,"high_s":180,"at":"0001-01-01T00:00:00Z"},"kept_for":"alice"},{"call":"` + none + `"`},
		{who: "hugo", path: "/queues/n1/line", status: 200, body1: `"caller":{"number":"+33199000100"`},
		{who: "hugo", path: "/queues/n2/line", status: 200, body1: `"callback":{"number":"+33199000100"`},
		{who: "alice", path: "/queues/n2/line", status: 403, code: "forbidden"}, // not hers
		{who: "zoe", path: "/queues/n1/line", status: 403, code: "forbidden"},   // takes no calls
		{who: "alice", path: "/queues/n9/line", status: 403, code: "forbidden"},
		{who: "hugo", path: "/queues/n9/line", status: 404, code: "unknown-queue"},
		{path: "/queues/n1/line", status: 401, code: "signed-out"},
	}},
	{"listCallbacks", "GET", []try{
		{who: "hugo", path: "/callbacks", status: 200, body1: `{"places":[{"call":"` + c6},
		{who: "alice", path: "/callbacks", status: 200, body1: `{"places":[]}`}, // none in her queues
		{who: "zoe", path: "/callbacks", status: 403, code: "forbidden"},
		{path: "/callbacks", status: 401, code: "signed-out"},
	}},
	{"cancelCallback", "DELETE", []try{
		{who: "hugo", path: "/callbacks/" + c6, status: 204, did: "cancel " + c6, audit: "hugo cancel-callback " + c6},
		{who: "hugo", path: "/callbacks/" + c5, status: 409, code: "no-callback", did: "cancel " + c5},
		{who: "hugo", path: "/callbacks/" + none, status: 404, code: "unknown-call"},
		{who: "hugo", path: "/callbacks/" + c3, status: 404, code: "unknown-call"}, // over
		{who: "hugo", path: "/callbacks/7", status: 400, code: "bad-request"},
		{who: "alice", path: "/callbacks/" + c6, status: 403, code: "forbidden"},
		{who: "alice", path: "/callbacks/" + none, status: 403, code: "forbidden"},
		{path: "/callbacks/" + c6, status: 401, code: "signed-out"},
	}},
	{"setPriority", "PUT", []try{
		{who: "hugo", path: "/calls/" + c5 + "/priority", body: m{"priority": 9}, status: 204, did: "priority 9 to " + c5 + " by hugo", audit: "hugo set-priority " + c5 + " 9"},
		{who: "token", path: "/calls/" + c5 + "/priority", body: m{"priority": 0}, status: 204, did: "priority 0 to " + c5 + " by admin", audit: "admin set-priority " + c5 + " 0"},
		{who: "hugo", path: "/calls/" + c5 + "/priority", body: m{"priority": 10}, status: 400, code: "bad-request"},
		{who: "hugo", path: "/calls/" + c5 + "/priority", body: m{"priority": -1}, status: 400, code: "bad-request"},
		{who: "hugo", path: "/calls/" + c5 + "/priority", body: m{"priority": 1.5}, status: 400, code: "bad-request"},
		{who: "hugo", path: "/calls/" + none + "/priority", body: m{"priority": 1}, status: 404, code: "unknown-call"},
		{who: "alice", path: "/calls/" + c5 + "/priority", body: m{"priority": 9}, status: 403, code: "forbidden"},
		{who: "bruno", path: "/calls/" + c2 + "/priority", body: m{"priority": 9}, status: 403, code: "forbidden"}, // even offered to him
		{path: "/calls/" + c5 + "/priority", body: m{"priority": 1}, status: 401, code: "signed-out"},
	}},
	{"moveCall", "POST", []try{
		{who: "hugo", path: "/calls/" + c5 + "/move", body: m{"queue": "n2"}, status: 204, did: "move " + c5 + " to n2", audit: "hugo move-call " + c5 + " n2"},
		{who: "hugo", path: "/calls/" + c5 + "/move", body: m{"queue": "n9"}, status: 404, code: "unknown-queue", did: "move " + c5 + " to n9"},
		{who: "hugo", path: "/calls/" + none + "/move", body: m{"queue": "n2"}, status: 404, code: "unknown-call"},
		{who: "hugo", path: "/calls/" + c5 + "/move", body: m{"queue": ""}, status: 400, code: "bad-request"},
		{who: "alice", path: "/calls/" + c5 + "/move", body: m{"queue": "n2"}, status: 403, code: "forbidden"},
		{who: "bruno", path: "/calls/" + c2 + "/move", body: m{"queue": "n2"}, status: 403, code: "forbidden"},
		{path: "/calls/" + c5 + "/move", body: m{"queue": "n2"}, status: 401, code: "signed-out"},
	}},
	{"getWhy", "GET", []try{
		{who: "hugo", path: "/calls/" + c5 + "/why", status: 200, did: "explain " + c5, body1: `{"call":"` + c5 + `","queue":"n1","now":[{"agent":"bruno","name":"Bruno","verdict":"lacks-skill","skill":"network","have":4,"need":6,"relaxes":90}],"more":3,"offers":[{"id":"` + c5 + `-2","agent":"bruno","queue":"n1","at":"0001-01-01T00:00:00Z","outcome":"rejected","why":[{"agent":"bruno","name":"B","verdict":"chosen","rule":"linear"}]},{"id":"` + c5 + `-1"`, audit: "hugo see-call " + c5},
		{who: "bruno", path: "/calls/" + c5 + "/why", status: 200, did: "explain " + c5, body1: `"offers":[{"id":"` + c5 + `-2"`},       // was offered it
		{who: "alice", path: "/calls/" + c5 + "/why", status: 200, did: "explain " + c5, body1: `"relaxes":90}],"more":3,"offers":[]}`}, // waits in her queue
		{who: "alice", path: "/calls/" + c6 + "/why", status: 403, code: "forbidden"},                                                   // does not
		{who: "bruno", path: "/calls/" + c3 + "/why", status: 200, body1: `{"call":"` + c3 + `","offers":[],"left":[{"queue":"n2","at":"2026-03-02T09:05:00Z","cause":"max-wait","why":[{"agent":"alice","name":"Alice","verdict":"offline"}]}]}`},
		{who: "alice", path: "/calls/" + c3 + "/why", status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + c1 + "/why", status: 200, did: "explain " + c1, body1: `{"call":"` + c1 + `","offers":[]}`, audit: "hugo see-call " + c1}, // talks
		{who: "hugo", path: "/calls/" + none + "/why", status: 404, code: "unknown-call"},
		{path: "/calls/" + c5 + "/why", status: 401, code: "signed-out"},
	}},
	{"reportWaits", "GET", []try{
		{who: "hugo", path: "/reports/waits?from=2026-11-21T00:00:00Z", status: 200, did: "waits from 2026-11-21, to false", body1: `"share_percent":75`},
		{who: "hugo", path: "/reports/waits?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z", status: 200, did: "waits from 2026-11-21, to true"},
		{who: "hugo", path: "/reports/waits?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z", status: 400, code: "bad-period"},
		{who: "hugo", path: "/reports/waits", status: 400, code: "bad-request"},
		{who: "alice", path: "/reports/waits?from=2026-11-21T00:00:00Z", status: 403, code: "forbidden"},
		{path: "/reports/waits?from=2026-11-21T00:00:00Z", status: 401, code: "signed-out"},
	}},
}

// What the floor refuses is said, and not written into the audit log.
func TestLineRefusals(t *testing.T) {
	h := newHouse()
	hugo := as(t, serve(t, h.deps()), "hugo")
	h.audits()
	h.set(func() { h.refuse = queue.UnknownCall })
	hugo.do("PUT", "/api/v1/calls/"+c5+"/priority", m{"priority": 1}).expect(t, 409, "not-in-line")
	hugo.do("POST", "/api/v1/calls/"+c5+"/move", m{"queue": "n2"}).expect(t, 409, "not-in-line")
	if audit := h.audits(); audit != "" {
		t.Errorf("audited %q", audit)
	}
	h.set(func() { h.refuse, h.down = "", true })
	hugo.do("GET", "/api/v1/reports/waits?from=2026-11-21T00:00:00Z", nil).expect(t, 503, "unavailable")
	// The floor knows why a call waits while the records are away.
	if a := hugo.do("GET", "/api/v1/calls/"+c5+"/why", nil).expect(t, 200, ""); !strings.Contains(a.body, `"offers":[]`) {
		t.Errorf("explained as %s", a)
	}
}

// An agent sees that a caller of their queue is to be called back, not whom.
func TestCallbackNumberIsNotTheAgents(t *testing.T) {
	h := newHouse()
	h.lives[c5] = agentdesk.Live{Call: agentdesk.Call{
		ID: c5, Queue: "n1", Caller: cdr.Caller{Number: "+33199000100"}, Contact: &cdr.Contact{ID: "7", Name: "Zoé"},
		Callback: &agentdesk.Callback{Number: "+33199000100", Mode: cdr.AgentFirst},
	}}
	a := as(t, serve(t, h.deps()), "alice").do("GET", "/api/v1/queues/n1/line", nil).expect(t, 200, "")
	if !strings.Contains(a.body, `"callback":{"number":"","mode":"agent-first"`) || strings.Contains(a.body, "+33199") || strings.Contains(a.body, "Zoé") {
		t.Errorf("alice sees %s", a.body)
	}
	if h.lives[c5].Call.Callback.Number == "" {
		t.Error("hiding it changed the board's")
	}
}

package api

import (
	"context"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// reports are the house's figures.
type reports struct{ *house }

func (r reports) Callbacks(_ context.Context, from, to time.Time) ([]agentdesk.CallbackReport, error) {
	r.do("callbacks from %s, to %v", from.Format(time.DateOnly), !to.IsZero())
	return []agentdesk.CallbackReport{{Queue: "n1", Asked: 3, Reached: 2, Waiting: 1, Tries: 4, Waited: 61.5}}, r.dead()
}

func (r reports) Overflows(_ context.Context, from, to time.Time) ([]agentdesk.OverflowReport, error) {
	r.do("overflows from %s, to %v", from.Format(time.DateOnly), !to.IsZero())
	return []agentdesk.OverflowReport{{Queue: "n1", Cause: cdr.LeftMaxWait, To: cdr.ToQueue, Target: "n2", Calls: 7}}, r.dead()
}

func (r reports) LeftOut(_ context.Context, limit int) ([]agentdesk.LeftOut, error) {
	r.do("left out, %d", limit)
	return nil, r.dead()
}

// reportOperations are those that sum records up.
var reportOperations = []operation{
	{"reportCallbacks", "GET", []try{
		{who: "hugo", path: "/reports/callbacks?from=2026-11-21T00:00:00Z", status: 200, did: "callbacks from 2026-11-21, to false", body1: `"queue":"n1","asked":3,"waiting":1,"reached":2`},
		{who: "hugo", path: "/reports/callbacks?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z", status: 400, code: "bad-period"},
		{who: "hugo", path: "/reports/callbacks", status: 400, code: "bad-request"},
		{who: "alice", path: "/reports/callbacks?from=2026-11-21T00:00:00Z", status: 403, code: "forbidden"},
		{path: "/reports/callbacks?from=2026-11-21T00:00:00Z", status: 401, code: "signed-out"},
	}},
	{"reportOverflows", "GET", []try{
		{who: "hugo", path: "/reports/overflows?from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z", status: 200, did: "overflows from 2026-11-21, to true", body1: `{"overflows":[{"queue":"n1","cause":"max-wait","to":"queue","target":"n2","calls":7}]}`},
		{who: "hugo", path: "/reports/overflows?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z", status: 400, code: "bad-period"},
		{who: "alice", path: "/reports/overflows?from=2026-11-21T00:00:00Z", status: 403, code: "forbidden"},
		{path: "/reports/overflows?from=2026-11-21T00:00:00Z", status: 401, code: "signed-out"},
	}},
	{"reportLeftOut", "GET", []try{
		{who: "token", path: "/reports/left-out", status: 200, did: "left out, 100", body1: `{"left_out":[]}`, audit: "admin see-definitions left-out"},
		{who: "token", path: "/reports/left-out?limit=5", status: 200, did: "left out, 5"},
		{who: "token", path: "/reports/left-out?limit=0", status: 400, code: "bad-request"},
		{who: "hugo", path: "/reports/left-out", status: 403, code: "forbidden"},
		{path: "/reports/left-out", status: 401, code: "signed-out"},
	}},
}

package api

import (
	"net/http"
	"strings"
	"testing"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// try is one request and what must come of it.
type try struct {
	who    string // "" nobody, "token" a program
	path   string
	body   any
	status int
	code   string // of the problem
	body1  string // must be in the answer
	did    string // what the ports were asked
	audit  string
}

type m = map[string]any

type operation struct {
	id, method string
	tries      []try
}

// operations holds every operation of the contract: who may, who may not, and
// what is refused.
var operations = append(append(append(append(append(append(actOperations, recordingOperations...), lineOperations...), reportOperations...), peopleOperations...), contextOperations...), []operation{
	{"getSession", "GET", []try{
		{who: "alice", path: "/session", status: 200, body1: `"agent":"alice"`},
		{who: "hugo", path: "/session", status: 200, body1: `"role":"supervisor"`},
		{who: "token", path: "/session", status: 200, body1: `"name":"admin"`},
		{path: "/session", status: 401, code: "signed-out"},
	}},
	{"signIn", "POST", []try{
		{path: "/session", body: m{"name": "alice", "password": "pass word"}, status: 200, body1: `"display_name":"\u003cb\u003ealice`, audit: "alice sign-in password"},
		{path: "/session", body: m{"name": "alice", "password": "wrong"}, status: 401, code: "wrong-password", audit: "alice sign-in-refused DENIED"},
		{path: "/session", body: m{"name": "nobody", "password": "pass word"}, status: 401, code: "wrong-password", audit: "nobody sign-in-refused DENIED"},
		{path: "/session", body: m{"name": "left", "password": "pass word"}, status: 401, code: "wrong-password", audit: "left sign-in-refused DENIED"},
		{path: "/session", body: m{"name": "alice"}, status: 400, code: "bad-request"},
		{path: "/session", body: m{"name": strings.Repeat("a", 300), "password": "x"}, status: 400, code: "bad-request"},
		{path: "/session", body: m{"name": "alice", "password": "x", "role": "administrator"}, status: 400, code: "bad-request"},
	}},
	{"signOut", "DELETE", []try{
		{path: "/session", status: 401, code: "signed-out"},
		{who: "token", path: "/session", status: 204},
		{who: "hugo", path: "/session", status: 204, audit: "hugo sign-out"},
		{who: "alice", path: "/session", status: 204, did: "alice offline ", audit: "alice sign-out"},
	}},
	{"setLanguage", "PUT", []try{
		{who: "alice", path: "/session/language", body: m{"language": "en"}, status: 204},
		{who: "alice", path: "/session/language", body: m{"language": "de"}, status: 400, code: "bad-request"},
		{path: "/session/language", body: m{"language": "en"}, status: 401, code: "signed-out"},
	}},
	{"getDefinitions", "GET", []try{
		{who: "token", path: "/definitions", status: 200, body1: `"files":{"floor.yaml":"old"},"revision":"` + inForce + `","version":2}`, audit: "admin see-definitions version 2"},
		{who: "token", path: "/definitions?version=1", status: 200, body1: `"files":{"floor.yaml":"older"}`, audit: "admin see-definitions version 1"},
		{who: "token", path: "/definitions?version=9", status: 404, code: "unknown-version"},
		{who: "token", path: "/definitions?version=last", status: 400, code: "bad-request"},
		{who: "hugo", path: "/definitions", status: 403, code: "administrators-only"},
		{who: "alice", path: "/definitions", status: 403, code: "administrators-only"},
		{path: "/definitions", status: 401, code: "signed-out"},
	}},
	{"putDefinitions", "PUT", []try{
		{who: "token", path: "/definitions?base=" + inForce, body: m{"floor.yaml": "new"}, status: 200, body1: `"version":3`, did: "admin applies new", audit: "admin apply-definitions version 3 revision " + inForce + ", 1 changes"},
		{who: "token", path: "/definitions?dry_run=1&base=" + inForce, body: m{"floor.yaml": "new"}, status: 200, body1: `"act":"changed","fields":[{"field":"ring","from":"20s","to":"30s"}],"id":"n1","kind":"queue"`, did: "admin tries new"},
		{who: "token", path: "/definitions?base=" + strings.Repeat("0", 16), body: m{"floor.yaml": "new"}, status: 409, code: "definitions-changed", audit: "admin apply-definitions definitions have changed: version 2, revision " + inForce + " is in force FAILED"},
		{who: "token", path: "/definitions?base=" + inForce, body: m{"floor.yaml": "bad"}, status: 422, code: "definitions-refused", body1: `"column":5,"do":"mend it","file":"floor.yaml","line":2,"reason":"it is bad","snippet":"\u003e"`, audit: "admin apply-definitions definitions refused: 1 problems FAILED"},
		{who: "token", path: "/definitions?base=" + inForce, body: m{"floor.yaml": "no n1"}, status: 409, code: "queue-in-use", body1: "Queue n1 has 3 waiting", audit: "admin apply-definitions queue n1 has 3 waiting: give it an overflow FAILED"},
		{who: "token", path: "/definitions?base=" + inForce, body: m{"floor.yaml": "no disk"}, status: 503, code: "definitions-not-kept", audit: "admin apply-definitions the definitions could not be kept: disk full FAILED"},
		{who: "token", path: "/definitions", body: m{"floor.yaml": "new"}, status: 400, code: "bad-request"},
		{who: "token", path: "/definitions?base=" + inForce, body: m{"floor.yaml": 1}, status: 400, code: "bad-request"},
		{who: "token", path: "/definitions?base=" + inForce, body: []string{}, status: 400, code: "bad-request"},
		{who: "token", path: "/definitions?base=" + inForce, status: 400, code: "bad-request"},
		{who: "hugo", path: "/definitions?base=" + inForce, body: m{"floor.yaml": "new"}, status: 403, code: "administrators-only"},
		{who: "alice", path: "/definitions?base=" + inForce, body: m{"floor.yaml": "new"}, status: 403, code: "administrators-only"},
		{path: "/definitions?base=" + inForce, body: m{"floor.yaml": "new"}, status: 401, code: "signed-out"},
	}},
	{"getPhone", "GET", []try{
		{who: "alice", path: "/phone", status: 200, body1: `{"kind":"webrtc","path":"/sip","secret":"secret of alice","uri":"sip:alice@linekeeper","user":"alice"}`},
		{who: "bruno", path: "/phone", status: 200, body1: `{"kind":"sip","uri":"sip:bruno@linekeeper"}`},
		{who: "hugo", path: "/phone", status: 404, code: "no-phone"},
		{path: "/phone", status: 401, code: "signed-out"},
	}},
	{"getCatalogue", "GET", []try{
		{who: "alice", path: "/catalogue", status: 200, body1: `"reasons":[{"en":"lunch-en","fr":"lunch-fr","id":"lunch"}]`},
		{who: "alice", path: "/catalogue", status: 200, body1: `"rejections":[{"en":"busy-en","fr":"busy-fr","id":"busy"}]`},
		{who: "alice", path: "/catalogue", status: 200, body1: `"ticket_queues":{"n2":"Escalade"}`},
		{path: "/catalogue", status: 401, code: "signed-out"},
	}},
	{"setAgentState", "PUT", []try{
		{who: "alice", path: "/agents/me/state", body: m{"state": "ready"}, status: 200, body1: `"state":"ready"`, did: "alice ready "},
		{who: "alice", path: "/agents/alice/state", body: m{"state": "not-ready", "reason": "lunch"}, status: 200, body1: `"handled":3`, did: "alice not-ready lunch"},
		{who: "alice", path: "/agents/me/state", body: m{"state": "offline", "reason": "dropped"}, status: 200, did: "alice offline "},
		{who: "alice", path: "/agents/me/state", body: m{"state": "not-ready"}, status: 400, code: "unknown-reason"},
		{who: "alice", path: "/agents/me/state", body: m{"state": "not-ready", "reason": "<b>"}, status: 400, code: "unknown-reason"},
		{who: "alice", path: "/agents/me/state", body: m{"state": "connected"}, status: 400, code: "bad-request"},
		{who: "alice", path: "/agents/bruno/state", body: m{"state": "ready"}, status: 403, code: "forbidden"},
		{who: "hugo", path: "/agents/bruno/state", body: m{"state": "ready"}, status: 200, did: "bruno ready ", audit: "hugo set-state bruno ready"},
		{who: "token", path: "/agents/bruno/state", body: m{"state": "ready"}, status: 200, did: "bruno ready ", audit: "admin set-state bruno ready"},
		{who: "hugo", path: "/agents/nobody/state", body: m{"state": "ready"}, status: 404, code: "unknown-agent"},
		{who: "hugo", path: "/agents/me/state", body: m{"state": "ready"}, status: 404, code: "no-agent"},
		{path: "/agents/me/state", body: m{"state": "ready"}, status: 401, code: "signed-out"},
	}},
	{"rejectOffer", "POST", []try{
		{who: "bruno", path: "/offers/" + c2 + "-1/reject", status: 204, did: "bruno rejects " + c2 + "-1"},
		{who: "bruno", path: "/offers/" + c2 + "-1/reject", body: m{}, status: 204, did: "bruno rejects " + c2 + "-1"},
		{who: "bruno", path: "/offers/" + c2 + "-1/reject", body: m{"reason": "busy"}, status: 204, did: "bruno rejects " + c2 + "-1 busy"},
		{who: "bruno", path: "/offers/" + c2 + "-1/reject", body: m{"reason": "lunch"}, status: 400, code: "unknown-rejection"},
		{who: "hugo", path: "/offers/" + c2 + "-1/reject", status: 403, code: "forbidden"},
		{who: "bruno", path: "/offers/" + strings.Repeat("o", 65) + "/reject", status: 400, code: "bad-request"},
		{path: "/offers/" + c2 + "-1/reject", status: 401, code: "signed-out"},
	}},
	{"listCalls", "GET", []try{
		{who: "alice", path: "/calls", status: 200, body1: `{"calls":[]}`, did: "list 50 before false queue= agent=alice number="},
		{who: "alice", path: "/calls?agent=bruno", status: 403, code: "forbidden"},
		{who: "zoe", path: "/calls", status: 403, code: "forbidden"}, // takes no calls: has none
		{who: "hugo", path: "/calls?limit=200&before=2026-11-21T00:00:00Z&queue=n1&number=%2B33199000100", status: 200, did: "list 200 before true queue=n1 agent= number=+33199000100", audit: "hugo list-calls n1"},
		{who: "hugo", path: "/calls?limit=201", status: 400, code: "bad-request"},
		{who: "hugo", path: "/calls?before=yesterday", status: 400, code: "bad-request"},
		{who: "hugo", path: "/calls?queue=%00", status: 400, code: "control-characters"},
		{path: "/calls", status: 401, code: "signed-out"},
	}},
	{"getCall", "GET", []try{
		{who: "alice", path: "/calls/" + c1, status: 200, body1: `\u003cimg src=x`},
		{who: "bruno", path: "/calls/" + c1, status: 403, code: "forbidden"},
		{who: "bruno", path: "/calls/" + c3, status: 200, body1: `"outcome":"answered"`},
		{who: "alice", path: "/calls/" + c3, status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + c3, status: 200, audit: "hugo see-call " + c3},
		{who: "hugo", path: "/calls/" + none, status: 404, code: "unknown-call"},
		{who: "hugo", path: "/calls/7", status: 400, code: "bad-request"},
		{path: "/calls/" + c1, status: 401, code: "signed-out"},
	}},
	{"getHistory", "GET", []try{
		{who: "bruno", path: "/calls/" + c2 + "/history", status: 200, body1: c3, did: "history of +33199000100 but " + c2},
		{who: "alice", path: "/calls/" + c2 + "/history", status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + none + "/history", status: 404, code: "unknown-call"},
		{path: "/calls/" + c2 + "/history", status: 401, code: "signed-out"},
	}},
	{"getTickets", "GET", []try{
		{
			who: "alice", path: "/calls/" + c1 + "/tickets", status: 200,
			body1: `{"tickets":[{"system":"rt","ticket":"7","subject":"old"},{"system":"rt","ticket":"8","subject":"older","linked":true},{"system":"rt","ticket":"9","subject":"mine","linked":true}]}`,
		},
		{who: "bruno", path: "/calls/" + c1 + "/tickets", status: 403, code: "forbidden"},
		{who: "alice", path: "/calls/" + none + "/tickets", status: 404, code: "unknown-call"},
		{path: "/calls/" + c1 + "/tickets", status: 401, code: "signed-out"},
	}},
	{"addTicket", "POST", []try{
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{"subject": "<script>", "text": "a\nb"}, status: 201, body1: `"linked":true`, did: "create <script> for " + c1 + ": a\nb"},
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{"link": "8"}, status: 201, body1: `"ticket":"8"`},
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{"link": "404"}, status: 404, code: "unknown-ticket"},
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{}, status: 400, code: "ticket-or-link"},
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{"subject": "  "}, status: 400, code: "ticket-or-link"},
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{"subject": "x", "link": "8"}, status: 400, code: "ticket-or-link"},
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{"subject": "a\r\nb"}, status: 400, code: "control-characters"},
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{"subject": "a", "text": "\x00"}, status: 400, code: "control-characters"},
		{who: "alice", path: "/calls/" + c1 + "/tickets", body: m{"subject": strings.Repeat("é", 201)}, status: 400, code: "bad-request"},
		{who: "bruno", path: "/calls/" + c1 + "/tickets", body: m{"subject": "a"}, status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + c1 + "/tickets", body: m{"link": "8"}, status: 201, audit: "hugo add-ticket " + c1 + " 8"},
		{path: "/calls/" + c1 + "/tickets", body: m{"subject": "a"}, status: 401, code: "signed-out"},
	}},
	{"hangUp", "POST", []try{
		{who: "alice", path: "/calls/" + c1 + "/hangup", status: 204, did: "alice hangs up " + c1},
		{who: "bruno", path: "/calls/" + c1 + "/hangup", status: 403, code: "forbidden"},
		{who: "bruno", path: "/calls/" + c2 + "/hangup", status: 403, code: "forbidden"}, // only offered
		{who: "hugo", path: "/calls/" + c2 + "/hangup", status: 204, did: "hugo hangs up " + c2, audit: "hugo hang-up " + c2},
		{who: "alice", path: "/calls/" + c4 + "/hangup", status: 204}, // over for her
		{who: "alice", path: "/calls/" + none + "/hangup", status: 204},
		{path: "/calls/" + c1 + "/hangup", status: 401, code: "signed-out"},
	}},
	{"wrapUp", "POST", []try{
		{who: "alice", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved", "note": "ça va\n"}, status: 204, did: "alice closes " + c4 + `: solved, "ça va\n", then  `},
		{who: "alice", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved", "next": "ready", "reason": "lunch"}, status: 204, did: "alice closes " + c4 + `: solved, "", then ready `},
		{who: "alice", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved", "reason": "lunch"}, status: 204, did: "alice closes " + c4 + `: solved, "", then  `},
		{who: "alice", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved", "next": "not-ready", "reason": "lunch"}, status: 204, did: "alice closes " + c4 + `: solved, "", then not-ready lunch`},
		{who: "alice", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved", "next": "not-ready"}, status: 400, code: "unknown-reason"},
		{who: "alice", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "bored"}, status: 400, code: "unknown-disposition"},
		{who: "alice", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved", "note": "\x1b[31m"}, status: 400, code: "control-characters"},
		{who: "bruno", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved"}, status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved"}, status: 403, code: "forbidden"},
		{path: "/calls/" + c4 + "/wrap-up", body: m{"disposition": "solved"}, status: 401, code: "signed-out"},
	}},
}...)

func TestOperations(t *testing.T) {
	for _, o := range operations {
		t.Run(o.id, func(t *testing.T) {
			h := newHouse()
			srv := serve(t, h.deps())
			signed := map[string]*client{}
			for _, try := range o.tries {
				c := open(t, srv)
				switch {
				case try.who == "token":
					c.token = "lab"
				case try.who != "":
					if signed[try.who] == nil || o.id == "signOut" {
						signed[try.who] = as(t, srv, try.who)
					}
					c = signed[try.who]
				}
				h.done()
				h.audits()
				a := c.do(o.method, "/api/v1"+try.path, try.body).expect(t, try.status, try.code)
				if !strings.Contains(a.body, try.body1) {
					t.Errorf("%s: answered %s, want %s in it", try.path, a, try.body1)
				}
				if did := h.done(); did != try.did {
					t.Errorf("%s as %q: did %q, want %q", try.path, try.who, did, try.did)
				}
				audit := h.audits()
				if try.audit == "" && (try.code == "forbidden" || try.code == "administrators-only") && strings.HasSuffix(audit, " DENIED") {
					audit = "" // as every try at what one may not do
				} else if try.code == "forbidden" && try.audit == "" {
					t.Errorf("%s as %q: nothing says that it was tried", try.path, try.who)
				}
				if audit != try.audit {
					t.Errorf("%s as %q: audited %q, want %q", try.path, try.who, audit, try.audit)
				}
				if a.header.Get("Cache-Control") == "" {
					t.Errorf("%s may be cached", try.path)
				}
			}
		})
	}
}

// What the floor refuses becomes a problem, or nothing when it is as good as done.
func TestRefusals(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	alice := as(t, srv, "alice")
	for refusal, want := range map[queue.Refusal][2]int{ // reject, wrap up
		queue.UnknownOffer: {204, 500},
		queue.NotTheirs:    {403, 403},
		queue.NotInWrapUp:  {409, 409},
		queue.SignedOut:    {409, 409},
		queue.UnknownAgent: {404, 404},
	} {
		h.set(func() { h.refuse = refusal })
		alice.do("POST", "/api/v1/offers/x/reject", nil).expect(t, want[0], "")
		alice.do("POST", "/api/v1/calls/"+c4+"/wrap-up", m{"disposition": "solved"}).expect(t, want[1], "")
	}
}

// The fact of a linked ticket has the same ID however often it is asked for.
func TestTicketLinkedFact(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	for range 2 {
		alice.do("POST", "/api/v1/calls/"+c1+"/tickets", m{"subject": "VPN"}).expect(t, 201, "")
	}
	want := cdr.TicketLinked{System: "rt", Ticket: "42", Subject: "VPN", Agent: "alice", Created: true}
	if len(h.facts) != 2 || h.facts[0].ID != c1+"/ticket/rt/42" || h.facts[1].ID != h.facts[0].ID || h.facts[0].Story != want {
		t.Errorf("told %+v", h.facts)
	}
	h.set(func() { h.noLedger = true })
	alice.do("POST", "/api/v1/calls/"+c1+"/tickets", m{"link": "8"}).expect(t, 503, "unavailable")
}

func TestTicketSystemIsDown(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	h.set(func() { h.tickets = ErrTicketsDown })
	alice.do("GET", "/api/v1/calls/"+c1+"/tickets", nil).expect(t, 502, "ticket-system-down")
	alice.do("POST", "/api/v1/calls/"+c1+"/tickets", m{"link": "8"}).expect(t, 502, "ticket-system-down")
	h.set(func() { h.tickets = ErrLater })
	alice.do("POST", "/api/v1/calls/"+c1+"/tickets", m{"subject": "VPN"}).expect(t, http.StatusAccepted, "")
	if len(h.facts) != 0 {
		t.Errorf("told of a ticket that is not there: %+v", h.facts)
	}
}

func TestNoTicketSystem(t *testing.T) {
	h := newHouse()
	d := h.deps()
	d.Tickets = nil
	alice := as(t, serve(t, d), "alice")
	alice.do("GET", "/api/v1/calls/"+c1+"/tickets", nil).expect(t, 200, "")
	alice.do("POST", "/api/v1/calls/"+c1+"/tickets", m{"subject": "VPN"}).expect(t, 502, "no-ticket-system")
}

func TestDepsAreNeeded(t *testing.T) {
	if _, err := New(Deps{}); err == nil {
		t.Error("built out of nothing")
	}
}

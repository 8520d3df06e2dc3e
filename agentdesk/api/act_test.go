package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// c7 is alice's: she has put the caller on hold and asks bruno for advice, who has
// answered.
const c7 = "0199aaaa-0000-7000-8000-000000000007"

func consulting() agentdesk.Live {
	return agentdesk.Live{
		Call: agentdesk.Call{
			ID: c7, State: agentdesk.Connected, Caller: cdr.Caller{Number: "+33199000100"}, Agent: "alice",
			Hold:    &agentdesk.Hold{By: "alice"},
			Parties: []agentdesk.CallParty{{ID: "p1", Kind: cdr.PartyAgent, Target: "bruno", By: "alice", State: agentdesk.PartyIn, Consult: true}},
		},
		Holders: []string{"alice", "bruno"}, Talking: []string{"alice"}, Queues: []string{"n1"}, Now: []string{"n1"},
	}
}

func (h *house) Act(_ context.Context, call cdr.CallID, agent string, do Doing) error {
	words := []string{string(do.Act)}
	if do.Act == agentdesk.DoMute {
		words = append(words, fmt.Sprint(do.On))
	}
	for _, w := range []string{do.Party, do.Digits, do.Record, string(do.To.Kind), do.To.To, do.Tool, do.Code, string(do.How)} {
		if w != "" {
			words = append(words, w)
		}
	}
	for _, n := range do.To.Needs {
		words = append(words, fmt.Sprint(n.Skill, n.Level))
	}
	if do.Consult {
		words = append(words, "consult")
	}
	h.do("%s in %s: %s", agent, call, strings.Join(words, " "))
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.acts
}

func (h *house) Dial(_ context.Context, agent, queue, number string) (cdr.CallID, error) {
	h.do("%s calls %s for %s", agent, number, queue)
	h.mu.Lock()
	defer h.mu.Unlock()
	return c2, h.acts
}

func (h *house) FollowUp(_ context.Context, f FollowUp) (cdr.CallID, error) {
	h.do("%s promises %s of %s for %s at %s until %s: %q mine %t", f.Agent, f.Number, f.Of, f.Queue,
		f.At.UTC().Format(time.RFC3339), f.Until.UTC().Format(time.RFC3339), f.Note, f.Mine)
	h.mu.Lock()
	defer h.mu.Unlock()
	return c2, h.acts
}

// When alice promises to call again.
var (
	soon  = time.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	later = time.Now().Add(2 * time.Hour).UTC().Format(time.RFC3339)
)

// May is a site that lets Paris be dialled.
func (h *house) May(_ context.Context, d Dial) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.dials > 0:
		return "", &queue.DialRefusal{Number: d.Number, Why: queue.DialTooMany, Again: h.dials}
	case d.Number == "01 99 00 10 01" || d.Number == "+33199001001":
		return "+33199001001", nil
	case d.Number == "0899 70 00 00":
		return "", &queue.DialRefusal{Number: "+33899700000", Why: queue.DialPremium}
	case d.Number == "112":
		return "", &queue.DialRefusal{Number: d.Number, Why: queue.DialEmergency}
	}
	return "", &queue.DialRefusal{Number: d.Number, Why: queue.DialNotNumber}
}

func (d desk) Reply(_ context.Context, call cdr.CallID, r Reply) error {
	d.do("%s %s of %s is told of %s: %q", r.System, r.Ticket, call, r.About, r.Text)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tickets
}

func (d desk) Move(_ context.Context, call cdr.CallID, system, ticket, to string) error {
	d.do("%s %s of %s to %s", system, ticket, call, to)
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.tickets
}

// simple are the acts that are nothing but who and what: an agent on the call may, and
// nobody else.
func simple(id, path string, body m, did string) operation {
	at := func(call string) string { return "/calls/" + call + path }
	return operation{id, "POST", []try{
		{who: "alice", path: at(c1), body: body, status: 204, did: "alice in " + c1 + ": " + did},
		{who: "alice", path: at(c7), body: body, status: 204, did: "alice in " + c7 + ": " + did},
		{who: "bruno", path: at(c7), body: body, status: 403, code: "not-talking"}, // advises only
		{who: "alice", path: at(c4), body: body, status: 403, code: "not-talking"}, // wraps up
		{who: "bruno", path: at(c1), body: body, status: 403, code: "forbidden"},
		{who: "zoe", path: at(c1), body: body, status: 403, code: "forbidden"},
		{who: "hugo", path: at(c1), body: body, status: 403, code: "forbidden"}, // not even who supervises it
		{who: "ines", path: at(c1), body: body, status: 403, code: "forbidden"},
		{who: "alice", path: at(none), body: body, status: 403, code: "forbidden"},
		{who: "alice", path: "/calls/7" + path, body: body, status: 400, code: "bad-request"},
		{path: at(c1), body: body, status: 401, code: "signed-out"},
	}}
}

// with adds tries to an operation.
func (o operation) with(more ...try) operation {
	o.tries = append(o.tries, more...)
	return o
}

var actOperations = []operation{
	{"supportCall", "POST", []try{
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "any", "code": "123 456 789", "how": "open"}, status: 200, body1: `"url":"anydesk:123456789"`, did: "alice in " + c1 + ": support any 123456789 open"},
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "any", "code": "me@ad", "how": "open"}, status: 200, body1: `"url":"anydesk:me%40ad"`, did: "alice in " + c1 + ": support any me@ad open"},
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "any", "code": "123456789", "how": "read"}, status: 200, body1: `"url":"anydesk:123456789"`, did: "alice in " + c1 + ": support any 123456789 read"},
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "any", "code": "me@ad", "how": "read"}, status: 409, code: "not-read-out"},
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "any", "code": "12345", "how": "open"}, status: 400, code: "bad-code"},
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "any", "how": "open"}, status: 400, code: "bad-code"},
		{who: "alice", path: "/calls/" + c7 + "/support", body: m{"tool": "any", "code": "123456789", "how": "send"}, status: 409, code: "no-ticket"},
		{who: "alice", path: "/calls/" + c7 + "/support", body: m{"tool": "room", "how": "open"}, status: 409, code: "no-ticket"},
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "nothing", "how": "open"}, status: 404, code: "unknown-tool"},
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "any", "how": "shout"}, status: 400, code: "bad-request"},
		{who: "alice", path: "/calls/" + c7 + "/support", body: m{"tool": "room", "how": "read"}, status: 409, code: "not-read-out"},
		{who: "alice", path: "/calls/" + c1 + "/support", body: m{"tool": "room", "how": "open"}, status: 200, body1: `https://room.example.com/` + c1 + `?t=9\u0026a=alice`, did: "alice in " + c1 + ": support room open"},
		{who: "bruno", path: "/calls/" + c7 + "/support", body: m{"tool": "room", "how": "open"}, status: 403, code: "not-talking"},
		{who: "hugo", path: "/calls/" + c1 + "/support", body: m{"tool": "room", "how": "open"}, status: 403, code: "forbidden"},
		{who: "alice", path: "/calls/" + none + "/support", body: m{"tool": "room", "how": "open"}, status: 403, code: "forbidden"},
		{path: "/calls/" + c1 + "/support", body: m{"tool": "room", "how": "open"}, status: 401, code: "signed-out"},
	}},
	simple("holdCall", "/hold", m{}, "hold").with(
		try{who: "alice", path: "/calls/" + c7 + "/hold", body: m{"party": "p1"}, status: 204, did: "alice in " + c7 + ": hold p1"},
		try{who: "alice", path: "/calls/" + c1 + "/hold", body: m{"agent": "bruno"}, status: 400, code: "bad-request"},
	),
	simple("resumeCall", "/resume", m{"party": "p1"}, "resume p1"),
	simple("muteCall", "/mute", m{"on": true}, "mute true").with(
		try{who: "alice", path: "/calls/" + c1 + "/mute", body: m{}, status: 400, code: "bad-request"},
	),
	simple("pressKeys", "/keys", m{"digits": "12*#A"}, "keys 12*#A").with(
		try{who: "alice", path: "/calls/" + c1 + "/keys", body: m{"digits": "1;2"}, status: 400, code: "bad-request"},
		try{who: "alice", path: "/calls/" + c1 + "/keys", body: m{"digits": strings.Repeat("1", 33)}, status: 400, code: "bad-request"},
	),
	simple("swapParties", "/swap", nil, "swap"),
	simple("mergeParties", "/merge", nil, "merge"),
	simple("completeTransfer", "/complete", m{"party": "p1"}, "complete p1"),
	simple("inviteParty", "/parties", m{"kind": "number", "to": "01 99 00 10 01", "consult": true}, "invite number +33199001001 consult").with(
		try{who: "alice", path: "/calls/" + c1 + "/parties", body: m{"kind": "agent", "to": "bruno"}, status: 204, did: "alice in " + c1 + ": invite agent bruno"},
		try{who: "alice", path: "/calls/" + c1 + "/parties", body: m{"kind": "agent", "to": "alice"}, status: 422, code: "to-self"},
		try{who: "alice", path: "/calls/" + c1 + "/parties", body: m{"kind": "agent", "to": "nobody"}, status: 422, code: "unknown-target"},
		try{who: "alice", path: "/calls/" + c1 + "/parties", body: m{"kind": "queue", "to": "n2"}, status: 400, code: "bad-request"},
		try{who: "alice", path: "/calls/" + c1 + "/parties", body: m{"kind": "number", "to": "112"}, status: 403, code: "number-refused", body1: `"detail":"emergency"`, audit: "alice dial-out 112 emergency, call " + c1 + " DENIED"},
	),
	simple("transferCall", "/transfer", m{"kind": "queue", "to": "n2", "needs": []m{{"skill": "vpn", "level": 4}}}, "transfer queue n2 vpn4").withSupervisor().with(
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "agent", "to": "bruno", "note": " VPN coupé\n"}, status: 204, did: `alice notes "VPN coupé" on ` + c1 + " from 0, now true, done [] of false; alice in " + c1 + ": transfer agent bruno"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "agent", "to": "bruno", "note": "depuis ce matin"}, status: 204, did: `alice notes "VPN coupé\ndepuis ce matin" on ` + c1 + " from 1, now true, done [] of false; alice in " + c1 + ": transfer agent bruno"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "flow", "to": "helpdesk"}, status: 204, did: "alice in " + c1 + ": transfer flow helpdesk"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "number", "to": "+33199001001"}, status: 204, did: "alice in " + c1 + ": transfer number +33199001001"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "queue", "to": "n9"}, status: 422, code: "unknown-target"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "flow", "to": "n1"}, status: 422, code: "unknown-target"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "queue", "to": "n2", "needs": []m{{"skill": "magic", "level": 4}}}, status: 422, code: "unknown-skill"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "queue", "to": "n2", "needs": []m{{"skill": "vpn", "level": 11}}}, status: 400, code: "bad-request"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "agent", "to": "bruno", "needs": []m{{"skill": "vpn", "level": 1}}}, status: 400, code: "needs-without-queue"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "number", "to": "0899 70 00 00"}, status: 403, code: "number-refused", body1: "surtaxés", audit: "alice dial-out +33899700000 premium, call " + c1 + " DENIED"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "number", "to": "Paris"}, status: 422, code: "not-a-number"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "number", "to": "01\x00"}, status: 400, code: "control-characters"},
		try{who: "alice", path: "/calls/" + c1 + "/transfer", body: m{"kind": "queue", "to": "n2", "note": "\x1b[31m"}, status: 400, code: "control-characters"},
		try{who: "hugo", path: "/calls/" + c1 + "/transfer", body: m{"kind": "queue", "to": "n2", "note": "x"}, status: 400, code: "note-of-others"},
	),
	{"makeCall", "POST", []try{
		{who: "alice", path: "/calls", body: m{"queue": "n1", "number": "01 99 00 10 01"}, status: 201, body1: `{"call":"` + c2 + `"}`, did: "alice calls +33199001001 for n1"},
		{who: "alice", path: "/calls", body: m{"queue": "n1", "number": "112"}, status: 403, code: "number-refused", body1: `"detail":"emergency"`, audit: "alice dial-out 112 emergency, call  DENIED"},
		{who: "alice", path: "/calls", body: m{"queue": "n1", "number": "Paris"}, status: 422, code: "not-a-number"},
		{who: "alice", path: "/calls", body: m{"queue": "n9", "number": "+33199001001"}, status: 403, code: "forbidden"},
		{who: "alice", path: "/calls", body: m{"queue": "n1"}, status: 400, code: "bad-request"},
		{who: "hugo", path: "/calls", body: m{"queue": "n1", "number": "+33199001001"}, status: 403, code: "forbidden"}, // no agent
		{path: "/calls", body: m{"queue": "n1", "number": "+33199001001"}, status: 401, code: "signed-out"},
	}},
	{"promiseCall", "POST", []try{
		{who: "alice", path: "/calls/" + c1 + "/follow-up", body: m{"at": soon, "note": "facture ", "mine": true, "number": "01 99 00 10 01"}, status: 201, body1: `{"call":"` + c2 + `"}`, did: "alice promises +33199001001 of " + c1 + " for n1 at " + soon + " until 0001-01-01T00:00:00Z: \"facture\" mine true"},
		{who: "alice", path: "/calls/" + c4 + "/follow-up", body: m{"at": soon, "until": later, "number": "+33199001001"}, status: 201, did: "alice promises +33199001001 of " + c4 + " for n1 at " + soon + " until " + later + ": \"\" mine false"},
		{who: "alice", path: "/calls/" + c1 + "/follow-up", body: m{"at": soon, "number": "0899 70 00 00"}, status: 403, code: "number-refused", audit: "alice dial-out +33899700000 premium, call " + c1 + " DENIED"},
		{who: "alice", path: "/calls/" + c1 + "/follow-up", body: m{"at": soon, "until": soon}, status: 422, code: "promise-time"},
		{who: "alice", path: "/calls/" + c1 + "/follow-up", body: m{"at": "2001-01-01T00:00:00Z"}, status: 422, code: "promise-time"},
		{who: "alice", path: "/calls/" + c1 + "/follow-up", body: m{"at": soon, "note": "\x1b[31m"}, status: 400, code: "control-characters"},
		{who: "alice", path: "/calls/" + c1 + "/follow-up", body: m{}, status: 400, code: "bad-request"},
		{who: "bruno", path: "/calls/" + c7 + "/follow-up", body: m{"at": soon}, status: 403, code: "forbidden"}, // advises only
		{who: "hugo", path: "/calls/" + c1 + "/follow-up", body: m{"at": soon}, status: 403, code: "forbidden"},
		{who: "alice", path: "/calls/" + none + "/follow-up", body: m{"at": soon}, status: 403, code: "forbidden"},
		{path: "/calls/" + c1 + "/follow-up", body: m{"at": soon}, status: 401, code: "signed-out"},
	}},
	{"dropParty", "DELETE", []try{
		{who: "alice", path: "/calls/" + c7 + "/parties/p1", status: 204, did: "alice in " + c7 + ": drop p1"},
		{who: "ines", path: "/calls/" + c7 + "/parties/p1", status: 204, did: "alice in " + c7 + ": drop p1", audit: "ines drop-party " + c7 + " drop p1"},
		{who: "jules", path: "/calls/" + c7 + "/parties/p1", status: 403, code: "forbidden"},
		{who: "bruno", path: "/calls/" + c7 + "/parties/p1", status: 403, code: "not-talking"},
		{who: "zoe", path: "/calls/" + c7 + "/parties/p1", status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + none + "/parties/p1", status: 404, code: "unknown-call"},
		{path: "/calls/" + c7 + "/parties/p1", status: 401, code: "signed-out"},
	}},
	{"escalateCall", "POST", []try{
		{who: "alice", path: "/calls/" + c1 + "/escalate", body: m{"queue": "n2", "needs": []m{{"skill": "vpn", "level": 4}}, "note": "VPN"}, status: 200, body1: `{"moved":"done","ticket":"9"}`, did: `alice notes "VPN" on ` + c1 + " from 0, now true, done [] of false; alice in " + c1 + ": transfer queue n2 vpn4; rt 9 of " + c1 + " to Escalade"},
		{who: "alice", path: "/calls/" + c1 + "/escalate", body: m{"queue": "n2", "note": "VPN", "ticket": "8", "ticket_queue": "Réseau"}, status: 200, body1: `{"moved":"done","ticket":"8"}`, did: `alice notes "VPN" on ` + c1 + " from 1, now true, done [] of false; alice in " + c1 + ": transfer queue n2; rt 8 of " + c1 + " to Réseau"},
		{who: "alice", path: "/calls/" + c1 + "/escalate", body: m{"queue": "n1", "note": "VPN"}, status: 200, body1: `{}`, did: `alice notes "VPN" on ` + c1 + " from 2, now true, done [] of false; alice in " + c1 + ": transfer queue n1"},
		{who: "alice", path: "/calls/" + c1 + "/escalate", body: m{"queue": "n2", "note": "VPN", "ticket": "404"}, status: 404, code: "unknown-ticket"},
		{who: "alice", path: "/calls/" + c1 + "/escalate", body: m{"queue": "n9", "note": "VPN"}, status: 422, code: "unknown-target"},
		{who: "alice", path: "/calls/" + c1 + "/escalate", body: m{"queue": "n2"}, status: 400, code: "bad-request"},
		{who: "alice", path: "/calls/" + c7 + "/escalate", body: m{"queue": "n2", "note": "VPN"}, status: 200, body1: `{}`, did: `alice notes "VPN" on ` + c7 + " from 0, now true, done [] of false; alice in " + c7 + ": transfer queue n2"},
		{who: "bruno", path: "/calls/" + c7 + "/escalate", body: m{"queue": "n2", "note": "VPN"}, status: 403, code: "not-talking"},
		{who: "zoe", path: "/calls/" + c1 + "/escalate", body: m{"queue": "n2", "note": "VPN"}, status: 403, code: "forbidden"},
		{who: "hugo", path: "/calls/" + c1 + "/escalate", body: m{"queue": "n2", "note": "VPN"}, status: 403, code: "forbidden"},
		{path: "/calls/" + c1 + "/escalate", body: m{"queue": "n2", "note": "VPN"}, status: 401, code: "signed-out"},
	}},
}

// withSupervisor lets who supervises the call's queue do it too, in the name of the
// agent who talks.
func (o operation) withSupervisor() operation {
	tries := o.tries
	o.tries = nil
	for _, t := range tries {
		if (t.who == "hugo" || t.who == "ines") && t.code == "forbidden" {
			t.status, t.code, t.did = 204, "", "alice in "+c1+": transfer queue n2 vpn4"
			t.audit = t.who + " give-call " + c1 + " transfer n2"
		}
		o.tries = append(o.tries, t)
	}
	return o.with(
		try{who: "jules", path: "/calls/" + c1 + "/transfer", body: m{"kind": "queue", "to": "n2"}, status: 403, code: "forbidden"},
		try{who: "hugo", path: "/calls/" + c5 + "/transfer", body: m{"kind": "queue", "to": "n2"}, status: 409, code: "not-now"}, // in line: it is moved
		try{who: "hugo", path: "/calls/" + none + "/transfer", body: m{"kind": "queue", "to": "n2"}, status: 404, code: "unknown-call"},
	)
}

// Nobody promises calls without end.
func TestPromisesHaveAnEnd(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	promise := m{"at": time.Now().Add(time.Hour), "number": "01 99 00 10 01"}
	h.promised = mostPromised - 1
	alice.do("POST", "/api/v1/calls/"+c1+"/follow-up", promise).expect(t, 201, "")
	h.promised = mostPromised
	alice.do("POST", "/api/v1/calls/"+c1+"/follow-up", promise).expect(t, 409, "too-many-promises")
}

// What the call says no to is told, with what to do, in both languages.
func TestAnActThatIsNotDone(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	for err, want := range map[error]struct {
		status int
		code   string
	}{
		ErrNotTalking: {403, "not-talking"}, ErrNoParty: {404, "unknown-party"}, ErrTooMany: {409, "too-many-parties"},
		ErrNobody: {409, "agent-not-ready"}, ErrNowhere: {422, "unknown-target"}, ErrNotNow: {409, "not-now"},
	} {
		h.set(func() { h.acts = fmt.Errorf("act: %w", err) })
		a := alice.do("POST", "/api/v1/calls/"+c1+"/transfer", m{"kind": "agent", "to": "bruno"}).expect(t, want.status, want.code)
		if !strings.Contains(a.body, `"says":{"en":"`) || !strings.Contains(a.body, `"fr":"`) {
			t.Errorf("%v is not put in words: %s", err, a)
		}
	}
	h.set(func() { h.acts = context.DeadlineExceeded })
	alice.do("POST", "/api/v1/calls/"+c1+"/hold", nil).expect(t, 503, "unavailable")
}

func TestTooManyNumbersWithinAMinute(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	h.set(func() { h.dials = 20 * time.Second })
	a := alice.do("POST", "/api/v1/calls/"+c1+"/transfer", m{"kind": "number", "to": "01 99 00 10 01"}).expect(t, 429, "too-many-dials")
	if a.header.Get("Retry-After") != "20" {
		t.Errorf("come back after %q", a.header.Get("Retry-After"))
	}
	if did := h.done(); strings.Contains(did, "transfer") {
		t.Errorf("did %s", did)
	}
}

// A site without rules lets nobody dial.
func TestWithoutADiallerNothingIsDialled(t *testing.T) {
	h := newHouse()
	d := h.deps()
	d.Dialler = nil
	alice := as(t, serve(t, d), "alice")
	alice.do("POST", "/api/v1/calls/"+c1+"/parties", m{"kind": "number", "to": "01 99 00 10 01"}).expect(t, 403, "number-refused")
}

// Who was asked into a call hangs up on their own part of it, not on the caller.
func TestWhoAdvisesGoesAgain(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	bruno := as(t, srv, "bruno")
	bruno.do("POST", "/api/v1/calls/"+c7+"/hangup", nil).expect(t, 204, "")
	if did := h.done(); did != "alice in "+c7+": drop p1" {
		t.Errorf("did %s", did)
	}
	h.set(func() { h.acts = ErrNoParty }) // gone already
	bruno.do("POST", "/api/v1/calls/"+c7+"/hangup", nil).expect(t, 204, "")
	h.done()
	h.set(func() { h.acts = nil })
	as(t, srv, "alice").do("POST", "/api/v1/calls/"+c7+"/hangup", nil).expect(t, 204, "")
	if did := h.done(); did != "alice hangs up "+c7 {
		t.Errorf("did %s", did)
	}
}

// A ticket that does not go with its call holds the call up in no way.
func TestTheTicketFollowsTheCall(t *testing.T) {
	h := newHouse()
	d := h.deps()
	alice := as(t, serve(t, d), "alice")
	for err, moved := range map[error]string{ErrLater: "later", ErrTicketsDown: "failed"} {
		h.set(func() { h.tickets = err })
		alice.do("POST", "/api/v1/calls/"+c1+"/escalate", m{"queue": "n2", "note": "VPN"}).expect(t, 200, "")
		if a := alice.do("POST", "/api/v1/calls/"+c1+"/escalate", m{"queue": "n2", "note": "VPN"}); !strings.Contains(a.body, moved) {
			t.Errorf("%v: %s", err, a)
		}
	}
	h.done()
	h.set(func() { h.acts = ErrNotNow })
	alice.do("POST", "/api/v1/calls/"+c1+"/escalate", m{"queue": "n2", "note": "VPN"}).expect(t, 409, "not-now")
	if did := h.done(); strings.Contains(did, "rt 9") {
		t.Errorf("the ticket went without the call: %s", did)
	}
}

// typing is a notebook in which somebody types, so that every save is late, as often
// as it is told.
type typing struct {
	Notes
	mu    sync.Mutex
	times int
}

func (n *typing) Save(ctx context.Context, s agentdesk.NoteSave) (agentdesk.CallNote, error) {
	n.mu.Lock()
	n.times--
	late := n.times >= 0
	n.mu.Unlock()
	if late {
		return agentdesk.CallNote{}, agentdesk.ErrNoteChanged
	}
	return n.Notes.Save(ctx, s)
}

// A note that is being typed gets its addition all the same; one that cannot be kept
// keeps the call where it is.
func TestTheNoteComesFirst(t *testing.T) {
	h := newHouse()
	d := h.deps()
	notes := &typing{Notes: d.Notes, times: noteTries - 1}
	d.Notes = notes
	alice := as(t, serve(t, d), "alice")
	ask := m{"kind": "agent", "to": "bruno", "note": "VPN"}
	alice.do("POST", "/api/v1/calls/"+c1+"/transfer", ask).expect(t, 204, "")
	h.done()
	notes.mu.Lock()
	notes.times = noteTries
	notes.mu.Unlock()
	alice.do("POST", "/api/v1/calls/"+c1+"/transfer", ask).expect(t, 503, "unavailable")
	alice.do("POST", "/api/v1/calls/"+c1+"/transfer", m{"kind": "agent", "to": "bruno", "note": strings.Repeat("é", longestNote)}).expect(t, 400, "note-too-long")
	if did := h.done(); strings.Contains(did, "transfer") {
		t.Errorf("did %s", did)
	}
}

// Every error of the port has its problem.
func TestEveryNoHasItsProblem(t *testing.T) {
	for _, err := range []error{ErrNotTalking, ErrNoParty, ErrTooMany, ErrNobody, ErrNowhere, ErrNotNow} {
		if p := actProblem(err); p == nil || p.says == nil {
			t.Errorf("%v has no problem", err)
		}
	}
	if actProblem(errors.New("other")) != nil {
		t.Error("any error is an act's")
	}
	for _, why := range []queue.DialVerdict{
		queue.DialNotNumber, queue.DialEmergency, queue.DialPremium, queue.DialRefused, queue.DialNotListed, queue.DialTooMany,
	} {
		if p := dialProblem(&queue.DialRefusal{Why: why}); p.says == nil || !slices.Contains([]int{403, 422, 429}, p.status) {
			t.Errorf("%s: %v", why, p)
		}
	}
}

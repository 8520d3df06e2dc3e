package api

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// mine says whose a session is.
type mine struct {
	account string
	how     SignedIn
}

// The IDs of sessions that are nobody's, and of one of bruno's.
const (
	noSession    = "0199bbbb-0000-4000-8000-00000000ffff"
	brunoSession = "0199bbbb-0000-4000-8000-000000000001"
)

// right gives an account a right for these queues.
func (h *house) right(name string, queues ...string) {
	a := h.accounts[name]
	a.Queues = append([]string{}, queues...)
	a.Named = a.Queues
	h.accounts[name] = a
}

func (h *house) Tell(l AuditLine) {
	words := []string{l.Account, l.Act, l.On, l.Detail}
	if l.Outcome != cdr.AuditDone {
		words = append(words, strings.ToUpper(string(l.Outcome)))
	}
	said := strings.Join(slices.DeleteFunc(words, func(w string) bool { return strings.TrimSpace(w) == "" }), " ")
	h.set(func() { h.audited = append(h.audited, strings.TrimSpace(said)) })
}

func (h *house) Entries(_ context.Context, f AuditFilter) ([]AuditEntry, error) {
	h.do("audit %d before %d account=%s act=%s on=%s %s since %v until %v", f.Limit, f.Before, f.Account, f.Act, f.On, f.Outcome, !f.Since.IsZero(), !f.Until.IsZero())
	return []AuditEntry{{ID: 7, AuditLine: AuditLine{Account: "hugo", Act: "move-call", On: c5, From: "192.0.2.1", Outcome: cdr.AuditDone, Detail: "n2"}}}, h.dead()
}

func (h *house) SetPassword(_ context.Context, name, hash string) error {
	if err := h.dead(); err != nil {
		return err
	}
	h.set(func() {
		a := h.accounts[name]
		a.Password, a.PasswordAt, a.MustChange = hash, h.now, false
		h.accounts[name] = a
	})
	return nil
}

func (h *house) All(context.Context) ([]Account, error) {
	if err := h.dead(); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]Account, 0, len(h.accounts))
	for _, a := range h.accounts {
		all = append(all, a)
	}
	slices.SortFunc(all, func(a, b Account) int { return strings.Compare(a.Name, b.Name) })
	return all, nil
}

func (h *house) Groups(context.Context) ([]QueueGroup, error) {
	return []QueueGroup{{Name: "all", Queues: []string{"n1", "n2"}}}, h.dead()
}

func (h *house) SetRight(_ context.Context, name string, role agentdesk.Role, named []string) error {
	h.do("%s is %s of %v", name, role, named)
	if err := h.dead(); err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	a, there := h.accounts[name]
	if !there {
		return ErrNotFound
	}
	a.Role, a.Queues, a.Named = role, named, named
	h.accounts[name] = a
	return nil
}

func (h *house) Describe(_ context.Context, key, account string, how SignedIn) error {
	if err := h.dead(); err != nil {
		return err
	}
	if h.begun != nil {
		h.begun()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if _, there := h.sessions[key]; !there {
		return ErrNotFound
	}
	how.Key, how.ID = key, fmt.Sprintf("0199bbbb-0000-4000-8000-%012d", len(h.whose)+2)
	how.BeganAt, how.SeenAt, how.EndsAt = h.now, h.now, h.now.Add(sessionLife)
	h.whose[key] = mine{account, how}
	return nil
}

// forgetful cannot say whose a session is.
type forgetful struct{ *house }

func (forgetful) Describe(context.Context, string, string, SignedIn) error { return errDown }

func (h *house) Of(_ context.Context, account string) ([]SignedIn, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []SignedIn
	for key, m := range h.whose {
		if _, there := h.sessions[key]; there && m.account == account {
			all = append(all, m.how)
		}
	}
	slices.SortFunc(all, func(a, b SignedIn) int { return strings.Compare(b.ID, a.ID) })
	return all, nil
}

func (h *house) End(_ context.Context, account, id string) (string, error) {
	if err := h.dead(); err != nil {
		return "", err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, m := range h.whose {
		if _, there := h.sessions[key]; there && m.account == account && m.how.ID == id {
			delete(h.sessions, key)
			return key, nil
		}
	}
	return "", ErrNotFound
}

func (h *house) EndAll(_ context.Context, account, kept string) ([]string, error) {
	if err := h.dead(); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var ended []string
	for key, m := range h.whose {
		if _, there := h.sessions[key]; there && m.account == account && key != kept {
			delete(h.sessions, key)
			ended = append(ended, key)
		}
	}
	return ended, nil
}

// peopleOperations are those about who signs in, and what they may and did.
var peopleOperations = []operation{
	{"getSignIn", "GET", []try{
		{path: "/sign-in", status: 200, body1: `{"password":true}`},
		{who: "alice", path: "/sign-in", status: 200},
	}},
	{"changePassword", "PUT", []try{
		{who: "alice", path: "/session/password", body: m{"old": "wrong", "new": "another one"}, status: 403, code: "wrong-password", audit: "alice change-password alice wrong old password DENIED"},
		{who: "alice", path: "/session/password", body: m{"old": "pass word", "new": "pass word"}, status: 400, code: "same-password"},
		{who: "alice", path: "/session/password", body: m{"old": "pass word", "new": "short"}, status: 400, code: "bad-request"},
		{who: "alice", path: "/session/password", body: m{"old": "pass word", "new": "another one"}, status: 204, audit: "alice change-password alice"},
		{who: "token", path: "/session/password", body: m{"old": "pass word", "new": "another one"}, status: 403, code: "no-session"},
		{path: "/session/password", body: m{"old": "pass word", "new": "another one"}, status: 401, code: "signed-out"},
	}},
	{"listSessions", "GET", []try{
		{who: "alice", path: "/sessions", status: 200, body1: `"method":"password","present":true`},
		{who: "token", path: "/sessions", status: 200, body1: `{"sessions":[]}`},
		{path: "/sessions", status: 401, code: "signed-out"},
	}},
	{"endSession", "DELETE", []try{
		{who: "alice", path: "/sessions/" + noSession, status: 404, code: "unknown-session"},
		{who: "alice", path: "/sessions/7", status: 400, code: "bad-request"},
		{who: "alice", path: "/sessions/0199bbbb-0000-4000-8000-000000000002", status: 204, audit: "alice end-session alice"},
		{who: "alice", path: "/sessions/0199bbbb-0000-4000-8000-000000000002", status: 401, code: "signed-out"}, // it was hers
		{path: "/sessions/" + brunoSession, status: 401, code: "signed-out"},
	}},
	{"listPeople", "GET", []try{
		{who: "token", path: "/people", status: 200, body1: `"holds_for":["n1"]`, audit: "admin see-people"},
		{who: "hugo", path: "/people", status: 403, code: "administrators-only", audit: "hugo see-people /api/v1/people DENIED"},
		{who: "alice", path: "/people", status: 403, code: "administrators-only"},
		{path: "/people", status: 401, code: "signed-out"},
	}},
	{"setRight", "PUT", []try{
		{who: "token", path: "/people/bruno/right", body: m{"role": "supervisor", "queues": []string{"n2", "@all"}}, status: 204, did: "bruno is supervisor of [n2 @all]", audit: "admin set-right bruno supervisor of [n2 @all]"},
		{who: "token", path: "/people/bruno/right", body: m{"role": "agent"}, status: 204, did: "bruno is agent of []", audit: "admin set-right bruno agent"},
		{who: "token", path: "/people/bruno/right", body: m{"role": "supervisor", "queues": []string{}}, status: 204, did: "bruno is supervisor of []", audit: "admin set-right bruno supervisor of []"},
		{who: "token", path: "/people/bruno/right", body: m{"role": "supervisor", "queues": []string{"n9"}}, status: 400, code: "unknown-queue-name"},
		{who: "token", path: "/people/bruno/right", body: m{"role": "supervisor", "queues": []string{"@n1"}}, status: 400, code: "unknown-queue-name"},
		{who: "token", path: "/people/bruno/right", body: m{"role": "administrator", "queues": []string{"n1"}}, status: 400, code: "scoped-administrator"},
		{who: "token", path: "/people/bruno/right", body: m{"role": "root"}, status: 400, code: "bad-request"},
		{who: "token", path: "/people/admin/right", body: m{"role": "agent"}, status: 400, code: "own-right"},
		{who: "token", path: "/people/nobody/right", body: m{"role": "agent"}, status: 404, code: "unknown-person", did: "nobody is agent of []"},
		{who: "hugo", path: "/people/hugo/right", body: m{"role": "administrator"}, status: 403, code: "administrators-only", audit: "hugo change-people hugo DENIED"},
		{path: "/people/bruno/right", body: m{"role": "agent"}, status: 401, code: "signed-out"},
	}},
	{"unlockPerson", "POST", []try{
		{who: "token", path: "/people/bruno/unlock", status: 204, audit: "admin unlock bruno"},
		{who: "hugo", path: "/people/bruno/unlock", status: 403, code: "administrators-only", audit: "hugo change-people bruno DENIED"},
		{path: "/people/bruno/unlock", status: 401, code: "signed-out"},
	}},
	{"listSessionsOf", "GET", []try{
		{who: "token", path: "/people/bruno/sessions", status: 200, body1: `{"sessions":[]}`, audit: "admin see-people bruno"},
		{who: "hugo", path: "/people/bruno/sessions", status: 403, code: "administrators-only"},
		{path: "/people/bruno/sessions", status: 401, code: "signed-out"},
	}},
	{"endSessionsOf", "DELETE", []try{
		{who: "token", path: "/people/bruno/sessions", status: 204, audit: "admin end-sessions bruno 0 ended"},
		{who: "hugo", path: "/people/bruno/sessions", status: 403, code: "administrators-only"},
		{path: "/people/bruno/sessions", status: 401, code: "signed-out"},
	}},
	{"listAudit", "GET", []try{
		{who: "token", path: "/audit", status: 200, did: "audit 100 before 0 account= act= on=  since false until false", body1: `"account":"hugo","act":"move-call","at":"0001-01-01T00:00:00Z","detail":"n2","from":"192.0.2.1","id":7,"on":"` + c5 + `","outcome":"done"`, audit: "admin see-audit"},
		{who: "token", path: "/audit?limit=2&before=9&account=hugo&act=move-call&on=c&outcome=denied&from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z", status: 200, did: "audit 2 before 9 account=hugo act=move-call on=c denied since true until true"},
		{who: "token", path: "/audit?limit=501", status: 400, code: "bad-request"},
		{who: "token", path: "/audit?outcome=maybe", status: 400, code: "bad-request"},
		{who: "token", path: "/audit?account=%00", status: 400, code: "control-characters"},
		{who: "token", path: "/audit?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z", status: 400, code: "bad-period"},
		{who: "hugo", path: "/audit", status: 403, code: "administrators-only", audit: "hugo see-audit /api/v1/audit DENIED"},
		{path: "/audit", status: 401, code: "signed-out"},
	}},
}

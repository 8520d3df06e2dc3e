package api

import (
	"strings"
	"testing"
	"time"
)

// A password that is too old, or was given to be changed, lets nobody do anything
// but change it. The others' sessions end with it, and this one is free.
func TestPasswordMustChange(t *testing.T) {
	h := newHouse()
	d := h.deps()
	d.PasswordAge = 90 * 24 * time.Hour
	srv := serve(t, d)
	other := as(t, srv, "alice") // while it was good
	aged := func(by time.Duration) {
		h.set(func() {
			a := h.accounts["alice"]
			a.PasswordAt = h.now.Add(-by)
			h.accounts["alice"] = a
		})
	}
	aged(d.PasswordAge - time.Second)
	there := as(t, srv, "alice")
	aged(d.PasswordAge)
	alice := open(t, srv)
	if a := alice.signIn("alice", "pass word").expect(t, 200, ""); !strings.Contains(a.body, `"must_change_password":true`) {
		t.Fatalf("signed in: %s", a)
	}
	for _, path := range []string{"/catalogue", "/calls", "/sessions", "/phone", "/calls/" + c1} {
		alice.do("GET", "/api/v1"+path, nil).expect(t, 403, "password-must-change")
	}
	alice.do("PUT", "/api/v1/agents/me/state", m{"state": "ready"}).expect(t, 403, "password-must-change")
	for _, path := range []string{livePath, sipPath} {
		if _, status := alice.dial(path, srv.URL); status != 403 {
			t.Errorf("%s opens: %d", path, status)
		}
	}
	alice.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	there.do("GET", "/api/v1/catalogue", nil).expect(t, 200, "") // goes on to the end of the shift
	alice.do("PUT", "/api/v1/session/password", m{"old": "pass word", "new": "ALICE"}).expect(t, 400, "bad-request")
	alice.do("PUT", "/api/v1/session/password", m{"old": "pass word", "new": "pass word"}).expect(t, 400, "same-password")
	alice.do("PUT", "/api/v1/session/password", m{"old": "pass word", "new": "another one"}).expect(t, 204, "")
	alice.do("GET", "/api/v1/catalogue", nil).expect(t, 200, "")
	if a := alice.do("GET", "/api/v1/session", nil); strings.Contains(a.body, "must_change") || !strings.Contains(a.body, "password_expires_at") {
		t.Errorf("changed, the session is %s", a)
	}
	for _, c := range []*client{other, there} {
		c.do("GET", "/api/v1/session", nil).expect(t, 401, "signed-out")
	}
	open(t, srv).signIn("alice", "pass word").expect(t, 401, "wrong-password")
	open(t, srv).signIn("alice", "another one").expect(t, 200, "")

	h.set(func() {
		a := h.accounts["bruno"]
		a.MustChange, a.PasswordAt = true, h.now
		h.accounts["bruno"] = a
	})
	bruno := as(t, srv, "bruno")
	bruno.do("GET", "/api/v1/catalogue", nil).expect(t, 403, "password-must-change")
	bruno.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
}

// The old password is guessed at as slowly as a sign-in is.
func TestChangingThePasswordIsSlowedToo(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	for range pairLimit.free {
		alice.do("PUT", "/api/v1/session/password", m{"old": "wrong", "new": "another one"}).expect(t, 403, "wrong-password")
	}
	alice.do("PUT", "/api/v1/session/password", m{"old": "pass word", "new": "another one"}).expect(t, 429, "slow-down")
}

// While PostgreSQL is down nothing about people changes, and everybody is told so.
func TestPeopleWithoutPostgreSQL(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	alice, admin := as(t, srv, "alice"), as(t, srv, "admin")
	admin.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	alice.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	h.set(func() { h.down = true })
	admin.do("GET", "/api/v1/people", nil).expect(t, 503, "unavailable")
	admin.do("PUT", "/api/v1/people/bruno/right", m{"role": "agent"}).expect(t, 503, "unavailable")
	admin.do("DELETE", "/api/v1/people/bruno/sessions", nil).expect(t, 503, "unavailable")
	admin.do("GET", "/api/v1/audit", nil).expect(t, 503, "unavailable")
	alice.do("PUT", "/api/v1/session/password", m{"old": "pass word", "new": "another one"}).expect(t, 503, "unavailable")
	alice.do("DELETE", "/api/v1/sessions/"+noSession, nil).expect(t, 503, "unavailable")
	alice.do("POST", "/api/v1/calls/"+c5+"/move", m{"queue": "n2"}).expect(t, 403, "forbidden")
	if audit := h.audits(); !strings.HasSuffix(audit, "alice move-call "+c5+" DENIED") {
		t.Errorf("audited %q", audit) // that waits for nothing
	}
}

// A session that nobody could list is not begun.
func TestSessionThatCannotBeDescribed(t *testing.T) {
	h := newHouse()
	d := h.deps()
	d.Sessions = forgetful{h}
	srv := serve(t, d)
	open(t, srv).signIn("alice", "pass word").expect(t, 503, "unavailable")
	if len(h.sessions) != 0 {
		t.Errorf("%d sessions are left", len(h.sessions))
	}
}

// A browser may call itself anything.
func FuzzBrowser(f *testing.F) {
	f.Add("Mozilla/5.0 \x00\x7f é" + strings.Repeat("é", 300))
	f.Add("\xff\xfe")
	f.Fuzz(func(t *testing.T, name string) {
		got := browserName(name)
		if len(got) > longestClient || strings.ContainsAny(got, "\x00\r\n") || strings.ToValidUTF8(got, "?") != got {
			t.Fatalf("%q became %q", name, got)
		}
	})
}

// Denied tries fill the audit log no faster than a line a second.
func TestDeniedTriesArePaced(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	h.audits()
	for range 60 {
		alice.do("GET", "/api/v1/audit", nil).expect(t, 403, "administrators-only")
	}
	if n := strings.Count(h.audits(), "DENIED"); n < 20 || n > 40 {
		t.Errorf("%d lines of 60 tries", n)
	}
}

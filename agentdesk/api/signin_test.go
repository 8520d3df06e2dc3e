package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/alexedwards/argon2id"

	"linekeeper/agentdesk"
)

// Tries at the same moment do not slip through.
func TestGuessingAtOnceIsSlowed(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	c := open(t, srv)
	var all sync.WaitGroup
	answers := make(chan int, 12)
	for range cap(answers) {
		all.Go(func() { answers <- c.signIn("alice", "wrong").status })
	}
	all.Wait()
	close(answers)
	refused := 0
	for status := range answers {
		if status == http.StatusUnauthorized {
			refused++
		}
	}
	if refused != pairLimit.free {
		t.Errorf("%d tries at once were checked, want %d", refused, pairLimit.free)
	}
}

// Who has no account is told so at the price of a check: what their password is held
// against costs as much as a hash, and is nobody's.
func TestTheDecoyCostsAsMuch(t *testing.T) {
	p := newPasswords()
	cost, salt, key, err := argon2id.DecodeHash(p.decoy)
	if err != nil || *cost != *passwordCost || len(salt) != int(cost.SaltLength) || len(key) != int(cost.KeyLength) {
		t.Errorf("the decoy %q: %+v, %v", p.decoy, cost, err)
	}
	for _, password := range []string{"", "pass word"} {
		if ok, err := p.match(t.Context(), password, ""); ok || err != nil {
			t.Errorf("password %q of nobody: %t, %v", password, ok, err)
		}
	}
}

// Too many checks at once are refused, not queued without end.
func TestPasswordChecksAreFew(t *testing.T) {
	p := newPasswords()
	for range checksWaiting {
		p.waiting <- struct{}{}
	}
	if _, err := p.match(t.Context(), "x", ""); !errors.Is(err, errBusy) {
		t.Errorf("one too many: %v", err)
	}
	<-p.waiting
	for range checkedAtOnce {
		p.running <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := p.match(ctx, "x", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("gave up with %v", err)
	}
}

func TestCookie(t *testing.T) {
	h := newHouse()
	d := h.deps()
	d.Secure = true
	a := open(t, serve(t, d)).signIn("alice", "pass word")
	cookie := a.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-lk_session=", "HttpOnly", "Secure", "SameSite=Strict", "Path=/"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	if a.header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over TLS")
	}
	token, _, _ := strings.Cut(strings.TrimPrefix(cookie, "__Host-lk_session="), ";")
	if _, kept := h.sessions[token]; kept || len(h.sessions) != 1 {
		t.Error("the store holds the token itself")
	}
}

// Each sign-in gets a token of its own, and a sign-out ends that one only.
func TestSignOutEndsOneSession(t *testing.T) {
	srv := serve(t, newHouse().deps())
	here, there := as(t, srv, "alice"), as(t, srv, "alice")
	here.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
	here.do("GET", "/api/v1/session", nil).expect(t, 401, "signed-out")
	there.do("GET", "/api/v1/session", nil).expect(t, 200, "")
}

// Who signs out at one machine is not out of the queue at another, where a console of
// theirs is open; at the last one they are, whatever tabs it has.
func TestSignOutBesideAnotherConsole(t *testing.T) {
	h := newHouse()
	d := h.deps()
	d.Live = echo{h}
	srv := serve(t, d)
	here, there, bruno := as(t, srv, "alice"), as(t, srv, "alice"), as(t, srv, "bruno")
	for _, c := range []*client{here, there, there, bruno} {
		ws, _ := c.dial(livePath, srv.URL)
		t.Cleanup(func() { ws.Close() })
		if _, _, err := ws.ReadMessage(); err != nil { // it is there
			t.Fatal(err)
		}
	}
	for _, last := range []struct {
		at  *client
		did string
	}{{here, ""}, {there, "alice offline "}, {bruno, "bruno offline "}} {
		h.done()
		last.at.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
		if did := h.done(); did != last.did {
			t.Errorf("signed out, the floor was told %q, want %q", did, last.did)
		}
	}
}

// Signing in over a session replaces it: nobody can plant one and wait.
func TestSignInReplacesTheSession(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	alice.signIn("alice", "wrong").expect(t, 401, "wrong-password")
	alice.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	alice.signIn("bruno", "pass word").expect(t, 200, "")
	if len(h.sessions) != 1 {
		t.Errorf("%d sessions are left", len(h.sessions))
	}
	if a := alice.do("GET", "/api/v1/session", nil); !strings.Contains(a.body, `"bruno"`) {
		t.Errorf("signed in as %s", a)
	}
}

func TestSessionEndsWithTheShift(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	h.pass(sessionLife - time.Minute)
	alice.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	h.pass(2 * time.Minute)
	alice.do("GET", "/api/v1/session", nil).expect(t, 401, "signed-out")
}

func TestDisabledAccountIsOut(t *testing.T) {
	h := newHouse()
	alice := as(t, serve(t, h.deps()), "alice")
	h.set(func() {
		a := h.accounts["alice"]
		a.Disabled = true
		h.accounts["alice"] = a
	})
	h.pass(freshFor)
	alice.do("GET", "/api/v1/session", nil).expect(t, 401, "signed-out")
}

// A right that was taken away elsewhere does not come back by what its person asks for.
func TestNothingKeepsAnOldRight(t *testing.T) {
	h := newHouse()
	admin := as(t, serve(t, h.deps()), "admin")
	h.set(func() {
		a := h.accounts["admin"]
		a.Role = agentdesk.RoleAgent
		h.accounts["admin"] = a
	})
	for range 2 {
		h.pass(freshFor - time.Second)
		admin.do("PUT", "/api/v1/session/language", m{"language": "fr"}).expect(t, 204, "")
	}
	admin.do("GET", "/api/v1/people", nil).expect(t, 403, "administrators-only")
}

// A session that begins with a password that is another one by then is none.
func TestASignInMeetsAChangeOfPassword(t *testing.T) {
	for name, change := range map[string]func(*Account){
		"another password":   func(a *Account) { a.Password = "another" },
		"the account closed": func(a *Account) { a.Disabled = true },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse()
			h.begun = func() {
				h.set(func() {
					a := h.accounts["alice"]
					change(&a)
					h.accounts["alice"] = a
				})
			}
			alice := open(t, serve(t, h.deps()))
			alice.signIn("alice", "pass word").expect(t, 401, "wrong-password")
			if len(h.sessions) != 0 {
				t.Errorf("%d sessions are left", len(h.sessions))
			}
		})
	}
}

// While PostgreSQL is down nobody signs in, and nobody who is in is thrown out.
func TestPostgreSQLIsDown(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	alice, bruno := as(t, srv, "alice"), as(t, srv, "bruno")
	alice.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	h.set(func() { h.down = true })
	for range 3 {
		h.pass(freshFor + time.Second)
		alice.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	}
	open(t, srv).signIn("alice", "pass word").expect(t, 503, "unavailable")
	alice.do("PUT", "/api/v1/session/language", m{"language": "en"}).expect(t, 503, "unavailable")
	alice.do("GET", "/api/v1/calls", nil).expect(t, 503, "unavailable")
	alice.do("GET", "/api/v1/calls/"+c1+"/history", nil).expect(t, 503, "unavailable")
	alice.do("GET", "/api/v1/calls/"+c1, nil).expect(t, 200, "") // live: known without it
	alice.do("POST", "/api/v1/calls/"+c1+"/hangup", nil).expect(t, 204, "")
	bruno.do("DELETE", "/api/v1/session", nil).expect(t, 204, "")
	bruno.do("GET", "/api/v1/session", nil).expect(t, 401, "signed-out")
	h.pass(staleFor)
	alice.do("GET", "/api/v1/session", nil).expect(t, 503, "unavailable")
	h.set(func() { h.down = false })
	h.pass(askAgain)
	alice.do("GET", "/api/v1/session", nil).expect(t, 200, "")
}

func TestBearerToken(t *testing.T) {
	c := open(t, serve(t, newHouse().deps()))
	for token, status := range map[string]int{"lab": 200, "bal": 401, "": 401} {
		c.send("GET", "/api/v1/session", nil, "Authorization", "Bearer "+token).expect(t, status, "")
	}
}

// What steady keeps is bounded.
// An answer that was on its way while its key was forgotten is not remembered: it may be
// from before.
func TestSteadyForgetsWhatIsOnItsWay(t *testing.T) {
	s := newSteady[string](time.Now)
	now := "old"
	ask := func(context.Context) (string, error) {
		was := now
		if now == "old" {
			now = "new"
			s.forget("k")
		}
		return was, nil
	}
	for _, want := range []string{"old", "new", "new"} {
		if got, err := s.get(t.Context(), "k", ask); got != want || err != nil {
			t.Errorf("got %q, %v, want %q", got, err, want)
		}
	}
}

func TestSteadyMakesRoom(t *testing.T) {
	s := newSteady[int](time.Now)
	for i := range keptAtMost + 50 {
		s.keep(string(rune(i)), i)
	}
	if len(s.kept) > keptAtMost {
		t.Errorf("%d answers are kept", len(s.kept))
	}
}

// An open socket ends when its account does, wherever that was done.
func TestSocketOfADisabledAccountEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHouse()
		h.now = time.Now()
		s, r := socketRequest(t, h)
		done := make(chan struct{})
		began := time.Now()
		go func() { s.live(discard{}, r); close(done) }()
		synctest.Wait()
		h.set(func() {
			h.now = h.now.Add(time.Minute)
			a := h.accounts["alice"]
			a.Disabled = true
			h.accounts["alice"] = a
		})
		<-done
		if took := time.Since(began); took != recheck {
			t.Errorf("ended after %v", took)
		}
	})
}

package api

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/sso"
	"linekeeper/deploy/lab/idp"
)

var (
	_ SingleSignOn = (*sso.SSO)(nil)
	_ sso.Accounts = guests{}
)

// single is a sign-on that is refused for a reason.
type single struct {
	*house
	why sso.Reason
}

func (*single) Name() string { return "Test" }

func (s *single) Begin(context.Context) (string, string, error) {
	return "https://id.example/?state=x", "kept", nil
}

func (s *single) Finish(_ context.Context, kept string, _ sso.Answer) (sso.Guest, error) {
	if s.why == "" {
		return sso.Guest{}, errors.New("something else")
	}
	return sso.Guest{}, &sso.Refused{Reason: s.why, Account: "<b>paul</b>", Err: errors.New("secret detail")}
}

func (*single) SignOut(context.Context, string) string { return "https://id.example/out" }

func mustURL(path string) *url.URL {
	u, err := url.Parse(path)
	if err != nil {
		panic(err)
	}
	return u
}

// session is the token in the browser's cookie.
func (c *client) session() string {
	for _, cookie := range c.http.Jar.Cookies(mustURL(c.srv.URL)) {
		if cookie.Name == cookieName {
			return cookie.Value
		}
	}
	return ""
}

// guests are the house's accounts as single sign-on finds them.
type guests struct{ *house }

func (g guests) BySubject(_ context.Context, _, subject string) (sso.Account, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, a := range g.accounts {
		if a.SSO && subject == "subject of "+a.Name {
			return sso.Account{Name: a.Name, Subject: subject, Right: a.right(), Disabled: a.Disabled}, nil
		}
	}
	return sso.Account{}, sso.ErrUnknown
}

func (g guests) ByName(ctx context.Context, name string) (sso.Account, error) {
	a, err := g.Account(ctx, name)
	if err != nil {
		return sso.Account{}, errors.Join(sso.ErrUnknown, err)
	}
	return sso.Account{Name: a.Name, Right: a.right(), Disabled: a.Disabled}, nil
}

func (g guests) Create(_ context.Context, a sso.Account) error {
	g.set(func() {
		g.accounts[a.Name] = Account{Name: a.Name, DisplayName: a.DisplayName, Role: a.Right.Role, Queues: a.Right.Queues, Language: "fr", SSO: true}
	})
	return nil
}

func (g guests) Link(context.Context, string, string, string) error { return nil }

func (g guests) SetRight(ctx context.Context, name string, right agentdesk.Right) error {
	return g.house.SetRight(ctx, name, right.Role, right.Queues)
}

var hiddenID = regexp.MustCompile(`name="id" value="([^"]*)"`)

// Somebody signs in at a real issuer, in a browser: they come back with a session,
// and a sign-out goes on to the issuer. Who has no right sees a page that says so.
func TestSingleSignOnRoundTrip(t *testing.T) {
	h := newHouse()
	var issuer *idp.Issuer
	id := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { issuer.ServeHTTP(w, r) }))
	defer id.Close()
	var desk http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { desk.ServeHTTP(w, r) }))
	defer srv.Close()
	var err error
	issuer, err = idp.New(id.URL,
		idp.Client{ID: "linekeeper", Secret: "s", Redirect: srv.URL + sso.Callback, SignedOut: srv.URL},
		idp.Person{Subject: "subject of emma", Name: "emma", Password: "p", DisplayName: "Emma", Groups: []string{"leads"}},
		idp.Person{Subject: "s2", Name: "paul", Password: "p"})
	if err != nil {
		t.Fatal(err)
	}
	d := h.deps()
	d.NoPasswords = true
	d.Pages = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("the console")) })
	d.SSO = sso.New(sso.Config{
		Name: "Test", Issuer: id.URL, ClientID: "linekeeper", ClientSecret: "s", URL: srv.URL, Scopes: []string{"profile", "groups"},
		Account: "preferred_username", DisplayName: "name", Groups: "groups",
		Roles: []sso.Rule{{Group: "leads", Role: agentdesk.RoleSupervisor, Queues: []string{"n1"}}},
	}, guests{h}, nil)
	if desk, err = New(d); err != nil {
		t.Fatal(err)
	}

	emma := open(t, srv)
	emma.signIn("alice", "pass word").expect(t, 403, "no-passwords")
	if a := emma.do("GET", "/api/v1/sign-in", nil); a.body != `{"oidc":{"name":"Test","url":"/sign-in/oidc"},"password":false}` {
		t.Errorf("the ways to sign in: %s", a)
	}
	if page := walk(emma, "emma"); page.status != 200 || page.body != "the console" {
		t.Fatalf("emma came back to %s", page)
	}
	if audit := h.audits(); audit != "emma set-right emma account made: supervisor of [n1]; emma sign-in oidc" {
		t.Errorf("audited %q", audit)
	}
	a := emma.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	if !strings.Contains(a.body, `"method":"oidc","name":"emma","queues":["n1"],"role":"supervisor"`) {
		t.Errorf("emma is %s", a)
	}
	emma.do("PUT", "/api/v1/session/password", m{"old": "pass word", "new": "another one"}).expect(t, 403, "no-session")
	a = emma.do("DELETE", "/api/v1/session", nil).expect(t, 200, "")
	if !strings.Contains(a.body, `"continue":"`+id.URL) {
		t.Fatalf("signed out: %s", a)
	}
	emma.do("GET", "/api/v1/session", nil).expect(t, 401, "signed-out")
	out := strings.ReplaceAll(a.body[len(`{"continue":"`):len(a.body)-2], `\u0026`, "&")
	resp, err := emma.http.Get(out)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if got := issuer.Ended(); !slices.Equal(got, []string{"subject of emma"}) || !strings.HasPrefix(resp.Request.URL.String(), srv.URL) {
		t.Errorf("at the issuer ended %v, came back to %s", got, resp.Request.URL)
	}

	if again := emma.send("GET", singlePath, nil); hiddenID.FindStringSubmatch(again.body) == nil {
		t.Errorf("signed out, the issuer does not ask who it is: %s", again)
	}

	h.audits()
	page := walk(open(t, srv), "paul")
	if page.status != 403 || !strings.Contains(page.body, "Aucun de vos groupes") || !strings.Contains(page.body, "None of your groups") || strings.Contains(page.body, "<script") || strings.Contains(page.body, "style=") {
		t.Errorf("paul sees %s", page)
	}
	if audit := h.audits(); audit != "paul sign-in-refused oidc: no-role DENIED" {
		t.Errorf("audited %q", audit)
	}
}

// walk goes to the issuer, signs in there and follows it back.
func walk(c *client, name string) answer {
	c.t.Helper()
	page := c.send("GET", singlePath, nil)
	id := hiddenID.FindStringSubmatch(page.body)
	if id == nil {
		c.t.Fatalf("no login page: %s", page)
	}
	login := page.at
	login.RawQuery = ""
	resp, err := c.http.PostForm(login.String(), url.Values{"id": {id[1]}, "name": {name}, "password": {"p"}})
	if err != nil {
		c.t.Fatal(err)
	}
	return read(c.t, resp)
}

// Every reason has its page: two languages, no detail, no script, and what it says
// of the account is text.
func TestRefusedPages(t *testing.T) {
	h := newHouse()
	d, issuer := h.deps(), &single{house: h}
	d.SSO = issuer
	c := open(t, serve(t, d))
	for reason, words := range refusals {
		issuer.why = reason
		page := c.send("GET", sso.Callback, nil)
		if page.status != refusedStatus(reason) || page.status < 400 {
			t.Errorf("%s: status %d", reason, page.status)
		}
		for _, w := range words {
			if w.Title == "" || !strings.Contains(page.body, w.Title) || w.Why == "" || w.Do == "" {
				t.Errorf("%s: the page lacks %+v", reason, w)
			}
		}
		if strings.Contains(page.body, "secret detail") || strings.Contains(page.body, "<b>paul") || !strings.HasPrefix(page.header.Get("Content-Type"), "text/html") {
			t.Errorf("%s: %s", reason, page)
		}
		if cookie := page.header.Get("Set-Cookie"); !strings.Contains(cookie, "lk_oidc=;") {
			t.Errorf("%s: the browser keeps %q", reason, cookie)
		}
		if css := c.send("GET", stylePath, nil); css.status != 200 || !strings.HasPrefix(css.header.Get("Content-Type"), "text/css") {
			t.Errorf("the page's style: %s", css)
		}
	}
	issuer.why = ""
	if page := c.send("GET", sso.Callback, nil); page.status != http.StatusServiceUnavailable {
		t.Errorf("without a reason: %s", page)
	}
}

// Every reason sso gives is put in words.
func TestEveryReasonHasAPage(t *testing.T) {
	for _, why := range []sso.Reason{
		sso.Cancelled, sso.Stale, sso.Unanswered, sso.Unverified, sso.Nameless, sso.NoRole, sso.NoAccount, sso.NotTheirs, sso.Disabled, sso.NoDatabase,
	} {
		if refusals[why][0].Title == "" || refusals[why][1].Title == "" {
			t.Errorf("%s has no words", why)
		}
	}
}

// What the browser keeps meanwhile no script can read, and behind TLS no other host
// can set.
func TestKeptCookie(t *testing.T) {
	d := newHouse().deps()
	d.SSO, d.Secure = &single{}, true
	c := open(t, serve(t, d))
	c.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	a := c.send("GET", singlePath, nil)
	cookie := a.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-lk_oidc=kept", "Path=/", "HttpOnly", "Secure", "SameSite=Lax", "Max-Age=600"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the cookie %q lacks %s", cookie, want)
		}
	}
	if a.status != http.StatusFound || a.header.Get("Location") != "https://id.example/?state=x" || a.header.Get("Cache-Control") != "no-store" {
		t.Errorf("sent on by %v", a.header)
	}
}

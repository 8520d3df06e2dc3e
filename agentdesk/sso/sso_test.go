package sso

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"linekeeper/agentdesk"
	"linekeeper/deploy/lab/idp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// people are the issuer's.
var people = []idp.Person{
	{Subject: "s1", Name: "alice", Password: "alice-id", DisplayName: "Alice A.", Email: "alice@example.org", EmailVerified: true, Groups: []string{"staff", "helpdesk"}},
	{Subject: "s2", Name: "ines", Password: "ines-id", DisplayName: "Inès", Email: "Ines@Example.org", EmailVerified: true, Groups: []string{"leads"}},
	{Subject: "s3", Name: "paul", Password: "paul-id", Email: "paul@example.org", Groups: []string{"staff"}},
	{Subject: "s4", Name: "bruno", Password: "bruno-id", Groups: []string{"helpdesk"}},
}

// site is an issuer, the accounts here, and single sign-on between them.
type site struct {
	t      *testing.T
	sso    *SSO
	issuer *idp.Issuer
	server *httptest.Server
	here   *httptest.Server // the callback; it answers with its own query

	mu       sync.Mutex
	now      time.Time
	down     bool
	accounts map[string]Account
}

func newSite(t *testing.T, change func(*Config, *idp.Client)) *site {
	t.Helper()
	s := &site{t: t, now: time.Now(), accounts: map[string]Account{
		"bruno": {Name: "bruno", Right: agentdesk.Right{Role: agentdesk.RoleAgent}},
		"hugo":  {Name: "hugo", Right: agentdesk.Right{Role: agentdesk.RoleSupervisor}, Issuer: "another", Subject: "s1"},
	}}
	s.here = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.URL.RawQuery) }))
	t.Cleanup(s.here.Close)
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.issuer.ServeHTTP(w, r) }))
	t.Cleanup(s.server.Close)
	cfg := Config{
		Name: "Test", Issuer: s.server.URL, ClientID: "linekeeper", ClientSecret: "secret & more", URL: s.here.URL,
		Scopes: []string{"profile", "email", "groups"}, Account: "preferred_username", DisplayName: "name", Groups: "groups",
		Roles: []Rule{
			{Group: "leads", Role: agentdesk.RoleSupervisor, Queues: []string{"n1", "@second"}},
			{Group: "helpdesk", Role: agentdesk.RoleAgent},
		},
	}
	client := idp.Client{ID: cfg.ClientID, Secret: cfg.ClientSecret, Redirect: cfg.redirect(), SignedOut: cfg.URL, ClaimsInToken: true}
	if change != nil {
		change(&cfg, &client)
	}
	if err := cfg.Validate(); err != nil {
		t.Fatal(err)
	}
	var err error
	if s.issuer, err = idp.New(s.server.URL, client, people...); err != nil {
		t.Fatal(err)
	}
	s.sso = New(cfg, s, s.clock)
	return s
}

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *site) find(which func(Account) bool) (Account, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down {
		return Account{}, errors.New("PostgreSQL is down")
	}
	for _, a := range s.accounts {
		if which(a) {
			return a, nil
		}
	}
	return Account{}, ErrUnknown
}

func (s *site) BySubject(_ context.Context, issuer, subject string) (Account, error) {
	return s.find(func(a Account) bool { return a.Issuer == issuer && a.Subject == subject })
}

func (s *site) ByName(_ context.Context, name string) (Account, error) {
	return s.find(func(a Account) bool { return a.Name == name })
}

func (s *site) put(name string, change func(*Account)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.accounts[name]
	change(&a)
	s.accounts[name] = a
	return nil
}

func (s *site) Create(_ context.Context, a Account) error {
	return s.put(a.Name, func(to *Account) { *to = a })
}

func (s *site) Link(_ context.Context, name, issuer, subject string) error {
	return s.put(name, func(a *Account) { a.Issuer, a.Subject = issuer, subject })
}

func (s *site) SetRight(_ context.Context, name string, right agentdesk.Right) error {
	return s.put(name, func(a *Account) { a.Right = right })
}

var hiddenID = regexp.MustCompile(`name="id" value="([^"]*)"`)

// walk is a browser that goes where it is sent, signs in at the issuer and comes
// back with an answer.
func (s *site) walk(where, name string) Answer {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	browser := &http.Client{Jar: jar, Transport: s.server.Client().Transport}
	get := func(resp *http.Response, err error) (string, *url.URL) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			s.t.Fatal(err)
		}
		return string(body), resp.Request.URL
	}
	page, at := get(browser.Get(where))
	id := hiddenID.FindStringSubmatch(page)
	if id == nil {
		s.t.Fatalf("no login page at %s: %s", at, page)
	}
	query, at := get(browser.PostForm(at.Scheme+"://"+at.Host+at.Path, url.Values{"id": {id[1]}, "name": {name}, "password": {name + "-id"}}))
	if at.Path != Callback {
		s.t.Fatalf("%s came back at %s: %s", name, at, query)
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		s.t.Fatal(err)
	}
	return ReadAnswer(values)
}

func (s *site) begin() (where, keep string) {
	s.t.Helper()
	where, keep, err := s.sso.Begin(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return where, keep
}

// signIn goes the whole round.
func (s *site) signIn(name string) (Guest, error) {
	s.t.Helper()
	where, keep := s.begin()
	return s.sso.Finish(s.t.Context(), keep, s.walk(where, name))
}

func (s *site) refuses(err error, want Reason) {
	s.t.Helper()
	refused, is := errors.AsType[*Refused](err)
	if !is || refused.Reason != want {
		s.t.Errorf("refused with %v, want %s", err, want)
	}
}

// The whole round against a real issuer: people get an account at their first
// sign-in, the right of their first group, and at each sign-in what they have then.
func TestRoundTrip(t *testing.T) {
	for name, inToken := range map[string]bool{"claims in the ID token": true, "claims by userinfo": false} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, func(_ *Config, client *idp.Client) { client.ClaimsInToken = inToken })
			guest, err := s.signIn("alice")
			if err != nil || guest.Account != "alice" || guest.Note != "account made: agent" || guest.Hint == "" {
				t.Fatalf("alice is %+v: %v", guest, err)
			}
			if a := s.accounts["alice"]; a.DisplayName != "Alice A." || a.Subject != "s1" || a.Issuer != s.server.URL || a.Right.Role != agentdesk.RoleAgent || a.Right.Queues != nil {
				t.Errorf("her account: %+v", a)
			}
			guest, err = s.signIn("ines")
			if err != nil || guest.Note != "account made: supervisor of [n1 @second]" {
				t.Fatalf("ines is %+v: %v", guest, err)
			}
			_ = s.SetRight(t.Context(), "ines", agentdesk.Right{Role: agentdesk.RoleSupervisor})
			if guest, err = s.signIn("ines"); err != nil || guest.Note != "right by group: supervisor of [n1 @second]" {
				t.Errorf("changed by hand, ines is %+v: %v", guest, err)
			}
			if guest, err = s.signIn("ines"); err != nil || guest.Note != "" {
				t.Errorf("once more, ines is %+v: %v", guest, err)
			}
			_ = s.put("ines", func(a *Account) { a.Disabled = true })
			_, err = s.signIn("ines")
			s.refuses(err, Disabled)
			_, err = s.signIn("paul")
			s.refuses(err, NoRole)
			_, err = s.signIn("bruno") // has a local account
			s.refuses(err, NotTheirs)
			s.down = true
			_, err = s.signIn("alice")
			s.refuses(err, NoDatabase)
		})
	}
}

// Without roles only who has an account gets in, with the right it has; and a name
// is handed over only where that is wished for.
func TestAccountsMadeByHand(t *testing.T) {
	s := newSite(t, func(c *Config, _ *idp.Client) { c.Roles, c.Link = nil, true })
	guest, err := s.signIn("bruno")
	if err != nil || guest.Account != "bruno" || guest.Note != "account linked" || s.accounts["bruno"].Subject != "s4" {
		t.Errorf("bruno is %+v: %v", guest, err)
	}
	if guest, err := s.signIn("bruno"); err != nil || guest.Note != "" {
		t.Errorf("again, bruno is %+v: %v", guest, err)
	}
	_ = s.put("bruno", func(a *Account) { a.Subject = "somebody else" })
	_, err = s.signIn("bruno")
	s.refuses(err, NotTheirs)
	_ = s.put("bruno", func(a *Account) { a.Issuer, a.Subject, a.Disabled = "", "", true })
	_, err = s.signIn("bruno")
	s.refuses(err, Disabled)
	if s.accounts["bruno"].Subject != "" {
		t.Error("a closed account was handed over")
	}
	_, err = s.signIn("paul")
	s.refuses(err, NoAccount)
}

// The account's name by address: only one the issuer has checked, only of our
// domain.
func TestAccountByAddress(t *testing.T) {
	s := newSite(t, func(c *Config, _ *idp.Client) {
		c.Account, c.Domain = "email", "example.org"
		c.Roles = append(c.Roles, Rule{Group: "staff", Role: agentdesk.RoleAgent})
	})
	if guest, err := s.signIn("ines"); err != nil || guest.Account != "Ines" {
		t.Errorf("ines is %+v: %v", guest, err)
	}
	_, err := s.signIn("paul")
	s.refuses(err, Unverified)
	_, err = s.signIn("bruno") // has none
	s.refuses(err, Unverified)
	s.sso.cfg.Domain = "other.example"
	_, err = s.signIn("alice")
	s.refuses(err, Nameless)
}

// An answer is good once, in the browser that asked, soon.
func TestStolenAndStaleAnswers(t *testing.T) {
	s := newSite(t, nil)
	where, keep := s.begin()
	answer := s.walk(where, "alice")
	_, othersKeep := s.begin()
	finish := func(keep string, answer Answer) error {
		_, err := s.sso.Finish(t.Context(), keep, answer)
		return err
	}
	s.refuses(finish(othersKeep, answer), Stale) // somebody else's browser
	s.refuses(finish("", answer), Stale)
	s.refuses(finish("{}", answer), Stale)
	for _, change := range []func(*Answer){func(a *Answer) { a.State = "" }, func(a *Answer) { a.State += "x" }, func(a *Answer) { a.Issuer = "https://evil.example" }} {
		changed := answer
		change(&changed)
		s.refuses(finish(keep, changed), Stale)
	}
	s.refuses(finish(keep, Answer{State: answer.State, Error: "access_denied"}), Cancelled)
	s.refuses(finish(keep, Answer{State: answer.State, Code: "guessed"}), Stale)
	s.mu.Lock()
	s.now = s.now.Add(answerWithin + time.Second)
	s.mu.Unlock()
	s.refuses(finish(keep, answer), Stale)
	s.mu.Lock()
	s.now = s.now.Add(-answerWithin)
	s.mu.Unlock()
	if err := finish(keep, answer); err != nil {
		t.Errorf("the right answer in time: %v", err)
	}
	s.refuses(finish(keep, answer), Stale) // the code was used
}

// A code that lay about too long is good no more, and a token made for another
// beginning is nobody's.
func TestExpiredCodeAndForeignNonce(t *testing.T) {
	s := newSite(t, func(_ *Config, client *idp.Client) { client.CodeLife = time.Nanosecond })
	_, err := s.signIn("alice")
	s.refuses(err, Stale)
	s = newSite(t, nil)
	where, keep := s.begin()
	asked, err := url.Parse(where)
	if err != nil {
		t.Fatal(err)
	}
	query := asked.Query()
	query.Set("nonce", "another beginning's")
	asked.RawQuery = query.Encode()
	_, err = s.sso.Finish(t.Context(), keep, s.walk(asked.String(), "alice"))
	s.refuses(err, Stale)
	if err == nil || !strings.Contains(err.Error(), "nonce") {
		t.Errorf("refused with %v, not for the nonce", err)
	}
}

// What is asked of the issuer binds the answer to this beginning: state, nonce and
// a challenge, each new.
func TestWhatIsAsked(t *testing.T) {
	s := newSite(t, nil)
	first, keep := s.begin()
	second, _ := s.begin()
	one, _ := url.Parse(first)
	two, _ := url.Parse(second)
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if a, b := one.Query().Get(name), two.Query().Get(name); len(a) < 20 || a == b {
			t.Errorf("%s is %q, then %q", name, a, b)
		}
	}
	q := one.Query()
	if q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" || q.Get("redirect_uri") != s.here.URL+Callback || !slices.Contains(strings.Fields(q.Get("scope")), "openid") {
		t.Errorf("asked %s", first)
	}
	if strings.Contains(first, keep) {
		t.Error("what the browser keeps goes to the issuer")
	}
	// A verifier of another beginning does not open the code.
	answer := s.walk(first, "alice")
	where, otherKeep := s.begin()
	other, _ := url.Parse(where)
	answer.State = other.Query().Get("state")
	_, err := s.sso.Finish(t.Context(), otherKeep, answer)
	s.refuses(err, Stale)
}

// An issuer that is away is said so, and asked again next time.
func TestIssuerIsAway(t *testing.T) {
	s := newSite(t, nil)
	there := s.sso.cfg.Issuer
	s.sso.cfg.Issuer = "http://127.0.0.1:1"
	_, _, err := s.sso.Begin(t.Context())
	s.refuses(err, Unanswered)
	if to := s.sso.SignOut(t.Context(), ""); to != "" {
		t.Errorf("signs out at %s", to)
	}
	s.sso.cfg.Issuer = there
	if _, err := s.signIn("alice"); err != nil {
		t.Error(err)
	}
}

// Signing out goes on to the issuer, which ends its own session.
func TestSignOutAtTheIssuer(t *testing.T) {
	s := newSite(t, nil)
	guest, err := s.signIn("alice")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := s.server.Client().Get(s.sso.SignOut(t.Context(), guest.Hint))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if got := s.issuer.Ended(); !slices.Equal(got, []string{"s1"}) || resp.Request.URL.Host != strings.TrimPrefix(s.here.URL, "http://") {
		t.Errorf("ended %v, came back to %s", got, resp.Request.URL)
	}
}

func TestValidate(t *testing.T) {
	good := Config{Issuer: "https://id.example", URL: "https://desk.example", ClientID: "x", Account: "email", Groups: "groups", Roles: []Rule{{Group: "g", Role: agentdesk.RoleAgent}}}
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for says, change := range map[string]func(*Config){
		"issuer":        func(c *Config) { c.Issuer = "http://id.example" },
		"where browser": func(c *Config) { c.URL = "http://192.0.2.1" },
		"client_id":     func(c *Config) { c.ClientID = "" },
		"claims.account": func(c *Config) {
			c.Account = ""
		},
		"claims.groups":            func(c *Config) { c.Groups = "" },
		"none of agent":            func(c *Config) { c.Roles = []Rule{{Group: "g", Role: "root"}} },
		"given to no group":        func(c *Config) { c.Roles = []Rule{{Role: agentdesk.RoleAgent}} },
		"an administrator's right": func(c *Config) { c.Roles = []Rule{{Group: "g", Role: agentdesk.RoleAdministrator, Queues: []string{}}} },
	} {
		bad := good
		change(&bad)
		if err := bad.Validate(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v, want %q said", err, says)
		}
	}
}

// Whatever an issuer claims, somebody is let in with a usable name and the right of
// a group, or refused.
func FuzzPerson(f *testing.F) {
	f.Add("s1", "alice@example.org", "A", "leads", true)
	f.Add("", "@example.org", "\xff", "", false)
	f.Add("s", "me@example.org", "", "staff", true)
	cfg := Config{Account: "email", DisplayName: "name", Groups: "groups", Domain: "@example.org", Roles: []Rule{{Group: "leads", Role: agentdesk.RoleSupervisor}}}
	f.Fuzz(func(t *testing.T, sub, mail, name, group string, verified bool) {
		for _, groups := range []any{group, []any{group, 7, nil}, nil, map[string]any{}} {
			p, err := cfg.person(map[string]any{"sub": sub, "email": mail, "name": name, "email_verified": verified, "groups": groups})
			if _, is := errors.AsType[*Refused](err); err != nil && !is {
				t.Fatalf("refused with %v", err)
			}
			if err == nil && (!usable(p.account) || p.right == nil || p.right.Role != agentdesk.RoleSupervisor || group != "leads" || !verified || p.display == "") {
				t.Fatalf("let in %+v", p)
			}
		}
	})
}

func FuzzFinish(f *testing.F) {
	s := New(Config{Issuer: "http://127.0.0.1:1"}, nil, nil)
	f.Add("eyJzIjoieCJ9", "state=x&code=y")
	f.Fuzz(func(t *testing.T, keep, query string) {
		values, _ := url.ParseQuery(query)
		k, err := s.check(keep, ReadAnswer(values))
		if err == nil && (k.State == "" || k.State != values.Get("state") || k.Verifier == "" || k.Nonce == "") {
			t.Fatalf("%q was let through with %+v", query, k)
		}
	})
}

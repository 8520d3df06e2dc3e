package idp

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// desk is an issuer and a browser that has come to sign in at it.
type desk struct {
	t       *testing.T
	server  *httptest.Server
	browser *http.Client
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	var issuer *Issuer
	d := &desk{t: t, server: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { issuer.ServeHTTP(w, r) }))}
	t.Cleanup(d.server.Close)
	var err error
	issuer, err = New(d.server.URL, Client{ID: "c", Secret: "s", Redirect: "http://127.0.0.1:1/back"},
		Person{Subject: "s1", Name: "alice", Password: "right"})
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	d.browser = &http.Client{Jar: jar, Transport: d.server.Client().Transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/back" { // nobody is there
			return http.ErrUseLastResponse
		}
		return nil
	}}
	return d
}

// read is a page's text, or where the browser was sent.
func (d *desk) read(resp *http.Response, err error) (page string, sent *url.URL) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		d.t.Fatal(err)
	}
	if sent, err := resp.Location(); err == nil {
		return string(body), sent
	}
	return string(body), nil
}

// ask begins a sign-in.
func (d *desk) ask(more string) (page string, sent *url.URL) {
	d.t.Helper()
	return d.read(d.browser.Get(d.server.URL + "/authorize?client_id=c&response_type=code&scope=openid&state=st&redirect_uri=" + url.QueryEscape("http://127.0.0.1:1/back") + more))
}

var hiddenID = regexp.MustCompile(`name="id" value="([^"]*)"`)

func (d *desk) answer(page string, fields url.Values) (answer string, sent *url.URL) {
	d.t.Helper()
	id := hiddenID.FindStringSubmatch(page)
	if id == nil {
		d.t.Fatalf("no sign-in on %s", page)
	}
	fields.Set("id", id[1])
	return d.read(d.browser.PostForm(d.server.URL+loginPath, fields))
}

// Somebody mistypes, gives up, signs in, and is not asked a second time, unless the
// client wants it so.
func TestLogin(t *testing.T) {
	d := newDesk(t)
	page, _ := d.ask("")
	again, sent := d.answer(page, url.Values{"name": {"alice"}, "password": {"wrong"}})
	if sent != nil || !strings.Contains(again, "Nom ou mot de passe incorrect.") {
		t.Errorf("a wrong password led to %v: %s", sent, again)
	}
	_, sent = d.answer(again, url.Values{"cancel": {"1"}})
	if sent == nil || sent.Query().Get("error") != "access_denied" || sent.Query().Get("state") != "st" {
		t.Errorf("given up, the client hears %v", sent)
	}
	_, sent = d.answer(again, url.Values{"name": {"alice"}, "password": {"right"}})
	if sent == nil || sent.Query().Get("code") == "" || sent.Query().Get("state") != "st" {
		t.Fatalf("signed in, the client hears %v", sent)
	}
	if page, sent = d.ask(""); sent == nil || sent.Query().Get("code") == "" {
		t.Errorf("asked again: %s", page)
	}
	if page, sent = d.ask("&prompt=login"); sent != nil || hiddenID.FindString(page) == "" {
		t.Errorf("a client that wants the password gets %v: %s", sent, page)
	}
}

// The page speaks the browser's language, and is one nobody can write into or
// frame.
func TestLoginPage(t *testing.T) {
	d := newDesk(t)
	for language, want := range map[string]string{"": `lang="fr"`, "de,en": `lang="fr"`, "en-GB,en": `lang="en"`} {
		r := httptest.NewRequest(http.MethodGet, loginPath+"?id=%3Cscript%3E", nil)
		r.Header.Set("Accept-Language", language)
		w := httptest.NewRecorder()
		d.server.Config.Handler.ServeHTTP(w, r)
		page := w.Body.String()
		if w.Code != http.StatusBadRequest || !strings.Contains(page, want) || strings.Contains(page, "<script") || strings.Contains(page, "<form") {
			t.Errorf("%q: status %d, %s", language, w.Code, page)
		}
		if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' http://127.0.0.1:1;") || !strings.Contains(policy, "frame-ancestors 'none'") {
			t.Errorf("policy %q", policy)
		}
	}
}

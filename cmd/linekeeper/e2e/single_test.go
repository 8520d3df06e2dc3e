package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// front opens the sign-in page in a browser of somebody's own.
func (s *stack) front(t testing.TB, name string) *page {
	t.Helper()
	p := &page{t: t, s: s, d: s.browser(t), name: name}
	p.do("open", map[string]any{"url": s.env["LAB_HTTP"] + "/"})
	t.Cleanup(p.close)
	return p
}

// throughIssuer goes from the sign-in page to the issuer and says there who one is.
func (p *page) throughIssuer(name string) {
	p.t.Helper()
	p.click("sign-oidc")
	p.await("h1", "Fournisseur d’identité du labo")
	p.fill("input[name=name]", name)
	p.fill("input[name=password]", name+"-lab")
	p.do("click", map[string]any{"at": "button >> nth=0"})
}

func (p *page) address() string {
	p.t.Helper()
	return evaluate[string](p, "location.href")
}

// Alice signs in where all her house does, once: Linekeeper takes the issuer's word
// for who she is, has her desk and her right, and her sign-out ends it at both.
func TestSingleSignOnInTheBrowser(t *testing.T) {
	s := begin(t)
	alice := s.front(t, "alice")
	alice.await(id("sign-oidc"), "Se connecter avec Identité Labo")
	alice.await(id("sign-submit"), "") // a password does as well
	alice.shot("sign-in")
	alice.accessible()
	alice.click("sign-oidc")
	alice.await("input[name=password]", "")
	if at := alice.address(); !strings.HasPrefix(at, s.env["LAB_ISSUER"]+"/login?id=") {
		t.Errorf("who she is is asked at %s", at)
	}
	alice.accessible()
	alice.fill("input[name=name]", "alice")
	alice.fill("input[name=password]", "wrong")
	alice.do("click", map[string]any{"at": "button >> nth=0"})
	alice.await("[role=alert]", "Nom ou mot de passe incorrect.")
	alice.fill("input[name=name]", "alice")
	alice.fill("input[name=password]", "alice-lab")
	alice.do("click", map[string]any{"at": "button >> nth=0"})

	alice.await(id("live-status")+"[data-status=live]", "")
	alice.shows(id("agent-name"), "Alice")
	alice.await(id("phone-status")+"[data-status=registered]", "")
	if at := alice.address(); !strings.HasPrefix(at, s.env["LAB_HTTP"]+"/") || strings.Contains(at, "code=") {
		t.Errorf("she is back at %s", at)
	}
	session := evaluate[struct{ Name, Role, Method string }](alice, "fetch('/api/v1/session').then((a) => a.json())")
	if session.Name != "alice" || session.Role != "agent" || session.Method != "oidc" {
		t.Errorf("her session is %+v", session)
	}
	s.awaitAudit(t, "alice", "sign-in", "oidc")

	alice.click("sign-out")
	alice.await(id("sign-in"), "")
	if at := alice.address(); !strings.HasPrefix(at, s.env["LAB_HTTP"]+"/") {
		t.Errorf("signed out, she is at %s", at)
	}
	if status := evaluate[int](alice, "fetch('/api/v1/session').then((a) => a.status)"); status != http.StatusUnauthorized {
		t.Errorf("signed out, her session answers %d", status)
	}
	s.awaitAudit(t, "alice", "sign-out", "")
	alice.throughIssuer("alice") // it asks again: she is signed out there too
	alice.await(id("live-status")+"[data-status=live]", "")
	alice.click("sign-out")
	alice.await(id("sign-in"), "")

	alice.fill("input[name=name]", "alice") // and her password is still good
	alice.fill("input[name=password]", "alice-lab")
	alice.click("sign-submit")
	alice.await(id("live-status")+"[data-status=live]", "")
	t.Cleanup(alice.signOut)
}

// Who may not come in reads why, in both languages, and gets no session.
func TestWhoSingleSignOnRefuses(t *testing.T) {
	s := begin(t)
	refused := func(t *testing.T, p *page, title, why string) {
		t.Helper()
		p.await("h1", title)
		p.shows("main", why)
		for _, theme := range []string{"dark", "light"} {
			p.do("theme", map[string]any{"scheme": theme})
			p.accessible()
		}
		if status := evaluate[int](p, "fetch('/api/v1/session').then((a) => a.status)"); status != http.StatusUnauthorized {
			t.Errorf("refused, the browser has a session: status %d", status)
		}
	}
	t.Run("nobody here", func(t *testing.T) {
		zoe := s.front(t, "zoe")
		zoe.throughIssuer("zoe")
		refused(t, zoe, "Accès refusé", "Vous n’avez pas de compte dans Linekeeper.")
		zoe.shows("main", "You have no account in Linekeeper.")
		s.awaitAudit(t, "zoe", "sign-in-refused", "oidc: no-account")
	})
	t.Run("account switched off", func(t *testing.T) {
		gaelle := s.front(t, "gaelle")
		gaelle.throughIssuer("gaelle")
		gaelle.await(id("live-status")+"[data-status=live]", "")
		t.Cleanup(gaelle.signOut)
		s.command(t, "user", "close", "gaelle")
		t.Cleanup(func() { s.command(t, "user", "open", "gaelle") })
		until(t, "the console of a closed account closes", 3*patient, func() error { // half a minute, says the command
			if gaelle.count(id("sign-in")) == 0 {
				return errors.New("it is open")
			}
			return nil
		})
		gaelle.click("sign-oidc") // the issuer knows her still, and does not ask
		refused(t, gaelle, "Compte fermé", "Votre compte Linekeeper est fermé.")
	})
	t.Run("given up", func(t *testing.T) {
		bruno := s.front(t, "bruno")
		bruno.click("sign-oidc")
		bruno.do("click", map[string]any{"at": "button[name=cancel]"})
		refused(t, bruno, "Connexion interrompue", "The sign-in was cancelled")
		bruno.do("click", map[string]any{"at": "a[href='/']"})
		bruno.await(id("sign-in"), "")
	})
}

// An answer of the issuer's that is not to this browser's question opens nothing:
// another state, another nonce, a code that was used, one that is too old to be
// known, none at all.
func TestForgedAnswersOfTheIssuer(t *testing.T) {
	s := begin(t)
	stale := func(t *testing.T, w *walker, resp *http.Response, body string) {
		t.Helper()
		if resp.StatusCode != http.StatusBadRequest || !strings.Contains(body, "Connexion expirée") || !strings.Contains(body, "Sign-in expired") {
			t.Errorf("answered %s: %s", resp.Status, body)
		}
		if w.signedIn() {
			t.Error("a session was opened")
		}
	}
	t.Run("state", func(t *testing.T) {
		w := s.walker(t)
		back := w.toCallback(w.begin(), "david")
		resp, body := w.get(with(back, "state", "somebody else's"))
		stale(t, w, resp, body)
	})
	t.Run("nonce", func(t *testing.T) {
		w := s.walker(t)
		back := w.toCallback(with(w.begin(), "nonce", "another beginning's"), "david")
		resp, body := w.get(back)
		stale(t, w, resp, body)
	})
	t.Run("code used before", func(t *testing.T) {
		w := s.walker(t)
		first := w.toCallback(w.begin(), "david")
		if resp, body := w.get(first); !w.signedIn() {
			t.Fatalf("the right answer opens nothing: %s: %s", resp.Status, body)
		}
		thief := s.walker(t) // has seen the address go by
		mine := thief.begin()
		forged := with(first, "state", mine.Query().Get("state"))
		resp, body := thief.get(forged)
		stale(t, thief, resp, body)
		again, body := w.get(first) // back in the browser's history
		if again.StatusCode != http.StatusBadRequest {
			t.Errorf("the same answer twice: %s: %s", again.Status, body)
		}
	})
	t.Run("code unknown", func(t *testing.T) {
		w := s.walker(t)
		state := w.begin().Query().Get("state")
		resp, body := w.get(w.here("/sign-in/oidc/callback?code=guessed&state=" + url.QueryEscape(state)))
		stale(t, w, resp, body)
	})
	t.Run("nobody asked", func(t *testing.T) {
		w := s.walker(t)
		resp, body := w.get(w.here("/sign-in/oidc/callback?code=c&state=s"))
		stale(t, w, resp, body)
	})
}

// walker is a browser that stops wherever somebody could change its way.
type walker struct {
	t    *testing.T
	s    *stack
	http *http.Client
}

func (s *stack) walker(t *testing.T) *walker {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &walker{t: t, s: s, http: &http.Client{
		Jar: jar, Timeout: patient, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

func (w *walker) here(path string) *url.URL {
	w.t.Helper()
	at, err := url.Parse(w.s.env["LAB_HTTP"] + path)
	if err != nil {
		w.t.Fatal(err)
	}
	return at
}

func (w *walker) get(at *url.URL) (*http.Response, string) {
	w.t.Helper()
	return w.read(w.http.Get(at.String()))
}

func (w *walker) read(resp *http.Response, err error) (*http.Response, string) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp, string(body)
}

// begin asks to sign in and is sent to the issuer.
func (w *walker) begin() *url.URL {
	w.t.Helper()
	resp, body := w.get(w.here("/sign-in/oidc"))
	return w.sentTo(resp, body)
}

func (w *walker) sentTo(resp *http.Response, body string) *url.URL {
	w.t.Helper()
	at, err := resp.Location()
	if err != nil {
		w.t.Fatalf("sent nowhere: %s: %s", resp.Status, body)
	}
	return at
}

var hiddenID = regexp.MustCompile(`name="id" value="([^"]*)"`)

// toCallback signs in at the issuer and stops before it brings its answer back.
func (w *walker) toCallback(at *url.URL, name string) *url.URL {
	w.t.Helper()
	login := w.sentTo(w.get(at))
	_, page := w.get(login)
	found := hiddenID.FindStringSubmatch(page)
	if found == nil {
		w.t.Fatalf("no sign-in on %s", page)
	}
	form := url.Values{"id": {found[1]}, "name": {name}, "password": {name + "-lab"}}
	next := w.sentTo(w.read(w.http.PostForm(w.s.env["LAB_ISSUER"]+"/login", form)))
	back := w.sentTo(w.get(next))
	if !strings.HasPrefix(back.String(), w.s.env["LAB_HTTP"]+"/sign-in/oidc/callback?") || back.Query().Get("code") == "" {
		w.t.Fatalf("the issuer sends back to %s", back)
	}
	return back
}

func (w *walker) signedIn() bool {
	w.t.Helper()
	resp, _ := w.get(w.here("/api/v1/session"))
	return resp.StatusCode == http.StatusOK
}

// with is an address with another value.
func with(at *url.URL, name, value string) *url.URL {
	changed := *at
	query := changed.Query()
	query.Set(name, value)
	changed.RawQuery = query.Encode()
	return &changed
}

// command runs one of the administrator's commands.
func (s *stack) command(t testing.TB, args ...string) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	args = append(args, "--config", filepath.Join(s.dir, "linekeeper.yaml"))
	if out, err := exec.CommandContext(ctx, s.options.Binary, args...).CombinedOutput(); err != nil {
		t.Errorf("linekeeper %s: %v\n%s", strings.Join(args, " "), err, bytes.TrimSpace(out))
	}
}

// awaitAudit waits until the audit log says what somebody did.
func (s *stack) awaitAudit(t testing.TB, account, act, detail string) {
	t.Helper()
	until(t, "the audit log's line "+account+" "+act+" "+detail, patient, func() error {
		ctx, cancel := context.WithTimeout(context.Background(), patient)
		defer cancel()
		var there bool
		err := s.pool.QueryRow(ctx, `SELECT EXISTS (SELECT FROM audit WHERE account = $1 AND act = $2 AND detail LIKE $3 || '%')`, account, act, detail).Scan(&there)
		if err == nil && !there {
			err = fmt.Errorf("it is not there")
		}
		return err
	})
}

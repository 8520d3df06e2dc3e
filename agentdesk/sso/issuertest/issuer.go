// Package issuertest is a real OpenID Connect issuer for trials and tests: people with
// passwords and groups, kept in memory, behind the protocol of a library that is
// certified for it (github.com/zitadel/oidc).
//
// It never appears in the product, owns no account of Linekeeper's, and shares no
// code with agentdesk/sso: what the two agree on is the protocol. The tests of
// agentdesk/sso and agentdesk/api call it.
package issuertest

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// Person is somebody the issuer knows.
type Person struct {
	Subject, Name, Password string
	DisplayName, Email      string
	EmailVerified           bool
	Groups                  []string
}

// Client is the one program that may ask.
type Client struct {
	ID, Secret string
	Redirect   string // where browsers are sent back to
	SignedOut  string // where they go after a sign-out
	// ClaimsInToken puts all claims into the ID token; without it some come by
	// userinfo only, as the standard has it (OpenID Connect Core §5.4).
	ClaimsInToken bool
}

// Issuer is an http.Handler, safe for concurrent use.
type Issuer struct {
	// Immutable.

	client   Client
	people   map[string]Person // by subject
	provider *op.Provider
	key      *rsa.PrivateKey

	mu       sync.Mutex
	requests map[string]*request // by ID
	codes    map[string]string   // request by code
	tokens   map[string]string   // subject by access token's ID
	ended    []string            // subjects that signed out here
}

// New makes an issuer that is reached at url, which may be http.
func New(url string, client Client, people ...Person) (*Issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make the issuer's key: %w", err)
	}
	i := &Issuer{
		client: client, key: key, people: make(map[string]Person),
		requests: make(map[string]*request), codes: make(map[string]string), tokens: make(map[string]string),
	}
	for _, p := range people {
		i.people[p.Subject] = p
	}
	cfg := &op.Config{CodeMethodS256: true, AuthMethodPost: true, DefaultLogoutRedirectURI: client.SignedOut}
	if _, err := rand.Read(cfg.CryptoKey[:]); err != nil {
		return nil, fmt.Errorf("make the issuer's key: %w", err)
	}
	i.provider, err = op.NewProvider(cfg, store{i}, op.StaticIssuer(url), op.WithAllowInsecure(), op.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		return nil, fmt.Errorf("make the issuer: %w", err)
	}
	return i, nil
}

// loginPath is where people give name and password.
const loginPath = "/login"

// ServeHTTP implements http.Handler.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != loginPath {
		i.provider.ServeHTTP(w, r)
		return
	}
	op.NewIssuerInterceptor(i.provider.IssuerFromRequest).HandlerFunc(i.login)(w, r)
}

var loginPage = template.Must(template.New("login").Parse(`<!doctype html><meta charset="utf-8"><title>Issuer</title>
<form method="post"><input type="hidden" name="id" value="{{.ID}}">
<label>Name <input name="name" autofocus></label> <label>Password <input name="password" type="password"></label>
<button>Sign in</button> <p>{{.Wrong}}</p></form>`))

func (i *Issuer) login(w http.ResponseWriter, r *http.Request) {
	id, wrong := r.FormValue("id"), ""
	if r.Method == http.MethodPost {
		if i.authenticate(id, r.FormValue("name"), r.FormValue("password")) {
			http.Redirect(w, r, op.AuthCallbackURL(i.provider)(r.Context(), id), http.StatusFound)
			return
		}
		wrong = "Wrong name or password."
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = loginPage.Execute(w, map[string]string{"ID": id, "Wrong": wrong}) // the browser may have gone
}

func (i *Issuer) authenticate(id, name, password string) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	asked := i.requests[id]
	for _, p := range i.people {
		if asked != nil && p.Name == name && p.Password == password {
			asked.subject, asked.at = p.Subject, time.Now()
			return true
		}
	}
	return false
}

// Ended are the subjects that have signed out here, in order.
func (i *Issuer) Ended() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string(nil), i.ended...)
}

// Package idp is a real OpenID Connect issuer for the lab and for tests: people
// with passwords and groups, kept in memory, behind the protocol of a library that
// is certified for it (github.com/zitadel/oidc). It signs with RS256, and remembers
// in a browser who signed in there, as issuers do.
//
// It never guards anything that matters, owns no account of Linekeeper's, and shares
// no code with agentdesk/sso: what the two agree on is the protocol. `linekeeper lab
// issuer` serves it for deploy/lab; the tests of agentdesk/sso and agentdesk/api call
// it.
package idp

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
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
	// CodeLife is how long a code is good; 0: a minute.
	CodeLife time.Duration
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
	codes    map[string]code
	tokens   map[string]string // subject by access token's ID
	browsers map[string]string // subject by the cookie of who signed in there
	ended    []string          // subjects that signed out here
}

// code is a sign-in's, on its way from the browser to the client.
type code struct {
	request string
	until   time.Time
}

// New makes an issuer that is reached at url, which may be http.
func New(url string, client Client, people ...Person) (*Issuer, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("make the issuer's key: %w", err)
	}
	if client.CodeLife == 0 {
		client.CodeLife = time.Minute
	}
	i := &Issuer{
		client: client, key: key, people: make(map[string]Person),
		requests: make(map[string]*request), codes: make(map[string]code), tokens: make(map[string]string),
		browsers: make(map[string]string),
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

// ServeHTTP implements http.Handler.
func (i *Issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case loginPath:
		op.NewIssuerInterceptor(i.provider.IssuerFromRequest).HandlerFunc(i.login)(w, r)
	case stylePath:
		w.Header().Set("Content-Type", "text/css; charset=utf-8")
		_, _ = w.Write(loginStyle) // the browser may have gone
	default:
		i.provider.ServeHTTP(w, r)
	}
}

// Ended are the subjects that have signed out here, in order.
func (i *Issuer) Ended() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]string(nil), i.ended...)
}

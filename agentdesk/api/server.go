package api

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"

	"linekeeper/queue"
)

// base is where the API lives.
const base = "/api/v1"

// Deps is what the API is made of. Site, Tickets, the handlers, SIP, Secure, Log
// and Now may be left out; everything else must be there.
type Deps struct {
	// Site are the definitions in force; nil: Definitions are, for good.
	Site        Site
	Definitions queue.Definitions

	Floor    Floor
	Calls    Calls
	Desk     Desk
	Records  Records
	Tickets  Tickets // nil: no ticket system
	Ledger   Ledger
	Accounts Accounts
	Phones   Phones
	Live     Live
	// Sessions keeps sessions: pgxstore in the product. The API wraps it so
	// that a dead PostgreSQL does not sign out whoever is in a call.
	Sessions scs.CtxStore

	Metrics http.Handler // at /metrics
	Health  http.Handler // at /healthz
	Ready   http.Handler // at /readyz
	Pages   http.Handler // at /, the console
	// SIP is Asterisk's websocket, e.g. http://127.0.0.1:8088/ws; empty: no
	// phone in the page.
	SIP string

	// Secure marks the cookie Secure and sends HSTS: set it when desks reach
	// Linekeeper by TLS, here or in a proxy in front of it.
	Secure bool
	Log    *slog.Logger     // default slog.Default()
	Now    func() time.Time // default time.Now
}

// server is the API's state. It implements rest.StrictServerInterface, one
// method for each operation.
type server struct {
	// Immutable.

	deps Deps
	log  *slog.Logger
	now  func() time.Time
	sip  *url.URL

	// Safe for concurrent use.

	current   atomic.Pointer[catalogue] // of the definitions in force
	sessions  *scs.SessionManager
	accounts  *steady[Account] // by name
	tokens    *steady[Account] // by the token's hash
	passwords *passwords
	slow      *slow
	sockets   sockets
}

// New builds the desk's whole HTTP side. It starts no goroutine; the handler is
// safe for concurrent use.
func New(d Deps) (http.Handler, error) {
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("build the desk's API: %w", err)
	}
	d.Log = cmp.Or(d.Log, slog.Default())
	if d.Now == nil {
		d.Now = time.Now
	}
	s := &server{
		deps: d, log: d.Log, now: d.Now,
		sessions: newSessions(newSteadyStore(d.Sessions, d.Now), d.Secure),
		accounts: newSteady[Account](d.Now), tokens: newSteady[Account](d.Now),
		slow: newSlow(d.Now),
	}
	var err error
	if s.passwords, err = newPasswords(); err != nil {
		return nil, fmt.Errorf("build the desk's API: %w", err)
	}
	if d.SIP != "" {
		if s.sip, err = url.Parse(d.SIP); err != nil {
			return nil, fmt.Errorf("build the desk's API: Asterisk's websocket: %w", err)
		}
	}
	return s.routes()
}

func (d *Deps) check() error {
	for name, there := range map[string]bool{
		"Floor": d.Floor != nil, "Calls": d.Calls != nil, "Desk": d.Desk != nil, "Records": d.Records != nil,
		"Ledger": d.Ledger != nil, "Accounts": d.Accounts != nil, "Phones": d.Phones != nil,
		"Live": d.Live != nil, "Sessions": d.Sessions != nil,
	} {
		if !there {
			return errors.New(name + " is missing")
		}
	}
	return nil
}

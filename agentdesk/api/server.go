package api

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"

	"linekeeper/queue"
)

// base is where the API lives.
const base = "/api/v1"

// Deps is what the API is made of. Site, Tickets, Notes, Articles, Scripts, Dialler, SSO,
// the handlers, SIP, Secure, Log and Now may be left out; everything else must be
// there.
type Deps struct {
	// Site are the definitions in force; nil: Definitions are, for good.
	Site        Site
	Definitions queue.Definitions

	Floor   Floor
	Calls   Calls
	Desk    Desk
	Records Records
	Reports Reports
	Tickets Tickets // nil: no ticket system
	// Recordings may be left out: there are none then.
	Recordings Recordings

	Notes    Notes
	Articles Articles
	Scripts  Scripts // nil: no queue has one
	// Directory may be left out too.
	Directory Directory
	Ledger    Ledger
	Accounts  Accounts
	Phones    Phones
	Live      Live
	Sessions  Sessions
	People    People
	Audit     Audit
	// Dialler judges numbers; nil: none may be dialled.
	Dialler Dialler
	// SSO is single sign-on; nil: there is none. NoPasswords then leaves it as the
	// only way in.
	SSO         SingleSignOn
	NoPasswords bool
	// PasswordAge is how long a password is good; 0: for ever.
	PasswordAge time.Duration

	Metrics http.Handler // at /metrics
	Health  http.Handler // at /healthz
	Ready   http.Handler // at /readyz
	Pages   http.Handler // at /, the console
	// SIP is Asterisk's websocket, e.g. ws://127.0.0.1:8088/ws; empty: no phone
	// in the page.
	SIP string

	// Proxies are those in front of Linekeeper that say whom they ask for
	// (X-Forwarded-For). Without them the network address of whoever connects counts.
	Proxies []netip.Prefix
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

	// Safe for concurrent use.

	current   atomic.Pointer[catalogue] // of the definitions in force
	sessions  *scs.SessionManager
	accounts  *steady[Account] // by name
	tokens    *steady[Account] // by the token's hash
	kept      *steadyStore     // the sessions
	passwords *passwords
	slow      *slow
	sockets   sockets
	paces     paces
	looks     looks
}

// New builds the desk's whole HTTP side. It starts no goroutine; the handler is
// safe for concurrent use.
func New(d Deps) (http.Handler, error) {
	s, err := newServer(d)
	if err != nil {
		return nil, fmt.Errorf("build the desk's API: %w", err)
	}
	return s.around(s.router()), nil
}

func newServer(d Deps) (*server, error) {
	if err := d.check(); err != nil {
		return nil, err
	}
	d.Log = cmp.Or(d.Log, slog.Default())
	if d.Now == nil {
		d.Now = time.Now
	}
	kept := newSteadyStore(d.Sessions, d.Now)
	s := &server{
		deps: d, log: d.Log, now: d.Now,
		kept: kept, sessions: newSessions(kept, d.Secure),
		accounts: newSteady[Account](d.Now), tokens: newSteady[Account](d.Now),
		slow: newSlow(d.Now), passwords: newPasswords(),
	}
	return s, nil
}

func (d *Deps) check() error {
	for name, there := range map[string]bool{
		"Floor": d.Floor != nil, "Calls": d.Calls != nil, "Desk": d.Desk != nil, "Records": d.Records != nil,
		"Ledger": d.Ledger != nil, "Accounts": d.Accounts != nil, "Phones": d.Phones != nil,
		"Live": d.Live != nil, "Sessions": d.Sessions != nil, "People": d.People != nil, "Audit": d.Audit != nil,
	} {
		if !there {
			return errors.New(name + " is missing")
		}
	}
	return nil
}

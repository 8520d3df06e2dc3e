package api

import (
	"context"
	"time"

	"github.com/alexedwards/scs/v2"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/sso"
	"linekeeper/cdr"
)

// Sessions keeps sessions by the hash of their token, and says whose they are
// (cdr/store). The API wraps it so that a dead PostgreSQL does not sign out
// whoever is in a call.
type Sessions interface {
	scs.CtxStore
	// Describe says whose a session that was just committed is, or ErrNotFound.
	Describe(ctx context.Context, key, account string, how SignedIn) error
	// Of lists an account's sessions, newest first.
	Of(ctx context.Context, account string) ([]SignedIn, error)
	// End ends one of an account's sessions and returns its key, or ErrNotFound.
	End(ctx context.Context, account, id string) (key string, err error)
	// EndAll ends an account's sessions but the one with the key kept, if any, and
	// returns their keys.
	EndAll(ctx context.Context, account, kept string) (keys []string, err error)
}

// SignedIn is one session as people are shown it.
type SignedIn struct {
	ID      string // names it; no secret
	Key     string // hash of its token
	Address string // network address it began from
	Client  string // the browser, as it calls itself
	Method  string // byPassword or byIssuer
	BeganAt time.Time
	SeenAt  time.Time // to some minutes
	EndsAt  time.Time
}

// How a session began.
const (
	byPassword = "password"
	byIssuer   = "oidc"
	byToken    = "token" // no session: a program
)

// People are the accounts as administrators see and change them.
type People interface {
	// All are the accounts, by name.
	All(ctx context.Context) ([]Account, error)
	// Groups are the groups of queues a right may name, by name.
	Groups(ctx context.Context) ([]QueueGroup, error)
	// SetRight sets an account's role and what it holds for: queue IDs and "@group",
	// nil for the role's usual; or ErrNotFound.
	SetRight(ctx context.Context, name string, role agentdesk.Role, named []string) error
}

// QueueGroup is several queues under one name.
type QueueGroup struct {
	Name   string
	Queues []string
}

// Audit is the audit log.
type Audit interface {
	// Tell adds a line. It never blocks and never fails: the line is written as soon
	// as it can be, and not lost meanwhile.
	Tell(line AuditLine)
	// Entries reads what has been written, newest first.
	Entries(ctx context.Context, f AuditFilter) ([]AuditEntry, error)
}

// AuditLine is one privileged act: who did what to what, from where, and how it
// ended.
type AuditLine struct {
	At      time.Time
	Account string
	Act     string // an agentdesk.Act, or one of the words in audit.go
	On      string // what it was done to
	From    string // network address
	Outcome cdr.AuditOutcome
	Detail  string
}

// AuditEntry is a line as it stands in the log.
type AuditEntry struct {
	ID int64
	AuditLine
}

// AuditFilter narrows the audit log. Zero fields do not narrow.
type AuditFilter struct {
	Limit        int
	Before       int64 // entries older than this one
	Account, Act string
	On           string
	Outcome      cdr.AuditOutcome
	Since, Until time.Time
}

// SingleSignOn signs people in at an issuer (agentdesk/sso).
type SingleSignOn interface {
	// Name is whose sign-on it is, for the button.
	Name() string
	// Begin says where the browser goes, and what it is to bring back beside the
	// issuer's answer. The error may be a *sso.Refused.
	Begin(ctx context.Context) (where, kept string, err error)
	// Finish reads the issuer's answer and returns who it is. The error may be a
	// *sso.Refused, which says what to tell them.
	Finish(ctx context.Context, kept string, answer sso.Answer) (sso.Guest, error)
	// SignOut says where the browser goes to sign out there too; empty: nowhere.
	SignOut(ctx context.Context, hint string) string
}

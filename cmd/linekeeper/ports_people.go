package main

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api"
	"linekeeper/agentdesk/sso"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cdr/store"
)

// What agentdesk/api asks of the people: who they are, their rights and sessions,
// and what they did.

// accountsPort are the accounts in PostgreSQL.
type accountsPort struct{ accounts *store.Accounts }

func (p accountsPort) Account(ctx context.Context, name string) (api.Account, error) {
	a, err := p.accounts.ByName(ctx, name)
	return account(a), notFound(err)
}

func (p accountsPort) Token(ctx context.Context, hash api.TokenHash) (api.Account, error) {
	a, err := p.accounts.ByToken(ctx, hash)
	return account(a), notFound(err)
}

func (p accountsPort) SetLanguage(ctx context.Context, name, language string) error {
	return notFound(p.accounts.SetLanguage(ctx, name, language))
}

func (p accountsPort) SetPassword(ctx context.Context, name, hash string) error {
	return notFound(p.accounts.SetPassword(ctx, name, hash, false))
}

func account(a store.Account) api.Account {
	return api.Account{
		Name: a.Name, DisplayName: a.DisplayName, Role: agentdesk.Role(a.Role), Queues: a.Held, Named: a.Queues,
		Language: a.Language, Password: a.PasswordHash, PasswordAt: a.PasswordAt, MustChange: a.MustChange,
		SSO: a.Subject != "", Disabled: a.Disabled,
	}
}

// peoplePort are the accounts as administrators change them.
type peoplePort struct{ accounts *store.Accounts }

func (p peoplePort) All(ctx context.Context) ([]api.Account, error) {
	found, err := p.accounts.All(ctx)
	all := make([]api.Account, len(found))
	for i, a := range found {
		all[i] = account(a)
	}
	return all, err
}

func (p peoplePort) Groups(ctx context.Context) ([]api.QueueGroup, error) {
	found, err := p.accounts.QueueGroups(ctx)
	all := make([]api.QueueGroup, len(found))
	for i, g := range found {
		all[i] = api.QueueGroup(g)
	}
	return all, err
}

func (p peoplePort) SetRight(ctx context.Context, name string, role agentdesk.Role, named []string) error {
	return notFound(p.accounts.SetRight(ctx, name, store.Role(role), named))
}

// sessionsPort are the sessions in PostgreSQL.
type sessionsPort struct{ *store.Sessions }

func (p sessionsPort) Describe(ctx context.Context, key, account string, how api.SignedIn) error {
	return notFound(p.Sessions.Describe(ctx, key, account, store.Session(how)))
}

func (p sessionsPort) Of(ctx context.Context, account string) ([]api.SignedIn, error) {
	found, err := p.Sessions.Of(ctx, account)
	all := make([]api.SignedIn, len(found))
	for i, s := range found {
		all[i] = api.SignedIn(s)
	}
	return all, err
}

func (p sessionsPort) End(ctx context.Context, account, id string) (string, error) {
	ended, err := p.Sessions.End(ctx, account, id)
	return ended, notFound(err)
}

// auditPort tells the ledger what people did, and reads what the projector made of
// it. The writer keeps a line until the ledger has it.
type auditPort struct {
	writer   *ledger.Writer
	accounts *store.Accounts
}

func (p auditPort) Tell(line api.AuditLine) {
	p.writer.Append(nil, cdr.Fact{ID: uuid.Must(uuid.NewV7()).String(), At: line.At, Story: cdr.Audited{
		Account: line.Account, Act: line.Act, On: line.On, From: line.From, Outcome: line.Outcome, Detail: line.Detail,
	}})
}

func (p auditPort) Entries(ctx context.Context, f api.AuditFilter) ([]api.AuditEntry, error) {
	found, err := p.accounts.AuditLog(ctx, store.AuditFilter(f))
	all := make([]api.AuditEntry, len(found))
	for i, e := range found {
		all[i] = api.AuditEntry{ID: e.ID, AuditLine: api.AuditLine{
			At: e.At, Account: e.Account, Act: e.Act, On: e.On, From: e.From, Outcome: e.Outcome, Detail: e.Detail,
		}}
	}
	return all, err
}

// guestsPort are the accounts as single sign-on finds and makes them.
type guestsPort struct{ accounts *store.Accounts }

func (p guestsPort) BySubject(ctx context.Context, issuer, subject string) (sso.Account, error) {
	a, err := p.accounts.BySubject(ctx, issuer, subject)
	return guest(a), unknown(err)
}

func (p guestsPort) ByName(ctx context.Context, name string) (sso.Account, error) {
	a, err := p.accounts.ByName(ctx, name)
	return guest(a), unknown(err)
}

func (p guestsPort) Create(ctx context.Context, a sso.Account) error {
	return p.accounts.Create(ctx, store.Account{
		Name: a.Name, DisplayName: a.DisplayName, Role: store.Role(a.Right.Role), Queues: a.Right.Queues,
		Issuer: a.Issuer, Subject: a.Subject,
	})
}

func (p guestsPort) Link(ctx context.Context, name, issuer, subject string) error {
	return p.accounts.SetSubject(ctx, name, issuer, subject)
}

func (p guestsPort) SetRight(ctx context.Context, name string, right agentdesk.Right) error {
	return p.accounts.SetRight(ctx, name, store.Role(right.Role), right.Queues)
}

func guest(a store.Account) sso.Account {
	return sso.Account{
		Name: a.Name, DisplayName: a.DisplayName, Issuer: a.Issuer, Subject: a.Subject, Disabled: a.Disabled,
		Right: agentdesk.Right{Role: agentdesk.Role(a.Role), Queues: slices.Clone(a.Queues)},
	}
}

// unknown turns the store's word for it into single sign-on's.
func unknown(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return errors.Join(sso.ErrUnknown, err)
	}
	return err
}

// startSweep sweeps sessions until the stack stops it.
func (a *app) startSweep(sessions *store.Sessions) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); a.sweepSessions(ctx, sessions) }()
	a.stack.Push("session sweep", func(context.Context) error { cancel(); <-done; return nil })
}

// sweepSessions deletes the sessions that have run out, until ctx ends.
func (a *app) sweepSessions(ctx context.Context, sessions *store.Sessions) {
	tick := time.NewTicker(sessionSweep)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if err := sessions.Sweep(ctx); err != nil && ctx.Err() == nil {
			a.log.Warn("sessions that have run out were not deleted", "err", err)
		}
	}
}

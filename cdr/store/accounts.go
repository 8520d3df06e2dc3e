package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr/store/internal/db"
)

// Role is what an account may do; agentdesk says what that is.
type Role string

// The roles.
const (
	RoleAgent         Role = "agent"
	RoleSupervisor    Role = "supervisor"
	RoleAdministrator Role = "administrator"
)

// Account is someone who may sign in. An agent's name is the agent's ID.
type Account struct {
	Name        string
	DisplayName string
	Role        Role
	// PasswordHash is argon2id in its PHC form ("$argon2id$v=19$…"). It is made
	// and checked by agentdesk/api; it never leaves the process.
	// Empty: they sign in by single sign-on only.
	PasswordHash string
	PasswordAt   time.Time // when it was set
	MustChange   bool      // before anything else
	// Queues are what the role holds for, as it was given: queue IDs and "@group".
	// Nil is the role's usual. Held are the queues that makes.
	Queues, Held []string
	// Issuer and Subject say who they are at single sign-on; empty: nobody yet.
	Issuer, Subject string
	Language        string // "fr" or "en"
	Disabled        bool
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// ErrExists says that the name is taken.
var ErrExists = errors.New("exists already")

// Accounts keeps accounts, queue groups, API tokens, phone secrets and the audit log. Safe
// for concurrent use.
type Accounts struct{ q *db.Queries }

// NewAccounts returns the accounts kept in pool.
func NewAccounts(pool *pgxpool.Pool) *Accounts { return &Accounts{q: db.New(pool)} }

// ByName returns an account, disabled ones too, or ErrNotFound.
func (a *Accounts) ByName(ctx context.Context, name string) (Account, error) {
	row, err := a.q.AccountByName(ctx, text(name))
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return Account{}, fmt.Errorf("read account %q: %w", name, err)
	}
	return account(row), nil
}

// BySubject returns the account of somebody at an issuer, or ErrNotFound.
func (a *Accounts) BySubject(ctx context.Context, issuer, subject string) (Account, error) {
	row, err := a.q.AccountBySubject(ctx, db.AccountBySubjectParams{Issuer: text(issuer), Subject: text(subject)})
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return Account{}, fmt.Errorf("read the account of subject %q: %w", subject, err)
	}
	return account(db.AccountByNameRow(row)), nil
}

// All returns every account by name.
func (a *Accounts) All(ctx context.Context) ([]Account, error) {
	rows, err := a.q.Accounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	all := make([]Account, len(rows))
	for i, row := range rows {
		all[i] = account(db.AccountByNameRow(row))
	}
	return all, nil
}

// Create adds an account, or returns ErrExists. An empty Language is "fr".
func (a *Accounts) Create(ctx context.Context, acc Account) error {
	if acc.Language == "" {
		acc.Language = "fr"
	}
	n, err := a.q.CreateAccount(ctx, db.CreateAccountParams{
		Now: time.Now(), Name: text(acc.Name), DisplayName: text(acc.DisplayName),
		Role: string(acc.Role), PasswordHash: acc.PasswordHash, Language: acc.Language,
		Queues: acc.Queues, MustChange: acc.MustChange, Issuer: text(acc.Issuer), Subject: text(acc.Subject),
	})
	if err == nil && n == 0 {
		err = ErrExists
	}
	if err != nil {
		return fmt.Errorf("create account %q: %w", acc.Name, err)
	}
	return nil
}

// SetPassword replaces the password hash of an account, or returns ErrNotFound.
// mustChange has its owner choose another at the next sign-in. Ending the
// account's sessions is the caller's.
func (a *Accounts) SetPassword(ctx context.Context, name, hash string, mustChange bool) error {
	n, err := a.q.SetPassword(ctx, db.SetPasswordParams{Now: time.Now(), Name: text(name), PasswordHash: hash, MustChange: mustChange})
	return changed("set the password of", name, n, err)
}

// SetRight sets an account's role and the queues it holds for; nil queues are the
// role's usual.
func (a *Accounts) SetRight(ctx context.Context, name string, role Role, queues []string) error {
	n, err := a.q.SetRight(ctx, db.SetRightParams{Now: time.Now(), Name: text(name), Role: string(role), Queues: queues})
	return changed("set the right of", name, n, err)
}

// SetSubject says who an account is at single sign-on. One that is somebody else
// there already is left alone: ErrNotFound.
func (a *Accounts) SetSubject(ctx context.Context, name, issuer, subject string) error {
	n, err := a.q.SetSubject(ctx, db.SetSubjectParams{Now: time.Now(), Name: text(name), Issuer: text(issuer), Subject: text(subject)})
	return changed("link", name, n, err)
}

// SetDisplayName sets an account's name as people read it.
func (a *Accounts) SetDisplayName(ctx context.Context, name, display string) error {
	n, err := a.q.SetDisplayName(ctx, db.SetDisplayNameParams{Now: time.Now(), Name: text(name), DisplayName: text(display)})
	return changed("name", name, n, err)
}

// SetLanguage sets the language of an account's console, "fr" or "en".
func (a *Accounts) SetLanguage(ctx context.Context, name, language string) error {
	n, err := a.q.SetLanguage(ctx, db.SetLanguageParams{Now: time.Now(), Name: text(name), Language: language})
	return changed("set the language of", name, n, err)
}

// SetDisabled closes or opens an account. Its tokens stop working with it.
func (a *Accounts) SetDisabled(ctx context.Context, name string, disabled bool) error {
	n, err := a.q.SetDisabled(ctx, db.SetDisabledParams{Now: time.Now(), Name: text(name), Disabled: disabled})
	return changed("close or open", name, n, err)
}

func changed(act, name string, n int64, err error) error {
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("%s account %q: %w", act, name, err)
	}
	return nil
}

func account(row db.AccountByNameRow) Account {
	return Account{
		Name: row.Name, DisplayName: row.DisplayName, Role: Role(row.Role),
		PasswordHash: row.PasswordHash, PasswordAt: unstamp(row.PasswordAt), MustChange: row.MustChange,
		Queues: row.Queues, Held: row.Held, Issuer: row.Issuer, Subject: row.Subject,
		Language: row.Language, Disabled: row.Disabled, CreatedAt: row.CreatedAt, UpdatedAt: row.UpdatedAt,
	}
}

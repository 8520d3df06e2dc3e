package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"linekeeper/cdr/store/internal/db"
)

// tokenPrefix lets people and secret scanners recognise our tokens.
const tokenPrefix = "lk_"

// CreateToken makes a bearer token for an account and returns it; it cannot be
// read again. A token of the same account and label is replaced. A zero expires
// means never.
func (a *Accounts) CreateToken(ctx context.Context, account, label string, expires time.Time) (string, error) {
	token := tokenPrefix + rand.Text() + rand.Text() // 260 random bits
	hash := sha256.Sum256([]byte(token))
	err := a.q.PutToken(ctx, db.PutTokenParams{
		Now: time.Now(), ExpiresAt: stamp(expires), Hash: hash[:], Account: text(account), Label: text(label),
	})
	if err != nil {
		return "", fmt.Errorf("create a token for account %q: %w", account, err)
	}
	return token, nil
}

// ByToken returns the account that the token with this SHA-256 speaks for, or
// ErrNotFound if the token is unknown, has run out, or its account is disabled.
func (a *Accounts) ByToken(ctx context.Context, hash [sha256.Size]byte) (Account, error) {
	row, err := a.q.AccountByToken(ctx, db.AccountByTokenParams{Hash: hash[:], Now: time.Now()})
	if errors.Is(err, pgx.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return Account{}, fmt.Errorf("look a token up: %w", err)
	}
	return account(row), nil
}

// PhoneSecret returns the SIP secret of an agent's phone: always the same for
// one agent, made on first use.
func (a *Accounts) PhoneSecret(ctx context.Context, agent string) (string, error) {
	err := a.q.AddPhoneSecret(ctx, db.AddPhoneSecretParams{Now: time.Now(), Agent: text(agent), Secret: rand.Text()})
	if err != nil {
		return "", fmt.Errorf("make the phone secret of %q: %w", agent, err)
	}
	secret, err := a.q.PhoneSecret(ctx, text(agent))
	if err != nil {
		return "", fmt.Errorf("read the phone secret of %q: %w", agent, err)
	}
	return secret, nil
}

// AuditEntry is one thing somebody did.
type AuditEntry struct {
	At      time.Time // now if zero
	Account string    // who, "" if nobody was signed in
	Action  string    // "sign-in", "agent.state", …
	Subject string    // what it was done to
	Address string    // where the request came from
	Detail  any       // encoded as JSON; never a secret
}

// Audit appends to the audit log, which the database keeps append-only.
func (a *Accounts) Audit(ctx context.Context, e AuditEntry) error {
	if e.At.IsZero() {
		e.At = time.Now()
	}
	if e.Detail == nil {
		e.Detail = struct{}{}
	}
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return fmt.Errorf("audit %q: %w", e.Action, err)
	}
	err = a.q.AppendAudit(ctx, db.AppendAuditParams{
		At: e.At, Account: key(e.Account), Action: text(e.Action), Subject: text(e.Subject),
		Address: text(e.Address), Detail: jsonb(detail),
	})
	if err != nil {
		return fmt.Errorf("audit %q: %w", e.Action, err)
	}
	return nil
}

// NewestAudit returns the newest entries of the audit log, newest first. Detail
// is a json.RawMessage.
func (a *Accounts) NewestAudit(ctx context.Context, limit int) ([]AuditEntry, error) {
	rows, err := a.q.NewestAudit(ctx, int32(min(max(limit, 0), 1000)))
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	entries := make([]AuditEntry, len(rows))
	for i, row := range rows {
		entries[i] = AuditEntry{
			At: row.At, Account: row.Account, Action: row.Action, Subject: row.Subject,
			Address: row.Address, Detail: json.RawMessage(row.Detail),
		}
	}
	return entries, nil
}

package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
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
	return account(db.AccountByNameRow(row)), nil
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

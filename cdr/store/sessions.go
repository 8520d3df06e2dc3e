package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr/store/internal/db"
)

// seenEvery is how exact a session's SeenAt is: a write for each look would cost
// more than it tells.
const seenEvery = 5 * time.Minute

// Sessions keeps the console's sessions, by the hash of their token, in the shape
// scs asks of a store. Safe for concurrent use.
type Sessions struct{ q *db.Queries }

// NewSessions returns the sessions kept in pool.
func NewSessions(pool *pgxpool.Pool) *Sessions { return &Sessions{q: db.New(pool)} }

// Session is one sign-in, as its owner and administrators are shown it.
type Session struct {
	ID      string // names it to people; it is no secret
	Key     string // hash of its token, as the store knows it
	Address string // network address it began from
	Client  string // the browser, as it calls itself
	Method  string // "password" or "oidc"
	BeganAt time.Time
	SeenAt  time.Time // to some minutes
	EndsAt  time.Time
}

// FindCtx returns a session's data; false when there is none, or no more.
func (s *Sessions) FindCtx(ctx context.Context, key string) ([]byte, bool, error) {
	now := time.Now()
	row, err := s.q.FindSession(ctx, db.FindSessionParams{Token: key, Now: now})
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("find a session: %w", err)
	}
	if now.Sub(row.SeenAt) > seenEvery {
		err = s.q.TouchSession(ctx, db.TouchSessionParams{Token: key, Now: now})
	}
	if err != nil {
		return nil, false, fmt.Errorf("find a session: %w", err)
	}
	return row.Data, true, nil
}

// CommitCtx keeps a session's data until a time.
func (s *Sessions) CommitCtx(ctx context.Context, key string, data []byte, until time.Time) error {
	err := s.q.CommitSession(ctx, db.CommitSessionParams{Token: key, Data: data, Expiry: until, Now: time.Now()})
	if err != nil {
		return fmt.Errorf("keep a session: %w", err)
	}
	return nil
}

// DeleteCtx ends a session; one that is over already is no error.
func (s *Sessions) DeleteCtx(ctx context.Context, key string) error {
	if err := s.q.DeleteSession(ctx, key); err != nil {
		return fmt.Errorf("end a session: %w", err)
	}
	return nil
}

// Find, Commit and Delete are what scs asks of stores that know no context.
func (s *Sessions) Find(key string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), key)
}

// Commit is CommitCtx.
func (s *Sessions) Commit(key string, data []byte, until time.Time) error {
	return s.CommitCtx(context.Background(), key, data, until)
}

// Delete is DeleteCtx.
func (s *Sessions) Delete(key string) error { return s.DeleteCtx(context.Background(), key) }

// Describe says whose a session is and how it began, or returns ErrNotFound.
func (s *Sessions) Describe(ctx context.Context, key, account string, d Session) error {
	n, err := s.q.DescribeSession(ctx, db.DescribeSessionParams{
		Token: key, Account: text(account), Address: text(d.Address), Client: text(d.Client), Method: d.Method,
	})
	return changed("describe a session of", account, n, err)
}

// Of returns an account's sessions, the newest first.
func (s *Sessions) Of(ctx context.Context, account string) ([]Session, error) {
	rows, err := s.q.SessionsOf(ctx, db.SessionsOfParams{Account: key(account), Now: time.Now()})
	if err != nil {
		return nil, fmt.Errorf("list the sessions of account %q: %w", account, err)
	}
	all := make([]Session, len(rows))
	for i, row := range rows {
		all[i] = Session{
			ID: row.ID.String(), Key: row.Token, Address: row.Address, Client: row.Client, Method: row.Method,
			BeganAt: row.BeganAt, SeenAt: row.SeenAt, EndsAt: row.Expiry,
		}
	}
	return all, nil
}

// End ends one session of an account and returns its key, or ErrNotFound.
func (s *Sessions) End(ctx context.Context, account, id string) (endedKey string, err error) {
	named, err := uuid.Parse(id)
	if err != nil {
		return "", fmt.Errorf("end session %q: %w", id, ErrNotFound)
	}
	keys, err := s.q.EndSession(ctx, db.EndSessionParams{Account: key(account), ID: named})
	switch {
	case err != nil:
		return "", fmt.Errorf("end a session of account %q: %w", account, err)
	case len(keys) == 0:
		return "", fmt.Errorf("end session %q of account %q: %w", id, account, ErrNotFound)
	}
	return keys[0], nil
}

// EndAll ends an account's sessions but the one with the key kept, if any, and
// returns their keys.
func (s *Sessions) EndAll(ctx context.Context, account, kept string) (ended []string, err error) {
	ended, err = s.q.EndSessionsOf(ctx, db.EndSessionsOfParams{Account: key(account), Kept: kept})
	if err != nil {
		return nil, fmt.Errorf("end the sessions of account %q: %w", account, err)
	}
	return ended, nil
}

// Sweep deletes the sessions that have run out.
func (s *Sessions) Sweep(ctx context.Context) error {
	if _, err := s.q.SweepSessions(ctx, time.Now()); err != nil {
		return fmt.Errorf("sweep sessions: %w", err)
	}
	return nil
}

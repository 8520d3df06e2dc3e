package api

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/alexedwards/argon2id"

	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// passwordCost is what OWASP's password storage cheat sheet asks of argon2id at
// least: 19 MiB, two passes, one lane. It takes some 30 ms of one core.
var passwordCost = &argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// HashPassword hashes a password as Account.Password keeps it.
func HashPassword(password string) (string, error) {
	hash, err := argon2id.CreateHash(password, passwordCost)
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

const (
	checkedAtOnce = 2  // password checks that run
	checksWaiting = 32 // and that wait for one
)

// passwords checks passwords, few at a time: each takes memory and a core that
// live calls need too.
type passwords struct {
	running chan struct{}
	waiting chan struct{}
	decoy   string // hash of a password nobody has
}

func newPasswords() *passwords {
	return &passwords{
		running: make(chan struct{}, checkedAtOnce), waiting: make(chan struct{}, checksWaiting), decoy: decoy(),
	}
}

// decoy is a hash by chance, of the form and the cost of the others. None is
// calculated for it: a controller that starts has calls to take back.
func decoy() string {
	chance := make([]byte, passwordCost.SaltLength+passwordCost.KeyLength)
	_, _ = rand.Read(chance) // never fails
	salt, key := chance[:passwordCost.SaltLength], chance[passwordCost.SaltLength:]
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s", passwordCost.Memory, passwordCost.Iterations, passwordCost.Parallelism,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
}

// match checks a password. Against an empty hash it takes as long and says no,
// so that the time does not tell which accounts there are.
func (p *passwords) match(ctx context.Context, password, hash string) (bool, error) {
	select {
	case p.waiting <- struct{}{}:
		defer func() { <-p.waiting }()
	default:
		return false, errBusy
	}
	select {
	case p.running <- struct{}{}:
		defer func() { <-p.running }()
	case <-ctx.Done():
		return false, ctx.Err()
	}
	known := hash != ""
	if !known {
		hash = p.decoy
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	if err != nil {
		return false, fmt.Errorf("check a password: %w", err)
	}
	return ok && known, nil
}

// mustChange says that an account's password is too old, or was given to be
// changed.
func (s *server) mustChange(a *Account) bool {
	age := s.deps.PasswordAge
	return a.MustChange || age > 0 && s.now().Sub(a.PasswordAt) >= age
}

// ChangePassword implements the operation changePassword. Who knows the old one
// may; a wrong one counts as a wrong sign-in.
func (s *server) ChangePassword(ctx context.Context, req rest.ChangePasswordRequestObject) (rest.ChangePasswordResponseObject, error) {
	id, before, after := who(ctx), req.Body.Old, req.Body.New
	if id.method != byPassword {
		return nil, errNotBySession
	}
	if wait := s.slow.try(id.account.Name, id.from); wait > 0 {
		return nil, errSlowDown.in(wait)
	}
	// Not the account that is remembered: its password may be another one by now.
	account, err := s.checkPassword(ctx, id.account.Name, before)
	if errors.Is(err, errPassword) {
		s.auditAs(ctx, actChangePassword, id.account.Name, cdr.AuditDenied, "wrong old password")
		return nil, errOldPassword
	}
	if err != nil {
		return nil, err
	}
	s.slow.succeeded(account.Name, id.from)
	if after == before || strings.EqualFold(after, account.Name) {
		return nil, errSamePassword
	}
	return rest.ChangePassword204Response{}, s.keepPassword(ctx, account, after)
}

// keepPassword changes the password, ends the other sessions and frees this one.
func (s *server) keepPassword(ctx context.Context, account Account, password string) error {
	hash, err := HashPassword(password)
	if err != nil {
		return err
	}
	ask, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	// The sessions before: should the password not be kept, people only sign in again. And
	// after: who knew the old one may have signed in meanwhile.
	if _, err := s.endSessions(ctx, account.Name, who(ctx).key()); err != nil {
		return err
	}
	if err := s.deps.Accounts.SetPassword(ask, account.Name, hash); err != nil {
		s.log.WarnContext(ctx, "a password was not kept", "account", account.Name, "error", err)
		return errUnavailable
	}
	s.accounts.forget(account.Name)
	if _, err := s.endSessions(ctx, account.Name, who(ctx).key()); err != nil {
		return err
	}
	s.audit(ctx, actChangePassword, account.Name, "")
	return s.freed(ctx)
}

// freed takes the duty to change the password off the present session.
func (s *server) freed(ctx context.Context) error {
	data, err := s.sessions.Load(ctx, who(ctx).session)
	if err != nil {
		return fmt.Errorf("free the session: %w", err)
	}
	s.sessions.Put(data, mustKey, false)
	if _, _, err := s.sessions.Commit(data); err != nil {
		s.log.WarnContext(ctx, "a session still asks for another password", "error", err)
		return errUnavailable
	}
	return nil
}

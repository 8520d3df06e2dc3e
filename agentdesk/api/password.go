package api

import (
	"context"
	"fmt"

	"github.com/alexedwards/argon2id"
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

func newPasswords() (*passwords, error) {
	decoy, err := HashPassword("")
	if err != nil {
		return nil, err
	}
	return &passwords{
		running: make(chan struct{}, checkedAtOnce), waiting: make(chan struct{}, checksWaiting), decoy: decoy,
	}, nil
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

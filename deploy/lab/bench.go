package lab

import (
	"context"
	"strings"
)

// DSN is how PostgreSQL of this lab is reached. o.Dir must be absolute, as
// OptionsFromEnv makes it.
func (o Options) DSN() string { return o.postgres().DSN() }

// AsteriskVersion asks the lab's Asterisk, which must be up, for its version:
// "22.10.1".
func (o Options) AsteriskVersion(ctx context.Context) (string, error) {
	said, err := o.asterisk().CLI(ctx, "core show version")
	if err != nil {
		return "", err
	}
	version, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(said), "Asterisk "), " ")
	return version, nil
}

// ARI is where the lab's Asterisk answers ARI, and the account it takes.
func (o Options) ARI() (url, user, password string) {
	a := o.asterisk()
	return a.URL(), a.User(), a.Password()
}

// ControllerPID is the running controller's process ID, 0 when it does not run.
func (o Options) ControllerPID() int { return o.controller().PID() }

// AsteriskPID is the running Asterisk's, 0 when it does not run.
func (o Options) AsteriskPID() int { return o.asterisk().PID() }

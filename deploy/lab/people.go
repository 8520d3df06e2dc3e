package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// person is somebody who signs in to the lab. The password is <name>-lab.
type person struct{ name, role, display string }

// people are the lab's, as the design fixes them: level 1, level 2, the
// supervisor and the administrator.
var people = []person{
	{"alice", "agent", "Alice"},
	{"bruno", "agent", "Bruno"},
	{"chloe", "agent", "Chloé"},
	{"david", "agent", "David"},
	{"emma", "agent", "Emma"},
	{"farid", "agent", "Farid"},
	{"gaelle", "agent", "Gaëlle"},
	{"hugo", "supervisor", "Hugo"},
	{"admin", "administrator", "Administration"},
}

// Guest is somebody who can say who they are, at the issuer.
type Guest struct{ Subject, Name, Password, DisplayName, Email string }

// Guests are whom the lab's issuer knows: everybody who has an account, and one
// person of the house who has none here.
func Guests() []Guest {
	known := append([]person{}, people...)
	known = append(known, person{name: "zoe", display: "Zoé"})
	all := make([]Guest, len(known))
	for i, p := range known {
		all[i] = Guest{
			Subject: "lab-" + p.name, Name: p.name, Password: p.password(), DisplayName: p.display, Email: p.name + "@lab.example",
		}
	}
	return all
}

func (p person) password() string { return p.name + "-lab" }

// seedPeople adds everybody by the product's own commands and returns an API
// token of the administrator. Done once per lab: the token is kept in its
// folder. Who was added before it was interrupted is there already.
func seedPeople(ctx context.Context, o Options) (token string, err error) {
	if token, err := savedToken(o); token != "" || err != nil {
		return token, err
	}
	config := o.in("linekeeper.yaml")
	for _, p := range people {
		if _, err := runCommand(ctx, o.Binary, "user", "add", "--if-absent", "--config", config, "--name", p.name, "--display-name", p.display, "--role", p.role, "--password", p.password()); err != nil {
			return "", fmt.Errorf("add %s: %w", p.name, err)
		}
	}
	out, err := runCommand(ctx, o.Binary, "user", "token", "--config", config, "--name", "admin", "--label", "lab")
	if err != nil {
		return "", fmt.Errorf("make the administrator's token: %w", err)
	}
	// The token is the last line: a line before it may explain.
	lines := strings.Split(strings.TrimSpace(out), "\n")
	token = strings.TrimSpace(lines[len(lines)-1])
	if token == "" {
		return "", errors.New("make the administrator's token: nothing was printed")
	}
	return token, writeFile(o.in("controller", "token"), []byte(token+"\n"), 0o600)
}

// savedToken is the token of an earlier seedPeople, empty before the first.
func savedToken(o Options) (string, error) {
	b, err := os.ReadFile(o.in("controller", "token"))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	return strings.TrimSpace(string(b)), nil
}

// runCommand runs a program to its end and returns what it printed; what it
// complained about goes into the error.
func runCommand(ctx context.Context, path string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = cleanEnv()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, strings.TrimSpace(stderr.String()))
	}
	return string(out), nil
}

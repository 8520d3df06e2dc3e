package e2e

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"linekeeper/cmd/internal/deskclient"
)

// TestBadInputIsRefused: serve names file, line and reason, exits with 2, and has
// not listened before.
func TestBadInputIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		file     string // below the lab's folder
		from, to string
		says     []string
	}{
		"an unknown setting": {
			"linekeeper.yaml", "definitions:", "definitons:", []string{"linekeeper.yaml:", "definitons"},
		},
		"a setting of the wrong kind": {
			"linekeeper.yaml", "bench:       {agents: 0}", "bench:       {agents: many}", []string{"linekeeper.yaml:", "agents"},
		},
		"a flow that leads nowhere": {
			"definitions/flows/helpdesk.yaml", "next: menu-support", "next: nowhere", []string{"helpdesk.yaml:", "nowhere"},
		},
		"a flow that is no YAML": {
			"definitions/flows/bench.yaml", "start: line", "start: [line", []string{"bench.yaml:"},
		},
		"an agent of no queue": {
			"definitions/floor.yaml", "queues: [support-n1]", "queues: [support-n0]", []string{"floor.yaml:", "support-n0"},
		},
		"a doubled number": {
			"definitions/directory.yaml", "+33199001002", "+33199001001", []string{"directory.yaml:", "+33199001001"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := spoiled(t, c.file, c.from, c.to)
			taken := listen(t)
			code, said := serve(t, filepath.Join(dir, "linekeeper.yaml"), taken.Addr().String())
			if code != 2 {
				t.Errorf("serve exits with %d, want 2", code)
			}
			for _, s := range c.says {
				if !strings.Contains(said, s) {
					t.Errorf("serve does not say %q:\n%s", s, said)
				}
			}
			if !withLine.MatchString(said) {
				t.Errorf("serve names no line:\n%s", said)
			}
		})
	}
}

// spoiled is a copy of the lab's configuration and definitions with one mistake.
func spoiled(t *testing.T, file, from, to string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "definitions"), os.DirFS(filepath.Join(house.dir, "definitions"))); err != nil {
		t.Fatal(err)
	}
	config, err := os.ReadFile(filepath.Join(house.dir, "linekeeper.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	// Everything that would be written or listened to is this test's own.
	text := strings.ReplaceAll(string(config), house.dir, dir)
	if err := os.WriteFile(filepath.Join(dir, "linekeeper.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := edit(filepath.Join(dir, file), from, to); err != nil {
		t.Fatal(err)
	}
	return dir
}

// listen takes a port. A program that tried it would fail with another word.
func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

// serve runs the controller to its end and returns its exit code and words.
func serve(t *testing.T, config, http string) (code int, said string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patient)
	defer cancel()
	cmd := exec.CommandContext(ctx, house.options.Binary, "serve", "--config", config)
	cmd.Env = append(os.Environ(), "LINEKEEPER_HTTP_LISTEN="+http, "LINEKEEPER_NATS_LISTEN=")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), string(out)
}

// TestAPasswordIsGuessed: each wrong one is refused plainly, and after five the
// guesser is slowed, for this account alone.
func TestAPasswordIsGuessed(t *testing.T) {
	s := begin(t)
	ctx, cancel := soon()
	defer cancel()
	guesser := deskclient.Dial(s.env["LAB_HTTP"])
	defer guesser.Close()
	for range 5 {
		var p *deskclient.Problem
		if _, err := guesser.SignIn(ctx, "emma", "wrong"); !errors.As(err, &p) || p.Status != 401 || p.Code != "wrong-password" {
			t.Fatalf("a wrong password: %v", err)
		}
	}
	// After the five the wait is a second and doubles with each try, so that even on a
	// slow machine one of the next comes too soon.
	slowed := false
	for range 4 {
		var p *deskclient.Problem
		_, err := guesser.SignIn(ctx, "emma", "wrong")
		if slowed = errors.As(err, &p) && p.Status == 429; slowed {
			break
		}
	}
	if !slowed {
		t.Error("nobody slows the guesser down")
	}
	if _, err := guesser.SignIn(ctx, "david", "david-lab"); err != nil {
		t.Errorf("David pays for the guesses at Emma's password: %v", err)
	}
	until(t, "Emma herself gets in when the wait is over", patient, func() error {
		_, err := guesser.SignIn(ctx, "emma", "emma-lab")
		return err
	})
}

// TestAWrongPasswordOnThePage: it says so, and the right one gets in.
func TestAWrongPasswordOnThePage(t *testing.T) {
	s := begin(t)
	farid := s.signIn(t, "farid", "wrong")
	farid.await(id("sign-error"), "Identifiant ou mot de passe incorrect")
	farid.shot("sign-in-refused")
	farid.accessible()
	farid.fill("input[name=password]", "farid-lab")
	farid.click("sign-submit")
	farid.await(id("live-status")+"[data-status=live]", "")
}

// TestNobodyGetsInWithoutSigningIn: pages are public, calls are not.
func TestNobodyGetsInWithoutSigningIn(t *testing.T) {
	s := begin(t)
	ctx, cancel := soon()
	defer cancel()
	stranger := deskclient.Dial(s.env["LAB_HTTP"])
	defer stranger.Close()
	var p *deskclient.Problem
	if _, err := stranger.Calls(ctx, nil); !errors.As(err, &p) || p.Status != 401 {
		t.Errorf("a stranger asks for records: %v", err)
	}
	if l, err := stranger.Live(ctx); err == nil {
		l.Close()
		t.Error("a stranger sees the live desk")
	}
}

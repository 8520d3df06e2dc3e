package lab

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// need is one thing the lab cannot do without, the files that prove it is
// here, and the Debian packages that bring it.
type need struct {
	files    []string // each a glob; all must match
	packages []string
}

var (
	needPostgres = need{
		files:    []string{"/usr/lib/postgresql/*/bin/initdb", "/usr/lib/postgresql/*/bin/postgres"},
		packages: []string{"postgresql"},
	}
	// dbconfig-no-thanks keeps RT from asking for a database, msmtp-mta keeps
	// a mail server from being installed for RT's sake.
	needRT = need{
		files: []string{
			"/usr/share/request-tracker5/libexec/rt-server", "/usr/sbin/rt-setup-database-5",
			"/usr/lib/*/perl5/*/DBD/SQLite.pm", "/usr/share/perl5/Plack/Handler/Starlet.pm",
		},
		packages: []string{"request-tracker5", "rt5-standalone", "rt5-db-sqlite", "dbconfig-no-thanks", "msmtp-mta"},
	}
	needRootfs = need{files: []string{"/usr/bin/mmdebstrap"}, packages: []string{"mmdebstrap"}}
	needSipp   = need{files: []string{"/usr/bin/sipp"}, packages: []string{"sip-tester"}}
	needChrome = need{files: []string{"/usr/bin/chromium"}, packages: []string{"chromium"}}
)

// missing lists the packages of those needs that are not met.
func missing(needs ...need) []string {
	var packages []string
	for _, n := range needs {
		met := !slices.ContainsFunc(n.files, func(glob string) bool {
			found, _ := filepath.Glob(glob)
			return len(found) == 0
		})
		if !met {
			packages = append(packages, n.packages...)
		}
	}
	return packages
}

// install brings what is missing by apt-get, as root. It says in one line what
// it installs, or what to do when it cannot.
func install(ctx context.Context, out io.Writer, log string, needs ...need) error {
	packages := missing(needs...)
	if len(packages) == 0 {
		return nil
	}
	list := strings.Join(packages, " ")
	if os.Geteuid() != 0 {
		return fmt.Errorf("missing Debian packages: run `sudo apt-get install --no-install-recommends %s`, then try again", list)
	}
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return fmt.Errorf("missing programs, and there is no apt-get to install them: bring what Debian calls %s", list)
	}
	fmt.Fprintf(out, "lab: installing Debian packages (once): %s\n", list)
	allowServices, err := forbidServices()
	if err != nil {
		return err
	}
	defer allowServices()
	common := []string{"-q", "-y", "-o", "Acquire::Check-Valid-Until=false", "-o", "DPkg::Lock::Timeout=600", "-o", "Dpkg::Options::=--force-confold"}
	// A stale index is common on images; an update that fails is not fatal if
	// the index we have is good enough.
	_ = runLogged(ctx, log, apt, append(slices.Clone(common), "update")...)
	args := append(slices.Clone(common), "install", "--no-install-recommends")
	if err := runLogged(ctx, log, apt, append(args, packages...)...); err != nil {
		return fmt.Errorf("apt-get could not install %s (%w): see %s, repair it and run `apt-get install --no-install-recommends %s`", list, err, log, list)
	}
	return nil
}

// forbidServices keeps packages from starting their own services (Debian's
// policy-rc.d contract): the lab runs private copies. A policy that is already
// there stays.
func forbidServices() (allow func(), err error) {
	const policy = "/usr/sbin/policy-rc.d"
	f, err := os.OpenFile(policy, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if os.IsExist(err) {
		return func() {}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("keep packages from starting services: %w", err)
	}
	_, err = f.WriteString("#!/bin/sh\nexit 101\n")
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		_ = os.Remove(policy)
		return nil, fmt.Errorf("keep packages from starting services: %w", err)
	}
	return func() { _ = os.Remove(policy) }, nil
}

// runLogged runs a program to its end, appending its output to a log file.
func runLogged(ctx context.Context, log, path string, args ...string) error {
	return runLoggedEnv(ctx, log, []string{"DEBIAN_FRONTEND=noninteractive"}, path, args...)
}

// runLoggedEnv is runLogged with additions to the environment.
func runLoggedEnv(ctx context.Context, log string, env []string, path string, args ...string) error {
	if err := os.MkdirAll(filepath.Dir(log), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Env = append(cleanEnv(), env...)
	cmd.Stdout, cmd.Stderr = f, f
	return cmd.Run()
}

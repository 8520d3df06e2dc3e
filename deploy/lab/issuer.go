package lab

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// What the lab's controller and its OpenID Connect issuer know each other by.
const (
	ClientID     = "linekeeper"
	ClientSecret = "linekeeper-lab"
)

// Issuer is `linekeeper lab issuer` in the background: the OpenID Connect issuer
// people of the lab sign in at. Not safe for concurrent use.
type Issuer struct {
	Dir     string // holds its PID file
	Binary  string
	Port    int
	Console string // where it sends browsers back to
	Log     string
}

// IssuerURL is an issuer's name, and where browsers reach it. It is another host
// than the console's to a browser, as issuers are: no cookie of one goes to the
// other.
func IssuerURL(port int) string { return "http://" + net.JoinHostPort("localhost", strconv.Itoa(port)) }

// URL is the issuer's.
func (i *Issuer) URL() string { return IssuerURL(i.Port) }

// PID is the running issuer's process ID, 0 when it does not run.
func (i *Issuer) PID() int { return runningPID(i.pidFile()) }

// Start starts the issuer and returns when it answers. Started already, with the
// same program: nothing to do.
func (i *Issuer) Start(ctx context.Context) error {
	binary, err := filePrint(i.Binary)
	if err != nil {
		return err
	}
	mark := fmt.Sprint(binary, i.Port, i.Console)
	if up, err := current(i.pidFile(), mark, func() error { return i.Stop(ctx) }); up || err != nil {
		return err
	}
	if err := checkPort("tcp", "ISSUER", i.Port); err != nil {
		return err
	}
	t := task{
		name: "issuer", path: i.Binary, dir: filepath.Dir(i.Log), log: i.Log,
		args: []string{"lab", "issuer", "--port", strconv.Itoa(i.Port), "--console", i.Console},
	}
	return launch{task: t, called: "the issuer", pidFile: i.pidFile(), mark: mark, limit: 60 * time.Second, ready: i.ready, stop: i.Stop}.start(ctx)
}

// Stop asks the issuer to end (SIGTERM) and waits for the exit.
func (i *Issuer) Stop(ctx context.Context) error {
	if err := loadPID(i.pidFile()).stop(ctx, syscall.SIGTERM, 10*time.Second); err != nil {
		return fmt.Errorf("stop the issuer: %w", err)
	}
	return removeFile(i.pidFile())
}

func (i *Issuer) pidFile() string { return filepath.Join(i.Dir, "issuer.pid") }

// ready asks for what a client asks for first (OpenID Connect Discovery 1.0 §4).
func (i *Issuer) ready(ctx context.Context) bool {
	return answers(ctx, "http://"+net.JoinHostPort(loopback, strconv.Itoa(i.Port))+"/.well-known/openid-configuration", "")
}

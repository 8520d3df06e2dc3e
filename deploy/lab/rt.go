package lab

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"text/template"
	"time"
)

//go:embed rt
var rtFiles embed.FS

// Where Debian's request-tracker5 puts what we run.
const (
	rtServer = "/usr/share/request-tracker5/libexec/rt-server"
	rtSetup  = "/usr/sbin/rt-setup-database-5"
)

// RT is one Request Tracker of its own on SQLite, with the lab's queues,
// rights, fields, people and tickets. Not safe for concurrent use.
type RT struct {
	Dir  string // everything of it lies here; made if missing
	Port int
	Log  string // the server's log; Dir/rt.log when empty
}

// StartRT starts a Request Tracker for a test, port 0 on a free one. stop ends
// it and may be called twice. It installs RT when it is missing and we are
// root.
func StartRT(ctx context.Context, dir string, port int) (url, token string, stop func() error, err error) {
	if port == 0 {
		if port, err = freePort(); err != nil {
			return "", "", nil, err
		}
	}
	r := &RT{Dir: dir, Port: port}
	if err := install(ctx, os.Stderr, filepath.Join(dir, "apt.log"), needRT); err != nil {
		return "", "", nil, err
	}
	if err := r.Start(ctx); err != nil {
		return "", "", nil, err
	}
	return r.URL(), r.Token(), func() error { return r.Stop(context.WithoutCancel(ctx)) }, nil
}

// URL is RT's base: its pages, and /REST/2.0 below it.
func (r *RT) URL() string { return "http://" + net.JoinHostPort(loopback, strconv.Itoa(r.Port)) }

// Token is the API token of user callbot, once RT has been started.
func (r *RT) Token() string {
	b, err := os.ReadFile(r.tokenFile())
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(b))
}

// Running reports whether the server this folder's PID file names is alive.
func (r *RT) Running() bool { return runningPID(r.pidFile()) != 0 }

// Start makes and seeds the database if needed, starts the server and returns
// when its REST interface accepts the token. Started already, on the same port: nothing to do.
func (r *RT) Start(ctx context.Context) error {
	mark := strconv.Itoa(r.Port)
	if up, err := current(r.pidFile(), mark, func() error { return r.Stop(ctx) }); up || err != nil {
		return err
	}
	if err := checkPort("tcp", "RT", r.Port); err != nil {
		return err
	}
	if err := r.initialise(ctx); err != nil {
		return fmt.Errorf("make Request Tracker's database: %w", err)
	}
	// A worker loads most of RT at its first search, which takes seconds: it does not end
	// after Starlet's 100 requests for another to do the same.
	t := task{
		name: "rt", path: rtServer, dir: "/", log: r.log(), env: r.env(r.Dir),
		args: []string{"--host", loopback, "--port", strconv.Itoa(r.Port), "--max-workers", "2", "--max-reqs-per-child", "100000"},
	}
	return launch{task: t, called: "Request Tracker", pidFile: r.pidFile(), mark: mark, limit: 90 * time.Second, ready: r.ready, stop: r.Stop}.start(ctx)
}

// Stop ends the server and its workers and waits for the exit.
func (r *RT) Stop(ctx context.Context) error {
	if err := loadPID(r.pidFile()).stop(ctx, syscall.SIGTERM, 10*time.Second); err != nil {
		return fmt.Errorf("stop Request Tracker: %w", err)
	}
	return removeFile(r.pidFile())
}

func (r *RT) pidFile() string   { return filepath.Join(r.Dir, "rt.pid") }
func (r *RT) tokenFile() string { return filepath.Join(r.Dir, "site", "token") }

func (r *RT) log() string {
	if r.Log != "" {
		return r.Log
	}
	return filepath.Join(r.Dir, "rt.log")
}

// env points RT at its own site folder; nothing under /etc is read or written.
func (r *RT) env(dir string) []string {
	site := filepath.Join(dir, "site")
	return []string{
		"RT_SITE_CONFIG=" + filepath.Join(site, "RT_SiteConfig.pm"),
		"RT_SITE_CONFIG_DIR=" + filepath.Join(site, "conf.d"),
		"RT_TOKEN_FILE=" + filepath.Join(site, "token"),
	}
}

// plainPath is what we can write into a Perl string and RT into SQLite's name.
var plainPath = regexp.MustCompile(`^/[A-Za-z0-9_./+@-]+$`)

// initialise writes the site's configuration, and makes and seeds the database
// unless that was completed before: the token is written last.
func (r *RT) initialise(ctx context.Context) error {
	dir, err := filepath.Abs(r.Dir)
	if err != nil {
		return err
	}
	r.Dir = dir
	if !plainPath.MatchString(dir) {
		return fmt.Errorf("folder %q: letters, digits and _./+@- only; set LAB_DIR", dir)
	}
	complete := r.Token() != ""
	if !complete {
		if err := os.RemoveAll(filepath.Join(dir, "site")); err != nil {
			return err
		}
	}
	if err := r.writeSite(); err != nil || complete {
		return err
	}
	setup := func(args ...string) error {
		return runLoggedEnv(ctx, filepath.Join(dir, "setup.log"), r.env(dir), rtSetup, args...)
	}
	if err := setup("--action", "init", "--skip-create"); err != nil {
		return fmt.Errorf("%w; the end of setup.log says:\n%s", err, tail(filepath.Join(dir, "setup.log"), 8))
	}
	if err := setup("--action", "insert", "--datafile", filepath.Join(dir, "site", "initialdata.pl")); err != nil {
		return fmt.Errorf("%w; the end of setup.log says:\n%s", err, tail(filepath.Join(dir, "setup.log"), 8))
	}
	if r.Token() == "" {
		return fmt.Errorf("no token was made; the end of setup.log says:\n%s", tail(filepath.Join(dir, "setup.log"), 8))
	}
	return nil
}

// writeSite writes RT's configuration and seed into Dir/site.
func (r *RT) writeSite() error {
	site := filepath.Join(r.Dir, "site")
	for _, sub := range []string{"conf.d", "mason", "sessions"} {
		if err := os.MkdirAll(filepath.Join(site, sub), 0o755); err != nil {
			return err
		}
	}
	t, err := template.ParseFS(rtFiles, "rt/RT_SiteConfig.pm.tmpl")
	if err != nil {
		return err
	}
	var config bytes.Buffer
	if err := t.Execute(&config, struct {
		Dir  string
		Port int
	}{site, r.Port}); err != nil {
		return err
	}
	seed, err := rtFiles.ReadFile("rt/initialdata.pl")
	if err != nil {
		return err
	}
	return errors.Join(
		writeFile(filepath.Join(site, "RT_SiteConfig.pm"), config.Bytes(), 0o644),
		writeFile(filepath.Join(site, "initialdata.pl"), seed, 0o644),
	)
}

func (r *RT) ready(ctx context.Context) bool {
	return answers(ctx, r.URL()+"/REST/2.0/rt", "token "+r.Token())
}

// probe asks for health; its requests end with their context and this limit.
var probe = &http.Client{Timeout: 2 * time.Second}

// answers reports whether url answers 200 within two seconds.
func answers(ctx context.Context, url, authorization string) bool {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	req.Close = true // leave no idle connection, hence no goroutine, behind
	resp, err := probe.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	return resp.StatusCode == http.StatusOK
}

package lab

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// The database's owner, its password (loopback only, so no secret) and name.
const (
	pgUser     = "linekeeper"
	pgPassword = "linekeeper-lab"
	pgDatabase = "linekeeper"
)

// Postgres is one private PostgreSQL: Debian's binaries, its own data folder
// and port, TCP on loopback only. Not safe for concurrent use.
type Postgres struct {
	Dir  string // everything of it lies here; made if missing
	Port int
	Log  string // log file; Dir/postgres.log when empty
	// Fast gives durability away for speed (fsync off): right for tests that
	// never cut the power, wrong for anything measured.
	Fast bool
}

// StartPostgres starts a PostgreSQL for a test: dir should be the test's temp
// folder, port 0 picks a free one. stop ends it and may be called twice; the
// data stays in dir. It installs PostgreSQL when it is missing and we are root.
func StartPostgres(ctx context.Context, dir string, port int) (dsn string, stop func() error, err error) {
	if port == 0 {
		if port, err = freePort(); err != nil {
			return "", nil, err
		}
	}
	p := &Postgres{Dir: dir, Port: port, Fast: true}
	if err := install(ctx, os.Stderr, filepath.Join(dir, "apt.log"), needPostgres); err != nil {
		return "", nil, err
	}
	if err := p.Start(ctx); err != nil {
		return "", nil, err
	}
	return p.DSN(), func() error { return p.Stop(context.WithoutCancel(ctx)) }, nil
}

// DSN is the connection string of the lab's database.
func (p *Postgres) DSN() string {
	return fmt.Sprintf("postgres://%s:%s@%s:%d/%s?sslmode=disable", pgUser, pgPassword, loopback, p.Port, pgDatabase)
}

// Start makes the data folder if needed, starts the server and returns when it
// accepts connections. Started already, on the same port: nothing to do.
func (p *Postgres) Start(ctx context.Context) error {
	mark := strings.Join(p.args(), " ")
	if up, err := current(p.pidFile(), mark, func() error { return p.Stop(ctx) }); up || err != nil {
		return err
	}
	if err := checkPort("tcp", "PG", p.Port); err != nil {
		return err
	}
	bin, err := postgresBin()
	if err != nil {
		return err
	}
	cred, err := unprivileged()
	if err != nil {
		return err
	}
	if err := p.initialise(ctx, bin, cred); err != nil {
		return fmt.Errorf("make the PostgreSQL data folder: %w", err)
	}
	// A leftover of a killed server would look ready at once. The server is
	// known not to run here, so the file is stale.
	_ = os.Remove(filepath.Join(p.data(), "postmaster.pid"))
	t := task{name: "postgres", path: filepath.Join(bin, "postgres"), args: p.args(), dir: "/", log: p.log(), attr: asUser(cred, p.data())}
	return launch{task: t, called: "PostgreSQL", pidFile: p.pidFile(), mark: mark, limit: 60 * time.Second, ready: p.ready, stop: p.Stop}.start(ctx)
}

// Running reports whether the server this folder's PID file names is alive.
func (p *Postgres) Running() bool { return runningPID(p.pidFile()) != 0 }

// Stop ends the server by its fast shutdown: transactions roll back, data is
// flushed. It waits for the exit.
func (p *Postgres) Stop(ctx context.Context) error {
	if err := loadPID(p.pidFile()).stop(ctx, syscall.SIGINT, 20*time.Second); err != nil {
		return fmt.Errorf("stop PostgreSQL: %w", err)
	}
	return removeFile(p.pidFile())
}

func (p *Postgres) data() string    { return filepath.Join(p.Dir, "data") }
func (p *Postgres) pidFile() string { return filepath.Join(p.Dir, "postgres.pid") }

func (p *Postgres) log() string {
	if p.Log != "" {
		return p.Log
	}
	return filepath.Join(p.Dir, "postgres.log")
}

// args keeps the configuration on the command line: the data folder stays as
// initdb made it. No Unix socket: deep folders would exceed its 107 bytes.
func (p *Postgres) args() []string {
	args := []string{
		"-D", p.data(), "-p", strconv.Itoa(p.Port),
		"-c", "listen_addresses=" + loopback, "-c", "unix_socket_directories=",
		"-c", "max_connections=200", "-c", "shared_buffers=128MB",
		"-c", "timezone=UTC", "-c", "log_timezone=UTC", "-c", "logging_collector=off",
	}
	if p.Fast {
		args = append(args, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	return args
}

// ready reads the status line the postmaster keeps in its PID file
// (src/include/utils/pidfile.h: line 8, "ready").
func (p *Postgres) ready(context.Context) bool {
	b, err := os.ReadFile(filepath.Join(p.data(), "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(b), "\n")
	return len(lines) >= 8 && strings.TrimSpace(lines[7]) == "ready"
}

// initialise runs initdb and creates our database, in a folder that gets its
// final name only when both are done.
func (p *Postgres) initialise(ctx context.Context, bin string, cred *syscall.Credential) error {
	if _, err := os.Stat(p.data()); err == nil {
		return nil
	}
	fresh := filepath.Join(p.Dir, "data.new")
	if err := os.RemoveAll(fresh); err != nil {
		return err
	}
	if err := os.MkdirAll(fresh, 0o700); err != nil {
		return err
	}
	if cred != nil {
		if err := os.Chown(fresh, int(cred.Uid), int(cred.Gid)); err != nil {
			return err
		}
	}
	// initdb reads the password from stdin: no file another user could read.
	initdb := []string{
		"-D", fresh, "-U", pgUser, "--pwfile=/dev/stdin", "--auth=scram-sha-256",
		"-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions",
	}
	if err := runAs(ctx, cred, fresh, pgPassword+"\n", filepath.Join(bin, "initdb"), initdb...); err != nil {
		return err
	}
	// Single-user mode creates the database before the server ever listens.
	single := []string{"--single", "-D", fresh, "-F", "postgres"}
	if err := runAs(ctx, cred, fresh, "CREATE DATABASE "+pgDatabase+"\n", filepath.Join(bin, "postgres"), single...); err != nil {
		return err
	}
	return os.Rename(fresh, p.data())
}

// runAs runs a program as cred to its end, with input on stdin, and puts its
// output into the error.
func runAs(ctx context.Context, cred *syscall.Credential, dir, input, path string, args ...string) error {
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin = strings.NewReader(input)
	cmd.Dir, cmd.Env = "/", cleanEnv()
	attr := asUser(cred, dir)
	cmd.SysProcAttr = &attr
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(path), err, strings.TrimSpace(string(out)))
	}
	return nil
}

// postgresBin finds the newest PostgreSQL in Debian's layout.
func postgresBin() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	best, bestVersion := "", 0
	for _, f := range found {
		bin := filepath.Dir(f)
		v, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
		if err == nil && v > bestVersion {
			best, bestVersion = bin, v
		}
	}
	if best == "" {
		return "", errors.New("PostgreSQL is not installed: run `apt-get install postgresql` as root")
	}
	return best, nil
}

// removeFile removes a file that may already be gone.
func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

package e2e

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cmd/internal/deskclient"
	"linekeeper/deploy/lab"
)

// root is the top of the house, seen from this folder.
const root = "../../.."

// stack is the lab, and what looks at it from outside.
type stack struct {
	dir       string // LAB_DIR
	artefacts string // sipp's traces, screenshots, logs
	options   lab.Options
	env       map[string]string // what the lab wrote for its users
	ledger    *follower
	pool      *pgxpool.Pool
	admin     *deskclient.Client
	collector *collector
	driver    *driver // the browser, once a test needs it
}

// newStack prepares a lab of its own: folder, ports, program.
func newStack() (*stack, error) {
	if os.Geteuid() != 0 {
		return nil, errors.New("the lab needs root: run `sudo make e2e`, or only the others with `make check`")
	}
	if _, err := os.Stat(filepath.Join(root, "agentdesk/web/dist/index.html")); err != nil {
		return nil, errors.New("the console is not built: run `make web` first")
	}
	dir, err := os.MkdirTemp("", "linekeeper-e2e-")
	if err != nil {
		return nil, err
	}
	// PostgreSQL and Asterisk run as others than us and must get through.
	if err := os.Chmod(dir, 0o755); err != nil {
		return nil, err
	}
	s := &stack{dir: dir, artefacts: filepath.Join(dir, "log"), env: map[string]string{}}
	if err := os.MkdirAll(s.artefacts, 0o755); err != nil {
		return nil, err
	}
	ports, err := freePorts(*half)
	if err != nil {
		return nil, err
	}
	s.options = lab.Options{Dir: dir, Ports: ports, Out: os.Stdout}
	return s, nil
}

// open brings the lab up with the definitions and telemetry the tests need.
func (s *stack) open(ctx context.Context) (err error) {
	if s.options.Binary, err = program(ctx, s.dir); err != nil {
		return err
	}
	if s.collector, err = newCollector(); err != nil {
		return err
	}
	if err := lab.Up(ctx, s.options); err != nil {
		return err
	}
	if err := s.adapt(); err != nil {
		return err
	}
	// The controller restarts: its configuration has changed.
	if err := lab.StartController(ctx, s.options); err != nil {
		return err
	}
	if err := s.readEnv(); err != nil {
		return err
	}
	if s.pool, err = pgxpool.New(ctx, s.env["LAB_DSN"]); err != nil {
		return err
	}
	s.admin = deskclient.Dial(s.env["LAB_HTTP"]).Token(s.env["LAB_TOKEN"])
	s.ledger = follow(s.env["LAB_NATS"])
	return s.warmRT(ctx)
}

// warmRT has each of RT's two workers search. A worker loads most of RT at its first
// search, which takes seconds on a busy machine: longer than a console or a call waits
// for a caller's tickets. While one is at that, the other has what is asked beside it.
func (s *stack) warmRT(ctx context.Context) error {
	var failed [2]error
	var both sync.WaitGroup
	for i := range failed {
		both.Go(func() {
			_, failed[i] = s.get(ctx, s.env["LAB_RT"]+"/REST/2.0/tickets?query=id%3E0", "token "+s.env["LAB_RT_TOKEN"])
		})
	}
	both.Wait()
	return errors.Join(failed[:]...)
}

// close takes the lab down and removes it. After a failure its logs are kept.
func (s *stack) close(failed bool) error {
	var errs []error
	if s.driver != nil {
		errs = append(errs, s.driver.close())
	}
	if s.ledger != nil {
		s.ledger.close()
		s.admin.Close()
		s.pool.Close()
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	errs = append(errs, lab.Down(ctx, s.options))
	if s.collector != nil {
		errs = append(errs, s.collector.close())
	}
	if err := s.sound(); err != nil {
		errs, failed = append(errs, err), true
	}
	if failed {
		kept := s.dir + "-logs"
		if err := os.Rename(s.artefacts, kept); err == nil {
			fmt.Fprintln(os.Stderr, "e2e: the logs, traces and screenshots are in", kept)
		}
	}
	wipe := s.options
	wipe.Wipe = true
	errs = append(errs, lab.Down(ctx, wipe), os.RemoveAll(s.dir))
	return errors.Join(errs...)
}

// unsound is what a controller says that has not only been killed.
var unsound = regexp.MustCompile(`(?m)^(WARNING: DATA RACE|panic: |fatal error: ).*`)

// sound says that no controller panicked or raced. (Built with -race, it would
// say so in its log and go on.)
func (s *stack) sound() error {
	log, err := os.ReadFile(filepath.Join(s.artefacts, "controller.log"))
	if err == nil {
		if found := unsound.Find(log); found != nil {
			err = fmt.Errorf("the controller's log has %q", found)
		}
	}
	return err
}

// ringTime is how long a phone rings in the tests: long enough for a browser on
// a busy machine, and for a controller that is started anew, short enough to wait for.
const ringTime = 15 * time.Second

// queueLog is where the controller writes Asterisk's queue_log.
func (s *stack) queueLog() string { return filepath.Join(s.artefacts, "queue_log") }

// adapt shortens the ring time and the way into the line, has no talk recorded that a
// test does not ask for, sends telemetry to the collector and has queue_log written.
func (s *stack) adapt() error {
	floor := filepath.Join(s.dir, "definitions/floor.yaml")
	return errors.Join(
		edit(floor, `ring: 20s`, "ring: "+ringTime.String()),
		edit(floor, `recording: always`, `recording: asked`),
		edit(filepath.Join(s.dir, "definitions/flows/direct-support.yaml"), `recording-notice, `, ``),
		edit(filepath.Join(s.dir, "linekeeper.yaml"), `otlp: ""`, fmt.Sprintf("otlp: %q", s.collector.url)),
		edit(filepath.Join(s.dir, "linekeeper.yaml"), "bench: ", fmt.Sprintf("queue_log: {file: %q}\nbench: ", s.queueLog())),
	)
}

func edit(path, from, to string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !strings.Contains(string(text), from) {
		return fmt.Errorf("%s does not say %q any more", path, from)
	}
	return os.WriteFile(path, []byte(strings.ReplaceAll(string(text), from, to)), 0o600)
}

var exported = regexp.MustCompile(`(?m)^export ([A-Z_]+)='?(.*?)'?$`)

func (s *stack) readEnv() error {
	text, err := os.ReadFile(filepath.Join(s.dir, "env"))
	if err != nil {
		return err
	}
	for _, m := range exported.FindAllStringSubmatch(string(text), -1) {
		s.env[m[1]] = m[2]
	}
	return nil
}

// program is the binary under test.
func program(ctx context.Context, dir string) (string, error) {
	if given := os.Getenv("LINEKEEPER_BINARY"); given != "" {
		return filepath.Abs(given)
	}
	path := filepath.Join(dir, "linekeeper")
	begin := time.Now()
	out, err := exec.CommandContext(ctx, "go", "build", "-o", path, "linekeeper/cmd/linekeeper").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build the program: %w\n%s", err, out)
	}
	fmt.Printf("e2e: %4.1f s  build\n", time.Since(begin).Seconds())
	return path, nil
}

// postgres is the lab's PostgreSQL, to be stopped and started.
func (s *stack) postgres() *lab.Postgres {
	return &lab.Postgres{Dir: filepath.Join(s.dir, "postgres"), Port: s.options.Ports.PG, Log: filepath.Join(s.artefacts, "postgres.log")}
}

// rt is the lab's Request Tracker, to be stopped and started.
func (s *stack) rt() *lab.RT {
	return &lab.RT{Dir: filepath.Join(s.dir, "rt"), Port: s.options.Ports.RT, Log: filepath.Join(s.artefacts, "rt.log")}
}

// missing says that a file is not there.
func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, fs.ErrNotExist)
}

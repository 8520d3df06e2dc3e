package e2e

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"testing"
	"time"
)

// house is the lab all tests share.
var house *stack

// half says which half of the ports is ours when two runs go on beside each other
// (Makefile): 1 or 2, or 0 for all of them.
var half = flag.Int("half", 0, "1 or 2: take the lab's ports from this half of them")

func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		fmt.Println("e2e: end-to-end tests need a lab and take minutes; they are left out with -short")
		return
	}
	os.Exit(run(m))
}

// run brings the lab up, runs the tests and takes the lab down, whatever happens
// in between: a failure, an interrupt, or tests that hang.
func run(m *testing.M) (code int) {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	s, err := newStack()
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	defer func() {
		if err := s.close(code != 0); err != nil {
			fmt.Fprintln(os.Stderr, "e2e: take the lab down:", err)
			code = 1
		}
	}()
	if err := s.open(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: bring the lab up:", err)
		return 1
	}
	house = s
	done := make(chan int, 1)
	go func() { done <- m.Run() }()
	select {
	case code = <-done:
		if code != 0 {
			return code
		}
		if err := s.replayed(); err != nil {
			fmt.Fprintln(os.Stderr, "e2e:", err)
			return 1
		}
		return 0
	case <-ctx.Done():
		fmt.Fprintln(os.Stderr, "e2e: interrupted")
	case <-lastMoment():
		fmt.Fprintln(os.Stderr, "e2e: the tests take longer than -timeout allows; this is where they are:")
		_ = pprof.Lookup("goroutine").WriteTo(os.Stderr, 1)
	}
	return 1
}

// lastMoment comes shortly before go test's own timeout, which would kill us and
// leave the lab up.
func lastMoment() <-chan time.Time {
	const toTakeDown = 30 * time.Second
	limit, ok := flag.Lookup("test.timeout").Value.(flag.Getter).Get().(time.Duration)
	if !ok || limit <= toTakeDown {
		return nil
	}
	return time.After(limit - toTakeDown)
}

// until asks every few milliseconds until ok says yes. It is for what has no
// signal of its own; why, the newest answer, goes into the failure.
func until(t testing.TB, what string, limit time.Duration, ok func() error) {
	t.Helper()
	if err := wait(limit, ok); err != nil {
		t.Fatalf("%s: not within %s: %v", what, limit, err)
	}
}

func wait(limit time.Duration, ok func() error) error {
	deadline := time.NewTimer(limit)
	defer deadline.Stop()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ok()
		if err == nil {
			return nil
		}
		select {
		case <-deadline.C:
			return err
		case <-tick.C:
		}
	}
}

// patient is the deadline of waits for a signal: far beyond what anything takes,
// even on a busy machine.
const patient = 30 * time.Second

// soon is a context for one step of a test or its clean-up.
func soon() (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(context.Background(), patient, errors.New("a step of the test took too long"))
}

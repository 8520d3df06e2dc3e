package boot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"
)

const (
	// slowStop is how long a step may take before the log names it.
	slowStop = time.Second
	// lateGrace is what each step still gets after the deadline of Close, so
	// that one stuck step cannot keep NATS from closing its files.
	lateGrace = 500 * time.Millisecond
)

// Stack tears a process down in the opposite order to its building. Each part
// is pushed under a name when it has started and stopped once, last in first
// out. It is safe for concurrent use.
type Stack struct {
	log  *slog.Logger
	done chan struct{} // closed when Close has finished

	mu      sync.Mutex
	steps   []step
	closing bool
	err     error // joined errors of all steps; read after done
}

type step struct {
	name string
	stop func(context.Context) error
}

// NewStack returns an empty stack which reports slow and failing steps to log.
func NewStack(log *slog.Logger) *Stack {
	return &Stack{log: log, done: make(chan struct{})}
}

// Push adds a part to be stopped before all those pushed earlier. stop should
// heed its context; one that does not is left behind at the deadline. If the
// stack is closing already (a signal came during start), stop is called here
// and now, so that nothing started late stays behind.
func (s *Stack) Push(name string, stop func(context.Context) error) {
	s.mu.Lock()
	closing := s.closing
	if !closing {
		s.steps = append(s.steps, step{name, stop})
	}
	s.mu.Unlock()
	if closing {
		ctx, cancel := context.WithTimeout(context.Background(), slowStop)
		defer cancel()
		// The error has nobody left to hear it but the log.
		_ = s.run(ctx, step{name, stop})
	}
}

// Close stops every part, newest first, and joins their errors. It returns by
// ctx's deadline plus half a second for each step not yet stopped by then.
// Later and concurrent calls wait for the first and return what it returned.
func (s *Stack) Close(ctx context.Context) error {
	s.mu.Lock()
	first, steps := !s.closing, s.steps
	s.closing, s.steps = true, nil
	s.mu.Unlock()
	if !first {
		<-s.done // bounded: the first call ends by its own deadline
		return s.err
	}
	var errs []error
	for _, st := range slices.Backward(steps) {
		errs = append(errs, s.runLate(ctx, st))
	}
	s.err = errors.Join(errs...)
	close(s.done)
	return s.err
}

// runLate runs one step under ctx, or under a short grace if ctx has ended.
func (s *Stack) runLate(ctx context.Context, st step) error {
	if ctx.Err() != nil {
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), lateGrace)
		defer cancel()
		ctx = late
	}
	return s.run(ctx, st)
}

// run calls one step and waits for it, but never longer than ctx lasts.
func (s *Stack) run(ctx context.Context, st step) error {
	began := time.Now()
	result := make(chan error, 1)
	go func() { result <- st.stop(ctx) }()
	var err error
	select {
	case err = <-result:
	case <-ctx.Done():
		select {
		case err = <-result: // it heeded the context and is back
		case <-time.After(lateGrace / 10):
			err = fmt.Errorf("still running at its deadline: %w", ctx.Err())
		}
	}
	took := time.Since(began)
	switch {
	case err != nil:
		s.log.Error("stop failed", "part", st.name, "took", took, "error", err)
		return fmt.Errorf("stop %s: %w", st.name, err)
	case took >= slowStop:
		s.log.Warn("stop was slow", "part", st.name, "took", took)
	default:
		s.log.Debug("stopped", "part", st.name, "took", took)
	}
	return nil
}

package boot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// What a process exits with.
const (
	ExitOK      = 0
	ExitFailed  = 1 // something broke while running
	ExitRefused = 2 // flags, configuration or definitions are wrong; nothing was started
)

// Life is how long a process runs, in two parts. Accept ends at the first
// SIGINT or SIGTERM: take no new call, then finish. Finish ends when the grace
// after that is over, or at a second signal: stop now.
type Life struct {
	Accept context.Context
	Finish context.Context
}

// Refuse marks err as the fault of what the process was given, so that Run
// exits with ExitRefused. It returns nil for nil.
func Refuse(err error) error {
	if err == nil {
		return nil
	}
	return refused{err}
}

type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// Run calls fn once, ends its Life by signals, prints its error to stderr as
// one "name: error" and returns what to exit with. grace is the time between
// the first signal and the end of Finish. A third signal kills the process as
// if nobody were listening: fn is stuck and the user knows best.
func Run(name string, grace time.Duration, stderr io.Writer, fn func(Life) error) int {
	signals := make(chan os.Signal, 3)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	defer signal.Stop(signals)
	life, end := newLife(signals, grace)
	err := fn(life)
	end()
	var bad refused
	switch {
	case err == nil, errors.Is(err, context.Canceled) && life.Accept.Err() != nil && errors.Is(context.Cause(life.Accept), errSignal):
		return ExitOK
	case errors.As(err, &bad):
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return ExitRefused
	default:
		fmt.Fprintf(stderr, "%s: %v\n", name, err)
		return ExitFailed
	}
}

// errSignal is the cause of contexts ended by a signal.
var errSignal = errors.New("asked to stop")

// newLife turns signals into the two contexts. end waits for its goroutine.
func newLife(signals chan os.Signal, grace time.Duration) (Life, func()) {
	finish, endFinish := context.WithCancelCause(context.Background())
	accept, endAccept := context.WithCancelCause(finish)
	over, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		select {
		case <-signals:
			endAccept(errSignal)
		case <-over:
			return
		}
		late := time.NewTimer(grace)
		defer late.Stop()
		select {
		case <-signals:
		case <-late.C:
		case <-over:
			return
		}
		signal.Stop(signals) // the third signal gets the default: the process dies
		endFinish(errSignal)
	}()
	return Life{Accept: accept, Finish: finish}, func() {
		close(over)
		<-done
		endFinish(nil)
	}
}

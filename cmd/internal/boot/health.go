package boot

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"
)

// Health is what a probe last found out about a service outside this process.
// Reading it costs nothing and never waits. It is safe for concurrent use.
type Health struct {
	last atomic.Pointer[verdict]
	stop context.CancelFunc
	done chan struct{}
}

type verdict struct{ err error }

// unknown stands until the first probe is back.
type unknown struct{}

func (unknown) Error() string { return "not probed yet" }

// Watch calls probe at once and then every so often, each time under a
// deadline of the same length, and logs when the service called name goes away
// or comes back. It probes until Stop.
func Watch(name string, every time.Duration, probe func(context.Context) error, log *slog.Logger) *Health {
	ctx, cancel := context.WithCancel(context.Background())
	h := &Health{stop: cancel, done: make(chan struct{})}
	h.last.Store(&verdict{unknown{}})
	go func() {
		defer close(h.done)
		tick := time.NewTicker(every)
		defer tick.Stop()
		for {
			h.probe(ctx, name, every, probe, log)
			select {
			case <-tick.C:
			case <-ctx.Done():
				return
			}
		}
	}()
	return h
}

// Err is nil if the last probe found the service well, else why not.
func (h *Health) Err() error { return h.last.Load().err }

// Stop ends the probing and waits for the probe in flight, which its context
// ends.
func (h *Health) Stop(ctx context.Context) error {
	h.stop()
	select {
	case <-h.done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Health) probe(ctx context.Context, name string, limit time.Duration, probe func(context.Context) error, log *slog.Logger) {
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := probe(within)
	if ctx.Err() != nil {
		return // stopping: the error is ours
	}
	before := h.last.Swap(&verdict{err}).err
	_, first := before.(unknown) //nolint:errorlint // our own value, never wrapped
	switch {
	case err != nil && (before == nil || first):
		log.Warn("service is away", "service", name, "error", err)
	case err == nil && before != nil && !first:
		log.Info("service is back", "service", name)
	}
}

package restart

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cmd/linekeeper/bench"
)

// ledgerReader reads the controller's ledger by stretches: while the controller
// comes back nobody reads, which would cost it time.
type ledgerReader struct {
	url  string
	last uint64 // newest fact read
}

// with opens the ledger for something. It is closed when its controller goes.
func (l *ledgerReader) with(ctx context.Context, do func(context.Context, *ledger.Ledger) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	nc, err := nats.Connect(l.url, nats.NoReconnect(), nats.ClosedHandler(func(*nats.Conn) { cancel() }))
	if err != nil {
		return err
	}
	defer nc.Close()
	facts, err := ledger.Open(ctx, nc, ledger.Config{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	return do(ctx, facts)
}

// toEnd passes over all that has been told.
func (l *ledgerReader) toEnd(ctx context.Context) error {
	return l.with(ctx, func(ctx context.Context, facts *ledger.Ledger) (err error) {
		l.last, err = facts.Last(ctx)
		return err
	})
}

var errEnough = errors.New("enough")

// until gives facts to take, one by one, until enough says so; false if it does not
// within a time.
func (l *ledgerReader) until(ctx context.Context, within time.Duration, take func(cdr.Fact), enough func() bool) (bool, error) {
	limited, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for {
		err := l.with(limited, func(ctx context.Context, facts *ledger.Ledger) error {
			if enough() {
				return errEnough
			}
			return facts.Read(ctx, l.last+1, func(f cdr.Fact) error {
				take(f)
				l.last = f.Seq
				if enough() {
					return errEnough
				}
				return nil
			})
		})
		switch {
		case errors.Is(err, errEnough):
			return true, nil
		case errors.Is(err, ledger.ErrAhead): // it has lost facts
			return false, err
		case limited.Err() != nil:
			return false, ctx.Err()
		}
		_ = bench.Wait(limited, 10*lookAgain) // away: tried again
	}
}

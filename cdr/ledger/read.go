package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"

	"linekeeper/cdr"
)

var meter = otel.Meter("linekeeper/cdr/ledger")

// unreadableFacts counts messages that reached a reader as cdr.Unknown because
// they could not be decoded.
var unreadableFacts, _ = meter.Int64Counter("linekeeper.ledger.unreadable",
	metric.WithDescription("Messages in the ledger that could not be decoded"))

// Read gives each fact from sequence from on, in order, to each, and goes on
// with those to come until ctx ends, each returns an error, or the broker's
// connection is closed; it returns that error. Sequences count from 1; 0 is
// read as 1.
//
// Readers who have come to the ledger's end share what is fetched and decoded
// there: what lies behind a fact's slices and maps is everybody's, to be looked
// at and never changed. Each goes at its own pace.
//
// Facts too old to be kept any more are skipped with a warning. A from beyond
// the next fact is ErrAhead. An outage of the broker is waited for.
func (l *Ledger) Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error {
	from = max(from, 1)
	if err := l.checkStart(ctx, from); err != nil {
		return err
	}
	t := l.join()
	defer l.leave(t)
	select {
	case <-t.opened:
	case <-ctx.Done():
		return fmt.Errorf("read the ledger: %w", ctx.Err())
	}
	for {
		var err error
		if from, err = l.catchUp(ctx, t, from, each); err != nil {
			return err
		}
		if from, err = t.follow(ctx, from, each); !errors.Is(err, errBehind) {
			return err
		}
	}
}

// errCaughtUp says that a reader need not go on on its own.
var errCaughtUp = errors.New("caught up")

// catchUp gives facts from a sequence on to each, by a consumer of its own, until
// the tail has the rest, and returns where it has come to.
func (l *Ledger) catchUp(ctx context.Context, t *tail, from uint64, each func(cdr.Fact) error) (uint64, error) {
	if has, err := t.has(from); has || err != nil {
		return from, err
	}
	err := l.each(ctx, from, func(f cdr.Fact) error {
		if err := each(f); err != nil {
			return err
		}
		from = f.Seq + 1
		if has, err := t.has(from); has || err != nil {
			return cmp.Or(err, errCaughtUp)
		}
		return nil
	})
	if errors.Is(err, errCaughtUp) {
		err = nil
	}
	return from, err
}

// each fetches and decodes the facts from a sequence on, those to come too, until
// something fails.
func (l *Ledger) each(ctx context.Context, from uint64, do func(cdr.Fact) error) error {
	it, err := l.messages(ctx, from)
	if err != nil {
		return fmt.Errorf("read the ledger from %d: %w", from, err)
	}
	defer it.Stop()
	for {
		msg, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return fmt.Errorf("read the ledger: %w", err)
		}
		fact, err := decode(msg)
		if err != nil {
			unreadableFacts.Add(ctx, 1)
			l.log.Error("a message in the ledger is no fact", "subject", msg.Subject(), "err", err)
		}
		if fact.Seq == 0 {
			continue // no message of the stream
		}
		if err := do(fact); err != nil {
			return err
		}
	}
}

// askedAgain is the pause after the broker was asked in vain.
const askedAgain = 100 * time.Millisecond

// messages are those of the stream from a sequence on.
func (l *Ledger) messages(ctx context.Context, from uint64) (it jetstream.MessagesContext, err error) {
	err = untilThere(ctx, func() error {
		cons, err := l.stream.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{
			DeliverPolicy: jetstream.DeliverByStartSequencePolicy,
			OptStartSeq:   from,
		})
		if err != nil {
			return err
		}
		it, err = cons.Messages()
		return err
	})
	return it, err
}

// untilThere asks the broker something, again while it is away.
func untilThere(ctx context.Context, ask func() error) error {
	for {
		err := ask()
		if err == nil || ctx.Err() != nil || !isAway(err) {
			return err
		}
		select {
		case <-time.After(askedAgain):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// isAway says that a request found no broker: it starts again, or is cut off.
func isAway(err error) bool {
	for _, away := range []error{context.DeadlineExceeded, nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected} {
		if errors.Is(err, away) {
			return true
		}
	}
	return false
}

func (l *Ledger) checkStart(ctx context.Context, from uint64) error {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return fmt.Errorf("read the ledger from %d: %w", from, err)
	}
	if from > info.State.LastSeq+1 {
		return fmt.Errorf("read the ledger from %d, its end is %d: %w", from, info.State.LastSeq, ErrAhead)
	}
	if first := info.State.FirstSeq; from < first && from > 1 {
		l.log.Warn("facts have gone of age before they were read", "from", from, "first", first)
	}
	return nil
}

// Story returns the facts of one call, in order. It is for people and tests:
// readers that follow along use Read.
func (l *Ledger) Story(ctx context.Context, call cdr.CallID) ([]cdr.Fact, error) {
	return l.collect(ctx, "read the story of call "+string(call), jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{subjectRoot + "call." + token(string(call))},
	})
}

// LatestOfAgents returns the newest fact of every agent: where each stands.
func (l *Ledger) LatestOfAgents(ctx context.Context) ([]cdr.Fact, error) {
	return l.collect(ctx, "read the newest fact of each agent", jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{subjectRoot + "agent.*"},
		DeliverPolicy:  jetstream.DeliverLastPerSubjectPolicy,
	})
}

func (l *Ledger) collect(ctx context.Context, what string, cfg jetstream.OrderedConsumerConfig) ([]cdr.Fact, error) {
	var facts []cdr.Fact
	err := l.drain(ctx, cfg, func(msg jetstream.Msg) {
		fact, err := decode(msg)
		if err != nil {
			unreadableFacts.Add(ctx, 1)
			l.log.Error("a message in the ledger is no fact", "subject", msg.Subject(), "err", err)
		}
		facts = append(facts, fact)
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return facts, nil
}

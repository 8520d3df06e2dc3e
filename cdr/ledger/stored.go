package ledger

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"linekeeper/cdr"
)

// clockSlack is how far the clocks of writers and broker may differ.
const clockSlack = time.Minute

// withoutStored drops the facts that the ledger has and the broker may have
// forgotten: those older than half the duplicate window. A fact of now costs
// nothing here; an outbox replayed after a long outage costs one read of each
// subject.
func (l *Ledger) withoutStored(ctx context.Context, facts []cdr.Fact) ([]cdr.Fact, error) {
	oldest := make(map[string]time.Time) // by subject
	limit := time.Now().Add(-l.cfg.Duplicates / 2)
	for _, f := range facts {
		if f.At.After(limit) || f.Story == nil {
			continue
		}
		if at, ok := oldest[subject(f)]; !ok || f.At.Before(at) {
			oldest[subject(f)] = f.At
		}
	}
	if len(oldest) == 0 {
		return facts, nil
	}
	stored := make(map[string]bool)
	for subj, at := range oldest {
		if err := l.idsSince(ctx, subj, at.Add(-clockSlack), stored); err != nil {
			return nil, err
		}
	}
	var missing []cdr.Fact
	for _, f := range facts {
		if !stored[headerSafe(f.ID)] {
			missing = append(missing, f)
		}
	}
	return missing, nil
}

// idsSince adds the IDs of the facts filed under subj since a time.
func (l *Ledger) idsSince(ctx context.Context, subj string, since time.Time, ids map[string]bool) error {
	return l.drain(ctx, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{subj},
		DeliverPolicy:  jetstream.DeliverByStartTimePolicy,
		OptStartTime:   &since,
		HeadersOnly:    true,
	}, func(msg jetstream.Msg) { ids[msg.Headers().Get(jetstream.MsgIDHeader)] = true })
}

// drain gives what a consumer of that shape has now, and returns.
func (l *Ledger) drain(ctx context.Context, cfg jetstream.OrderedConsumerConfig, each func(jetstream.Msg)) error {
	cons, err := l.stream.OrderedConsumer(ctx, cfg)
	if err != nil {
		return err
	}
	info, err := cons.Info(ctx)
	if err != nil {
		return err
	}
	if info.NumPending == 0 {
		return nil
	}
	it, err := cons.Messages()
	if err != nil {
		return err
	}
	defer it.Stop()
	for {
		msg, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		each(msg)
		if meta, err := msg.Metadata(); err != nil || meta.NumPending == 0 {
			return err
		}
	}
}

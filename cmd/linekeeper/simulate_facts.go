package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	"linekeeper/cmd/internal/boot"
)

// timeSpan is the time asked for. Ends that were not given are zero until the
// facts are known.
type timeSpan struct{ from, to time.Time }

// timeForms are how a time may be typed, besides RFC 3339, in the site's zone.
var timeForms = []string{"2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04", "2006-01-02"}

func parseSpan(from, to string, zone *time.Location) (timeSpan, error) {
	var (
		s   timeSpan
		err error
	)
	if s.from, err = parseTime("--from", from, zone); err != nil {
		return s, err
	}
	if s.to, err = parseTime("--to", to, zone); err != nil {
		return s, err
	}
	if !s.from.IsZero() && !s.to.IsZero() && !s.to.After(s.from) {
		return s, fmt.Errorf("--to %s is not after --from %s", to, from)
	}
	return s, nil
}

func parseTime(flag, text string, zone *time.Location) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.In(zone), nil
	}
	for _, form := range timeForms {
		if t, err := time.ParseInLocation(form, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("%s %q is no time: write 2026-03-02, 2026-03-02T08:00 or RFC 3339", flag, text)
}

// String is the time as errors tell it.
func (s timeSpan) String() string {
	text := ""
	if !s.from.IsZero() {
		text += " from " + s.from.Format(time.RFC3339)
	}
	if !s.to.IsZero() {
		text += " to " + s.to.Format(time.RFC3339)
	}
	return text
}

// within gives ends that were not typed the facts' own, and refuses a time of
// which there are none.
func (s timeSpan) within(facts []cdr.Fact) (timeSpan, error) {
	asked := slices.DeleteFunc(slices.Clone(facts), func(f cdr.Fact) bool {
		return f.At.Before(s.from) || !s.to.IsZero() && !f.At.Before(s.to)
	})
	if len(asked) == 0 {
		return s, fmt.Errorf("there are no facts%s", s)
	}
	if s.from.IsZero() {
		s.from = slices.MinFunc(asked, byTime).At
	}
	if s.to.IsZero() {
		s.to = slices.MaxFunc(asked, byTime).At.Add(time.Nanosecond)
	}
	return s, nil
}

// read reads the facts of a time and of the warm-up before it, and what facts from
// before tell of the definitions in force.
func (s *simulation) read(ctx context.Context, span timeSpan) (facts, told []cdr.Fact, err error) {
	since := span.from
	if !since.IsZero() {
		since = since.Add(-s.warmUp)
	}
	early := func(f cdr.Fact) bool { return span.to.IsZero() || f.At.Before(span.to) }
	keep := func(f cdr.Fact) bool {
		if early(f) && revisionOf(f) != "" {
			told = append(told, f)
		}
		return early(f) && !f.At.Before(since)
	}
	switch {
	case s.facts == "-":
		facts, err = readFacts(os.Stdin, keep)
	case s.facts != "":
		facts, err = readFile(s.facts, keep)
	case s.nats != "":
		var before []cdr.Fact
		facts, before, err = s.readLedger(ctx, since, span.to, keep)
		told = slices.DeleteFunc(before, func(f cdr.Fact) bool { return !early(f) })
	default:
		err = boot.Refuse(errors.New("where are the facts? Name a file with --facts, or the NATS that holds the ledger with --nats; " +
			"a ledger inside the controller can be read while it runs and its configuration has nats.listen"))
	}
	slices.SortStableFunc(told, byTime)
	return facts, told, err
}

func readFile(name string, keep func(cdr.Fact) bool) ([]cdr.Fact, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, boot.Refuse(fmt.Errorf("read facts: %w", err))
	}
	defer file.Close()
	return readFacts(file, keep)
}

// readFacts reads facts one after the other, or in one array.
func readFacts(in io.Reader, keep func(cdr.Fact) bool) ([]cdr.Fact, error) {
	var facts []cdr.Fact
	d := json.NewDecoder(in)
	for {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			if errors.Is(err, io.EOF) {
				return facts, nil
			}
			return nil, boot.Refuse(fmt.Errorf("read facts: fact %d is no JSON: %w", len(facts)+1, err))
		}
		several := []json.RawMessage{raw}
		if raw[0] == '[' {
			if err := json.Unmarshal(raw, &several); err != nil {
				return nil, boot.Refuse(fmt.Errorf("read facts: %w", err))
			}
		}
		for _, one := range several {
			var f cdr.Fact
			if err := json.Unmarshal(one, &f); err != nil {
				return nil, boot.Refuse(fmt.Errorf("read facts: fact %d: %w", len(facts)+1, err))
			}
			if keep(f) {
				facts = append(facts, f)
			}
		}
	}
}

// clockApart is how far the clocks of the facts' writers and of the broker may
// differ, lateMost how long after it happened a fact may have been stored: as long
// as the broker was away.
const (
	clockApart = time.Minute
	lateMost   = 24 * time.Hour
)

// readLedger reads the ledger's facts from a time to another, and all it tells of
// definitions, without touching how the ledger is kept.
func (s *simulation) readLedger(ctx context.Context, since, to time.Time, keep func(cdr.Fact) bool) (facts, told []cdr.Fact, err error) {
	nc, err := nats.Connect(s.nats, nats.Name("linekeeper simulate"))
	if err != nil {
		return nil, nil, fmt.Errorf("connect to the ledger's NATS at %s: %w", s.nats, err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, nil, fmt.Errorf("read the ledger: %w", err)
	}
	if facts, err = s.readSpan(ctx, js, since, to, keep); err != nil {
		return nil, nil, err
	}
	told, err = toldBefore(ctx, js)
	return facts, told, err
}

// readSpan reads the ledger's facts from a time to another.
func (s *simulation) readSpan(ctx context.Context, js jetstream.JetStream, since, to time.Time, keep func(cdr.Fact) bool) ([]cdr.Fact, error) {
	cfg := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy}
	if !since.IsZero() {
		start := since.Add(-clockApart)
		cfg.DeliverPolicy, cfg.OptStartTime = jetstream.DeliverByStartTimePolicy, &start
	}
	cons, err := js.OrderedConsumer(ctx, ledger.Stream, cfg)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	info, err := cons.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	if info.NumPending == 0 {
		return nil, nil
	}
	bar := newProgress(s.err, "reading", int(info.NumPending))
	defer bar.close()
	return follow(ctx, cons, int(info.NumPending), to, keep, bar)
}

// follow reads so many facts, or until none of before to can come any more.
func follow(ctx context.Context, cons jetstream.Consumer, count int, to time.Time, keep func(cdr.Fact) bool, bar *progress) ([]cdr.Fact, error) {
	it, err := cons.Messages()
	if err != nil {
		return nil, fmt.Errorf("read the ledger: %w", err)
	}
	defer it.Stop()
	var facts []cdr.Fact
	for n := range count {
		msg, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, fmt.Errorf("read the ledger: %w", err)
		}
		meta, err := msg.Metadata()
		if err != nil {
			return nil, fmt.Errorf("read the ledger: %w", err)
		}
		if !to.IsZero() && meta.Timestamp.After(to.Add(lateMost)) {
			break
		}
		bar.at(n + 1)
		var f cdr.Fact
		if json.Unmarshal(msg.Data(), &f) != nil {
			continue // no fact: every reader of the ledger steps over it
		}
		if f.Seq = meta.Sequence.Stream; keep(f) {
			facts = append(facts, f)
		}
	}
	return facts, nil
}

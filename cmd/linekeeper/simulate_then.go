package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
	history "linekeeper/cdr/store"
	"linekeeper/cmd/internal/boot"
	"linekeeper/queue"
	"linekeeper/queue/store"
)

// present is what a simulation knows of the site before it has read a fact.
type present struct {
	config Config
	defs   queue.Definitions // of the folder named, else those a controller would begin with now
	zone   *time.Location
	// named: a folder was named, and counts whatever the facts say.
	named bool
}

// present reads the configuration, the definitions and the site's time zone.
func (s *simulation) present() (p present, err error) {
	if s.config != "" {
		if p.config, err = loadConfig(s.config); err != nil {
			return p, err
		}
		if s.nats == "" {
			s.nats = p.config.NATS.URL
		}
		if s.nats == "" && p.config.NATS.Listen != "" {
			s.nats = "nats://" + p.config.NATS.Listen
		}
	}
	switch {
	case s.definitions != "":
		p.named = true
		p.defs, p.zone, err = loadFloor(s.definitions, p.config.Bench)
	case s.config != "":
		var d *definitions
		if d, err = startDefinitions(p.config); err == nil {
			p.defs, p.zone = d.Floor, d.Location()
		}
	default:
		err = boot.Refuse(errors.New("which definitions were in force? Name the configuration with --config, or a folder with --definitions"))
	}
	return p, err
}

// then is the definitions that were in force in a time.
type then struct {
	begin queue.Definitions
	// revisions are those the facts name; nil when a folder counts instead.
	revisions map[string]queue.Definitions
	last      queue.Definitions // at the end
	changes   []cdr.Fact        // after the beginning, to others
}

// inForce finds the definitions that were in force while the facts happened. told
// are the facts that say so, those from before the time too, in order.
func (p present) inForce(ctx context.Context, facts, told []cdr.Fact) (then, error) {
	t := then{begin: p.defs, last: p.defs}
	if p.named || len(told) == 0 {
		return t, nil
	}
	first := slices.MinFunc(facts, byTime).At
	began := 0 // what happened before any was told, happened under the first
	for i, f := range told {
		if !f.At.After(first) {
			began = i
		}
	}
	find := p.finder()
	defer func() { find.close() }() // it may have opened PostgreSQL by then
	t.revisions = map[string]queue.Definitions{}
	for i, f := range told[began:] {
		revision := revisionOf(f)
		if i > 0 && revision == t.last.Revision {
			continue // a restart
		}
		defs, err := find.revision(ctx, revision)
		if err != nil {
			return t, fmt.Errorf("definitions in force since %s: %w", f.At.In(p.zone).Format(time.RFC3339), err)
		}
		if i == 0 {
			t.begin = defs
		} else {
			t.changes = append(t.changes, f)
		}
		t.revisions[revision], t.last = defs, defs
	}
	return t, nil
}

func revisionOf(f cdr.Fact) string {
	s, _ := f.Story.(cdr.Redefined)
	return s.Revision
}

func byTime(a, b cdr.Fact) int { return a.At.Compare(b.At) }

// finder finds definitions by their revision: those of now, or in PostgreSQL, which
// is asked only if need be.
type finder struct {
	present
	kept  *history.Definitions
	close func()
}

func (p present) finder() *finder { return &finder{present: p, close: func() {}} }

func (f *finder) revision(ctx context.Context, revision string) (queue.Definitions, error) {
	if revision == f.defs.Revision {
		return f.defs, nil
	}
	if f.kept == nil {
		pool, err := boot.Pool(ctx, f.config.Postgres, tracenoop.NewTracerProvider(), metricnoop.NewMeterProvider())
		if err != nil {
			return queue.Definitions{}, boot.Refuse(err)
		}
		f.kept, f.close = history.NewDefinitions(pool), pool.Close
	}
	files, err := f.kept.Files(ctx, revision)
	if errors.Is(err, history.ErrNotFound) {
		return queue.Definitions{}, boot.Refuse(fmt.Errorf("%w; name a folder that has them with --definitions", err))
	}
	if err != nil {
		return queue.Definitions{}, err
	}
	d, err := store.Parse(files, store.Context{})
	if err == nil {
		err = store.AddBench(d, f.config.Bench.Agents, f.config.Bench.Contact)
	}
	if err != nil {
		return queue.Definitions{}, fmt.Errorf("definitions of revision %s: %w", revision, err)
	}
	return d.Floor, nil
}

// toldBefore reads from the ledger all facts that tell of definitions.
func toldBefore(ctx context.Context, js jetstream.JetStream) ([]cdr.Fact, error) {
	cons, err := js.OrderedConsumer(ctx, ledger.Stream, jetstream.OrderedConsumerConfig{FilterSubjects: []string{ledger.DefinitionsSubject}})
	if err != nil {
		return nil, fmt.Errorf("read which definitions were in force: %w", err)
	}
	info, err := cons.Info(ctx)
	if err != nil {
		return nil, fmt.Errorf("read which definitions were in force: %w", err)
	}
	if info.NumPending == 0 {
		return nil, nil
	}
	it, err := cons.Messages()
	if err != nil {
		return nil, fmt.Errorf("read which definitions were in force: %w", err)
	}
	defer it.Stop()
	var told []cdr.Fact
	for range info.NumPending {
		msg, err := it.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, fmt.Errorf("read which definitions were in force: %w", err)
		}
		var f cdr.Fact
		if json.Unmarshal(msg.Data(), &f) == nil && revisionOf(f) != "" {
			told = append(told, f)
		}
	}
	return told, nil
}

package trace

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"linekeeper/cdr"
	"linekeeper/cdr/follow"
	"linekeeper/cdr/ledger"
)

// Facts is the ledger, as telemetry reads it. cdr/ledger implements it.
type Facts interface {
	ID() string
	Last(ctx context.Context) (uint64, error)
	LatestOfAgents(ctx context.Context) ([]cdr.Fact, error)
	Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error
}

// Positions keeps how far telemetry has come. A ledger.Bucket implements it.
type Positions interface {
	Get(ctx context.Context, key string) (ledger.Snapshot, error)
	Put(ctx context.Context, key string, value []byte) (uint64, error)
}

// Config tunes a follower; zero values are good.
type Config struct {
	TracerProvider trace.TracerProvider // the global one if nil
	MeterProvider  metric.MeterProvider // the global one if nil
	// Save is how often the position is kept. Default 5 s.
	Save time.Duration
	// Forget is after how long without a fact a call that never became complete
	// is told as far as it is known. Default 24 h.
	Forget time.Duration
	Log    *slog.Logger // slog.Default() if nil
}

const (
	positionKey   = "trace"
	defaultSave   = 5 * time.Second
	defaultForget = 24 * time.Hour
	lastRetry     = 10 * time.Second
	flushTime     = 2 * time.Second
	inbox         = 1024
)

// Follower follows the ledger and makes telemetry of it. Start it once, Stop it
// once.
type Follower struct {
	facts     Facts
	positions Positions
	cfg       Config
	tracer    trace.Tracer
	metrics   *metrics
	cancel    context.CancelFunc
	done      chan struct{}

	// Owned by the run goroutine.
	told  uint64 // facts up to this one are told already, as spans and in counters
	saved position

	mu     sync.Mutex
	seq    uint64 // the newest fact read; before the first, the one before it
	at     time.Time
	begun  bool // seq means something
	calls  map[cdr.CallID]*call
	staff  map[string]standing
	queues map[string]bool // all ever seen, so that an empty one is told as zero
}

// call is one whose spans are not told yet.
type call struct {
	record cdr.Record
	first  uint64 // its first fact
	at     time.Time
}

// standing is where an agent stands, as of a fact.
type standing struct {
	state cdr.AgentState
	seq   uint64
}

// position is where to go on after a restart: calls that are not told yet are
// read again from their first fact on, and those told by then are not repeated.
type position struct {
	Ledger string `json:"ledger"`
	From   uint64 `json:"from"`
	Told   uint64 `json:"told"`
}

// NewFollower returns a follower that reads facts and keeps its place in
// positions.
func NewFollower(facts Facts, positions Positions, cfg Config) (*Follower, error) {
	if cfg.TracerProvider == nil {
		cfg.TracerProvider = otel.GetTracerProvider()
	}
	if cfg.MeterProvider == nil {
		cfg.MeterProvider = otel.GetMeterProvider()
	}
	if cfg.Save == 0 {
		cfg.Save = defaultSave
	}
	if cfg.Forget == 0 {
		cfg.Forget = defaultForget
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	f := &Follower{
		facts: facts, positions: positions, cfg: cfg, tracer: cfg.TracerProvider.Tracer(scope),
		cancel: func() {}, done: make(chan struct{}),
		calls: make(map[cdr.CallID]*call), staff: make(map[string]standing), queues: make(map[string]bool),
	}
	var err error
	if f.metrics, err = newMetrics(cfg.MeterProvider.Meter(scope), f); err != nil {
		return nil, err
	}
	return f, nil
}

// Start begins to follow in the background, until Stop or ctx's end.
func (f *Follower) Start(ctx context.Context) {
	ctx, f.cancel = context.WithCancel(ctx)
	go f.run(ctx)
}

// Stop ends the follower, keeps its place, and waits for it: some seconds at
// most. Shut the providers down afterwards.
func (f *Follower) Stop() error {
	f.cancel()
	<-f.done
	return f.metrics.unregister()
}

func (f *Follower) run(ctx context.Context) {
	defer close(f.done)
	follow.Again(ctx, lastRetry, f.follow, func(again time.Duration, err error) {
		f.cfg.Log.Warn("telemetry waits for the ledger", "again", again, "err", err)
	})
	f.save(context.WithoutCancel(ctx))
}

// follow reads from where we were, until something fails, and says whether it came
// further.
func (f *Follower) follow(ctx context.Context) (forward bool, err error) {
	before := f.position()
	defer func() { forward = f.position() > before }()
	from, err := f.resume(ctx)
	if err != nil {
		return false, err
	}
	facts, stop := follow.Ahead(ctx, f.facts, from, inbox)
	tick := time.NewTicker(f.cfg.Save)
	defer tick.Stop()
	for {
		select {
		case fact, open := <-facts:
			if !open {
				return false, stop()
			}
			f.apply(fact)
		case <-tick.C:
			f.forget()
			f.save(ctx)
		}
	}
}

// resume decides where to read from: the ledger's beginning the first time, or
// when it is another ledger; else where we stopped.
func (f *Follower) resume(ctx context.Context) (from uint64, err error) {
	if f.begun {
		return f.position() + 1, nil
	}
	last, err := f.facts.Last(ctx)
	if err != nil {
		return 0, err
	}
	kept, err := f.load(ctx)
	if err != nil {
		return 0, err
	}
	agents, err := f.facts.LatestOfAgents(ctx)
	if err != nil {
		return 0, err
	}
	for _, fact := range agents {
		f.stand(fact)
	}
	if kept.Ledger != f.facts.ID() || kept.From == 0 || kept.From > last+1 {
		kept = position{Ledger: f.facts.ID(), From: 1}
	}
	f.told, f.saved = kept.Told, kept
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seq, f.begun = kept.From-1, true
	return kept.From, nil
}

func (f *Follower) load(ctx context.Context) (position, error) {
	var p position
	kept, err := f.positions.Get(ctx, positionKey)
	if errors.Is(err, ledger.ErrNotFound) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(kept.Value, &p); err != nil {
		return position{}, fmt.Errorf("read telemetry's position: %w", err)
	}
	return p, nil
}

// save keeps the position, after the spans made so far have left.
func (f *Follower) save(ctx context.Context) {
	p := position{Ledger: f.facts.ID(), From: f.oldest(), Told: max(f.position(), f.told)}
	if p == f.saved || !f.begun {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, flushTime)
	defer cancel()
	if provider, ok := f.cfg.TracerProvider.(interface{ ForceFlush(context.Context) error }); ok {
		if err := provider.ForceFlush(ctx); err != nil { // a dead collector: the spans are lost, not the calls
			f.cfg.Log.Warn("spans did not leave", "err", err)
		}
	}
	value, err := json.Marshal(p)
	if err == nil {
		_, err = f.positions.Put(context.WithoutCancel(ctx), positionKey, value)
	}
	if err != nil {
		f.cfg.Log.Warn("telemetry's position is not kept", "err", err)
		return
	}
	f.saved = p
}

// oldest is the first fact still needed.
func (f *Follower) oldest() uint64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	first := uint64(math.MaxUint64)
	for _, c := range f.calls {
		first = min(first, c.first)
	}
	return min(first, f.seq+1)
}

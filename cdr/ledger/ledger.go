package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Stream is the name of the JetStream stream that holds the facts.
const Stream = "FACTS"

const subjectRoot = "facts."

// Config says how the ledger is kept. The zero value is a good single node.
type Config struct {
	// Replicas is how many broker nodes hold each fact: 1 (default), 3 or 5.
	Replicas int
	// MaxAge is how long facts are kept. Records stay in PostgreSQL for ever; the
	// ledger only has to outlive the longest outage of its readers. The broker
	// holds an index entry for every call in memory while its facts are kept,
	// hence a limit. Default 30 days.
	MaxAge time.Duration
	// Duplicates is how long the broker remembers fact IDs by itself, at about
	// 150 bytes of memory each. Older repeats are found by reading the subject.
	// Default 2 minutes, the least is 100 ms.
	Duplicates time.Duration
	// Log takes what is worth telling; slog.Default() if nil.
	Log *slog.Logger
}

const (
	defaultMaxAge     = 30 * 24 * time.Hour
	defaultDuplicates = 2 * time.Minute
)

func (c Config) withDefaults() Config {
	if c.Replicas == 0 {
		c.Replicas = 1
	}
	if c.MaxAge == 0 {
		c.MaxAge = defaultMaxAge
	}
	if c.Duplicates == 0 {
		c.Duplicates = defaultDuplicates
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return c
}

// Ledger is the open ledger. All its methods are safe for concurrent use.
type Ledger struct {
	nc     *nats.Conn
	js     jetstream.JetStream
	stream jetstream.Stream
	cfg    Config
	id     string
	log    *slog.Logger

	tailMu sync.Mutex
	tail   *tail // nil while nobody reads along
}

// ErrAhead says that a reader asked for facts behind the end of the ledger: the
// ledger was restored from an older copy, or the reader belongs to another one.
var ErrAhead = errors.New("the reader is ahead of the ledger")

// Open makes or updates the stream on nc and returns the ledger. The connection
// stays the caller's to close, after everything that uses the ledger.
func Open(ctx context.Context, nc *nats.Conn, cfg Config) (*Ledger, error) {
	cfg = cfg.withDefaults()
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open ledger: %w", err)
	}
	stream, err := js.CreateOrUpdateStream(ctx, streamConfig(cfg))
	if err != nil {
		return nil, fmt.Errorf("open ledger: create stream %s: %w", Stream, err)
	}
	return &Ledger{
		nc: nc, js: js, stream: stream, cfg: cfg, log: cfg.Log,
		id: stream.CachedInfo().Created.UTC().Format(time.RFC3339Nano),
	}, nil
}

// streamConfig is the stream as the broker keeps it. Facts are immutable, so
// deleting and purging are denied; only age removes them. Atomic batches are for
// a backlog of facts (NATS server 2.12, ADR-50).
func streamConfig(cfg Config) jetstream.StreamConfig {
	return jetstream.StreamConfig{
		Name:               Stream,
		Description:        "Linekeeper's facts, in order",
		Subjects:           []string{subjectRoot + ">"},
		Storage:            jetstream.FileStorage,
		Retention:          jetstream.LimitsPolicy,
		Discard:            jetstream.DiscardOld,
		MaxAge:             cfg.MaxAge,
		Duplicates:         cfg.Duplicates,
		Replicas:           cfg.Replicas,
		DenyDelete:         true,
		DenyPurge:          true,
		AllowDirect:        true,
		AllowAtomicPublish: true,
	}
}

// ID names this ledger among all that ever were: sequences of one mean nothing
// in another. A reader keeps it beside its sequence.
func (l *Ledger) ID() string { return l.id }

// Last returns the sequence of the newest fact, 0 if there is none.
func (l *Ledger) Last(ctx context.Context) (uint64, error) {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("read the ledger's end: %w", err)
	}
	return info.State.LastSeq, nil
}

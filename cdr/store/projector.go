package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"linekeeper/cdr"
	"linekeeper/cdr/follow"
	"linekeeper/cdr/store/internal/db"
)

// Reader is the name of the projector's position.
const Reader = "records"

// Facts is the ledger, as the projector reads it: each fact from a sequence on,
// in order, until ctx ends. ID tells ledgers apart. cdr/ledger implements it.
type Facts interface {
	ID() string
	Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error
}

// Tickets takes the wish that a complete record be noted on a ticket. It takes
// effect with the transaction; asking twice for one call and ticket is one wish.
// cdr/ticket implements it.
type Tickets interface {
	NoteRecord(ctx context.Context, tx pgx.Tx, call cdr.CallID, ticket cdr.Ticket) error
	// NoteLate takes the wish that what agents noted since the record stood on the
	// ticket stand there too, up to the fact of sequence seq.
	NoteLate(ctx context.Context, tx pgx.Tx, call cdr.CallID, ticket cdr.Ticket, seq uint64) error
}

// ProjectorConfig tunes a projector; zero values are good.
type ProjectorConfig struct {
	// Linger is how long a batch waits for more facts: it is how old a record may
	// be, and saves writing a call's record once for each fact. Default 200 ms.
	Linger time.Duration
	// Batch is the most facts in one transaction. Default 1,000.
	Batch int
	Log   *slog.Logger // slog.Default() if nil
}

const (
	defaultLinger = 200 * time.Millisecond
	defaultBatch  = 1000
	lastRetry     = 5 * time.Second
	// maxKept bounds the records kept in memory; beyond it they are read again.
	maxKept = 20_000
)

// Projector folds the ledger into the calls table. Start it once, Stop it once;
// Position and Applied are safe for concurrent use.
type Projector struct {
	pool    *pgxpool.Pool
	facts   Facts
	tickets Tickets
	cfg     ProjectorConfig
	log     *slog.Logger
	cancel  context.CancelFunc
	done    chan struct{}

	// Owned by the run goroutine.
	at      db.LockPositionRow // the position as we left it
	records map[cdr.CallID]*cdr.Record

	mu    sync.Mutex
	seq   uint64
	moved chan struct{} // closed and replaced when seq grows
}

// NewProjector returns a projector from facts into pool. tickets may be nil:
// then no ticket is ever noted.
func NewProjector(pool *pgxpool.Pool, facts Facts, tickets Tickets, cfg ProjectorConfig) *Projector {
	if cfg.Linger == 0 {
		cfg.Linger = defaultLinger
	}
	if cfg.Batch == 0 {
		cfg.Batch = defaultBatch
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	return &Projector{
		pool: pool, facts: facts, tickets: tickets, cfg: cfg, log: cfg.Log,
		cancel: func() {}, done: make(chan struct{}), moved: make(chan struct{}),
		records: make(map[cdr.CallID]*cdr.Record),
	}
}

// Start begins to project in the background, until Stop or ctx's end. Neither a
// dead database nor a dead broker is an error: it goes on trying.
func (p *Projector) Start(ctx context.Context) {
	ctx, p.cancel = context.WithCancel(ctx)
	go p.run(ctx)
}

// Stop ends the projector and waits for it. A transaction under way is undone
// and will be done again by the next start.
func (p *Projector) Stop() {
	p.cancel()
	<-p.done
}

// Position returns the sequence of the last fact in the database, as far as
// this projector knows.
func (p *Projector) Position() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seq
}

// Applied waits until the fact of a sequence, and all before it, are in the
// database.
func (p *Projector) Applied(ctx context.Context, seq uint64) error {
	for {
		p.mu.Lock()
		at, moved := p.seq, p.moved
		p.mu.Unlock()
		if at >= seq {
			return nil
		}
		select {
		case <-moved:
		case <-ctx.Done():
			return fmt.Errorf("wait for fact %d, the records are at %d: %w", seq, at, ctx.Err())
		}
	}
}

func (p *Projector) reached(seq uint64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seq = seq
	close(p.moved)
	p.moved = make(chan struct{})
}

func (p *Projector) run(ctx context.Context) {
	defer close(p.done)
	follow.Again(ctx, lastRetry, p.follow, func(again time.Duration, err error) {
		p.log.Warn("records wait", "position", p.Position(), "again", again, "err", err)
	})
}

// follow projects from the stored position on, until something fails, and says
// whether it came further.
func (p *Projector) follow(ctx context.Context) (forward bool, err error) {
	before := p.Position()
	from, err := p.resume(ctx)
	if err != nil {
		return false, err
	}
	facts, stop := follow.Ahead(ctx, p.facts, from, p.cfg.Batch)
	for err == nil {
		first, open := <-facts
		if !open {
			break
		}
		err = p.apply(ctx, p.collect(first, facts))
	}
	return p.Position() > before, errors.Join(err, stop())
}

// collect gathers what follows the first fact within the linger time.
func (p *Projector) collect(first cdr.Fact, facts <-chan cdr.Fact) []cdr.Fact {
	batch := []cdr.Fact{first}
	linger := time.NewTimer(p.cfg.Linger)
	defer linger.Stop()
	for len(batch) < p.cfg.Batch {
		select {
		case f, open := <-facts:
			if !open {
				return batch
			}
			batch = append(batch, f)
		case <-linger.C:
			return batch
		}
	}
	return batch
}

// resume reads the stored position and returns the sequence to read from.
func (p *Projector) resume(ctx context.Context) (from uint64, err error) {
	clear(p.records)
	q := db.New(p.pool)
	if err := q.InitPosition(ctx, db.InitPositionParams{Reader: Reader, Ledger: p.facts.ID()}); err != nil {
		return 0, fmt.Errorf("make the position: %w", err)
	}
	row, err := q.ReadPosition(ctx, Reader)
	if err != nil {
		return 0, fmt.Errorf("read the position: %w", err)
	}
	p.at = db.LockPositionRow(row)
	if row.Ledger != p.facts.ID() {
		p.log.Warn("the ledger is a new one: records start at its beginning",
			"was", row.Ledger, "at", row.Seq, "is", p.facts.ID())
		return 1, nil
	}
	p.reached(uint64(row.Seq))
	return uint64(row.Seq) + 1, nil
}

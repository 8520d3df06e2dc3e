package ledger

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"linekeeper/cdr"
)

const (
	firstRetry = 20 * time.Millisecond
	lastRetry  = 2 * time.Second
)

// Writer appends facts in the background, in order, for callers that must not
// wait: call actors and the floor. It keeps everything in memory until it is
// stored, however long that takes; the callers' snapshots cover a crash.
//
// All methods are safe for concurrent use. Start it once, Stop it once.
type Writer struct {
	ledger appender
	log    *slog.Logger
	wake   chan struct{} // holds one token while there may be work
	quit   chan struct{}
	done   chan struct{}

	mu      sync.Mutex
	waiting []entry
	pending int // waiting and in the hands of run
	stopped bool
}

// appender is the part of a Ledger a Writer needs.
type appender interface {
	Append(ctx context.Context, facts ...cdr.Fact) error
}

// entry is one call of Append.
type entry struct {
	facts  []cdr.Fact
	stored func()
}

// NewWriter returns a writer on l; call Start before facts are to move.
func NewWriter(l *Ledger) *Writer { return newWriter(l, l.log) }

func newWriter(to appender, log *slog.Logger) *Writer {
	return &Writer{
		ledger: to, log: log,
		wake: make(chan struct{}, 1), quit: make(chan struct{}), done: make(chan struct{}),
	}
}

// Append takes facts to be stored after all facts taken before. It never blocks
// and never fails: it goes on trying. Facts that can never be stored (without
// an ID, or too large) are logged and left out.
//
// stored, if not nil, is called once when the facts are in the ledger, from the
// writer's own goroutine and in the order of the Appends: it must not block.
// After Stop it is not called any more.
func (w *Writer) Append(stored func(), facts ...cdr.Fact) {
	w.mu.Lock()
	w.waiting = append(w.waiting, entry{facts: facts, stored: stored})
	w.pending++
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Pending returns how many Appends are not stored yet.
func (w *Writer) Pending() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.pending
}

// Flush returns nil when everything taken so far is stored, or ctx's error.
func (w *Writer) Flush(ctx context.Context) error {
	flushed := make(chan struct{})
	w.Append(func() { close(flushed) })
	select {
	case <-flushed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Start begins to store facts.
func (w *Writer) Start() { go w.run() }

// Stop stores what was taken, as long as ctx allows, and ends the writer. It
// returns ctx's error if facts were left; they are lost unless their writers'
// snapshots have them.
func (w *Writer) Stop(ctx context.Context) error {
	err := w.Flush(ctx)
	w.mu.Lock()
	if !w.stopped {
		w.stopped = true
		close(w.quit)
	}
	w.mu.Unlock()
	<-w.done
	return err
}

func (w *Writer) run() {
	defer close(w.done)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() { // a try under way must not outlive Stop
		select {
		case <-w.quit:
			cancel()
		case <-w.done:
		}
	}()
	for {
		select {
		case <-w.wake:
		case <-w.quit:
			return
		}
		for batch := w.take(); len(batch) > 0; batch = w.take() {
			if !w.store(ctx, batch) {
				return
			}
		}
	}
}

// take removes the next entries, about a batch's worth of facts.
func (w *Writer) take() []entry {
	w.mu.Lock()
	defer w.mu.Unlock()
	n, facts := 0, 0
	for n < len(w.waiting) && (n == 0 || facts+len(w.waiting[n].facts) <= maxBatch) {
		facts += len(w.waiting[n].facts)
		n++
	}
	batch := w.waiting[:n:n]
	w.waiting = w.waiting[n:]
	if len(w.waiting) == 0 {
		w.waiting = nil // let the old array go
	}
	return batch
}

// store tries until the batch is stored, and reports false if the writer was
// stopped before.
func (w *Writer) store(ctx context.Context, batch []entry) bool {
	facts := w.storable(batch)
	for wait := firstRetry; ; wait = min(2*wait, lastRetry) {
		err := w.ledger.Append(ctx, facts...)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return false
		}
		w.log.Warn("facts are waiting for the ledger", "facts", len(facts), "again", wait, "err", err)
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return false
		}
	}
	for _, e := range batch {
		if e.stored != nil {
			e.stored()
		}
	}
	w.mu.Lock()
	w.pending -= len(batch)
	w.mu.Unlock()
	return true
}

// storable joins the facts of a batch, without those no retry could store: one
// writer's mistake must not hold up everybody's story.
func (w *Writer) storable(batch []entry) []cdr.Fact {
	var facts []cdr.Fact
	for _, e := range batch {
		for _, f := range e.facts {
			if _, err := encode(f); err != nil {
				w.log.Error("a fact cannot be stored", "fact", f.ID, "call", f.Call, "err", err)
				continue
			}
			facts = append(facts, f)
		}
	}
	return facts
}

package live

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// Facts reads the ledger (cdr/ledger).
type Facts interface {
	// Read gives each fact from sequence from on, in order, and goes on with
	// those to come until ctx ends or each returns an error; it returns that
	// error. A from beyond the next fact is ledger.ErrAhead.
	Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error
	// Last is the sequence of the newest fact, 0 when there is none.
	Last(ctx context.Context) (uint64, error)
	// ID names the ledger: sequences of one mean nothing in another.
	ID() string
}

// Saves keeps the newest saved board. It is called by one goroutine at a time.
type Saves interface {
	// Load returns what was saved last, nil when there is nothing.
	Load(ctx context.Context) ([]byte, error)
	// Save puts a board, which stands at seq, over the one before. Losing a
	// save costs only a longer replay.
	Save(ctx context.Context, data []byte, seq uint64) error
}

// Presence is told when an agent's first console comes and their last one goes.
// It is called by the hub's owner, in order: it must return at once and not ask
// the hub anything but Open. It hears nothing when the hub stops.
type Presence interface {
	ConsoleBack(agent string)
	ConsoleGone(agent string)
}

// Phones is told whether an agent's page could answer a call: not while its
// microphone is refused or missing, or the page is asleep. An agent of whom nothing
// is told can. It is called by the hub's owner, in order, and must return at once.
type Phones interface {
	CanAnswer(agent string, can bool)
}

// Config is what a Hub is made of.
type Config struct {
	Definitions queue.Definitions
	Location    *time.Location // where the day turns; default time.Local

	Facts Facts
	Saves Saves // nil: the whole ledger is read at each start
	// Popped is told that the agent's console shows the screen pop of an open
	// offer made to them. It is called by that console's goroutine; a second
	// console of the agent makes it called again.
	Popped   func(ctx context.Context, agent string, offer cdr.OfferID)
	Presence Presence // may be nil
	Phones   Phones   // may be nil

	// Beat is the pause between beats (default 10 s), and Patience how long a
	// console may be silent itself (25 s). Gap is the shortest pause between two
	// deltas (20 ms): what happens after a quiet moment is told at once, what
	// follows it together. SaveEvery is the pause between saves (5 s), Outbox the
	// deltas a slow console may be behind by (64), Memory the changes a returning
	// console may have missed (4096).
	Beat, Patience, Gap, SaveEvery time.Duration
	Outbox, Memory                 int

	Log *slog.Logger // default slog.Default()
}

func (c *Config) defaults() {
	c.Location = cmp.Or(c.Location, time.Local)
	c.Beat = cmp.Or(c.Beat, 10*time.Second)
	c.Patience = cmp.Or(c.Patience, 25*time.Second)
	c.Gap = cmp.Or(c.Gap, 20*time.Millisecond)
	c.SaveEvery = cmp.Or(c.SaveEvery, 5*time.Second)
	c.Outbox = cmp.Or(c.Outbox, 64)
	c.Memory = cmp.Or(c.Memory, 4096)
	c.Log = cmp.Or(c.Log, slog.Default())
}

// Hub tells consoles what changes. All its methods are safe for concurrent use.
type Hub struct {
	// Immutable after New, cfg.Definitions and cfg.Location aside: they are the owner's.

	cfg  Config
	log  *slog.Logger
	asks chan func() // run by the owner
	news chan cdr.Fact

	stopping chan struct{}      // closed first: consoles say bye
	stopRead context.CancelFunc // then the reader ends
	stopOwn  chan struct{}      // then the owner
	owned    chan struct{}      // closed when the owner has gone
	reading  sync.WaitGroup
	serving  sync.WaitGroup // consoles

	// Owner only.

	board    *agentdesk.Board
	source   source                // of the board
	salt     string                // of source
	classes  map[string][]*console // all consoles, by who sees the same
	early    []*console            // came before the board had caught up
	caughtUp bool
	target   uint64 // caught up at this sequence
	memory   memory
	silence  *time.Timer

	pending  agentdesk.Change // folded, not told yet
	pendedAt time.Time        // of its oldest fact
	toldAt   time.Time
	telling  *time.Timer // runs while pending waits for Gap

	pages    map[string]*pages // by agent
	ailing   map[string]ailing // by agent
	listing  *time.Timer       // the list of what is wrong is due
	listDue  bool
	listedAt time.Time

	questions []question // wait for the board to move
	never     uint64     // nothing up to here is waited for again

	saved   uint64 // sequence of the newest save
	unsaved bool   // something else changed since
	urgent  bool   // and must not wait

	// Under mutex.

	mu      sync.Mutex
	started bool
	stopped bool
	open    map[string]int // consoles of each agent
}

// New makes a hub. It panics without Facts or Popped: a fault of the wiring.
func New(cfg Config) *Hub {
	if cfg.Facts == nil || cfg.Popped == nil {
		panic("live.New: Facts and Popped are needed")
	}
	cfg.defaults()
	return &Hub{
		cfg: cfg, log: cfg.Log,
		asks: make(chan func()), news: make(chan cdr.Fact, 256),
		stopping: make(chan struct{}), stopOwn: make(chan struct{}), owned: make(chan struct{}),
		classes: make(map[string][]*console), open: make(map[string]int),
		pages: make(map[string]*pages), ailing: make(map[string]ailing),
		memory: memory{max: cfg.Memory},
	}
}

// Start loads the saved board and begins to follow the ledger. It returns at
// once; consoles that come before the board has caught up wait for it. Its ctx
// bounds the start only. A hub starts once.
func (h *Hub) Start(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.started || h.stopped {
		return errors.New("start the live desk: it was started or stopped before")
	}
	last, err := h.cfg.Facts.Last(ctx)
	if err != nil {
		return fmt.Errorf("start the live desk: %w", err)
	}
	h.board, h.target = h.load(ctx), last
	h.saved = h.board.Seq()
	h.makeSource(h.salt)
	h.memory.forget(h.board.Seq()) // who has seen as much as was saved can go on
	reading, stop := context.WithCancel(context.WithoutCancel(ctx))
	h.stopRead, h.started = stop, true
	from := h.board.Seq() + 1
	h.reading.Go(func() { h.read(reading, from) })
	go h.own()
	return nil
}

// Stop says bye to every console, stops following the ledger and saves the
// board. It may be called more than once, and before Start. When ctx ends first
// the consoles' sockets are left to die with the process.
func (h *Hub) Stop(ctx context.Context) error {
	h.mu.Lock()
	first, started := !h.stopped, h.started
	h.stopped = true
	h.mu.Unlock()
	if !started {
		return nil
	}
	if first {
		close(h.stopping)
		go h.teardown()
	}
	select {
	case <-h.owned:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("stop the live desk: %w", ctx.Err())
	}
}

// byeWithin is how long stopping waits for consoles to take their bye.
const byeWithin = 2 * time.Second

// teardown ends the parts in the order they need each other. A console that is
// stuck does not hold it up: its socket ends at its own write deadline.
func (h *Hub) teardown() {
	gone := make(chan struct{})
	go func() { h.serving.Wait(); close(gone) }()
	select {
	case <-gone:
	case <-time.After(byeWithin):
		h.log.Warn("some consoles did not take their bye")
	}
	h.stopRead()
	h.reading.Wait()
	close(h.stopOwn)
}

// Open says whether the agent has a console open. It never waits.
func (h *Hub) Open(agent string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open[agent] > 0
}

// Live returns a call that is on the board, and whose it is.
func (h *Hub) Live(ctx context.Context, call cdr.CallID) (live agentdesk.Live, on bool) {
	h.askNow(ctx, func() { live, on = h.board.Live(call) })
	return live, on
}

// Calls are those of the calls asked for that are on the board.
func (h *Hub) Calls(ctx context.Context, ids []cdr.CallID) (calls map[cdr.CallID]agentdesk.Call) {
	h.askNow(ctx, func() { calls = h.board.Calls(ids) })
	return calls
}

// Promised is how many calls an agent has promised that are still to be made.
func (h *Hub) Promised(ctx context.Context, agent string) (n int) {
	h.askNow(ctx, func() { n = h.board.Promised(agent) })
	return n
}

// OfferTo returns the agent an open offer is for. Those who ask have it from the board.
func (h *Hub) OfferTo(ctx context.Context, offer cdr.OfferID) (agent string, open bool) {
	h.ask(ctx, func() { agent, _, open = h.board.OfferTo(offer) })
	return agent, open
}

// Agent returns an agent as desks show them.
func (h *Hub) Agent(ctx context.Context, id string) (agent agentdesk.Agent, ok bool) {
	h.askNow(ctx, func() { agent, ok = h.board.Agent(id) })
	return agent, ok
}

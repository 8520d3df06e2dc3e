package asterisk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"sync"

	"linekeeper/ivr/call"
)

// Node is one Asterisk. It implements call.Switch. Its methods are safe for
// concurrent use.
type Node struct {
	cfg   Config
	base  *url.URL
	sink  call.SwitchSink
	log   *slog.Logger
	tune  tuning
	conns *conns // guarded by its own mutex

	queue *queue // sockets and readings push, the run goroutine takes
	seen  memory // run goroutine only
	twins twins  // run goroutine only
	// phones is what was told of watched phones; run goroutine only
	phones map[string]phoneKnown
	life   life        // run goroutine only
	gauge  *depthGauge // of the present run; run goroutine only
	dials  dials       // guarded by its own mutex
	phone  pushed      // guarded by its own mutex
	watch  watched     // guarded by its own mutex
	pulse  pulse       // guarded by its own mutex
	// answers to transfers; guarded by its own mutex
	answers answers

	mu      sync.Mutex
	state   State
	changed chan struct{} // closed and replaced at each change of state
	cancel  context.CancelFunc
	done    chan struct{} // closed when the run goroutine has ended
}

// New makes a stopped node that will tell sink what happens.
func New(cfg Config, sink call.SwitchSink, log *slog.Logger, opts ...Option) (*Node, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if sink == nil {
		return nil, errors.New("asterisk: no sink for events")
	}
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	base, err := cfg.base()
	if err != nil {
		return nil, err
	}
	n := &Node{
		cfg: cfg, base: base, sink: sink, tune: defaults(),
		log:   log.With("node", cfg.Node),
		queue: newQueue(), seen: newMemory(), dials: dials{heard: map[call.ChannelID]bool{}},
		answers: answers{waiting: map[call.ChannelID]chan struct{}{}},
		phones:  map[string]phoneKnown{},
		state:   Stopped, changed: make(chan struct{}),
	}
	for _, set := range opts {
		set(&n.tune)
	}
	n.conns = newConns(base)
	return n, nil
}

// Start opens the line and returns at once; WaitReady tells when it is in
// control. The end of ctx stops the node like Stop. Starting a started node
// changes nothing.
func (n *Node) Start(ctx context.Context) error {
	n.mu.Lock()
	if n.cancel != nil {
		n.mu.Unlock()
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	n.cancel, n.done = cancel, done
	n.mu.Unlock()

	n.become(Connecting, "start")
	go func() {
		defer close(done)
		n.gauge = n.watchDepth()
		n.run(ctx)
		cancel()
		n.ended()
	}()
	return nil
}

// Stop closes the line and waits until nothing of it runs, or ctx ends. It
// touches no call: channels and bridges go on. Stopping twice, or before
// Start, changes nothing.
func (n *Node) Stop(ctx context.Context) error {
	n.mu.Lock()
	cancel, done := n.cancel, n.done
	n.mu.Unlock()
	if cancel == nil {
		return nil
	}
	cancel()
	select {
	case <-done:
	case <-ctx.Done():
		return fmt.Errorf("stop asterisk %s: %w", n.cfg.Node, ctx.Err())
	}
	return nil
}

// ended clears what a run left, so that Start may follow.
func (n *Node) ended() {
	n.gauge.stop()
	n.conns.closeIdle()
	n.transit(Stopped, "stop", func() { n.cancel, n.done = nil, nil })
}

package asterisk

import (
	"context"
	"errors"
	"math/rand/v2"
	"syscall"
	"time"

	"linekeeper/ivr/call"
)

// life is what the run goroutine knows of Asterisk's life.
type life struct {
	boot      string    // its start, "" before the first connection
	refused   time.Time // first of the present row of refusals
	mourned   bool      // NodeLost told since the last connection
	connected bool      // ever
}

// run keeps a session going until ctx ends or another controller takes over.
// It is the one goroutine that calls the sink.
func (n *Node) run(ctx context.Context) {
	wait := n.tune.backoffFirst
	var lastSaid string
	for ctx.Err() == nil {
		held, err := n.session(ctx)
		n.conns.closeIdle() // of a life of Asterisk that may be over
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, ErrReplaced) {
			n.become(Replaced, err)
			<-ctx.Done()
			return
		}
		if held {
			wait, lastSaid = n.tune.backoffFirst, ""
			reconnects.Add(ctx, 1)
		}
		n.become(Connecting, err)
		if said := err.Error(); said != lastSaid {
			n.log.Warn("no line to asterisk, trying again", "error", err)
			lastSaid = said
		}
		n.mourn(err)
		if !pause(ctx, jitter(wait)) {
			return
		}
		wait = min(2*wait, n.tune.backoffMax)
	}
}

// mourn tells NodeLost when the port has refused twice in a row, with time
// between: a listening socket that is gone means the process is gone, and a
// mere silence never does.
func (n *Node) mourn(err error) {
	now := time.Now()
	switch {
	case !errors.Is(err, syscall.ECONNREFUSED):
		n.life.refused = time.Time{}
	case !n.life.connected || n.life.mourned:
	case n.life.refused.IsZero():
		n.life.refused = now
	case now.Sub(n.life.refused) >= n.tune.refusedApart:
		n.life.mourned = true
		n.seen = newMemory()
		n.log.Error("asterisk is dead: its port refuses")
		n.sink.SwitchEvent(call.NodeLost{Node: n.cfg.Node})
	}
}

// jitter spreads waits over two thirds to four thirds of d, so that controllers
// do not knock together.
func jitter(d time.Duration) time.Duration {
	return d*2/3 + rand.N(d*2/3+1)
}

// pause waits for d; false means ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

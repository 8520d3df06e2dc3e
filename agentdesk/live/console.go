package live

import (
	"context"
	"time"

	"linekeeper/agentdesk"
)

// console is one websocket as the owner knows it.
type console struct {
	// Immutable.

	viewer agentdesk.Viewer
	since  uint64 // what it says it has seen; 0: nothing
	out    chan *frame

	// Owner only.

	sees   agentdesk.Viewer // the viewer by the definitions in force
	class  string           // of sees
	behind bool             // deltas were dropped; a resync stands in its outbox
}

func newConsole(viewer agentdesk.Viewer, since uint64, outbox int) *console {
	return &console{viewer: viewer, sees: viewer, since: since, out: make(chan *frame, outbox)}
}

// send puts a frame into the outbox. It never waits. Owner only.
func (c *console) send(f *frame) {
	if f == nil || c.behind {
		return
	}
	select {
	case c.out <- f:
	default:
		c.fallBehind()
	}
}

// fallBehind empties the outbox and leaves a resync there: the writer fetches a
// snapshot when it comes to it, so that a console that is stuck costs nothing.
func (c *console) fallBehind() {
	for {
		select {
		case <-c.out:
			continue
		default:
		}
		break
	}
	c.behind = true
	c.out <- resync // room: only the owner fills it
}

// enter counts a socket in; it must leave by serving.Done. False when the hub is
// not running.
func (h *Hub) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.started || h.stopped {
		return false
	}
	h.serving.Add(1)
	return true
}

// join hands the console to the owner; false when there is none any more.
func (h *Hub) join(ctx context.Context, c *console) (joined bool) {
	h.ask(ctx, func() {
		joined = true
		c.redefine(h.cfg.Definitions)
		consolesOpen.Add(context.Background(), 1)
		if h.count(c.viewer.Agent, +1) == 1 && h.cfg.Presence != nil {
			h.cfg.Presence.ConsoleBack(c.viewer.Agent)
		}
		h.consoles[c] = struct{}{}
		if !h.caughtUp {
			c.behind = true // no deltas yet
			h.early = append(h.early, c)
			return
		}
		h.admit(c)
	})
	return joined
}

// admit starts a console off: with what it missed, else with a snapshot.
func (h *Hub) admit(c *console) {
	if _, in := h.consoles[c]; !in {
		return // left while it waited
	}
	c.behind = false
	if missed, ok := h.memory.since(c.since); ok && c.since > 0 && c.since <= h.board.Seq() {
		c.send(encode(delta(h.board.Seq(), h.board.Delta(missed, c.sees))))
		return
	}
	c.send(h.snapshot(c))
}

// leave takes the console back from the owner.
func (h *Hub) leave(c *console) {
	h.ask(context.Background(), func() {
		delete(h.consoles, c)
		consolesOpen.Add(context.Background(), -1)
		if h.count(c.viewer.Agent, -1) == 0 && h.cfg.Presence != nil && !h.isStopping() {
			h.cfg.Presence.ConsoleGone(c.viewer.Agent)
		}
	})
}

// count keeps the number of an agent's consoles; -1 for viewers who are none.
func (h *Hub) count(agent string, by int) int {
	if agent == "" {
		return -1
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open[agent] += by
	n := h.open[agent]
	if n == 0 {
		delete(h.open, agent)
	}
	return n
}

// fresh takes a snapshot for a console that was behind; its deltas flow again
// from there. Nil when the hub is stopping.
func (h *Hub) fresh(ctx context.Context, c *console) (f *frame) {
	h.ask(ctx, func() {
		c.behind = false
		resyncs.Add(context.Background(), 1)
		f = h.snapshot(c)
	})
	return f
}

func (h *Hub) snapshot(c *console) *frame {
	return encode(snapshot(h.board.Seq(), time.Now().UTC(), h.board.View(c.sees)))
}

func (h *Hub) isStopping() bool {
	select {
	case <-h.stopping:
		return true
	default:
		return false
	}
}

package live

import (
	"context"
	"slices"
	"sync/atomic"

	"linekeeper/agentdesk"
)

// console is one websocket as the owner knows it.
type console struct {
	// Immutable.

	viewer agentdesk.Viewer
	since  uint64 // what it says it has seen; 0: nothing
	epoch  string // what that belongs to
	tab    string // the page's own ID; "": it never has the phone
	out    chan *frame

	// spoke is when it last spoke, in Unix ns, once it has told its health; 0
	// before. Set by its reader, read by the owner.
	spoke atomic.Int64

	// told is the sequence up to which all the viewer may see is in the outbox, or
	// was; 0: not known. Set by the owner, read by the writer.
	told atomic.Uint64

	// Owner only.

	sees   agentdesk.Viewer // the viewer by the definitions in force
	class  string           // of sees
	at     int              // its place in its class
	behind bool             // gets no deltas: a resync stands in its outbox, or it came early
	health health           // as it told it
	asleep bool
}

func newConsole(viewer agentdesk.Viewer, outbox int) *console {
	return &console{viewer: viewer, sees: viewer, out: make(chan *frame, outbox)}
}

// admitted says that what is sent reaches the console in order.
func (c *console) admitted() bool { return !c.behind }

// canPhone says that the page could have an agent's phone.
func (c *console) canPhone() bool { return c.viewer.Agent != "" && c.tab != "" }

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

// tell sends what the viewer may see of the changes up to seq, if anything.
func (c *console) tell(f *frame, seq uint64) {
	c.send(f)
	c.told.Store(seq)
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
		c.behind = true // no deltas yet
		h.seat(c)
		h.arrivePage(c)
		if !h.caughtUp {
			h.early = append(h.early, c)
			return
		}
		h.admit(c)
	})
	return joined
}

// seat puts a console among those who see the same.
func (h *Hub) seat(c *console) {
	members := h.classes[c.class]
	c.at = len(members)
	h.classes[c.class] = append(members, c)
}

// unseat takes it out again.
func (h *Hub) unseat(c *console) {
	members := h.classes[c.class]
	last := len(members) - 1
	members[c.at] = members[last]
	members[c.at].at = c.at
	members[last] = nil
	if last == 0 {
		delete(h.classes, c.class)
		return
	}
	h.classes[c.class] = members[:last]
}

// everyone is all consoles.
func (h *Hub) everyone() []*console {
	var all []*console
	for _, members := range h.classes {
		all = append(all, members...)
	}
	return all
}

// admit starts a console off: with what it missed, else with a snapshot.
func (h *Hub) admit(c *console) {
	h.tellPending()
	c.behind = false
	missed, resumed := h.missed(c)
	if resumed {
		c.tell(encode(delta(h.board.Seq(), h.board.Delta(missed, c.sees))), h.board.Seq())
	} else {
		c.tell(h.snapshot(c), h.board.Seq())
	}
	h.tellPhone(c)
	h.tellList(c, resumed)
}

// missed is what a console that comes back has missed; false when it cannot go on
// from what it has seen.
func (h *Hub) missed(c *console) (missed agentdesk.Change, ok bool) {
	if c.epoch == "" || c.epoch != h.source.epoch(c.sees) || c.since > h.board.Seq() {
		return missed, false
	}
	return h.memory.since(c.since)
}

// leave takes the console back from the owner.
func (h *Hub) leave(c *console) {
	h.ask(context.Background(), func() {
		h.unseat(c)
		h.early = slices.DeleteFunc(h.early, func(e *console) bool { return e == c })
		h.leavePage(c)
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
		h.tellPending()
		c.behind = false
		resyncs.Add(context.Background(), 1)
		f = h.snapshot(c)
		c.told.Store(h.board.Seq())
		h.tellPhone(c)
		h.tellList(c, false)
	})
	return f
}

// snapshot takes what the viewer may see. Putting it in words is the writer's
// work: after a restart everyone wants one at once.
func (h *Hub) snapshot(c *console) *frame {
	return &frame{snapshot: snapshot(h.board.Seq(), h.source.epoch(c.sees), h.board.View(c.sees))}
}

func (h *Hub) isStopping() bool {
	select {
	case <-h.stopping:
		return true
	default:
		return false
	}
}

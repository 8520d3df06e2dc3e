package live

import (
	"context"
	"errors"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cdr/ledger"
)

// quiet is how long the ledger must be silent for the board to count as caught
// up although the newest fact has not come: it may be too old to be kept.
const quiet = 250 * time.Millisecond

// retryAfter is the pause before the ledger is read again after a failure.
const retryAfter = time.Second

// ask has the owner run f and waits for it. f does not run when the hub has
// stopped or was never started, or when ctx ends first.
func (h *Hub) ask(ctx context.Context, f func()) {
	done := make(chan struct{})
	select {
	case h.asks <- func() { f(); close(done) }:
		<-done // the owner never blocks: this is soon
	case <-h.owned:
	case <-ctx.Done():
	}
}

// read follows the ledger for the owner.
func (h *Hub) read(ctx context.Context, from uint64) {
	for {
		err := h.cfg.Facts.Read(ctx, from, func(f cdr.Fact) error {
			select {
			case h.news <- f:
				from = f.Seq + 1
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
		if ctx.Err() != nil {
			return
		}
		if errors.Is(err, ledger.ErrAhead) {
			h.log.Warn("the saved board is of another ledger: reading this one from its start", "from", from)
			h.ask(ctx, h.startAgain)
			from = 1
			continue
		}
		h.log.Error("following the ledger failed, trying again", "from", from, "error", err, "after", retryAfter)
		select {
		case <-time.After(retryAfter):
		case <-ctx.Done():
			return
		}
	}
}

// own is the owner: the only goroutine that touches the board.
func (h *Hub) own() {
	defer close(h.owned)
	save := time.NewTicker(h.cfg.SaveEvery)
	defer save.Stop()
	h.silence = time.NewTimer(quiet)
	defer h.silence.Stop()
	saver := startSaver(h.cfg.Saves, h.log)
	defer saver.stop()
	h.checkCaughtUp()
	for {
		select {
		case f := <-h.news:
			h.tell(h.fold(f))
			h.late(f.At)
			h.silence.Reset(quiet)
			h.checkCaughtUp()
		case f := <-h.asks:
			f()
		case <-h.silence.C:
			h.catchUp()
		case <-save.C:
			h.save(saver)
		case <-h.stopOwn:
			h.save(saver)
			return
		}
	}
}

// mostAtOnce bounds the facts that are told as one delta.
const mostAtOnce = 512

// fold applies a fact and those that wait behind it.
func (h *Hub) fold(f cdr.Fact) agentdesk.Change {
	change := h.board.Apply(f)
	for range mostAtOnce {
		select {
		case f := <-h.news:
			change.Unite(h.board.Apply(f))
		default:
			return change
		}
	}
	return change
}

// tell sends a change to everyone who may see some of it.
func (h *Hub) tell(change agentdesk.Change) {
	if change.Empty() {
		return
	}
	h.memory.add(change)
	touched := h.board.Touched(change)
	shared := make(map[string]*frame) // by class; nil: nothing to tell
	for c := range h.consoles {
		if c.behind {
			continue // its snapshot will have it
		}
		if _, own := touched[c.sees.Agent]; own { // theirs shows their own offer
			c.send(h.delta(change, c.sees))
			continue
		}
		f, done := shared[c.class]
		if !done {
			f = h.delta(change, c.sees)
			shared[c.class] = f
		}
		c.send(f)
	}
}

// delta encodes a change for a viewer; nil when it holds nothing for them.
func (h *Hub) delta(change agentdesk.Change, v agentdesk.Viewer) *frame {
	view := h.board.Delta(change, v)
	if view.Empty() {
		return nil
	}
	return encode(delta(change.Seq, view))
}

func (h *Hub) checkCaughtUp() {
	if h.board.Seq() >= h.target {
		h.catchUp()
	}
}

// catchUp lets in the consoles that came early. Changes from before are
// forgotten: the definitions may have changed with the restart, so a console
// from before it starts with a snapshot.
func (h *Hub) catchUp() {
	if h.caughtUp {
		return
	}
	h.caughtUp = true
	h.memory.forget(h.board.Seq() + 1)
	for _, c := range h.early {
		h.admit(c)
	}
	h.early = nil
}

// startAgain empties the board. Consoles wait until it has caught up with the
// ledger, whose end is not known: when it falls silent.
func (h *Hub) startAgain() {
	h.board = agentdesk.NewBoard(h.cfg.Definitions, h.cfg.Location)
	h.saved, h.caughtUp, h.target = 0, false, ^uint64(0)
	h.silence.Reset(quiet)
	h.early = h.early[:0]
	for c := range h.consoles {
		c.behind = true
		h.early = append(h.early, c)
	}
}

// memory is the newest changes, for consoles that come back.
type memory struct {
	max     int
	changes []agentdesk.Change // ring: oldest at next once full
	next    int
	floor   uint64 // a console that has seen this much can go on
}

func (m *memory) add(c agentdesk.Change) {
	if len(m.changes) < m.max {
		m.changes = append(m.changes, c)
		return
	}
	m.floor = max(m.floor, m.changes[m.next].Seq)
	m.changes[m.next] = c
	m.next = (m.next + 1) % m.max
}

func (m *memory) forget(floor uint64) {
	m.changes, m.next, m.floor = nil, 0, floor
}

// since unites the changes after seq; false when some of them are forgotten.
func (m *memory) since(seq uint64) (missed agentdesk.Change, ok bool) {
	if seq < m.floor {
		return missed, false
	}
	for i := range m.changes {
		if c := m.changes[(m.next+i)%len(m.changes)]; c.Seq > seq {
			missed.Unite(c)
		}
	}
	return missed, true
}

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

// lookEvery is the pause between looks at pages that may be asleep or gone.
const lookEvery = time.Second

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
	save, look := time.NewTicker(h.cfg.SaveEvery), time.NewTicker(lookEvery)
	defer save.Stop()
	defer look.Stop()
	h.silence, h.telling, h.listing = time.NewTimer(quiet), stoppedTimer(), stoppedTimer()
	defer h.silence.Stop()
	defer h.telling.Stop()
	defer h.listing.Stop()
	saver := startSaver(h.cfg.Saves, h.log)
	defer saver.stop()
	h.checkCaughtUp()
	for {
		select {
		case f := <-h.news:
			h.fold(f)
			h.silence.Reset(quiet)
			h.checkCaughtUp()
			h.answer()
		case f := <-h.asks:
			f()
		case <-h.telling.C:
			h.tellPending()
		case <-h.listing.C:
			h.tellLists()
		case <-h.silence.C:
			h.catchUp()
		case now := <-look.C:
			h.passPhones(now)
			h.findAsleep(now)
		case <-save.C:
			h.save(saver)
		case <-h.stopOwn:
			h.save(saver)
			return
		}
		if h.urgent {
			h.urgent = false
			h.save(saver)
		}
	}
}

func stoppedTimer() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// mostAtOnce bounds the facts that are folded before anything else is looked at.
const mostAtOnce = 512

// fold applies a fact and those that wait behind it, and has them told: at once
// after a quiet moment, else together with what comes within the gap. One
// transition writes several facts, and a rush of calls many.
func (h *Hub) fold(f cdr.Fact) {
	waiting := !h.pending.Empty()
	if !waiting {
		h.pendedAt = f.At
	}
	h.pending.Unite(h.board.Apply(f))
	h.foldMore()
	wait := h.cfg.Gap - time.Since(h.toldAt)
	switch {
	case wait <= 0 || !h.caughtUp:
		h.tellPending()
	case !waiting:
		h.telling.Reset(wait)
	}
}

// foldMore applies the facts that wait.
func (h *Hub) foldMore() {
	for range mostAtOnce {
		select {
		case f := <-h.news:
			h.pending.Unite(h.board.Apply(f))
		default:
			return
		}
	}
}

// tellPending tells what was folded and not told yet.
func (h *Hub) tellPending() {
	h.telling.Stop()
	change := h.pending
	h.pending = agentdesk.Change{}
	if change.Empty() {
		return
	}
	h.tell(change)
	h.late(h.pendedAt)
	h.toldAt = time.Now()
}

// tell sends a change to everyone who may see some of it.
func (h *Hub) tell(change agentdesk.Change) {
	h.memory.add(change)
	touched := h.board.Touched(change)
	for _, members := range h.classes {
		var shared *frame // nil: not made, or nothing to tell
		made := false
		for _, c := range members {
			if c.behind {
				continue // its snapshot will have it
			}
			if _, own := touched[c.sees.Agent]; own { // theirs shows their own offer
				c.tell(h.delta(change, c.sees), change.Seq)
				continue
			}
			if !made {
				shared, made = h.delta(change, c.sees), true
			}
			c.tell(shared, change.Seq)
		}
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

// catchUp lets in the consoles that came early.
func (h *Hub) catchUp() {
	if h.caughtUp {
		return
	}
	h.caughtUp = true
	h.tellPending()
	for _, c := range h.early {
		h.admit(c)
	}
	h.early = nil
}

// startAgain empties the board. Consoles wait until it has caught up with the
// ledger, whose end is not known: when it falls silent. They all get a snapshot:
// what they have seen may be of an end that was lost.
func (h *Hub) startAgain() {
	h.board = agentdesk.NewBoard(h.cfg.Definitions, h.cfg.Location)
	h.makeSource("")
	h.saved, h.caughtUp, h.target, h.never = 0, false, ^uint64(0), 0
	h.pending = agentdesk.Change{}
	h.memory.forget(0)
	h.silence.Reset(quiet)
	h.early = h.everyone()
	for _, c := range h.early {
		c.behind = true
		c.told.Store(0)
	}
}

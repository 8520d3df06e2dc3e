package live

import (
	"context"
	"time"
)

// lag bounds how long a question waits for what the ledger holds already.
const lag = 2 * time.Second

// question waits for the board to have folded a sequence.
type question struct {
	seq   uint64
	there chan struct{} // closed when it has
}

// askNow is ask for questions about now: f runs once the board has folded all the
// ledger held when it was asked. Whoever acts on a fact they have seen elsewhere is
// so never told that it has not happened.
func (h *Hub) askNow(ctx context.Context, f func()) {
	if last, err := h.last(ctx); err == nil { // else nobody knows better than the board
		h.await(ctx, last)
	}
	h.ask(ctx, f)
}

// last is how far the ledger goes.
func (h *Hub) last(ctx context.Context) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, lag)
	defer cancel()
	return h.cfg.Facts.Last(ctx)
}

// await returns when the board has folded seq, or will not within lag: facts too
// old to be kept never come, and nobody waits for them twice.
func (h *Hub) await(ctx context.Context, seq uint64) {
	q := question{seq: seq, there: make(chan struct{})}
	h.ask(ctx, func() { h.questions = append(h.questions, q); h.answer() })
	late := time.NewTimer(lag)
	defer late.Stop()
	select {
	case <-q.there:
	case <-late.C:
		h.ask(ctx, func() { h.never = max(h.never, seq); h.answer() })
	case <-h.owned:
	case <-ctx.Done():
	}
}

// answer lets those questions through that the board can answer by now. The owner
// calls it whenever the board has moved.
func (h *Hub) answer() {
	waiting := h.questions[:0]
	for _, q := range h.questions {
		if q.seq > max(h.board.Seq(), h.never) {
			waiting = append(waiting, q)
			continue
		}
		close(q.there)
	}
	clear(h.questions[len(waiting):])
	h.questions = waiting
}

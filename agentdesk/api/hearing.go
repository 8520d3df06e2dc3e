package api

import (
	"context"
	"maps"
	"sync"
	"time"

	"linekeeper/cdr"
)

// hearing is what one sign-in asks for of a recording's part: from the first request
// on for as long as the part lasts, and hearingLonger more. A player that seeks asks
// for many ranges in it, and is told of once.
type hearing struct {
	account, session string // the session's key; empty with a bearer token
	call             cdr.CallID
	part             int
}

// hearingLonger is what pauses and going back may take.
const hearingLonger = 10 * time.Minute

func hearingOf(ctx context.Context, call cdr.CallID, part int) hearing {
	id := who(ctx)
	return hearing{account: id.account.Name, session: id.key(), call: call, part: part}
}

// hearings are those going on. Only what the ledger has is known here, and nowhere
// else: after a crash, or at another controller, one is told of once more, and none
// is ever not told of. It is safe for concurrent use.
type hearings struct {
	mu sync.Mutex
	on map[hearing]*telling
}

// telling is a hearing on its way to the ledger, and then one that goes on.
type telling struct {
	done  chan struct{} // closed with the ledger's answer
	until time.Time     // zero before it
}

// once tells of a hearing, unless it goes on already. Who asks meanwhile waits, and
// tells it if the first could not.
func (h *hearings) once(ctx context.Context, who hearing, now, until time.Time, tell func() error) error {
	for {
		others, goesOn := h.begin(who, now)
		switch {
		case goesOn:
			return nil
		case others == nil:
			err := tell()
			h.told(who, until, err)
			return err
		}
		select {
		case <-others:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// begin says whether a hearing goes on, and if not, what to wait for: nil when it is
// for whoever asks to tell it. Those that are over are forgotten.
func (h *hearings) begin(who hearing, now time.Time) (others <-chan struct{}, goesOn bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	maps.DeleteFunc(h.on, func(_ hearing, t *telling) bool { return !t.until.IsZero() && !now.Before(t.until) })
	switch t := h.on[who]; {
	case t != nil && t.until.IsZero():
		return t.done, false
	case t != nil:
		return nil, true
	case h.on == nil:
		h.on = map[hearing]*telling{}
	}
	h.on[who] = &telling{done: make(chan struct{})}
	return nil, false
}

// told notes the ledger's answer.
func (h *hearings) told(who hearing, until time.Time, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.on[who]
	t.until = until
	if err != nil {
		delete(h.on, who)
	}
	close(t.done)
}

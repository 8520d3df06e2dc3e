package live

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/queue"
)

var errNotRunning = errors.New("the live desk is not running")

// Redefine shows other definitions from now on: agents and queues keep what the
// facts have told of them, and every console gets a snapshot. Facts about what
// the definitions did not have are lost on the board, so tell the hub before the
// floor. Days turn at midnight in loc. After an error the board is as it was.
func (h *Hub) Redefine(ctx context.Context, defs queue.Definitions, loc *time.Location) error {
	err := errNotRunning
	h.ask(ctx, func() { err = h.redefine(defs, loc) })
	if err != nil {
		return fmt.Errorf("show other definitions: %w", err)
	}
	return nil
}

func (h *Hub) redefine(defs queue.Definitions, loc *time.Location) error {
	data, err := h.board.Save()
	if err != nil {
		return err
	}
	board := agentdesk.NewBoard(defs, loc)
	if err := board.Load(data); err != nil {
		return err
	}
	h.board, h.cfg.Definitions, h.cfg.Location = board, defs, loc
	h.makeSource("")
	h.memory.forget(board.Seq() + 1) // its changes are of the board before
	h.pending = agentdesk.Change{}   // and so are those not told yet
	for _, c := range h.everyone() {
		h.unseat(c)
		c.redefine(defs)
		h.seat(c)
		if h.caughtUp && !c.behind {
			c.fallBehind()
		}
	}
	return nil
}

// redefine lets the console see what its viewer may see by other definitions.
// Who they are stays until they sign in again: an agent who is no more and talks
// sees the call to its end. Owner only.
func (c *console) redefine(defs queue.Definitions) {
	c.sees = c.viewer.Under(defs)
	c.class = c.sees.Class()
}

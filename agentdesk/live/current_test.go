package live

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
)

// behind is a ledger whose readers have nothing until it is let.
type behind struct {
	*tape
	let chan struct{}
}

func (b behind) Read(ctx context.Context, from uint64, each func(cdr.Fact) error) error {
	return b.tape.Read(ctx, from, func(f cdr.Fact) error {
		select {
		case <-b.let:
			return each(f)
		case <-ctx.Done():
			return ctx.Err()
		}
	})
}

// Who has read of a talk elsewhere, and acts on it at once, is not told that there
// is none.
func TestAQuestionWaitsForWhatTheLedgerHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		let := make(chan struct{})
		var b behind
		f := start(t, func(c *Config) { b = behind{c.Facts.(*tape), let}; c.Facts = b })
		f.tape.append("c1", arrived())
		answered := make(chan bool, 1)
		var live agentdesk.Live
		go func() {
			var on bool
			live, on = f.hub.Live(t.Context(), "c1")
			answered <- on
		}()
		synctest.Wait()
		select {
		case <-answered:
			t.Fatal("answered by a board that is behind")
		default:
		}
		close(let)
		if !<-answered || live.Call.ID != "c1" {
			t.Errorf("the call is not found: %+v", live)
		}
		f.stop()
	})
}

// Facts too old to be kept are waited for once, and not for ever; and nobody who
// has gone is waited with.
func TestAQuestionDoesNotWaitForWhatNeverComes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := start(t, func(c *Config) { c.Facts = emptied{newTape()} })
		ask := func(ctx context.Context) time.Duration {
			asked := time.Now()
			f.hub.Live(ctx, "c1")
			return time.Since(asked)
		}
		gone, cancel := context.WithTimeout(t.Context(), lag/2)
		defer cancel()
		if took := ask(gone); took != lag/2 {
			t.Errorf("who has gone waited %s", took)
		}
		if took := ask(t.Context()); took != lag {
			t.Errorf("the first waited %s", took)
		}
		if took := ask(t.Context()); took != 0 {
			t.Errorf("the second waited %s", took)
		}
		f.stop()
		f.hub.Live(t.Context(), "c1") // of a hub that has stopped: at once
	})
}

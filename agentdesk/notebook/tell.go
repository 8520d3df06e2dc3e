package notebook

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"linekeeper/cdr"
)

// Start reads what the last controller kept and begins to tell the ledger in the
// background. What it had not told is told first.
func (b *Notebook) Start(ctx context.Context) error {
	all, err := b.pages.All(ctx)
	if err != nil {
		return fmt.Errorf("read the notebook: %w", err)
	}
	for _, kept := range all {
		var p page
		if err := json.Unmarshal(kept.Value, &p); err != nil {
			b.cfg.Log.ErrorContext(ctx, "the notes of a call cannot be read", "call", kept.Key, "err", err)
			continue
		}
		if !p.settled() {
			b.tellBy(cdr.CallID(kept.Key), time.Now())
		}
	}
	run, cancel := context.WithCancel(context.WithoutCancel(ctx))
	b.cancel = cancel
	go b.run(run)
	return nil
}

// Stop tells the ledger what it does not know yet, as long as ctx allows. What it
// could not tell, the next controller does.
func (b *Notebook) Stop(ctx context.Context) error {
	b.cancel()
	<-b.done
	b.mu.Lock()
	var calls []cdr.CallID
	for call := range b.due {
		calls = append(calls, call)
	}
	b.mu.Unlock()
	for _, call := range calls {
		if err := b.tell(ctx, call); err != nil {
			return fmt.Errorf("tell the last notes: %w", err)
		}
	}
	return nil
}

func (b *Notebook) run(ctx context.Context) {
	defer close(b.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		case <-timer.C:
		}
		timer.Reset(b.tellDue(ctx))
	}
}

// idle is how long the teller sleeps with nothing due; a save wakes it.
const idle = time.Hour

// tellDue tells what is due and returns how long nothing else is.
func (b *Notebook) tellDue(ctx context.Context) time.Duration {
	wait := idle
	for _, call := range b.dueBy(time.Now()) {
		b.tryTell(ctx, call)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, at := range b.due {
		wait = min(wait, max(time.Until(at), 0))
	}
	return wait
}

// dueBy are the calls with something to tell by a time.
func (b *Notebook) dueBy(now time.Time) []cdr.CallID {
	b.mu.Lock()
	defer b.mu.Unlock()
	var calls []cdr.CallID
	for call, at := range b.due {
		if !at.After(now) {
			calls = append(calls, call)
		}
	}
	return calls
}

// tellBy has the ledger told by a time at the latest. The first save sets it, so
// that somebody who never stops typing is told of too.
func (b *Notebook) tellBy(call cdr.CallID, at time.Time) {
	b.mu.Lock()
	if was, waits := b.due[call]; !waits || at.Before(was) {
		b.due[call] = at
	}
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default: // woken already
	}
}

// tryTell tells, and tries again later what the ledger did not take.
func (b *Notebook) tryTell(ctx context.Context, call cdr.CallID) {
	err := b.tell(ctx, call)
	if err == nil {
		return
	}
	b.tellBy(call, time.Now().Add(retry))
	if ctx.Err() == nil { // else it was interrupted, and is told again by Stop
		b.cfg.Log.WarnContext(ctx, "the ledger does not know a note yet; it is kept", "call", call, "err", err)
	}
}

// tell appends a fact for each note of the call that the ledger does not know,
// in the order they were saved, and notes on the page that it does now. Until that
// is noted the same facts may be told again: their IDs are the same.
func (b *Notebook) tell(ctx context.Context, call cdr.CallID) error {
	b.telling.Lock()
	defer b.telling.Unlock()
	b.mu.Lock()
	delete(b.due, call) // a save from here on makes it due again
	b.mu.Unlock()
	p, _, err := b.read(ctx, call)
	if err != nil {
		return err
	}
	facts, told := p.untold(call)
	if len(facts) == 0 {
		return nil
	}
	if err := b.ledger.Append(ctx, facts...); err != nil {
		return fmt.Errorf("tell the notes of call %s: %w", call, err)
	}
	_, _, err = b.write(ctx, call, func(now *page) verdict {
		for agent, revision := range told {
			n := now.Notes[agent]
			n.Told = max(n.Told, revision)
			now.Notes[agent] = n
		}
		return taken
	})
	return err
}

// untold are the facts of the notes that the ledger does not know, and the
// revisions they are of.
func (p *page) untold(call cdr.CallID) (facts []cdr.Fact, told map[string]int) {
	told = map[string]int{}
	for agent, n := range p.Notes {
		if n.Told >= n.Revision {
			continue
		}
		told[agent] = n.Revision
		facts = append(facts, cdr.Fact{
			ID: fmt.Sprintf("%s/note/%s/%d", call, agent, n.At.UnixMicro()), At: n.At, Call: call,
			Story: cdr.Noted{Agent: agent, Text: n.Text, Script: n.Script, Checks: n.Checks},
		})
	}
	slices.SortFunc(facts, func(a, b cdr.Fact) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return facts, told
}

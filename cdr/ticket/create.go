package ticket

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"linekeeper/cdr"
)

// ErrLater says that the ticket could not be made while the caller waited, and
// will be: a job is on the books, and the fact TicketLinked will tell.
var ErrLater = errors.New("the ticket will be made when the ticket system answers")

// Create makes the ticket of a call, or returns the one made before, while the
// agent waits: at most some 4 seconds. If the ticket system cannot say in that
// time, a job makes it later and the error wraps ErrLater. An error without
// ErrLater means that there is and will be no ticket.
//
// The caller writes the fact TicketLinked for a ticket it is given.
func (d *Delivery) Create(ctx context.Context, system string, t New) (Ticket, error) {
	quick, cancel := context.WithTimeout(ctx, createTime)
	defer cancel()
	made, err := d.create(quick, system, t)
	switch {
	case err == nil:
		return made, nil
	case VerdictOf(err) == Permanent:
		return Ticket{}, err
	}
	return Ticket{}, d.later(ctx, "the ticket of call "+string(t.Call), createArgs{Call: t.Call, System: system, New: t}, err)
}

// create asks a connector for the ticket of a call, one at a time for each
// call, so that a second ask finds the ticket of the first.
func (d *Delivery) create(ctx context.Context, system string, t New) (Ticket, error) {
	c, err := d.connector(system)
	if err != nil {
		return Ticket{}, err
	}
	unlock, err := d.creating.lock(ctx, t.Call)
	if err != nil {
		return Ticket{}, err
	}
	defer unlock()
	made, err := c.Create(ctx, createKey(t.Call), t)
	if err != nil {
		return Ticket{}, fmt.Errorf("create the ticket of call %s: %w", t.Call, err)
	}
	return made, nil
}

// locks is one lock for each call, that can be waited for with a context.
type locks struct {
	mu   sync.Mutex
	held map[cdr.CallID]chan struct{} // closed when released
}

func (l *locks) lock(ctx context.Context, call cdr.CallID) (unlock func(), err error) {
	for {
		l.mu.Lock()
		held, busy := l.held[call]
		if !busy {
			if l.held == nil {
				l.held = make(map[cdr.CallID]chan struct{})
			}
			mine := make(chan struct{})
			l.held[call] = mine
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				defer l.mu.Unlock()
				delete(l.held, call)
				close(mine)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-held:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

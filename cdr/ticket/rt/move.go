package rt

import (
	"context"
	"errors"
	"fmt"
	"net/url"

	"linekeeper/cdr/ticket"
)

var _ ticket.Mover = (*RT)(nil)

// nobody is RT's owner of tickets that are nobody's.
const nobody = "Nobody"

// Move implements ticket.Mover. RT says 200 whatever it does of it, so the ticket is
// read back.
func (r *RT) Move(ctx context.Context, id, queue string) error {
	item, err := r.ticket(ctx, id)
	if err != nil || item.Queue.Name == queue {
		return err
	}
	act := "move ticket " + id
	if err := r.hasQueue(ctx, act, queue); err != nil {
		return err
	}
	var said []string
	err = r.put(ctx, act, "/ticket/"+string(item.ID), map[string]string{"Queue": queue, "Owner": nobody}, &said)
	if err != nil {
		return err
	}
	switch item, err = r.ticket(ctx, string(item.ID)); {
	case err != nil:
		return fail(act, ticket.Unknown, err)
	case item.Queue.Name != queue:
		return fail(act, ticket.NotApplied, fmt.Errorf("RT says %q", said))
	case item.Owner.ID != nobody:
		r.log.Warn("RT moved a ticket and left its owner", "ticket", id, "rt_queue", queue, "said", said)
	}
	return nil
}

// hasQueue says whether there is such a queue, and we may see it.
func (r *RT) hasQueue(ctx context.Context, act, queue string) error {
	var found queueItem
	err := r.get(ctx, act, "/queue/"+url.PathEscape(queue), nil, &found)
	var e *ticket.Error
	if errors.As(err, &e) && e.Verdict == ticket.Permanent {
		e.Err = fmt.Errorf("%w: %w", ticket.ErrNoQueue, e.Err)
	}
	if err == nil && found.Name != queue { // asked for by its number
		return fail(act, ticket.Permanent, ticket.ErrNoQueue)
	}
	return err
}

package rt

import (
	"context"
	"net/url"
)

// Base is the URL of a connector's RT.
func Base(r *RT) string { return r.base }

// Token is the token of a connector.
func Token(r *RT) string { return r.token }

// CountNotes counts the comments of a key on a ticket.
func CountNotes(ctx context.Context, r *RT, key, id string) (int, error) {
	var found page[transactionItem]
	err := r.get(ctx, "count notes", "/transactions", url.Values{
		"query": {"ObjectType='RT::Ticket' AND TicketId=" + id + " AND CF.{" + fieldNote + "}=" + quote(key)},
	}, &found)
	return len(found.Items), err
}

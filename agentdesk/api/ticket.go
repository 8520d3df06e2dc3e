package api

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// ticketsWithin bounds a question to the ticket system; the page waits for it.
const ticketsWithin = 8 * time.Second

// GetTickets implements the operation getTickets: the caller's open tickets,
// then those of the call that are not among them.
func (s *server) GetTickets(ctx context.Context, req rest.GetTicketsRequestObject) (rest.GetTicketsResponseObject, error) {
	k, err := s.see(ctx, req.CallName, false)
	if err != nil {
		return nil, err
	}
	var tickets []agentdesk.Ticket
	if s.deps.Tickets != nil {
		ask, cancel := context.WithTimeout(ctx, ticketsWithin)
		defer cancel()
		if tickets, err = s.deps.Tickets.Open(ask, k.who); err != nil {
			s.log.WarnContext(ctx, "the caller's tickets cannot be read", "call", k.who.Call, "error", err)
			return nil, errTicketsDown
		}
	}
	return rest.GetTickets200JSONResponse{Tickets: list(withLinked(tickets, k.tickets))}, nil
}

// withLinked marks the tickets that are linked to the call and adds those that
// are not in the list.
func withLinked(open []agentdesk.Ticket, linked []agentdesk.LinkedTicket) []agentdesk.Ticket {
	out := slices.Clone(open)
	for _, l := range linked {
		at := slices.IndexFunc(out, func(t agentdesk.Ticket) bool { return t.System == l.System && t.Ticket == l.Ticket })
		if at < 0 {
			out = append(out, agentdesk.Ticket{System: l.System, Ticket: l.Ticket, Subject: l.Subject, URL: l.URL})
			at = len(out) - 1
		}
		out[at].Linked = true
	}
	return out
}

// AddTicket implements the operation addTicket.
func (s *server) AddTicket(ctx context.Context, req rest.AddTicketRequestObject) (rest.AddTicketResponseObject, error) {
	subject, note, link := deref(req.Body.Subject), deref(req.Body.Text), deref(req.Body.Link)
	if (strings.TrimSpace(subject) == "") == (link == "") {
		return nil, errTicketBody
	}
	if err := errors.Join(plain(subject, link), text(note)); err != nil {
		return nil, err
	}
	k, privileged, err := s.find(ctx, cdr.CallID(req.CallName.String()), agentdesk.AddTicket, false)
	if err != nil {
		return nil, err
	}
	if s.deps.Tickets == nil {
		return nil, errNoTickets
	}
	ask, cancel := context.WithTimeout(ctx, ticketsWithin)
	defer cancel()
	var ticket agentdesk.Ticket
	if link != "" {
		ticket, err = s.deps.Tickets.Link(ask, k.who.Call, link)
	} else {
		ticket, err = s.deps.Tickets.Create(ask, NewTicket{Who: k.who, Agent: who(ctx).account.Name, Subject: subject, Text: note})
	}
	if privileged && (err == nil || errors.Is(err, ErrLater)) {
		s.audit(ctx, string(agentdesk.AddTicket), string(k.who.Call), ticket.Ticket)
	}
	switch {
	case errors.Is(err, ErrLater):
		return rest.AddTicket202Response{}, nil
	case errors.Is(err, ErrNotFound):
		return nil, errNoTicket
	case err != nil:
		s.log.WarnContext(ctx, "a ticket was not added", "call", k.who.Call, "error", err)
		return nil, errTicketsDown
	}
	if err := s.tellLinked(ctx, k.who.Call, ticket, link == ""); err != nil {
		return nil, err
	}
	ticket.Linked = true
	return rest.AddTicket201JSONResponse(ticket), nil
}

// tellLinked writes the fact. Its ID names call and ticket, so that a repeated
// request stores it once; the delivery worker uses the same form.
func (s *server) tellLinked(ctx context.Context, call cdr.CallID, t agentdesk.Ticket, created bool) error {
	fact := cdr.Fact{
		ID: LinkedFactID(call, t.System, t.Ticket), At: s.now(), Call: call,
		Story: cdr.TicketLinked{
			System: t.System, Ticket: t.Ticket, Subject: t.Subject, URL: t.URL,
			Agent: who(ctx).account.Name, Created: created,
		},
	}
	if err := s.deps.Ledger.Append(ctx, fact); err != nil {
		s.log.ErrorContext(ctx, "a ticket is there but its link is not told yet", "call", call, "ticket", t.Ticket, "error", err)
		return errUnavailable
	}
	return nil
}

// LinkedFactID is the ID of the fact that a ticket belongs to a call, whoever
// writes it.
func LinkedFactID(call cdr.CallID, system, ticket string) string {
	return fmt.Sprintf("%s/ticket/%s/%s", call, system, ticket)
}

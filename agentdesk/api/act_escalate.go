package api

import (
	"context"
	"errors"
	"slices"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
)

// EscalateCall implements the operation escalateCall. The note is kept before the
// call goes, for whoever answers reads it at once; the ticket follows the call, so
// that a transfer that is refused leaves it where it is.
func (s *server) EscalateCall(ctx context.Context, req rest.EscalateCallRequestObject) (rest.EscalateCallResponseObject, error) {
	b := req.Body
	h, err := s.take(ctx, req.CallName, agentdesk.UseCall)
	if err != nil {
		return nil, err
	}
	if err := plain(deref(b.Ticket), deref(b.TicketQueue)); err != nil {
		return nil, err
	}
	do := Doing{Act: agentdesk.DoTransfer}
	if do.To, err = s.target(ctx, h, do.Act, cdr.PartyQueue, b.Queue, deref(b.Needs)); err != nil {
		return nil, err
	}
	ticket, moves, err := s.ticketToMove(&h, b)
	if err != nil {
		return nil, err
	}
	if err := s.addNote(ctx, h, b.Note); err != nil {
		return nil, err
	}
	if err := s.do(ctx, h, agentdesk.UseCall, do); err != nil {
		return nil, err
	}
	if moves == "" {
		return rest.EscalateCall200JSONResponse{}, nil
	}
	moved := s.moveTicket(ctx, h.id, ticket, moves)
	return rest.EscalateCall200JSONResponse{Ticket: &ticket.Ticket, Moved: &moved}, nil
}

// ticketToMove is the call's ticket and the queue it is to go to; an empty queue
// says that none moves.
func (s *server) ticketToMove(h *inHand, b *rest.EscalateCallJSONRequestBody) (agentdesk.LinkedTicket, string, error) {
	to, name, tickets := deref(b.TicketQueue), deref(b.Ticket), h.live.Call.Tickets
	if to == "" {
		to = s.definitions().TicketQueues[b.Queue]
	}
	at := len(tickets) - 1
	if name != "" {
		at = slices.IndexFunc(tickets, func(t agentdesk.LinkedTicket) bool { return t.Ticket == name })
	}
	switch {
	case name != "" && at < 0:
		return agentdesk.LinkedTicket{}, "", errNoTicket
	case at < 0 || to == "":
		return agentdesk.LinkedTicket{}, "", nil
	}
	return tickets[at], to, nil
}

// moveTicket gives a ticket to another queue of its system, and says what became
// of it. The call is on its way whatever that is.
func (s *server) moveTicket(ctx context.Context, call cdr.CallID, t agentdesk.LinkedTicket, to string) rest.EscalatedMoved {
	if s.deps.Tickets == nil {
		return rest.EscalatedMovedFailed
	}
	ask, cancel := context.WithTimeout(ctx, ticketsWithin)
	defer cancel()
	err := s.deps.Tickets.Move(ask, call, t.System, t.Ticket, to)
	switch {
	case err == nil:
		return rest.EscalatedMovedDone
	case errors.Is(err, ErrLater):
		return rest.EscalatedMovedLater
	}
	s.log.WarnContext(ctx, "a ticket did not go with its call", "call", call, "ticket", t.Ticket, "ticket_queue", to, "error", err)
	return rest.EscalatedMovedFailed
}

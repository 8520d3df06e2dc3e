package main

import (
	"context"
	"errors"
	"fmt"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cdr/ticket"
	"linekeeper/ivr/call"
	"linekeeper/queue"
	"linekeeper/queue/floor"
)

// The ports below are what agentdesk/api asks of the other rooms. They
// translate, and decide nothing.

// floorPort is the floor. Whoever chooses a state is signed in first; for who is
// signed in already that changes nothing.
type floorPort struct{ floor *floor.Floor }

func (p floorPort) SetState(ctx context.Context, agent string, to cdr.AgentState, reason string) (queue.SavedAgent, error) {
	var evs []queue.Event
	switch to {
	case cdr.Ready:
		evs = []queue.Event{queue.SignIn{Agent: agent}, queue.MakeReady{Agent: agent}}
	case cdr.NotReady:
		evs = []queue.Event{queue.SignIn{Agent: agent}, queue.MakeNotReady{Agent: agent, Reason: reason}}
	case cdr.Offline:
		evs = []queue.Event{queue.SignOut{Agent: agent}}
	case cdr.OfferedTo, cdr.OnCall, cdr.WrapUp:
		return queue.SavedAgent{}, fmt.Errorf("nobody chooses to be %s", to)
	}
	saved, err := p.floor.Ask(ctx, agent, evs...)
	return saved, refused(err)
}

func (p floorPort) Reject(ctx context.Context, agent string, offer cdr.OfferID, reason string) error {
	_, err := p.floor.Ask(ctx, agent, queue.Reject{Agent: agent, Offer: offer, Reason: reason})
	return refused(err)
}

func (p floorPort) WrapUp(ctx context.Context, done queue.WrapUpDone) error {
	_, err := p.floor.Ask(ctx, done.Agent, done)
	return refused(err)
}

// refused turns the floor's no into the API's.
func refused(err error) error {
	if no, ok := errors.AsType[*floor.RefusedError](err); ok {
		return &api.Refused{Reason: no.Reason}
	}
	return err
}

// callsPort are the live calls.
type callsPort struct{ calls *call.Calls }

func (p callsPort) HangUp(_ context.Context, id cdr.CallID, _ string) error {
	p.calls.HangUp(id)
	return nil
}

// recordsPort are the records in PostgreSQL.
type recordsPort struct{ history *store.History }

func (p recordsPort) Record(ctx context.Context, id cdr.CallID) (cdr.Record, error) {
	r, err := p.history.Call(ctx, id)
	return r, notFound(err)
}

func (p recordsPort) Records(ctx context.Context, f api.Filter) ([]cdr.Record, error) {
	return p.history.Records(ctx, store.Filter(f))
}

func (p recordsPort) LastCalls(ctx context.Context, who api.Who, limit int) ([]api.Past, error) {
	number, contact := who.Number, ""
	if who.Contact != nil {
		contact = who.Contact.ID
	}
	calls, err := p.history.LastCalls(ctx, number, contact, who.Call, limit)
	if err != nil {
		return nil, err
	}
	past := make([]api.Past, len(calls))
	for i, c := range calls {
		past[i] = api.Past{Of: agentdesk.Thing{Agents: c.Agents, Queues: c.Queues}, PastCall: agentdesk.PastCall{
			Call: c.Call, ArrivedAt: c.ArrivedAt, Queue: c.Queue, Agent: c.Agent, Outcome: c.Outcome,
			Disposition: c.Disposition, Note: c.Note, Waited: c.Waited.Seconds(), Talked: c.Talked.Seconds(),
			Direction: c.Direction, Number: c.Caller, Recorded: c.Recorded,
		}}
		for _, t := range c.Tickets {
			past[i].Tickets = append(past[i].Tickets, agentdesk.LinkedTicket{
				System: t.System, Ticket: t.Ticket, Subject: t.Subject, URL: t.URL, Created: t.Created,
			})
		}
	}
	return past, nil
}

// notFound turns the store's word for it into the API's.
func notFound(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("%w: %w", api.ErrNotFound, err)
	}
	return err
}

// phonesPort are the secrets of the agents' phones.
type phonesPort struct{ accounts *store.Accounts }

func (p phonesPort) Secret(ctx context.Context, agent string) (string, error) {
	secret, err := p.accounts.PhoneSecret(ctx, agent)
	return secret, notFound(err)
}

// openMost is how many open tickets a screen pop shows.
const openMost = 10

// ticketsPort is the ticket system.
type ticketsPort struct {
	delivery  *ticket.Delivery
	connector ticket.Connector
}

func (p ticketsPort) Open(ctx context.Context, who api.Who) ([]agentdesk.Ticket, error) {
	found, err := p.connector.OpenTickets(ctx, requester(who), openMost)
	if err != nil {
		return nil, down(err)
	}
	tickets := make([]agentdesk.Ticket, len(found))
	for i, t := range found {
		tickets[i] = deskTicket(t)
	}
	return tickets, nil
}

func (p ticketsPort) Create(ctx context.Context, t api.NewTicket) (agentdesk.Ticket, error) {
	made, err := p.delivery.Create(ctx, p.connector.Name(), ticket.New{
		Call: t.Call, Requester: requester(t.Who), Subject: t.Subject, Text: t.Text, Agent: t.Agent,
	})
	if errors.Is(err, ticket.ErrLater) {
		return agentdesk.Ticket{}, fmt.Errorf("%w: %w", api.ErrLater, err)
	}
	if err != nil {
		return agentdesk.Ticket{}, down(err)
	}
	return deskTicket(made), nil
}

func (p ticketsPort) Link(ctx context.Context, _ cdr.CallID, id string) (agentdesk.Ticket, error) {
	t, err := p.connector.Ticket(ctx, id)
	if errors.Is(err, ticket.ErrNoTicket) {
		return agentdesk.Ticket{}, fmt.Errorf("%w: %w", api.ErrNotFound, err)
	}
	if err != nil {
		return agentdesk.Ticket{}, down(err)
	}
	return deskTicket(t), nil
}

func (p ticketsPort) Move(ctx context.Context, id cdr.CallID, system, name, to string) error {
	err := p.delivery.Move(ctx, id, system, name, to)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ticket.ErrLater):
		return fmt.Errorf("%w: %w", api.ErrLater, err)
	case errors.Is(err, ticket.ErrNoTicket), errors.Is(err, ticket.ErrNoQueue):
		return fmt.Errorf("%w: %w", api.ErrNotFound, err)
	}
	return down(err)
}

func (p ticketsPort) Reply(ctx context.Context, id cdr.CallID, r api.Reply) error {
	err := p.delivery.Reply(ctx, id, r.System, r.Ticket, r.About, r.Text)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ticket.ErrLater):
		return fmt.Errorf("%w: %w", api.ErrLater, err)
	case errors.Is(err, ticket.ErrNoTicket):
		return fmt.Errorf("%w: %w", api.ErrNotFound, err)
	}
	return down(err)
}

func down(err error) error { return fmt.Errorf("%w: %w", api.ErrTicketsDown, err) }

func requester(who api.Who) ticket.Requester {
	r := ticket.Requester{E164: who.Number}
	if who.Contact != nil {
		r.Email = who.Contact.Email
	}
	return r
}

func deskTicket(t ticket.Ticket) agentdesk.Ticket {
	return agentdesk.Ticket{
		System: t.System, Ticket: t.ID, Subject: t.Subject, Status: t.Status, Queue: t.Queue,
		Owner: t.Owner, CreatedAt: t.CreatedAt, DueAt: t.DueAt, URL: t.URL,
	}
}

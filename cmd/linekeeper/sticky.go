package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cdr/ticket"
	"linekeeper/ivr/call"
	"linekeeper/queue"
)

const (
	// lastAgentWithin is how long ago a talk may be for its agent to be asked first.
	lastAgentWithin = 30 * 24 * time.Hour
	// ownedMost is how many of a caller's open tickets are looked at for an owner.
	ownedMost = 5
)

// sticky knows what a caller is tied to: by the records, who talked to them last; by
// the ticket system, their newest open ticket and who owns one. Only what the queue has
// a window for is asked.
type sticky struct {
	site func() *queue.Definitions // in force

	// lastAgent is the records', lookUp the directory's.
	lastAgent func(ctx context.Context, number, contact string, since time.Time, except cdr.CallID) (string, error)
	lookUp    func(ctx context.Context, number string) (cdr.Contact, bool, error)
	tickets   ticket.Finder // nil: no ticket system
	log       *slog.Logger
}

// newSticky asks the records and the ticket system, for the definitions in force.
func newSticky(r *records, site func() *queue.Definitions) *sticky {
	return &sticky{
		site: site, lastAgent: r.history.LastAgent, lookUp: r.directory.Lookup, tickets: r.tickets, log: r.log,
	}
}

// Ties implements call.Sticky. One source that is away does not silence the other;
// the error says that neither had an answer.
func (s *sticky) Ties(ctx context.Context, contact, number, line string) (call.Ties, error) {
	last, owner := s.windows(line)
	var ties call.Ties
	var byTicket, byTalk error
	if owner && s.tickets != nil {
		byTicket = s.ticketTies(ctx, contact, number, &ties)
	}
	if last {
		byTalk = s.talkTies(ctx, contact, number, &ties)
	}
	err := errors.Join(byTicket, byTalk)
	if err != nil && (len(ties.Agents) > 0 || ties.Ticket != nil) {
		s.log.WarnContext(ctx, "not all preferred agents could be looked up", "err", err)
		return ties, nil
	}
	return ties, err
}

// windows says for which rules a queue keeps calls; any queue's count for a call
// that has none yet.
func (s *sticky) windows(line string) (last, owner bool) {
	for _, q := range s.site().Queues {
		if line == "" || q.ID == line {
			last, owner = last || q.LastAgent > 0, owner || q.TicketOwner > 0
		}
	}
	return last, owner
}

// talkTies adds who talked to the caller last, if they are still here.
func (s *sticky) talkTies(ctx context.Context, contact, number string, ties *call.Ties) error {
	last, err := s.lastAgent(ctx, number, contact, time.Now().Add(-lastAgentWithin), "")
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if agent := s.agent(last); agent != "" {
		ties.Agents = append(ties.Agents, queue.Preference{Agent: agent, Rule: cdr.RuleLastAgent})
	}
	return nil
}

// ticketTies adds the caller's newest open ticket, and the agent who owns the newest
// of those that an agent owns.
func (s *sticky) ticketTies(ctx context.Context, contact, number string, ties *call.Ties) error {
	of := ticket.Requester{E164: number}
	if contact != "" {
		if c, known, err := s.lookUp(ctx, number); err == nil && known && c.ID == contact {
			of.Email = c.Email
		}
	}
	tickets, err := s.tickets.OpenTickets(ctx, of, ownedMost)
	if err != nil {
		return fmt.Errorf("look for a caller's open tickets: %w", err)
	}
	if len(tickets) > 0 {
		newest := tickets[0]
		ties.Ticket = &call.OpenTicket{ID: newest.ID, Subject: newest.Subject, Queue: newest.Queue}
	}
	for _, t := range tickets {
		if agent := s.agent(t.Owner); agent != "" {
			ties.Agents = append(ties.Agents, queue.Preference{Agent: agent, Rule: cdr.RuleTicketOwner, Ticket: t.ID})
			return nil
		}
	}
	return nil
}

// agent is the ID of the agent of a name: ticket systems tell people's names as
// often as their accounts.
func (s *sticky) agent(name string) string {
	for _, a := range s.site().Agents {
		if name != "" && (strings.EqualFold(a.ID, name) || strings.EqualFold(a.Name, name)) {
			return a.ID
		}
	}
	return ""
}

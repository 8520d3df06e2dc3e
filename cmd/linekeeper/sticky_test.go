package main

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cdr/ticket"
	"linekeeper/ivr/call"
	"linekeeper/queue"
)

// ownedTickets are a ticket system with the open tickets of one person.
type ownedTickets struct {
	ticket.Finder
	of     ticket.Requester
	owners []string
	away   bool
}

func (o ownedTickets) OpenTickets(_ context.Context, of ticket.Requester, _ int) ([]ticket.Ticket, error) {
	if o.away {
		return nil, errors.New("the ticket system is away")
	}
	var all []ticket.Ticket
	for i, owner := range o.owners {
		if of == o.of {
			all = append(all, ticket.Ticket{ID: strconv.Itoa(9 - i), Subject: "Écran", Queue: "Support", Owner: owner})
		}
	}
	return all, nil
}

func TestWhoACallerHadBetterGoTo(t *testing.T) {
	site := &queue.Definitions{
		Queues: []queue.Definition{
			{Label: queue.Label{ID: "both"}, LastAgent: time.Minute, TicketOwner: time.Minute},
			{Label: queue.Label{ID: "last"}, LastAgent: time.Minute},
			{Label: queue.Label{ID: "none"}},
		},
		Agents: []queue.Agent{{ID: "alice", Name: "Alice Martin"}, {ID: "bruno", Name: "Bruno Petit"}},
	}
	marie := ticket.Requester{Email: "marie@example.fr", E164: "+33612345678"}
	const owner, last = cdr.RuleTicketOwner, cdr.RuleLastAgent
	for name, c := range map[string]struct {
		line, contact, lastAgent string
		tickets                  ticket.Finder
		dead                     bool
		want                     []queue.Preference
		ticket                   string // the newest
		fails                    bool
	}{
		"both":                       {line: "both", contact: "marie", lastAgent: "alice", tickets: ownedTickets{of: marie, owners: []string{"", "Nobody", "bruno petit", "alice"}}, want: []queue.Preference{{Agent: "bruno", Rule: owner, Ticket: "7"}, {Agent: "alice", Rule: last}}, ticket: "9"},
		"by the queue's window":      {line: "last", contact: "marie", lastAgent: "alice", tickets: ownedTickets{away: true}, want: []queue.Preference{{Agent: "alice", Rule: last}}},
		"before a queue":             {contact: "marie", lastAgent: "alice", tickets: ownedTickets{of: marie}, want: []queue.Preference{{Agent: "alice", Rule: last}}},
		"no window":                  {line: "none", contact: "marie", lastAgent: "alice", dead: true},
		"an agent who has left":      {line: "last", lastAgent: "zoe"},
		"never talked":               {line: "last"},
		"one of two sources away":    {line: "both", lastAgent: "alice", tickets: ownedTickets{away: true}, want: []queue.Preference{{Agent: "alice", Rule: last}}},
		"both away":                  {line: "both", tickets: ownedTickets{away: true}, dead: true, fails: true},
		"no ticket system":           {line: "both", lastAgent: "alice", want: []queue.Preference{{Agent: "alice", Rule: last}}},
		"tickets by the number only": {line: "both", tickets: ownedTickets{of: ticket.Requester{E164: "+33612345678"}, owners: []string{"alice"}}, want: []queue.Preference{{Agent: "alice", Rule: owner, Ticket: "9"}}, ticket: "9"},
		"a ticket that is nobody's":  {line: "both", contact: "marie", tickets: ownedTickets{of: marie, owners: []string{""}}, ticket: "9"},
		"a ticket, and no records":   {line: "both", contact: "marie", tickets: ownedTickets{of: marie, owners: []string{""}}, dead: true, ticket: "9"},
		"no window for tickets":      {line: "last", contact: "marie", tickets: ownedTickets{of: marie, owners: []string{"alice"}}},
	} {
		s := &sticky{
			site: func() *queue.Definitions { return site }, tickets: c.tickets, log: slog.New(slog.DiscardHandler),
			lookUp: func(context.Context, string) (cdr.Contact, bool, error) {
				return cdr.Contact{ID: "marie", Email: marie.Email}, true, nil
			},
			lastAgent: func(context.Context, string, string, time.Time, cdr.CallID) (string, error) {
				switch {
				case c.dead:
					return "", errors.New("PostgreSQL is away")
				case c.lastAgent == "":
					return "", store.ErrNotFound
				}
				return c.lastAgent, nil
			},
		}
		got, err := s.Ties(t.Context(), c.contact, "+33612345678", c.line)
		if (err != nil) != c.fails {
			t.Errorf("%s: %v", name, err)
		}
		want := call.Ties{Agents: c.want}
		if c.ticket != "" {
			want.Ticket = &call.OpenTicket{ID: c.ticket, Subject: "Écran", Queue: "Support"}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

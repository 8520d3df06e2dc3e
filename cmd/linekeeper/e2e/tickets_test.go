package e2e

import (
	"context"
	"slices"
	"testing"

	"linekeeper/cdr"
)

// paul is in the lab's directory, and has one open ticket.
var paul = identity{name: "MARTIN P", number: "+33199001002"}

// TestTheCallGoesToATicketThatIsThere: Paul calls about his printer again. Alice
// links the ticket it has; Paul hangs up; the call stands on that ticket, once.
func TestTheCallGoesToATicketThatIsThere(t *testing.T) {
	s := begin(t)
	alice := s.console(t, "alice")
	call := s.talkTo(t, alice, paul)
	alice.unfoldTickets()
	alice.await(id("ticket"), "Imprimante du 2e étage en panne")
	printer := alice.attribute(id("ticket")+":has-text('Imprimante du 2e étage en panne')", "data-ticket")
	before, _ := s.comments(t, printer, call.id)

	alice.click("link-" + printer)
	alice.await(id("linked-tickets")+" [data-ticket='"+printer+"']", "Imprimante")
	call.hangUp(t)
	closeCall(alice, "follow-up", "Bourrage à nouveau, technicien demandé.")

	call.await(t, cdr.KindTicketNoted)
	r := s.record(t, call.visit)
	if r.EndedBy != cdr.ByCaller || len(r.Tickets) != 1 || r.Tickets[0].Ticket != printer || r.Tickets[0].Created {
		t.Errorf("the record: ended by %s, tickets %+v", r.EndedBy, r.Tickets)
	}
	s.assertNoted(t, printer, call.id, "technicien demandé")
	if after, _ := s.comments(t, printer, call.id); after != before+1 {
		t.Errorf("ticket %s had %d comments and has %d, want one more", printer, before, after)
	}
	if made := s.ticketsOf(t, call.id); len(made) > 0 && !slices.Equal(made, []string{printer}) {
		t.Errorf("a ticket was made although one was linked: %v", made)
	}
}

// TestTheTicketSystemIsDown: the pop says so in a line, the call is not troubled,
// and the ticket Alice asks for is made once the system is back: one ticket, with
// one comment.
func TestTheTicketSystemIsDown(t *testing.T) {
	s := begin(t)
	ctx := context.WithoutCancel(t.Context())
	if err := s.rt().Stop(ctx); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.startRT(t) })
	alice := s.console(t, "alice")
	call := s.talkTo(t, alice, identity{"Inconnu", stranger()})
	alice.await(id("tickets-failed"), "L’appel n’en dépend pas")
	alice.click("create-ticket")
	alice.click("ticket-submit")
	alice.await(id("said"), "sera créé dès son retour")
	alice.shot("agent-tickets-down")
	alice.click("hangup")
	call.gone(t)
	closeCall(alice, "follow-up", "À rappeler.")
	call.await(t, cdr.KindWrappedUp)
	if n := call.count(cdr.KindTicketLinked); n != 0 {
		t.Fatalf("the ticket system is down, and yet %d tickets are linked", n)
	}

	s.startRT(t)
	linked := call.await(t, cdr.KindTicketLinked).Story.(cdr.TicketLinked)
	call.await(t, cdr.KindTicketNoted)
	r := s.record(t, call.visit)
	if !linked.Created || len(r.Tickets) != 1 || r.Tickets[0].Ticket != linked.Ticket {
		t.Errorf("linked %+v, in the record %+v", linked, r.Tickets)
	}
	if made := s.ticketsOf(t, call.id); !slices.Equal(made, []string{linked.Ticket}) {
		t.Errorf("tickets made for the call: %v, want only %s", made, linked.Ticket)
	}
	s.assertNoted(t, linked.Ticket, call.id, "À rappeler.")
}

func (s *stack) startRT(t *testing.T) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	err := s.rt().Start(ctx)
	if err == nil {
		err = s.warmRT(ctx)
	}
	if err != nil {
		t.Error(err)
	}
}

// talkTo has somebody call straight into the queue and Alice answer.
func (s *stack) talkTo(t *testing.T, alice *page, who identity) *caller {
	t.Helper()
	alice.await(id("phone-status")+"[data-status=registered]", "")
	alice.click("ready")
	alice.await(id("state")+"[data-state=ready]", "")
	call := s.dial(t, who, straightIn)
	alice.await(id("pop"), "")
	alice.click("answer")
	alice.await(id("connected"), "")
	call.await(t, cdr.KindConnected)
	return call
}

// closeCall wraps a call up in the console; the agent takes no more.
func closeCall(p *page, disposition, note string) {
	p.t.Helper()
	p.await(id("wrap-up"), "")
	p.check("disposition-" + disposition)
	p.fill(id("note"), note)
	p.click("close-pause")
	p.click("close-reason-pause")
	p.await(id("state")+"[data-state=not-ready]", "")
}

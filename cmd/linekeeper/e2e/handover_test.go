package e2e

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// TestHandOver: an agent gives the call on without asking anybody: to a queue, to a
// flow, to the second line by skill and with the ticket.
func TestHandOver(t *testing.T) {
	w := line(t)
	agents := w.shift(t, "bruno", "chloe", "karim")
	bruno, chloe, karim := agents[0], agents[1], agents[2]
	w.parts(t, agents, []part{
		{"to a queue", func(t *testing.T) { w.toAQueue(t, bruno, chloe) }},
		{"to a flow", func(t *testing.T) { w.toAFlow(t, bruno, chloe) }},
		{"to the second line, by skill, with the ticket", func(t *testing.T) { w.toExperts(t, bruno, chloe, karim) }},
	})
}

// atFirst has somebody talk to Bruno of the first line.
func (w *world) atFirst(t *testing.T, bruno *agent) (*listener, *phone.Call) {
	t.Helper()
	bruno.back(t)
	c := w.calls(t, "first")
	talk := bruno.goesTo(t, c, cdr.RuleLongestIdle)
	listens(t, "the caller", c.Call)
	return c, talk
}

// toAQueue: of three who wait for the second line, one came before the caller Bruno
// has and one after. Given on, the caller hears music between the two, and Chloé, who
// takes them in that order, sees from whom they come and what was said.
func (w *world) toAQueue(t *testing.T, bruno, chloe *agent) {
	before := w.calls(t, "experts")
	before.await(t, cdr.KindWaitEstimated)
	c, talk := w.atFirst(t, bruno)
	after := w.calls(t, "experts")
	after.await(t, cdr.KindWaitEstimated)

	assertProblem(t, bruno.tries(func(ctx context.Context) error {
		return bruno.desk.Transfer(ctx, c.id, deskclient.Target{Kind: cdr.PartyQueue, To: "nowhere"})
	}), http.StatusUnprocessableEntity)
	listens(t, "the caller, still with Bruno,", c.Call)
	bruno.does(t, func(ctx context.Context) error {
		return bruno.desk.Transfer(ctx, c.id, deskclient.Target{Kind: cdr.PartyQueue, To: "experts", Note: "Facture introuvable."})
	})
	over(t, "Bruno", talk)
	w.stands(t, c, "experts", 2)
	w.stands(t, after, "experts", 3)
	listens(t, "the caller, music,", c.Call)
	bruno.closes(t, c)

	chloe.back(t)
	chloe.serves(t, before)
	chloe.seesWhatBrunoSaid(t, c, "Facture introuvable.")
	talk = chloe.answer(t)
	listens(t, "the caller", c.Call)
	listens(t, "Chloé", talk)
	hangUp(t, c.Call)
	over(t, "Chloé", talk)
	chloe.wrapUp(t, c.id, cdr.Ready)
	chloe.serves(t, after)
	r := w.record(t, c.visit)
	assertGivenOn(t, r, cdr.PartyQueue, "experts", "chloe")
	if last := r.Visits[1]; !last.EnteredAt.Equal(r.Visits[0].EnteredAt) || last.Place != 2 {
		t.Errorf("in the second line the caller is number %d, since %s, not since %s", last.Place, last.EnteredAt, r.Visits[0].EnteredAt)
	}
}

// closes has the agent close the call with the note as it stands.
func (a *agent) closes(t *testing.T, c *listener) {
	t.Helper()
	a.awaitState(t, cdr.WrapUp)
	a.does(t, func(ctx context.Context) error {
		return a.desk.WrapUp(ctx, c.id, deskclient.WrapUp{Disposition: "resolved", Next: cdr.NotReady, Reason: "pause"})
	})
}

// serves has the agent talk to a caller and be ready again.
func (a *agent) serves(t *testing.T, c *listener) {
	t.Helper()
	talk := a.goesTo(t, c, "most-skilled")
	hangUp(t, c.Call)
	over(t, a.name, talk)
	a.wrapUp(t, c.id, cdr.Ready)
}

// seesWhatBrunoSaid asserts what an agent's console shows while their phone rings.
func (a *agent) seesWhatBrunoSaid(t *testing.T, c *listener, note string) deskclient.State {
	t.Helper()
	now := sees(t, a.name+" is offered the call", a.live, func(now deskclient.State) bool {
		offered, is := now.OfferTo(a.name)
		return is && offered.ID == c.id
	})
	if from := now.Calls[c.id].Transfer; from == nil || from.By != "bruno" || from.Consulted {
		t.Errorf("%s sees the call come from %+v", a.name, from)
	}
	if said := a.context(t, c.id).Note.Others; len(said) != 1 || said[0].Agent != "bruno" || !strings.Contains(said[0].Text, note) {
		t.Errorf("%s reads %+v", a.name, said)
	}
	return now
}

// context is what an agent's console shows beside a call, once every source has answered
// in its time.
func (a *agent) context(t *testing.T, call cdr.CallID) (pop agentdesk.CallContext) {
	t.Helper()
	until(t, a.name+" has all that is known of the call", patient, func() (err error) {
		ctx, cancel := soon()
		defer cancel()
		if pop, err = a.desk.Context(ctx, call); err != nil {
			return err
		}
		return whole(pop.Missing)
	})
	return pop
}

// assertGivenOn asserts how a record tells that Bruno gave a call on, and who had it
// after him.
func assertGivenOn(t *testing.T, r cdr.Record, kind cdr.PartyKind, target, then string) {
	t.Helper()
	assertSound(t, r)
	if h := r.Handovers; len(h) != 1 || h[0].By != "bruno" || h[0].To != kind || h[0].Target != target || h[0].Consulted {
		t.Errorf("given on was %+v", h)
	}
	var talked, closed, stood []string
	for _, talk := range r.Talks {
		talked = append(talked, talk.Agent)
	}
	for _, wrap := range r.WrapUps {
		closed = append(closed, wrap.Agent)
	}
	for _, v := range r.Visits {
		stood = append(stood, v.Queue)
	}
	want := []string{"bruno", then}
	if !slices.Equal(talked, want) || !slices.Equal(closed, want) || !slices.Equal(stood, []string{"first", "experts"}) {
		t.Fatalf("talked: %v, closed: %v, stood in %v", talked, closed, stood)
	}
}

// toAFlow: the caller hears a menu, chooses, and has Chloé, who sees what was chosen.
func (w *world) toAFlow(t *testing.T, bruno, chloe *agent) {
	c, talk := w.atFirst(t, bruno)
	bruno.does(t, func(ctx context.Context) error {
		return bruno.desk.Transfer(ctx, c.id, deskclient.Target{Kind: cdr.PartyFlow, To: "ask", Note: "Ne sait pas à qui parler."})
	})
	over(t, "Bruno", talk)
	bruno.closes(t, c)
	if f := c.awaitNth(t, cdr.KindFlowStarted, 2).Story.(cdr.FlowStarted); f.Flow != "ask" {
		t.Errorf("the caller is in flow %s", f.Flow)
	}
	listens(t, "the caller, the menu,", c.Call)
	c.press(t, "2")
	w.stands(t, c, "experts", 1)
	chloe.back(t)
	now := chloe.seesWhatBrunoSaid(t, c, "Ne sait pas à qui parler.")
	if menu := now.Calls[c.id].Menu; len(menu) != 1 || menu[0].Choice != "Experts" {
		t.Errorf("Chloé sees that the caller chose %+v", menu)
	}
	talk = chloe.answer(t)
	listens(t, "the caller", c.Call)
	listens(t, "Chloé", talk)
	hangUp(t, talk)
	over(t, "the caller", c.Call)
	chloe.wrapUp(t, c.id, cdr.NotReady)
	r := w.record(t, c.visit)
	assertGivenOn(t, r, cdr.PartyFlow, "ask", "chloe")
	if len(r.Menu) != 1 || r.Menu[0].Digit != "2" {
		t.Errorf("in the menu: %+v", r.Menu)
	}
}

// toExperts: Bruno asks for somebody who knows enough of networks. Chloé, who has been
// free for longer, does not; Karim reads what was said, the ticket is the second
// line's and nobody's, and in the end has the note once.
func (w *world) toExperts(t *testing.T, bruno, chloe, karim *agent) {
	const note = "VPN refusé depuis ce matin, poste P-1042."
	chloe.back(t)
	karim.back(t)
	c, talk := w.atFirst(t, bruno)
	ctx, cancel := soon()
	defer cancel()
	_, err := bruno.desk.AddTicket(ctx, c.id, deskclient.NewTicket{Subject: "VPN refusé", Text: "Depuis ce matin."})
	if err != nil && !errors.Is(err, deskclient.ErrLater) {
		t.Fatal(err)
	}
	made := c.await(t, cdr.KindTicketLinked).Story.(cdr.TicketLinked)
	sees(t, "the call has its ticket", bruno.live, func(now deskclient.State) bool { return len(now.Calls[c.id].Tickets) == 1 })
	w.inRTQueue(t, made.Ticket, "Support")
	to := deskclient.Escalation{Queue: "experts", Needs: []cdr.Need{{Skill: "network", Level: 6}}, Note: note}
	went, err := bruno.desk.Escalate(ctx, c.id, to)
	if err != nil || went.Ticket != made.Ticket || went.Moved != "done" && went.Moved != "later" {
		t.Fatalf("escalated: %+v, %v; the ticket is %s", went, err, made.Ticket)
	}
	over(t, "Bruno", talk)
	bruno.closes(t, c)

	now := karim.seesWhatBrunoSaid(t, c, note)
	if tickets := now.Calls[c.id].Tickets; len(tickets) != 1 || tickets[0].Ticket != made.Ticket {
		t.Errorf("Karim sees the tickets %+v", tickets)
	}
	talk = karim.answer(t)
	listens(t, "the caller", c.Call)
	listens(t, "Karim", talk)
	w.inRTQueue(t, made.Ticket, "Escalade")
	hangUp(t, c.Call)
	over(t, "Karim", talk)
	karim.wrapUp(t, c.id, cdr.NotReady)

	r := w.record(t, c.visit)
	assertGivenOn(t, r, cdr.PartyQueue, "experts", "karim")
	assertKnowsMore(t, r.Offers[1], "karim", "chloe")
	c.await(t, cdr.KindTicketNoted)
	w.assertNoted(t, made.Ticket, c.id, note)
}

// assertKnowsMore asserts that an offer went to somebody, and past another because of
// what they know of networks: 5, where 6 was asked for.
func assertKnowsMore(t *testing.T, o cdr.OfferTry, chosen, other string) {
	t.Helper()
	past := func(why cdr.Why) bool {
		return why.Agent == other && why.Skill == "network" && why.Have == 5 && why.Need == 6
	}
	if o.Agent != chosen || !slices.ContainsFunc(o.Why, past) {
		t.Errorf("%s was chosen, not %s for what %s does not know: %+v", o.Agent, chosen, other, o.Why)
	}
}

// inRTQueue waits until Request Tracker has a ticket in a queue, owned by nobody.
func (s *stack) inRTQueue(t *testing.T, ticket, queue string) {
	t.Helper()
	until(t, "ticket "+ticket+" is in "+queue, patient, func() error {
		var page struct{ Items []rtItem }
		s.askRT(t, "/tickets", url.Values{"query": {"id = " + ticket + " AND Queue = '" + queue + "' AND Owner = 'Nobody'"}}, &page)
		if len(page.Items) != 1 {
			return errors.New("it is not")
		}
		return nil
	})
}

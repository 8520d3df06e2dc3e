package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// Remote support in a call, and a no with its reason, with Request Tracker and real
// phones.

// TestSupport: the agent opens a link, sends one, and has a code read out.
func TestSupport(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	c, talk := s.inTalkWith(t, bruno, paul.number)
	t.Run("opened", func(t *testing.T) { s.supportOpened(t, bruno, c) })
	t.Run("sent", func(t *testing.T) { s.supportSent(t, bruno, c) })
	t.Run("read out", func(t *testing.T) { s.supportRead(t, bruno, c, talk) })
	t.Run("not now, and not so", func(t *testing.T) { s.supportRefused(t, bruno, c) })
	t.Run("through a crash", func(t *testing.T) { s.supportThroughACrash(t, bruno, c, talk) })
	hangUp(t, c.Call)
	over(t, "Bruno", talk)
	bruno.wrapUp(t, c.id, cdr.NotReady)
	r := s.record(t, c.visit)
	var used []string
	for _, u := range r.Support {
		used = append(used, fmt.Sprintf("%s %s %s %s", u.Agent, u.Tool, u.Code, u.How))
	}
	want := "bruno anydesk 123456789 open, bruno logmein-rescue 246810 send, bruno logmein-rescue 246810 send, " +
		"bruno teamviewer 135792468 read, bruno anydesk 135792468 read"
	if got := strings.Join(used, ", "); got != want {
		t.Errorf("the record tells\n%s, want\n%s", got, want)
	}
	c.await(t, cdr.KindTicketNoted)
	if len(r.Tickets) != 1 {
		t.Fatalf("the record has the tickets %+v, want one", r.Tickets)
	}
	s.assertNoted(t, r.Tickets[0].Ticket, c.id, "TeamViewer, 135792468, code dicté")
}

// inTalkWith has somebody of this number talk to an agent.
func (s *stack) inTalkWith(t *testing.T, a *agent, number string) (*listener, *phone.Call) {
	t.Helper()
	a.ready(t)
	a.awaitState(t, cdr.Ready)
	p, err := phone.New(phone.Config{User: number, Asterisk: s.env["LAB_SIP"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	since := s.ledger.last()
	ctx, cancel := soon()
	defer cancel()
	call, err := p.Dial(ctx, straightIn)
	if err != nil {
		t.Fatal(err)
	}
	c := &listener{visit: s.arrived(t, number, since), number: number, Call: call}
	talk := a.answer(t)
	c.await(t, cdr.KindConnected)
	return c, talk
}

// uses has the agent use a tool, and gives the link.
func (a *agent) uses(t *testing.T, call cdr.CallID, tool, code string, how cdr.SupportHow) string {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	link, err := a.desk.Support(ctx, call, tool, code, how)
	if err != nil || link.Later {
		t.Fatalf("%s %s with %s: %+v, %v", how, tool, code, link, err)
	}
	return link.URL
}

// supportOpened: the link is the agent's alone, and everybody who looks sees it.
func (s *stack) supportOpened(t *testing.T, bruno *agent, c *listener) {
	if link := bruno.uses(t, c.id, "anydesk", "123 456 789", cdr.SupportOpened); link != "anydesk:123456789" {
		t.Errorf("the link is %s", link)
	}
	sees(t, "a tool is used", s.watch(t), func(now deskclient.State) bool {
		used := now.Calls[c.id].Support
		return len(used) == 1 && used[0].Tool == "anydesk" && used[0].How == cdr.SupportOpened
	})
}

// supportSent: without a ticket there is nobody to write to; with one the requestor
// is written to once, however often it is asked for.
func (s *stack) supportSent(t *testing.T, bruno *agent, c *listener) {
	refused := bruno.tries(func(ctx context.Context) error {
		_, err := bruno.desk.Support(ctx, c.id, "logmein-rescue", "246810", cdr.SupportSent)
		return err
	})
	if deskclient.Code(refused) != "no-ticket" {
		t.Errorf("without a ticket: %v", refused)
	}
	ctx, cancel := soon()
	defer cancel()
	made, err := bruno.desk.AddTicket(ctx, c.id, deskclient.NewTicket{Subject: "Assistance à distance", Text: "Écran noir."})
	if err != nil {
		t.Fatal(err)
	}
	sees(t, "the call has its ticket", bruno.live, func(now deskclient.State) bool { return len(now.Calls[c.id].Tickets) == 1 })
	for range 2 {
		if link := bruno.uses(t, c.id, "logmein-rescue", "246 810", cdr.SupportSent); !strings.HasSuffix(link, "?Code=246810") {
			t.Errorf("the link is %s", link)
		}
	}
	s.assertWrittenOnce(t, made.Ticket, "?Code=246810")
}

// assertWrittenOnce asserts that a ticket's requestor, who has an address, was written to
// once, and politely, with a link.
func (s *stack) assertWrittenOnce(t *testing.T, ticket, link string) {
	t.Helper()
	var page struct{ Items []rtItem }
	s.askRT(t, "/transactions", url.Values{
		"query":    {"ObjectType = 'RT::Ticket' AND ObjectId = " + ticket + " AND Type = 'Correspond'"},
		"per_page": {"100"}, "fields": {"Type"},
	}, &page)
	if len(page.Items) != 1 {
		t.Errorf("the requestor was written to %d times", len(page.Items))
	}
	if text := s.ticketText(t, ticket); strings.Count(text, link) == 0 || !strings.Contains(text, "Bonjour") {
		t.Errorf("the requestor reads\n%s", text)
	}
	var of struct{ Requestor []struct{ ID string } }
	s.askRT(t, "/ticket/"+ticket, nil, &of)
	if len(of.Requestor) != 1 || !strings.Contains(of.Requestor[0].ID, "@") {
		t.Errorf("the requestor is %+v", of.Requestor)
	}
}

// ticketText is all that stands on a ticket.
func (s *stack) ticketText(t *testing.T, ticket string) string {
	t.Helper()
	var page struct{ Items []rtItem }
	s.askRT(t, "/ticket/"+ticket+"/attachments", url.Values{"per_page": {"100"}}, &page)
	var all strings.Builder
	for _, item := range page.Items {
		ctx, cancel := soon()
		data, err := s.get(ctx, fmt.Sprintf("%s/REST/2.0/attachment/%d?fields=Content", s.env["LAB_RT"], number(item)), "token "+s.env["LAB_RT_TOKEN"])
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		all.WriteString(decodeContent(t, data) + "\n")
	}
	return all.String()
}

// supportRead: both are silent, and both hear the digits; then they hear each other.
func (s *stack) supportRead(t *testing.T, bruno *agent, c *listener, talk *phone.Call) {
	silent(t, c, talk)
	bruno.uses(t, c.id, "teamviewer", "135 792 468", cdr.SupportRead)
	listens(t, "the caller, the code,", c.Call)
	listens(t, "Bruno, the code,", talk)
	s.assertGoesOn(t, c, talk)
}

// silent has both say nothing until the test's end, or until they are to, and waits
// until both hear nothing.
func silent(t *testing.T, c *listener, talk *phone.Call) {
	t.Helper()
	t.Cleanup(func() { c.Quiet(false); talk.Quiet(false) })
	c.Quiet(true)
	talk.Quiet(true)
	hush(t, "the caller", c.Call)
	hush(t, "Bruno", talk)
}

// assertGoesOn asserts that what is read comes to its end, and that the two, who are
// silent, hear each other as they talk again.
func (s *stack) assertGoesOn(t *testing.T, c *listener, talk *phone.Call) {
	t.Helper()
	hush(t, "the caller", c.Call)
	hush(t, "Bruno", talk)
	s.together(t, c.id, 2)
	c.Quiet(false)
	listens(t, "Bruno, the caller,", talk)
	talk.Quiet(false)
	listens(t, "the caller, Bruno,", c.Call)
}

// supportRefused: not to somebody who hears music, no tool that is none, no code that
// is none.
func (s *stack) supportRefused(t *testing.T, bruno *agent, c *listener) {
	tries := func(tool, code string, how cdr.SupportHow) error {
		return bruno.tries(func(ctx context.Context) error {
			_, err := bruno.desk.Support(ctx, c.id, tool, code, how)
			return err
		})
	}
	assertProblem(t, tries("nothing", "123456789", cdr.SupportOpened), http.StatusNotFound)
	assertProblem(t, tries("anydesk", "12", cdr.SupportOpened), http.StatusBadRequest)
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Hold(ctx, c.id, "") })
	assertProblem(t, tries("anydesk", "123456789", cdr.SupportRead), http.StatusConflict)
	bruno.does(t, func(ctx context.Context) error { return bruno.desk.Resume(ctx, c.id, "") })
	s.together(t, c.id, 2)
	hears(t, "the caller", c.Call)
}

// supportThroughACrash: what is being read when the controller dies is read on, and
// the talk goes on after it.
func (s *stack) supportThroughACrash(t *testing.T, bruno *agent, c *listener, talk *phone.Call) {
	silent(t, c, talk)
	bruno.uses(t, c.id, "anydesk", "135792468", cdr.SupportRead)
	listens(t, "the caller, the code's beginning,", c.Call)
	s.killController(t)
	listens(t, "the caller, the code without a controller,", c.Call)
	s.startController(t)
	c.await(t, cdr.KindReclaimed)
	s.assertGoesOn(t, c, talk)
}

// TestANoWithItsReason: it is told, and stands in the record; one that nobody knows is
// refused, and the phone rings on.
func TestANoWithItsReason(t *testing.T) {
	s := begin(t)
	chloe, bruno := s.agent(t, "chloe"), s.agent(t, "bruno")
	chloe.ready(t)
	chloe.awaitState(t, cdr.Ready)
	c := s.call(t, straightIn)
	ring := chloe.ring(t)
	offer := c.await(t, cdr.KindOffered).Story.(cdr.Offered).Offer
	no := func(reason string) error {
		return chloe.tries(func(ctx context.Context) error { return chloe.desk.RejectFor(ctx, offer, reason) })
	}
	assertProblem(t, no("nobody-knows"), http.StatusBadRequest)
	if n := c.count(cdr.KindOfferEnded); n != 0 {
		t.Error("a reason that is none ended the offer")
	}
	if err := no("not-mine"); err != nil {
		t.Fatal(err)
	}
	<-ring.Over()
	if ended := c.await(t, cdr.KindOfferEnded).Story.(cdr.OfferEnded); ended.Outcome != cdr.OfferRejected || ended.Reason != "not-mine" {
		t.Errorf("told was %+v", ended)
	}
	notReady(t, chloe, "rejected")
	bruno.ready(t)
	talk := bruno.answer(t)
	c.await(t, cdr.KindConnected)
	hangUp(t, talk)
	over(t, "the caller", c.Call)
	bruno.wrapUp(t, c.id, cdr.NotReady)
	r := s.record(t, c.visit)
	if o := r.Offers[0]; o.Agent != "chloe" || o.Outcome != cdr.OfferRejected || o.Reason != "not-mine" {
		t.Errorf("the record: %+v", r.Offers)
	}
	ctx, cancel := soon()
	defer cancel()
	why, err := s.admin.Why(ctx, c.id)
	if err != nil || !strings.Contains(fmt.Sprintf("%+v", why), "not-mine") {
		t.Errorf("why it went to Bruno: %+v, %v", why, err)
	}
}

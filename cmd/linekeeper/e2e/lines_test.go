package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/phone"
)

// TestLines: which call is next, and for whom it is kept.
func TestLines(t *testing.T) {
	w := line(t)
	agents := w.shift(t, "bruno", "chloe")
	bruno, chloe, outside := agents[0], agents[1], w.outside(t)
	w.parts(t, agents, []part{
		{"the weightier queue first", func(t *testing.T) { w.laterIsFirst(t, bruno, "light", "heavy") }},
		{"the higher priority first, in whatever queue", func(t *testing.T) { w.laterIsFirst(t, bruno, "light", "urgent") }},
		{"the next tier after a while", func(t *testing.T) { w.nextTier(t, bruno, chloe) }},
		{"kept for the owner of the ticket", func(t *testing.T) { w.keptForOwner(t, bruno, chloe) }},
		{"a callback is offered", func(t *testing.T) { w.callbackOffered(t, bruno, outside) }},
	})
}

// laterIsFirst: of two callers who wait, Bruno gets the one who came later, by the
// queue they are in, and the other one after that.
func (w *world) laterIsFirst(t *testing.T, bruno *agent, plain, before string) {
	early := w.calls(t, plain)
	early.await(t, cdr.KindWaitEstimated)
	late := w.calls(t, before)
	late.await(t, cdr.KindWaitEstimated)
	bruno.back(t)
	for _, c := range []*listener{late, early} {
		bruno.goes(t, c, bruno.goesTo(t, c, cdr.RuleLongestIdle))
	}
}

// nextTier: Bruno is of the second tier, and is asked when the first has had its time.
// Chloé, of the first, is away.
func (w *world) nextTier(t *testing.T, bruno, chloe *agent) {
	bruno.back(t)
	c := w.calls(t, "bounds")
	entered := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	talk := bruno.goesTo(t, c, cdr.RuleLongestIdle)
	if after := c.await(t, cdr.KindOffered).At.Sub(entered); after < time.Second {
		t.Errorf("Bruno was asked after %s", after)
	}
	bruno.goes(t, c, talk)

	chloe.back(t) // and when she is there, Bruno is not asked at all
	c = w.calls(t, "bounds")
	chloe.goes(t, c, chloe.goesTo(t, c, cdr.RuleLongestIdle))
}

// sofia is in the directory of Request Tracker, and has no ticket of her own.
var sofia = identity{name: "ALMEIDA S", number: "+33199001005"}

// keptForOwner: Bruno owns Sofia's ticket and talks; Chloé is free, and has not the
// call. It is Bruno's when he is.
func (w *world) keptForOwner(t *testing.T, bruno, chloe *agent) {
	ticket := w.ticketOwnedBy(t, "sofia.almeida@atelier-nord.example", "bruno")
	bruno.back(t)
	other := w.calls(t, "light")
	talk := bruno.goesTo(t, other, cdr.RuleLongestIdle)
	c := w.callsAs(t, sofia.number, "owned")
	if kept := c.await(t, cdr.KindPreferred).Story.(cdr.Preferred); kept.Agent != "bruno" || kept.Rule != cdr.RuleTicketOwner || kept.Ticket != ticket {
		t.Errorf("the call is kept for %+v", kept)
	}
	w.stands(t, c, "owned", 1)
	chloe.back(t)
	bruno.goes(t, other, talk)
	bruno.goes(t, c, bruno.goesTo(t, c, cdr.RuleTicketOwner))
	r := w.leaves(t, c, cdr.LeftAnswered)
	if who, _ := offers(r); !slices.Equal(who, []string{"bruno"}) {
		t.Errorf("the call was offered to %v", who)
	}
	w.knowsTheTicket(t, c, r, ticket)
}

// knowsTheTicket asserts that the ticket was told of the call, stands in its record, and
// is named where the API says why the owner had it.
func (w *world) knowsTheTicket(t *testing.T, c *listener, r cdr.Record, ticket string) {
	t.Helper()
	want := map[string]string{cdr.AttrTicket: ticket, cdr.AttrTicketSubject: flickering, cdr.AttrTicketQueue: "Support"}
	if told := c.await(t, cdr.KindAttributed).Story.(cdr.Attributed).Attributes; !maps.Equal(told, want) {
		t.Errorf("told of the ticket is %v, want %v", told, want)
	}
	if !maps.Equal(r.Attrs, want) || len(r.Preferred) != 1 || r.Preferred[0].Ticket != ticket {
		t.Errorf("the record has %v, kept for %+v; want %v", r.Attrs, r.Preferred, want)
	}
	var told agentdesk.Explanation
	ctx, cancel := soon()
	defer cancel()
	if err := w.getJSON(ctx, w.env["LAB_HTTP"]+"/api/v1/calls/"+string(c.id)+"/why", "Bearer "+w.env["LAB_TOKEN"], &told); err != nil {
		t.Fatal(err)
	}
	if len(told.Offers) != 1 || len(told.Offers[0].Why) == 0 || told.Offers[0].Why[0].Ticket != ticket {
		t.Errorf("the API says of the ticket's owner: %+v; want ticket %s", told.Offers, ticket)
	}
}

// flickering is what the ticket is about.
const flickering = "Écran qui scintille"

// ticketOwnedBy makes a ticket that is open while the test lasts, and returns its number.
func (s *stack) ticketOwnedBy(t *testing.T, requestor, owner string) string {
	t.Helper()
	var made struct{ ID json.RawMessage }
	s.tellRT(t, http.MethodPost, "/ticket", map[string]any{
		"Queue": "Support", "Subject": flickering, "Requestor": requestor, "Owner": owner,
		"Content": "Depuis lundi.", "ContentType": "text/plain",
	}, &made)
	ticket := fmt.Sprint(number(rtItem{ID: made.ID}))
	t.Cleanup(func() { s.tellRT(t, http.MethodPut, "/ticket/"+ticket, map[string]any{"Status": "resolved"}, nil) })
	return ticket
}

// tellRT has RT's REST interface do something.
func (s *stack) tellRT(t testing.TB, method, path string, in map[string]any, out any) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	data, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(ctx, method, s.env["LAB_RT"]+"/REST/2.0"+path, bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "token "+s.env["LAB_RT_TOKEN"])
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 == 2 && out != nil {
		err = json.Unmarshal(answer, out)
	}
	if err != nil || resp.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s %v: %.300s", method, path, resp.Status, err, answer)
	}
}

// callbackOffered: who has waited for a second is asked whether they want to be called
// back, wants it, and is.
func (w *world) callbackOffered(t *testing.T, bruno *agent, outside *phone.Phone) {
	c := w.calls(t, "offered")
	if told := c.await(t, cdr.KindAnnounced).Story.(cdr.Announced); !slices.Equal(told.What, []string{"callback"}) {
		t.Errorf("announced is %+v", told)
	}
	hears(t, "the caller, of the callback,", c.Call)
	c.asksBack(t)
	hangUp(t, c.Call)
	bruno.back(t)
	w.calledBack(t, c, bruno.answer(t), outside)
	assertCalledBack(t, w.record(t, c.visit))
}

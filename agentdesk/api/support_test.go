package api

import (
	"strings"
	"testing"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// A link is sent in the caller's language before it is told; what was not sent is not
// told, and what will be sent is.
func TestSupportLinkIsSent(t *testing.T) {
	sent := "rt 9 of " + c1 + " is told of support/any/123456789: " +
		`"Bonjour,\n\nPour que nous puissions vous aider à distance avec any-fr, ouvrez ce lien :\n\nanydesk:123456789\n\nAdresse : 123456789\n"`
	told := "alice in " + c1 + ": support any 123456789 send"
	for _, c := range []struct {
		err    error
		status int
		code   string
		did    []string
	}{
		{nil, 200, "", []string{sent, told}},
		{ErrLater, 200, "", []string{sent, told}},
		{ErrNotFound, 404, "unknown-ticket", []string{sent}},
		{ErrTicketsDown, 502, "ticket-system-down", []string{sent}},
	} {
		h := newHouse()
		h.tickets = c.err
		srv := serve(t, h.deps())
		alice := as(t, srv, "alice")
		alice.do("POST", "/api/v1/calls/"+c1+"/support", m{"tool": "any", "code": "123 456 789", "how": "send"}).expect(t, c.status, c.code)
		if got := h.done(); got != strings.Join(c.did, "; ") {
			t.Errorf("%v: done\n%q, want\n%q", c.err, got, c.did)
		}
	}
}

func TestSupportTextIsFrenchFirst(t *testing.T) {
	tool := queue.SupportTool{Label: queue.Label{FR: "Salle", EN: "Room"}}
	if got := supportText("", &tool, "", "https://x"); got != "Bonjour,\n\nPour que nous puissions vous aider à distance avec Salle, ouvrez ce lien :\n\nhttps://x\n" {
		t.Errorf("%q", got)
	}
	if got := supportText("en_GB", &tool, "", "https://x"); got != "Hello,\n\nTo let us help you remotely with Room, open this link:\n\nhttps://x\n" {
		t.Errorf("%q", got)
	}
	tool.Code = &queue.SupportCode{FR: "Code", EN: "Code", Pattern: "[0-9]"}
	if err := judgeSupport(&tool, Doing{Code: "1\x00", How: cdr.SupportOpened}); err == nil {
		t.Error("a control character passes")
	}
}

func TestValuesInALinkAreNothingButValues(t *testing.T) {
	tool := queue.SupportTool{URL: "https://get.example.com/s?c={code}&t={ticket}&by={agent}#{call}"}
	got := linkOf(&tool, map[string]string{"{code}": "a&x=1 {agent}/../+é", "{ticket}": "12", "{agent}": "alice", "{call}": "c1"})
	if want := "https://get.example.com/s?c=a%26x%3D1%20%7Bagent%7D%2F..%2F%2B%C3%A9&t=12&by=alice#c1"; got != want {
		t.Errorf("the link is %s, want %s", got, want)
	}
}

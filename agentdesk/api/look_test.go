package api

import (
	"strconv"
	"testing"
	"time"

	"linekeeper/agentdesk"
)

// What one reads by privilege leaves a line once a session, whichever page asks for it;
// another thing, another sign-in, another person and a program leave their own. One's
// own calls leave none.
func TestWhatIsReadByPrivilegeIsToldOnce(t *testing.T) {
	h := newHouse()
	srv := serve(t, h.deps())
	alice, ines, again, program := as(t, srv, "alice"), as(t, srv, "ines"), as(t, srv, "ines"), open(t, srv)
	program.token = "lab"
	h.audits()
	reads := func(c *client, want string, paths ...string) {
		t.Helper()
		for _, path := range paths {
			c.do("GET", "/api/v1"+path, nil).expect(t, 200, "")
		}
		if got := h.audits(); got != want {
			t.Errorf("%v: audited %q, want %q", paths, got, want)
		}
	}
	call := "/calls/" + c1
	all := []string{call, call + "/context", call + "/history", call + "/tickets", call + "/note", call + "/recordings", call}
	line := func(who string) string { return who + " see-call " + c1 }
	reads(alice, "", all...)
	reads(ines, line("ines"), all...)
	reads(ines, "ines see-call "+c3, "/calls/"+c3, "/calls/"+c3)
	reads(again, line("ines"), all...)
	reads(program, line("admin"), all...)
	reads(program, "admin see-people; admin see-people bruno; admin see-audit; admin see-definitions version 2; admin list-calls; admin list-calls n1 bruno",
		"/people", "/people", "/people/bruno/sessions", "/audit", "/audit?limit=2", "/definitions", "/definitions?version=2",
		"/calls", "/calls?limit=2", "/calls?queue=n1&agent=bruno")
	h.pass(sessionLife - time.Second)
	reads(program, "", call, "/audit")
	h.pass(time.Second)
	reads(program, line("admin"), call)
}

// What cannot be read has not been read.
func TestWhatCannotBeReadLeavesNoLine(t *testing.T) {
	h := newHouse()
	program := open(t, serve(t, h.deps()))
	program.token = "lab"
	program.do("GET", "/api/v1/session", nil).expect(t, 200, "")
	h.set(func() { h.down = true })
	for _, path := range []string{"/calls", "/calls/" + c3} {
		program.do("GET", "/api/v1"+path, nil).expect(t, 503, "unavailable")
	}
	if got := h.audits(); got != "" {
		t.Errorf("audited %q", got)
	}
}

// What is remembered is bounded: what is over goes first, then anything, which is told
// of once more; one on its way into a log still ends.
func TestLooksAreBounded(t *testing.T) {
	var all looks
	now := time.Now()
	told := 0
	on := func(n int, now, until time.Time) {
		t.Helper()
		tell := func() error { told++; return nil }
		if err := all.once(t.Context(), look{act: agentdesk.SeeCall, on: strconv.Itoa(n)}, now, until, tell); err != nil {
			t.Fatal(err)
		}
	}
	first := look{account: "ines"}
	mine, _ := all.begin(first, now)
	for n := range triedAtMost - 1 {
		on(n, now, now.Add(time.Duration(1+n%2)*time.Minute))
	}
	on(triedAtMost, now.Add(time.Minute), now.Add(time.Hour))
	if len(all.on) > triedAtMost/2+2 {
		t.Errorf("%d are remembered, of which half are over", len(all.on))
	}
	for n := range 2 * triedAtMost {
		on(-n, now.Add(time.Minute), now.Add(time.Hour))
	}
	if len(all.on) > triedAtMost || told < 3*triedAtMost-2 {
		t.Errorf("%d are remembered, %d were told", len(all.on), told)
	}
	all.told(first, mine, now.Add(time.Hour), nil)
	<-mine.done
}

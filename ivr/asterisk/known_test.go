package asterisk_test

import (
	"testing"

	asteriskconfig "linekeeper/asterisk-config"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/call"
)

// nameAlone calls a colleague as somebody's phone, which is a right of phones. Who
// has the name and no secret is a caller if callers come from there, and else nobody.
func nameAlone(t *testing.T, x realExchange) {
	n, _ := startNode(t, x.config(), never())
	bench := newSIPPhone(t, x.pbx.SIP())
	if err := n.PushPhones(t.Context(), []asterisk.Phone{
		{ID: "fixed", Secret: phoneSecret, Contact: "sip:fixed@127.0.0.1:1"},
		{ID: "bench", Contact: "sip:bench@" + bench.addr()},
		{ID: "bare"},
	}); err != nil {
		t.Fatal(err)
	}
	elsewhere, err := asteriskconfig.LocalIPv4()
	if err != nil {
		t.Fatal(err)
	}
	for name, asCaller := range map[string]int{"fixed": 401, "bench": 404, "bare": 404, "trunk": 404} {
		if status := newSIPPeer(t, x.pbx.SIP(), anyPort).callsAs(name); status != asCaller {
			t.Errorf("%s, from where callers are: %d, want %d", name, status, asCaller)
		}
		for _, host := range elsewhere {
			if status := newSIPPeer(t, x.pbx.SIP(), host.String()+":0").callsAs(name); status != 401 {
				t.Errorf("%s, from %s: %d, want 401", name, host, status)
			}
		}
	}

	// In a call that rang it such a phone has its say.
	x.others(t, "bench", bench)
	bench.Answer()
	bench.Hold(true)
	bench.taken("hold")
	bench.HangUp()
	bench.taken("hang-up")
}

// callsAs is what a call to a colleague in that name is answered with.
func (p *sipPeer) callsAs(name string) int {
	c := p.calls("bruno", name, "", "")
	c.WaitEnded()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.accepted
}

// taken waits until what the phone said in its call is taken.
func (p *sipPeer) taken(what string) {
	p.t.Helper()
	p.wait("its "+what+" is taken", func() bool {
		said := p.accepted == 200
		if said {
			p.accepted = 0
		}
		return said
	})
}

// dialledWord dials what the dialplan might read as more than one word. It comes to us,
// as whatever it is: not to the last resort, nor to where an agent's phone alone may.
func dialledWord(t *testing.T, x realExchange) {
	n, h := startNode(t, x.config(), never())
	push(t, n, asterisk.Phone{ID: "alice", Secret: phoneSecret, Contact: "sip:alice@127.0.0.1:1", Watch: true})
	for dialled, want := range map[string]string{
		helpdesk + ",fallback": helpdesk + "fallback", "00,away": "00away", "+33199000001": "+33199000001",
	} {
		c := x.call(t, dialled, "+33612345678", "")
		if in := next[call.Incoming](t, h); in.Number != want || in.Phone != "" {
			t.Errorf("%s arrives as %+v, want %s", dialled, in, want)
		}
		c.HangUp()
		next[call.Gone](t, h)
	}
	for dialled, want := range map[string]string{"bruno,fallback": "brunofallback", "bruno-desk": "bruno-desk", "0199000002,fallback": "0199000002fallback"} {
		c := x.dials(t, "alice", dialled)
		if in := next[call.Incoming](t, h); in.Number != want || in.Phone != "alice" {
			t.Errorf("%s arrives as %+v, want %s", dialled, in, want)
		}
		c.HangUp()
		next[call.Gone](t, h)
	}
}

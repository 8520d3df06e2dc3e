package asterisk_test

import (
	"testing"

	asteriskconfig "linekeeper/asterisk-config"
	"linekeeper/ivr/asterisk"
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

package e2e

import (
	"slices"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/phone"
)

// TestTheKeysOfADeskPhone: what Bruno does with the hold and transfer keys of his own
// phone is told as what he does at the console is, and does what the call lets it do.
func TestTheKeysOfADeskPhone(t *testing.T) {
	s := begin(t)
	bruno, chloe := s.agent(t, "bruno"), s.agent(t, "chloe")
	c, talk := s.inTalk(t, bruno)

	holds(t, talk, true)
	if h, is := c.await(t, cdr.KindHoldBegan).Story.(cdr.HoldBegan); !is || h.Agent != "bruno" || !h.Phone {
		t.Errorf("the hold key is told as %+v", h)
	}
	hears(t, "the caller, music,", c.Call)
	holds(t, talk, false)
	c.await(t, cdr.KindHoldEnded)
	hears(t, "the caller", c.Call)
	hears(t, "Bruno", talk)

	// Chloé is not ready: the phone is told so, and the talk goes on.
	transfers(t, talk, "chloe", nil, 603)
	// Whom Bruno has rung by himself is in another call, which this one cannot be
	// joined to: he keeps both.
	ctx, cancel := soon()
	defer cancel()
	other, err := bruno.phone.Dial(ctx, helpdesk)
	if err != nil {
		t.Fatal(err)
	}
	transfers(t, talk, helpdesk, other, 603)
	hears(t, "Bruno, the menu,", other)
	hangUp(t, other)
	hears(t, "the caller", c.Call)
	hears(t, "Bruno", talk)

	chloe.ready(t)
	chloe.awaitState(t, cdr.Ready)
	transfers(t, talk, "chloe", nil, 200)
	over(t, "Bruno", talk)
	r := s.endsWith(t, c, bruno, chloe)
	if len(r.Holds) != 1 || !r.Holds[0].Phone || r.Talks[0].Held <= 0 {
		t.Errorf("the record's holds: %+v of %+v", r.Holds, r.Talks)
	}
	if !slices.ContainsFunc(r.Handovers, func(h cdr.Handover) bool { return h.By == "bruno" && h.Target == "chloe" }) {
		t.Errorf("the record's handovers: %+v", r.Handovers)
	}
}

// holds presses the hold key of a phone.
func holds(t testing.TB, c *phone.Call, on bool) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if err := c.Hold(ctx, on); err != nil {
		t.Fatal(err)
	}
}

// transfers presses the transfer key and asserts what the phone is told.
func transfers(t testing.TB, c *phone.Call, to string, other *phone.Call, want int) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if status, err := c.Transfer(ctx, to, other); err != nil || status != want {
		t.Fatalf("transfer to %s: the phone is told %d, %v, not %d", to, status, err, want)
	}
}

package e2e

import (
	"errors"
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

// TestADeskPhoneConsults: Bruno consults Chloé by the keys of his own phone, goes back to
// the caller and to her again, and joins his two lines: the caller is hers. In between
// the controller dies.
func TestADeskPhoneConsults(t *testing.T) {
	s := begin(t)
	bruno, chloe := s.agent(t, "bruno"), s.agent(t, "chloe")
	c, talk := s.inTalk(t, bruno)

	// She is not ready: his phone is told that she is busy, and he goes back.
	holds(t, talk, true)
	c.await(t, cdr.KindHoldBegan)
	assertNotConnected(t, <-dials(bruno, "chloe"), 486)
	assertNotConnected(t, <-dials(bruno, "+12125550100"), 404) // nor is everybody to be dialled
	holds(t, talk, false)
	c.await(t, cdr.KindHoldEnded)
	hears(t, "the caller", c.Call)

	chloe.ready(t)
	chloe.awaitState(t, cdr.Ready)
	holds(t, talk, true)
	c.awaitNth(t, cdr.KindHoldBegan, 2)
	dialled := dials(bruno, "chloe")
	expert := chloe.answer(t)
	other := connected(t, <-dialled)
	c.await(t, cdr.KindPartyJoined)
	s.together(t, c.id, 2) // Bruno's second line and Chloé
	hears(t, "Chloé", expert)
	hears(t, "Bruno, Chloé,", other)
	hears(t, "the caller, music,", c.Call)

	// From one line to the other and back.
	holds(t, other, true)
	holds(t, talk, false)
	hears(t, "Bruno", talk)
	hears(t, "the caller", c.Call)
	hears(t, "Chloé, music,", expert)
	holds(t, talk, true)
	holds(t, other, false)
	hears(t, "Bruno, Chloé,", other)

	s.killController(t)
	s.startController(t)
	c.await(t, cdr.KindReclaimed)
	s.together(t, c.id, 2)
	hears(t, "Bruno, Chloé,", other)
	hears(t, "the caller, music,", c.Call)

	transfers(t, talk, "chloe", other, 200)
	over(t, "Bruno, to Chloé", other)
	over(t, "Bruno", talk)
	r := s.endsWithExpert(t, c, expert, bruno, chloe)
	if !slices.ContainsFunc(r.Handovers, func(h cdr.Handover) bool { return h.By == "bruno" && h.Target == "chloe" && h.Consulted }) {
		t.Errorf("the record's handovers: %+v", r.Handovers)
	}
	if len(r.Guests) != 1 || r.Guests[0].Target != "chloe" || len(r.Talks) != 2 {
		t.Errorf("the record's guests %+v and talks %+v", r.Guests, r.Talks)
	}
}

// TestADeskPhoneTakesTheCallerBack: a consult by phone that comes to nothing.
func TestADeskPhoneTakesTheCallerBack(t *testing.T) {
	s := begin(t)
	bruno, chloe := s.agent(t, "bruno"), s.agent(t, "chloe")
	c, talk := s.inTalkBeside(t, bruno, chloe)

	// Bruno hangs up on her.
	holds(t, talk, true)
	c.await(t, cdr.KindHoldBegan)
	dialled := dials(bruno, "chloe")
	expert := chloe.answer(t)
	other := connected(t, <-dialled)
	hears(t, "Chloé", expert)
	hangUp(t, other)
	over(t, "Chloé", expert)
	chloe.awaitState(t, cdr.Ready)
	hears(t, "the caller, music,", c.Call)
	holds(t, talk, false)
	s.together(t, c.id, 2)
	hears(t, "the caller", c.Call)
	hears(t, "Bruno", talk)

	// She hangs up on him.
	holds(t, talk, true)
	c.awaitNth(t, cdr.KindHoldBegan, 2)
	dialled = dials(bruno, "chloe")
	expert = chloe.answer(t)
	other = connected(t, <-dialled)
	hears(t, "Chloé", expert)
	hangUp(t, expert)
	over(t, "Bruno, to Chloé", other)
	holds(t, talk, false)
	s.together(t, c.id, 2)
	hears(t, "the caller", c.Call)
	hangUp(t, c.Call)
	over(t, "Bruno", talk)
	bruno.wrapUp(t, c.id, cdr.NotReady)
	if r := s.record(t, c.visit); len(r.Guests) != 2 || len(r.Handovers) != 0 || len(r.Holds) != 2 || !r.Holds[1].Phone {
		t.Errorf("the record's guests %+v, handovers %+v and holds %+v", r.Guests, r.Handovers, r.Holds)
	}
}

// TestADeskPhoneTransfersWhileItRings: Bruno does not wait for Chloé's answer. She is not
// rung anew.
func TestADeskPhoneTransfersWhileItRings(t *testing.T) {
	s := begin(t)
	bruno, chloe := s.agent(t, "bruno"), s.agent(t, "chloe")
	c, talk := s.inTalkBeside(t, bruno, chloe)
	holds(t, talk, true)
	c.await(t, cdr.KindHoldBegan)
	dialled := dials(bruno, "chloe")
	ring := chloe.ring(t)
	transfers(t, talk, "chloe", nil, 200)
	over(t, "Bruno", talk)
	if r := <-dialled; r.err == nil {
		t.Error("Bruno's second line is answered")
	}
	s.endsWithExpert(t, c, pickUp(t, ring), bruno, chloe)
}

// ringing is what has come of a number that a phone dials.
type ringing struct {
	call *phone.Call
	err  error
}

// dials has an agent's phone dial by itself.
func dials(a *agent, to string) <-chan ringing {
	answered := make(chan ringing, 1)
	go func() {
		ctx, cancel := soon()
		defer cancel()
		call, err := a.phone.Dial(ctx, to)
		answered <- ringing{call, err}
	}()
	return answered
}

// connected is the call that a phone has dialled.
func connected(t testing.TB, r ringing) *phone.Call {
	t.Helper()
	if r.err != nil {
		t.Fatal(r.err)
	}
	return r.call
}

// assertNotConnected asserts the SIP status that a phone which dials is told.
func assertNotConnected(t testing.TB, r ringing, want int) {
	t.Helper()
	var refused *phone.Refusal
	if !errors.As(r.err, &refused) || refused.Code != want {
		t.Errorf("the phone is told %v, not %d", r.err, want)
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

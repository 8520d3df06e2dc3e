package e2e

import (
	"context"
	"errors"
	"slices"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// callee: when the caller hangs up, the agent is not sent on (there is no option F):
// their phone is hung up, and what comes to it is the next caller.
func (w *world) callee(t *testing.T, ines *agent) {
	c, talk := w.spokenTo(t, ines, "base")
	next := w.calls(t, "base")
	next.await(t, cdr.KindWaitEstimated)
	hears(t, "the caller", c.Call)
	hears(t, "Inès", talk)
	hangUp(t, c.Call)
	over(t, "Inès", talk)
	ines.talks(t, next)
	for _, of := range []*listener{c, next} {
		assertEnd(t, w.leaves(t, of, cdr.LeftAnswered), cdr.OutcomeAnswered, cdr.ByCaller)
		w.assertLog(t, of, `C|base|NONE|ENTERQUEUE||+33…|1
C|base|PJSIP/ines|CONNECT|N|A|N
C|base|PJSIP/ines|COMPLETECALLER|N|N|1
`)
	}
	c.tells(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "rung", "offer-ended", "queue-left",
		"connected", "talk-ended", "ended")
}

// blind: who is in the call holds it and gives it away unasked. Upstream that is the
// caller; here it is the agent alone, by the keys of their phone.
func (w *world) blind(t *testing.T, ines, jules *agent) {
	floor := w.watch(t)
	c, talk := w.spokenTo(t, ines, "base")
	jules.back(t)
	declined(t, c.Call, "jules", nil)
	hears(t, "the caller", c.Call)
	hears(t, "Inès", talk)

	holds(t, talk, true)
	c.await(t, cdr.KindHoldBegan)
	hears(t, "the caller, music,", c.Call)
	transfers(t, talk, "jules", nil, 200)
	over(t, "Inès", talk)
	sees(t, "the call is on its way to Jules", floor, func(now deskclient.State) bool {
		given := now.Calls[c.id].Transfer
		return given != nil && given.By == "ines" && given.Target == "jules" && !given.Consulted
	})
	ines.awaitState(t, cdr.Ready)
	taken := jules.answer(t)
	c.awaitNth(t, cdr.KindConnected, 2)
	hears(t, "the caller", c.Call)
	hears(t, "Jules", taken)
	hangUp(t, taken)

	r := w.leaves(t, c, cdr.LeftAnswered)
	assertEnd(t, r, cdr.OutcomeAnswered, cdr.ByAgent)
	assertGiven(t, r, cdr.Handover{By: "ines", To: cdr.PartyAgent, Target: "jules"}, "ines", "jules")
	c.tells(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "rung", "offer-ended", "queue-left",
		"connected", "hold-began", "offered", "invited", "transferred", "hold-ended", "talk-ended", "rung", "offer-ended",
		"party-left", "connected", "talk-ended", "ended")
	w.assertLog(t, c, `C|base|NONE|ENTERQUEUE||+33…|1
C|base|PJSIP/ines|CONNECT|N|A|N
C|base|PJSIP/ines|BLINDTRANSFER|jules|agent|N|N|1
`)
}

// attended: the same after having talked to who is to have the call, while the caller
// hears music.
func (w *world) attended(t *testing.T, ines, jules *agent) {
	floor := w.watch(t)
	c, talk := w.spokenTo(t, ines, "base")
	jules.back(t)
	other := w.calls(t, "place")
	declined(t, c.Call, "jules", other.Call)
	hangUp(t, other.Call)
	hears(t, "the caller", c.Call)

	ines.does(t, func(ctx context.Context) error {
		return ines.desk.Invite(ctx, c.id, deskclient.Target{Kind: cdr.PartyAgent, To: "jules"}, true)
	})
	advice := jules.answer(t)
	c.await(t, cdr.KindPartyJoined)
	hears(t, "Jules", advice)
	hears(t, "Inès", talk)
	hears(t, "the caller, music,", c.Call)
	ines.does(t, func(ctx context.Context) error { return ines.desk.Complete(ctx, c.id, "p1") })
	over(t, "Inès", talk)
	sees(t, "Jules has the call of Inès", floor, func(now deskclient.State) bool {
		given := now.Calls[c.id].Transfer
		return given != nil && given.By == "ines" && given.Consulted && !given.UnderWay
	})
	ines.awaitState(t, cdr.Ready)
	w.together(t, c.id, 2)
	hears(t, "the caller", c.Call)
	hears(t, "Jules", advice)
	hangUp(t, c.Call)
	over(t, "Jules", advice)

	r := w.leaves(t, c, cdr.LeftAnswered)
	assertEnd(t, r, cdr.OutcomeAnswered, cdr.ByCaller)
	assertGiven(t, r, cdr.Handover{By: "ines", To: cdr.PartyAgent, Target: "jules", Consulted: true}, "ines", "jules")
	c.tells(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "rung", "offer-ended", "queue-left",
		"connected", "offered", "invited", "hold-began", "rung", "offer-ended", "party-joined", "hold-ended", "transferred",
		"talk-ended", "party-left", "connected", "talk-ended", "ended")
	w.assertLog(t, c, `C|base|NONE|ENTERQUEUE||+33…|1
C|base|PJSIP/ines|CONNECT|N|A|N
C|base|PJSIP/ines|ATTENDEDTRANSFER|BRIDGE|B|N|N|1
`)
}

// redirect: in the middle of the talk the caller is sent elsewhere, a flow, and put
// through to somebody else from there. That nothing is left in Asterisk is asserted
// after every part.
func (w *world) redirect(t *testing.T, ines, jules *agent) {
	c, talk := w.spokenTo(t, ines, "base")
	jules.back(t)
	ines.does(t, func(ctx context.Context) error { // once this call is over
		_, err := ines.desk.SetState(ctx, "me", cdr.NotReady, "pause")
		return err
	})
	ines.does(t, func(ctx context.Context) error {
		return ines.desk.Transfer(ctx, c.id, deskclient.Target{Kind: cdr.PartyFlow, To: "to-all"})
	})
	over(t, "Inès", talk)
	taken := jules.answer(t)
	c.awaitNth(t, cdr.KindConnected, 2)
	hears(t, "the caller", c.Call)
	hears(t, "Jules", taken)
	hangUp(t, c.Call)
	over(t, "Jules", taken)

	r := w.leaves(t, c, cdr.LeftAnswered)
	assertEnd(t, r, cdr.OutcomeAnswered, cdr.ByCaller)
	assertGiven(t, r, cdr.Handover{By: "ines", To: cdr.PartyFlow, Target: "to-all"}, "ines", "jules")
	c.tells(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "rung", "offer-ended", "queue-left",
		"connected", "transferred", "talk-ended", "flow-started", "queue-entered", "wait-estimated", "offered", "rung",
		"offer-ended", "queue-left", "connected", "talk-ended", "ended")
	w.assertLog(t, c, `C|base|NONE|ENTERQUEUE||+33…|1
C|base|PJSIP/ines|CONNECT|N|A|N
C|base|PJSIP/ines|BLINDTRANSFER|to-all|flow|N|N|1
C|all|NONE|ENTERQUEUE||+33…|1
C|all|PJSIP/jules|CONNECT|N|A|N
C|all|PJSIP/jules|COMPLETECALLER|N|N|1
`)
}

// declined asserts that a phone may not transfer at all: Asterisk itself says no.
func declined(t testing.TB, c *phone.Call, to string, other *phone.Call) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	_, err := c.Transfer(ctx, to, other)
	var no *phone.Refusal
	if !errors.As(err, &no) || no.Code != 603 {
		t.Errorf("the caller gives the call to %s: %v, want it declined", to, err)
	}
}

// assertGiven asserts that the call was given on once, and who talked to the caller.
func assertGiven(t testing.TB, r cdr.Record, want cdr.Handover, agents ...string) {
	t.Helper()
	var who []string
	for _, talk := range r.Talks {
		who = append(who, talk.Agent)
	}
	given := slices.Clone(r.Handovers)
	for i := range given {
		given[i].At = want.At
	}
	if !slices.Equal(given, []cdr.Handover{want}) || !slices.Equal(who, agents) {
		t.Errorf("the record has the handovers %+v and talks with %v, want %+v and %v", given, who, want, agents)
	}
}

// tells asserts all that the ledger tells of a call that is over, in its order, but for
// what its agents' consoles and wrap-ups add when they get to it.
func (v visit) tells(t testing.TB, kinds ...cdr.Kind) {
	t.Helper()
	v.await(t, cdr.KindEnded)
	var got []cdr.Kind
	for _, f := range v.facts() {
		if k := f.Kind(); k != cdr.KindPopped && k != cdr.KindWrappedUp {
			got = append(got, k)
		}
	}
	if !slices.Equal(got, kinds) {
		t.Errorf("the ledger tells another story of call %s:\n got %v\nwant %v\n%s", v.id, got, kinds, tell(v.facts()))
	}
}

package e2e

import (
	"fmt"
	"regexp"
	"testing"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
	"linekeeper/queue"
)

// elsewhere is what a phone is told that is to show no missed call.
var elsewhere = regexp.MustCompile(`(?m)cause ?= ?26|cause ?= ?200`)

// Gaëlle has a desk phone beside her console, in Chromium. Each test is one of her
// days; what the page does is seen on the page, and what the phone does is heard.

// beside registers the desk phone beside an agent's console.
func (s *stack) beside(t *testing.T, name string) *agent {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	user := queue.DeskPhone(name)
	secret, err := store.NewAccounts(s.pool).PhoneSecret(ctx, user)
	if err != nil {
		t.Fatal(err)
	}
	p, err := phone.New(phone.Config{User: user, Secret: secret, Asterisk: s.env["LAB_SIP"]})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	until(t, user+" registers", patient, func() error { return p.Register(ctx) })
	return &agent{s: s, name: name, live: s.watch(t), phone: p}
}

// seenOn waits until the desk shows an agent's two phones as they are.
func (a *agent) seenOn(t *testing.T, console, desk agentdesk.DeviceState) {
	t.Helper()
	want := fmt.Sprint([]agentdesk.Device{{Kind: agentdesk.OnConsole, State: console}, {Kind: agentdesk.OnDesk, State: desk}})
	sees(t, a.name+" has "+want, a.live, func(st deskclient.State) bool { return fmt.Sprint(st.Agents[a.name].Devices) == want })
}

// readyOnBoth is Gaëlle, ready, with her page and her desk phone beside it.
func (s *stack) readyOnBoth(t *testing.T) (*page, *agent) {
	t.Helper()
	gaelle := s.console(t, "gaelle")
	desk := s.beside(t, "gaelle")
	gaelle.await(id("phone-status")+"[data-status=registered]", "")
	desk.seenOn(t, agentdesk.DeviceThere, agentdesk.DeviceThere)
	gaelle.click("ready")
	gaelle.await(id("state")+"[data-state=ready]", "")
	return gaelle, desk
}

// TestTheFirstPhoneAnsweredHasTheCall: both ring; picked up on the desk phone, the
// page rings no more; answered on the page, the desk phone is told that it was.
func TestTheFirstPhoneAnsweredHasTheCall(t *testing.T) {
	s := begin(t)
	gaelle, desk := s.readyOnBoth(t)

	on := s.call(t, straightIn)
	ring := desk.ring(t)
	gaelle.await(id("answer"), "")
	talk := pickUp(t, ring)
	on.await(t, cdr.KindConnected)
	gaelle.await(id("connected"), "")
	s.together(t, on.id, 2)
	hears(t, "the caller", on.Call)
	hears(t, "Gaëlle", talk)
	gaelle.worksTheDeskPhone(t, on.Call)
	holds(t, talk, true)
	if h, is := on.await(t, cdr.KindHoldBegan).Story.(cdr.HoldBegan); !is || h.Agent != "gaelle" || !h.Phone {
		t.Errorf("the hold key is told as %+v", h)
	}
	holds(t, talk, false)
	on.await(t, cdr.KindHoldEnded)
	hears(t, "Gaëlle", talk)
	hangUp(t, on.Call)
	over(t, "Gaëlle", talk)
	closeCall(gaelle, "resolved", "Au poste fixe.")
	r := s.record(t, on.visit)
	if len(r.Offers) != 1 || r.Offers[0].Outcome != cdr.OfferAnswered || len(r.Talks) != 1 || len(r.Holds) != 1 {
		t.Errorf("the record: offers %+v, talks %+v, holds %+v", r.Offers, r.Talks, r.Holds)
	}
	if ended := on.await(t, cdr.KindOfferEnded).Story.(cdr.OfferEnded); ended.Channel == "" {
		t.Errorf("which phone was answered is not told: %+v", ended)
	}

	gaelle.click("ready")
	gaelle.await(id("state")+"[data-state=ready]", "")
	call := s.dial(t, marie, straightIn)
	other := desk.ring(t)
	gaelle.await(id("pop"), "")
	gaelle.click("answer")
	stopsSoon(t, other)
	if why := other.TakenBack(); !elsewhere.MatchString(why) {
		t.Errorf("the desk phone is told %q", why)
	}
	gaelle.await(id("connected"), "")
	call.await(t, cdr.KindConnected)
	assertBothWays(t, gaelle, call)
	gaelle.click("hangup")
	call.gone(t)
	closeCall(gaelle, "resolved", "Dans la page.")
	if r := s.record(t, call.visit); len(r.Offers) != 1 || len(r.Talks) != 1 {
		t.Errorf("the record: offers %+v, talks %+v", r.Offers, r.Talks)
	}
}

// worksTheDeskPhone asserts that a page says that the talk is on the desk phone beside
// it, and that its mute and its keys are that phone's then.
func (p *page) worksTheDeskPhone(t *testing.T, caller *phone.Call) {
	t.Helper()
	p.await(id("talk-device"), "Sur le poste fixe")
	p.click("mute")
	p.await(id("mute")+"[aria-pressed=true]", "")
	hush(t, "the caller, while Gaëlle is muted,", caller)
	p.click("mute")
	p.await(id("mute")+"[aria-pressed=false]", "")
	listens(t, "the caller, Gaëlle,", caller)
	p.click("keypad-open")
	p.click("key-4")
	p.click("key-2")
	until(t, "the keys reach the caller", patient, func() error {
		if got := caller.Keys(); got != "42" {
			return fmt.Errorf("heard: %q", got)
		}
		return nil
	})
	p.click("keypad-open")
	p.accessible()
}

// TestOnePhoneSpeaksForBoth: a no on the desk phone is a no on the page; with the page
// gone the desk phone rings alone; and a controller that dies while both ring leaves
// the desk phone ringing, and one talk once it is picked up.
func TestOnePhoneSpeaksForBoth(t *testing.T) {
	s := begin(t)
	gaelle, desk := s.readyOnBoth(t)

	no := s.call(t, straightIn)
	ring := desk.ring(t)
	gaelle.await(id("answer"), "")
	if err := ring.Reject(t.Context()); err != nil {
		t.Fatal(err)
	}
	if o := no.await(t, cdr.KindOfferEnded).Story.(cdr.OfferEnded); o.Outcome != cdr.OfferRejected {
		t.Errorf("Gaëlle said no: %+v", o)
	}
	gaelle.await(id("state")+"[data-state=not-ready]", "")
	hangUp(t, no.Call)
	no.await(t, cdr.KindEnded)

	gaelle.click("ready")
	gaelle.await(id("state")+"[data-state=ready]", "")
	killed := s.call(t, straightIn)
	ring = desk.ring(t)
	killed.await(t, cdr.KindRung)
	s.killController(t)
	s.startController(t)
	killed.await(t, cdr.KindReclaimed)
	talk := pickUp(t, ring)
	killed.await(t, cdr.KindConnected)
	hears(t, "the caller", killed.Call)
	hears(t, "Gaëlle", talk)
	s.together(t, killed.id, 2)
	hangUp(t, talk)
	over(t, "the caller", killed.Call)
	killed.await(t, cdr.KindEnded)

	leave(gaelle, "location.href = 'about:blank'")
	desk.seenOn(t, agentdesk.DeviceState(cdr.PhoneAway), agentdesk.DeviceThere)
	gaelle.wrapUpAt(killed.id, cdr.Ready)
	if r := s.record(t, killed.visit); len(r.Talks) != 1 || len(r.Offers) != 1 {
		t.Errorf("the record: offers %+v, talks %+v", r.Offers, r.Talks)
	}
	alone := s.call(t, straightIn)
	talk = desk.answer(t)
	alone.await(t, cdr.KindConnected)
	hears(t, "the caller", alone.Call)
	hangUp(t, talk)
	over(t, "the caller", alone.Call)
	gaelle.wrapUpAt(alone.id, cdr.NotReady)
}

// wrapUpAt closes a call for a page, by the API, and says what comes next.
func (p *page) wrapUpAt(call cdr.CallID, next cdr.AgentState) {
	p.t.Helper()
	ctx, cancel := soon()
	defer cancel()
	desk := deskclient.Dial(p.s.env["LAB_HTTP"])
	defer desk.Close()
	w := deskclient.WrapUp{Disposition: "resolved", Next: next}
	if next == cdr.NotReady {
		w.Reason = "pause"
	}
	_, err := desk.SignIn(ctx, p.name, p.name+"-lab")
	if err == nil {
		live := p.s.watch(p.t)
		sees(p.t, p.name+" wraps up", live, func(st deskclient.State) bool { return st.Agents[p.name].State == cdr.WrapUp })
		err = desk.WrapUp(ctx, call, w)
	}
	if err != nil {
		p.t.Fatal(err)
	}
}

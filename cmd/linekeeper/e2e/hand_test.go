package e2e

import (
	"fmt"
	"slices"
	"testing"

	"linekeeper/cdr"
)

// alicesMark is a mark of Alice's talk on the supervisor's page.
func alicesMark(mark string) string { return id("agent-alice") + " " + id("mark-"+mark) }

// TestTheCallInHand: Alice says no with a reason, then takes the call. She records it,
// pauses, goes on and stops; is not heard, also after her page was loaded anew; and
// has the code of a support tool read out, opens the link of another, and sends one by
// the call's ticket. Hugo sees each of it on his page.
func TestTheCallInHand(t *testing.T) {
	s := begin(t)
	hugo := s.console(t, "hugo")
	alice := s.console(t, "alice")
	alice.await(id("phone-status")+"[data-status=registered]", "")
	call := s.refusedOnce(t, alice)
	alice.click("ready")
	alice.await(id("pop"), "")
	alice.click("answer")
	alice.await(id("connected"), "")
	call.await(t, cdr.KindConnected)
	assertBothWays(t, alice, call)

	assertRecordingIsCommanded(t, alice, hugo, call)
	assertMuteOutlivesThePage(t, alice, hugo, call)
	assertCodeIsReadOut(t, alice, call)
	assertLinkIsOpened(t, alice, call)
	s.assertLinkIsSent(t, alice, call)

	alice.click("hangup")
	call.gone(t)
	closeCall(alice, "resolved", "Prise en main à distance.")
	call.await(t, cdr.KindWrappedUp)
	r := s.record(t, call.visit)
	if len(r.Offers) != 2 || r.Offers[0].Reason != "not-mine" || len(r.Recordings) != 2 || len(r.Support) != 3 || len(r.PhoneLosses) != 1 {
		t.Errorf("the record: offers %+v, recordings %+v, support %+v, losses %+v", r.Offers, r.Recordings, r.Support, r.PhoneLosses)
	}
	hugo.click("nav-calls")
	hugo.click("call-open")
	hugo.await(id("record"), "Pas mon domaine")
	for _, tool := range []string{"TeamViewer", "AnyDesk", "LogMeIn Rescue"} {
		hugo.shows(id("record"), "assistance à distance "+tool)
	}
}

// refusedOnce is a call that Alice has said no to, and why; it waits.
func (s *stack) refusedOnce(t *testing.T, alice *page) *caller {
	t.Helper()
	alice.click("ready")
	alice.await(id("state")+"[data-state=ready]", "")
	call := s.dial(t, paul, straightIn)
	alice.await(id("pop"), "")
	alice.click("reject-why")
	alice.await(id("reject-not-mine"), "Pas mon domaine")
	alice.click("reject-not-mine")
	ended := call.await(t, cdr.KindOfferEnded).Story.(cdr.OfferEnded)
	if ended.Outcome != cdr.OfferRejected || ended.Reason != "not-mine" {
		t.Errorf("the offer ended so: %+v", ended)
	}
	alice.await(id("state")+"[data-state=not-ready]", "")
	return call
}

func assertRecordingIsCommanded(t *testing.T, alice, hugo *page, call *caller) {
	t.Helper()
	is := func(state string) string { return id("recording") + "[data-recording=" + state + "]" }
	alice.await(is("off"), "Pas enregistré")
	alice.click("record")
	call.await(t, cdr.KindRecordingBegan)
	alice.await(is("on"), "Enregistrement en cours")
	hugo.await(alicesMark("on"), "Enregistré")
	alice.shot("agent-recorded")
	hugo.shot("supervisor-recorded")
	alice.accessible()
	hugo.accessible()
	alice.click("record")
	call.await(t, cdr.KindRecordingEnded)
	alice.await(is("paused"), "rien n’est enregistré")
	hugo.await(alicesMark("paused"), "")
	alice.shot("agent-recording-paused")
	alice.accessible()
	alice.click("record")
	call.awaitNth(t, cdr.KindRecordingBegan, 2)
	alice.await(is("on"), "")
	alice.click("record-stop")
	call.awaitNth(t, cdr.KindRecordingEnded, 2)
	alice.await(is("off"), "")
}

// assertMuteOutlivesThePage: who is not heard stays so when the page is loaded anew,
// and the page knows it.
func assertMuteOutlivesThePage(t *testing.T, alice, hugo *page, call *caller) {
	t.Helper()
	alice.click("mute")
	call.await(t, cdr.KindMuteChanged)
	hugo.await(alicesMark("muted"), "Micro coupé")
	assertUnheard(t, alice)
	leave(alice, "location.reload()")
	call.await(t, cdr.KindPhoneLost)
	call.await(t, cdr.KindPhoneBack)
	alice.await(id("audio")+"[data-status=on]", "Micro coupé")
	alice.await(id("mute")+"[aria-pressed=true]", "")
	assertUnheard(t, alice)
	alice.click("mute")
	if f := call.awaitNth(t, cdr.KindMuteChanged, 2).Story.(cdr.MuteChanged); f.On {
		t.Errorf("Alice is to be heard again: %+v", f)
	}
	alice.await(id("mute")+"[aria-pressed=false]", "")
	assertBothWays(t, alice, call)
}

// assertUnheard asserts that nothing of Alice comes back from the caller, who sends
// back what they hear: no packet at all, or silence. Over two seconds: the browser's
// microphone beeps once a second.
func assertUnheard(t *testing.T, alice *page) {
	t.Helper()
	first := evaluate[audio](alice, audioNow)
	until(t, "Alice is not heard", patient, func() error {
		now := evaluate[audio](alice, audioNow)
		if now.Out-first.Out < 100 {
			return fmt.Errorf("%+v after %+v", now, first)
		}
		before := first
		first = now
		if now.In-before.In > 5 && now.InEnergy-before.InEnergy > 1e-4 {
			return fmt.Errorf("she hears herself: %+v after %+v", now, before)
		}
		return nil
	})
}

func assertCodeIsReadOut(t *testing.T, alice *page, call *caller) {
	t.Helper()
	alice.click("support")
	alice.await(id("support-no-ticket"), "")
	alice.fill(id("support-code"), "12 34")
	if fits := alice.attribute(id("support-code"), "data-fits"); fits != "false" {
		t.Errorf("a short code fits: %s", fits)
	}
	alice.fill(id("support-code"), "123 456 789")
	alice.await(id("support-code")+"[data-fits=true]", "")
	alice.click("support-read")
	told := call.await(t, cdr.KindSupportLinked).Story.(cdr.SupportLinked)
	if told.Tool != "teamviewer" || told.Code != "123456789" || told.How != cdr.SupportRead {
		t.Errorf("used: %+v", told)
	}
	alice.await(id("support-said"), "lu à l’appelant")
	alice.await(id("support-used"), "123456789")
	alice.shot("agent-support")
	alice.accessible()
}

// uses has the agent type the code of a remote-support tool and press what to do with its
// link.
func (p *page) uses(tool, code, how string) {
	p.t.Helper()
	p.check("support-tool-" + tool)
	p.fill(id("support-code"), code)
	p.await(id("support-code")+"[data-fits=true]", "")
	p.click("support-" + how)
}

// assertLinkIsOpened: by the browser, once, and it stays at hand.
func assertLinkIsOpened(t *testing.T, alice *page, call *caller) {
	t.Helper()
	const link = "anydesk:987654321"
	alice.uses("anydesk", "987 654 321", "open")
	told := call.awaitNth(t, cdr.KindSupportLinked, 2).Story.(cdr.SupportLinked)
	if told.Tool != "anydesk" || told.Code != "987654321" || told.How != cdr.SupportOpened {
		t.Errorf("used: %+v", told)
	}
	alice.await(id("support-said"), "Ouvert dans un nouvel onglet")
	if opened := evaluate[[]string](alice, "window.e2e.opened"); !slices.Equal(opened, []string{link}) {
		t.Errorf("the page opened %q", opened)
	}
	if again := alice.attribute(id("support-link"), "href"); again != link {
		t.Errorf("the link at hand is %s", again)
	}
}

// assertLinkIsSent: as soon as there is a ticket, to its requestor.
func (s *stack) assertLinkIsSent(t *testing.T, alice *page, call *caller) {
	t.Helper()
	alice.click("create-ticket")
	alice.click("ticket-submit")
	alice.await(id("linked-tickets")+" "+id("ticket"), "")
	ticket := alice.attribute(id("linked-tickets")+" "+id("ticket"), "data-ticket")
	alice.uses("logmein-rescue", "246 810", "send")
	told := call.awaitNth(t, cdr.KindSupportLinked, 3).Story.(cdr.SupportLinked)
	if told.Tool != "logmein-rescue" || told.Code != "246810" || told.How != cdr.SupportSent {
		t.Errorf("used: %+v", told)
	}
	alice.await(id("support-said"), "Envoyé au demandeur du ticket "+ticket)
	s.assertWrittenOnce(t, ticket, "?Code=246810")
}

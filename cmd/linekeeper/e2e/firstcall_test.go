package e2e

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
)

// begin gives a test the lab, and asserts at the test's end that nothing of its
// calls is left in Asterisk. What a test that failed leaves behind is taken away.
func begin(t *testing.T) *stack {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			house.clear(t)
		}
		house.nothingLeft(t)
	})
	return house
}

// marie is in the lab's directory, and has open tickets.
var marie = identity{name: "DUPONT M", number: "+33199001001"}

// unfoldTickets shows the tickets behind the newest, too: other tests, in whatever
// order, have some of the same caller made.
func (p *page) unfoldTickets() {
	p.t.Helper()
	p.await(id("ticket-list"), "")
	if others := "details:has(" + id("ticket") + "):not([open]) > summary"; p.count(others) > 0 {
		p.do("click", map[string]any{"at": others})
	}
}

const supportLine = "[data-testid=queue-support-n1] "

// TestTheFirstRealCall: Marie dials the helpdesk, presses 1 and waits. Alice sees
// who it is before her phone rings, answers in her browser, talks, makes a ticket
// and wraps up; Hugo has it all on his page.
func TestTheFirstRealCall(t *testing.T) {
	s := begin(t)
	s.hasCalledBefore(t, marie)
	hugo := s.console(t, "hugo")
	alice := s.console(t, "alice")
	alice.await(id("phone-status")+"[data-status=registered]", "")
	alice.await(id("mic-status")+"[data-status=ready]", "")
	handled := alice.text(id("today-handled"))

	call := s.dial(t, marie, helpdesk)
	call.await(t, cdr.KindIdentified)
	call.press1(t)
	entered := call.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered)
	if entered.Attributes["category"] != "incident" {
		t.Errorf("the menu's choice is not with the call: %+v", entered)
	}
	hugo.await(supportLine+id("waiting"), "1")
	hugo.shot("supervisor-waiting")
	hugo.accessible()
	alice.await(id("my-queue-support-n1"), "1")
	alice.shot("agent-idle")

	alice.click("ready")
	assertPop(t, alice)
	alice.shot("agent-pop")
	alice.accessible()
	hugo.await(id("agent-alice")+"[data-state=offered]", "")
	alice.click("answer")
	alice.await(id("connected"), "")
	call.await(t, cdr.KindConnected)
	popWasAhead(alice, call.visit, 1)
	hugo.await(id("agent-alice")+"[data-state=connected]", "Marie Dupont")
	hugo.await(supportLine+id("talking"), "1")
	hugo.shot("supervisor-talking")

	assertBothWays(t, alice, call)
	assertTimerRuns(t, alice)

	alice.click("create-ticket") // two clicks, and it is there
	alice.click("ticket-submit")
	alice.await(id("linked-tickets")+" "+id("ticket"), "")
	ticket := alice.attribute(id("linked-tickets")+" "+id("ticket"), "data-ticket")
	alice.shot("agent-talk")
	alice.accessible()

	alice.fill(id("note"), "VPN : certificat renouvelé, à vérifier demain.")
	alice.await(id("note-status")+"[data-status=kept]", "")
	alice.click("hangup")
	call.gone(t)
	alice.await(id("wrap-up"), "")
	alice.await(id("other-number")+" "+id("call-again"), "Rappeler")
	alice.check("disposition-resolved")
	alice.shot("agent-wrap-up")
	alice.accessible()
	alice.click("close")
	alice.await(id("state")+"[data-state=ready]", "")
	alice.await(id("today-handled"), oneMore(t, handled))
	hugo.await(id("agent-alice")+"[data-state=ready]", "")

	call.await(t, cdr.KindTicketNoted)
	call.told(t, "arrived", "flow-started", "identified", "menu-chosen", "queue-entered", "wait-estimated", "offered", "popped", "rung",
		"offer-ended", "queue-left", "connected", "ticket-linked", "talk-ended", "ended", "noted", "wrapped-up", "ticket-noted")
	r := s.record(t, call.visit)
	assertFirstRecord(t, r, ticket)
	s.assertNoted(t, ticket, call.id, "VPN : certificat renouvelé")
	s.assertNoted(t, ticket, call.id, "Saisie post-appel : Alice Moreau, Résolu") // by their names
	if made := s.ticketsOf(t, call.id); !slices.Equal(made, []string{ticket}) {
		t.Errorf("tickets that carry the call's ID: %v, want only %s", made, ticket)
	}
}

// hasCalledBefore leaves a call of somebody behind, for the next pop to show.
func (s *stack) hasCalledBefore(t *testing.T, who identity) {
	t.Helper()
	earlier := s.dial(t, who, helpdesk)
	earlier.await(t, cdr.KindIdentified)
	earlier.hangUp(t)
	earlier.await(t, cdr.KindEnded)
	s.record(t, earlier.visit)
}

// assertPop asserts what the pop says of the caller.
func assertPop(t *testing.T, alice *page) {
	t.Helper()
	alice.await(id("pop"), "")
	assertCard(t, alice)
	alice.shows(id("pop-queue"), "Support niveau 1")
	alice.shows(id("pop-why"), "libre depuis le plus longtemps")
	alice.shows(id("pop-menu"), "Incident")
	alice.shows(id("pop-menu"), "touche 1")
	alice.shows(id("pop-wait"), "En attente depuis")
	alice.await(id("history")+" "+id("past-call"), "Terminé dans le SVI")
	alice.unfoldTickets()
	alice.await(id("ticket"), "VPN coupé depuis ce matin")
	alice.await(id("ticket")+":has-text('VPN coupé depuis ce matin') "+id("ticket-sla")+"[data-verdict=good]", "reste")
}

// assertCard asserts who the pop says it is.
func assertCard(t *testing.T, alice *page) {
	t.Helper()
	alice.shows(id("pop-name"), "Marie Dupont")
	if n := alice.attribute(id("pop-number"), "data-number"); n != marie.number {
		t.Errorf("the pop's number is %q", n)
	}
	alice.await(id("other-number"), "+33 1 99 00 11 01")
	alice.shows(id("pop-vip"), "VIP")
	alice.shows(id("pop-site"), "Lille")
	alice.shows(id("pop-language"), "Parle français")
	alice.await(id("pop-verified")+"[data-verified=number]", "Numéro connu")
}

// popPatience is how long a page that gets no frame holds the phone (popped.ts).
const popPatience = 120 * time.Millisecond

// popWasAhead asserts that a page's newest pop was painted before its phone had the
// INVITE, and that the ledger says so too. A page that a busy machine keeps from
// painting is waited for as long as is promised, and not longer: by itself, since the
// pop is in the document, and by the controller, since the offer.
func popWasAhead(p *page, v visit, n int) {
	p.t.Helper()
	type seen struct {
		Pops    []struct{ Came, Painted float64 }
		Invites []float64
	}
	e := evaluate[seen](p, "window.e2e")
	if len(e.Pops) != n || len(e.Invites) != n || e.Pops[n-1].Painted == 0 {
		p.t.Errorf("%s had %d calls, with the pops %+v and %d INVITEs", p.name, n, e.Pops, len(e.Invites))
		return
	}
	beforeINVITE := func(at float64) time.Duration {
		return time.Duration((e.Invites[n-1] - at) * float64(time.Millisecond))
	}
	offered, rung := v.await(p.t, cdr.KindOffered), v.await(p.t, cdr.KindRung)
	held, ahead := beforeINVITE(e.Pops[n-1].Came), beforeINVITE(e.Pops[n-1].Painted).Round(time.Millisecond)
	waited := rung.At.Sub(offered.At).Round(time.Millisecond)
	p.t.Logf("%s: offer → phone %s; painted → INVITE %s", p.name, waited, ahead)
	if popped := rung.Story.(cdr.Rung).Popped; popped && ahead < 0 && held < popPatience || !popped && waited < popPromised {
		p.t.Errorf("%s's phone had its INVITE %s before the pop was painted: %+v", p.name, -ahead, rung)
	}
}

// audio is what a browser's peer connection counts.
type audio struct{ In, Out, InEnergy, OutEnergy float64 }

const audioNow = `(async () => {
	const sum = { In: 0, Out: 0, InEnergy: 0, OutEnergy: 0 };
	for (const s of (await window.linekeeperPeer.getStats()).values()) {
		if (s.type === "inbound-rtp") { sum.In += s.packetsReceived; sum.InEnergy += s.totalAudioEnergy; }
		if (s.type === "outbound-rtp") sum.Out += s.packetsSent;
		if (s.type === "media-source") sum.OutEnergy += s.totalAudioEnergy;
	}
	return sum;
})()`

// assertBothWays asserts that audio goes both ways. The caller sends back what
// they hear, so what Alice hears has been at the caller and back.
func assertBothWays(t *testing.T, alice *page, call *caller) {
	t.Helper()
	alice.await(id("audio")+"[data-status=on]", "")
	channel := call.await(t, cdr.KindArrived).Story.(cdr.Arrived).Channel
	first := evaluate[audio](alice, audioNow)
	rx, tx := alice.s.rtp(t, channel)
	until(t, "audio goes both ways", patient, func() error {
		now := evaluate[audio](alice, audioNow)
		nowRX, nowTX := alice.s.rtp(t, channel)
		if now.In-first.In < 25 || now.Out-first.Out < 25 || now.InEnergy <= first.InEnergy || now.OutEnergy <= first.OutEnergy ||
			nowRX-rx < 25 || nowTX-tx < 25 {
			return fmt.Errorf("Alice: %+v after %+v; Asterisk with the caller: in %d, out %d", now, first, nowRX-rx, nowTX-tx)
		}
		return nil
	})
}

// assertTimerRuns asserts that the talk's time counts up.
func assertTimerRuns(t *testing.T, alice *page) {
	t.Helper()
	first := alice.text(id("timer"))
	until(t, "the talk's time counts up", patient, func() error {
		if now := alice.text(id("timer")); now <= first {
			return fmt.Errorf("%q after %q", now, first)
		}
		return nil
	})
}

func assertFirstRecord(t *testing.T, r cdr.Record, ticket string) {
	t.Helper()
	if r.Outcome != cdr.OutcomeAnswered || r.Cause != cdr.EndHangup || r.EndedBy != cdr.ByAgent {
		t.Errorf("the record ends %s, %s by %s", r.Outcome, r.Cause, r.EndedBy)
	}
	if r.Number != helpdesk || r.Caller.Number != marie.number || r.Contact == nil || r.Contact.ID != "marie-dupont" || r.Flow != "helpdesk" {
		t.Errorf("the record's head: %+v", r)
	}
	if len(r.Menu) != 1 || r.Menu[0].Digit != "1" || r.Menu[0].Choice != "Incident" {
		t.Errorf("the record's menu: %+v", r.Menu)
	}
	if len(r.Visits) != 1 || r.Visits[0].Cause != cdr.LeftAnswered || r.Visits[0].Waited <= 0 {
		t.Errorf("the record's queues: %+v", r.Visits)
	}
	if len(r.Offers) != 1 || r.Offers[0].Agent != "alice" || r.Offers[0].PoppedAt.IsZero() || len(r.Offers[0].Why) == 0 {
		t.Errorf("the record's offers: %+v", r.Offers)
	}
	if len(r.Talks) != 1 || r.Talks[0].Agent != "alice" || r.Talks[0].Talked <= 0 || r.Talks[0].By != cdr.ByAgent {
		t.Errorf("the record's talks: %+v", r.Talks)
	}
	if len(r.WrapUps) != 1 || r.WrapUps[0].Disposition != "resolved" || !strings.HasPrefix(r.WrapUps[0].Note, "VPN") {
		t.Errorf("the record's wrap-ups: %+v", r.WrapUps)
	}
	if len(r.Tickets) != 1 || r.Tickets[0].Ticket != ticket || !r.Tickets[0].Created || r.Tickets[0].NotedAt.IsZero() {
		t.Errorf("the record's tickets: %+v, want %s", r.Tickets, ticket)
	}
}

// assertNoted asserts that the call's record stands on a ticket exactly once,
// and says something.
func (s *stack) assertNoted(t *testing.T, ticket string, call cdr.CallID, says string) {
	t.Helper()
	if _, ofCall := s.comments(t, ticket, call); ofCall != 1 {
		t.Errorf("ticket %s has %d comments of call %s, want 1", ticket, ofCall, call)
	}
	if text := s.commentText(t, ticket); !strings.Contains(text, says) || !strings.Contains(text, string(call)) {
		t.Errorf("the comment on ticket %s does not say %q:\n%s", ticket, says, text)
	}
}

// oneMore is the next number of a counter on a page.
func oneMore(t *testing.T, text string) string {
	t.Helper()
	var n int
	if _, err := fmt.Sscan(text, &n); err != nil {
		t.Fatalf("%q is no number: %v", text, err)
	}
	return fmt.Sprint(n + 1)
}

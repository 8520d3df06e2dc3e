package e2e

import (
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/phone"
)

// makesATicket of the call, whose subject she writes over the one that stands there.
func (p *page) makesATicket(c *listener) (ticket string) {
	p.t.Helper()
	p.press("Alt+Shift+J")
	p.begins("ticket-subject")
	p.types("Imprimante du 2e étage")
	p.press("Enter")
	made := c.await(p.t, cdr.KindTicketLinked).Story.(cdr.TicketLinked)
	if !made.Created || made.Agent != p.name || made.Subject != "Imprimante du 2e étage" {
		p.t.Errorf("the ticket is %+v", made)
	}
	p.await(id("linked-tickets")+" [data-ticket='"+made.Ticket+"']", "Imprimante")
	return made.Ticket
}

// linksByKeys links a ticket that is there, by its number.
func (p *page) linksByKeys(c *listener, ticket string) {
	p.t.Helper()
	p.enters(id("link-ticket"))
	p.begins("ticket-number")
	p.types("#" + ticket)
	p.press("Enter")
	if linked := c.await(p.t, cdr.KindTicketLinked).Story.(cdr.TicketLinked); linked.Created || linked.Ticket != ticket {
		p.t.Errorf("linked was %+v, not %s", linked, ticket)
	}
	p.await(id("linked-tickets")+" [data-ticket='"+ticket+"']", "Imprimante")
}

// escalatesByKeys gives the call to the experts, chosen by the first letters of their
// name, with a word for them.
func (p *page) escalatesByKeys() {
	p.t.Helper()
	p.press("Alt+Shift+V")
	p.begins("escalate-queue")
	p.types("Exp")
	if chosen := evaluate[string](p, "document.activeElement.value"); chosen != "experts" {
		p.t.Fatalf("the letters choose queue %s", chosen)
	}
	p.tabTo("escalate-note")
	p.types("Pilote refusé, droits à revoir.")
	p.enters(id("escalate-send"))
	p.await(id("wrap-up"), "")
}

// recordsByKeys begins, pauses, goes on and stops. The control takes nothing more until
// what was asked before is answered.
func (p *page) recordsByKeys(c *listener) {
	p.t.Helper()
	shows := func(state, control string) {
		p.t.Helper()
		p.await(id("recording")+"[data-recording="+state+"]", "")
		p.await(control+"[aria-disabled=false]", "")
	}
	key := func(next string) string { return id("record") + "[data-do=" + next + "]" }
	shows("off", key("start"))
	p.press("Alt+Shift+E")
	c.await(p.t, cdr.KindRecordingBegan)
	shows("on", key("pause"))
	p.press("Alt+Shift+E")
	c.await(p.t, cdr.KindRecordingEnded)
	shows("paused", key("resume"))
	p.press("Alt+Shift+E")
	c.awaitNth(p.t, cdr.KindRecordingBegan, 2)
	shows("on", id("record-stop"))
	p.enters(id("record-stop"))
	c.awaitNth(p.t, cdr.KindRecordingEnded, 2)
	shows("off", key("start"))
}

// assistsByKeys chooses a tool of remote support and has its code read out.
func (p *page) assistsByKeys(c *listener) {
	p.t.Helper()
	p.press("Alt+Shift+Z")
	p.begins("support-open")
	p.press("Shift+Tab")
	p.begins("support-tool-room")
	p.press("ArrowDown")
	p.await(id("support-code"), "")
	p.tabTo("support-code")
	p.types("1234")
	p.await(id("support-code")+"[data-fits=true]", "")
	p.enters(id("support-read"))
	if used := c.await(p.t, cdr.KindSupportLinked).Story.(cdr.SupportLinked); used.Tool != "screen" || used.Code != "1234" || used.How != cdr.SupportRead {
		p.t.Errorf("used was %+v", used)
	}
	p.await(id("support-said")+" svg", "")
	p.press("Escape")
	p.gone(id("support-panel"))
	p.begins("support")
}

// promisesByKeys promises the caller another call, at the second of the times that one
// says at once.
func (p *page) promisesByKeys(of *listener) (promise visit) {
	p.t.Helper()
	since := of.follower.last()
	p.press("Alt+Shift+Y")
	p.await(id("follow-up-form"), "")
	p.begins("followUp")
	p.tabTo("quick-hour")
	p.press("ArrowDown")
	p.gone(id("quick-hour") + ":checked")
	p.tabTo("follow-up-note")
	p.types("Redemander si tout imprime.")
	p.enters(id("follow-up-send"))
	p.await(id("said"), "Rappel promis")
	f := of.follower.await(p.t, "the promise of call "+string(of.id), since, func(f cdr.Fact) bool {
		s, is := f.Story.(cdr.FollowUpAsked)
		return is && s.Of == of.id
	})
	if s := f.Story.(cdr.FollowUpAsked); s.Agent != p.name || s.Note != "Redemander si tout imprime." || !s.Mine || s.Number != of.number {
		p.t.Errorf("promised was %+v", s)
	}
	return visit{of.follower, f.Call}
}

// givesUpByKeys gives up what the page lists as promised, where another promise that
// somebody else gave up is no more.
func (p *page) givesUpByKeys(promise, gone visit) {
	p.t.Helper()
	p.await(id("promised-"+string(promise.id)), "")
	p.gone(id("promised-" + string(gone.id)))
	p.enters(id("promised-"+string(promise.id)) + " " + id("promise-cancel"))
	p.begins("promise-keep") // the answer that changes nothing
	p.press("Shift+Tab")
	p.begins("promise-cancel-sure")
	p.press("Enter")
	promise.await(p.t, cdr.KindEnded)
	p.gone(id("promised-" + string(promise.id)))
	p.begins("idle")
}

// callsByKeys: Adèle calls a number from wherever she is, talks, hangs up and closes the
// call.
func (p *page) callsByKeys(t *testing.T, outside *phone.Phone) {
	t.Helper()
	since := p.s.ledger.last()
	number := stranger()
	p.press("Alt+Shift+W")
	p.begins("dial-number")
	p.types("0" + number[len("+33"):])
	p.await(id("dial-dialog")+" "+id("dialled-as"), spaced(number))
	p.press("Enter")
	f := p.s.ledger.await(t, "the call to "+number, since, func(f cdr.Fact) bool {
		d, is := f.Story.(cdr.Dialled)
		return is && d.Agent == p.name && d.Number == number
	})
	customer := pickUp(t, rings(t, outside))
	p.await(id("connected"), "")
	p.hears()
	p.press("Alt+Shift+H")
	over(t, "the customer", customer)
	p.await(id("wrap-up"), "")
	p.closesByKeys("close-pause")
	p.picksByKeys("close-reason-pause")
	p.await(id("state")+"[data-state=not-ready]", "")
	assertSound(t, p.s.record(t, visit{p.s.ledger, f.Call}))
}

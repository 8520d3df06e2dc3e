package e2e

import (
	"testing"
	"time"

	"linekeeper/cdr"
)

// TestAPromiseComesDueOnThePage: Alice promises a caller another call and has it in her
// list. At its time her page says what it is about, and rings; she answers, the customer
// is called, and they talk.
func TestAPromiseComesDueOnThePage(t *testing.T) {
	s := begin(t)
	outside := s.outside(t)
	alice := s.console(t, "alice")
	c := s.reaches(t, alice)
	hangUp(t, c.Call)
	alice.await(id("wrap-up"), "")
	const note = "Dire si la facture est partie."
	due := time.Now().Add(6 * time.Second).Truncate(time.Second)
	call, asked := alice.promises(c.visit, note, func() { alice.fill(id("follow-up-at"), alice.asTyped(due)) })
	if !asked.At.Equal(due) || asked.Number != c.number {
		t.Errorf("promised was %+v, for %s to %s", asked, due, c.number)
	}
	closeCall(alice, "follow-up", "Promis.") // and is not ready: nothing is made of it yet
	alice.await(id("promised-"+string(call.id)), note)
	alice.shot("agent-promised")

	rung := alice.invites()
	alice.click("ready")
	alice.ringsAt(rung)
	if offered := call.await(t, cdr.KindOffered); offered.At.Before(due) {
		t.Errorf("it was promised for %s, and offered at %s", due, offered.At)
	}
	about := id("promise-note") + "[data-of='" + string(c.id) + "']"
	alice.await(id("pop")+" "+about, note)
	alice.shows(id("pop-number"), spaced(c.number))
	alice.shot("agent-promise-due")
	alice.click("answer")
	ring := rings(t, outside)
	if ring.Dialled != c.number {
		t.Errorf("%s rings, and %s was promised", ring.Dialled, c.number)
	}
	alice.await(id("customer-rings"), "")
	customer := pickUp(t, ring)
	alice.await(id("connected")+" "+about, note)
	listens(t, "the customer", customer)
	alice.hears()
	alice.accessible()
	hangUp(t, customer)
	closeCall(alice, "resolved", "Elle est partie.")
	call.await(t, cdr.KindWrappedUp)
	s.assertPromiseKept(t, call, c)
}

// asTyped is a time as one types it into the page, which is in Paris.
func (p *page) asTyped(at time.Time) string {
	p.t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		p.t.Fatal(err)
	}
	return at.In(paris).Format("2006-01-02T15:04:05")
}

// assertPromiseKept asserts what the record says of a promise that Alice has kept.
func (s *stack) assertPromiseKept(t *testing.T, call visit, first *listener) {
	t.Helper()
	r := s.record(t, call)
	assertCalledBack(t, r)
	if f := r.FollowUp; f == nil || f.Of != first.id || f.Agent != "alice" || !f.Mine || r.Direction != cdr.Outward || r.Caller.Number != first.number {
		t.Errorf("the record: %s to %s, %+v", r.Direction, r.Caller.Number, f)
	}
	if len(r.Talks) != 1 || r.Talks[0].Agent != "alice" || r.EndedBy != cdr.ByCaller || len(r.WrapUps) != 1 || r.WrapUps[0].Note != "Elle est partie." {
		t.Errorf("the record: talks %+v, ended by %s, wrap-ups %+v", r.Talks, r.EndedBy, r.WrapUps)
	}
}

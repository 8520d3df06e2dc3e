package e2e

import (
	"errors"
	"slices"
	"testing"

	"linekeeper/cdr"
)

// twice presses a button twice, as people do who are used to other programs.
func (p *page) twice(testid string) {
	p.t.Helper()
	p.do("twice", map[string]any{"at": id(testid)})
}

// pressesTwice: each thing is done once, or done and taken back; nothing is said to
// have failed, and nothing is left halfway.
func (r *races) pressesTwice(t *testing.T) {
	r.adele.do("reload", map[string]any{}) // what was said before is said no more
	r.adele.atDesk()
	rung := r.adele.invites()
	r.adele.twice("ready")
	r.adele.await(id("state")+"[data-state=ready]", "")
	c := r.calls(t, "solo")
	r.adele.ringsAt(rung)
	r.adele.twice("answer")
	r.adele.await(id("connected"), "")
	heardBothWays(r.adele, c)

	r.adele.twice("hold")
	c.await(t, cdr.KindHoldBegan)
	until(t, "it is held, or taken back by the second press", patient, func() error {
		if c.count(cdr.KindHoldEnded) == 0 && r.adele.count(id("hold")+"[data-on]") == 0 {
			return errors.New("neither")
		}
		return nil
	})
	if c.count(cdr.KindHoldEnded) == 0 {
		r.together(t, c.id, 1)
		r.adele.click("hold")
	}
	c.await(t, cdr.KindHoldEnded)
	r.together(t, c.id, 2)
	heardBothWays(r.adele, c)
	if n := c.count(cdr.KindHoldBegan); n != 1 {
		t.Errorf("held %d times", n)
	}
	r.adele.twice("hangup")
	over(t, "the caller", c.Call)
	r.adele.await(id("wrap-up"), "")
	r.adele.check("disposition-resolved")
	r.adele.twice("close")
	r.adele.await(id("state")+"[data-state=ready]", "")
	if said := r.adele.text(id("said")); said != "" {
		t.Errorf("the page says %q", said)
	}
	c.await(t, cdr.KindWrappedUp)
	for _, once := range []cdr.Kind{cdr.KindOfferEnded, cdr.KindConnected, cdr.KindHoldBegan, cdr.KindHoldEnded, cdr.KindTalkEnded, cdr.KindWrappedUp} {
		if n := c.count(once); n != 1 {
			t.Errorf("%s is told %d times", once, n)
		}
	}
	assertSound(t, r.record(t, c.visit))

	no := r.rung(t, "solo", r.adele)
	r.adele.twice("reject")
	r.adele.await(id("state")+"[data-state=not-ready]", "")
	if said := r.adele.text(id("said")); said != "" {
		t.Errorf("the page says %q", said)
	}
	hangUp(t, no.Call)
	r.settled(t, no)
}

// cut cuts the page's websockets to a path.
func (p *page) cut(path string) {
	p.t.Helper()
	if n := evaluate[int](p, `window.e2e.cut("`+path+`")`); n != 1 {
		p.t.Fatalf("%s's page had %d connections to %s", p.name, n, path)
	}
}

const (
	liveSocket = "/api/v1/live"
	sipSocket  = "/sip"
)

// cutWhileItRings: the console comes back by itself, with the offer, which is answered.
// Without its phone's line the ring reaches nobody: the caller is Basile's at once, and
// Adèle has missed nothing.
func (r *races) cutWhileItRings(t *testing.T) {
	c := r.rung(t, "solo", r.adele)
	r.adele.cut(liveSocket)
	r.adele.click("answer")
	c.await(t, cdr.KindConnected)
	r.adele.await(id("live-status")+"[data-status=live]", "")
	r.adele.await(id("connected"), "")
	heardBothWays(r.adele, c)
	hangUp(t, c.Call)
	if rec := r.settled(t, c); len(rec.Offers) != 1 {
		t.Errorf("the offers: %+v", rec.Offers)
	}

	missed := r.adele.text(id("today-missed"))
	c = r.rung(t, "ten", r.adele)
	rung := r.basile.invites()
	r.basile.beReady()
	r.adele.cut(sipSocket)
	r.basile.ringsAt(rung)
	r.basile.click("answer")
	r.basile.await(id("connected"), "")
	heardBothWays(r.basile, c)
	r.adele.await(id("desk")+"[data-stage=idle]", "")
	r.adele.await(id("state")+"[data-state=ready]", "")
	if m := r.adele.text(id("today-missed")); m != missed {
		t.Errorf("Adèle has missed %s, and %s before", m, missed)
	}
	hangUp(t, c.Call)
	rec := r.settled(t, c)
	if _, outcomes := offers(rec); !slices.Equal(outcomes, []cdr.OfferOutcome{cdr.OfferLost, cdr.OfferAnswered}) {
		t.Errorf("the offers ended %v", outcomes)
	}
}

// answered has Adèle answer as people do: when there is a pop they answer it, and
// when they are not ready any more they say that they are.
func (r *races) answered(t *testing.T, c *listener) {
	t.Helper()
	const pop, away, talk = "[data-testid=answer][aria-disabled=false]", "[data-testid=state][data-state=not-ready]", "[data-testid=connected]"
	ends := func() int { return c.count(cdr.KindConnected) + c.count(cdr.KindOfferEnded) }
	for {
		before := ends()
		r.adele.await(pop+", "+away+", "+talk, "")
		switch {
		case r.adele.count(talk) > 0:
			return
		case r.adele.count(away) > 0:
			r.adele.click("ready")
			r.adele.await("[data-testid=state]:not([data-state=not-ready])", "")
		case evaluate[bool](r.adele, `(b => { b?.click(); return !!b; })(document.querySelector("`+pop+`"))`):
			// What was pressed has an end: the talk, or another offer.
			until(t, "the offer ends", patient, func() error {
				if ends() == before {
					return errors.New(tell(c.facts()))
				}
				return nil
			})
		}
	}
}

// cutInTheTalk: neither the console's connection nor the phone's line is the talk.
func (r *races) cutInTheTalk(t *testing.T) {
	c := r.talking(t, "solo")
	for _, path := range []string{liveSocket, sipSocket} {
		r.adele.cut(path)
		heardBothWays(r.adele, c)
		r.adele.atDesk()
		r.adele.await(id("connected"), "")
		heardBothWays(r.adele, c)
	}
	r.adele.click("hold") // Asterisk and the page know each other's new ways
	c.await(t, cdr.KindHoldBegan)
	r.adele.await(id("hold")+"[data-on]", "")
	r.adele.click("hold")
	c.await(t, cdr.KindHoldEnded)
	heardBothWays(r.adele, c)
	r.adele.click("hangup")
	if rec := r.settled(t, c); len(rec.Talks) != 1 || rec.EndedBy != cdr.ByAgent {
		t.Errorf("the record: talks %+v, ended by %s", rec.Talks, rec.EndedBy)
	}
}

// reloadsWhileItRings: the new page has the caller again, and its phone rings.
func (r *races) reloadsWhileItRings(t *testing.T) {
	c := r.rung(t, "solo", r.adele)
	r.adele.do("reload", map[string]any{})
	r.adele.atDesk()
	r.answered(t, c)
	heardBothWays(r.adele, c)
	hangUp(t, c.Call)
	if rec := r.settled(t, c); len(rec.Talks) != 1 {
		t.Errorf("the talks: %+v", rec.Talks)
	}
}

// secondTab: a talk goes on in the tab that has it while a second one takes over; the
// next call rings there, and in the first no more, until that takes over again. So does
// another machine.
func (r *races) secondTab(t *testing.T) {
	c := r.talking(t, "solo")
	other := &page{t: t, s: r.stack, d: r.adele.d, name: "adele-2"}
	other.do("beside", map[string]any{"of": "adele", "url": r.env["LAB_HTTP"] + "/"})
	t.Cleanup(other.close)
	other.await(id("phone-take-over"), "")
	other.await(id("connected"), "")
	heardBothWays(r.adele, c)
	other.click("phone-take-over")
	other.atDesk()
	r.adele.await(id("phone-status")+"[data-status=elsewhere]", "")
	heardBothWays(r.adele, c)

	other.click("hold") // each of them controls the call
	c.await(t, cdr.KindHoldBegan)
	r.adele.await(id("hold")+"[data-on]", "")
	r.adele.click("hold")
	c.await(t, cdr.KindHoldEnded)
	heardBothWays(r.adele, c)
	other.click("hangup")
	over(t, "the caller", c.Call)
	other.wrapsUp("Close depuis l’autre onglet.")
	r.settled(t, c)

	rung := r.adele.invites()
	next := r.calls(t, "solo")
	other.ringsAt(0)
	r.adele.await(id("pop")+" "+id("answer-on-phone"), "")
	other.click("answer")
	other.await(id("connected"), "")
	heardBothWays(other, next)
	if n := r.adele.invites(); n != rung {
		t.Errorf("the first tab's phone rang too")
	}
	hangUp(t, next.Call)
	other.wrapsUp("Deuxième onglet.")
	r.settled(t, next)
	r.adele.click("phone-take-over")
	r.adele.atDesk()
	other.await(id("phone-status")+"[data-status=elsewhere]", "")
	r.secondMachine(t)
}

// secondMachine: Adèle takes her phone over at another machine, and here again. When she
// signs out there, she is not out of the queue: the next call rings here.
func (r *races) secondMachine(t *testing.T) {
	t.Helper()
	other := &page{t: t, s: r.stack, d: r.adele.d, name: "adele-3"}
	other.do("open", map[string]any{"url": r.env["LAB_HTTP"] + "/", "light": true})
	t.Cleanup(other.close)
	other.fill("input[name=name]", "adele")
	other.fill("input[name=password]", "adele-lab")
	other.click("sign-submit")
	other.click("phone-take-over")
	other.atDesk()
	r.adele.await(id("phone-status")+"[data-status=elsewhere]", "")
	r.adele.click("phone-take-over")
	r.adele.atDesk()
	other.click("sign-out")
	other.await("input[name=name]", "")

	rung := r.adele.invites()
	c := r.calls(t, "solo")
	r.adele.ringsAt(rung)
	r.adele.takes(c)
	hangUp(t, c.Call)
	r.settled(t, c)
}

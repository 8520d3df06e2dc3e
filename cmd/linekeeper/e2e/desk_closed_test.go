package e2e

import (
	"slices"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// TestAPageThatIsClosed: somebody closes the window, or it dies, and nobody opens it
// again: while the phone rings there, while a colleague is asked, while the colleague's
// phone rings. Basile has the caller each time, and there is one right state, on the
// floor, in Asterisk and in the record.
func TestAPageThatIsClosed(t *testing.T) {
	w := desks(t)
	r := &races{world: w, floor: w.watch(t)}
	basile := w.seat(t, "basile")
	r.basile = basile
	r.basile.rest(r.floor)
	for _, p := range []struct {
		name, agent string
		goes        func(p *page)
		when        func(t *testing.T, goes func(p *page))
	}{
		{"closed while it rings", "denis", (*page).shut, r.goneWhileItRings},
		{"dead while it rings", "elsa", (*page).dies, r.goneWhileItRings},
		{"closed while a colleague is asked", "felix", (*page).shut, r.goneInConsult},
		{"dead while a colleague is asked", "ginette", (*page).dies, r.goneInConsult},
		{"closed while a colleague's phone rings", "henri", (*page).shut, r.goneBeforeConsult},
	} {
		t.Run(p.name, func(t *testing.T) {
			r.basile = basile.in(t)
			r.adele = w.seat(t, p.agent)
			r.adele.rest(r.floor)
			defer func() {
				w.nothingLeft(t)
				r.basile.rest(r.floor)
				r.basile.await(id("desk")+"[data-stage=idle]", "")
			}()
			p.when(t, p.goes)
		})
	}
	basile.complaints()
}

// shut closes the page by its cross.
func (p *page) shut() {
	p.t.Helper()
	p.do("shut", map[string]any{})
}

// dies has the page's process end, which says goodbye to nobody.
func (p *page) dies() {
	p.t.Helper()
	p.do("die", map[string]any{})
}

// goneWhileItRings: the caller is Basile's. Who is gone has missed the call when their
// page said so as it was closed, and not when it died; no call is offered to it either way.
func (r *races) goneWhileItRings(t *testing.T, goes func(p *page)) {
	who := r.adele.name
	missed := r.floor.State().Agents[who].Missed
	c := r.rung(t, "ten", r.adele)
	rung := r.basile.invites()
	r.basile.beReady()
	goes(r.adele)
	r.basile.ringsAt(rung)
	r.basile.click("answer")
	r.basile.await(id("connected"), "")
	heardBothWays(r.basile, c)
	r.together(t, c.id, 2)
	r.phoneIs(t, who, cdr.PhoneAway)
	next := r.calls(t, "ten")
	next.unasked(t)
	hangUp(t, next.Call)

	r.basile.click("hangup")
	rec := r.closedBy(t, c)
	agents, outcomes := offers(rec)
	if !slices.Equal(agents, []string{who, "basile"}) || outcomes[1] != cdr.OfferAnswered {
		t.Errorf("offered to %v, ended %v", agents, outcomes)
	}
	r.agrees(t, who, missed, outcomes[0])
	if len(rec.Talks) != 1 || rec.Talks[0].Agent != "basile" || len(rec.PhoneLosses) != 0 {
		t.Errorf("the record: talks %+v, phones lost %+v", rec.Talks, rec.PhoneLosses)
	}
}

// agrees asserts that the floor says of who is gone what the record says of their offer.
func (r *races) agrees(t *testing.T, who string, missed int, ended cdr.OfferOutcome) {
	t.Helper()
	a := r.floor.State().Agents[who]
	t.Logf("the offer to %s ended %s; %s is %s", who, ended, who, a.State)
	switch {
	case a.Call != "":
		t.Errorf("%s, whose page is gone, has call %s", who, a.Call)
	case ended == cdr.OfferRingNoAns && (a.State != cdr.NotReady || a.Missed != missed+1),
		ended == cdr.OfferLost && (a.State != cdr.Ready || a.Missed != missed):
		t.Errorf("the offer to %s ended %s, and %s is %+v", who, ended, who, a)
	case ended != cdr.OfferRingNoAns && ended != cdr.OfferLost:
		t.Errorf("the offer to %s, whose page is gone, ended %s", who, ended)
	}
}

// closedBy has Basile close the call, and gives its record: whole.
func (r *races) closedBy(t *testing.T, c *listener) cdr.Record {
	t.Helper()
	over(t, "the caller", c.Call)
	r.basile.wrapsUp("Réglé par Basile.")
	rec := r.record(t, c.visit)
	assertSound(t, rec)
	return rec
}

// goneInConsult: the caller is with Basile, who was asked, at once.
func (r *races) goneInConsult(t *testing.T, goes func(p *page)) {
	c := r.consulting(t)
	goes(r.adele)
	r.isBasiles(t, c)
}

// goneBeforeConsult: Basile's phone goes on ringing, and the caller is his when he
// answers.
func (r *races) goneBeforeConsult(t *testing.T, goes func(p *page)) {
	c := r.talking(t, "ten")
	r.asksBasile()
	goes(r.adele)
	sees(t, "who asked has no talk any more", r.floor, func(s deskclient.State) bool {
		return s.Agents[r.adele.name].State == cdr.WrapUp
	})
	r.basile.click("answer")
	r.basile.await(id("connected"), "")
	r.isBasiles(t, c)
}

// isBasiles asserts that Basile has the caller, and that who asked him has their
// wrap-up open until somebody closes it.
func (r *races) isBasiles(t *testing.T, c *listener) {
	t.Helper()
	who := r.adele.name
	c.await(t, cdr.KindTransferred)
	r.together(t, c.id, 2)
	heardBothWays(r.basile, c)
	r.phoneIs(t, who, cdr.PhoneAway)
	s := sees(t, who+" has a wrap-up", r.floor, func(s deskclient.State) bool { return s.Agents[who].State == cdr.WrapUp })
	if a, b := s.Agents[who], s.Agents["basile"]; a.Call != c.id || b.Call != c.id || b.State != cdr.OnCall {
		t.Errorf("%s is %+v, Basile %+v", who, a, b)
	}
	r.basile.click("hangup")
	over(t, "the caller", c.Call)
	r.adele.wrapUpAt(c.id, cdr.NotReady)
	rec := r.closedBy(t, c)
	var agents []string
	for _, talk := range rec.Talks {
		agents = append(agents, talk.Agent)
	}
	if !slices.Equal(agents, []string{who, "basile"}) || len(rec.PhoneLosses) != 0 || len(rec.WrapUps) != 2 {
		t.Errorf("the record: talks with %v, phones lost %+v, wrap-ups %+v", agents, rec.PhoneLosses, rec.WrapUps)
	}
}

package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// TestRacesAtTheDesk: what happens at once ends in one right state, for the people at
// their pages, on the floor, in Asterisk and in the record.
func TestRacesAtTheDesk(t *testing.T) {
	w := desks(t)
	r := &races{world: w, floor: w.watch(t)}
	pages := w.seats(t, "adele", "basile")
	r.adele, r.basile = pages[0], pages[1]
	each(t, pages, func(p *page) { p.rest(r.floor) })
	for _, p := range []part{
		{"two press answer in the same moment", r.twoAnswer},
		{"the caller hangs up as the agent answers", r.answersWhoIsGone},
		{"answer and reject in the same moment", r.answerAndReject},
		{"reject as the ring times out", r.rejectsTooLate},
		{"transfer as the caller hangs up", r.transfersWhoIsGone},
		{"transfer to a colleague who goes on a break", r.transfersToABreak},
		{"the colleague hangs up as they are given the call", r.completesToNobody},
		{"the page closes while a colleague is asked", r.pageGoesInConsult},
		{"the wrap-up ends as it is closed", r.wrapUpRunsOut},
		{"everything is pressed twice", r.pressesTwice},
		{"the network is cut in the talk", r.cutInTheTalk},
		{"the page is loaded anew while the phone rings", r.reloadsWhileItRings},
		{"a second tab takes over", r.secondTab},
		{"the network is cut while the phone rings", r.cutWhileItRings},
	} {
		t.Run(p.name, func(t *testing.T) {
			before := []*page{r.adele, r.basile}
			r.adele, r.basile = r.adele.in(t), r.basile.in(t)
			defer func() {
				if t.Failed() {
					w.clear(t)
				}
				w.nothingLeft(t)
				each(t, []*page{r.adele, r.basile}, func(p *page) {
					p.rest(r.floor)
					p.await(id("desk")+"[data-stage=idle]", "")
				})
				r.adele, r.basile = before[0], before[1]
			}()
			p.run(t)
		})
	}
	for _, p := range pages {
		p.crashes()
	}
}

// races are two consoles, of which the second may be missing, and what an administrator
// sees of the floor.
type races struct {
	*world
	floor         *deskclient.Live
	adele, basile *page
}

// ringsAt waits until the phone rings in a page whose pop is there.
func (p *page) ringsAt(invites int) {
	p.t.Helper()
	p.await(id("pop")+" "+id("answer"), "")
	until(p.t, p.name+"'s phone rings", patient, func() error {
		if n := p.invites(); n <= invites {
			return fmt.Errorf("it rang %d times in all", n)
		}
		return nil
	})
}

// invites is how often the phone of the page has rung.
func (p *page) invites() int {
	p.t.Helper()
	return evaluate[int](p, "window.e2e.invites.length")
}

// tap presses a button that may be gone in this very moment, and says whether it was
// there.
func (p *page) tap(testid string) bool {
	p.t.Helper()
	return evaluate[bool](p, `(b => { b?.click(); return !!b; })(document.querySelector("`+id(testid)+`"))`)
}

// rung has a caller of a queue ring these pages, which are ready.
func (r *races) rung(t *testing.T, queue string, pages ...*page) *listener {
	t.Helper()
	before := map[*page]int{}
	for _, p := range pages {
		before[p] = p.invites()
		p.beReady()
	}
	c := r.calls(t, queue)
	for _, p := range pages {
		p.ringsAt(before[p])
	}
	return c
}

// talking has a caller of a queue talk to Adèle.
func (r *races) talking(t *testing.T, queue string) *listener {
	t.Helper()
	c := r.rung(t, queue, r.adele)
	r.adele.click("answer")
	r.adele.await(id("connected"), "")
	heardBothWays(r.adele, c)
	return c
}

// settled waits until the board has no more of a call than its wrap-up, closes that,
// and gives the record: whole, each offer with its end, each talk with its own.
func (r *races) settled(t *testing.T, c *listener) cdr.Record {
	t.Helper()
	over(t, "the caller", c.Call)
	c.await(t, cdr.KindEnded)
	sees(t, "nobody talks or is rung any more", r.floor, func(s deskclient.State) bool {
		for _, name := range []string{"adele", "basile"} {
			if a := s.Agents[name]; a.Call == c.id && a.State != cdr.WrapUp {
				return false
			}
		}
		return true
	})
	for _, p := range []*page{r.adele, r.basile} {
		if p == nil {
			continue
		}
		if a := r.floor.State().Agents[p.name]; a.State == cdr.WrapUp && a.Call == c.id {
			p.wrapsUp("Réglé par " + p.name + ".")
		}
	}
	rec := r.record(t, c.visit)
	assertSound(t, rec)
	return rec
}

// assertSound asserts what is true of every record, whatever has happened at once.
func assertSound(t *testing.T, r cdr.Record) {
	t.Helper()
	answered := 0
	for _, o := range r.Offers {
		if o.Outcome == "" || o.EndedAt.IsZero() {
			t.Errorf("call %s: the offer to %s has no end: %+v", r.Call, o.Agent, o)
		}
		if o.Outcome == cdr.OfferAnswered {
			answered++
		}
	}
	for i, talk := range r.Talks {
		if talk.EndedAt.IsZero() || talk.EndedAt.Before(talk.ConnectedAt) {
			t.Errorf("call %s: the talk with %s has no end: %+v", r.Call, talk.Agent, talk)
		}
		if i > 0 && talk.ConnectedAt.Before(r.Talks[i-1].EndedAt) {
			t.Errorf("call %s: two agents had it at once: %+v", r.Call, r.Talks)
		}
	}
	for _, v := range r.Visits {
		if v.Cause == "" || v.LeftAt.IsZero() {
			t.Errorf("call %s is still in the queue: %+v", r.Call, v)
		}
	}
	if (r.Outcome == cdr.OutcomeAnswered) != (len(r.Talks) > 0) {
		t.Errorf("call %s ended as %s after %d talks", r.Call, r.Outcome, len(r.Talks))
	}
}

// answersWhoIsGone: Adèle has a wrap-up or she is ready, and nothing in between.
func (r *races) answersWhoIsGone(t *testing.T) {
	for range 3 {
		c := r.rung(t, "solo", r.adele)
		gone := make(chan struct{})
		go func() { defer close(gone); hangUp(t, c.Call) }()
		r.adele.tap("answer")
		<-gone
		rec := r.settled(t, c)
		if got := rec.Offers[0].Outcome; got != cdr.OfferAnswered && got != cdr.OfferCallerGone {
			t.Errorf("the offer ended %s", got)
		}
		r.adele.await(id("state")+"[data-state=ready]", "")
		r.adele.await(id("desk")+"[data-stage=idle]", "")
	}
}

// answerAndReject: whichever counts, counts alone.
func (r *races) answerAndReject(t *testing.T) {
	for _, order := range [][]string{{"answer", "reject"}, {"reject", "answer"}} {
		c := r.rung(t, "solo", r.adele)
		pressed(t, r.adele.button(order[0]), r.adele.button(order[1]))
		ended := c.await(t, cdr.KindOfferEnded).Story.(cdr.OfferEnded)
		switch ended.Outcome {
		case cdr.OfferAnswered:
			r.adele.await(id("connected"), "")
			heardBothWays(r.adele, c)
		case cdr.OfferRejected:
			r.adele.await(id("state")+"[data-state=not-ready]", "")
			r.adele.await(id("desk")+"[data-stage=idle]", "")
		default:
			t.Errorf("the offer ended %s", ended.Outcome)
		}
		t.Logf("%s, then %s: %s", order[0], order[1], ended.Outcome)
		hangUp(t, c.Call)
		if rec := r.settled(t, c); len(rec.Offers) != 1 {
			t.Errorf("it was offered again: %+v", rec.Offers)
		}
		r.adele.rest(r.floor)
	}
}

// rejectsTooLate: Adèle says no in the moment her time is over. She is not ready for
// one of the two reasons; the caller waits on.
func (r *races) rejectsTooLate(t *testing.T) {
	c := r.rung(t, "brief", r.adele)
	const ring = 6 * time.Second // of the queue
	ends := c.await(t, cdr.KindOffered).At.Add(ring)
	<-time.After(time.Until(ends) - 30*time.Millisecond)
	r.adele.tap("reject") // gone already: that is the other way this can end
	r.adele.await(id("state")+"[data-state=not-ready]", "")
	r.adele.await(id("desk")+"[data-stage=idle]", "")
	sees(t, "the caller waits on", r.floor, func(s deskclient.State) bool { return s.Calls[c.id].Place == 1 })
	hangUp(t, c.Call)
	rec := r.settled(t, c)
	if o := rec.Offers[0].Outcome; len(rec.Offers) != 1 || o != cdr.OfferRejected && o != cdr.OfferRingNoAns {
		t.Errorf("the offers: %+v", rec.Offers)
	}
	t.Logf("the offer ended %s", rec.Offers[0].Outcome)
}

// picks opens a picker of the call in hand and names a colleague.
func (p *page) picks(panel, colleague string) {
	p.t.Helper()
	p.click(panel)
	p.fill(id("target-search"), colleague)
	p.await(id("target-"+colleague), "")
}

// transfersWhoIsGone: the caller is gone, Basile is not kept for a call that is not.
func (r *races) transfersWhoIsGone(t *testing.T) {
	for range 2 {
		r.basile.rest(r.floor)
		c := r.talking(t, "ten")
		r.basile.beReady()
		r.adele.picks("transfer", "basile")
		gone := make(chan struct{})
		go func() { defer close(gone); hangUp(t, c.Call) }()
		r.adele.tap("target-choose")
		<-gone
		r.settled(t, c)
		r.basile.await(id("state")+"[data-state=ready]", "")
		r.basile.await(id("desk")+"[data-stage=idle]", "")
	}
}

// pageGoesInConsult: Adèle's page is loaded anew while she asks Basile: the caller is
// his at once, and she finds her wrap-up.
func (r *races) pageGoesInConsult(t *testing.T) {
	c := r.consulting(t)
	leave(r.adele, "location.reload()")
	c.await(t, cdr.KindTransferred)
	r.together(t, c.id, 2)
	heardBothWays(r.basile, c)
	r.adele.atDesk()
	r.adele.await(id("wrap-up"), "")
	r.basile.click("hangup")
	rec := r.settled(t, c)
	if len(rec.Talks) != 2 || rec.Talks[1].Agent != "basile" || len(rec.PhoneLosses) != 0 {
		t.Errorf("the record: talks %+v, phones lost %+v", rec.Talks, rec.PhoneLosses)
	}
}

// wrapUpRunsOut: a disposition comes in the moment the time is over and the next
// caller is offered. It counts or it does not; the next caller is Adèle's either way.
func (r *races) wrapUpRunsOut(t *testing.T) {
	c := r.talking(t, "blink")
	next := r.calls(t, "blink")
	next.await(t, cdr.KindQueueEntered)
	rung := r.adele.invites()
	hangUp(t, c.Call)
	ends := r.wrapsUp(t, "adele", c.id).Story.(cdr.AgentChanged).Until
	<-time.After(time.Until(ends) - 20*time.Millisecond)
	status := evaluate[int](r.adele, `fetch("/api/v1/calls/`+string(c.id)+`/wrap-up", {method: "POST",
		headers: {"Content-Type": "application/json"}, body: JSON.stringify({disposition: "resolved"})}).then((r) => r.status)`)
	if status != 204 && status != 409 {
		t.Errorf("the wrap-up is answered with %d", status)
	}
	r.adele.ringsAt(rung)
	r.adele.click("answer")
	r.adele.await(id("connected"), "")
	heardBothWays(r.adele, next)
	hangUp(t, next.Call)
	next.await(t, cdr.KindWrappedUp) // by its time
	assertSound(t, r.record(t, next.visit))
	rec := r.record(t, c.visit)
	assertSound(t, rec)
	if (status == 204) != slices.ContainsFunc(rec.WrapUps, func(w cdr.WrapUpNote) bool { return w.Disposition == "resolved" }) {
		t.Errorf("answered with %d, and the record has %+v", status, rec.WrapUps)
	}
}

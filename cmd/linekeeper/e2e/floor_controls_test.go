package e2e

import (
	"fmt"
	"slices"
	"testing"

	"linekeeper/cdr"
)

// TestTheControlsOfACall: one caller goes through everything a console can do with a
// call, from one agent to the next and out of the house, and is heard by whom it should
// and by nobody else at each step.
func TestTheControlsOfACall(t *testing.T) {
	w := desks(t)
	outside := w.outside(t)
	r := &races{world: w, floor: w.watch(t)}
	pages := w.seats(t, "adele", "basile", "clara")
	r.adele, r.basile = pages[0], pages[1]
	clara := pages[2]
	each(t, pages[1:], func(p *page) { p.rest(r.floor) })
	c := r.talking(t, "ten")

	r.adele.click("hold")
	r.adele.await(id("hold")+"[data-on]", "")
	r.together(t, c.id, 1)
	listens(t, "the caller, music,", c.Call)
	r.adele.shot("desk-held")
	r.adele.click("hold")
	c.await(t, cdr.KindHoldEnded)
	heardBothWays(r.adele, c)

	r.adele.click("mute")
	r.adele.await(id("mute")+"[aria-pressed=true]", "")
	hush(t, "the caller, while Adèle is muted,", c.Call)
	r.adele.click("mute")
	heardBothWays(r.adele, c)

	r.adele.click("keypad-open")
	for _, key := range []string{"1", "2", "#"} {
		r.adele.do("click", map[string]any{"at": `[data-testid="key-` + key + `"]`})
	}
	until(t, "the keys reach the caller", patient, func() error {
		if got := c.Keys(); got != "12#" {
			return fmt.Errorf("heard: %q", got)
		}
		return nil
	})
	r.adele.click("keypad-open")

	r.consults(t, c)
	r.adele.shot("desk-consult")
	r.adele.click("swap")
	r.adele.await(id("party-p1")+"[data-party-state=held]", "")
	heardBothWays(r.adele, c)
	r.adele.click("merge")
	r.together(t, c.id, 3)
	heardBothWays(r.adele, c)
	heardBothWays(r.basile, c)
	r.adele.shot("desk-conference")
	r.adele.accessible()

	r.adele.click("complete")
	r.adele.await(id("wrap-up"), "")
	r.together(t, c.id, 2)
	heardBothWays(r.basile, c)
	r.adele.wrapsUp("Passé à Basile.")

	// Level 2 sees what was said, and the caller says nothing twice.
	rung := clara.invites()
	clara.beReady()
	r.basile.click("escalate")
	r.basile.do("choose", map[string]any{"at": id("escalate-queue"), "value": "experts"})
	r.basile.fill(id("escalate-note"), "Certificat refusé depuis ce matin.")
	r.basile.click("escalate-send")
	clara.ringsAt(rung)
	clara.await(id("pop"), "Certificat refusé depuis ce matin.")
	clara.shot("desk-escalated")
	clara.click("answer")
	clara.await(id("connected"), "")
	heardBothWays(clara, c)
	r.basile.wrapsUp("Escaladé.") // in the place of his note, which Clara has seen

	clara.click("transfer")
	clara.check("to-number")
	clara.fill(id("target-search"), "01 99 00 56 07")
	clara.click("target-choose")
	ring := rings(t, outside)
	customer := pickUp(t, ring)
	clara.wrapsUp("Transféré au site.")
	listens(t, "the caller, by whom they were transferred to,", c.Call)
	listens(t, "whom they were transferred to", customer)
	hangUp(t, c.Call)
	over(t, "whom they were transferred to", customer)
	r.assertWay(t, c)
	for _, p := range pages {
		p.complaints()
	}
}

// consults has Adèle ask Basile while the caller hears music.
func (r *races) consults(t *testing.T, c *listener) {
	t.Helper()
	rung := r.basile.invites()
	r.basile.beReady()
	r.adele.picks("consult", "basile")
	r.adele.click("target-choose")
	r.basile.ringsAt(rung)
	r.basile.click("answer")
	r.adele.await(id("party-p1")+"[data-party-state=in]", "")
	r.together(t, c.id, 2)
	listens(t, "the caller, music,", c.Call)
}

// assertWay asserts what the record says of the call's way through the house.
func (r *races) assertWay(t *testing.T, c *listener) {
	t.Helper()
	c.await(t, cdr.KindEnded)
	rec := r.record(t, c.visit)
	assertSound(t, rec)
	var agents, to []string
	for _, talk := range rec.Talks {
		agents = append(agents, talk.Agent)
	}
	for _, h := range rec.Handovers {
		to = append(to, h.Target)
	}
	if want := []string{"adele", "basile", "clara"}; !slices.Equal(agents, want) {
		t.Errorf("the record has talks with %v, want %v", agents, want)
	}
	if want := []string{"basile", "experts", "+33199005607"}; !slices.Equal(to, want) {
		t.Errorf("the call was given to %v, want %v", to, want)
	}
	if last := rec.Visits[len(rec.Visits)-1]; !last.EnteredAt.Equal(rec.Visits[0].EnteredAt) {
		t.Errorf("with the experts the caller waits since %s, not since %s", last.EnteredAt, rec.Visits[0].EnteredAt)
	}
	if len(rec.Holds) == 0 || len(rec.Guests) != 1 || len(rec.WrapUps) != 3 {
		t.Errorf("the record: holds %+v, guests %+v, wrap-ups %+v", rec.Holds, rec.Guests, rec.WrapUps)
	}
}

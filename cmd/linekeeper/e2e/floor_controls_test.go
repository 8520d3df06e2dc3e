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

	r.consults(t, c, "p1")
	r.adele.shot("desk-consult")
	r.thanked(t, c)

	r.consults(t, c, "p2")
	r.swaps(t, c)
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

	r.backAndForth(t, c)
	r.asksOfAnotherQueue(t, clara)
	r.escalates(t, c, clara)

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

// consults has Adèle ask Basile, a party of the call by then, while the caller hears
// music.
func (r *races) consults(t *testing.T, c *listener, party string) {
	t.Helper()
	r.asksBasile()
	r.basile.click("answer")
	r.adele.await(id("party-"+party)+"[data-party-state=in]", "")
	r.together(t, c.id, 2)
	listens(t, "the caller, music,", c.Call)
}

// swaps has Adèle go to the caller and back to Basile. Who does not talk hears music, and
// nothing of what is said.
func (r *races) swaps(t *testing.T, c *listener) {
	t.Helper()
	c.Hum(secretly)
	r.adele.click("swap")
	r.adele.await(id("party-p2")+"[data-party-state=held]", "")
	r.togetherAre(t, c.visit, aCaller, "adele")
	heardBothWays(r.adele, c)
	r.adele.hearsPitch(secretly, pagesVoice)
	r.basile.hearsMusic(secretly)

	r.adele.click("swap")
	r.adele.await(id("party-p2")+"[data-party-state=in]", "")
	r.togetherAre(t, c.visit, "adele", "basile")
	listens(t, "the caller, music,", c.Call)
	for _, p := range []*page{r.adele, r.basile} {
		p.hearsPitch(pagesVoice, secretly)
	}
	c.Hum(callersVoice)
}

// thanked has Adèle let Basile go, who was only asked: the caller is back with her at
// once, and he is ready, with nothing to wrap up.
func (r *races) thanked(t *testing.T, c *listener) {
	t.Helper()
	r.adele.click("drop")
	r.adele.gone(id("parties"))
	r.basile.await(id("state")+"[data-state=ready]", "")
	r.basile.await(id("desk")+"[data-stage=idle]", "")
	r.together(t, c.id, 2)
	heardBothWays(r.adele, c)
}

// backAndForth has Basile give the caller to a queue, where Adèle is, and her to a flow,
// whose menu leads to Basile again.
func (r *races) backAndForth(t *testing.T, c *listener) {
	t.Helper()
	rung := r.adele.invites()
	r.basile.givesOn("queue", "Un seul poste", "solo")
	r.adele.ringsAt(rung)
	r.adele.await(id("pop"), "Basile Brun")
	listens(t, "the caller, music,", c.Call)
	r.adele.takes(c)
	r.basile.wrapsUp("Rendu à la file.")

	rung = r.basile.invites()
	r.adele.givesOn("flow", "ask", "ask")
	c.awaitNth(t, cdr.KindFlowStarted, 2)
	listens(t, "the caller, the menu,", c.Call)
	c.press(t, "2")
	r.basile.ringsAt(rung)
	r.basile.await(id("pop"), "Facturation")
	r.basile.takes(c)
	r.adele.wrapsUp("Renvoyé au menu.")
}

// givesOn transfers the caller to what has a name and an ID.
func (p *page) givesOn(kind, name, target string) {
	p.t.Helper()
	p.click("transfer")
	p.check("to-" + kind)
	p.fill(id("target-search"), name)
	p.check("target-" + target) // others may have as much in their names
	p.click("target-choose")
}

// takes answers, and hears the caller.
func (p *page) takes(c *listener) {
	p.t.Helper()
	p.click("answer")
	p.await(id("connected"), "")
	heardBothWays(p, c)
}

// asksOfAnotherQueue: Clara leaves the queue she shares with Basile, and has another name,
// while his page is open. He does not see how she is, and finds her by that name; she sees
// who asks, and is ready again when he lets her go.
func (r *races) asksOfAnotherQueue(t *testing.T, clara *page) {
	t.Helper()
	r.apply(t, r.with(t, "name: Clara Caron, queues: [ten, experts]", "name: Clara Carré, queues: [experts]"))
	clara.beReady()
	rung := clara.invites()
	r.basile.click("consult")
	r.basile.fill(id("target-search"), "carre")
	r.basile.await(id("targets"), "Clara Carré")
	if got := r.basile.text(id("targets")); got != "Clara Carré" {
		t.Errorf("of who is no colleague of his queues Basile sees %q, want the name alone", got)
	}
	r.basile.click("target-choose")
	clara.ringsAt(rung)
	clara.await(id("from-colleague"), "Basile Brun")
	clara.click("answer")
	r.basile.await(id("party-p3")+"[data-party-state=in]", "Clara Carré")
	r.basile.click("drop")
	r.basile.gone(id("parties"))
	clara.await(id("state")+"[data-state=ready]", "")
}

// escalates has Basile ask for somebody who knows enough of networks. Adèle, who has been
// free for longer, does not; Clara sees what was said and the ticket, which is the second
// line's by then, and the caller says nothing twice.
func (r *races) escalates(t *testing.T, c *listener, clara *page) {
	t.Helper()
	const note = "Certificat refusé depuis ce matin."
	r.basile.click("create-ticket")
	r.basile.click("ticket-submit")
	r.basile.await(id("linked-tickets")+" "+id("ticket"), "")
	ticket := r.basile.attribute(id("linked-tickets")+" "+id("ticket"), "data-ticket")
	r.inRTQueue(t, ticket, "Support")

	rung := clara.invites()
	clara.beReady()
	r.basile.click("escalate")
	r.basile.do("choose", map[string]any{"at": id("escalate-queue"), "value": "experts"})
	r.basile.do("choose", map[string]any{"at": id("escalate-skill"), "value": "network"})
	r.basile.fill(id("escalate-level"), "6")
	r.basile.await(id("escalate-ticket"), ticket+" → Escalade")
	r.basile.fill(id("escalate-note"), note)
	r.basile.click("escalate-send")
	r.basile.await(id("said"), ticket+" a suivi")
	clara.ringsAt(rung)
	clara.await(id("pop"), note)
	clara.shot("desk-escalated")
	clara.takes(c)
	clara.await(id("linked-tickets")+" [data-ticket='"+ticket+"']", "")
	r.inRTQueue(t, ticket, "Escalade")
	r.basile.wrapsUp("Escaladé.") // in the place of his note, which Clara has seen
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
	if want := []string{"adele", "basile", "adele", "basile", "clara"}; !slices.Equal(agents, want) {
		t.Errorf("the record has talks with %v, want %v", agents, want)
	}
	if want := []string{"basile", "solo", "ask", "experts", "+33199005607"}; !slices.Equal(to, want) {
		t.Errorf("the call was given to %v, want %v", to, want)
	}
	assertKnowsMore(t, rec.Offers[len(rec.Offers)-1], "clara", "adele")
	if v := rec.Visits; len(v) != 4 || !v[1].EnteredAt.Equal(v[0].EnteredAt) || !v[3].EnteredAt.Equal(v[2].EnteredAt) {
		t.Errorf("from queue to queue the caller does not keep since when they wait, which only the menu begins anew: %+v", v)
	}
	if len(rec.Holds) == 0 || len(rec.Guests) != 3 || len(rec.WrapUps) != 5 {
		t.Errorf("the record: holds %+v, guests %+v, wrap-ups %+v", rec.Holds, rec.Guests, rec.WrapUps)
	}
}

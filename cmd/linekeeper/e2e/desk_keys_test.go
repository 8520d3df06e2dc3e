package e2e

import (
	"fmt"
	"slices"
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/phone"
)

// TestADeskWithoutAMouse: two agents have calls from the offer to the wrap-up by keys
// alone, with others in the talk; their supervisor leads a line and an administrator
// gives a right so. Nobody loses the focus by what they do. Whoever does not see the offer
// is told of it. Keys that Adèle has changed work as she changed them, also when the page
// is loaded anew.
func TestADeskWithoutAMouse(t *testing.T) {
	w := desks(t)
	outside := w.outside(t)
	r := &races{world: w, floor: w.watch(t)}
	pages := w.seats(t, "adele", "basile")
	r.adele, r.basile = pages[0], pages[1]
	each(t, pages, func(p *page) { p.rest(r.floor) })

	hugo := w.entersByKeys(t, "hugo")

	c, ticket := r.firstByKeys(t)
	r.asksByKeys(t, c, outside)
	hugo.leadsByKeys(c)
	r.refusesByKeys(t, c, hugo)
	r.endsInLine(t, c)
	hugo.readsByKeys(c)
	hugo.countsByKeys("solo")
	r.secondByKeys(t)
	r.adele.changesAKey(t)
	r.thirdByOtherKeys(t, ticket, hugo)
	r.adele.callsByKeys(t, outside)
	admin := w.entersByKeys(t, "admin")
	admin.administersByKeys(c)
	maud := admin.promotesByKeys(t)
	for _, p := range append(pages, hugo, admin, maud) {
		p.complaints()
	}
}

// isReadyByKeys presses the key and waits until the board says so.
func (p *page) isReadyByKeys() {
	p.t.Helper()
	p.press("Alt+Shift+D")
	p.await(id("state")+"[data-state=ready]", "")
}

// ringsByKeys has a caller of a queue ring Adèle, and asserts that she is told of it
// without seeing it: who, and for which queue.
func (r *races) ringsByKeys(t *testing.T, queue, named string) *listener {
	t.Helper()
	rung := r.adele.invites()
	c := r.calls(t, queue)
	r.adele.ringsAt(rung)
	r.adele.await(id("announce")+"[role=alert]", named)
	r.adele.shows(id("announce"), spaced(c.number))
	if n := r.adele.count("[aria-hidden=true] " + id("announce") + ", [inert] " + id("announce")); n > 0 {
		t.Error("what is told is kept from who cannot see it")
	}
	return c
}

// firstByKeys: Adèle answers, holds, mutes, dials on, writes and makes a ticket.
func (r *races) firstByKeys(t *testing.T) (c *listener, ticket string) {
	t.Helper()
	adele := r.adele
	adele.isReadyByKeys()
	c = r.ringsByKeys(t, "solo", "Un seul poste")
	adele.accessibleInEveryLook()
	adele.press("Alt+Shift+R")
	adele.await(id("connected"), "")
	if said := adele.text(id("announce")); said != "" {
		t.Errorf("in the talk the page still announces %q", said)
	}
	heardBothWays(adele, c)

	adele.press("Alt+Shift+G")
	c.await(t, cdr.KindHoldBegan)
	adele.await(id("hold")+"[data-on]", "")
	adele.press("Alt+Shift+G")
	c.await(t, cdr.KindHoldEnded)
	adele.press("Alt+Shift+M")
	adele.await(id("mute")+"[aria-pressed=true]", "")
	c.await(t, cdr.KindMuteChanged)
	adele.press("Alt+Shift+M")
	adele.await(id("mute")+"[aria-pressed=false]", "")
	c.awaitNth(t, cdr.KindMuteChanged, 2)

	adele.press("Alt+Shift+K")
	adele.await(id("key-1"), "")
	adele.tabTo("key-1")
	adele.press("Enter")
	until(t, "the key reaches the caller", patient, func() error {
		if got := c.Keys(); got != "1" {
			return fmt.Errorf("heard: %q", got)
		}
		return nil
	})
	adele.press("Alt+Shift+K")
	adele.gone(id("key-1"))

	adele.press("Alt+Shift+O")
	adele.types("Imprimante du 2e : pilote réinstallé.")
	heardBothWays(adele, c) // no key she wrote with did anything else
	return c, adele.makesATicket(c)
}

// asksByKeys: Adèle asks Basile, goes back to the caller, has all three talk and others
// come and go, gives him the caller and goes on a break; he gives them to the experts and
// goes on a break too.
func (r *races) asksByKeys(t *testing.T, c *listener, outside *phone.Phone) {
	t.Helper()
	adele, basile := r.adele, r.basile
	rung := basile.invites()
	basile.isReadyByKeys()
	adele.press("Alt+Shift+C")
	adele.names("basile")
	basile.ringsAt(rung)
	basile.await(id("announce")+"[role=alert]", spaced(c.number))
	basile.press("Alt+Shift+R")
	adele.await(id("party-p1")+"[data-party-state=in]", "")
	adele.begins("connected") // where she pressed is nothing to press while he rings
	r.together(t, c.id, 2)
	adele.accessibleInEveryLook()
	adele.enters(id("swap"))
	adele.await(id("party-p1")+"[data-party-state=held]", "")
	heardBothWays(adele, c)
	adele.enters(id("merge"))
	r.together(t, c.id, 3)
	adele.begins("parties")
	r.holdsByKeys(t, c)
	r.addsByKeys(t, c, outside)
	adele.enters(id("complete"))
	adele.await(id("wrap-up"), "")
	heardBothWays(basile, c)
	adele.accessibleInEveryLook()
	adele.breaksByKeys()

	basile.escalatesByKeys()
	basile.breaksByKeys()
}

// endsInLine: nobody takes the caller, who gives up. It is in the record.
func (r *races) endsInLine(t *testing.T, c *listener) {
	t.Helper()
	hangUp(t, c.Call)
	rec := r.record(t, c.visit)
	assertSound(t, rec)
	if len(rec.Talks) != 2 || len(rec.Holds) == 0 || len(rec.WrapUps) != 2 || rec.WrapUps[0].Note != "Imprimante du 2e : pilote réinstallé." {
		t.Errorf("the record: talks %+v, holds %+v, wrap-ups %+v", rec.Talks, rec.Holds, rec.WrapUps)
	}
	var queues []string
	for _, v := range rec.Visits {
		queues = append(queues, v.Queue)
	}
	if want := []string{"solo", "experts", "solo"}; !slices.Equal(queues, want) || len(rec.Tickets) != 1 {
		t.Errorf("the record: in line for %v, want %v; tickets %+v", queues, want, rec.Tickets)
	}
	if g := rec.Guests; len(g) != 2 || g[1].Target != site || g[1].Cause != cdr.PartyDropped || g[1].Talked <= 0 {
		t.Errorf("the record has the guests %+v", g)
	}
	if o := rec.Offers[len(rec.Offers)-1]; o.Outcome != cdr.OfferRejected || o.Reason != "not-mine" {
		t.Errorf("the record has as the last offer %+v", o)
	}
}

// names writes a colleague into the picker that has just opened, and chooses them.
func (p *page) names(colleague string) {
	p.t.Helper()
	until(p.t, "the picker has the focus", patient, func() error { return p.focusOn("target-search") })
	p.types(colleague)
	p.await(id("target-"+colleague)+":checked", "")
	p.press("Enter")
}

// picksByKeys chooses an item of the menu that is open.
func (p *page) picksByKeys(item string) {
	p.t.Helper()
	p.await(id(item), "")
	for range 20 {
		if p.focusOn(item) == nil {
			p.press("Enter")
			return
		}
		p.press("ArrowDown")
	}
	p.t.Fatalf("%s's page: no arrow leads to %s", p.name, item)
}

// closesByKeys says what became of the call, and presses the button that ends it.
func (p *page) closesByKeys(button string) {
	p.t.Helper()
	p.tabTo("disposition-resolved")
	p.press("Space")
	p.await(id("disposition-resolved")+":checked", "")
	p.tabTo(button)
	p.press("Enter")
}

// breaksByKeys closes the call and goes on a break.
func (p *page) breaksByKeys() {
	p.t.Helper()
	p.closesByKeys("close-pause")
	p.picksByKeys("close-reason-pause")
	p.await(id("state")+"[data-state=not-ready]", "")
}

// secondByKeys: Adèle says no, comes back for the same caller, and transfers them.
func (r *races) secondByKeys(t *testing.T) {
	t.Helper()
	adele, basile := r.adele, r.basile
	adele.isReadyByKeys()
	adele.press("Alt+Shift+Q") // a list of the keys lies over the desk as it rings
	adele.await(id("help"), "")
	c := r.ringsByKeys(t, "solo", "Un seul poste")
	adele.press("Escape")
	adele.gone(id("help"))
	adele.begins("pop")
	adele.press("Alt+Shift+X")
	adele.await(id("state")+"[data-state=not-ready]", "")
	rung := adele.invites()
	adele.press("Alt+Shift+D") // and in the same moment she is asked again
	adele.ringsAt(rung)
	adele.press("Alt+Shift+R")
	adele.await(id("connected"), "")
	heardBothWays(adele, c)
	rung = basile.invites()
	basile.isReadyByKeys()
	adele.press("Alt+Shift+F")
	adele.names("basile")
	adele.await(id("wrap-up"), "")
	basile.ringsAt(rung)
	basile.press("Alt+Shift+R")
	basile.await(id("connected"), "")
	heardBothWays(basile, c)
	basile.press("Alt+Shift+H")
	over(t, "the caller", c.Call)
	for _, p := range []*page{adele, basile} {
		p.await(id("wrap-up"), "")
		p.closesByKeys("close")
		p.await(id("state")+"[data-state=ready]", "")
	}
	assertSound(t, r.record(t, c.visit))
	basile.rest(r.floor)
}

// changesAKey gives answering other keys, by keys.
func (p *page) changesAKey(t *testing.T) {
	t.Helper()
	p.press("Alt+Shift+U")
	p.await(id("key-of-answer"), "R")
	p.tabTo("key-of-answer")
	p.press("Enter")
	p.press("Alt+Shift+T") // the browser's own
	p.await(id("settings")+" .field-error:not(:empty)", "")
	p.press("Alt+Shift+Digit6")
	p.await(id("key-of-answer"), "6")
	p.accessible()
	p.press("Escape")
	p.gone(id("settings"))
	p.do("reload", map[string]any{})
	p.atDesk()
}

// thirdByOtherKeys: the old keys do nothing, the new ones answer. Then Adèle does what
// else there is to do in a talk.
func (r *races) thirdByOtherKeys(t *testing.T, ticket string, hugo *page) {
	t.Helper()
	r.adele.isReadyByKeys()
	c := r.ringsByKeys(t, "asked", "Enregistré si voulu")
	if keys := r.adele.attribute(id("answer"), "aria-keyshortcuts"); keys != "Alt+Shift+6" {
		t.Errorf("the button says that its keys are %q", keys)
	}
	r.adele.press("Alt+Shift+R")
	if r.adele.attribute(id("answer"), "aria-disabled") != "false" {
		t.Error("the old keys still answer")
	}
	r.adele.press("Alt+Shift+Digit6")
	r.adele.await(id("connected"), "")
	heardBothWays(r.adele, c)
	r.adele.recordsByKeys(c)
	r.adele.assistsByKeys(c)
	r.adele.linksByKeys(c, ticket)
	cancelled := r.adele.promisesByKeys(c)
	hugo.cancelsByKeys(cancelled)
	promise := r.adele.promisesByKeys(c)
	r.adele.press("Alt+Shift+H")
	over(t, "the caller", c.Call)
	r.adele.await(id("wrap-up"), "")
	r.adele.closesByKeys("close")
	r.adele.await(id("state")+"[data-state=ready]", "")
	rec := r.record(t, c.visit)
	assertSound(t, rec)
	if len(rec.Recordings) != 2 || len(rec.Support) != 1 || len(rec.Tickets) != 1 {
		t.Errorf("the record: recordings %+v, support %+v, tickets %+v", rec.Recordings, rec.Support, rec.Tickets)
	}
	r.adele.givesUpByKeys(promise, cancelled)
	r.adele.press("Alt+Shift+P")
	r.adele.picksByKeys("reason-pause")
	r.adele.await(id("state")+"[data-state=not-ready]", "")
}

package e2e

import (
	"testing"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/phone"
)

// site is a number out of the house, somebody there has the phone.
const site = "+33199005607"

// holdsByKeys: of three, Basile hears music for a while, and is back, by the same button.
func (r *races) holdsByKeys(t *testing.T, c *listener) {
	t.Helper()
	adele, party, since := r.adele, id("party-p1"), r.ledger.last()
	adele.enters(party + " " + id("holdParty"))
	adele.await(party+"[data-party-state=held]", "")
	r.ledger.await(t, "Basile is on hold", since, func(f cdr.Fact) bool {
		h, is := f.Story.(cdr.HoldBegan)
		return is && f.Call == c.id && h.Party == "p1" && h.Agent == adele.name
	})
	r.together(t, c.id, 2)
	r.basile.hears()
	heardBothWays(adele, c)
	adele.begins("resumeParty")
	adele.press("Enter")
	adele.await(party+"[data-party-state=in]", "")
	r.together(t, c.id, 3)
	adele.begins("holdParty")
}

// addsByKeys: Adèle has somebody from the site join them, by their number, and takes them
// out again.
func (r *races) addsByKeys(t *testing.T, c *listener, outside *phone.Phone) {
	t.Helper()
	adele, party := r.adele, id("party-p2")
	adele.press("Alt+Shift+N")
	adele.begins("target-search")
	adele.press("Shift+Tab")
	adele.begins("to-agent")
	adele.press("ArrowDown")
	adele.begins("target-search")
	adele.types(spaced(site))
	adele.press("Enter")
	joins := pickUp(t, rings(t, outside))
	adele.await(party+"[data-party-state=in]", "")
	adele.begins("connected")
	r.together(t, c.id, 4)
	listens(t, "the site", joins)
	adele.enters(party + " " + id("drop"))
	over(t, "the site", joins)
	adele.gone(party)
	adele.begins("parties")
	r.together(t, c.id, 3)
	heardBothWays(r.basile, c)
}

// refusesByKeys: back at her desk, Adèle is rung for the caller who was put into her line,
// and says why she does not take them. Her supervisor sees that she is away.
func (r *races) refusesByKeys(t *testing.T, c *listener, hugo *page) {
	t.Helper()
	adele, since := r.adele, r.ledger.last()
	rung := adele.invites()
	adele.press("Alt+Shift+D")
	adele.ringsAt(rung)
	adele.await(id("announce")+"[role=alert]", "Un seul poste")
	adele.enters(id("reject-why"))
	adele.picksByKeys("reject-not-mine")
	f := r.ledger.await(t, "the offer ends", since, func(f cdr.Fact) bool {
		return f.Call == c.id && f.Kind() == cdr.KindOfferEnded
	})
	if ended := f.Story.(cdr.OfferEnded); ended.Agent != adele.name || ended.Outcome != cdr.OfferRejected || ended.Reason != "not-mine" {
		t.Errorf("the offer ended so: %+v", ended)
	}
	adele.await(id("state")+"[data-state=not-ready]", "Appel refusé")
	adele.begins("idle")
	hugo.await(id("agent-adele")+"[data-state=not-ready]", "Appel refusé")
}

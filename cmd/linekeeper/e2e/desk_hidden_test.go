package e2e

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// note is a desktop notification, as the page made it.
type note struct {
	Title, Body string
	Shown       bool
}

func (p *page) notes() []note {
	p.t.Helper()
	return evaluate[[]note](p, "window.e2e.notes")
}

// isHidden: Adèle works in another tab. Her desktop tells her who calls, after she asked
// for it, and only while she does not see the console.
func (d *troubled) isHidden(t *testing.T) {
	d.asksForNotes(t)
	d.adele.behind(true)
	c := d.rungUnseen(t)
	asked, lines := len(d.adele.asked()), d.adele.tried(sipSocket)
	d.adele.behind(false) // she looks by herself: it goes
	d.adele.noteGoes(1)
	d.adele.keptItsLine(asked, lines)
	d.adele.behind(true) // and comes back, as the call has not gone
	d.adele.noted(2, c)
	evaluate[bool](d.adele, "(window.e2e.clickNote(), true)")
	d.adele.noteGoes(2)
	if n := evaluate[int](d.adele, "window.e2e.fronted"); n != 1 {
		t.Errorf("clicked, the page asks %d times to be in front", n)
	}
	d.adele.behind(false) // what the desktop does then
	d.adele.click("answer")
	d.adele.await(id("connected"), "")
	heardBothWays(d.adele, c)
	hangUp(t, c.Call)
	d.assertOneTalk(t, c)

	seen := d.rung(t, "solo", d.adele)
	if n := len(d.adele.notes()); n != 2 {
		t.Errorf("the page she looks at has notified her: %+v", d.adele.notes())
	}
	hangUp(t, seen.Call)
	d.settled(t, seen)
}

// asksForNotes ticks the box of the settings: where the browser refuses it stays empty,
// and says why.
func (d *troubled) asksForNotes(t *testing.T) {
	t.Helper()
	d.adele.permit("notifications", "denied")
	d.adele.click("settings-open")
	d.adele.click("notify")
	d.adele.await(id("notify-said"), "refuse")
	if d.adele.count(id("notify")+":checked") > 0 {
		t.Error("what the browser refuses is ticked")
	}
	d.adele.permit("notifications", "granted")
	d.adele.click("notify")
	d.adele.await(id("notify")+":checked", "")
	d.adele.accessible()
	d.adele.press("Escape")
	d.adele.gone(id("settings"))
}

// rungUnseen has a caller ring Adèle, whose page is behind another and at another place.
func (d *troubled) rungUnseen(t *testing.T) *listener {
	t.Helper()
	rung := d.adele.invites()
	evaluate[bool](d.adele, `(document.querySelector("`+id("ready")+`").click(), true)`)
	d.adele.await(id("state")+"[data-state=ready]", "")
	c := d.calls(t, "solo")
	d.adele.noted(1, c)
	d.adele.ringsAt(rung)
	return c
}

// noted waits for the n-th notification, which is of a call.
func (p *page) noted(n int, c *listener) {
	p.t.Helper()
	until(p.t, p.name+"'s desktop tells of the call", patient, func() error {
		if got := len(p.notes()); got != n {
			return fmt.Errorf("%d notifications", got)
		}
		return nil
	})
	if got := p.notes()[n-1]; !got.Shown || !strings.Contains(got.Title, spaced(c.number)) || got.Body != "Un seul poste" {
		p.t.Errorf("the desktop says %+v of the call of %s", got, c.number)
	}
}

// noteGoes waits until the n-th notification is taken back.
func (p *page) noteGoes(n int) {
	p.t.Helper()
	until(p.t, "the notification goes", patient, func() error {
		if p.notes()[n-1].Shown {
			return errors.New("it stands")
		}
		return nil
	})
}

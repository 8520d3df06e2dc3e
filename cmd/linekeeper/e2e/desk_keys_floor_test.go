package e2e

import (
	"fmt"
	"testing"

	"linekeeper/cdr"
)

// entersByKeys signs somebody in without a mouse.
func (s *stack) entersByKeys(t testing.TB, name string) *page {
	t.Helper()
	p := &page{t: t, s: s, d: s.browser(t), name: name}
	p.do("open", map[string]any{"url": s.env["LAB_HTTP"] + "/", "light": true})
	t.Cleanup(p.close)
	p.await("input[name=name]", "")
	p.tabOnto("input[name=name]")
	p.types(name)
	p.tabOnto("input[name=password]")
	p.types(name + "-lab")
	p.press("Enter")
	p.await(id("live-status")+"[data-status=live]", "")
	return p
}

// leadsByKeys: the supervisor opens the line a caller stands in, asks why, and gives
// them another priority.
func (p *page) leadsByKeys(c *listener) {
	p.t.Helper()
	place := id("place-" + string(c.id))
	p.await(id("queue-experts"), "")
	p.enters(id("queue-experts") + " " + id("queue-open"))
	p.await(id("line")+" "+place, "")
	p.enters(place + " " + id("why"))
	p.await(place+" "+id("place-why")+"[data-asked=ready]", "")
	p.enters(place + " " + id("act"))
	p.picksByKeys("act-priority")
	p.await(place+" "+id("priority-choice"), "")
	p.tabTo("priority-choice")
	p.types("7")
	p.enters(id("apply"))
	if f := c.await(p.t, cdr.KindReprioritised).Story.(cdr.Reprioritised); f.Priority != 7 {
		p.t.Errorf("the priority is %+v", f)
	}
	p.gone(id("apply"))
	p.leaves("line", "queue-open")
}

// readsByKeys: the supervisor reads a call's record.
func (p *page) readsByKeys(c *listener) {
	p.t.Helper()
	p.enters(id("nav-calls"))
	row := id("call-" + string(c.id))
	p.await(row, "")
	p.enters(row + " " + id("call-open"))
	p.await(id("record"), "Pilote refusé, droits à revoir.")
	p.leaves("record", "call-open")
}

// administersByKeys: the administrator looks a person up, and what he did to a call.
func (p *page) administersByKeys(c *listener) {
	p.t.Helper()
	p.enters(id("nav-people"))
	p.await(id("person-hugo"), "")
	p.enters(id("person-hugo") + " " + id("person-open"))
	p.await(id("person")+" "+id("right-form"), "")
	p.leaves("person", "person-open")
	p.enters(id("nav-audit"))
	p.await(id("audit-entry"), "")
	p.tabOnto("input[name=account]")
	p.types("hugo")
	p.tabOnto("input[name=act]")
	p.types("set-priority")
	p.press("Enter")
	until(p.t, "the audit log is narrowed down", patient, func() error {
		if others := evaluate[int](p, `[...document.querySelectorAll("`+id("audit-entry")+`")].filter((e) => !/set-priority/.test(e.textContent)).length`); others > 0 {
			return fmt.Errorf("%d other entries", others)
		}
		return nil
	})
	p.await(id("audit-entry"), string(c.id))
}

// leaves shuts a dialog by Escape: the focus is in it until then, and afterwards where
// it was opened.
func (p *page) leaves(dialog, opener string) {
	p.t.Helper()
	if !evaluate[bool](p, `document.activeElement?.closest("`+id(dialog)+`") !== null`) {
		p.t.Errorf("%s's page: the focus is not in the dialog %s: %v", p.name, dialog, p.focusOn(dialog))
	}
	p.press("Escape")
	p.gone(id(dialog))
	p.begins(opener)
}

package e2e

import (
	"fmt"
	"net/url"
	"slices"
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

// leadsByKeys: the supervisor opens the line a caller stands in, asks why, gives them
// another priority, and puts them into another line.
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
	p.begins("act")
	p.movesByKeys(c)
	p.leaves("line", "queue-open")
	p.await(id("queue-solo")+" "+id("waiting"), "1")
}

// movesByKeys puts the caller, whose acts have the focus, into the line of one desk, where
// they have waited for as long.
func (p *page) movesByKeys(c *listener) {
	p.t.Helper()
	p.press("Enter")
	p.picksByKeys("act-move")
	p.tabTo("move-choice")
	p.press("Escape") // gives up the act, and not the line
	p.begins("act")
	p.press("Enter")
	p.picksByKeys("act-move")
	p.tabTo("move-choice")
	p.types("Un")
	if chosen := evaluate[string](p, "document.activeElement.value"); chosen != "solo" {
		p.t.Fatalf("the letters choose queue %s", chosen)
	}
	p.enters(id("apply"))
	before := c.awaitNth(p.t, cdr.KindQueueEntered, 2).Story.(cdr.QueueEntered)
	now := c.awaitNth(p.t, cdr.KindQueueEntered, 3).Story.(cdr.QueueEntered)
	if now.Queue != "solo" || !now.EnteredAt.Equal(before.EnteredAt) || now.Priority != 7 {
		p.t.Errorf("moved, the caller stands as %+v after %+v", now, before)
	}
	if left := c.awaitNth(p.t, cdr.KindQueueLeft, 2).Story.(cdr.QueueLeft); left.Cause != cdr.LeftMoved {
		p.t.Errorf("the line was left as %+v", left)
	}
	p.await(id("line")+" "+id("line-empty"), "")
}

// cancelsByKeys: the supervisor gives up a call that an agent has promised, in the line
// where it stands, and thinks twice.
func (p *page) cancelsByKeys(promise visit) {
	p.t.Helper()
	p.press("Alt+Shift+Digit2")
	p.await(id("queue-asked"), "")
	p.enters(id("queue-asked") + " " + id("queue-open"))
	place := id("place-" + string(promise.id))
	p.await(id("line")+" "+place, "")
	p.enters(place + " " + id("act"))
	p.picksByKeys("act-cancel")
	p.begins("keep-callback")
	p.press("Escape")
	p.begins("act")
	p.press("Enter")
	p.picksByKeys("act-cancel")
	p.begins("keep-callback")
	p.press("Shift+Tab")
	p.begins("cancel-callback")
	p.press("Enter")
	promise.await(p.t, cdr.KindEnded)
	p.await(id("line")+" "+id("line-empty"), "")
	p.leaves("line", "queue-open")
	if b := p.s.record(p.t, promise).Callback; b == nil || b.Outcome != cdr.CallbackCancelled {
		p.t.Errorf("the record of the promise: %+v", b)
	}
}

// readsByKeys: the supervisor reads a call's record.
func (p *page) readsByKeys(c *listener) {
	p.t.Helper()
	p.enters(id("nav-calls"))
	row := id("call-" + string(c.id))
	p.await(row, "")
	p.enters(row + " " + id("call-open"))
	p.await(id("record"), "Pilote refusé, droits à revoir.")
	p.shows(id("record"), "Pas mon domaine")
	p.leaves("record", "call-open")
}

// countsByKeys: the supervisor reads the reports of a week, then of days that are typed;
// a queue that calls were answered in is among them.
func (p *page) countsByKeys(queue string) {
	p.t.Helper()
	p.press("Alt+Shift+6")
	p.await(id("reports-read")+"[data-asked=ready]", "")
	p.tabTo("period-today")
	p.press("ArrowDown")
	p.press("ArrowDown")
	p.await(id("period-week")+":checked", "")
	p.await(id("waits-"+queue), "")
	p.press("ArrowDown")
	p.enters(id("period-show"))
	p.await(id("reports-read")+"[data-asked=ready]", "du ")
	p.await(id("waits-"+queue), "")
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

// promotesByKeys: the administrator makes somebody the supervisor of one queue, who sees
// that and no other when she comes in.
func (p *page) promotesByKeys(t *testing.T) (maud *page) {
	t.Helper()
	name := "maud" + stranger()[len("+3319900"):] // nobody has given her a right before
	p.s.employ(t, name)
	p.enters(id("nav-people"))
	row := id("person-" + name)
	p.await(row, "Agent")
	p.enters(row + " " + id("person-open"))
	p.await(id("person")+" "+id("right-form"), "")
	p.tabTo("right-role")
	p.types("Sup")
	p.tabTo("right-scoped")
	p.press("Space")
	p.tabTo("right-queue-solo")
	p.press("Space")
	p.enters(id("right-save"))
	p.await(id("said"), "Droits de "+name+" enregistrés")
	p.leaves("person", "person-open")
	p.await(row, "Superviseur · Un seul poste")
	until(t, "it is in the audit log", patient, func() error {
		ctx, cancel := soon()
		defer cancel()
		log, err := p.s.auditLog(ctx, url.Values{"on": {name}})
		if err == nil && !slices.Equal(log, []string{"admin set-right done", "admin see-people done"}) {
			err = fmt.Errorf("it has %q", log)
		}
		return err
	})
	maud = p.s.light(t, name)
	maud.await(id("queue-solo"), "")
	if n := maud.count(id("queue-table") + " tbody tr"); n != 1 {
		t.Errorf("%s sees %d queues", name, n)
	}
	return maud
}

// leaves shuts a dialog by Escape: the focus is in it until then, and afterwards where
// it was opened.
func (p *page) leaves(dialog, opener string) {
	p.t.Helper()
	until(p.t, "the focus is in the dialog "+dialog, patient, func() error {
		if !evaluate[bool](p, `document.activeElement?.closest("`+id(dialog)+`") !== null`) {
			return p.focusOn(dialog)
		}
		return nil
	})
	p.press("Escape")
	p.gone(id(dialog))
	p.begins(opener)
}

package e2e

import (
	"fmt"
	"slices"
	"testing"

	"linekeeper/cdr"
)

// TestTenDesks: ten agents in one browser take twenty calls, ten at a time: by mouse,
// then by keyboard. Everybody hears whom they talk to, each pop is there before its
// phone rings, each call has a whole record, no console complains or grows.
func TestTenDesks(t *testing.T) {
	w := desks(t)
	hugo := w.light(t, "hugo")
	agents := w.seats(t, ten...)
	each(t, agents, (*page).beReady)
	hugo.await(id("queue-ten")+" "+id("ready-agents"), "10")
	hugo.shot("floor-ten-ready")

	first := w.tenTalk(t, hugo, agents, 1, func(p *page) { p.click("answer") })
	hugo.shot("floor-ten-talking")
	hugo.accessible()
	agents[0].shot("floor-ten-desk")
	w.tenEnd(t, first, 1, func(p *page) { p.click("hangup") })
	before := heaps(agents)

	second := w.tenTalk(t, hugo, agents, 2, func(p *page) { p.press("Alt+Shift+R") })
	w.tenEnd(t, second, 2, func(p *page) { p.press("Alt+Shift+H") })
	assertHeaps(t, agents, before, heaps(agents))

	for _, p := range append(slices.Clone(agents), hugo) {
		p.complaints()
	}
	calls := map[cdr.CallID]bool{}
	for _, talk := range append(first, second...) {
		calls[talk.call.id] = true
	}
	if len(calls) != 2*len(ten) {
		t.Errorf("%d calls were taken, want %d", len(calls), 2*len(ten))
	}
}

// inHand is a caller at an agent's desk.
type inHand struct {
	page *page
	call *listener
}

// tenTalk has as many callers as agents call, everybody answer, and all hear each
// other, all at the same time.
func (w *world) tenTalk(t *testing.T, hugo *page, agents []*page, round int, answer func(*page)) []inHand {
	t.Helper()
	desk, talks := map[string]*page{}, make([]inHand, 0, len(agents))
	for _, p := range agents {
		desk[p.name] = p
	}
	for range agents {
		c := w.calls(t, "ten")
		p := desk[c.await(t, cdr.KindOffered).Story.(cdr.Offered).Agent]
		p.await(id("pop"), "")
		if n := p.attribute(id("pop-number"), "data-number"); n != c.number {
			t.Fatalf("%s's pop is of %s, not of %s", p.name, n, c.number)
		}
		answer(p)
		p.await(id("connected"), "")
		talks = append(talks, inHand{p, c})
	}
	hugo.await(id("queue-ten")+" "+id("talking"), fmt.Sprint(len(agents)))
	of := map[*page]*listener{}
	for _, talk := range talks {
		of[talk.page] = talk.call
	}
	each(t, agents, func(p *page) {
		c := of[p]
		heardBothWays(p, c)
		w.together(t, c.id, 2)
		popWasAhead(p, c.visit, round)
		hugo.await(id("agent-"+p.name)+"[data-state=connected]", "")
	})
	return talks
}

// tenEnd ends all talks, every other one by its caller, has each wrapped up with a
// note of its own, and reads the records.
func (w *world) tenEnd(t *testing.T, talks []inHand, round int, end func(*page)) {
	t.Helper()
	var pages []*page
	of := map[*page]*listener{}
	for _, talk := range talks {
		pages, of[talk.page] = append(pages, talk.page), talk.call
	}
	note := func(p *page) string { return fmt.Sprintf("Note de %s, tour %d.", p.name, round) }
	byCaller := func(p *page) bool { return slices.Index(ten, p.name)%2 == round%2 }
	each(t, pages, func(p *page) {
		if byCaller(p) {
			hangUp(t, of[p].Call)
		} else {
			end(p)
			over(t, of[p].number, of[p].Call)
		}
		p.wrapsUp(note(p))
	})
	for _, p := range pages {
		c := of[p]
		c.await(t, cdr.KindWrappedUp)
		r, by := w.record(t, c.visit), cdr.ByAgent
		if byCaller(p) {
			by = cdr.ByCaller
		}
		if r.Outcome != cdr.OutcomeAnswered || r.EndedBy != by || len(r.Offers) != 1 ||
			len(r.Talks) != 1 || r.Talks[0].Agent != p.name || r.Talks[0].Talked <= 0 ||
			len(r.WrapUps) != 1 || r.WrapUps[0].Note != note(p) || r.WrapUps[0].Disposition != "resolved" {
			t.Errorf("%s's call, to be ended by %s, has the record %+v", p.name, by, r)
		}
	}
}

func heaps(agents []*page) (all []heap) {
	for _, p := range agents {
		all = append(all, p.heap())
	}
	return all
}

// assertHeaps asserts that a call leaves nothing behind in a page. (What a page
// keeps at all is some 6 MB of its own code, and the last calls of its agent.)
func assertHeaps(t *testing.T, agents []*page, before, after []heap) {
	t.Helper()
	const most, more, nodes = 16 << 20, 2 << 20, 200
	for i, p := range agents {
		b, a := before[i], after[i]
		t.Logf("%s's page: %d kB and %d nodes after one call, %d kB and %d nodes after two", p.name, b.Bytes>>10, b.Nodes, a.Bytes>>10, a.Nodes)
		if a.Bytes > most || a.Bytes-b.Bytes > more || a.Nodes-b.Nodes > nodes {
			t.Errorf("%s's page grows: %+v after one call, %+v after two", p.name, b, a)
		}
	}
}

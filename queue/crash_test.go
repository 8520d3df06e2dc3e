package queue

import (
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// crash replaces the floor by a new one and puts everything back as a restarted
// controller does: agents as saved (up to lost saves of each gone), remembered
// places, then each live call in any order, with clicks in between, then
// Reclaimed.
func (m *model) crash(lost int) {
	m.now = m.now.Add(drawSeconds(m.t, 0, 60, "away"))
	m.forgetOffersToCome()
	m.begin()
	m.restoreAgents(lost)
	for _, call := range sorted(m.kept) {
		m.stepFreely(Recall{Kept: m.kept[call]})
	}
	for _, ev := range m.testimony() {
		if sometimes(m.t, 4, "click meanwhile") {
			m.stepFreely(clicked(m))
		}
		m.stepFreely(ev)
	}
	m.stepFreely(Reclaimed{})
	m.resync(lost > 0)
	m.check(Reclaimed{})
}

// forgetOffersToCome: some calls end while nobody looks; their offers and talks
// are not testified, nor are offers of calls that are not in line any more.
func (m *model) forgetOffersToCome() {
	for _, id := range sorted(m.offers) {
		if !m.offers[id].Asked && sometimes(m.t, 5, "caller gone meanwhile") {
			delete(m.line, m.offers[id].Call)
		}
	}
	for _, id := range sorted(m.offers) {
		switch o := m.offers[id]; {
		case o.Asked && !sometimes(m.t, 5, "needed no more"):
		case o.Asked || m.line[o.Call] == nil:
			delete(m.offers, id)
		}
	}
	for _, agent := range sorted(m.talks) {
		if sometimes(m.t, 5, "talk over meanwhile") {
			m.wrapped[agent] = m.talks[agent].Call
			delete(m.talks, agent)
			delete(m.asked, agent)
		}
	}
	for _, agent := range sorted(m.wrapped) {
		if m.agent(agent) == nil { // gone for good, and nobody restores them
			delete(m.wrapped, agent)
		}
	}
}

// restoreAgents restores what was saved.
func (m *model) restoreAgents(lost int) {
	m.stepFreely(Reclaiming{})
	for _, id := range sorted(m.states) {
		saves := m.saves[id]
		saves = saves[:max(len(saves)-rapid.IntRange(0, lost).Draw(m.t, "lost saves"), 0)]
		m.saves[id] = saves
		if len(saves) > 0 {
			m.stepFreely(Restore{Agent: saves[len(saves)-1]})
			m.states[id] = saves[len(saves)-1].State
		}
	}
}

// testimony is what each live call tells a new floor.
func (m *model) testimony() []Event {
	open := map[cdr.CallID][]OpenOffer{}
	var events []Event
	for _, id := range sorted(m.offers) {
		o := m.offers[id]
		rings := OpenOffer{ID: o.ID, Agent: o.Agent, Until: m.now.Add(time.Duration(rapid.IntRange(-20, 20).Draw(m.t, "left")) * time.Second)}
		if o.Asked {
			events = append(events, Borrow{Call: o.Call, Agent: o.Agent, Queue: o.Queue, Offers: m.made[o.Call], Stay: o.Stay, Ring: o.Ring, Open: &rings})
			continue
		}
		open[o.Call] = append(open[o.Call], rings)
	}
	for _, call := range sorted(m.line) {
		s := m.line[call]
		ev := s.Enter
		ev.Offers, ev.Open, ev.Since, ev.Callback = m.made[call], open[call], s.since, nil
		if s.virtual {
			c := *s.Callback
			c.NotBefore = s.due
			ev.Callback = &c
			s.dialled = false
		}
		events = append(events, ev)
	}
	for _, agent := range sorted(m.talks) {
		events = append(events, m.talks[agent])
	}
	return rapid.Permutation(events).Draw(m.t, "order")
}

// clicked is one click of an agent who does not know that the controller was away.
func clicked(m *model) Event {
	agent := m.someAgent()
	return rapid.SampledFrom([]Event{
		SignIn{Agent: agent}, MakeReady{Agent: agent}, MakeNotReady{Agent: agent, Reason: "pause"}, SignOut{Agent: agent}, Tick{},
	}).Draw(m.t, "click")
}

// stepFreely steps while the floor is being put back: it must not panic, must
// offer nothing, and may withdraw what it cannot take back.
func (m *model) stepFreely(ev Event) {
	_, done := ev.(Reclaimed)
	for _, e := range m.step(ev) {
		switch e := e.(type) {
		case *Offer:
			if !done && m.floor.held {
				m.fail(ev, "%s is offered before all calls are back", e.Call)
			}
			m.learnOffer(ev, *e)
		case *Withdraw:
			// An offer that cannot be taken back. The call's actor ends it before it
			// looks at any offer that follows: its mailbox keeps the order.
			if m.floor.offers[e.Offer] == nil {
				delete(m.offers, e.Offer)
			}
		case *AgentChange:
			m.saves[e.Story.Agent] = append(m.saves[e.Story.Agent], e.Saved)
			m.states[e.Story.Agent] = e.Story.To
		case *WrapUpOver:
			if m.wrapped[e.Story.Agent] == e.Call {
				delete(m.wrapped, e.Story.Agent)
			}
		case *Refused:
		default:
			if !done && slices.Contains([]cdr.LeaveCause{cdr.LeftEmpty, cdr.LeftMaxWait, cdr.LeftFull}, outCause(e)) {
				m.fail(ev, "%+v before all calls are back", e)
			}
			m.learnPlace(ev, e)
		}
	}
}

func outCause(e Effect) cdr.LeaveCause {
	if o, out := e.(*Out); out {
		return o.Cause
	}
	return ""
}

// resync takes over what only the floor knows now. A call's word beats an
// agent's: every talk and every call in line must be there, which check says.
// With lost saves a wrap-up may be forgotten, and an offer to an agent who is
// found busy is asked back; without, neither.
func (m *model) resync(lost bool) {
	for id, a := range m.floor.agents {
		m.states[id] = a.State
		switch wrapping, was := m.wrapped[id]; {
		case a.State == cdr.WrapUp:
			if !lost && wrapping != a.Call {
				m.t.Fatalf("%s wraps up %s after the crash, not %s", id, a.Call, wrapping)
			}
			m.wrapped[id] = a.Call
		case was && !lost:
			m.t.Fatalf("%s's part in %s was forgotten in the crash", id, wrapping)
		case was:
			delete(m.wrapped, id)
		}
	}
	maps.DeleteFunc(m.offers, func(id cdr.OfferID, _ Offer) bool {
		gone := m.floor.offers[id] == nil
		if gone && !lost {
			m.t.Fatalf("offer %s was forgotten in the crash", id)
		}
		return gone
	})
}

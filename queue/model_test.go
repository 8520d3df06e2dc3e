package queue

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// model is what the calls' actors and the agents know: the truth a floor is held
// against. It learns from the events it sends and the effects it gets.
type model struct {
	t     *rapid.T
	defs  Definitions
	floor *Floor
	now   time.Time

	line    map[cdr.CallID]Enter  // calls in line
	offers  map[cdr.OfferID]Offer // open ones
	made    map[cdr.CallID]int    // offers made of each call
	talks   map[string]Talking    // by agent
	wrapped map[string]cdr.CallID // parts told over and not closed yet, by agent
	states  map[string]cdr.AgentState
	saves   map[string][]SavedAgent
	entered int         // calls so far, for their names
	past    []OfferOver // offers that are over, to be told again

	began time.Time // when the floor was new
	story []told    // since then
}

// told is one step of the story, for the replay.
type told struct {
	at      time.Time
	event   Event
	effects []Effect
}

func newModel(t *rapid.T) *model {
	m := &model{
		t: t, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), defs: drawFloor(t),
		line: map[cdr.CallID]Enter{}, offers: map[cdr.OfferID]Offer{}, made: map[cdr.CallID]int{},
		talks: map[string]Talking{}, wrapped: map[string]cdr.CallID{},
		states: map[string]cdr.AgentState{}, saves: map[string][]SavedAgent{},
	}
	m.begin()
	return m
}

// begin puts an empty floor in place.
func (m *model) begin() {
	m.floor, m.began, m.story = New(m.defs, m.now), m.now, nil
	for _, d := range m.defs.Agents {
		a, _ := m.floor.Agent(d.ID)
		m.states[d.ID] = a.State
	}
}

var drawnSkills = []string{"windows", "network"}

func drawFloor(t *rapid.T) Definitions {
	wraps := []WrapUpRule{{Mode: WrapUpNone}, {Mode: WrapUpTimed, For: 30 * time.Second}, {Mode: WrapUpTillClose}}
	var defs Definitions
	var ids []string
	for i := range rapid.IntRange(1, 3).Draw(t, "queues") {
		id := fmt.Sprintf("q%d", i+1)
		ids = append(ids, id)
		defs.Queues = append(defs.Queues, Definition{
			Label: Label{ID: id}, Ring: time.Duration(rapid.IntRange(5, 30).Draw(t, "ring")) * time.Second,
			WrapUp: rapid.SampledFrom(wraps).Draw(t, "wrap-up"),
		})
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "agents") {
		a := Agent{
			ID: fmt.Sprintf("a%d", i+1), Name: fmt.Sprintf("Agent %d", i+1),
			Queues:      rapid.SliceOfNDistinct(rapid.SampledFrom(ids), 1, len(ids), rapid.ID).Draw(t, "serves"),
			Skills:      rapid.MapOf(rapid.SampledFrom(drawnSkills), rapid.IntRange(1, 10)).Draw(t, "skills"),
			AlwaysReady: rapid.IntRange(0, 5).Draw(t, "always ready") == 0,
		}
		if rapid.Bool().Draw(t, "french only") {
			a.Languages = []string{"fr"}
		}
		defs.Agents = append(defs.Agents, a)
	}
	return defs
}

// tell sends an event, learns from it and its effects, and holds the floor to
// everything that must be so after any step.
func (m *model) tell(ev Event) {
	var freed string
	if over, is := ev.(OfferOver); is {
		freed = m.offers[over.Offer].Agent
	}
	effects := slices.Clone(m.floor.Step(m.now, ev))
	m.story = append(m.story, told{m.now, ev, effects})
	m.learnEvent(ev, effects)
	for _, e := range effects {
		m.learnEffect(ev, e)
	}
	m.check(ev)
	for _, e := range effects {
		if o, ok := e.(Offer); ok && !m.floor.held {
			m.checkChoice(o, freed)
		}
	}
}

func refused(effects []Effect) bool {
	return slices.ContainsFunc(effects, func(e Effect) bool { _, ok := e.(Refused); return ok })
}

// learnEvent follows what an event means for the calls.
func (m *model) learnEvent(ev Event, effects []Effect) {
	switch ev := ev.(type) {
	case Enter:
		if _, known := m.line[ev.Call]; !known && !refused(effects) {
			m.line[ev.Call] = ev
		}
	case Leave:
		delete(m.line, ev.Call)
		maps.DeleteFunc(m.offers, func(_ cdr.OfferID, o Offer) bool { return o.Call == ev.Call })
	case OfferOver:
		m.learnOver(ev)
	case TalkOver:
		if t, ok := m.talks[ev.Agent]; ok && t.Call == ev.Call {
			if refused(effects) {
				m.t.Fatalf("talk over %+v refused, though they talked", ev)
			}
			delete(m.talks, ev.Agent)
			m.wrapped[ev.Agent] = ev.Call
		} else if !refused(effects) {
			m.t.Fatalf("talk over %+v taken, though they did not talk", ev)
		}
	}
}

func (m *model) learnOver(ev OfferOver) {
	o, open := m.offers[ev.Offer]
	if !open {
		return
	}
	delete(m.offers, ev.Offer)
	m.past = append(m.past, ev)
	switch ev.Outcome {
	case cdr.OfferAnswered:
		delete(m.line, o.Call)
		m.talks[o.Agent] = Talking{Call: o.Call, Agent: o.Agent, Queue: o.Queue}
	case cdr.OfferCallerGone:
		delete(m.line, o.Call)
	}
}

// diagram is the picture of doc.go: where each state may go. A state may stay
// itself when what changes is its reason or what comes next.
var diagram = map[cdr.AgentState][]cdr.AgentState{
	cdr.Offline:   {cdr.NotReady},
	cdr.NotReady:  {cdr.Ready, cdr.Offline, cdr.NotReady},
	cdr.Ready:     {cdr.NotReady, cdr.Offline, cdr.OfferedTo},
	cdr.OfferedTo: {cdr.Ready, cdr.NotReady, cdr.Offline, cdr.OnCall, cdr.OfferedTo},
	cdr.OnCall:    {cdr.WrapUp, cdr.Ready, cdr.NotReady, cdr.Offline, cdr.OnCall},
	cdr.WrapUp:    {cdr.Ready, cdr.NotReady, cdr.Offline, cdr.WrapUp},
}

func (m *model) learnEffect(ev Event, e Effect) {
	switch e := e.(type) {
	case Offer:
		m.learnOffer(e)
	case Withdraw:
		if _, open := m.offers[e.Offer]; !open && !m.floor.held {
			m.t.Fatalf("%+v withdraws an offer that is not open: %+v", ev, e)
		}
	case AgentChange:
		m.learnChange(ev, e)
	case WrapUpOver:
		if m.wrapped[e.Story.Agent] != e.Call {
			m.t.Fatalf("%+v closes %s's part in %s, which was not to be closed", ev, e.Story.Agent, e.Call)
		}
		if until := m.lastSave(e.Story.Agent).Until; ev == (Tick{}) && until.After(m.now) {
			m.t.Fatalf("%s's wrap-up until %s ended before its time, at %s", e.Story.Agent, until, m.now)
		}
		delete(m.wrapped, e.Story.Agent)
	}
}

func (m *model) lastSave(agent string) SavedAgent {
	if saves := m.saves[agent]; len(saves) > 0 {
		return saves[len(saves)-1]
	}
	return SavedAgent{}
}

func (m *model) learnOffer(o Offer) {
	m.made[o.Call]++
	if o.ID != OfferName(o.Call, m.made[o.Call]) {
		m.t.Fatalf("offer %d of %s is named %s", m.made[o.Call], o.Call, o.ID)
	}
	i := slices.IndexFunc(m.defs.Agents, func(a Agent) bool { return a.ID == o.Agent })
	if len(o.Why) == 0 || o.Why[0].Agent != m.defs.Agents[i].ID || o.Why[0].Verdict != cdr.Chosen {
		m.t.Fatalf("offer %s to %s is explained by %+v", o.ID, o.Agent, o.Why)
	}
	for _, other := range m.offers {
		if other.Call == o.Call || other.Agent == o.Agent {
			m.t.Fatalf("offer %s while %s is open", o.ID, other.ID)
		}
	}
	m.offers[o.ID] = o
}

func (m *model) learnChange(ev Event, c AgentChange) {
	id := c.Story.Agent
	if c.Story.From != m.states[id] {
		m.t.Fatalf("%+v: %s goes from %s, but was %s", ev, id, c.Story.From, m.states[id])
	}
	if !slices.Contains(diagram[c.Story.From], c.Story.To) && c.Story.Cause != "reclaimed" {
		m.t.Fatalf("%+v: %s goes from %s to %s, which the diagram does not draw", ev, id, c.Story.From, c.Story.To)
	}
	if c.Saved.State != c.Story.To {
		m.t.Fatalf("%+v: %s is told %s and saved %s", ev, id, c.Story.To, c.Saved.State)
	}
	if n := len(m.saves[id]); n > 0 && c.Saved.Number <= m.saves[id][n-1].Number {
		m.t.Fatalf("%+v: %s saved twice as number %d", ev, id, c.Saved.Number)
	}
	m.states[id] = c.Story.To
	m.saves[id] = append(m.saves[id], c.Saved)
}

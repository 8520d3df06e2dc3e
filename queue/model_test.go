package queue

import (
	"fmt"
	"maps"
	"reflect"
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

	line    map[cdr.CallID]*spot  // calls in line
	offers  map[cdr.OfferID]Offer // open ones
	made    map[cdr.CallID]int    // offers made of each call
	talks   map[string]Talking    // by agent
	asked   map[string]bool       // agents whose talk they were asked into by name
	wrapped map[string]cdr.CallID // parts told over and not closed yet, by agent
	states  map[string]cdr.AgentState
	saves   map[string][]SavedAgent
	kept    map[cdr.CallID]KeptPlace
	rated   map[cdr.CallID]int  // the priority of every call that ever had a place
	offered map[cdr.CallID]bool // in the queue where it stands or stood last
	entered int                 // calls so far, for their names
	past    []OfferOver         // offers that are over, to be told again

	began time.Time // when the floor was new
	defs0 Definitions
	story []told // since then
}

// told is one step of the story, for the replay.
type told struct {
	at      time.Time
	event   Event
	effects []Effect
}

func newModel(t *rapid.T) *model {
	m := &model{
		t: t, now: time.Date(2026, 3, 2, 23, 50, 0, 0, time.UTC), defs: drawFloor(t),
		line: map[cdr.CallID]*spot{}, offers: map[cdr.OfferID]Offer{}, made: map[cdr.CallID]int{},
		talks: map[string]Talking{}, asked: map[string]bool{}, wrapped: map[string]cdr.CallID{},
		states: map[string]cdr.AgentState{}, saves: map[string][]SavedAgent{}, kept: map[cdr.CallID]KeptPlace{},
		rated: map[cdr.CallID]int{}, offered: map[cdr.CallID]bool{},
	}
	m.begin()
	return m
}

// begin puts an empty floor in place.
func (m *model) begin() {
	m.floor, m.began, m.defs0, m.story = New(m.defs, m.now), m.now, m.defs, nil
	m.states = map[string]cdr.AgentState{}
	for _, d := range m.defs.Agents {
		a, _ := m.floor.Agent(d.ID)
		m.states[d.ID] = a.State
	}
	maps.DeleteFunc(m.saves, func(id string, _ []SavedAgent) bool { return m.agent(id) == nil })
}

// copied is an effect that outlives the step.
func copied(e Effect) Effect {
	switch e := e.(type) {
	case *Offer:
		c := e.Clone()
		return &c
	case *AgentChange:
		c := e.Clone()
		return &c
	case *NotOffered:
		c := e.Clone()
		return &c
	case *Out:
		c := *e
		if e.To != nil {
			to := *e.To
			c.To = &to
		}
		return &c
	}
	c := reflect.New(reflect.TypeOf(e).Elem())
	c.Elem().Set(reflect.ValueOf(e).Elem())
	return c.Interface().(Effect)
}

// fail ends the test, naming the event it was about.
func (m *model) fail(ev Event, format string, args ...any) {
	m.t.Helper()
	text := fmt.Sprintf("%+v", ev)
	if _, long := ev.(Redefine); long {
		text = "Redefine"
	}
	m.t.Fatalf("%s: %s", text, fmt.Sprintf(format, args...))
}

func texts(effects []Effect) (all []string) {
	for _, e := range effects {
		all = append(all, fmt.Sprintf("%T%+v", e, reflect.ValueOf(e).Elem().Interface()))
	}
	return all
}

func (m *model) step(ev Event) []Effect {
	var effects []Effect
	for _, e := range m.floor.Step(m.now, ev) {
		effects = append(effects, copied(e))
	}
	m.story = append(m.story, told{m.now, ev, effects})
	return effects
}

// tell sends an event, learns from it and its effects, and holds the floor to
// everything that must be so after any step.
func (m *model) tell(ev Event) {
	var freed string
	if over, is := ev.(OfferOver); is {
		freed = m.offers[over.Offer].Agent
	}
	before := m.before(ev)
	effects := m.step(ev)
	m.learnEvent(ev, effects)
	m.checkLent(ev, before, effects)
	for _, e := range effects {
		m.learnEffect(ev, e)
	}
	m.check(ev)
	for _, e := range effects {
		if o, ok := e.(*Offer); ok && !m.floor.held && !o.Asked {
			m.checkChoice(ev, o, freed)
		}
	}
}

func refused(effects []Effect) bool {
	return slices.ContainsFunc(effects, func(e Effect) bool { _, ok := e.(*Refused); return ok })
}

// learnEvent follows what an event means for the calls.
func (m *model) learnEvent(ev Event, effects []Effect) {
	switch ev := ev.(type) {
	case Enter:
		if _, known := m.line[ev.Call]; !known && !refused(effects) {
			m.line[ev.Call] = m.spotOf(ev)
			m.rated[ev.Call] = ev.Priority
			delete(m.offered, ev.Call)
		}
	case Leave:
		delete(m.line, ev.Call)
		maps.DeleteFunc(m.offers, func(_ cdr.OfferID, o Offer) bool { return o.Call == ev.Call && !o.Asked })
	case OfferOver:
		m.learnOver(ev, effects)
	case TalkOver:
		m.learnTalkOver(ev, effects)
	case Prefer:
		if s := m.line[ev.Call]; s != nil {
			s.keptTo = append(s.keptTo, ev.Until)
		}
	case Reprioritise:
		if s := m.line[ev.Call]; s != nil {
			s.Priority = ev.Priority
			m.rated[ev.Call] = ev.Priority
		}
	case AskCallback:
		if s := m.line[ev.Call]; s != nil && !s.virtual {
			s.virtual, s.due = true, ev.NotBefore
			s.Callback, s.Number = &ev.CallbackPlace, ev.Number
		}
	case CallbackReached:
		if s := m.line[ev.Call]; s != nil && s.dialled {
			s.virtual, s.dialled, s.Callback, s.since = false, false, nil, m.now
		}
	case CallbackMissed:
		if s := m.line[ev.Call]; s != nil && s.dialled {
			m.tryLater(s)
		}
	case Redefine:
		m.redefined(ev.Definitions)
	}
}

// redefined: who is new is offline, who is defined no more and offline is gone.
func (m *model) redefined(defs Definitions) {
	m.defs = defs
	for _, a := range defs.Agents {
		if _, known := m.states[a.ID]; !known {
			m.states[a.ID] = cdr.Offline
		}
	}
	for id, state := range m.states {
		if state == cdr.Offline && m.agent(id) == nil {
			delete(m.states, id)
			delete(m.saves, id)
		}
	}
}

func (m *model) spotOf(ev Enter) *spot {
	s := &spot{Enter: ev, since: m.now}
	if !ev.Since.IsZero() {
		s.since = ev.Since
	}
	if ev.Callback != nil {
		c := *ev.Callback
		s.virtual, s.due, s.Callback = true, c.NotBefore, &c
	}
	for _, w := range ev.Preferred {
		s.keptTo = append(s.keptTo, w.Until)
	}
	return s
}

// tryLater: a callback's customer did not answer.
func (m *model) tryLater(s *spot) {
	later := retryByDefault
	if c := m.definition(s.Queue); c != nil && c.Callback != nil && c.Callback.RetryAfter > 0 {
		later = c.Callback.RetryAfter
	}
	s.dialled, s.due = false, m.now.Add(later)
	s.Callback.Tries++
}

func (m *model) learnTalkOver(ev TalkOver, effects []Effect) {
	if t, ok := m.talks[ev.Agent]; ok && t.Call == ev.Call {
		if refused(effects) {
			m.t.Fatalf("talk over %+v refused, though they talked", ev)
		}
		delete(m.talks, ev.Agent)
		delete(m.asked, ev.Agent)
		if !ev.Advised {
			m.wrapped[ev.Agent] = ev.Call
		}
	} else if !refused(effects) {
		m.t.Fatalf("talk over %+v taken, though they did not talk", ev)
	}
}

func (m *model) learnOver(ev OfferOver, effects []Effect) {
	o, open := m.offers[ev.Offer]
	if !open {
		return
	}
	delete(m.offers, ev.Offer)
	m.past = append(m.past, ev)
	if o.Asked {
		m.learnLoanOver(ev, o, effects)
		return
	}
	_, inLine := m.line[o.Call]
	switch ev.Outcome {
	case cdr.OfferAnswered:
		if inLine == refused(effects) {
			m.fail(ev, "refused is %v, in line %v", refused(effects), inLine)
		}
		if inLine {
			delete(m.line, o.Call)
			m.talks[o.Agent] = Talking{Call: o.Call, Agent: o.Agent, Queue: o.Queue, Offer: o.ID}
		}
	case cdr.OfferCallerGone:
		delete(m.line, o.Call)
	case cdr.OfferNotReached:
		if s := m.line[o.Call]; s != nil && s.virtual {
			m.tryLater(s)
		}
	}
}

// diagram is the picture of doc.go: where each state may go. A state may stay
// itself when what changes is its reason or what comes next.
var diagram = map[cdr.AgentState][]cdr.AgentState{
	cdr.Offline:   {cdr.NotReady, cdr.Offline},
	cdr.NotReady:  {cdr.Ready, cdr.Offline, cdr.NotReady},
	cdr.Ready:     {cdr.NotReady, cdr.Offline, cdr.OfferedTo, cdr.Ready},
	cdr.OfferedTo: {cdr.Ready, cdr.NotReady, cdr.Offline, cdr.OnCall, cdr.OfferedTo},
	cdr.OnCall:    {cdr.WrapUp, cdr.Ready, cdr.NotReady, cdr.Offline, cdr.OnCall},
	cdr.WrapUp:    {cdr.Ready, cdr.NotReady, cdr.Offline, cdr.WrapUp},
}

func (m *model) learnEffect(ev Event, e Effect) {
	switch e := e.(type) {
	case *Offer:
		m.learnOffer(ev, *e)
	case *Withdraw:
		if _, open := m.offers[e.Offer]; !open && !m.floor.held {
			m.fail(ev, "withdraws an offer that is not open: %+v", e)
		}
	case *AgentChange:
		m.learnChange(ev, *e)
	case *WrapUpOver:
		if m.wrapped[e.Story.Agent] != e.Call {
			m.fail(ev, "closes %s's part in %s, which was not to be closed", e.Story.Agent, e.Call)
		}
		if until := m.lastSave(e.Story.Agent).Until; ev == (Tick{}) && until.After(m.now) {
			m.t.Fatalf("%s's wrap-up until %s ended before its time, at %s", e.Story.Agent, until, m.now)
		}
		if e.Offer == "" && !m.floor.held {
			m.fail(ev, "closes a part without its offer: %+v", e)
		}
		delete(m.wrapped, e.Story.Agent)
	default:
		m.learnPlace(ev, e)
	}
}

// learnPlace follows what is told of places.
func (m *model) learnPlace(ev Event, e Effect) {
	switch e := e.(type) {
	case *Placed:
		s := m.line[e.Call]
		if s == nil || e.Rank < 1 || e.EnteredAt.After(s.EnteredAt) {
			m.fail(ev, "placed %+v", e)
		}
		if e.Resumed == "" && !e.EnteredAt.Equal(s.EnteredAt) {
			m.fail(ev, "another place, but resumed from nobody: %+v", e)
		}
		if e.Queue != s.Queue {
			s.since = m.now
			delete(m.offered, e.Call)
		}
		s.EnteredAt, s.Queue = e.EnteredAt, e.Queue
		if e.Resumed != "" {
			s.Priority = max(s.Priority, m.rated[e.Resumed])
			m.rated[e.Call] = s.Priority
		}
	case *Out:
		if s := m.line[e.Call]; s == nil && !refused(m.story[len(m.story)-1].effects) {
			m.fail(ev, "out of no place: %+v", e)
		}
		m.checkOut(ev, e)
		delete(m.line, e.Call)
	case *Announce:
		for _, o := range m.offers {
			if s := m.line[e.Call]; o.Call == e.Call && !o.Asked || s == nil || s.virtual {
				m.fail(ev, "announced while a phone rings or nobody listens: %+v", e)
			}
		}
	case *DialBack:
		s := m.line[e.Call]
		if s == nil || !s.virtual || s.dialled || s.Callback.Mode != cdr.CustomerFirst || s.due.After(m.now) {
			m.fail(ev, "dials back %+v", e)
		}
		m.checkDialled(ev, s)
		s.dialled = true
	case *NotOffered:
		m.checkNotOffered(ev, e)
	case *Remember:
		m.kept[e.Kept.Call] = e.Kept
	case *Forget:
		delete(m.kept, e.Call)
	}
}

func (m *model) lastSave(agent string) SavedAgent {
	if saves := m.saves[agent]; len(saves) > 0 {
		return saves[len(saves)-1]
	}
	return SavedAgent{}
}

func (m *model) learnOffer(ev Event, o Offer) {
	m.learnName(ev, o)
	if o.Asked {
		m.offers[o.ID] = o // what else it must be, checkLent says
		return
	}
	m.checkWhy(ev, &o)
	s := m.line[o.Call]
	if s == nil || o.Callback != s.virtual || o.Queue != s.Queue {
		m.t.Fatalf("offer %+v of %+v", o, s)
	}
	strategy := m.definition(o.Queue).Strategy
	for _, other := range m.offers {
		if other.Agent == o.Agent || other.Call == o.Call && !other.Asked && strategy != RingAll && strategy != RingProgressively {
			m.t.Fatalf("offer %s while %s is open", o.ID, other.ID)
		}
	}
	m.offers[o.ID] = o
	m.offered[o.Call] = true
}

func (m *model) learnChange(ev Event, c AgentChange) {
	id := c.Story.Agent
	if c.Story.From != m.states[id] {
		m.fail(ev, "%s goes from %s, but was %s", id, c.Story.From, m.states[id])
	}
	b, asks := ev.(Borrow)
	callsOut := asks && b.Out && b.Agent == id && c.Story.To == cdr.OfferedTo && (c.Story.From == cdr.NotReady || c.Story.From == cdr.WrapUp)
	if !slices.Contains(diagram[c.Story.From], c.Story.To) && !callsOut && c.Story.Cause != "reclaimed" && c.Story.Cause != "defined" {
		m.fail(ev, "%s goes from %s to %s, which the diagram does not draw", id, c.Story.From, c.Story.To)
	}
	if c.Saved.State != c.Story.To {
		m.fail(ev, "%s is told %s and saved %s", id, c.Story.To, c.Saved.State)
	}
	if n := len(m.saves[id]); n > 0 && c.Saved.Number <= m.saves[id][n-1].Number {
		m.fail(ev, "%s saved twice as number %d", id, c.Saved.Number)
	}
	if d := m.agent(id); d != nil && (d.Desk && c.Saved.Phone != c.Saved.Devices.Phone() || !d.Desk && c.Saved.Devices != (cdr.Devices{})) {
		m.fail(ev, "%s, desk phone %t, has phone %q of %+v", id, d.Desk, c.Saved.Phone, c.Saved.Devices)
	}
	m.states[id] = c.Story.To
	m.saves[id] = append(m.saves[id], c.Saved)
	if m.agent(id) == nil && c.Story.To == cdr.Offline {
		delete(m.states, id)
		delete(m.saves, id)
	}
}

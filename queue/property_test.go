package queue

import (
	"flag"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// Any day on any floor: callers come and go, agents do what they like, phones
// ring out or are picked up late, things are told twice. After every step the
// checks of invariant_test.go hold; in the end everything told over is closed,
// and the same events make the same decisions.
func TestAnyDay(t *testing.T) {
	const days, events = 100, 1000 // rapid's own number of checks
	happened := 0
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		for range rapid.IntRange(events, events+200).Draw(t, "events") {
			m.pass()
			m.anything()
			happened++
		}
		m.closeDay()
		m.replay()
	})
	t.Logf("%d random events", happened)
	if all := flag.Lookup("rapid.checks"); all.Value.String() == all.DefValue && !testing.Short() && happened < days*events {
		t.Errorf("%d random events, want %d", happened, days*events)
	}
}

// The controller dies once or more in the day. Every agent is restored as last
// saved, every call says what it knows, in any order and with agents clicking
// meanwhile; all checks go on holding, and every part told over is closed once.
func TestAnyDayWithCrashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		for range rapid.IntRange(1, 4).Draw(t, "crashes") {
			for range rapid.IntRange(20, 160).Draw(t, "events") {
				m.pass()
				m.anything()
			}
			m.crash(0)
			m.replay()
		}
		m.closeDay()
	})
}

// The same, but agents' saves lag behind the calls': what calls say counts.
func TestAnyDayWithCrashesAndLostSaves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		for range rapid.IntRange(1, 4).Draw(t, "crashes") {
			for range rapid.IntRange(20, 160).Draw(t, "events") {
				m.pass()
				m.anything()
			}
			m.crash(3)
		}
		m.closeDay()
	})
}

// A widening step only ever lets more agents in.
func TestWideningOnlyAdmits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		defs := drawFloor(t)
		f := New(defs, time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC))
		for _, l := range f.lines {
			w := wants{needs: f.names.needsOf(nil, drawNeeds(t)), language: f.names.languageOf(rapid.SampledFrom(drawnTongues).Draw(t, "language"))}
			for i := range l.seats {
				admitted := false
				for w.stage = 0; int(w.stage) < len(l.stages); w.stage++ {
					what, _ := l.lacking(&l.seats[i], &w)
					if admitted && what != lacksNothing {
						t.Fatalf("step %d of %s shuts %s out", w.stage, l.ID, l.seats[i].agent.Agent.ID)
					}
					admitted = what == lacksNothing
				}
			}
		}
	})
}

// pass lets a while go by and, as floor's timer would, ticks when that is due.
func (m *model) pass() {
	until := m.now.Add(drawSeconds(m.t, 0, 8, "seconds"))
	for next := m.floor.Deadline(); !next.IsZero() && !next.After(until); next = m.floor.Deadline() {
		if next.After(m.now) {
			m.now = next
		}
		m.tell(Tick{})
	}
	m.now = until
}

// anything is one event of any kind, mostly sensible, sometimes stale or absurd.
func (m *model) anything() {
	switch rapid.IntRange(0, 24).Draw(m.t, "kind") {
	case 0, 1, 2, 3:
		m.enter()
	case 4:
		m.tell(Leave{Call: m.someCall(), Cause: cdr.LeftAbandoned, Cutoff: rapid.Bool().Draw(m.t, "cut off")})
	case 5, 6, 7, 8:
		m.over()
	case 9, 10:
		m.hangUp()
	case 11, 12:
		m.wrapUp()
	case 13:
		m.tell(Reject{Agent: m.someAgent(), Offer: m.someOffer()})
	case 14:
		m.superviseCall()
	case 15, 16:
		m.callBack()
	case 17:
		m.tell(PhoneChange{Agent: m.someAgent(), Desk: sometimes(m.t, 3, "desk"), Phone: rapid.SampledFrom([]cdr.PhoneState{cdr.PhoneThere, cdr.PhoneThere, cdr.PhoneAway, cdr.PhoneInUse}).Draw(m.t, "phone")})
	case 18:
		if sometimes(m.t, 10, "redefine") {
			m.tell(Redefine{Definitions: drawFloor(m.t)})
		}
	case 19, 20:
		m.borrow()
	case 21:
		m.giveOn()
	default:
		m.click()
	}
	m.endElsewhere()
}

// endElsewhere is what actors do once a call is answered or out: they end its
// other offers, though now and then one is picked up first.
func (m *model) endElsewhere() {
	for _, id := range sorted(m.offers) {
		if o, open := m.offers[id]; open && !o.Asked && m.line[o.Call] == nil {
			outcome := cdr.OfferElsewhere
			if sometimes(m.t, 5, "picked up too") {
				outcome = cdr.OfferAnswered
			}
			m.tell(OfferOver{Offer: id, Outcome: outcome})
		}
	}
}

// click is what an agent does to their own state.
func (m *model) click() {
	agent := m.someAgent()
	switch rapid.IntRange(0, 9).Draw(m.t, "click") {
	case 0:
		m.tell(SignOut{Agent: agent})
	case 1, 2:
		m.tell(MakeNotReady{Agent: agent, Reason: rapid.SampledFrom([]string{"pause", "repas"}).Draw(m.t, "reason")})
	case 3, 4, 5:
		m.tell(SignIn{Agent: agent})
	default:
		m.tell(MakeReady{Agent: agent})
	}
}

// superviseCall moves a call, gives it another priority or finds whom it had
// better go to.
func (m *model) superviseCall() {
	call := m.someCall()
	switch rapid.IntRange(0, 2).Draw(m.t, "what") {
	case 0:
		m.tell(Move{Call: call, Queue: m.someQueue()})
	case 1:
		m.tell(Reprioritise{Call: call, Priority: rapid.IntRange(0, 4).Draw(m.t, "priority")})
	default:
		m.tell(Prefer{Call: call, Preference: m.preference()})
	}
}

func (m *model) preference() Preference {
	return Preference{
		Agent: m.someAgent(), Until: m.now.Add(drawSeconds(m.t, 0, 30, "kept")),
		Rule: rapid.SampledFrom([]string{cdr.RulePreferred, cdr.RuleLastAgent, cdr.RuleTicketOwner}).Draw(m.t, "rule"),
	}
}

func (m *model) callBack() {
	call := m.someCall()
	if s := m.line[call]; s != nil && s.dialled {
		if rapid.Bool().Draw(m.t, "reached") {
			m.tell(CallbackReached{Call: call})
		} else {
			m.tell(CallbackMissed{Call: call})
		}
		return
	}
	m.tell(AskCallback{Call: call, Number: m.someNumber(), CallbackPlace: m.callbackPlace()})
}

// someNumber is one a caller rings from, or asks to be called back on.
func (m *model) someNumber() string {
	return rapid.SampledFrom([]string{"", "", "", "+33199000101", "+33199000102"}).Draw(m.t, "number")
}

func (m *model) callbackPlace() CallbackPlace {
	c := CallbackPlace{Mode: rapid.SampledFrom([]cdr.CallbackMode{cdr.AgentFirst, cdr.CustomerFirst}).Draw(m.t, "mode")}
	if sometimes(m.t, 3, "window") {
		c.NotBefore = m.now.Add(drawSeconds(m.t, 0, 60, "from"))
		c.NotAfter = c.NotBefore.Add(drawSeconds(m.t, 1, 100, "to"))
	}
	return c
}

func drawNeeds(t *rapid.T) []cdr.Need {
	if rapid.Bool().Draw(t, "needs nothing") {
		return nil
	}
	return []cdr.Need{{Skill: rapid.SampledFrom(drawnSkills).Draw(t, "skill"), Level: rapid.IntRange(1, 10).Draw(t, "level")}}
}

func (m *model) enter() {
	if len(m.line) > 0 && sometimes(m.t, 10, "again") {
		if s := m.line[m.someCall()]; s != nil {
			m.tell(s.Enter) // told twice
		}
		return
	}
	m.entered++
	ev := Enter{
		Call: cdr.CallID(fmt.Sprintf("c%d", m.entered)), Queue: m.someQueue(),
		EnteredAt: m.now.Add(-drawSeconds(m.t, 0, 3, "earlier")),
		Priority:  rapid.IntRange(0, 2).Draw(m.t, "priority"), Needs: drawNeeds(m.t),
		Language: rapid.SampledFrom(drawnTongues).Draw(m.t, "language"),
		Caller:   m.someNumber(),
	}
	if sometimes(m.t, 5, "preferred") {
		ev.Preferred = []Preference{m.preference()}
	}
	if sometimes(m.t, 20, "a callback already") {
		c := m.callbackPlace()
		ev.Callback, ev.Number = &c, m.someNumber()
	}
	m.tell(ev)
}

var outcomes = []cdr.OfferOutcome{
	cdr.OfferAnswered, cdr.OfferAnswered, cdr.OfferAnswered, cdr.OfferAnswered, cdr.OfferRingNoAns, cdr.OfferRejected,
	cdr.OfferUnreachable, cdr.OfferCallerGone, cdr.OfferWithdrawn, cdr.OfferLost, cdr.OfferNotReached, cdr.OfferElsewhere,
}

func (m *model) over() {
	if len(m.past) > 0 && sometimes(m.t, 6, "stale") {
		m.tell(rapid.SampledFrom(m.past).Draw(m.t, "past")) // told twice
		return
	}
	m.tell(OfferOver{Offer: m.someOffer(), Outcome: rapid.SampledFrom(outcomes).Draw(m.t, "outcome")})
}

func (m *model) hangUp() {
	agent := m.someAgent()
	if sometimes(m.t, 10, "wrong") {
		m.tell(TalkOver{Call: m.someCall(), Agent: agent})
		return
	}
	if talking := sorted(m.talks); len(talking) > 0 {
		agent = rapid.SampledFrom(talking).Draw(m.t, "talking")
	}
	advised := m.asked[agent] && rapid.Bool().Draw(m.t, "advised") || sometimes(m.t, 20, "advised all the same")
	m.tell(TalkOver{Call: m.talks[agent].Call, Agent: agent, Advised: advised, PhoneLost: !advised && rapid.Bool().Draw(m.t, "phone lost")})
}

func (m *model) wrapUp() {
	agent := m.someAgent()
	if wrapping := sorted(m.wrapped); len(wrapping) > 0 {
		agent = rapid.SampledFrom(wrapping).Draw(m.t, "wrapping")
	}
	m.tell(WrapUpDone{
		Agent: agent, Call: m.wrapped[agent], Disposition: "resolved",
		Next: rapid.SampledFrom([]cdr.AgentState{"", cdr.Ready, cdr.NotReady, cdr.Offline, cdr.OnCall}).Draw(m.t, "next"),
	})
}

func sorted[K ~string, V any](m map[K]V) []K { return slices.Sorted(maps.Keys(m)) }

func (m *model) someAgent() string {
	return rapid.SampledFrom(append(sorted(m.states), "nobody")).Draw(m.t, "agent")
}

func (m *model) someQueue() string {
	return rapid.SampledFrom([]string{"q1", "q1", "q2", "q3"}).Draw(m.t, "queue")
}

func (m *model) someCall() cdr.CallID {
	if len(m.line) == 0 {
		return "c0"
	}
	return rapid.SampledFrom(sorted(m.line)).Draw(m.t, "call")
}

func (m *model) someOffer() cdr.OfferID {
	if len(m.offers) == 0 {
		return "c0-1"
	}
	return rapid.SampledFrom(sorted(m.offers)).Draw(m.t, "offer")
}

// closeDay ends every talk and wrap-up: nothing stays open. Every call still
// there is explained.
func (m *model) closeDay() {
	m.checkExplained()
	for _, agent := range sorted(m.talks) {
		m.tell(TalkOver{Call: m.talks[agent].Call, Agent: agent})
	}
	for _, agent := range sorted(m.wrapped) {
		m.tell(WrapUpDone{Agent: agent, Call: m.wrapped[agent]})
	}
	if len(m.wrapped) > 0 {
		m.t.Fatalf("parts never closed: %v", m.wrapped)
	}
}

// replay tells a new floor the same story.
func (m *model) replay() {
	again := New(m.defs0, m.began)
	for i, s := range m.story {
		var got []Effect
		for _, e := range again.Step(s.at, s.event) {
			got = append(got, copied(e))
		}
		if !reflect.DeepEqual(s.effects, got) {
			m.t.Fatalf("step %d, %+v, replayed otherwise:\n%s", i, s.event, cmp.Diff(s.effects, got))
		}
	}
}

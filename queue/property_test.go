package queue

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// Any day on any floor: callers come and go, agents do what they like, phones
// ring out or are picked up late, things are told twice. After every step the
// checks of invariant_test.go hold; in the end everything told over is closed,
// and the same events make the same decisions.
func TestAnyDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		for range rapid.IntRange(100, 500).Draw(t, "events") {
			m.pass()
			m.anything()
		}
		m.closeDay()
		m.replay()
	})
}

// The controller dies once or more in the day. Every agent is restored as last
// saved, every call says what it knows, in any order and with agents clicking
// meanwhile; all checks go on holding, and every part told over is closed once.
func TestAnyDayWithCrashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newModel(t)
		for range rapid.IntRange(1, 4).Draw(t, "crashes") {
			for range rapid.IntRange(20, 120).Draw(t, "events") {
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
			for range rapid.IntRange(20, 120).Draw(t, "events") {
				m.pass()
				m.anything()
			}
			m.crash(3)
		}
		m.closeDay()
	})
}

// pass lets a while go by and, as floor's timer would, ticks when that is due.
func (m *model) pass() {
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 8).Draw(m.t, "seconds")) * time.Second)
	if next := m.floor.Deadline(); !next.IsZero() && !next.After(m.now) {
		m.tell(Tick{})
	}
}

// anything is one event of any kind, mostly sensible, sometimes stale or absurd.
func (m *model) anything() {
	switch rapid.IntRange(0, 15).Draw(m.t, "kind") {
	case 0, 1, 2:
		m.enter()
	case 3:
		m.tell(Leave{Call: m.someCall()})
	case 4, 5, 6, 7:
		m.over()
	case 8, 9:
		m.hangUp()
	case 10, 11:
		m.wrapUp()
	case 12:
		m.tell(Reject{Agent: m.someAgent(), Offer: m.someOffer()})
	default:
		m.click()
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

func (m *model) enter() {
	if len(m.line) > 0 && rapid.IntRange(0, 9).Draw(m.t, "again") == 0 {
		m.tell(m.line[m.someCall()]) // told twice
		return
	}
	m.entered++
	ev := Enter{
		Call: cdr.CallID(fmt.Sprintf("c%d", m.entered)), Queue: rapid.SampledFrom([]string{"q1", "q2", "q3"}).Draw(m.t, "queue"),
		EnteredAt: m.now.Add(-time.Duration(rapid.IntRange(0, 3).Draw(m.t, "earlier")) * time.Second),
		Priority:  rapid.IntRange(0, 2).Draw(m.t, "priority"),
	}
	if rapid.Bool().Draw(m.t, "needs") {
		ev.Needs = []cdr.Need{{Skill: rapid.SampledFrom(drawnSkills).Draw(m.t, "skill"), Level: rapid.IntRange(1, 10).Draw(m.t, "level")}}
	}
	ev.Language = rapid.SampledFrom([]string{"", "fr", "en"}).Draw(m.t, "language")
	m.tell(ev)
}

var outcomes = []cdr.OfferOutcome{
	cdr.OfferAnswered, cdr.OfferAnswered, cdr.OfferAnswered, cdr.OfferRingNoAns, cdr.OfferRejected,
	cdr.OfferUnreachable, cdr.OfferCallerGone, cdr.OfferWithdrawn, cdr.OfferLost,
}

func (m *model) over() {
	if len(m.past) > 0 && rapid.IntRange(0, 4).Draw(m.t, "stale") == 0 {
		m.tell(rapid.SampledFrom(m.past).Draw(m.t, "past")) // told twice
		return
	}
	m.tell(OfferOver{Offer: m.someOffer(), Outcome: rapid.SampledFrom(outcomes).Draw(m.t, "outcome")})
}

func (m *model) hangUp() {
	agent := m.someAgent()
	if rapid.IntRange(0, 9).Draw(m.t, "wrong") == 0 {
		m.tell(TalkOver{Call: m.someCall(), Agent: agent})
		return
	}
	if talking := sorted(m.talks); len(talking) > 0 {
		agent = rapid.SampledFrom(talking).Draw(m.t, "talking")
	}
	m.tell(TalkOver{Call: m.talks[agent].Call, Agent: agent})
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

// closeDay ends every talk and wrap-up: nothing stays open.
func (m *model) closeDay() {
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
	again := New(m.defs, m.began)
	for i, s := range m.story {
		got := slices.Clone(again.Step(s.at, s.event))
		if diff := cmp.Diff(s.effects, got, cmpopts.EquateEmpty()); diff != "" {
			m.t.Fatalf("step %d, %+v, replayed otherwise:\n%s", i, s.event, diff)
		}
	}
}

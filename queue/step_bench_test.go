package queue

import (
	"fmt"
	"testing"
	"time"

	"linekeeper/cdr"
)

// BenchmarkStep is one caller's way through a full floor: every agent is talking,
// so many callers wait; an agent becomes free, is offered the oldest call and
// answers, and a new caller takes the last place. Four events an operation.
func BenchmarkStep(b *testing.B) {
	for _, size := range []struct{ waiting, agents, skills int }{
		{10, 10, 4}, {1_000, 500, 16}, {10_000, 5_000, 64},
	} {
		b.Run(fmt.Sprintf("waiting=%d/agents=%d/skills=%d", size.waiting, size.agents, size.skills), func(b *testing.B) {
			benchmarkStep(b, size.waiting, size.agents, size.skills)
		})
	}
}

func benchmarkStep(b *testing.B, waiting, agents, skills int) {
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	f, talking := busyFloor(b, now, waiting, agents, skills)
	calls := make([]cdr.CallID, b.N) // names are not what is measured
	for i := range calls {
		calls[i] = cdr.CallID(fmt.Sprintf("later-%d", i))
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		now = now.Add(time.Second)
		agent := fmt.Sprintf("a%d", i%agents)
		offer, found := firstOffer(f.Step(now, TalkOver{Call: talking[agent], Agent: agent}))
		if !found {
			b.Fatalf("%s is free and nobody is offered", agent)
		}
		f.Step(now, Tick{})
		f.Step(now, OfferOver{Offer: offer.ID, Outcome: cdr.OfferAnswered})
		talking[agent] = offer.Call
		f.Step(now, Enter{Call: calls[i], Queue: "q1", EnteredAt: now, Needs: need(i, skills)})
	}
}

// busyFloor has every agent talking and so many callers in line.
func busyFloor(b *testing.B, now time.Time, waiting, agents, skills int) (*Floor, map[string]cdr.CallID) {
	b.Helper()
	f := New(benchFloor(agents, skills), now)
	talking := map[string]cdr.CallID{}
	for i := range agents {
		call := cdr.CallID(fmt.Sprintf("first-%d", i))
		offer, found := firstOffer(f.Step(now, Enter{Call: call, Queue: "q1", EnteredAt: now}))
		if !found {
			b.Fatalf("%s is not offered to anybody", call)
		}
		f.Step(now, OfferOver{Offer: offer.ID, Outcome: cdr.OfferAnswered})
		talking[offer.Agent] = call
	}
	for i := range waiting {
		f.Step(now, Enter{Call: cdr.CallID(fmt.Sprintf("next-%d", i)), Queue: "q1", EnteredAt: now, Needs: need(i, skills)})
	}
	return f, talking
}

// benchFloor has one queue; each agent knows half of the skills.
func benchFloor(agents, skills int) Definitions {
	defs := Definitions{Queues: []Definition{{Label: Label{ID: "q1"}, Ring: 20 * time.Second}}}
	for i := range agents {
		a := Agent{ID: fmt.Sprintf("a%d", i), Name: "Agent", Queues: []string{"q1"}, Skills: map[string]int{}, AlwaysReady: true}
		for s := range skills {
			if (s+i)%2 == 0 {
				a.Skills[skillName(s)] = 1 + (s+i)%10
			}
		}
		defs.Agents = append(defs.Agents, a)
	}
	return defs
}

func need(i, skills int) []cdr.Need {
	return []cdr.Need{{Skill: skillName(i % skills), Level: 1}}
}

func skillName(s int) string { return fmt.Sprintf("skill-%d", s) }

func firstOffer(effects []Effect) (Offer, bool) {
	for _, e := range effects {
		if o, ok := e.(Offer); ok {
			return o, true
		}
	}
	return Offer{}, false
}

package sim_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/sim"
	"linekeeper/queue/wait"
)

// together is the callers of all.
func together(all ...sim.Arrivals) sim.Arrivals {
	return func(r *rand.Rand, from, to time.Time) []sim.Caller {
		var callers []sim.Caller
		for _, arrivals := range all {
			callers = append(callers, arrivals(r, from, to)...)
		}
		slices.SortStableFunc(callers, func(a, b sim.Caller) int { return a.At.Compare(b.At) })
		return callers
	}
}

// asking is callers who ask for a skill.
func asking(skill string, callers sim.Arrivals) sim.Arrivals {
	return func(r *rand.Rand, from, to time.Time) []sim.Caller {
		all := callers(r, from, to)
		for i := range all {
			all[i].Needs = []cdr.Need{{Skill: skill, Level: 1}}
		}
		return all
	}
}

// sharing is two queues, each of which has agents of its own and some who serve both.
func sharing(own, both int) queue.Definitions {
	defs := alike(0)
	second := defs.Queues[0]
	second.ID = "n2"
	defs.Queues = append(defs.Queues, second)
	for i := range 2*own + both {
		serves := []string{"n1", "n2"}
		if i < 2*own {
			serves = serves[i%2 : i%2+1]
		}
		defs.Agents = append(defs.Agents, queue.Agent{ID: fmt.Sprintf("a%02d", i+1), Queues: serves})
	}
	return defs
}

// skilled is a queue whose first agents know Linux.
func skilled(agents, linux int) queue.Definitions {
	defs := alike(agents)
	for i := range linux {
		defs.Agents[i].Skills = map[string]int{"linux": 5}
	}
	return defs
}

// Callers are told honestly how long they will wait, wherever else their agents are
// wanted: about as many as are meant to are served within the range they were told.
func TestTheWaitToldIsHonestWhereAgentsAreShared(t *testing.T) {
	const near = 0.06
	for _, c := range []struct {
		name     string
		defs     queue.Definitions
		arrivals sim.Arrivals
	}{
		{"one queue", alike(4), sim.Steady("n1", 45)},
		{"all serve both queues", sharing(0, 4), together(sim.Steady("n1", 22.5), sim.Steady("n2", 22.5))},
		{"a small queue beside a large", sharing(0, 4), together(sim.Steady("n1", 40), sim.Steady("n2", 5))},
		{"some serve both queues", sharing(2, 2), together(sim.Steady("n1", 33), sim.Steady("n2", 33))},
		{"some calls ask for a skill", skilled(6, 2), together(sim.Steady("n1", 55), asking("linux", sim.Steady("n1", 12)))},
	} {
		conduct := map[string]sim.Conduct{}
		for _, q := range c.defs.Queues {
			conduct[q.ID] = sim.Conduct{Talk: sim.Exponential(5 * time.Minute)}
		}
		got := played(t, sim.Scenario{
			Definitions: c.defs, From: morning, To: morning.Add(300 * time.Hour), Warm: 10 * time.Hour, Seed: 1,
			Arrivals: c.arrivals, Conduct: conduct,
		}, 4)
		for _, q := range got.Queues {
			share, _ := q.Told.Share()
			sooner, later := float64(q.Told.Sooner)/float64(q.Told.Told), float64(q.Told.Later)/float64(q.Told.Told)
			t.Logf("%s, %s: %d told, %.2f sooner, %.2f within, %.2f later", c.name, q.Queue, q.Told.Told, sooner, share, later)
			if math.Abs(share-wait.Inside) > near || math.Abs(sooner-wait.Low) > near {
				t.Errorf("%s, %s: %.2f sooner and %.2f within, meant were %.2f and %.2f", c.name, q.Queue, sooner, share, wait.Low, wait.Inside)
			}
		}
	}
}

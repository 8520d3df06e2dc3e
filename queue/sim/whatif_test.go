package sim_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/sim"
)

// alike is a queue of agents who are all alike.
func alike(agents int) queue.Definitions {
	defs := queue.Definitions{Queues: []queue.Definition{{
		Label: queue.Label{ID: "n1"}, Ring: 20 * time.Second, Level: 20 * time.Second, WrapUp: queue.WrapUpRule{Mode: queue.WrapUpNone},
	}}}
	for i := range agents {
		defs.Agents = append(defs.Agents, queue.Agent{ID: fmt.Sprintf("a%02d", i+1), Queues: []string{"n1"}})
	}
	return defs
}

func played(t *testing.T, s sim.Scenario, runs int) *sim.Outcome {
	t.Helper()
	o, err := sim.WhatIf(context.Background(), s, runs, nil)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// within holds a figure to a share of what it should be.
func within(t *testing.T, what string, got, want, part float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > part*want {
		t.Errorf("%s is %.4f, want %.4f within %.0f %%", what, got, want, 100*part)
	}
}

// The core, fed with Poisson calls of exponential length, is the queue of the
// textbook: M/M/n.
func TestCoreIsErlangC(t *testing.T) {
	got := played(t, sim.Scenario{
		Definitions: alike(4), From: morning, To: morning.Add(1000 * time.Hour), Warm: 10 * time.Hour,
		Arrivals: sim.Steady("n1", 32), Conduct: map[string]sim.Conduct{"n1": {Talk: sim.Exponential(5 * time.Minute)}}, Seed: 1,
	}, textbookRuns).Queues[0]
	want := sim.Erlang{Rate: 32, Handle: 5 * time.Minute, Agents: 4}.Solve()
	t.Logf("mean wait %v ± %v, Erlang C %v", got.ASA, got.ASAError, want.Wait)
	within(t, "mean wait", got.ASA.Seconds(), want.Wait.Seconds(), textbookNear)
	within(t, "service level", got.Level, want.Within(20*time.Second), textbookNear)
	within(t, "occupancy", got.Occupancy, want.Occupancy, textbookNear)
}

// With exponential patience it is Erlang A.
func TestCoreIsErlangA(t *testing.T) {
	got := played(t, sim.Scenario{
		Definitions: alike(6), From: morning, To: morning.Add(textbookRuns * 75 * time.Hour), Warm: 10 * time.Hour, Arrivals: sim.Steady("n1", 80),
		Conduct: map[string]sim.Conduct{"n1": {Talk: sim.Exponential(5 * time.Minute), Patience: sim.Exponential(3 * time.Minute)}}, Seed: 1,
	}, max(textbookRuns/8, 1)).Queues[0]
	want := sim.Erlang{Rate: 80, Handle: 5 * time.Minute, Agents: 6, Patience: 3 * time.Minute}.Solve()
	within(t, "abandoned", got.AbandonRate, want.Abandoned, textbookNear)
	within(t, "service level", got.Level, want.Within(20*time.Second), textbookNear)
	within(t, "occupancy", got.Occupancy, want.Occupancy, textbookNear)
}

// The yardstick beside a simulation is the textbook's answer to the same day.
func TestYardstickStandsBeside(t *testing.T) {
	got := played(t, sim.Scenario{
		Definitions: alike(6), From: morning, To: morning.Add(8 * time.Hour), Arrivals: sim.Steady("n1", 60),
		Conduct: map[string]sim.Conduct{"n1": {Talk: sim.Exponential(5 * time.Minute), Patience: sim.Exponential(4 * time.Minute)}}, Seed: 1,
	}, 100).Queues[0]
	q := sim.Erlang{Rate: 60, Handle: 5 * time.Minute, Agents: 6}
	c := q.Solve()
	q.Patience = 4 * time.Minute
	a := q.Solve()
	within(t, "Erlang C's level", got.ErlangC.Level, c.Within(20*time.Second), 0.05)
	within(t, "Erlang A's level", got.ErlangA.Level, a.Within(20*time.Second), 0.05)
	within(t, "Erlang A's hang-ups", got.ErlangA.AbandonRate, a.Abandoned, 0.1)
	within(t, "Erlang A's wait", got.ErlangA.Wait.Seconds(), a.Wait.Seconds(), 0.1)
}

// day is a made-up day with everything in it.
func day(seed uint64) sim.Scenario {
	defs := alike(4)
	defs.Queues[0].WrapUp = queue.WrapUpRule{Mode: queue.WrapUpTimed, For: time.Minute}
	defs.Queues[0].ShortAbandon = 5 * time.Second
	return sim.Scenario{
		Definitions: defs, From: morning, To: morning.Add(8 * time.Hour), Seed: seed, Arrivals: sim.Steady("n1", 45),
		Conduct: map[string]sim.Conduct{"n1": {
			Talk: sim.Exponential(4 * time.Minute), WrapUp: sim.Exponential(40 * time.Second), Answer: sim.Exponential(5 * time.Second),
			Miss: 0.05, Back: sim.Fixed(90 * time.Second), Patience: sim.Exponential(4 * time.Minute),
		}},
		Shifts: []sim.Shift{
			{At: morning, Agent: "a01", To: cdr.Ready},
			{At: morning.Add(3 * time.Hour), Agent: "a01", To: cdr.NotReady, Reason: "repas"},
			{At: morning.Add(4 * time.Hour), Agent: "a01", To: cdr.Ready},
			{At: morning.Add(7 * time.Hour), Agent: "a01", To: cdr.Offline},
		},
	}
}

func TestSameSeedSameAnswer(t *testing.T) {
	one, two, other := played(t, day(3), 4), played(t, day(3), 4), played(t, day(4), 4)
	if fmt.Sprint(one) != fmt.Sprint(two) {
		t.Errorf("two plays of one seed differ:\n%s", cmp.Diff(fmt.Sprint(one), fmt.Sprint(two)))
	}
	if fmt.Sprint(one) == fmt.Sprint(other) {
		t.Error("another seed gives the very same day")
	}
}

// A played day's facts are a day like any other: replayed, the core decides the
// same.
func TestPlayedDayIsReplayedExactly(t *testing.T) {
	s := day(5)
	facts, err := sim.Tell(s)
	if err != nil {
		t.Fatal(err)
	}
	got := sim.Replay(s.Definitions, facts, time.Time{})
	if !got.Exact() || got.Decisions < 300 || got.Same != got.Decisions {
		t.Errorf("%d decisions, %d the same: %+v", got.Decisions, got.Same, got.Differences)
	}
}

func TestNobodyCalls(t *testing.T) {
	s := day(1)
	s.Arrivals = sim.AsTold(nil)
	if _, err := sim.WhatIf(context.Background(), s, 1, nil); !errors.Is(err, sim.ErrNobody) {
		t.Errorf("no callers give %v", err)
	}
	s.To = s.From
	if _, err := sim.WhatIf(context.Background(), s, 1, nil); !errors.Is(err, sim.ErrNobody) {
		t.Errorf("no time gives %v", err)
	}
}

func TestStoppedOnTheWay(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	_, err := sim.WhatIf(ctx, day(1), 50, func(runs int) {
		if runs == 1 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped with %v", err)
	}
}

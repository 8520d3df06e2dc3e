package sim_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"linekeeper/cdr"
	"linekeeper/queue"
	"linekeeper/queue/sim"
)

func told(t *testing.T, s sim.Scenario) []cdr.Fact {
	t.Helper()
	facts, err := sim.Tell(s)
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

// What a played day's facts are measured at is what the play itself counted.
func TestMeasureIsWhatWasPlayed(t *testing.T) {
	s := day(5)
	want, got := played(t, s, 1), sim.Measure(s.Definitions, told(t, s), s.From, s.To)
	if diff := cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", got)); diff != "" {
		t.Errorf("measured otherwise:\n%s", diff)
	}
}

func TestLearnFromADay(t *testing.T) {
	s := day(5)
	facts := told(t, s)
	l, err := sim.Learn(s.Definitions, facts, s.From, s.To)
	if err != nil {
		t.Fatal(err)
	}
	was := sim.Measure(s.Definitions, facts, s.From, s.To).Queues[0]
	if len(l.Callers) != int(was.Entered) {
		t.Errorf("%d callers are learnt of %v", len(l.Callers), was.Entered)
	}
	var lunch []string
	for _, x := range l.Shifts {
		if x.Agent == "a01" {
			lunch = append(lunch, x.At.Format("15:04 ")+string(x.To)+x.Reason)
		}
	}
	// A break begins when the call in hand is over.
	if len(lunch) != 4 || lunch[0] != "09:00 ready" || lunch[1][:3] != "12:" || lunch[2] != "13:00 ready" || lunch[3][:3] != "16:" {
		t.Errorf("a01's shift is learnt as %q", lunch)
	}
	r := rand.New(rand.NewPCG(1, 1))
	c := l.Conduct["n1"]
	for _, m := range []struct {
		what string
		draw sim.Draw
		want time.Duration
	}{{"talk", c.Talk, 4 * time.Minute}, {"answer", c.Answer, 5 * time.Second}, {"patience", c.Patience, 4 * time.Minute}} {
		sum := time.Duration(0)
		for range 5000 {
			sum += m.draw(r)
		}
		within(t, "mean "+m.what, (sum / 5000).Seconds(), m.want.Seconds(), 0.25)
	}
	if math.Abs(c.Miss-0.05) > 0.04 {
		t.Errorf("a share of %.3f is missed, want about 0.05", c.Miss)
	}
}

// A day learnt and played again comes out like the day it was learnt from.
func TestLearntDayIsLikeTheDay(t *testing.T) {
	s := day(5)
	facts := told(t, s)
	l, err := sim.Learn(s.Definitions, facts, s.From, s.To)
	if err != nil {
		t.Fatal(err)
	}
	was := sim.Measure(s.Definitions, facts, s.From, s.To).Queues[0]
	again := sim.Scenario{Definitions: s.Definitions, From: s.From, To: s.To, Arrivals: sim.AsTold(l.Callers), Conduct: l.Conduct, Shifts: l.Shifts, Seed: 1}
	got := played(t, again, 40).Queues[0]
	if got.Entered != was.Entered {
		t.Errorf("%v callers, there were %v", got.Entered, was.Entered)
	}
	within(t, "answered", got.Answered, was.Answered, 0.08)
	within(t, "occupancy", got.Occupancy, was.Occupancy, 0.08)
	again.Arrivals = sim.Alike(l.Callers, 1.5, 15*time.Minute)
	more := played(t, again, 40).Queues[0]
	within(t, "callers at a load of 1.5", more.Entered, 1.5*was.Entered, 0.03)
	if more.Level >= got.Level || more.AbandonRate <= got.AbandonRate {
		t.Errorf("half as many callers more: level %.2f → %.2f, hang-ups %.2f → %.2f", got.Level, more.Level, got.AbandonRate, more.AbandonRate)
	}
}

func TestLearnNothing(t *testing.T) {
	s := day(5)
	enter := []cdr.Fact{{ID: "1", Seq: 1, At: morning, Call: "c1", Story: cdr.QueueEntered{Queue: "n1", EnteredAt: morning}}}
	if _, err := sim.Learn(s.Definitions, enter, s.From, s.To); !errors.Is(err, sim.ErrUntaught) {
		t.Errorf("a call and no answer teach %v", err)
	}
	l, err := sim.Learn(s.Definitions, nil, s.From, s.To)
	if err != nil || len(l.Callers) != 0 {
		t.Errorf("no facts teach %+v, %v", l, err)
	}
	if len(l.Shifts) != 4 || l.Shifts[0].To != cdr.Offline {
		t.Errorf("agents of whom nothing is known have shifts %+v", l.Shifts)
	}
}

// What agents do who are asked for by name teaches nothing of the queue's offers.
func TestAskedForTeachesNothingOfOffers(t *testing.T) {
	b := twoReady()
	b.enters("c1", "n1")
	b.talks("c1", "a01")
	b.tell(0, "c1", cdr.Connected{Offer: "c1-1", Agent: "a01", Queue: "n1"})
	why := []cdr.Why{{Agent: "a02", Verdict: cdr.Chosen, Rule: cdr.RuleAskedFor}}
	for n, outcome := range []cdr.OfferOutcome{cdr.OfferRingNoAns, cdr.OfferAnswered} {
		id := queue.OfferName("c1", n+2)
		b.tell(time.Second, "c1", cdr.Offered{Offer: id, Agent: "a02", Queue: "n1", Why: why})
		b.tell(9*time.Second, "c1", cdr.OfferEnded{Offer: id, Agent: "a02", Queue: "n1", Outcome: outcome, Rang: 9 * time.Second})
	}
	b.tell(time.Second, "c1", cdr.TalkEnded{Agent: "a01", Talked: time.Minute})
	l, err := sim.Learn(alike(2), b.facts, morning, b.at)
	if err != nil || l.Conduct["n1"].Miss != 0 || l.Conduct["n1"].Answer != nil {
		t.Errorf("taught %+v, %v", l.Conduct["n1"], err)
	}
}

func TestQueueNotDefined(t *testing.T) {
	s := day(5)
	s.Conduct["n9"] = sim.Conduct{}
	if _, err := sim.WhatIf(context.Background(), s, 1, nil); err == nil {
		t.Error("a queue that is not defined is simulated")
	}
}

// Kaplan and Meier by hand: of five callers one hangs up at 10 s, one is answered
// at 20 s, one hangs up at 30 s, two are answered later.
func TestPatienceOfFew(t *testing.T) {
	stays := []sim.Stay{{30 * time.Second, true}, {10 * time.Second, true}, {20 * time.Second, false}, {40 * time.Second, false}, {50 * time.Second, false}}
	r := rand.New(rand.NewPCG(1, 1))
	patience := sim.Patience(stays)
	counts := map[time.Duration]float64{}
	const n = 20000
	for range n {
		if p := patience(r); p <= 30*time.Second {
			counts[p] += 1.0 / n
		}
	}
	near(t, "hanging up at 10 s", counts[10*time.Second], 1.0/5, 0.01)
	near(t, "hanging up at 30 s", counts[30*time.Second], 4.0/5*1/3, 0.01)
	if sim.Patience(stays[2:]) != nil {
		t.Error("nobody hung up, and yet patience ends")
	}
	if got := sim.MeanPatience(stays); got != 75*time.Second {
		t.Errorf("mean patience %v, want 150 s over two hang-ups", got)
	}
}

func TestStaffing(t *testing.T) {
	s := day(1)
	s.Definitions.Queues = append(s.Definitions.Queues, queue.Definition{Label: queue.Label{ID: "n2"}, Ring: time.Second})
	serving := func(s sim.Scenario, q string) (ids []string) {
		for _, a := range s.Definitions.Agents {
			if slices.Contains(a.Queues, q) {
				ids = append(ids, a.ID)
			}
		}
		return ids
	}
	for _, c := range []struct {
		change sim.Staffing
		n1, n2 string
		fails  bool
	}{
		{change: sim.Staffing{Add: true, Count: 2, Queue: "n1"}, n1: "[a01 a02 a03 a04 extra-n1-1 extra-n1-2]", n2: "[]"},
		{change: sim.Staffing{Count: 3, Queue: "n1"}, n1: "[a01]", n2: "[]"},
		{change: sim.Staffing{Count: 5, Queue: "n1"}, fails: true},
		{change: sim.Staffing{Add: true, Count: 1, Queue: "n2"}, fails: true}, // like nobody
		{change: sim.Staffing{Add: true, Agent: "a02", Queue: "n2"}, n1: "[a01 a02 a03 a04]", n2: "[a02]"},
		{change: sim.Staffing{Agent: "a02", Queue: "n1"}, n1: "[a01 a03 a04]", n2: "[]"},
		{change: sim.Staffing{Agent: "a02", Queue: "n2"}, fails: true}, // does not serve it
		{change: sim.Staffing{Agent: "a02"}, n1: "[a01 a03 a04]", n2: "[]"},
		{change: sim.Staffing{Add: true, Agent: "a02"}, fails: true},
		{change: sim.Staffing{Add: true, Count: 2}, fails: true},
		{change: sim.Staffing{Add: true, Agent: "zoe", Queue: "n1"}, fails: true},
		{change: sim.Staffing{Add: true, Count: 2, Queue: "n9"}, fails: true},
	} {
		got, err := s.Staff(c.change)
		if (err != nil) != c.fails {
			t.Errorf("%+v: %v", c.change, err)
			continue
		}
		if n1, n2 := fmt.Sprint(serving(got, "n1")), fmt.Sprint(serving(got, "n2")); !c.fails && (n1 != c.n1 || n2 != c.n2) {
			t.Errorf("%+v: n1 is served by %s and n2 by %s", c.change, n1, n2)
		}
		if was := fmt.Sprint(serving(s, "n1")); was != "[a01 a02 a03 a04]" {
			t.Fatalf("%+v changed the scenario it was made from: %s", c.change, was)
		}
	}
}

func TestMoreAgentsHelp(t *testing.T) {
	s := day(1)
	more, err := s.Staff(sim.Staffing{Add: true, Count: 2, Queue: "n1"})
	if err != nil {
		t.Fatal(err)
	}
	with, without := played(t, more, 20).Queues[0], played(t, s, 20).Queues[0]
	if with.Level <= without.Level || with.Occupancy >= without.Occupancy {
		t.Errorf("two agents more: level %.2f → %.2f, occupancy %.2f → %.2f", without.Level, with.Level, without.Occupancy, with.Occupancy)
	}
}

func TestChoose(t *testing.T) {
	s := day(1)
	got, err := s.Choose("n1", queue.Linear)
	if err != nil || got.Definitions.Queues[0].Strategy != queue.Linear || s.Definitions.Queues[0].Strategy == queue.Linear {
		t.Errorf("chose %+v, %v", got.Definitions.Queues[0].Strategy, err)
	}
	if _, err := s.Choose("n9", queue.Linear); err == nil {
		t.Error("a queue that is not there was given a strategy")
	}
}

// Whatever the load, callers alike come in the time and in order.
func TestAlikeStaysInItsTime(t *testing.T) {
	callers := []sim.Caller{{At: morning.Add(time.Minute), Queue: "n1"}, {At: morning.Add(50 * time.Minute), Queue: "n2"}, {At: morning.Add(-time.Hour), Queue: "n3"}}
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		got := sim.Alike(callers, rapid.Float64Range(0, 50).Draw(t, "load"), 17*time.Minute)(r, morning, morning.Add(time.Hour))
		for i, c := range got {
			if c.At.Before(morning) || !c.At.Before(morning.Add(time.Hour)) || i > 0 && c.At.Before(got[i-1].At) || c.Queue == "n3" {
				t.Fatalf("caller %d of %d is %+v", i, len(got), c)
			}
		}
	})
}

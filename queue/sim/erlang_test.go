package sim_test

import (
	"math"
	"testing"
	"time"

	"linekeeper/queue/sim"
)

func near(t *testing.T, what string, got, want, within float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > within {
		t.Errorf("%s is %.5f, want %.5f ± %g", what, got, want, within)
	}
}

// The worked example of M. Tanner, "The Erlang-C Formula" (mitan.co.uk): 360 calls in half an hour of 4 minutes, 55 agents:
// P(wait) 0.239, 8.18 s, 84.5 % within 15 s, occupancy 87.3 %.
func TestErlangCAgainstAPublishedExample(t *testing.T) {
	f := sim.Erlang{Rate: 720, Handle: 4 * time.Minute, Agents: 55}.Solve()
	near(t, "P(wait)", f.Waits, 0.239, 0.0005)
	near(t, "mean wait", f.Wait.Seconds(), 8.18, 0.05)
	near(t, "service level", f.Within(15*time.Second), 0.845, 0.001)
	near(t, "occupancy", f.Occupancy, 0.873, 0.0005)
}

// Garnett, Mandelbaum and Reiman, Designing a Call Center with Impatient
// Customers, M&SOM 4(3), 2002, and Mandelbaum and Zeltyn, The Palm/Erlang-A Queue,
// 2005, both in their introduction: 48 calls a minute of one minute, 50 agents;
// patience for ever and of two minutes in the mean.
func TestErlangAAgainstAPublishedTable(t *testing.T) {
	q := sim.Erlang{Rate: 2880, Handle: time.Minute, Agents: 50}
	c := q.Solve()
	near(t, "Erlang C mean wait", c.Wait.Seconds(), 20.8, 0.1)
	near(t, "Erlang C occupancy", c.Occupancy, 0.96, 0.001)
	near(t, "Erlang C 90th percentile", 1-c.Within(58100*time.Millisecond), 0.1, 0.002)
	q.Patience = 2 * time.Minute
	a := q.Solve()
	near(t, "Erlang A abandoned", a.Abandoned, 0.031, 0.0005)
	near(t, "Erlang A mean wait", a.Wait.Seconds(), 3.7, 0.1)
	near(t, "Erlang A occupancy", a.Occupancy, 0.93, 0.002)
}

// Erlang A with almost endless patience is Erlang C; everybody is served or hangs
// up; nobody to serve means everybody hangs up.
func TestErlangAAtItsEdges(t *testing.T) {
	q := sim.Erlang{Rate: 100, Handle: 4 * time.Minute, Agents: 8}
	c := q.Solve()
	q.Patience = 10_000 * time.Hour
	a := q.Solve()
	near(t, "wait", a.Wait.Seconds(), c.Wait.Seconds(), 0.1)
	near(t, "service level", a.Within(20*time.Second), c.Within(20*time.Second), 0.001)
	q.Patience = 3 * time.Minute
	for _, q.Agents = range []int{0, 1, 3, 8, 200} {
		f := q.Solve()
		near(t, "served or gone", f.Within(24*time.Hour)+f.Abandoned, 1, 1e-9)
	}
	q.Agents = 0
	near(t, "abandoned without agents", q.Solve().Abandoned, 1, 1e-9)
	q.Rate = 0
	near(t, "an empty queue's level", q.Solve().Within(0), 1, 0)
}

func TestErlangCOverloaded(t *testing.T) {
	f := sim.Erlang{Rate: 100, Handle: 6 * time.Minute, Agents: 10}.Solve()
	if !f.Endless || f.Within(time.Hour) != 0 {
		t.Errorf("ten erlangs on ten agents: %+v", f)
	}
}

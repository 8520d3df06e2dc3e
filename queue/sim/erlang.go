package sim

import (
	"math"
	"time"
)

// Erlang is one queue in the textbook: Poisson arrivals, exponential handle
// times and patience, one line, agents who are all alike.
type Erlang struct {
	Rate   float64       // calls an hour
	Handle time.Duration // mean, talk and wrap-up
	Agents int
	// Patience is the mean time a caller waits before hanging up; 0 is for ever
	// (Erlang C).
	Patience time.Duration
}

// Textbook is what Erlang's formulas say of a queue in its steady state.
type Textbook struct {
	Waits     float64       // share of callers who wait at all
	Abandoned float64       // share of callers who hang up
	Wait      time.Duration // mean, of all callers, those who hang up too
	Occupancy float64       // share of agents' time in calls
	// Endless says that the line grows for ever: more calls than agents can take,
	// and nobody hangs up. Wait has no meaning then.
	Endless bool
	within  func(time.Duration) float64
}

// Within is the share of all callers answered within so long.
func (f Textbook) Within(target time.Duration) float64 {
	if f.Endless {
		return 0
	}
	return f.within(target)
}

// load is the offered load in erlangs: calls in hand if nobody had to wait.
func (e Erlang) load() float64 { return e.Rate * e.Handle.Hours() }

// Solve gives Erlang C's figures (A. K. Erlang, 1917), or Erlang A's when callers
// hang up (Palm, 1946; Garnett, Mandelbaum and Reiman, 2002).
func (e Erlang) Solve() Textbook {
	switch {
	case e.Rate <= 0 || e.Handle <= 0:
		return Textbook{within: func(time.Duration) float64 { return 1 }}
	case e.Patience > 0:
		return e.solveA()
	default:
		return e.solveC()
	}
}

func (e Erlang) solveC() Textbook {
	a, n := e.load(), float64(e.Agents)
	if a >= n {
		return Textbook{Waits: 1, Occupancy: 1, Endless: true}
	}
	b := erlangB(a, e.Agents)
	c := b / (1 - a/n*(1-b))
	drain := (n - a) / e.Handle.Seconds() // how fast the line empties, calls a second
	return Textbook{
		Waits: c, Wait: span(c / drain), Occupancy: a / n,
		within: func(t time.Duration) float64 { return 1 - c*math.Exp(-drain*t.Seconds()) },
	}
}

// erlangB is the share of calls that find all agents busy when nobody may wait,
// by its recursion, which neither overflows nor loses digits.
func erlangB(a float64, n int) float64 {
	b := 1.0
	for i := 1; i <= n; i++ {
		b = a * b / (float64(i) + a*b)
	}
	return b
}

// negligible is where the chain of Erlang A is cut.
const negligible = 1e-12

// solveA follows the chain of calls in hand and in line: each state's share from
// the one before. A caller who finds j in line waits until j+1 of them and of
// those in hand have gone, while their own patience runs.
func (e Erlang) solveA() Textbook {
	a, n := e.load(), e.Agents
	rate, serve, leave := e.Rate/3600, 1/e.Handle.Seconds(), 1/e.Patience.Seconds()
	blocked := erlangB(a, n)
	if blocked < negligible {
		return Textbook{Occupancy: a / float64(n), within: func(time.Duration) float64 { return 1 }}
	}
	// Unscaled: 1 is the state with all agents busy and nobody in line.
	below := 1/blocked - 1 // all states with an agent free
	line := []float64{1}
	for j := 1; line[j-1] > negligible || float64(j)*leave+float64(n)*serve < rate; j++ {
		line = append(line, line[j-1]*rate/(float64(n)*serve+float64(j)*leave))
	}
	total, waiting := below, 0.0
	for j, p := range line {
		total += p
		waiting += float64(j) * p
	}
	abandoned := leave * (waiting / total) / rate // what leaves the line by impatience
	f := Textbook{
		Waits: (total - below) / total, Abandoned: abandoned, Wait: span(waiting / total / rate), // Little's law
		within: func(t time.Duration) float64 {
			got := below / total
			for j, p := range line {
				got += p / total * servedWithin(j, t.Seconds(), float64(n)*serve, leave)
			}
			return math.Min(got, 1)
		},
	}
	if n > 0 {
		f.Occupancy = a * (1 - abandoned) / float64(n)
	}
	return f
}

// servedWithin is the chance that a caller with j before them in line is served
// within t, all agents busy; served is the rate at which calls end, leave that of
// one caller's patience.
//
// The wait V is a sum of exponentials of rates served + i·leave, i = 0…j. The
// Mellin transform of exp(−leave·V) is that of a Beta(served/leave, j+1), so V's
// distribution is an incomplete beta; being patient that long weighs it with
// exp(−leave·V), which adds one to the first parameter.
func servedWithin(j int, t, served, leave float64) float64 {
	if served == 0 {
		return 0
	}
	c, k := served/leave, float64(j)+1
	return c / (c + k) * betaBelow(-math.Expm1(-leave*t), k, c+1)
}

// betaBelow is the regularised incomplete beta function I_x(a, b), by its
// continued fraction (Abramowitz and Stegun, 26.5.8), evaluated with Lentz's
// method on the side where it converges fast.
func betaBelow(x, a, b float64) float64 {
	switch {
	case x <= 0:
		return 0
	case x >= 1:
		return 1
	case x > (a+1)/(a+b+2):
		return 1 - betaBelow(1-x, b, a)
	}
	la, _ := math.Lgamma(a)
	lb, _ := math.Lgamma(b)
	lab, _ := math.Lgamma(a + b)
	front := math.Exp(lab-la-lb+a*math.Log(x)+b*math.Log1p(-x)) / a
	const tiny, enough = 1e-300, 1e-14
	f, c, d := 1.0, 1.0, 0.0
	for i := range 10_000 {
		m := float64(i / 2)
		var term float64
		switch {
		case i == 0:
			term = 1
		case i%2 == 0:
			term = m * (b - m) * x / ((a + 2*m - 1) * (a + 2*m))
		default:
			term = -(a + m) * (a + b + m) * x / ((a + 2*m) * (a + 2*m + 1))
		}
		d = 1 / nonzero(1+term*d, tiny)
		c = nonzero(1+term/c, tiny)
		f *= c * d
		if math.Abs(1-c*d) < enough {
			break
		}
	}
	return front * (f - 1)
}

func nonzero(v, tiny float64) float64 {
	if math.Abs(v) < tiny {
		return tiny
	}
	return v
}

func span(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

package bench

import (
	"slices"
	"time"
)

// Result is what a run found, written as JSON beside the table and the plot.
type Result struct {
	Began    time.Time     `json:"began"`
	Took     time.Duration `json:"took_ns"`
	Machine  Machine       `json:"machine"`
	Versions Versions      `json:"versions"`
	Agents   int           `json:"agents"`
	Arrivals []Pair        `json:"arrivals"` // (a), one for each rate
	Free     Pair          `json:"free"`     // (b)
	Ramp     []Step        `json:"ramp"`     // (c), in the order of the run
	Records  Records       `json:"records"`
}

// Pair is one thing measured of both.
type Pair struct {
	Rate       int    `json:"rate,omitempty"` // calls a second
	AppQueue   Spread `json:"app_queue"`
	Linekeeper Spread `json:"linekeeper"`
	// The distributions' quantiles in hundredths, for the plot, in milliseconds.
	AppQueueCurve   []float64 `json:"app_queue_curve"`
	LinekeeperCurve []float64 `json:"linekeeper_curve"`
}

// Step is one rate of the ramp with one system.
type Step struct {
	System  string             `json:"system"`
	Rate    int                `json:"rate"`
	Calls   int                `json:"calls"`
	Lost    int                `json:"lost"`
	Held    bool               `json:"held"`
	Arrival Spread             `json:"arrival"`
	Took    time.Duration      `json:"took_ns"`
	CPU     map[string]float64 `json:"cpu_seconds_per_call"`
}

// Records are the records of the calls Linekeeper took.
type Records struct {
	Calls int           `json:"calls"`
	Found int           `json:"found"`
	After time.Duration `json:"after_ns"` // how long after the last call they were looked for
}

func (r *Result) addArrival(rate int, seen map[string]sheet) {
	a, l := seen[AppQueue].arrival, seen[Linekeeper].arrival
	r.Arrivals = append(r.Arrivals, Pair{
		Rate: rate, AppQueue: spreadOf(a), Linekeeper: spreadOf(l),
		AppQueueCurve: curve(a), LinekeeperCurve: curve(l),
	})
}

func (r *Result) addFree(system string, times []time.Duration) Spread {
	s := spreadOf(times)
	if system == AppQueue {
		r.Free.AppQueue, r.Free.AppQueueCurve = s, curve(times)
	} else {
		r.Free.Linekeeper, r.Free.LinekeeperCurve = s, curve(times)
	}
	return s
}

// curve is a distribution in hundred points, of sorted times.
func curve(sorted []time.Duration) []float64 {
	if len(sorted) == 0 {
		return nil
	}
	points := make([]float64, 100)
	for i := range points {
		points[i] = quantile(sorted, float64(i+1)/100)
	}
	return points
}

// best is the highest rate a system held, with the step that shows it.
func (r *Result) best(system string) (Step, bool) {
	var best Step
	for _, s := range r.Ramp {
		if s.System == system && s.Held && s.Rate > best.Rate {
			best = s
		}
	}
	return best, best.Rate > 0
}

// common is the highest rate both held: there their CPU times are compared.
func (r *Result) common() (app, own Step, ok bool) {
	for _, s := range slices.Backward(r.Ramp) {
		for _, t := range r.Ramp {
			if s.System == AppQueue && t.System == Linekeeper && s.Held && t.Held && s.Rate == t.Rate && s.Rate > app.Rate {
				app, own, ok = s, t, true
			}
		}
	}
	return app, own, ok
}

// cpu is all the CPU time of a call, in seconds.
func (s Step) cpu() float64 {
	var sum float64
	for _, part := range s.CPU {
		sum += part
	}
	return sum
}

package bench

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// The two that are compared, by the number that leads to each.
const (
	Linekeeper = "linekeeper"
	AppQueue   = "app_queue"
)

// Lab is the lab that is measured, up and with the bench's phones.
type Lab struct {
	SIP        string // Asterisk's host:port
	PhonesPort int    // where all bench phones listen
	Agents     int
	DSN        string
	// Process IDs.
	Asterisk, Controller, Postgres int
}

// Plan is what is measured. All of it is bounded: no step is repeated until it
// goes well.
type Plan struct {
	// Rates, in calls a second, at which (a) is measured, in turns, Rounds times
	// for For each.
	Rates  []int
	Rounds int
	For    time.Duration
	// Waiting is how many callers wait in (b); Freed how many times an agent
	// becomes free.
	Waiting, Freed int
	// Ramp are the rates of (c), upwards, each for Step; each system climbs until
	// it loses a call.
	Ramp []int
	Step time.Duration
	// Only names the one system to measure, for work on it; empty: both.
	Only string
	// Dir takes sipp's files.
	Dir string
	Out io.Writer // progress, a line for each step
}

// DefaultPlan takes about ten minutes.
func DefaultPlan() Plan {
	return Plan{
		Rates: []int{5, 40}, Rounds: 3, For: 10 * time.Second,
		Waiting: 40, Freed: 400,
		Ramp: []int{20, 40, 60, 80, 100, 125, 150, 175, 200}, Step: 10 * time.Second,
	}
}

// Validate says what a plan may not be.
func (p Plan) Validate() error {
	for _, rates := range [][]int{p.Rates, p.Ramp} {
		if slices.ContainsFunc(rates, func(r int) bool { return r < 1 || r > 1000 }) {
			return errors.New("a rate is from 1 to 1000 calls a second")
		}
	}
	if p.Only != "" && p.Only != Linekeeper && p.Only != AppQueue {
		return fmt.Errorf("only %q: there is %s and %s", p.Only, Linekeeper, AppQueue)
	}
	if !slices.IsSorted(p.Ramp) {
		return errors.New("the ramp's rates go upwards")
	}
	if p.Rounds < 1 || p.For < time.Second || p.Step < time.Second || p.For > time.Hour || p.Step > time.Hour {
		return errors.New("a measurement is from one second to one hour, and there is at least one round")
	}
	if p.Waiting < 1 || p.Freed < 0 {
		return errors.New("at least one caller waits and one agent becomes free")
	}
	return nil
}

func (p Plan) say(format string, args ...any) {
	if p.Out != nil {
		fmt.Fprintf(p.Out, format+"\n", args...)
	}
}

// talks in (a) and (c); long ones in (b), so that agents become free one by one
// and not all at once.
var (
	shortTalk = talk{least: time.Second, most: 3 * time.Second}
	longTalk  = talk{least: 10 * time.Second, most: 30 * time.Second}
)

// number leads to a system's queue in the lab.
func number(system string) string {
	if system == AppQueue {
		return "0199000008"
	}
	return "0199000009"
}

// inTurns are the two systems, the first of each round taking turns too: who
// comes second finds caches warm and the machine hotter.
func (p Plan) inTurns(round int) []string {
	if p.Only != "" {
		return []string{p.Only}
	}
	if round%2 == 0 {
		return []string{AppQueue, Linekeeper}
	}
	return []string{Linekeeper, AppQueue}
}

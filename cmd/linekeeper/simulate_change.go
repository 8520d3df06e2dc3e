package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"linekeeper/queue"
	"linekeeper/queue/sim"
)

// change is what a simulation tries otherwise.
type change struct {
	staffing   []sim.Staffing
	strategies map[string]queue.Strategy
	load       float64
	try        string // folder of other definitions
	words      []string
}

// any says that there is something to try.
func (c change) any() bool {
	return len(c.staffing) > 0 || len(c.strategies) > 0 || c.load != 1 || c.try != ""
}

// change reads what was typed.
func (s *simulation) change() (change, error) {
	c := change{strategies: map[string]queue.Strategy{}, try: s.try}
	load, err := strconv.ParseFloat(strings.TrimLeft(s.load, "x×"), 64)
	if err != nil || !(load > 0 && load <= 100) {
		return c, fmt.Errorf("--load %s: write how many times as many calls, such as 1.2", s.load)
	}
	if s.runs < 1 || s.runs > 10_000 {
		return c, fmt.Errorf("--runs %d: between 1 and 10000", s.runs)
	}
	c.load = load
	if s.try != "" {
		c.words = append(c.words, "definitions "+s.try)
	}
	for _, text := range s.agents {
		one, err := parseStaffing(text)
		if err != nil {
			return c, err
		}
		c.staffing = append(c.staffing, one)
		c.words = append(c.words, "agents "+text)
	}
	for _, q := range slices.Sorted(maps.Keys(s.strategies)) {
		by := queue.Strategy(s.strategies[q])
		if !slices.Contains(strategies, by) {
			return c, fmt.Errorf("--strategy %s=%s: there are %s", q, by, listed(strategies))
		}
		c.strategies[q] = by
		c.words = append(c.words, fmt.Sprintf("strategy %s=%s", q, by))
	}
	if load != 1 {
		c.words = append(c.words, fmt.Sprintf("load ×%g", load))
	}
	return c, nil
}

var strategies = []queue.Strategy{
	queue.LongestIdle, queue.MostSkilled, queue.FewestCalls, queue.LeastTalkTime, queue.RoundRobin, queue.Linear,
	queue.Random, queue.WeightedRandom, queue.RingAll, queue.RingProgressively,
}

func listed[S ~string](all []S) string {
	words := make([]string, len(all))
	for i, s := range all {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}

// parseStaffing reads +2@queue, -2@queue, +agent@queue, -agent@queue or -agent.
func parseStaffing(text string) (sim.Staffing, error) {
	wrong := fmt.Errorf("--agents %s: write +2@QUEUE or -2@QUEUE for so many more or fewer, +NAME@QUEUE, -NAME@QUEUE or -NAME for one", text)
	if len(text) < 2 || text[0] != '+' && text[0] != '-' {
		return sim.Staffing{}, wrong
	}
	who, q, at := strings.Cut(text[1:], "@")
	c := sim.Staffing{Add: text[0] == '+', Queue: q}
	if who == "" || at && q == "" {
		return c, wrong
	}
	n, err := strconv.Atoi(who)
	switch {
	case err != nil:
		c.Agent = who
	case n < 1 || n > 10_000:
		return c, wrong
	default:
		c.Count = n
	}
	if q == "" && (c.Add || c.Agent == "") {
		return c, wrong
	}
	return c, nil
}

// alikeSlice is the length of time in which callers count as alike when their
// number is changed.
const alikeSlice = 15 * time.Minute

// apply makes the scenario that is tried out of the one that was.
func (c change) apply(s sim.Scenario, lesson *sim.Lesson) (sim.Scenario, error) {
	if c.try != "" {
		defs, _, err := loadFloor(c.try, BenchConfig{})
		if err != nil {
			return s, err
		}
		s.Definitions = defs
	}
	var err error
	for _, one := range c.staffing {
		if s, err = s.Staff(one); err != nil {
			return s, fmt.Errorf("--agents: %w", err)
		}
	}
	for _, q := range slices.Sorted(maps.Keys(c.strategies)) {
		if s, err = s.Choose(q, c.strategies[q]); err != nil {
			return s, fmt.Errorf("--strategy: %w", err)
		}
	}
	if c.load != 1 {
		s.Arrivals = sim.Alike(lesson.Callers, c.load, alikeSlice)
	}
	return s, nil
}

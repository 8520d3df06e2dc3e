package sim_test

import (
	"context"
	"testing"
	"time"

	"linekeeper/queue/sim"
)

// A day of 4,000 calls and 60 agents.
func bigDay() sim.Scenario {
	s := day(1)
	s.Definitions.Agents = alike(60).Agents
	s.Shifts = nil
	s.Arrivals = sim.Steady("n1", 500)
	return s
}

func BenchmarkReplay(b *testing.B) {
	s := bigDay()
	facts, err := sim.Tell(s)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if got := sim.Replay(s.Definitions, facts, time.Time{}); !got.Exact() {
			b.Fatal("the day is replayed otherwise")
		}
	}
	b.ReportMetric(float64(len(facts))*float64(b.N)/b.Elapsed().Seconds(), "facts/s")
}

func BenchmarkWhatIf(b *testing.B) {
	s := bigDay()
	for b.Loop() {
		if _, err := sim.WhatIf(context.Background(), s, 1, nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*8*3600/b.Elapsed().Seconds(), "virtual-s/s")
}

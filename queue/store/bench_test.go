package store

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/queue"
)

func TestAddBench(t *testing.T) {
	defs := loadSeed(t)
	people := len(defs.Floor.Agents)
	if err := AddBench(defs, 2, "127.0.0.1:5170"); err != nil {
		t.Fatal(err)
	}
	want := []queue.Agent{
		{ID: "bench001", Name: "Bench 001", Queues: []string{"bench"}, Phone: queue.PhoneSIP, Contact: "sip:bench001@127.0.0.1:5170", AlwaysReady: true},
		{ID: "bench002", Name: "Bench 002", Queues: []string{"bench"}, Phone: queue.PhoneSIP, Contact: "sip:bench002@127.0.0.1:5170", AlwaysReady: true},
	}
	if diff := cmp.Diff(want, defs.Floor.Agents[people:]); diff != "" {
		t.Error(diff)
	}
}

func TestAddBenchRefused(t *testing.T) {
	noQueue := &Definitions{}
	if err := AddBench(noQueue, 1, "h:1"); err == nil || !strings.Contains(err.Error(), "queue bench is not defined") {
		t.Errorf("without its queue: %v", err)
	}
	twice := loadSeed(t)
	if err := AddBench(twice, 1, "h:1"); err != nil {
		t.Fatal(err)
	}
	before := len(twice.Floor.Agents)
	if err := AddBench(twice, 3, "h:1"); err == nil || len(twice.Floor.Agents) != before {
		t.Errorf("with bench001 taken: %v, %d agents; want an error and %d", err, len(twice.Floor.Agents), before)
	}
	if err := AddBench(noQueue, 0, "h:1"); err != nil {
		t.Errorf("none asked for: %v", err)
	}
}

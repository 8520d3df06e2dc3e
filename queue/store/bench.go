package store

import (
	"fmt"

	"linekeeper/queue"
)

// BenchQueue is the queue bench agents serve; floor.yaml defines it.
const BenchQueue = "bench"

// Bench makes n agents bench001… who serve the bench queue, are ready for good
// and have phones at a fixed place: sip:benchNNN@contactHost (host:port).
func Bench(n int, contactHost string) []queue.Agent {
	agents := make([]queue.Agent, 0, max(n, 0))
	for i := 1; i <= n; i++ {
		id := fmt.Sprintf("bench%03d", i)
		agents = append(agents, queue.Agent{
			ID: id, Name: fmt.Sprintf("Bench %03d", i), Queues: []string{BenchQueue},
			Phone: queue.PhoneSIP, Contact: "sip:" + id + "@" + contactHost, AlwaysReady: true,
		})
	}
	return agents
}

// AddBench adds n bench agents to definitions just loaded, before anything else
// reads them. It fails, and adds none, when the bench queue is not defined or an
// ID is taken.
func AddBench(defs *Definitions, n int, contactHost string) error {
	if n <= 0 {
		return nil
	}
	if !hasQueue(defs.Floor.Queues, BenchQueue) {
		return fmt.Errorf("add %d bench agents: queue %s is not defined in %s", n, BenchQueue, FloorFile)
	}
	taken := map[string]bool{}
	for _, a := range defs.Floor.Agents {
		taken[a.ID] = true
	}
	bench := Bench(n, contactHost)
	for _, a := range bench {
		if taken[a.ID] {
			return fmt.Errorf("add %d bench agents: %s is an agent of %s already", n, a.ID, FloorFile)
		}
	}
	defs.Floor.Agents = append(defs.Floor.Agents, bench...)
	return nil
}

func hasQueue(queues []queue.Definition, id string) bool {
	for _, q := range queues {
		if q.ID == id {
			return true
		}
	}
	return false
}

package script

import (
	"slices"

	"linekeeper/ivr"
)

// Leads says which queues a call may come into in a flow without the caller
// pressing a key: whoever sends calls of a queue into the flow must know, lest
// they go round.
func Leads(flow *ivr.Flow) []string {
	var queues []string
	seen := map[string]bool{flow.Start: true}
	for todo := []string{flow.Start}; len(todo) > 0; {
		step := flow.Steps[todo[0]]
		todo = todo[1:]
		if q, ok := step.(*ivr.QueueStep); ok && !slices.Contains(queues, q.Queue) {
			queues = append(queues, q.Queue)
		}
		for _, exit := range step.Exits() {
			if exit.Silent && !seen[exit.To] {
				seen[exit.To] = true
				todo = append(todo, exit.To)
			}
		}
	}
	return queues
}

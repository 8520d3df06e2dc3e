package sim

import (
	"fmt"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// Staffing is one change of who serves what.
type Staffing struct {
	// Add or else remove.
	Add bool
	// Count is how many agents, Agent is one by name.
	Count int
	Agent string
	// Queue is the one they serve; empty, with Agent, is all.
	Queue string
}

// Staff changes who serves what, on a copy of the scenario.
//
//   - So many more: agents like the first who serves the queue, with nothing else
//     to serve, there from the first to the last moment anybody who serves it is,
//     without a break.
//   - So many fewer: the last in the definitions who serve the queue serve it no
//     more.
//   - One by name serves the queue, too, or no more; without a queue, is not there.
func (s Scenario) Staff(c Staffing) (Scenario, error) {
	s.Definitions.Agents = slices.Clone(s.Definitions.Agents)
	s.Shifts = slices.Clone(s.Shifts)
	if c.Queue != "" && !slices.ContainsFunc(s.Definitions.Queues, func(q queue.Definition) bool { return q.ID == c.Queue }) {
		return s, fmt.Errorf("no queue is named %q", c.Queue)
	}
	switch {
	case c.Agent != "":
		return s, s.staffOne(c)
	case c.Queue == "":
		return s, fmt.Errorf("%d agents of which queue?", c.Count)
	case c.Add:
		return s, s.hire(c.Queue, c.Count)
	default:
		return s, s.withdraw(c.Queue, c.Count)
	}
}

func (s *Scenario) staffOne(c Staffing) error {
	at := slices.IndexFunc(s.Definitions.Agents, func(a queue.Agent) bool { return a.ID == c.Agent })
	if at < 0 {
		return fmt.Errorf("no agent is named %q", c.Agent)
	}
	a := &s.Definitions.Agents[at]
	serves := slices.Contains(a.Queues, c.Queue)
	switch {
	case c.Add && c.Queue == "":
		return fmt.Errorf("which queue shall %s serve?", c.Agent)
	case c.Add && !serves:
		a.Queues = append(slices.Clone(a.Queues), c.Queue)
	case !c.Add && c.Queue == "":
		s.Definitions.Agents = slices.Delete(s.Definitions.Agents, at, at+1)
		s.Shifts = slices.DeleteFunc(s.Shifts, func(x Shift) bool { return x.Agent == c.Agent })
	case !c.Add && !serves:
		return fmt.Errorf("%s does not serve %s", c.Agent, c.Queue)
	case !c.Add:
		a.Queues = without(a.Queues, c.Queue)
	}
	return nil
}

func without(queues []string, id string) []string {
	return slices.DeleteFunc(slices.Clone(queues), func(q string) bool { return q == id })
}

// hire adds agents to a queue.
func (s *Scenario) hire(id string, count int) error {
	at := slices.IndexFunc(s.Definitions.Agents, func(a queue.Agent) bool { return slices.Contains(a.Queues, id) })
	if at < 0 {
		return fmt.Errorf("nobody serves %s whom more agents could be like", id)
	}
	like := s.Definitions.Agents[at]
	like.Queues = []string{id}
	begin, end := s.staffed(id)
	for i := range count {
		a := like
		a.ID = fmt.Sprintf("extra-%s-%d", id, i+1)
		a.Name = a.ID
		s.Definitions.Agents = append(s.Definitions.Agents, a)
		s.Shifts = append(s.Shifts, Shift{At: begin, Agent: a.ID, To: cdr.Ready}, Shift{At: end, Agent: a.ID, To: cdr.Offline})
	}
	slices.SortStableFunc(s.Shifts, func(a, b Shift) int { return a.At.Compare(b.At) })
	return nil
}

// staffed is from when to when anybody serves a queue.
func (s *Scenario) staffed(id string) (begin, end time.Time) {
	begin, end = s.From, s.To
	there := map[string]bool{}
	var first, last time.Time
	for _, x := range s.Shifts {
		at := slices.IndexFunc(s.Definitions.Agents, func(a queue.Agent) bool { return a.ID == x.Agent })
		if at < 0 || !slices.Contains(s.Definitions.Agents[at].Queues, id) {
			continue
		}
		if was := len(there); x.To == cdr.Offline {
			delete(there, x.Agent)
			if was > 0 && len(there) == 0 {
				last = x.At
			}
		} else {
			there[x.Agent] = true
			if first.IsZero() {
				first = x.At
			}
		}
	}
	if !first.IsZero() {
		begin = first
	}
	if len(there) == 0 && !last.IsZero() {
		end = last
	}
	return begin, end
}

// withdraw takes agents off a queue.
func (s *Scenario) withdraw(id string, count int) error {
	for i := len(s.Definitions.Agents) - 1; i >= 0 && count > 0; i-- {
		if a := &s.Definitions.Agents[i]; slices.Contains(a.Queues, id) {
			a.Queues = without(a.Queues, id)
			count--
		}
	}
	if count > 0 {
		return fmt.Errorf("%s has %d agents too few to take away", id, count)
	}
	return nil
}

// Choose gives a queue another strategy, on a copy of the scenario.
func (s Scenario) Choose(id string, by queue.Strategy) (Scenario, error) {
	s.Definitions.Queues = slices.Clone(s.Definitions.Queues)
	for i := range s.Definitions.Queues {
		if q := &s.Definitions.Queues[i]; q.ID == id {
			q.Strategy = by
			return s, nil
		}
	}
	return s, fmt.Errorf("no queue is named %q", id)
}

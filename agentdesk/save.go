package agentdesk

import (
	"encoding/json"
	"fmt"
	"time"
)

// savedFormat changes when an older save can no longer be read.
const savedFormat = 3

// saved is the board as JSON. Names and rules come from the definitions.
type saved struct {
	Format int              `json:"format"`
	Seq    uint64           `json:"seq"`
	Day    string           `json:"day"`
	Agents []Agent          `json:"agents"`
	Queues map[string]tally `json:"queues"`
	Calls  []*call          `json:"calls"`
}

// Save writes the board with the ledger sequence it stands at, so that a
// restarted controller need only read the facts after it.
func (b *Board) Save() ([]byte, error) {
	s := saved{Format: savedFormat, Seq: b.seq, Day: b.day, Queues: make(map[string]tally, len(b.queues))}
	for _, id := range b.agentOrder {
		s.Agents = append(s.Agents, b.agents[id].Agent)
	}
	for id, q := range b.queues {
		s.Queues[id] = q.today
	}
	for _, c := range b.calls {
		s.Calls = append(s.Calls, c)
	}
	data, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("save the board at %d: %w", b.seq, err)
	}
	return data, nil
}

// Load fills a new board with a saved one. What the definitions no longer name
// is left out. After an error the board is as it was.
func (b *Board) Load(data []byte) error {
	var s saved
	if err := json.Unmarshal(data, &s); err != nil {
		return fmt.Errorf("load a saved board: %w", err)
	}
	if s.Format != savedFormat {
		return fmt.Errorf("load a saved board: format %d, this version reads %d", s.Format, savedFormat)
	}
	if _, err := time.Parse(time.DateOnly, s.Day); s.Day != "" && err != nil {
		return fmt.Errorf("load a saved board: %w", err)
	}
	b.seq, b.day = s.Seq, s.Day
	b.loadAgents(s.Agents)
	for id, t := range s.Queues {
		if q := b.queues[id]; q != nil {
			q.today = t
		}
	}
	for _, c := range s.Calls {
		b.loadCall(c)
	}
	return nil
}

func (b *Board) loadAgents(agents []Agent) {
	var ignored Change
	for _, old := range agents {
		a := b.agents[old.ID]
		if a == nil {
			continue
		}
		name, queues, two := a.Name, a.Queues, a.Devices
		a.Agent = old
		a.Name, a.Queues = name, queues
		if two == nil || a.Devices == nil { // saved under definitions that said otherwise
			a.Devices = two
		}
		b.countReady(a, +1, &ignored)
	}
}

func (b *Board) loadCall(c *call) {
	if c == nil || c.ID == "" {
		return
	}
	b.calls[c.ID] = c
	for _, o := range c.Open {
		b.offers[o.ID] = c.ID
	}
	q := b.queues[c.Queue]
	if c.InLine = c.InLine && q != nil; c.InLine {
		q.enter(c)
	}
	for _, p := range c.Parts {
		if q := b.queues[p.Queue]; q != nil && p.Talking {
			q.talking++
		}
	}
}

package desk

import (
	"fmt"
	"io"
	"time"
)

// Plan says what is measured.
type Plan struct {
	Consoles int           // open websockets, Supervisors among them
	Watchers int           // of them, supervisors who see the whole floor
	Queues   int           // each agent serves two
	Calls    int           // begun each second; each makes 14 facts, 4 of them an agent's state
	Warm     time.Duration // load before it is measured
	For      time.Duration // measured for so long
	Ways     []string      // of Ways()

	Dir    string    `json:"-"` // for the ledgers, emptied after each turn
	Binary string    `json:"-"` // that serves, by its hidden command
	Out    io.Writer `json:"-"` // progress
}

// Way is how a server keeps consoles up to date.
const (
	WayLinekeeper = "linekeeper" // agentdesk/live
	WayPolling    = "full board each second"
	WayChat       = "every change to everyone"
)

// Ways are all of them, in the order they are measured.
func Ways() []string { return []string{WayLinekeeper, WayPolling, WayChat} }

// DefaultPlan is the one whose figures are published.
func DefaultPlan() Plan {
	return Plan{
		Consoles: 2000, Watchers: 20, Queues: 20, Calls: 25,
		Warm: 15 * time.Second, For: 45 * time.Second, Ways: Ways(),
	}
}

// Validate says what cannot be measured.
func (p Plan) Validate() error {
	switch {
	case p.Consoles < 1 || p.Watchers < 0 || p.Watchers >= p.Consoles:
		return fmt.Errorf("%d consoles, %d of them supervisors': at least one must be an agent's", p.Consoles, p.Watchers)
	case p.Queues < 2:
		return fmt.Errorf("%d queues: an agent serves two", p.Queues)
	case p.Calls < 1:
		return fmt.Errorf("%d calls a second: nothing would change", p.Calls)
	case p.For < time.Second:
		return fmt.Errorf("%v is too short to measure", p.For)
	}
	return nil
}

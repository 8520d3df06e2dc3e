package bench

import (
	"strings"
	"sync"
	"time"
)

// journal pairs what went over the wire: a caller's INVITE with the INVITE the
// phone got for it, and an agent's BYE with the next INVITE of that agent. It is
// safe for concurrent use.
type journal struct {
	asterisk, phones uint16 // UDP ports: Asterisk's, and the one all phones share
	agents           int    // how many phones there are

	mu      sync.Mutex
	arrived map[string]time.Time // by caller's number: the INVITE's arrival
	offered map[string]bool      // by caller's number
	rung    map[string]string    // by Call-ID of a phone's call: its agent
	freed   map[string]time.Time // by agent: its last BYE, until it is rung again
	busy    map[string]bool      // agents rung or talking
	arrival []time.Duration
	free    []time.Duration
}

func newJournal(asterisk, phones uint16, agents int) *journal {
	j := &journal{asterisk: asterisk, phones: phones, agents: agents}
	j.turn()
	return j
}

// sheet is what one measurement saw.
type sheet struct {
	// arrival: caller's INVITE to the phone's INVITE, of calls that came while an
	// agent was free. free: an agent's BYE to the agent's next INVITE, for a call
	// that had been waiting.
	arrival, free []time.Duration
	arrived       int // calls
	offered       int // calls that rang a phone
}

// turn ends a measurement: it gives what was seen and begins afresh. Between
// two measurements nobody talks.
func (j *journal) turn() sheet {
	j.mu.Lock()
	defer j.mu.Unlock()
	s := sheet{arrival: j.arrival, free: j.free, arrived: len(j.arrived), offered: len(j.offered)}
	j.arrived, j.offered = map[string]time.Time{}, map[string]bool{}
	j.rung, j.freed, j.busy = map[string]string{}, map[string]time.Time{}, map[string]bool{}
	j.arrival, j.free = nil, nil
	return s
}

// hear takes one packet.
func (j *journal) hear(p packet) {
	r, ok := parse(p.text)
	if !ok {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	switch {
	case r.method == "INVITE" && p.to == j.asterisk:
		if caller := digits(r.from); j.arrived[caller].IsZero() {
			j.arrived[caller] = p.at
		}
	case r.method == "INVITE" && p.from == j.asterisk && p.to == j.phones:
		j.rings(r, p.at)
	case r.method == "BYE" && (p.from == j.phones || p.to == j.phones):
		if agent, known := j.rung[r.call]; known {
			delete(j.rung, r.call)
			delete(j.busy, agent)
			j.freed[agent] = p.at
		}
	}
}

// rings follows the INVITE to a phone; a repetition of it changes nothing.
func (j *journal) rings(r request, at time.Time) {
	if _, again := j.rung[r.call]; again {
		return
	}
	agent, caller := r.to, digits(r.from)
	came := j.arrived[caller]
	if !came.IsZero() && !j.offered[caller] {
		j.offered[caller] = true
		freed, wasFreed := j.freed[agent]
		switch {
		case wasFreed && came.Before(freed):
			j.free = append(j.free, at.Sub(freed))
		case len(j.busy) < j.agents:
			j.arrival = append(j.arrival, at.Sub(came))
		}
	}
	j.rung[r.call] = agent
	j.busy[agent] = true
	delete(j.freed, agent)
}

// digits is what is the same in every way of writing a number: its last eight
// digits, which are each bench caller's own.
func digits(number string) string {
	number = strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	return number[max(0, len(number)-8):]
}

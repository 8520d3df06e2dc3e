package restart

import (
	"time"

	"linekeeper/cmd/linekeeper/bench"
)

// Result is what a run found, written as JSON beside the table.
type Result struct {
	Began    time.Time      `json:"began"`
	Took     time.Duration  `json:"took_ns"`
	Machine  bench.Machine  `json:"machine"`
	Versions bench.Versions `json:"versions"`
	Plan     Plan           `json:"plan"`
	Rounds   []Round        `json:"rounds"`
	Beside   *Beside        `json:"beside,omitempty"`
}

// Round is one kill under calls. Times are in milliseconds, from the start of the
// new process where nothing else is said.
type Round struct {
	Calls   int     `json:"calls"`   // live at the kill
	Live    int     `json:"live"`    // of them, still so at the start
	Waiting int     `json:"waiting"` // in line, of Live
	Ledger  uint64  `json:"ledger"`  // facts in the ledger at the kill
	Away    float64 `json:"away_ms"` // from the kill to the start
	// Back is when control of each live call was back.
	Back Times `json:"back"`
	// Offered is when the phones of agents who became free meanwhile were rung, and
	// InTurn how many of these rings were for those who had waited longest.
	Offered Times   `json:"offered"`
	InTurn  int     `json:"in_turn"`
	Ready   float64 `json:"ready_ms"`       // when /readyz said so
	Empty   float64 `json:"empty_ready_ms"` // the same, of a controller without calls

	Cut        int `json:"cut"`          // live calls hung up on before control of all was back
	Lost       int `json:"lost"`         // calls not led to their end, says sipp
	Unrecorded int `json:"unrecorded"`   // callers without a record that has an end
	Doubled    int `json:"doubled"`      // callers with more than one, or more than one end
	Moved      int `json:"wait_changed"` // of Waiting: the wait is not counted from its beginning
}

// Beside is app_queue under the same load.
type Beside struct {
	Calls int     `json:"calls"`
	Kept  int     `json:"kept"`     // that are still there after the restart
	Ready float64 `json:"ready_ms"` // from the start of Asterisk until it has booted
}

// see judges what the round's calls tell, and what was heard on the wire since the
// kill.
func (r *Round) see(heard []bench.Request, phones uint16, began time.Time, live, waiting []*call) {
	at := backAt(live)
	r.Back = timesOf(began, at)
	rung := rings(heard, phones, began)
	var when []time.Time
	for _, one := range rung {
		when = append(when, one.at)
	}
	r.Offered, r.InTurn = timesOf(began, when), inTurn(rung, waiting)
	r.Cut = cut(heard, live, lastOf(began, at))
}

// lastOf is the last of some moments, or one before them.
func lastOf(last time.Time, at []time.Time) time.Time {
	for _, t := range at {
		if t.After(last) {
			last = t
		}
	}
	return last
}

// sum adds something up over the rounds.
func (r *Result) sum(of func(Round) int) int {
	n := 0
	for _, round := range r.Rounds {
		n += of(round)
	}
	return n
}

// slowest is the worst figure of the rounds.
func (r *Result) slowest(of func(Round) float64) float64 {
	var most float64
	for _, round := range r.Rounds {
		most = max(most, of(round))
	}
	return most
}

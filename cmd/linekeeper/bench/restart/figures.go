package restart

import (
	"slices"
	"time"

	"linekeeper/cmd/linekeeper/bench"
)

// Times are when something happened, in milliseconds from the start of the new
// process: for the first, the middle one and the last of N.
type Times struct {
	N     int     `json:"n"`
	First float64 `json:"first_ms"`
	P50   float64 `json:"p50_ms"`
	Last  float64 `json:"last_ms"`
}

// timesOf are moments as seen from one before them. The middle one is the nearest
// rank: of four, the second.
func timesOf(began time.Time, at []time.Time) Times {
	if len(at) == 0 {
		return Times{}
	}
	sorted := slices.SortedFunc(slices.Values(at), time.Time.Compare)
	from := func(i int) float64 { return ms(sorted[i].Sub(began)) }
	return Times{N: len(at), First: from(0), P50: from((len(at) - 1) / 2), Last: from(len(at) - 1)}
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// backAt is when each call was taken back first.
func backAt(calls []*call) []time.Time {
	var at []time.Time
	for _, c := range calls {
		if len(c.back) > 0 {
			at = append(at, c.back[0])
		}
	}
	return at
}

// ring is a phone's INVITE: when, and who calls.
type ring struct {
	at     time.Time
	caller string
}

// rings are the first INVITEs of each call to the phones' port after a moment.
func rings(heard []bench.Request, phones uint16, after time.Time) []ring {
	var all []ring
	known := map[string]bool{}
	for _, r := range heard {
		if r.Method == "INVITE" && r.To == phones && !r.At.Before(after) && !known[r.Call] {
			known[r.Call] = true
			all = append(all, ring{r.At, bench.Digits(r.Caller)})
		}
	}
	return all
}

// inTurn is how many of the rings are for one of those who had waited longest. The
// waiting are given by how long they have.
func inTurn(rung []ring, waiting []*call) int {
	first := map[string]bool{}
	for _, c := range waiting[:min(len(rung), len(waiting))] {
		first[c.caller] = true
	}
	n := 0
	for _, r := range rung {
		if first[r.caller] {
			n++
		}
		delete(first, r.caller)
	}
	return n
}

// cut is how many of the calls were hung up on, on either side, until a moment.
func cut(heard []bench.Request, calls []*call, until time.Time) int {
	ended := map[string]bool{}
	for _, r := range heard {
		if r.Method == "BYE" && !r.At.After(until) {
			// To a caller it is their own number that is called; from them, and on
			// the way to and from a phone, they are named as who calls.
			ended[bench.Digits(r.Called)], ended[bench.Digits(r.Caller)] = true, true
		}
	}
	return count(calls, func(c *call) bool { return ended[c.caller] })
}

// keptWithin is how exactly the beginning of a wait is known from its length: both
// are told to the nanosecond.
const keptWithin = time.Millisecond

// moved is how many of the calls have left the line with another wait than since
// they entered it.
func moved(calls []*call) int {
	return count(calls, func(c *call) bool { return c.kept.Sub(c.entered).Abs() > keptWithin })
}

// records judges the records of a round: rows and ends by caller, of each call in
// the story.
func records(s *story, rows []row) (missing, doubled int) {
	ended, told := map[string]int{}, map[string]int{}
	all := map[string]int{}
	for _, r := range rows {
		all[bench.Digits(r.caller)] += r.n
		ended[bench.Digits(r.caller)] += r.ended
	}
	for _, c := range s.calls {
		told[c.caller] += max(c.ended, 1)
	}
	for caller, ends := range told {
		if ended[caller] == 0 {
			missing++
		}
		if all[caller] > 1 || ends > 1 {
			doubled++
		}
	}
	return missing, doubled
}

// row is what PostgreSQL has of one caller: records, and of those with an end.
type row struct {
	caller   string
	n, ended int
}

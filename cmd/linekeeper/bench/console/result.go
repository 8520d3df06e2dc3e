package console

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"linekeeper/cmd/linekeeper/bench"
)

// target is when the desk is to be interactive, in ms.
const target = 1000.0

// Load is one opening of a page, in the browser's own clock: ms since the address
// was asked for.
type Load struct {
	Page  string `json:"page"`
	Cache string `json:"cache"` // "cold" or "warm"
	// Interactive is when it could be used, Painted when there was anything to see.
	Interactive float64 `json:"interactive"`
	Painted     float64 `json:"painted"`
	Busiest     float64 `json:"busiest"` // longest task until then
	Bytes       int     `json:"bytes"`   // over the wire until then, headers included
	Requests    int     `json:"requests"`
}

// Result is what was found.
type Result struct {
	At       time.Time     `json:"at"`
	Machine  bench.Machine `json:"machine"`
	Version  string        `json:"linekeeper"`
	Chromium string        `json:"chromium"`
	Loads    []Load        `json:"loads"`
}

// Read reads the browser's document.
func Read(told []byte) (*Result, error) {
	r := &Result{At: time.Now(), Machine: bench.LookAround()}
	if err := json.Unmarshal(told, r); err != nil {
		return nil, fmt.Errorf("read what the browser measured: %w", err)
	}
	if len(r.of(desk, "cold")) == 0 || len(r.of(desk, "warm")) == 0 {
		return nil, errors.New("read what the browser measured: the desk was not opened")
	}
	return r, nil
}

// The pages, as the browser names them.
const (
	desk    = "desk"
	signIn  = "sign-in"
	other   = "other"
	nothing = "nothing"
)

// told names the pages for people.
var told = map[string]string{
	desk: "desk of an agent, signed in", signIn: "sign-in page", other: "Request Tracker's sign-in page", nothing: "a page with nothing on it",
}

func (r *Result) of(page, cache string) []Load {
	var found []Load
	for _, l := range r.Loads {
		if l.Page == page && l.Cache == cache {
			found = append(found, l)
		}
	}
	slices.SortFunc(found, func(a, b Load) int { return int(a.Interactive*1000) - int(b.Interactive*1000) })
	return found
}

// Table is the result for a person to read, with the target beside it.
func (r *Result) Table() string {
	var b strings.Builder
	m := r.Machine
	fmt.Fprintf(&b, "The console until it can be used, %s\n", r.At.Format("2006-01-02 15:04 MST"))
	fmt.Fprintf(&b, "%s, %d cores, %s, Linux %s, load average after %s\n", m.CPU, m.Cores, m.Memory, m.Kernel, m.Load)
	fmt.Fprintf(&b, "linekeeper %s; Chromium %s, headless; %d times each, by turns\n\n", r.Version, r.Chromium, len(r.of(desk, "cold")))
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "ms\tcache\tp50\tp90\tmax\tpainted\tlongest task\tkB\trequests\t")
	for _, page := range []string{desk, signIn, other, nothing} {
		for _, cache := range []string{"cold", "warm"} {
			loads := r.of(page, cache)
			if len(loads) == 0 {
				continue
			}
			mid := loads[len(loads)/2]
			fmt.Fprintf(w, "%s\t%s\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.1f\t%d\t\n", told[page], cache,
				mid.Interactive, loads[len(loads)*9/10].Interactive, loads[len(loads)-1].Interactive, mid.Painted, mid.Busiest,
				float64(mid.Bytes)/1000, mid.Requests)
		}
	}
	_ = w.Flush() // into memory
	b.WriteByte('\n')
	for _, cache := range []string{"cold", "warm"} {
		loads := r.of(desk, cache)
		word, found := "held", loads[len(loads)/2].Interactive
		if found > target {
			word = "MISSED"
		}
		fmt.Fprintf(&b, "p50 of the desk, cache %s ≤ 1000 ms: %s: %.0f ms\n", cache, word, found)
	}
	return b.String()
}

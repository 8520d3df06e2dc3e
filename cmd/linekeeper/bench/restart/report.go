package restart

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"linekeeper/cmd/linekeeper/bench"
)

// targetBack is the design's: control of every call is back by then.
const targetBack = 1000.0 // ms

// Table is the result for a person to read, with the targets beside it.
func (r *Result) Table() string {
	var b strings.Builder
	m, v, p := r.Machine, r.Versions, r.Plan
	fmt.Fprintf(&b, "A restart under %d live calls, %s, %s\n", p.Talking+p.Waiting, r.Began.Format("2006-01-02 15:04 MST"), r.Took.Round(time.Second))
	fmt.Fprintf(&b, "%s, %d cores, %s, Linux %s, load average before %s\n", m.CPU, m.Cores, m.Memory, m.Kernel, m.Load)
	fmt.Fprintf(&b, "Asterisk %s, linekeeper %s (%s), PostgreSQL %s, %s\n", v.Asterisk, v.Linekeeper, v.Go, v.Postgres, v.Sipp)
	fmt.Fprintf(&b, "At each SIGKILL %d calls talk and %d wait; of %d more the agent hangs up while there is no controller\n", p.Talking, p.Waiting, p.Freed)
	r.backTable(&b)
	r.offeredTable(&b)
	r.lossTable(&b)
	r.besideTable(&b)
	return b.String()
}

// columns are a table's, written into memory.
func columns(b *strings.Builder, write func(*tabwriter.Writer)) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	write(w)
	_ = w.Flush() // into memory
}

func (r *Result) backTable(b *strings.Builder) {
	fmt.Fprintf(b, "\n(a) Start of the new process → control of a call is back (its fact \"reclaimed\"), ms\n")
	columns(b, func(w *tabwriter.Writer) {
		fmt.Fprintln(w, "round\tcalls\tfirst\tp50\tlast\tready\tready without calls\tfacts in the ledger\taway before\t")
		for i, round := range r.Rounds {
			fmt.Fprintf(w, "%d\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t%.0f\t\n", i+1, round.Back.N, round.Back.First, round.Back.P50, round.Back.Last,
				round.Ready, round.Empty, round.Ledger, round.Away)
		}
	})
	back, live := r.sum(func(o Round) int { return o.Back.N }), r.sum(func(o Round) int { return o.Live })
	last := r.slowest(func(o Round) float64 { return o.Back.Last })
	bench.Verdict(b, fmt.Sprintf("control of every call back ≤ %.0f ms", targetBack),
		fmt.Sprintf("%d of %d, the last after %.0f ms", back, live, last), back == live && last <= targetBack)
}

func (r *Result) offeredTable(b *strings.Builder) {
	fmt.Fprintf(b, "\n(b) Start of the new process → INVITE to an agent who became free meanwhile, ms\n")
	columns(b, func(w *tabwriter.Writer) {
		fmt.Fprintln(w, "round\tagents\tfirst\tp50\tlast\tfor who waited longest\t")
		for i, round := range r.Rounds {
			fmt.Fprintf(w, "%d\t%d\t%.0f\t%.0f\t%.0f\t%d\t\n", i+1, round.Offered.N, round.Offered.First, round.Offered.P50, round.Offered.Last, round.InTurn)
		}
	})
	freed, turn := r.Plan.Freed*len(r.Rounds), r.sum(func(o Round) int { return o.InTurn })
	bench.Verdict(b, "each is rung for one of those who waited longest", fmt.Sprintf("%d of %d", turn, freed), turn == freed)
}

func (r *Result) lossTable(b *strings.Builder) {
	calls, waited := r.sum(func(o Round) int { return o.Calls }), r.sum(func(o Round) int { return o.Waiting })
	none := func(what string, n, of int) {
		bench.Verdict(b, what, fmt.Sprintf("%d of %d are not", n, of), n == 0)
	}
	fmt.Fprintf(b, "\n(c) Nothing lost, all rounds together\n")
	live := r.sum(func(o Round) int { return o.Live })
	none("calls not hung up on before control is back", r.sum(func(o Round) int { return o.Cut }), live)
	none("calls led to their end", r.sum(func(o Round) int { return o.Lost }), calls)
	none("calls with one record that has one end", r.sum(func(o Round) int { return o.Unrecorded + o.Doubled }), calls)
	none("waits counted from their beginning", r.sum(func(o Round) int { return o.Moved }), waited)
}

func (r *Result) besideTable(b *strings.Builder) {
	if r.Beside == nil {
		return
	}
	fmt.Fprintf(b, "\nBeside it: app_queue's line is in Asterisk, so that the like event is Asterisk's own SIGKILL.\n")
	fmt.Fprintf(b, "  %d of %d calls outlive it; Asterisk has booted %.0f ms after its start.\n", r.Beside.Kept, r.Beside.Calls, r.Beside.Ready)
}

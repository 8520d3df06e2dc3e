package bench

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// The targets of the design's chapter 9.
const (
	targetArrivalP50 = 1.5  // times app_queue's
	targetArrivalP99 = 2.0  // times app_queue's
	targetFreeP50    = 10.0 // ms
	targetFreeP99    = 30.0 // ms
	targetRate       = 150  // calls/s
	targetCPU        = 3.0  // times app_queue's
)

// Table is the result for a person to read, with the targets beside it.
func (r *Result) Table() string {
	var b strings.Builder
	m, v := r.Machine, r.Versions
	fmt.Fprintf(&b, "Linekeeper beside app_queue, %s, %s\n", r.Began.Format("2006-01-02 15:04 MST"), r.Took.Round(time.Second))
	fmt.Fprintf(&b, "%s, %d cores, %s, Linux %s, load average before %s\n", m.CPU, m.Cores, m.Memory, m.Kernel, m.Load)
	fmt.Fprintf(&b, "Asterisk %s, linekeeper %s (%s), PostgreSQL %s, %s; %d phones\n",
		v.Asterisk, v.Linekeeper, v.Go, v.Postgres, v.Sipp, r.Agents)
	r.arrivalTable(&b)
	r.freeTable(&b)
	r.rampTable(&b)
	return b.String()
}

func columns(b *strings.Builder) *tabwriter.Writer {
	return tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
}

func (r *Result) arrivalTable(b *strings.Builder) {
	if len(r.Arrivals) == 0 {
		return
	}
	fmt.Fprintf(b, "\n(a) A call comes, an agent is free: caller's INVITE to the phone's INVITE, ms\n")
	w := columns(b)
	fmt.Fprintln(w, "calls/s\t\tn\tp50\tp90\tp99\tmax\t")
	for _, p := range r.Arrivals {
		fmt.Fprintf(w, "%d\tapp_queue\t%s\t\n", p.Rate, p.AppQueue.cells())
		fmt.Fprintf(w, "\tlinekeeper\t%s\t\n", p.Linekeeper.cells())
		if p.both() {
			fmt.Fprintf(w, "\tratio\t\t%.2f\t%.2f\t%.2f\t%.2f\t\n", ratio(p.Linekeeper.P50, p.AppQueue.P50),
				ratio(p.Linekeeper.P90, p.AppQueue.P90), ratio(p.Linekeeper.P99, p.AppQueue.P99), ratio(p.Linekeeper.Max, p.AppQueue.Max))
		}
	}
	_ = w.Flush() // into memory
	for _, p := range r.Arrivals {
		if !p.both() {
			continue
		}
		r50, r99 := ratio(p.Linekeeper.P50, p.AppQueue.P50), ratio(p.Linekeeper.P99, p.AppQueue.P99)
		verdict(b, fmt.Sprintf("at %d calls/s p50 ≤ %.1f×", p.Rate, targetArrivalP50), fmt.Sprintf("%.2f×", r50), r50 <= targetArrivalP50)
		verdict(b, fmt.Sprintf("at %d calls/s p99 ≤ %.1f×", p.Rate, targetArrivalP99), fmt.Sprintf("%.2f×", r99), r99 <= targetArrivalP99)
	}
}

func (r *Result) freeTable(b *strings.Builder) {
	f := r.Free
	if f.AppQueue.N == 0 && f.Linekeeper.N == 0 {
		return
	}
	fmt.Fprintf(b, "\n(b) An agent becomes free, callers wait: BYE to the agent's next INVITE, ms\n")
	w := columns(b)
	fmt.Fprintln(w, "\tn\tp50\tp90\tp99\tmax\t")
	fmt.Fprintf(w, "app_queue\t%s\t\n", f.AppQueue.cells())
	fmt.Fprintf(w, "linekeeper\t%s\t\n", f.Linekeeper.cells())
	_ = w.Flush() // into memory
	if own := f.Linekeeper; own.N > 0 {
		verdict(b, fmt.Sprintf("p50 ≤ %.0f ms", targetFreeP50), fmt.Sprintf("%.2f ms", own.P50), own.P50 <= targetFreeP50)
		verdict(b, fmt.Sprintf("p99 ≤ %.0f ms", targetFreeP99), fmt.Sprintf("%.2f ms", own.P99), own.P99 <= targetFreeP99)
	}
}

func (r *Result) rampTable(b *strings.Builder) {
	if len(r.Ramp) == 0 {
		return
	}
	fmt.Fprintf(b, "\n(c) Upwards until a call is lost; CPU in ms for each call\n")
	w := columns(b)
	fmt.Fprintln(w, "calls/s\t\tcalls\tlost\tp50 ms\tp99 ms\tasterisk\tlinekeeper\tpostgres\tsum\t\t")
	for _, s := range r.Ramp {
		held := "held"
		if !s.Held {
			held = "not held"
		}
		fmt.Fprintf(w, "%d\t%s\t%d\t%d\t%.1f\t%.1f\t%.2f\t%.2f\t%.2f\t%.2f\t%s\t\n", s.Rate, s.System, s.Calls, s.Lost,
			s.Arrival.P50, s.Arrival.P99, 1000*s.CPU["asterisk"], 1000*s.CPU["linekeeper"], 1000*s.CPU["postgres"], 1000*s.cpu(), held)
	}
	_ = w.Flush() // into memory
	for _, system := range []string{AppQueue, Linekeeper} {
		if best, ok := r.best(system); ok {
			fmt.Fprintf(b, "%s holds %d calls/s\n", system, best.Rate)
		}
	}
	own, _ := r.best(Linekeeper)
	verdict(b, fmt.Sprintf("%d calls/s held", targetRate), fmt.Sprintf("%d", own.Rate), own.Rate >= targetRate)
	if app, own, ok := r.common(); ok {
		times := ratio(own.cpu(), app.cpu())
		verdict(b, fmt.Sprintf("CPU of a call ≤ %.0f× (at %d calls/s)", targetCPU, own.Rate), fmt.Sprintf("%.2f×", times), times <= targetCPU)
	}
	verdict(b, "every call has its record in PostgreSQL",
		fmt.Sprintf("%d of %d", r.Records.Found, r.Records.Calls), r.Records.Found == r.Records.Calls)
}

// both says that neither was left out.
func (p Pair) both() bool { return p.AppQueue.N > 0 && p.Linekeeper.N > 0 }

func (s Spread) cells() string {
	return fmt.Sprintf("%d\t%.2f\t%.2f\t%.2f\t%.2f", s.N, s.P50, s.P90, s.P99, s.Max)
}

// verdict is one target and whether it was met.
func verdict(b *strings.Builder, target, got string, met bool) {
	word := "met"
	if !met {
		word = "MISSED"
	}
	fmt.Fprintf(b, "  target %s: %s, %s\n", target, got, word)
}

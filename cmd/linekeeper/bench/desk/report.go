package desk

import (
	"fmt"
	"strings"
	"text/tabwriter"
	"time"
)

// The targets of the design's chapter 9.
const (
	targetDelay = 100.0       // ms, p99
	targetHeap  = 64.0 * 1024 // bytes
)

// Table is the result for a person to read, with the targets beside it.
func (r *Result) Table() string {
	var b strings.Builder
	m := r.Machine
	fmt.Fprintf(&b, "Live consoles, %s, %s\n", r.Began.Format("2006-01-02 15:04 MST"), r.Took.Round(time.Second))
	fmt.Fprintf(&b, "%s, %d cores, %s, Linux %s, load average before %s\n", m.CPU, m.Cores, m.Memory, m.Kernel, m.Load)
	fmt.Fprintf(&b, "linekeeper %s (%s); %d consoles, %d of them supervisors'; %d queues; websockets on loopback\n",
		r.Version, r.Go, r.Plan.Consoles, r.Plan.Watchers, r.Plan.Queues)
	if len(r.Turns) > 0 {
		t := r.Turns[0]
		fmt.Fprintf(&b, "%.0f facts a second, %.0f of them an agent's change of state, for %v\n",
			perSecond(t.Done.Facts, t.For), perSecond(t.Done.Changed, t.For), t.For.Round(time.Second))
	}
	r.delays(&b)
	r.costs(&b)
	for _, t := range r.Turns {
		if t.Way == WayLinekeeper {
			b.WriteByte('\n')
			verdict(&b, "p99 of change → received ≤ 100 ms", fmt.Sprintf("%.1f ms", t.Delay.P99), t.Delay.P99 <= targetDelay)
			verdict(&b, "heap of a console ≤ 64 KiB", kib(t.Heap), t.Heap <= targetHeap)
		}
	}
	return b.String()
}

func (r *Result) delays(b *strings.Builder) {
	fmt.Fprintf(b, "\nAn agent's state changes → a console has it, ms\n")
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tp50\tp99\tmax\treceived\tof expected\tsnapshots anew\tconsoles dropped\t")
	for _, t := range r.Turns {
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.0f\t%d\t%.1f %%\t%d\t%d\t\n", t.Way, t.Delay.P50, t.Delay.P99, t.Delay.Max,
			t.Received, 100*float64(t.Received)/float64(max(t.Expected, 1)), t.Resyncs, t.Closed)
	}
	_ = w.Flush() // into memory
}

func (r *Result) costs(b *strings.Builder) {
	fmt.Fprintf(b, "\nWhat it costs (CPU: 100 %% is one core; heap and stacks after a collection, at rest)\n")
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tmessages/s\tMB/s\tbytes/change\theap/console\tstacks/console\tserver CPU\tconsoles' CPU\t")
	for _, t := range r.Turns {
		fmt.Fprintf(w, "%s\t%.0f\t%.1f\t%.0f\t%s\t%s\t%.0f %%\t%.0f %%\t\n", t.Way, perSecond(t.Messages, t.For),
			perSecond(t.Bytes, t.For)/1e6, float64(t.Bytes)/float64(max(t.Received, 1)), kib(t.Heap), kib(t.Stacks),
			100*t.Server, 100*t.Consoles)
	}
	_ = w.Flush() // into memory
}

func perSecond(n int, d time.Duration) float64 { return float64(n) / max(d.Seconds(), 1e-9) }

func kib(bytes float64) string { return fmt.Sprintf("%.1f KiB", bytes/1024) }

func verdict(b *strings.Builder, what, found string, held bool) {
	word := "held"
	if !held {
		word = "MISSED"
	}
	fmt.Fprintf(b, "%-40s %s: %s\n", what, word, found)
}

package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"linekeeper/queue"
	"linekeeper/queue/sim"
)

// sheet writes what a simulation found.
type sheet struct {
	out io.Writer
	csv bool
}

func (s *simulation) sheet() sheet { return sheet{s.out, s.format == "csv"} }

// comparison is a time as it was and as it might be.
type comparison struct {
	span        timeSpan
	seed        uint64
	was, whatIf sim.Scenario
	change      change
	learnt      *sim.Lesson
	measured    *sim.Outcome
	asItWas     *sim.Outcome
	changed     *sim.Outcome
}

const minutes = "2006-01-02 15:04"

// replayed writes a replay.
func (s sheet) replayed(r sim.Replayed, span timeSpan, then then) error {
	rows := make([][]string, len(r.Differences))
	for i, d := range r.Differences {
		rows[i] = []string{d.At.Format("2006-01-02T15:04:05.000Z07:00"), string(d.Kind), string(d.Call), d.Agent, d.Fact, d.Reason}
	}
	header := []string{"at", "difference", "call", "agent", "fact", "reason"}
	if s.csv {
		return s.write(header, rows)
	}
	fmt.Fprintf(s.out, "%s to %s: %d facts with the warm-up, %d calls\n", span.from.Format(minutes), span.to.Format(minutes), r.Facts, r.Calls)
	if then.revisions != nil {
		fmt.Fprintf(s.out, "definitions of revision %s\n", then.begin.Revision)
	}
	for _, f := range then.changes {
		fmt.Fprintf(s.out, "definitions of revision %s from %s\n", revisionOf(f), f.At.In(span.from.Location()).Format("2006-01-02 15:04:05"))
	}
	if r.Restarts > 0 {
		fmt.Fprintf(s.out, "a controller took its calls back meanwhile; %d agents' states are taken as told\n", r.Restarts)
	}
	fmt.Fprintf(s.out, "%d decisions, %d the same, in the same order\n", r.Decisions, r.Same)
	if len(rows) == 0 {
		return nil
	}
	fmt.Fprintln(s.out)
	if err := s.write(header, rows); err != nil {
		return err
	}
	if r.More > 0 {
		fmt.Fprintf(s.out, "and %d more\n", r.More)
	}
	return nil
}

var queueHeader = []string{
	"queue", "what", "callers", "answered", "abandoned", "short", "sent on", "level %", "±", "ASA s", "±", "P50 s", "P80 s", "P95 s",
	"abandoned %", "occupancy %", "handle s", "told right %",
}

var agentHeader = []string{"agent", "what", "answered", "missed", "busy h", "ready h", "occupancy %"}

// outcomes are what a comparison shows of each queue and agent, in this order.
func (c comparison) outcomes() []named {
	all := []named{{"measured", c.measured, false}, {"as it was", c.asItWas, true}}
	if c.change.any() {
		all = append(all, named{"what if", c.changed, true})
	}
	return all
}

// named is one outcome, and whether the textbook stands beside it.
type named struct {
	what      string
	outcome   *sim.Outcome
	yardstick bool
}

// queues are those of before, then those that only what is tried has.
func (c comparison) queues() []string {
	var all []string
	for _, defs := range []queue.Definitions{c.was.Definitions, c.whatIf.Definitions} {
		for _, q := range defs.Queues {
			if !slices.Contains(all, q.ID) {
				all = append(all, q.ID)
			}
		}
	}
	return all
}

// compared writes a comparison.
func (s sheet) compared(c comparison) error {
	if s.csv {
		return s.comparedCSV(c)
	}
	var queues, agents [][]string
	for _, id := range c.queues() {
		for _, n := range c.outcomes() {
			f, there := figuresOf(n.outcome, id)
			if !there {
				continue
			}
			queues = append(queues, queueRow(n.what, f))
			if n.yardstick {
				queues = append(queues, yardstickRow("Erlang C", f, f.ErlangC), yardstickRow("Erlang A", f, f.ErlangA))
			}
		}
	}
	for _, n := range c.outcomes() {
		agents = append(agents, agentRows(n.what, n.outcome)...)
	}
	fmt.Fprintf(s.out, "%s to %s: %d callers; %d runs, seed %d; times learnt from %d answered calls\n",
		c.span.from.Format(minutes), c.span.to.Format(minutes), len(c.learnt.Callers), c.asItWas.Runs, c.seed, c.learnt.Calls)
	if c.change.any() {
		fmt.Fprintf(s.out, "what if: %s\n", strings.Join(c.change.words, ", "))
	}
	fmt.Fprintln(s.out)
	if err := s.write(queueHeader, queues); err != nil {
		return err
	}
	fmt.Fprintln(s.out)
	if err := s.write(agentHeader, agents); err != nil {
		return err
	}
	return s.footnotes(c.whatIf.Definitions.Queues)
}

func figuresOf(o *sim.Outcome, id string) (sim.QueueFigures, bool) {
	for _, f := range o.Queues {
		if f.Queue == id {
			return f, true
		}
	}
	return sim.QueueFigures{}, false
}

func (s sheet) footnotes(queues []queue.Definition) error {
	fmt.Fprintln(s.out)
	for _, q := range queues {
		fmt.Fprintf(s.out, "level of %s: %s\n", q.ID, q.LevelIs())
	}
	_, err := fmt.Fprint(s.out, "ASA and P…: wait of calls answered. ±: half of the 95 % interval of the runs' mean.\n"+
		"occupancy: in calls (ringing, talk, wrap-up) ÷ (in calls + ready). told right: waits inside the range told.\n"+
		"Played: no preferred agents and no callbacks; an overflow to a callback counts as sent on.\n"+
		"Erlang C and A: hour by hour, each agent shared among their queues by work; no skills, no priorities, no misses;\n"+
		"  their level and wait are of all callers, whatever the queue's formula.\n")
	return err
}

func queueRow(what string, f sim.QueueFigures) []string {
	return []string{
		f.Queue, what, count(f.Entered), count(f.Answered), count(f.Abandoned), count(f.Short), count(f.SentOn),
		percent(f.Level), percent(f.LevelError), secs(f.ASA), secs(f.ASAError), secs(f.P50), secs(f.P80), secs(f.P95),
		percent(f.AbandonRate), percent(f.Occupancy), secs(f.Handle), percent(toldRight(f)),
	}
}

// toldRight is the share of waits inside the range told, NaN when nothing was.
func toldRight(f sim.QueueFigures) float64 {
	if share, ok := f.Told.Share(); ok {
		return share
	}
	return math.NaN()
}

func yardstickRow(what string, f sim.QueueFigures, y sim.Yardstick) []string {
	asa := secs(y.Wait)
	if y.Endless {
		asa = "∞"
	}
	return []string{
		f.Queue, what, "", "", "", "", "", percent(y.Level), "", asa, "", "", "", "", percent(y.AbandonRate), percent(y.Occupancy), secs(f.Handle), "",
	}
}

func agentRows(what string, o *sim.Outcome) [][]string {
	var rows [][]string
	for _, a := range o.Agents {
		if a.Busy+a.Ready > 0 {
			rows = append(rows, []string{a.Agent, what, count(a.Answered), count(a.Missed), hours(a.Busy), hours(a.Ready), percent(a.Occupancy)})
		}
	}
	return rows
}

// count is a number of calls, in the mean of some runs.
func count(n float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(n, 'f', 1, 64), ".0")
}

func percent(share float64) string {
	if math.IsNaN(share) {
		return ""
	}
	return strconv.FormatFloat(100*share, 'f', 1, 64)
}

func secs(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) }

func hours(d time.Duration) string { return strconv.FormatFloat(d.Hours(), 'f', 2, 64) }

func (s sheet) write(header []string, rows [][]string) error {
	if s.csv {
		w := csv.NewWriter(s.out)
		if err := w.WriteAll(append([][]string{header}, rows...)); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
		return nil
	}
	w := tabwriter.NewWriter(s.out, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{header}, rows...) {
		fmt.Fprintln(w, strings.TrimRight(strings.Join(row, "\t"), "\t"))
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}

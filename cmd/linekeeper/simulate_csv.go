package main

import (
	"math"
	"strconv"
	"time"

	"linekeeper/queue/sim"
)

// csvHeader names the columns of a comparison's CSV: one line for each queue or
// agent, and what is told of it. Times are in seconds, shares from 0 to 1; what is
// not known is empty. A line of Erlang C that would grow for ever has no asa_s.
var csvHeader = []string{
	"of", "id", "what", "callers", "answered", "abandoned", "short", "sent_on", "level", "level_pm", "asa_s", "asa_pm_s", "p50_s", "p80_s", "p95_s",
	"abandon_rate", "occupancy", "handle_s", "told_right", "missed", "busy_s", "ready_s",
}

// csvLine is one line by column.
type csvLine map[string]string

func (l csvLine) row() []string {
	row := make([]string, len(csvHeader))
	for i, column := range csvHeader {
		row[i] = l[column]
	}
	return row
}

func (s sheet) comparedCSV(c comparison) error {
	var rows [][]string
	for _, id := range c.queues() {
		for _, n := range c.outcomes() {
			f, there := figuresOf(n.outcome, id)
			if !there {
				continue
			}
			rows = append(rows, queueLine(n.what, f).row())
			if n.yardstick {
				rows = append(rows, yardstickLine(n.what+", Erlang C", f, f.ErlangC).row(), yardstickLine(n.what+", Erlang A", f, f.ErlangA).row())
			}
		}
	}
	for _, n := range c.outcomes() {
		for _, a := range n.outcome.Agents {
			rows = append(rows, csvLine{
				"of": "agent", "id": a.Agent, "what": n.what, "answered": number(a.Answered), "missed": number(a.Missed),
				"busy_s": length(a.Busy), "ready_s": length(a.Ready), "occupancy": number(a.Occupancy),
			}.row())
		}
	}
	return s.write(csvHeader, rows)
}

func queueLine(what string, f sim.QueueFigures) csvLine {
	l := csvLine{
		"of": "queue", "id": f.Queue, "what": what, "callers": number(f.Entered), "answered": number(f.Answered),
		"abandoned": number(f.Abandoned), "short": number(f.Short), "sent_on": number(f.SentOn),
		"level": number(f.Level), "level_pm": number(f.LevelError), "abandon_rate": number(f.AbandonRate),
		"occupancy": number(f.Occupancy), "told_right": number(toldRight(f)),
	}
	if f.Answered > 0 {
		l["asa_s"], l["asa_pm_s"] = length(f.ASA), length(f.ASAError)
		l["p50_s"], l["p80_s"], l["p95_s"], l["handle_s"] = length(f.P50), length(f.P80), length(f.P95), length(f.Handle)
	}
	return l
}

func yardstickLine(what string, f sim.QueueFigures, y sim.Yardstick) csvLine {
	l := csvLine{
		"of": "queue", "id": f.Queue, "what": what, "level": number(y.Level),
		"abandon_rate": number(y.AbandonRate), "occupancy": number(y.Occupancy), "handle_s": length(f.Handle),
	}
	if !y.Endless {
		l["asa_s"] = length(y.Wait)
	}
	return l
}

// number is a figure to four places, empty if it is not known.
func number(v float64) string {
	if math.IsNaN(v) {
		return ""
	}
	return strconv.FormatFloat(math.Round(v*1e4)/1e4, 'f', -1, 64)
}

func length(d time.Duration) string { return number(d.Seconds()) }

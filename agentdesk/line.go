package agentdesk

import (
	"math"
	"slices"
	"strconv"
	"time"

	"linekeeper/queue"
)

// line is one queue on the board: who waits, in order, and the day's tally.
type line struct {
	def     queue.Definition // immutable
	waiting []*call          // by place
	ready   int              // agents of this queue who are ready
	talking int              // its calls with an agent
	today   tally
}

// enter puts a call in its place: higher priority first, then the earlier
// entered-at, then the call that arrived first.
func (q *line) enter(c *call) {
	at, _ := slices.BinarySearchFunc(q.waiting, c, byPlace)
	q.waiting = slices.Insert(q.waiting, at, c)
}

// leave takes a call out of the line and returns those behind it, whose places
// change.
func (q *line) leave(c *call) (behind []*call) {
	at, in := slices.BinarySearchFunc(q.waiting, c, byPlace)
	if !in {
		return nil
	}
	q.waiting = slices.Delete(q.waiting, at, at+1)
	return q.waiting[at:]
}

// behind are the calls with a later place.
func (q *line) behind(c *call) []*call {
	at, _ := slices.BinarySearchFunc(q.waiting, c, byPlace)
	return q.waiting[min(at+1, len(q.waiting)):]
}

func byPlace(a, b *call) int {
	switch {
	case a.Priority != b.Priority:
		return b.Priority - a.Priority
	case !a.EnteredAt.Equal(b.EnteredAt):
		return a.EnteredAt.Compare(b.EnteredAt)
	case a.ID < b.ID:
		return -1
	case a.ID > b.ID:
		return 1
	}
	return 0
}

// place is the call's rank from 1, or 0 when it is not in line.
func (q *line) place(c *call) int {
	at, in := slices.BinarySearchFunc(q.waiting, c, byPlace)
	if !in {
		return 0
	}
	return at + 1
}

func (q *line) oldest() time.Time {
	var oldest time.Time
	for _, c := range q.waiting {
		if oldest.IsZero() || c.EnteredAt.Before(oldest) {
			oldest = c.EnteredAt
		}
	}
	return oldest
}

// show is the queue as desks show it.
func (q *line) show() Queue {
	return Queue{
		ID: q.def.ID, Name: q.def.FR,
		Waiting: len(q.waiting), Oldest: q.oldest(), Ready: q.ready, Talking: q.talking,
		Offered: q.today.Offered, Answered: q.today.Answered,
		Abandoned: q.today.Left, ShortAbandoned: q.today.Short,
		AverageWait: average(q.today.Waited, q.today.Answered),
		LongestWait: seconds(q.today.Longest),
		Level:       q.level(),
	}
}

// level is the service level: answered within the target, of all answered and
// all abandoned after the short-abandon threshold.
func (q *line) level() ServiceLevel {
	level := ServiceLevel{Target: seconds(q.def.Level), Goal: q.def.Goal, Formula: Formula(q.def)}
	if counted := q.today.Answered + q.today.Left; counted > 0 {
		percent := math.Round(1000*float64(q.today.Within)/float64(counted)) / 10
		level.Percent = &percent
	}
	return level
}

// Formula states how a queue's service level is computed, in signs that need no
// translation of their grammar: "answered ≤ 20 s ÷ (answered + abandoned > 5 s)".
func Formula(def queue.Definition) string {
	abandoned := "abandoned"
	if def.ShortAbandon > 0 {
		abandoned += " > " + inSeconds(def.ShortAbandon)
	}
	return "answered ≤ " + inSeconds(def.Level) + " ÷ (answered + " + abandoned + ")"
}

func inSeconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}

func average(sum time.Duration, n int) float64 {
	if n == 0 {
		return 0
	}
	return seconds(sum / time.Duration(n))
}

// seconds is a duration as the contract has it, to the millisecond.
func seconds(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }

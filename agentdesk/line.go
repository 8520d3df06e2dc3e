package agentdesk

import (
	"cmp"
	"math"
	"slices"
	"time"

	"linekeeper/queue"
)

// line is one queue on the board: who waits, in order, and the day's tally.
type line struct {
	def     queue.Definition // immutable
	waiting []*call          // by place, callbacks included
	ready   int              // agents of this queue who are ready
	// unreachable are agents who are ready, but whose phone is not there.
	unreachable int
	talking     int // its calls with an agent
	today       tally
}

// enter puts a call in its place.
func (q *line) enter(c *call) {
	at, _ := slices.BinarySearchFunc(q.waiting, c, q.order)
	q.waiting = slices.Insert(q.waiting, at, c)
}

// leave takes a call out of the line and returns those behind it, whose places
// change.
func (q *line) leave(c *call) (behind []*call) {
	at, in := slices.BinarySearchFunc(q.waiting, c, q.order)
	if !in {
		return nil
	}
	q.waiting = slices.Delete(q.waiting, at, at+1)
	return q.waiting[at:]
}

// behind are the calls with a later place.
func (q *line) behind(c *call) []*call {
	at, _ := slices.BinarySearchFunc(q.waiting, c, q.order)
	return q.waiting[min(at+1, len(q.waiting)):]
}

// order is the floor's, as far as facts tell it: the higher priority with what
// waiting has added, then the earlier entered-at, then the call that arrived
// first. What a widening step adds to a priority no fact tells: whoever must know
// the place to the letter asks the floor.
func (q *line) order(a, b *call) int {
	return cmp.Or(
		cmp.Compare(q.points(b), q.points(a)),
		a.EnteredAt.Compare(b.EnteredAt),
		cmp.Compare(a.ID, b.ID),
	)
}

// point is a point of priority as points count it, so that what is gained in
// milliseconds counts.
const point = 1_000_000

// points are a call's priority less what it has lost by coming late. All calls of
// a queue age alike, so this never changes.
func (q *line) points(c *call) int64 {
	return int64(c.Priority)*point - int64(float64(c.EnteredAt.UnixMilli())*q.def.Ageing*point/60_000)
}

// place is the call's rank from 1, or 0 when it is not in line.
func (q *line) place(c *call) int {
	at, in := slices.BinarySearchFunc(q.waiting, c, q.order)
	if !in {
		return 0
	}
	return at + 1
}

// standing are some of the calls of a line: how many, and since when the first of them
// waits.
type standing struct {
	n      int
	oldest time.Time
}

func (s *standing) add(since time.Time) {
	s.n++
	if s.oldest.IsZero() || since.Before(s.oldest) {
		s.oldest = since
	}
}

// stand counts the callers on the line, and those to be called back.
func (q *line) stand() (here, away standing) {
	for _, c := range q.waiting {
		if c.away() {
			away.add(c.due())
		} else {
			here.add(c.EnteredAt)
		}
	}
	return here, away
}

// show is the queue as desks show it.
func (q *line) show() Queue {
	here, away := q.stand()
	return Queue{
		ID: q.def.ID, Name: q.def.FR,
		Waiting: here.n, Oldest: here.oldest, Ready: q.ready, Away: q.unreachable, Talking: q.talking,
		Callbacks: away.n, OldestCallback: away.oldest,
		Offered: q.today.Offered, Answered: q.today.Answered,
		Abandoned: q.today.Left, ShortAbandoned: q.today.Short,
		AverageWait: average(q.today.Waited, q.today.Answered),
		LongestWait: seconds(q.today.Longest),
		Level:       q.level(),
		TurnedAway:  q.today.TurnedAway, SentOn: q.today.SentOn, LeftByKey: q.today.ByKey,
		CallbacksAsked: q.today.Asked, CallbacksDone: q.today.Called, CallbacksLost: q.today.Expired,
	}
}

// level is the service level, by the queue's formula.
func (q *line) level() ServiceLevel {
	level := ServiceLevel{
		Target: seconds(q.def.Level), Goal: q.def.Goal, Of: cmp.Or(q.def.Formula, queue.LevelOfAbandoned),
		Formula: q.def.LevelIs(), Counted: q.today.Counted,
	}
	if after, counts := q.def.AbandonedAfter(); counts {
		level.AbandonedAfter = seconds(after)
	}
	if level.Counted > 0 {
		percent := math.Round(1000*float64(q.today.Within)/float64(level.Counted)) / 10
		level.Percent = &percent
	}
	return level
}

func average(sum time.Duration, n int) float64 {
	if n == 0 {
		return 0
	}
	return seconds(sum / time.Duration(n))
}

// seconds is a duration as the contract has it, to the millisecond.
func seconds(d time.Duration) float64 { return d.Round(time.Millisecond).Seconds() }

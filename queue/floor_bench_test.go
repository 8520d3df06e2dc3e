package queue

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"linekeeper/queue/yardstick"
)

// busy is the floor of the target in DESIGN §9.
var busy = site{waiting: 10_000, agents: 5_000, skills: 64, queues: 200}

// BenchmarkFloor tells a floor a written day and measures every event: callers
// come, ring, talk and go, timers run, agents come and go. One operation is one
// event.
func BenchmarkFloor(b *testing.B) {
	for _, s := range []site{
		{waiting: 10, agents: 10, skills: 4, queues: 2},
		{waiting: 1_000, agents: 500, skills: 16, queues: 20},
		busy,
		{waiting: 10_000, agents: 5_000, skills: 64, queues: 1},
	} {
		written := (*day)(nil)
		b.Run(s.String(), func(b *testing.B) {
			if written == nil {
				written = s.begin()
			}
			benchmarkDay(b, written)
		})
	}
}

func benchmarkDay(b *testing.B, d *day) {
	begun := len(d.site.begin().log)
	const warm = 50_000 // events until every memory has its size
	if missing := begun + warm + b.N - len(d.log); missing > 0 {
		d.goOn(missing)
	}
	f := New(d.site.definitions(), dayBegins)
	for _, m := range d.log[:begun+warm] {
		f.Step(m.at, m.event)
	}
	took := make([]int64, b.N)
	runtime.GC()
	b.ReportAllocs()
	b.ResetTimer()
	before := time.Now()
	for i := range b.N {
		m := &d.log[begun+warm+i]
		f.Step(m.at, m.event)
		after := time.Now()
		took[i] = int64(after.Sub(before))
		before = after
	}
	b.StopTimer()
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2]), "p50-ns")
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
	b.ReportMetric(float64(took[len(took)-1]), "max-ns")
}

// BenchmarkFloorMemory tells how much memory a waiting call takes: the same at
// any length of line.
func BenchmarkFloorMemory(b *testing.B) {
	for _, waiting := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("waiting=%d", waiting), func(b *testing.B) {
			s := site{waiting: waiting, agents: 500, skills: 64, queues: 200}
			empty := s
			empty.waiting = 0
			used := memoryOf(s) - memoryOf(empty)
			for b.Loop() { // nothing is timed
			}
			b.ReportMetric(float64(used)/float64(waiting), "B/call")
		})
	}
}

// memoryOf is what a floor takes with all its calls waiting.
func memoryOf(s site) uint64 {
	before := inUse()
	d := s.begin()
	d.log, d.line, d.talks, d.open = nil, nil, nil, nil
	used := inUse() - before
	runtime.KeepAlive(d.floor)
	return used
}

func inUse() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkFloorYardstick is app_queue's algorithm on a floor of the same size:
// one caller waking up, all of the site's callers doing so (which happens every
// second), and one decision: an agent comes free, and the callers of their queues
// wake up until one takes them. Skills it has none.
func BenchmarkFloorYardstick(b *testing.B) {
	queues, callers := appQueues(busy)
	b.Run("one-caller", func(b *testing.B) {
		for i := range b.N {
			c := callers[i%len(callers)]
			queues[c.queue].Retry(c.caller, 1000)
		}
	})
	b.Run("every-caller-each-second", func(b *testing.B) {
		for range b.N {
			for _, c := range callers {
				queues[c.queue].Retry(c.caller, 1000)
			}
		}
	})
	b.Run("one-decision", func(b *testing.B) {
		for i := range b.N {
			q := queues[i%len(queues)]
			q.Members[i%len(q.Members)].InUse = false
			for _, c := range slices.Backward(q.Callers) { // the first in line may wake up last
				if m := q.Retry(c, 1000); m != nil {
					m.InUse = true
				}
			}
		}
	})
}

type appCaller struct {
	queue  int
	caller *yardstick.Caller
}

// appQueues has every member talking; each serves four queues.
func appQueues(s site) (queues []*yardstick.Queue, callers []appCaller) {
	for range s.queues {
		queues = append(queues, &yardstick.Queue{})
	}
	for i := range s.agents {
		m := &yardstick.Member{InUse: true, LastCall: int64(i % 900), Penalty: i % 3}
		for k := range 4 {
			q := queues[(i*7+k*53)%s.queues]
			q.Members = append(q.Members, m)
		}
	}
	for i := range s.waiting {
		c := &yardstick.Caller{}
		q := i % s.queues
		queues[q].Callers = append(queues[q].Callers, c)
		callers = append(callers, appCaller{queue: q, caller: c})
	}
	return queues, callers
}

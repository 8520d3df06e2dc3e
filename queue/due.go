package queue

import (
	"container/heap"
	"math"
	"time"
)

// never is a time that does not come.
const never = math.MaxInt64

// Inside a floor, times are nanoseconds since it was new (Floor.epoch): they are
// compared millions of times.

// at is a time as the floor counts it. The zero time is before all others.
func (f *Floor) at(t time.Time) int64 { return int64(t.Sub(f.epoch)) }

// timer is when something is due that time brings. Everything that may be waited
// for has its own, so that the heap holds as many entries as there are things.
type timer struct {
	at   int64
	seq  uint64 // equals come in the order in which they were set
	slot int    // in the heap from 1 on, 0 when it is not in it
	what dueKind
	who  any // *place, *loan, *agent or *keptPlace
}

// dueKind is what is due.
type dueKind uint8

const (
	placeDue  dueKind = iota // something of a place: a step, a limit, an announcement
	ringDue                  // an offer has rung out
	stateDue                 // an agent's state ends by itself
	aloneDue                 // an agent is left alone no more
	resumeDue                // a remembered place is forgotten
)

// dues are all timers that run, the earliest first.
type dues struct {
	heap timers
	seq  uint64
}

// set starts a timer or moves it; never stops it.
func (d *dues) set(t *timer, at int64) {
	switch {
	case at == never:
		d.stop(t)
	case t.slot == 0:
		d.seq++
		t.at, t.seq = at, d.seq
		heap.Push(&d.heap, t)
	case t.at != at:
		d.seq++
		t.at, t.seq = at, d.seq
		heap.Fix(&d.heap, t.slot-1)
	}
}

func (d *dues) stop(t *timer) {
	if t.slot != 0 {
		heap.Remove(&d.heap, t.slot-1)
	}
}

// pop takes the earliest if it is due at now.
func (d *dues) pop(now int64) *timer {
	if len(d.heap) == 0 || d.heap[0].at > now {
		return nil
	}
	return heap.Pop(&d.heap).(*timer)
}

// timers implement heap.Interface.
type timers []*timer

func (h timers) Len() int { return len(h) }

func (h timers) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].seq < h[j].seq
}

func (h timers) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].slot, h[j].slot = i+1, j+1
}

func (h *timers) Push(x any) {
	t := x.(*timer)
	*h = append(*h, t)
	t.slot = len(*h)
}

func (h *timers) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	t.slot = 0
	return t
}

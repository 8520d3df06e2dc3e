package queue

import (
	"container/heap"
	"time"

	"linekeeper/cdr"
)

// due is one thing that time brings: an offer rings out, or a wrap-up ends
// (agent). What is no longer so when it comes up is passed over.
type due struct {
	at    time.Time
	offer cdr.OfferID
	agent string
}

// dueHeap is the earliest first.
type dueHeap struct{ items dueItems }

func (h *dueHeap) push(d due) { heap.Push(&h.items, d) }

// pop takes the earliest if it is due at now.
func (h *dueHeap) pop(now time.Time) (due, bool) {
	if len(h.items) == 0 || h.items[0].at.After(now) {
		return due{}, false
	}
	return heap.Pop(&h.items).(due), true
}

// next is when the earliest is due, zero if there is none.
func (h *dueHeap) next() time.Time {
	if len(h.items) == 0 {
		return time.Time{}
	}
	return h.items[0].at
}

type dueItems []due

func (d dueItems) Len() int           { return len(d) }
func (d dueItems) Less(i, j int) bool { return d[i].at.Before(d[j].at) }
func (d dueItems) Swap(i, j int)      { d[i], d[j] = d[j], d[i] }
func (d *dueItems) Push(x any)        { *d = append(*d, x.(due)) }
func (d *dueItems) Pop() any {
	old := *d
	last := old[len(old)-1]
	*d = old[:len(old)-1]
	return last
}

// Package yardstick does what Asterisk's app_queue does to find an agent, so that
// a benchmark can print both side by side. It was written from a description of
// apps/app_queue.c, not from its code: every waiting caller is a thread that wakes
// up each second, looks whether it is their turn by counting the free members and
// the callers before, and, if it is, weighs every member of the queue.
//
// It is a measure only: it rings nobody, owns no state beyond its arrays and is
// used by queue's benchmark alone.
package yardstick

// Member is an agent in a queue.
type Member struct {
	Penalty  int
	LastCall int64 // when their last call ended, seconds
	Paused   bool
	InUse    bool
	WrapUp   int64 // until when, seconds
}

// Caller is one who waits.
type Caller struct{ Pending bool }

// Queue is a queue with the strategy leastrecent and autofill.
type Queue struct {
	Members []*Member
	Callers []*Caller // in order
}

// free says whether a member may be rung.
func (m *Member) free(now int64) bool { return !m.Paused && !m.InUse && now >= m.WrapUp }

// available counts the members who may be rung, as num_available_members does.
func (q *Queue) available(now int64) int {
	n := 0
	for _, m := range q.Members {
		if m.free(now) {
			n++
		}
	}
	return n
}

// turn says whether it is a caller's turn, as is_our_turn does: fewer callers
// stand before who are not being served than members are free.
func (q *Queue) turn(c *Caller, now int64) bool {
	free, before := q.available(now), 0
	for _, other := range q.Callers {
		if other == c || before >= free {
			return before < free
		}
		if !other.Pending {
			before++
		}
	}
	return false
}

// metric weighs a member, as calc_metric does for leastrecent: the least wins.
func (m *Member) metric(now int64) int64 {
	return 1_000_000 - (now - m.LastCall) + int64(m.Penalty)*1_000_000
}

// Retry is what a caller's thread does when it wakes up: the member to ring, nil
// if it is not the caller's turn or nobody is free.
func (q *Queue) Retry(c *Caller, now int64) *Member {
	if !q.turn(c, now) {
		return nil
	}
	var best *Member
	var least int64
	for _, m := range q.Members {
		if metric := m.metric(now); m.free(now) && (best == nil || metric < least) {
			best, least = m, metric
		}
	}
	return best
}

package queue_test

import (
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// TestServiceLevels: one day's calls by each formula.
func TestServiceLevels(t *testing.T) {
	type left struct {
		cause  cdr.LeaveCause
		waited time.Duration
		short  bool
	}
	day := []left{
		{cdr.LeftAnswered, 4 * time.Second, false},
		{cdr.LeftAnswered, 20 * time.Second, false},
		{cdr.LeftAnswered, 21 * time.Second, false},
		{cdr.LeftAbandoned, 2 * time.Second, true},
		{cdr.LeftAbandoned, 10 * time.Second, false},
		{cdr.LeftAbandoned, 20 * time.Second, false},
		{cdr.LeftAbandoned, 40 * time.Second, false},
		{cdr.LeftMaxWait, 60 * time.Second, false},
		{cdr.LeftKey, 15 * time.Second, false},
		{cdr.LeftFull, 0, false},
		{cdr.LeftMoved, 9 * time.Second, false},
		{cdr.LeftLost, 9 * time.Second, false},
	}
	for _, tc := range []struct {
		formula       queue.LevelFormula
		within, count int
		says          string
	}{
		{"", 2, 6, "answered ≤ 20 s ÷ (answered + abandoned > 5 s)"},
		{queue.LevelOfAbandoned, 2, 6, "answered ≤ 20 s ÷ (answered + abandoned > 5 s)"},
		{queue.LevelOfLate, 2, 4, "answered ≤ 20 s ÷ (answered + abandoned > 20 s)"},
		{queue.LevelOfAnswered, 2, 3, "answered ≤ 20 s ÷ answered"},
		{queue.LevelOfOffered, 2, 9, "answered ≤ 20 s ÷ offered"},
	} {
		d := queue.Definition{Level: 20 * time.Second, ShortAbandon: 5 * time.Second, Formula: tc.formula}
		within, count := 0, 0
		for _, l := range day {
			if !d.Counts(l.cause, l.waited, l.short) {
				continue
			}
			count++
			if l.cause == cdr.LeftAnswered && d.InTime(l.waited) {
				within++
			}
		}
		if within != tc.within || count != tc.count {
			t.Errorf("%q: %d of %d, want %d of %d", tc.formula, within, count, tc.within, tc.count)
		}
		if says := d.LevelIs(); says != tc.says {
			t.Errorf("%q says %q, want %q", tc.formula, says, tc.says)
		}
	}
	plain := queue.Definition{Level: 1500 * time.Millisecond}
	if says := plain.LevelIs(); says != "answered ≤ 1.5 s ÷ (answered + abandoned)" {
		t.Errorf("without a threshold it says %q", says)
	}
}

package queue_test

import (
	"testing"
	"time"

	"linekeeper/queue"
)

func TestHoursOpen(t *testing.T) {
	h := &queue.Hours{Holidays: map[string][]queue.Span{
		"12-25":      nil,
		"2026-12-24": {{From: 9 * time.Hour, To: 12 * time.Hour}},
		"2027-12-25": {{From: 10 * time.Hour, To: 11 * time.Hour}},
	}}
	h.Week[time.Thursday] = []queue.Span{{From: 9 * time.Hour, To: 12 * time.Hour}, {From: 13 * time.Hour, To: 24 * time.Hour}}
	h.Week[time.Friday] = []queue.Span{{To: 24 * time.Hour}}
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for at, open := range map[string]bool{
		"2026-03-05 08:59:59": false,
		"2026-03-05 09:00:00": true,
		"2026-03-05 11:59:59": true,
		"2026-03-05 12:00:00": false,
		"2026-03-05 23:59:59": true,
		"2026-03-07 10:00:00": false, // Saturday has none
		"2026-12-24 13:30:00": false, // that year's hours, not Thursday's
		"2026-12-25 10:00:00": false, // a Friday, but every year's holiday
		"2027-12-25 10:30:00": true,  // the full date counts first
	} {
		clock, err := time.ParseInLocation(time.DateTime, at, paris)
		if err != nil {
			t.Fatal(err)
		}
		if h.Open(clock) != open {
			t.Errorf("open at %s: %v", at, !open)
		}
	}
}

// On the day the clock goes forward the hours are the clock's, not the sun's.
func TestHoursFollowTheClock(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	h := &queue.Hours{}
	h.Week[time.Sunday] = []queue.Span{{From: 9 * time.Hour, To: 10 * time.Hour}}
	if !h.Open(time.Date(2026, 3, 29, 9, 30, 0, 0, paris)) { // 02:00 became 03:00 that night
		t.Error("closed at 9:30 of the clock")
	}
}

package call

import (
	"time"

	"linekeeper/queue"
)

// mostDays is how far ahead a day is looked for that has a window open. The hours
// have it open every week (queue/store sees to it): a year is for holidays.
const mostDays = 366

// nextWindow is when a time of day comes next: now, if it is that time. With hours it
// comes on a day that has all of it open; hours without such a day count for nothing.
func nextWindow(w queue.Window, now time.Time, zone *time.Location, hours *queue.Hours) (from, to time.Time) {
	today, span := now.In(zone), queue.Span{From: w.From, To: w.To}
	for day := range mostDays {
		from, to = clockOn(today, day, w.From), clockOn(today, day, w.To)
		if now.Before(to) && (hours == nil || hours.Has(from, span)) {
			return from.UTC(), to.UTC()
		}
	}
	return nextWindow(w, now, zone, nil)
}

// clockOn is a time of day, so many days from a day.
func clockOn(day time.Time, days int, clock time.Duration) time.Time {
	h, m, s := int(clock.Hours()), int(clock.Minutes())%60, int(clock.Seconds())%60
	return time.Date(day.Year(), day.Month(), day.Day()+days, h, m, s, 0, day.Location())
}

// windowHours are the hours that the windows of a queue's callbacks lie in, nil if any
// day will do.
func (r *Rules) windowHours(name string) *queue.Hours {
	if h, there := r.Hours[r.callback(name).Hours]; there {
		return &h
	}
	return nil
}

package call

import (
	"testing"
	"time"

	"linekeeper/queue"
)

// in2026 gives times on the clock of Paris.
func in2026(t *testing.T) func(month time.Month, day, hour int) time.Time {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, paris)
	}
}

// A time of day comes next today or tomorrow, also when the clocks change.
func TestWindowsComeNext(t *testing.T) {
	paris := in2026(t)
	at := func(day, hour int) time.Time { return paris(time.October, day, hour) }
	morning := queue.Window{From: 9 * time.Hour, To: 11 * time.Hour}
	for name, c := range map[string]struct{ now, from, to time.Time }{
		"before it":             {at(20, 8), at(20, 9), at(20, 11)},
		"in it":                 {at(20, 10), at(20, 9), at(20, 11)},
		"as it ends":            {at(20, 11), at(21, 9), at(21, 11)},
		"the clocks go back":    {at(24, 23), at(25, 9), at(25, 11)},
		"the day they went":     {at(25, 1), at(25, 9), at(25, 11)},
		"at the end of a month": {at(31, 12), at(32, 9), at(32, 11)},
	} {
		if from, to := nextWindow(morning, c.now, c.now.Location(), nil); !from.Equal(c.from) || !to.Equal(c.to) {
			t.Errorf("%s: from %s to %s, want %s to %s", name, from, to, c.from, c.to)
		}
	}
}

// Nobody is promised a call on a day on which nobody is there to make it.
func TestWindowsComeOnDaysThatHaveThem(t *testing.T) {
	at := in2026(t)
	for name, c := range map[string]struct {
		first     time.Duration // hour of the window; it lasts three
		now, from time.Time
	}{
		"a day like the others":                  {14, at(time.October, 20, 17), at(time.October, 21, 14)},
		"while it is that time":                  {14, at(time.October, 23, 15), at(time.October, 23, 14)},
		"a Saturday that is short":               {14, at(time.October, 23, 17), at(time.October, 26, 14)},
		"long enough for a morning":              {9, at(time.October, 23, 17), at(time.October, 24, 9)},
		"over a Christmas Eve to four, and on":   {14, at(time.December, 23, 17), at(time.December, 28, 14)},
		"hours that have it on no day, any more": {17, at(time.October, 24, 20), at(time.October, 25, 17)},
	} {
		rules := testRules()
		rules.Zone = c.now.Location()
		experts := rules.Queues["experts"]
		experts.Callback = &queue.CallbackRule{Hours: "office"}
		rules.Queues["experts"] = experts
		s := &step{rules: rules, now: c.now, State: &State{
			Call: theCall, Channel: "caller", Line: &Line{Queue: "experts"}, Dialogue: &Dialogue{Queue: "experts", Number: "+33199001001"},
		}}
		s.callbackAsked(&queue.Window{From: c.first * time.Hour, To: (c.first + 3) * time.Hour})
		if from, to := s.Callback.NotBefore, s.Callback.NotAfter; !from.Equal(c.from) || !to.Equal(c.from.Add(3*time.Hour)) {
			t.Errorf("%s: from %s to %s, want %s", name, from, to, c.from)
		}
	}
}

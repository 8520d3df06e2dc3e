package call

import (
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// officeHours are from eight to six, on Saturdays to noon; not at Christmas, and to
// four on the day before.
func officeHours() queue.Hours {
	span := func(from, to time.Duration) []queue.Span {
		return []queue.Span{{From: from * time.Hour, To: to * time.Hour}}
	}
	weekday := span(8, 18)
	return queue.Hours{
		Label:    queue.Label{ID: "office"},
		Week:     [7][]queue.Span{nil, weekday, weekday, weekday, weekday, weekday, span(8, 12)},
		Holidays: map[string][]queue.Span{"12-25": nil, "2026-12-24": span(8, 16)},
	}
}

// TestHoursOfAFlow: the caller is led by the clock of the site, whatever the world's
// says, and by the day's own hours.
func TestHoursOfAFlow(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	rules := testRules()
	rules.Zone = paris
	rules.Hours["night"] = queue.Hours{Week: [7][]queue.Span{time.Sunday: {{From: 2 * time.Hour, To: 3 * time.Hour}}}}
	for _, c := range []struct {
		what, hours, at string
		open            bool
	}{
		{"at opening", "office", "2026-11-20T07:00:00Z", true},
		{"a second before", "office", "2026-11-20T06:59:59Z", false},
		{"at closing", "office", "2026-11-20T17:00:00Z", false},
		{"on a Saturday morning", "office", "2026-11-21T10:59:59Z", true},
		{"on a Saturday afternoon", "office", "2026-11-21T11:00:00Z", false},
		{"on a Sunday", "office", "2026-11-22T10:00:00Z", false},
		{"at Christmas, a Friday", "office", "2026-12-25T10:00:00Z", false},
		{"the day before, until four", "office", "2026-12-24T14:59:59Z", true},
		{"and no longer", "office", "2026-12-24T15:00:00Z", false},
		{"half past six by the world's clock, in winter", "office", "2026-03-27T06:30:00Z", false},
		{"the same after the clocks went forward", "office", "2026-03-30T06:30:00Z", true},
		{"the last Friday of summer time", "office", "2026-10-23T16:30:00Z", false},
		{"the same after the clocks went back", "office", "2026-10-26T16:30:00Z", true},
		{"before the hour that is left out", "night", "2026-03-29T00:59:59Z", false},
		{"after the hour that is left out", "night", "2026-03-29T01:00:00Z", false},
		{"in the hour that comes twice", "night", "2026-10-25T00:30:00Z", true},
		{"in it again", "night", "2026-10-25T01:30:00Z", true},
		{"after it", "night", "2026-10-25T02:00:00Z", false},
		{"hours that are defined no more", "gone", "2026-11-22T10:00:00Z", true},
	} {
		at, err := time.Parse(time.RFC3339, c.at)
		if err != nil {
			t.Fatal(err)
		}
		if open := rules.open(c.hours, at); open != c.open {
			t.Errorf("%s: open %v", c.what, open)
		}
		if c.hours != "office" {
			continue
		}
		state := State{Call: theCall, Channel: "caller", Node: "lab"}
		s := &step{State: &state, rules: rules, now: at}
		s.take(fromSwitch{Incoming{Node: "lab", Channel: "caller", Number: "10", Caller: cdr.Caller{Number: "+33199001001"}}})
		if inLine, message := state.Line != nil, state.Message != nil; inLine != c.open || message == c.open {
			t.Errorf("%s: in line %v, asked for a message %v", c.what, inLine, message)
		}
	}
}

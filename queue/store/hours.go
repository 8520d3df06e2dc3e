package store

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"

	"linekeeper/queue"
)

// weekdays are the days' names, from time.Sunday on.
var weekdays = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// spanPattern is a span of a day, "08:30-12:00".
var spanPattern = regexp.MustCompile(`^([0-9]{2}:[0-9]{2}) ?- ?([0-9]{2}:[0-9]{2})$`)

// readHours reads when the site is open.
func (f *file) readHours(root fields, defs *Definitions) {
	k := known{}
	for _, n := range f.list(root.given("hours"), "hours") {
		s, ok := f.mapping(n, "hours", hoursFields...)
		if !ok {
			continue
		}
		h := queue.Hours{Label: s.bilingual(k)}
		if h.ID != "" {
			s.what = "hours " + h.ID
		}
		s.week(&h)
		s.holidays(&h)
		f.hours = append(f.hours, h)
	}
	defs.Hours = f.hours
}

// week reads the weekdays; one not given is closed.
func (s fields) week(h *queue.Hours) {
	n := s.given("week")
	if n == nil {
		s.complain(s.at, s.what+" lack week", `say when each day is open, such as week: {monday: ["08:30-12:00", "13:00-18:00"]}`)
		return
	}
	week, ok := s.file.mapping(n, "week", weekdays...)
	if !ok {
		return
	}
	open := 0
	for day, name := range weekdays {
		h.Week[day] = week.spans(name)
		open += len(week.file.list(week.given(name), name))
	}
	if open == 0 {
		s.complain(week.at, s.what+" are never open", "give a day its spans, or remove the hours")
	}
}

// spans reads when a day is open, in order and without overlap.
func (s fields) spans(name string) []queue.Span {
	var all []queue.Span
	for _, v := range s.texts(name) {
		m := spanPattern.FindStringSubmatch(v.text)
		if m == nil {
			s.complain(v.at, fmt.Sprintf("%q is not a span of a day", clean(v.text)), `write it as "08:30-12:00"`)
			continue
		}
		from, fromOK := clock(m[1])
		to, toOK := clock(m[2])
		overlaps := slices.IndexFunc(all, func(o queue.Span) bool { return from < o.To && o.From < to })
		switch {
		case !fromOK || !toOK || from >= to:
			s.complain(v.at, fmt.Sprintf("%q is not a span of a day", clean(v.text)), "write from and to between 00:00 and 24:00, from before to; what goes over midnight is two spans")
		case overlaps >= 0:
			s.complain(v.at, fmt.Sprintf("%s overlaps %s on the same day", v.text, spell(all[overlaps])), "make them one, or move one of them")
		default:
			all = append(all, queue.Span{From: from, To: to})
		}
	}
	slices.SortFunc(all, func(a, b queue.Span) int { return int(a.From - b.From) })
	return all
}

// holidays reads the days with hours of their own.
func (s fields) holidays(h *queue.Hours) {
	for _, n := range s.file.list(s.given("holidays"), "holidays") {
		var date value
		var open []queue.Span
		if m, ok := n.(*ast.MappingNode); ok {
			d, ok := s.file.mapping(m, "holiday", holidayFields...)
			if !ok {
				continue
			}
			if date, ok = d.text("date", `write date: "2026-12-25", or "12-25" for every year`); !ok {
				continue
			}
			open = d.spans("open")
		} else {
			var ok bool
			if date, ok = s.file.scalar(n, "a holiday"); !ok {
				continue
			}
		}
		switch _, twice := h.Holidays[date.text]; {
		case !isDate(date.text):
			s.complain(date.at, fmt.Sprintf("%q is not a date", clean(date.text)), `write "2026-12-25", or "12-25" for every year, in quotes`)
		case twice:
			s.complain(date.at, fmt.Sprintf("holiday %s is there twice", date.text), "remove one of them")
		default:
			if h.Holidays == nil {
				h.Holidays = map[string][]queue.Span{}
			}
			h.Holidays[date.text] = open
		}
	}
}

// isDate says whether s is a day: of one year, or of every year (then the 29th
// of February is one).
func isDate(s string) bool {
	if len(s) == len("12-25") {
		s = "2000-" + s
	}
	_, err := time.Parse(time.DateOnly, s)
	return err == nil
}

// clock reads a time of day that must be there.
func (s fields) clock(name string) (time.Duration, bool) {
	v, ok := s.text(name, fmt.Sprintf(`add %s: "09:00"`, name))
	if !ok {
		return 0, false
	}
	d, ok := clock(v.text)
	if !ok {
		s.complain(v.at, fmt.Sprintf("%s %q is not a time of day", name, clean(v.text)), `write hours and minutes in quotes: "09:00"; "24:00" is midnight`)
	}
	return d, ok
}

// clock is a time of day since midnight, "00:00" to "24:00".
func clock(s string) (time.Duration, bool) {
	hours, minutes, two := strings.Cut(s, ":")
	h, errH := strconv.Atoi(hours)
	m, errM := strconv.Atoi(minutes)
	if !two || errH != nil || errM != nil || len(hours) != 2 || len(minutes) != 2 || h < 0 || m < 0 || m > 59 || h > 24 || (h == 24 && m > 0) {
		return 0, false
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, true
}

// spell is a span as it is written.
func spell(s queue.Span) string { return spellClock(s.From) + "-" + spellClock(s.To) }

func spellClock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

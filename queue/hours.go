package queue

import (
	"slices"
	"time"
)

// Hours are when a site is open. They are plain values, never changed once made,
// and safe for concurrent use.
type Hours struct {
	Label
	// Week is when each weekday is open, by time.Weekday (Sunday is 0); none is
	// closed. The spans of a day stand in order and do not overlap.
	Week [7][]Span
	// Holidays are days with hours of their own, by date: "2026-12-25", or "12-25"
	// for every year. No span is closed. The full date counts before the yearly.
	Holidays map[string][]Span
}

// Span is a time of day, from From up to and without To, since midnight on the
// clock of the site.
type Span struct {
	From time.Duration
	To   time.Duration // 24h is midnight
}

// Open says whether the site is open at a time. The time's own location is the
// site's: convert it first.
func (h *Hours) Open(at time.Time) bool {
	hour, minute, second := at.Clock()
	clock := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute + time.Duration(second)*time.Second
	return slices.ContainsFunc(h.Day(at), func(s Span) bool { return s.From <= clock && clock < s.To })
}

// Has says whether all of a span is open on the day of a time. The time's own location
// is the site's.
func (h *Hours) Has(day time.Time, s Span) bool {
	return slices.ContainsFunc(h.Day(day), func(open Span) bool { return open.From <= s.From && s.To <= open.To })
}

// Day is when the day of a time is open, in the time's own location.
func (h *Hours) Day(at time.Time) []Span {
	if spans, holiday := h.Holidays[at.Format(time.DateOnly)]; holiday {
		return spans
	}
	if spans, holiday := h.Holidays[at.Format("01-02")]; holiday {
		return spans
	}
	return h.Week[at.Weekday()]
}

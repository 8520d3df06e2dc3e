package store

import (
	"fmt"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// How often callers are told something, and how they are called back.
const (
	leastAnnounce = 5 * time.Second
	mostAnnounce  = time.Hour
	mostPlace     = 1000

	defaultTries   = 2
	defaultRetry   = 5 * time.Minute
	defaultDial    = 30 * time.Second
	defaultExpires = 4 * time.Hour
	mostTries      = 10
	leastRetry     = 10 * time.Second
	leastDial      = 5 * time.Second
	mostDial       = 2 * time.Minute
	mostExpires    = 7 * 24 * time.Hour
)

// announcements reads what callers in line are told.
func (s fields) announcements() queue.Announcements {
	n := s.given("announce")
	if n == nil {
		return queue.Announcements{}
	}
	a, ok := s.file.mapping(n, "announce", announceFields...)
	if !ok {
		return queue.Announcements{}
	}
	told := queue.Announcements{
		First: a.duration("first", 0, time.Second, mostAnnounce), Every: a.duration("every", 0, leastAnnounce, mostAnnounce),
		Place: a.flag("place"), PlaceMost: a.whole("place-most", 0, 1, mostPlace), PlaceOnlyUp: a.flag("place-only-up"),
		Wait: a.flag("wait"), PeriodicEvery: a.duration("periodic-every", 0, leastAnnounce, mostAnnounce),
	}
	for _, v := range a.texts("periodic") {
		a.refer(aPrompt, s.what+" plays", v)
		told.Periodic = append(told.Periodic, v.text)
	}
	a.checkAnnouncements(told)
	return told
}

// checkAnnouncements complains of parts that say nothing without one another.
func (s fields) checkAnnouncements(told queue.Announcements) {
	missing := func(field, without string, broken bool) {
		if broken && s.given(field) != nil {
			s.complain(s.place(field), fmt.Sprintf("%s means nothing without %s", field, without), "add "+without+", or remove "+field)
		}
	}
	missing("first", "place: true or wait: true", !told.Place && !told.Wait)
	missing("place", "first", told.Place && s.given("first") == nil)
	missing("wait", "first", told.Wait && s.given("first") == nil)
	missing("every", "first", s.given("first") == nil)
	missing("place-most", "place: true", !told.Place)
	missing("place-only-up", "place: true", !told.Place)
	missing("periodic", "periodic-every", s.given("periodic-every") == nil)
	missing("periodic-every", "periodic", len(told.Periodic) == 0)
}

// callback reads how callers may be called back; nil offers none.
func (s fields) callback() *queue.CallbackRule {
	n := s.given("callback")
	if n == nil {
		return nil
	}
	c, ok := s.file.mapping(n, "callback", callbackFields...)
	if !ok {
		return nil
	}
	rule := &queue.CallbackRule{
		Key: c.key(), OfferAfter: c.duration("offer-after", 0, time.Second, mostAnnounce),
		Every:      c.duration("every", 0, leastAnnounce, mostAnnounce),
		OfferAbove: c.duration("offer-above", 0, time.Second, mostWait),
		Mode:       c.callbackMode(),
		Tries:      c.whole("tries", defaultTries, 1, mostTries), RetryAfter: c.duration("retry-after", defaultRetry, leastRetry, mostWait),
		Ring:    c.duration("ring", defaultDial, leastDial, mostDial),
		Expires: c.duration("expires", defaultExpires, time.Minute, mostExpires),
	}
	if rule.OfferAfter > 0 && c.given("key") == nil {
		c.complain(c.place("offer-after"), "callback is offered and has no key to be asked by", `add key: "1", or remove offer-after`)
	}
	for _, field := range []string{"every", "offer-above"} {
		if c.given(field) != nil && c.given("offer-after") == nil {
			c.complain(c.place(field), field+" means nothing without offer-after", "add offer-after, or remove "+field)
		}
	}
	if rule.Tries > 1 && rule.Expires <= rule.RetryAfter {
		c.complain(c.place("expires"), fmt.Sprintf("a callback given up after %s is never tried again after %s", short(rule.Expires), short(rule.RetryAfter)),
			"make expires longer than retry-after, or write tries: 1")
	}
	rule.Windows, rule.Hours = c.windows()
	return rule
}

func (s fields) key() string {
	v, ok := s.optional("key")
	if ok && !digitPattern.MatchString(v.text) {
		s.complain(v.at, fmt.Sprintf("%q is no key of a telephone", clean(v.text)), `write one of 0 to 9, * or #, in quotes: "1"`)
	}
	return v.text
}

func (s fields) callbackMode() cdr.CallbackMode {
	v, ok := s.optional("mode")
	if !ok {
		return cdr.AgentFirst
	}
	mode := cdr.CallbackMode(v.text)
	if mode != cdr.AgentFirst && mode != cdr.CustomerFirst {
		s.complain(v.at, fmt.Sprintf("%q is not a mode of callback", clean(v.text)), "write agent-first or customer-first")
	}
	return mode
}

// windows reads the times a customer may choose, and the hours they lie in. They are
// said by the hour.
func (s fields) windows() (all []queue.Window, hours string) {
	k := known{}
	open, within := s.within()
	if within != nil {
		hours = within.text
	}
	for _, n := range s.file.list(s.given("windows"), "windows") {
		w, ok := s.file.mapping(n, "window", windowFields...)
		if !ok {
			continue
		}
		window := queue.Window{Label: w.bilingual(k)}
		if window.ID != "" {
			w.what = "window " + window.ID
		}
		from, fromOK := w.clock("from")
		to, toOK := w.clock("to")
		window.From, window.To = from, to
		switch {
		case !fromOK || !toOK:
		case from >= to:
			w.complain(w.place("to"), w.what+" ends before it begins", "write a to later than from; a window lies in one day")
		case from%time.Hour != 0 || to%time.Hour != 0:
			w.complain(w.place("from"), w.what+" does not begin and end on the hour", `callers hear windows by the hour: write "09:00"`)
		case within != nil && !slices.ContainsFunc(open, func(sp queue.Span) bool { return sp.From <= from && to <= sp.To }):
			w.complain(w.place("from"), fmt.Sprintf("%s lies outside hours %s on every day", w.what, within.text), "move it into the hours, or correct them")
		}
		all = append(all, window)
	}
	if len(all) > queue.MostWindows {
		s.complain(s.place("windows"), fmt.Sprintf("there are %d windows", len(all)),
			fmt.Sprintf("keep to %d: callers choose one by the keys from 2 on", queue.MostWindows))
	}
	return all, hours
}

// within reads the hours windows must lie in: every span of their week.
func (s fields) within() (open []queue.Span, hours *value) {
	v, ok := s.optional("hours")
	if !ok {
		return nil, nil
	}
	for _, h := range s.file.hours {
		if h.ID != v.text {
			continue
		}
		for _, day := range h.Week {
			open = append(open, day...)
		}
		return open, &v
	}
	s.complain(v.at, fmt.Sprintf("callback lies within hours %q, which are not defined", clean(v.text)), "define them under hours, or correct the name")
	return nil, nil
}

package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"linekeeper/cdr/numbers"
	"linekeeper/queue"
)

const (
	// defaultRegion is where a site is that does not say.
	defaultRegion = "FR"
	// defaultDials and mostDials bound how many numbers one person may have dialled
	// within a minute.
	defaultDials = 10
	mostDials    = 100
)

// dialRoles are who may have a rule, in the order of the documentation; callers have
// one after them.
var dialRoles = []string{"agent", "supervisor", "administrator"}

// emergencies are the emergency numbers of France and of Europe, and those people
// know from elsewhere.
var emergencies = []string{
	"15", "17", "18", "112", "114", "115", "116000", "116117", "119", "191", "196", "197", "911", "999",
}

var (
	regionPattern    = regexp.MustCompile(`^[A-Z]{2}$`)
	emergencyPattern = regexp.MustCompile(`^[0-9]{2,6}$`)
	prefixPattern    = regexp.MustCompile(`^\+([1-9][0-9]{0,14})?$`)
	// internalPattern is long enough not to let a whole country in.
	internalPattern = regexp.MustCompile(`^\+[1-9][0-9]{5,14}$`)
)

// readDialling reads which numbers people may have dialled. Without a word on it, or
// on a role, the site's own country may be dialled, and no premium number, on which no
// rule lets callers be called back. Without a word on them, what agents are refused is
// refused to them.
func (f *file) readDialling(root fields, defs *Definitions) {
	d := queue.Dialling{Region: defaultRegion, Emergency: slices.Clone(emergencies), Roles: map[string]queue.DialRule{}}
	s, given := fields{file: f, at: root.at}, false
	if n := root.given("dialling"); n != nil {
		s, given = f.mapping(n, "dialling", diallingFields...)
	}
	if given {
		d.Region = s.region()
		for _, v := range s.texts("emergency") {
			if !emergencyPattern.MatchString(v.text) {
				s.complain(v.at, fmt.Sprintf("%q is not an emergency number", clean(v.text)), `write it as it is dialled, in quotes: "112"`)
				continue
			}
			d.Emergency = append(d.Emergency, v.text)
		}
		d.Internal = s.prefixes("internal", internalPattern, `write the site's own range in E.164, six digits or more of it, in quotes: "+3319900"`)
	}
	slices.Sort(d.Emergency)
	d.Emergency = slices.Compact(d.Emergency)
	home := numbers.Country(d.Region)
	unless := queue.DialRule{Allow: []string{home}, PerMinute: defaultDials}
	for _, role := range dialRoles {
		d.Roles[role] = s.dialRule(role, unless, dialRuleFields)
	}
	unless.Refuse = d.Roles["agent"].Refuse
	d.Roles[queue.DialCallbacks] = s.dialRule(queue.DialCallbacks, unless, callerRuleFields)
	defs.Floor.Dialling = d
}

// region reads where numbers without a country code are at home.
func (s fields) region() string {
	v, ok := s.optional("region")
	switch {
	case !ok:
		return defaultRegion
	case !regionPattern.MatchString(v.text) || numbers.Country(v.text) == "":
		s.complain(v.at, fmt.Sprintf("%q is not a region", clean(v.text)), "write the two capital letters of a country: FR, BE, CH")
		return defaultRegion
	}
	return v.text
}

// dialRule reads what a role may dial, or callers may be called back on, if it says.
func (s fields) dialRule(role string, unless queue.DialRule, names []string) queue.DialRule {
	n := s.given(role)
	if n == nil {
		return unless
	}
	r, ok := s.file.mapping(n, "dialling of "+role, names...)
	if !ok {
		return unless
	}
	rule := queue.DialRule{Allow: unless.Allow}
	const example = `write the beginning of numbers in E.164, in quotes: "+33", "+3389"; "+" is every country`
	if r.given("allow") != nil {
		rule.Allow = r.prefixes("allow", prefixPattern, example)
	}
	rule.Refuse = r.prefixes("refuse", prefixPattern, example)
	for _, v := range r.texts("refuse") {
		if slices.Contains(rule.Allow, v.text) {
			r.complain(v.at, fmt.Sprintf("%s of %s is allowed and refused", clean(v.text), r.what), "remove it from one of them; of prefixes that fit, the longest decides")
		}
	}
	rule.Premium = r.flag("premium")
	rule.PerMinute = r.whole("per-minute", defaultDials, 1, mostDials)
	return rule
}

// prefixes reads beginnings of numbers.
func (s fields) prefixes(name string, pattern *regexp.Regexp, do string) []string {
	var all []string
	for _, v := range s.texts(name) {
		switch {
		case !pattern.MatchString(v.text):
			s.complain(v.at, fmt.Sprintf("%q does not begin a number of %s", clean(v.text), name), do)
		case slices.Contains(all, v.text):
			s.complain(v.at, fmt.Sprintf("%s is in %s twice", v.text, name), "remove one of them")
		default:
			all = append(all, v.text)
		}
	}
	return all
}

// diallingItems are the rules as a person compares them.
func diallingItems(d *queue.Dialling) []item {
	all := []item{{"dialling", "", []field{
		{"region", d.Region},
		{"emergency", strings.Join(d.Emergency, ", ")},
		{"internal", strings.Join(d.Internal, ", ")},
	}}}
	for _, role := range append(slices.Clone(dialRoles), queue.DialCallbacks) {
		r := d.Roles[role]
		all = append(all, dialRuleItem(role, &r))
	}
	return all
}

func dialRuleItem(role string, r *queue.DialRule) item {
	return item{"dialling", role, []field{
		{"allow", strings.Join(r.Allow, ", ")},
		{"refuse", strings.Join(r.Refuse, ", ")},
		{"premium", truth(r.Premium)},
		{"per-minute", number(int64(r.PerMinute))},
	}}
}

// namesTicketQueue reads which queue of the ticket system a queue's calls bring their
// tickets to.
func (s fields) namesTicketQueue(id string, defs *Definitions) {
	if s.given("ticket-queue") == nil {
		return
	}
	name := s.line("ticket-queue", longestTicketQueue, "name the ticket system's queue, or leave ticket-queue out")
	if id == "" || name == "" {
		return
	}
	if defs.Floor.TicketQueues == nil {
		defs.Floor.TicketQueues = map[string]string{}
	}
	defs.Floor.TicketQueues[id] = name
}

// longestTicketQueue is the most characters of a ticket system's queue.
const longestTicketQueue = 128

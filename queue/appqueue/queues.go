package appqueue

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// mapper turns sections into definitions.
type mapper struct {
	*Import
	ids
	rules       map[string]*rule
	pool        map[string]*pooled // agents.conf, by agent ID
	byInterface map[string]*agentDef
	seen        map[string]bool // queues, by lower-case name
}

func (m *mapper) note(v variable, kind Kind, why, do string) {
	m.Notes = append(m.Notes, Note{place: v.place, Kind: kind, What: v.name + " = " + v.value, Why: why, Do: do})
}

// What app_queue does without a word (init_queue).
const (
	defaultTimeout       = 15
	defaultRetry         = 5
	defaultPositionLimit = 10
)

// queueRead is one queue while it is read.
type queueRead struct {
	*mapper
	*queueDef
	timeout, retry   int
	autopause        string // "", "yes", "all"
	pauseBusy        bool
	joinEmpty, leave []string
	announceEvery    int
	position         string // yes, no, limit or more
	positionLimit    int
	holdTime, onlyUp bool
	periodic         []string
	periodicEvery    int
	service, wrapUp  int
	announced        []variable // only count with announce-frequency
	sounds           variable   // periodic-announce
}

var musicPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// queue reads one queue: settings first, then members, as app_queue does.
func (m *mapper) queue(s *section) {
	at := variable{place: s.place, name: "[" + s.name + "]"}
	if m.seen[strings.ToLower(s.name)] {
		m.Notes = append(m.Notes, Note{s.place, Dropped, at.name, "a queue of that name is defined above; app_queue takes the first too", "rename it, or remove it"})
		return
	}
	m.seen[strings.ToLower(s.name)] = true
	q := &queueRead{
		mapper: m, queueDef: &queueDef{ID: m.give("queue", s.name), Strategy: "ring-all"},
		timeout: defaultTimeout, retry: defaultRetry, position: "yes", positionLimit: defaultPositionLimit, holdTime: true,
		periodic: []string{defaultPeriodic},
	}
	q.FR = label(s.name, q.ID)
	q.EN = q.FR
	if q.ID != s.name {
		m.Notes = append(m.Notes, Note{s.place, Changed, at.name, "the queue's ID is " + q.ID + ": IDs are small letters, digits and dashes", "use it in flows"})
	}
	for _, v := range s.vars {
		if !strings.EqualFold(v.name, "member") {
			q.setting(v)
		}
	}
	q.finish()
	m.queues = append(m.queues, q.queueDef)
	order := 0
	for _, v := range s.vars {
		if strings.EqualFold(v.name, "member") {
			order++
			m.member(q.queueDef, v, order)
		}
	}
}

// strategies are app_queue's in our words.
var strategies = map[string]string{
	"ringall": "ring-all", "leastrecent": "longest-idle", "fewestcalls": "fewest-calls", "random": "random",
	"rrmemory": "round-robin", "roundrobin": "round-robin", "rrordered": "round-robin", "linear": "linear", "wrandom": "weighted-random",
}

// setting reads one option of a queue.
func (q *queueRead) setting(v variable) {
	n := atoi(v.value)
	switch name := strings.ToLower(v.name); name {
	case "strategy":
		q.strategy(v)
	case "timeout":
		if q.timeout = n; n < 0 {
			q.timeout = defaultTimeout
		}
		if n == 0 || n > mostRing {
			q.note(v, Changed, "a phone rings five minutes at most here", "see whether a shorter ring would do")
		}
	case "retry":
		if q.retry = n; n <= 0 {
			q.retry = defaultRetry
		}
		q.note(v, Unneeded, "nobody is polled: a free agent is offered a call at once; it only says how long an agent who missed a call is left alone", "")
	case "weight":
		if q.Weight = min(max(n, 0), mostWeight); q.Weight != n {
			q.note(v, Changed, fmt.Sprintf("weights are from 0 to %d; %d is taken", mostWeight, q.Weight), "choose weights within")
		}
	case "wrapuptime":
		q.wrapUp = n
	case "maxlen":
		if q.MaxCalls = min(max(n, 0), mostCalls); n > mostCalls {
			q.note(v, Changed, fmt.Sprintf("%d is the most", mostCalls), "")
		}
	case "servicelevel":
		q.service = n
	case "defaultrule":
		q.Tiers = q.tiers(v)
	case "joinempty":
		q.joinEmpty = q.factors(v, q.joinEmpty, true)
	case "leavewhenempty":
		q.leave = q.factors(v, q.leave, false)
	case "musicclass", "music", "musiconhold":
		q.Music = v.value
		if !musicPattern.MatchString(v.value) && v.value != "" {
			q.Music = ""
			q.note(v, Dropped, "music classes here are letters, digits, - and _", "rename the class in musiconhold.conf and write it as music")
		}
	case "monitor-format":
		q.record(v)
	case "autopause":
		q.autoPause(v)
	case "autopausebusy":
		q.pauseBusy = isTrue(v.value)
	case "autofill":
		q.autofill(v)
	default:
		if !q.announcing(name, v, n) {
			q.aside(name, v)
		}
	}
}

func (q *queueRead) strategy(v variable) {
	s, known := strategies[strings.ToLower(v.value)]
	if !known {
		q.note(v, Changed, "app_queue knows no such strategy and rings all, so it is ring-all", "choose another strategy")
		s = "ring-all"
	}
	q.Strategy = s
	switch strings.ToLower(v.value) {
	case "leastrecent":
		q.note(v, Changed, "longest-idle counts from the last call of any queue or the last break, leastrecent from the last call of this one", "")
	case "ringall":
		q.note(v, Changed, "several callers may ring at a time; ringall serves the first in line alone", "")
	}
}

// record has talks recorded if there is a format to record them in.
func (q *queueRead) record(v variable) {
	q.Recording = ""
	if v.value == "" || isFalse(v.value) {
		return
	}
	q.Recording = "always"
	q.note(v, Changed, "each agent's talk is a WAV file of its own, the caller left and the agent right, under no name the dialplan gives (MONITOR_FILENAME); "+
		"the agent may pause it, a consultation is not in it, and it is deleted after 90 days unless you say otherwise",
		"have the flow play recording-notice before the queue, and write where and how long recordings are kept in the configuration of serve")
}

func (q *queueRead) autoPause(v variable) {
	switch value := strings.ToLower(v.value); {
	case value == "all":
		q.autopause = "all"
	case isTrue(value):
		q.autopause = "yes"
		q.note(v, Changed, "an agent who misses a call is not ready for all queues", "")
	default:
		q.autopause = ""
	}
}

// aliases of joinempty and leavewhenempty.
var (
	strictFactors = []string{"paused", "penalty", "unavailable", "invalid"}
	looseFactors  = []string{"penalty", "invalid"}
	nobodyFactors = []string{"paused", "penalty", "invalid"}
	factorOrder   = []string{"paused", "penalty", "inuse", "ringing", "unavailable", "invalid", "unknown", "wrapup"}
)

// factors reads a list of them. As in app_queue they add to those of a template,
// and an alias replaces what was there.
func (q *queueRead) factors(v variable, have []string, join bool) []string {
	for option := range strings.SplitSeq(v.value, ",") {
		word := strings.ToLower(option)
		switch {
		case slices.Contains(factorOrder, word):
			have = append(slices.Clone(have), word)
		case word == "loose":
			have = looseFactors
		case word == "strict":
			have = strictFactors
		case (isFalse(word) && join) || (isTrue(word) && !join):
			have = nobodyFactors
		case isFalse(word) || isTrue(word):
			have = nil
		default:
			q.note(v, Dropped, fmt.Sprintf("app_queue knows no factor %q either", option), "correct it; names have no spaces between them")
		}
	}
	var ordered []string
	for _, f := range factorOrder {
		if slices.Contains(have, f) {
			ordered = append(ordered, f)
		}
	}
	return ordered
}

// The bounds of queue/store, in its units.
const (
	mostRing     = 300 // seconds
	mostWeight   = 1000
	mostCalls    = 10_000
	mostSeconds  = 3600
	leastRhythm  = 5
	goalOfLevels = 80 // percent
)

// finish turns what was read into the definition.
func (q *queueRead) finish() {
	q.Ring = seconds(q.timeout)
	if q.timeout == 0 || q.timeout > mostRing {
		q.Ring = seconds(mostRing)
	}
	if q.wrapUp > 0 {
		q.WrapUp = timed(q.wrapUp)
	}
	left := &missDef{Delay: seconds(min(q.retry, mostSeconds))}
	if q.autopause == "" {
		q.NoAnswer = left
	}
	if q.autopause == "" || !q.pauseBusy {
		q.Reject = left
	}
	q.JoinEmpty, q.LeaveWhenEmpty = q.joinEmpty, q.leave
	if q.service > 0 {
		q.ServiceLevel = &levelDef{Within: seconds(min(q.service, mostSeconds)), Goal: goalOfLevels}
	}
	q.finishAnnounce()
}

func timed(s int) *wrapUpDef {
	return &wrapUpDef{Mode: "timed", For: seconds(min(s, mostSeconds))}
}

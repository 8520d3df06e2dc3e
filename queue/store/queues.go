package store

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// What a queue is without a word about it, and how far each may be moved.
const (
	defaultRing     = 20 * time.Second
	defaultRingStep = 5 * time.Second
	defaultShort    = 5 * time.Second
	defaultLevel    = 20 * time.Second
	defaultGoal     = 80
	defaultMusic    = "default"

	leastRing   = time.Second
	mostRing    = 5 * time.Minute
	mostShort   = 2 * time.Minute
	leastWrapUp = time.Second
	mostWrapUp  = time.Hour
	leastLevel  = time.Second
	mostLevel   = time.Hour
	mostWeight  = 1000
	mostAgeing  = 1000
	mostCalls   = 10_000
	leastWait   = time.Second
	mostWait    = 24 * time.Hour
	mostResume  = time.Hour
	mostPrefer  = 10 * time.Minute
	mostAlone   = time.Hour
	mostMissed  = 100
)

// musicPattern is a music class's name in Asterisk's musiconhold.conf.
var musicPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// strategies are the ways to choose an agent.
var strategies = []string{
	string(queue.LongestIdle), string(queue.MostSkilled), string(queue.FewestCalls), string(queue.LeastTalkTime),
	string(queue.RoundRobin), string(queue.Linear), string(queue.Random), string(queue.WeightedRandom),
	string(queue.RingAll), string(queue.RingProgressively),
}

// queue reads one queue.
func (s fields) queue(k known) queue.Definition {
	d := queue.Definition{Label: s.bilingual(k)}
	if d.ID != "" {
		s.what = "queue " + d.ID
	}
	d.Weight = s.whole("weight", 0, 0, mostWeight)
	d.Ring = s.duration("ring", defaultRing, leastRing, mostRing)
	d.Strategy, d.RingStep = s.strategy()
	d.Ageing = s.decimal("ageing", 0, mostAgeing)
	d.Widening = s.widening()
	d.Tiers = s.tiers()
	d.ShortAbandon = s.duration("short-abandon", defaultShort, 0, mostShort)
	d.WrapUp = s.queueWrapUp()
	d.NoAnswer, d.Reject = s.miss("no-answer"), s.miss("reject")
	d.JoinEmpty = s.factors("join-empty", joinEmptyWords)
	d.LeaveWhenEmpty = s.factors("leave-when-empty", leaveWhenEmptyWords)
	d.Most = s.whole("max-calls", 0, 0, mostCalls)
	d.MaxWait = s.duration("max-wait", 0, leastWait, mostWait)
	d.Resume = s.duration("resume", 0, 0, mostResume)
	d.LastAgent = s.duration("last-agent", 0, 0, mostPrefer)
	d.TicketOwner = s.duration("ticket-owner", 0, 0, mostPrefer)
	s.serviceLevel(&d)
	d.Music = s.music()
	d.Number = s.shownNumber()
	d.Recording = s.recording()
	d.Announce = s.announcements()
	d.Callback = s.callback()
	d.Overflow = s.overflow(d)
	d.Exits = s.exits(d)
	return d
}

// strategy reads how agents are chosen; nothing said leaves it to the core.
func (s fields) strategy() (queue.Strategy, time.Duration) {
	v, ok := s.optional("strategy")
	if ok && !slices.Contains(strategies, v.text) {
		s.complain(v.at, fmt.Sprintf("%q is not a strategy", clean(v.text)), "write one of "+strings.Join(strategies, ", "))
	}
	strategy := queue.Strategy(v.text)
	if strategy == queue.RingProgressively {
		return strategy, s.duration("ring-step", defaultRingStep, leastRing, mostRing)
	}
	if n := s.given("ring-step"); n != nil && ok {
		s.complain(n.GetToken(), fmt.Sprintf("strategy %s has no ring-step", clean(v.text)), "remove ring-step, or choose strategy: ring-progressively")
	} else if n != nil {
		s.complain(n.GetToken(), "ring-step says when ring-progressively rings one more phone", "remove ring-step, or choose strategy: ring-progressively")
	}
	return strategy, 0
}

func (s fields) music() string {
	v, ok := s.optional("music")
	if !ok {
		return defaultMusic
	}
	if !musicPattern.MatchString(v.text) {
		s.complain(v.at, fmt.Sprintf("%q is not a music class", clean(v.text)), "name a class of Asterisk's musiconhold.conf, such as default")
	}
	return v.text
}

// shownPattern is a number as a trunk takes it.
var shownPattern = regexp.MustCompile(`^\+?[0-9]{1,20}$`)

// shownNumber reads what customers see who are called for the queue.
func (s fields) shownNumber() string {
	v, ok := s.optional("number")
	if ok && !shownPattern.MatchString(v.text) {
		s.complain(v.at, fmt.Sprintf("%q is not a number", clean(v.text)), `write it between quotes, digits only, such as "+33199000001"`)
	}
	return v.text
}

// recording reads whether talks are recorded; nothing said means never.
func (s fields) recording() cdr.RecordingRule {
	v, ok := s.optional("recording")
	switch rule := cdr.RecordingRule(v.text); {
	case !ok:
		return ""
	case rule == cdr.RecordNever || rule == cdr.RecordAsked || rule == cdr.RecordAlways:
		return rule
	}
	s.complain(v.at, fmt.Sprintf("%q is not a rule of recording", clean(v.text)), "write never, asked or always")
	return ""
}

// queueWrapUp reads what follows a call; nothing said means none.
func (s fields) queueWrapUp() queue.WrapUpRule {
	if rule := s.wrapUp(); rule != nil {
		return *rule
	}
	return queue.WrapUpRule{Mode: queue.WrapUpNone}
}

// wrapUp reads a wrap-up; nil when nothing is said.
func (s fields) wrapUp() *queue.WrapUpRule {
	n := s.given("wrap-up")
	if n == nil {
		return nil
	}
	w, ok := s.file.mapping(n, "wrap-up", wrapUpFields...)
	if !ok {
		return nil
	}
	mode, ok := w.text("mode", "add mode: none, timed or until-closed")
	if !ok {
		return nil
	}
	rule := queue.WrapUpRule{Mode: queue.WrapUpMode(mode.text)}
	switch rule.Mode {
	case queue.WrapUpTimed:
		if w.given("for") == nil {
			w.complain(mode.at, "a timed wrap-up lacks for", "say how long, for instance for: 60s")
		}
		rule.For = w.duration("for", 0, leastWrapUp, mostWrapUp)
	case queue.WrapUpNone, queue.WrapUpTillClose:
		if n := w.given("for"); n != nil {
			w.complain(n.GetToken(), fmt.Sprintf("wrap-up mode %s has no time", mode.text), "remove for, or choose mode: timed")
		}
	default:
		w.complain(mode.at, fmt.Sprintf("%q is not a wrap-up mode", clean(mode.text)), "write none, timed or until-closed")
	}
	return &rule
}

// levelFormula reads of which calls a service level is.
func (s fields) levelFormula() queue.LevelFormula {
	v, ok := s.optional("of")
	if formula := queue.LevelFormula(v.text); !ok || slices.Contains(queue.LevelFormulas, formula) {
		return formula
	}
	s.complain(v.at, fmt.Sprintf("%q is not what a service level is of", clean(v.text)), "write abandoned, late-abandoned, answered or offered")
	return ""
}

// serviceLevel reads the target: so many percent answered within so long, and of which
// calls.
func (s fields) serviceLevel(d *queue.Definition) {
	d.Level, d.Goal = defaultLevel, defaultGoal
	n := s.given("service-level")
	if n == nil {
		return
	}
	if l, ok := s.file.mapping(n, "service-level", levelFields...); ok {
		d.Level, d.Goal = l.duration("within", defaultLevel, leastLevel, mostLevel), float64(l.whole("goal", defaultGoal, 1, 100))
		d.Formula = l.levelFormula()
	}
}

// miss reads what becomes of an agent who let an offer go by.
func (s fields) miss(name string) queue.MissRule {
	n := s.given(name)
	if n == nil {
		return queue.MissRule{}
	}
	m, ok := s.file.mapping(n, name, missFields...)
	if !ok {
		return queue.MissRule{}
	}
	if len(m.nodes) == 0 {
		s.complain(n.GetToken(), name+" says nothing", "give delay, not-ready-after, or both; or leave "+name+" out: not ready at the first")
	}
	return queue.MissRule{
		Delay:         m.duration("delay", 0, time.Second, mostAlone),
		NotReadyAfter: m.whole("not-ready-after", 0, 1, mostMissed),
	}
}

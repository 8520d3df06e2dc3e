package store

import (
	"fmt"
	"regexp"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// What a queue is without a word about it, and how far each may be moved.
const (
	defaultRing  = 20 * time.Second
	defaultShort = 5 * time.Second
	defaultLevel = 20 * time.Second
	defaultGoal  = 80
	defaultMusic = "default"

	leastRing   = time.Second
	mostRing    = 5 * time.Minute
	mostShort   = 2 * time.Minute
	leastWrapUp = time.Second
	mostWrapUp  = time.Hour
	leastLevel  = time.Second
	mostLevel   = time.Hour
)

// musicPattern is a music class's name in Asterisk's musiconhold.conf.
var musicPattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$`)

// dialledPattern is a number as a trunk may send it.
var dialledPattern = regexp.MustCompile(`^\+?[0-9*#]{1,20}$`)

// automatic are the reasons the floor itself gives when an offer is missed.
var automatic = []queue.Label{
	{ID: string(cdr.OfferRingNoAns), FR: "Sans réponse", EN: "No answer"},
	{ID: string(cdr.OfferRejected), FR: "Appel refusé", EN: "Call rejected"},
	{ID: string(cdr.OfferUnreachable), FR: "Téléphone injoignable", EN: "Phone unreachable"},
}

// Automatic says whether a reason is the floor's own (the offer was missed), and
// so not one an agent may choose.
func Automatic(reason string) bool {
	for _, l := range automatic {
		if l.ID == reason {
			return true
		}
	}
	return false
}

// readFloor reads floor.yaml into defs.
func (f *file) readFloor(defs *Definitions) {
	if f.body == nil {
		return
	}
	root, ok := f.mapping(f.body, "the floor", floorFields...)
	if !ok {
		return
	}
	queues, skills := known{}, known{}
	for _, n := range f.list(root.given("queues"), "queues") {
		if s, ok := f.mapping(n, "queue", queueFields...); ok {
			defs.Floor.Queues = append(defs.Floor.Queues, s.queue(queues))
		}
	}
	if len(queues) == 0 && len(f.problems) == 0 {
		f.complain(root.at, "the floor has no queue", "define at least one under queues")
	}
	defs.Skills = f.labels(root, "skills", "skill")
	for _, l := range defs.Skills {
		if l.ID != "" {
			skills[l.ID] = root.at
		}
	}
	defs.Floor.Reasons = withAutomatic(f.labels(root, "reasons", "reason"))
	defs.Floor.Dispositions = f.labels(root, "dispositions", "disposition")
	f.readAgents(root, defs, queues, skills)
	f.readNumbers(root, defs)
}

// withAutomatic adds the floor's own reasons that the file does not label.
func withAutomatic(reasons []queue.Label) []queue.Label {
	have := map[string]bool{}
	for _, l := range reasons {
		have[l.ID] = true
	}
	for _, l := range automatic {
		if !have[l.ID] {
			reasons = append(reasons, l)
		}
	}
	return reasons
}

// queue reads one queue.
func (s fields) queue(k known) queue.Definition {
	d := queue.Definition{Label: s.bilingual(k)}
	d.Ring = s.duration("ring", defaultRing, leastRing, mostRing)
	d.ShortAbandon = s.duration("short-abandon", defaultShort, 0, mostShort)
	d.WrapUp = s.wrapUp()
	d.Level, d.Goal = s.serviceLevel()
	d.Music = defaultMusic
	if v, ok := s.optional("music"); ok {
		d.Music = v.text
		if !musicPattern.MatchString(v.text) {
			s.complain(v.at, fmt.Sprintf("%q is not a music class", clean(v.text)), "name a class of Asterisk's musiconhold.conf, such as default")
		}
	}
	return d
}

// wrapUp reads what follows a call; nothing said means none.
func (s fields) wrapUp() queue.WrapUpRule {
	none := queue.WrapUpRule{Mode: queue.WrapUpNone}
	n := s.given("wrap-up")
	if n == nil {
		return none
	}
	w, ok := s.file.mapping(n, "wrap-up", wrapUpFields...)
	if !ok {
		return none
	}
	mode, ok := w.text("mode", "add mode: none, timed or until-closed")
	if !ok {
		return none
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
	return rule
}

// serviceLevel reads the target: so many percent answered within so long.
func (s fields) serviceLevel() (within time.Duration, goal float64) {
	n := s.given("service-level")
	if n == nil {
		return defaultLevel, defaultGoal
	}
	l, ok := s.file.mapping(n, "service-level", levelFields...)
	if !ok {
		return defaultLevel, defaultGoal
	}
	return l.duration("within", defaultLevel, leastLevel, mostLevel), float64(l.whole("goal", defaultGoal, 1, 100))
}

// readNumbers reads where each dialled number leads.
func (f *file) readNumbers(root fields, defs *Definitions) {
	k := known{}
	for _, n := range f.list(root.given("numbers"), "numbers") {
		s, ok := f.mapping(n, "number", numberFields...)
		if !ok {
			continue
		}
		v, ok := s.text("number", "write the number as the trunk sends it, in quotes")
		if ok && !dialledPattern.MatchString(v.text) {
			s.complain(v.at, fmt.Sprintf("%q is not a number that can be dialled", clean(v.text)), "write digits only, as the trunk sends them, in quotes")
		} else if ok {
			k.add(f, "number", v)
		}
		defs.Numbers[v.text] = Number{Flow: s.flow(), Language: s.promptLanguage()}
	}
}

func (s fields) flow() string {
	v, ok := s.text("flow", "name the flow it leads to, a file of flows/")
	if ok && !idPattern.MatchString(v.text) {
		s.complain(v.at, fmt.Sprintf("%q is not a flow's name", clean(v.text)), "write the flow's name: small letters, digits and dashes")
	}
	return v.text
}

// promptLanguage reads a number's language: one there are prompts in.
func (s fields) promptLanguage() string {
	v, ok := s.optional("language")
	if ok && v.text != "fr" && v.text != "en" {
		s.complain(v.at, fmt.Sprintf("there are no prompts in %q", clean(v.text)), "write fr or en, or leave language out")
	}
	return v.text
}

package store

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// How long a reason for taking no calls may be said to last.
const (
	leastReason = 10 * time.Second
	mostReason  = 24 * time.Hour
)

// dialledPattern is a number as a trunk may send it.
var dialledPattern = regexp.MustCompile(`^\+?[0-9*#]{1,20}$`)

// automatic are the reasons the floor itself gives: an offer was missed, or a phone
// lost in a talk.
var automatic = []queue.Label{
	{ID: string(cdr.OfferRingNoAns), FR: "Sans réponse", EN: "No answer"},
	{ID: string(cdr.OfferRejected), FR: "Appel refusé", EN: "Call rejected"},
	{ID: string(cdr.OfferUnreachable), FR: "Téléphone injoignable", EN: "Phone unreachable"},
	{ID: queue.ReasonPhoneLost, FR: "Téléphone coupé en appel", EN: "Phone cut off in a call"},
}

// Automatic says whether a reason is the floor's own, and so not one an agent may
// choose.
func Automatic(reason string) bool {
	for _, l := range automatic {
		if l.ID == reason {
			return true
		}
	}
	return false
}

// readFloor reads floor.yaml into defs. What refers to something is judged when
// all of the file has been read: the order of its sections is the author's.
func (f *file) readFloor(defs *Definitions) {
	if f.body == nil {
		return
	}
	root, ok := f.mapping(f.body, "the floor", floorFields...)
	if !ok {
		return
	}
	defs.Skills = f.labels(root, "skills", "skill", f.named.skills)
	defs.Floor.Groups = f.labels(root, "groups", "group", f.named.groups)
	f.readHours(root, defs)
	for _, n := range f.list(root.given("queues"), "queues") {
		if s, ok := f.mapping(n, "queue", queueFields...); ok {
			d := s.queue(f.named.queues)
			defs.Floor.Queues = append(defs.Floor.Queues, d)
			s.namesScript(d.ID, defs)
			s.namesTicketQueue(d.ID, defs)
		}
	}
	if len(f.named.queues) == 0 && len(f.problems) == 0 {
		f.complain(root.at, "the floor has no queue", "define at least one under queues")
	}
	f.readReasons(root, defs)
	f.readScripts(root, defs)
	defs.Floor.Dispositions = f.labels(root, "dispositions", "disposition", known{})
	defs.Floor.Rejections = f.labels(root, "rejections", "rejection", known{})
	f.readSupport(root, defs)
	f.readAgents(root, defs)
	f.readNumbers(root, defs)
	f.readDialling(root, defs)
	defs.Floor.Seed = root.seed()
	defs.TimeZone = root.timeZone()
	f.checkReferences()
	f.checkOverflow(defs)
	f.warnOfEmptyQueues(defs.Floor)
}

// readReasons reads why agents take no calls, and adds the floor's own reasons
// that the file does not label.
func (f *file) readReasons(root fields, defs *Definitions) {
	k := known{}
	for _, n := range f.list(root.given("reasons"), "reasons") {
		if s, ok := f.mapping(n, "reason", reasonFields...); ok {
			r := queue.Reason{Label: s.bilingual(k)}
			r.Limit = s.duration("limit", 0, leastReason, mostReason)
			defs.Floor.Reasons = append(defs.Floor.Reasons, r)
		}
	}
	for _, l := range automatic {
		if k[l.ID] == nil {
			defs.Floor.Reasons = append(defs.Floor.Reasons, queue.Reason{Label: l})
		}
	}
}

// seed reads what the random strategies start from.
func (s fields) seed() uint64 {
	v, ok := s.optional("seed")
	if !ok {
		return 0
	}
	n, err := strconv.ParseUint(v.text, 10, 64)
	if err != nil {
		s.complain(v.at, fmt.Sprintf("seed %q is no seed", clean(v.text)), "write a whole number, 0 or more")
	}
	return n
}

// timeZone reads where days begin.
func (s fields) timeZone() string {
	v, ok := s.optional("time-zone")
	if !ok {
		return ""
	}
	if _, err := time.LoadLocation(v.text); err != nil || v.text == "" || v.text == "Local" {
		s.complain(v.at, fmt.Sprintf("%q is not a time zone", clean(v.text)), "write a name such as Europe/Paris, or leave time-zone out for this machine's own")
		return ""
	}
	return v.text
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
			s.what += " " + v.text
		}
		defs.Numbers[v.text] = Number{Flow: s.flow(), Language: s.promptLanguage()}
	}
}

func (s fields) flow() string {
	v, ok := s.text("flow", "name the flow it leads to, a file of flows/")
	if ok {
		s.refer(aFlow, s.what+" leads to", v)
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

package appqueue

import "strings"

// defaultPeriodic is app_queue's own periodic announcement, thanks ours of that
// meaning.
const (
	defaultPeriodic = "queue-periodic-announce"
	thanks          = "queue-thanks"
)

// announcing reads an option about what callers hear, if it is one.
func (q *queueRead) announcing(name string, v variable, n int) bool {
	switch name {
	case "announce-frequency":
		q.announceEvery = n
	case "announce-position":
		q.position = "no"
		if value := strings.ToLower(v.value); value == "limit" || value == "more" {
			q.position = value
		} else if isTrue(value) {
			q.position = "yes"
		}
		q.announced = append(q.announced, v)
		if q.position == "more" {
			q.note(v, Changed, `who stands further back hears no place; "more than" is not said`, "")
		}
	case "announce-position-limit":
		q.positionLimit = n
		q.announced = append(q.announced, v)
	case "announce-position-only-up":
		q.onlyUp = isTrue(v.value)
		q.announced = append(q.announced, v)
	case "announce-holdtime":
		once := strings.EqualFold(v.value, "once")
		q.holdTime = once || isTrue(v.value)
		q.announced = append(q.announced, v)
		if once {
			q.note(v, Changed, "the wait is told each time with the place, as a range, and only when it can be told honestly", "")
		}
	case "min-announce-frequency", "announce-round-seconds", "announce-to-first-user":
		q.note(v, Unneeded, "announcements keep one rhythm, tell the wait in minutes as a range, and never delay an offer", "")
	case "periodic-announce":
		q.periodic = strings.FieldsFunc(v.value, func(r rune) bool { return r == ',' || r == '|' })
		q.sounds = v
	case "periodic-announce-frequency":
		q.periodicEvery = n
	case "periodic-announce-startdelay", "random-periodic-announce", "relative-periodic-announce":
		if !isFalse(v.value) {
			q.note(v, Dropped, "periodic announcements come in turn, each periodic-every, the first after it", "")
		}
	default:
		return false
	}
	return true
}

// finishAnnounce makes the announcements of what was read.
func (q *queueRead) finishAnnounce() {
	a := &announceDef{}
	if q.announceEvery > 0 && (q.position != "no" || q.holdTime) {
		a.First, a.Every = "1s", seconds(min(max(q.announceEvery, leastRhythm), mostSeconds))
		a.Wait = q.holdTime
		if a.Place = q.position != "no"; a.Place {
			a.PlaceOnlyUp = q.onlyUp
			if q.position != "yes" && q.positionLimit > 0 {
				a.PlaceMost = min(q.positionLimit, mostTier)
			}
		}
	}
	if q.announceEvery <= 0 {
		for _, v := range q.announced {
			q.note(v, Unneeded, "queue "+q.FR+" has no announce-frequency, so app_queue never said it", "")
		}
	}
	if q.periodicEvery > 0 {
		q.finishPeriodic(a)
	}
	if a.First != "" || a.PeriodicEvery != "" {
		q.Announce = a
	}
}

// finishPeriodic adds the periodic ones. Asterisk's own has one of ours; others
// are sounds of the site.
func (q *queueRead) finishPeriodic(a *announceDef) {
	for _, sound := range q.periodic {
		if strings.TrimSpace(sound) == defaultPeriodic {
			a.Periodic = append(a.Periodic, thanks)
			continue
		}
		q.note(q.sounds, Dropped, "the sound "+sound+" is Asterisk's; prompts here are in French and English", "have it recorded as a prompt and add it to announce.periodic")
	}
	if len(a.Periodic) > 0 {
		a.PeriodicEvery = seconds(min(max(q.periodicEvery, leastRhythm), mostSeconds))
	}
}

// aside notes an option that becomes nothing, unless it was off anyway.
func (q *queueRead) aside(name string, v variable) {
	w, known := asides[name]
	if !known && strings.HasPrefix(name, "queue-") {
		if v.value != name {
			q.note(v, Dropped, "Linekeeper says it in its own words, in French and English", "")
		}
		return
	}
	if known && name != "ringinuse" && (v.value == "" || isFalse(v.value)) {
		return
	}
	if !known {
		w = aside{Dropped, "app_queue knows no such setting either", "correct it, or leave it"}
	}
	if name == "ringinuse" && !isTrue(v.value) {
		w = aside{Unneeded, "an agent who talks is never offered a call", ""}
	}
	q.note(v, w.kind, w.why, w.do)
}

type aside struct {
	kind    Kind
	why, do string
}

// oneFile is why how a recording is mixed is no question.
const oneFile = "a recording is one file with both sides, the caller left and the agent right"

// asides are the options that become nothing.
var asides = map[string]aside{
	"context":                  {Dropped, "which digits lead out of the line stands in that context of the dialplan, which is not read", "write the queue's exits: digit and queue, flow, number or voicemail"},
	"announce":                 {Dropped, "nothing is played to agents: the console shows queue, caller and reason before the phone rings", ""},
	"reportholdtime":           {Dropped, "nothing is played to agents: the console shows how long the caller has waited", ""},
	"memberdelay":              {Dropped, "caller and agent hear each other at once", ""},
	"membergosub":              {Dropped, "no dialplan runs when an agent answers", "let the flow do it, before the queue"},
	"monitor-type":             {Unneeded, oneFile, ""},
	"setinterfacevar":          {Unneeded, "what the variables told is in the facts of each call", "read the API or the ticket's note where the dialplan read them"},
	"setqueueentryvar":         {Unneeded, "what the variables told is in the facts of each call", "read the API or the ticket's note where the dialplan read them"},
	"setqueuevar":              {Unneeded, "what the variables told is in the facts and metrics", "read the API or /metrics where the dialplan read them"},
	"timeoutpriority":          {Unneeded, "a phone rings as long as ring says, and max-wait never cuts it short", ""},
	"timeoutrestart":           {Unneeded, "each offer has its own ring time", ""},
	"penaltymemberslimit":      {Dropped, "tiers count however many agents there are", "let the queue's tiers open with time instead"},
	"ringinuse":                {Changed, "an agent who talks is never offered a call", ""},
	"autopausedelay":           {Dropped, "an agent who misses a call is left alone, or not ready, whenever the last call was", "write no-answer: {delay: …, not-ready-after: …}"},
	"autopauseunavail":         {Changed, "a phone that cannot be rung makes its agent not ready", ""},
	"queue-callerannounce":     {Dropped, "nothing is played to the caller before the agent", "let the flow say it before the queue"},
	"log-restricted-caller-id": {Dropped, "a number the network withholds is never known, so queue_log cannot have it", ""},
}

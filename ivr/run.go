package ivr

import (
	"fmt"
	"maps"
	"strings"
	"time"
)

// run is one turn of the machine: the state, the flow it is in, and the effects
// collected so far. It lives for one Start, Step or Resume.
type run struct {
	*Machine
	flow *Flow
	out  []Effect
	next string // the step to enter before the turn is over
}

func (r *run) emit(e Effect) { r.out = append(r.out, e) }

// goTo asks for the next step; settle enters it. It silences the present one.
func (r *run) goTo(name string) {
	r.quiet()
	r.next = name
}

// settle enters steps until one of them waits for something or the call ends. It
// is the only place where a call changes its step.
func (r *run) settle() {
	for r.next != "" && r.Phase != Ended {
		name := r.next
		r.next = ""
		step, ok := r.flow.Steps[name]
		if !ok {
			r.fail(fmt.Sprintf("step %q names a step %q that is not in flow %s", r.At, name, r.flow.Name))
			return
		}
		if r.Silent++; r.Silent > maxSilent {
			r.fail(fmt.Sprintf("%d steps without a key pressed, the last one %q: the flow goes round in circles", maxSilent, name))
			return
		}
		r.At, r.Phase = name, Prompting
		r.Asked, r.AskedIn = nil, ""
		r.Keyed, r.NoInput, r.NoMatch = "", 0, 0
		step.enter(r)
	}
}

// become changes the phase inside a step. It is the only place where that
// happens, and it leaves no playback or timer of the former phase behind.
func (r *run) become(p Phase) {
	r.quiet()
	r.Phase = p
}

// quiet stops what is being played and cancels the timer that runs.
func (r *run) quiet() {
	if r.Playback != 0 {
		r.emit(StopPlay{ID: r.Playback})
		r.Playback = 0
	}
	if r.Timer != 0 {
		r.emit(CancelTimer{ID: r.Timer})
		r.Timer = 0
	}
}

// play says prompts to the caller, and goes on at once when there is none.
func (r *run) play(prompts []string, language string) {
	r.become(Prompting)
	r.Asked, r.AskedIn = prompts, language
	if len(prompts) == 0 {
		r.here(PlaybackEnded{})
		return
	}
	if language == "" {
		language = r.Language
	}
	r.LastID++
	r.Playback = r.LastID
	r.emit(Play{ID: r.Playback, Prompts: prompts, Language: language})
}

// setTimer starts the one timer a phase may have.
func (r *run) setTimer(after time.Duration) {
	r.LastID++
	r.Timer = r.LastID
	r.emit(SetTimer{ID: r.Timer, After: after})
}

// end ends the flow.
func (r *run) end(e End) {
	r.become(Ended)
	r.next, r.Ahead, r.Keyed, r.Line = "", "", "", nil
	r.Offer, r.Message, r.Question = nil, nil, nil
	r.Outcome = &e
	r.emit(e)
}

// fail ends the flow because it cannot go on.
func (r *run) fail(detail string) {
	r.end(End{Cause: EndFault, Reason: HangupCongestion, Detail: detail})
}

// here hands an event to the step the call is in.
func (r *run) here(ev Event) {
	step, ok := r.flow.Steps[r.At]
	if !ok {
		r.fail(fmt.Sprintf("step %q is not in flow %s version %s", r.At, r.flow.Name, r.flow.Version))
		return
	}
	step.on(r, ev)
}

func (r *run) digit(ev Digit) {
	if !IsKey(ev.Digit) || r.Phase == Queued || r.Phase == Aside {
		return
	}
	r.Silent = 0
	r.here(ev)
}

func (r *run) playbackEnded(ev PlaybackEnded) {
	if ev.ID == 0 || ev.ID != r.Playback {
		return // stale: stopped by a key, or from before a crash
	}
	r.Playback = 0
	r.here(ev)
}

func (r *run) timerFired(ev TimerFired) {
	if ev.ID == 0 || ev.ID != r.Timer {
		return // stale: a key was quicker
	}
	r.Timer = 0
	r.here(ev)
}

func (r *run) queueLeft(ev QueueLeft) {
	if r.Phase != Queued || r.Line == nil || r.Line.Queue != ev.Queue {
		return
	}
	r.Line = nil
	if !atTheDoor[ev.Cause] {
		r.Silent = 0
	}
	r.setVar(VarQueueLeft, ev.Cause)
	r.here(ev)
}

// back goes on after what the owner did aside.
func (r *run) back(ev Back) {
	if r.Phase == Aside {
		r.here(ev)
	}
}

// hoursAre goes on with what was asked for.
func (r *run) hoursAre(ev HoursAre) {
	if r.Phase == Aside && r.Question != nil && r.Question.Hours == ev.Hours {
		r.here(ev)
	}
}

func (r *run) identified(ev Identified) {
	for name, value := range ev.Vars {
		r.setVar(name, value)
	}
	if r.speak(ev.Language, byDirectory) {
		r.emit(SetLanguage{Language: r.Language})
	}
}

// startOver enters the present step anew, or the flow's first if it is gone.
func (r *run) startOver() {
	r.Flow, r.Version = r.flow.Name, r.flow.Version
	next := r.At
	if _, ok := r.flow.Steps[next]; !ok {
		next = r.flow.Start
	}
	r.Timer, r.Ahead, r.Silent = 0, "", 0
	r.Offer, r.Message, r.Question = nil, nil, nil
	r.goTo(next)
}

// askAgain plays again what the caller was hearing or answering when the
// controller died. The timers died with it; the playback may have gone on in
// Asterisk, so it is stopped.
func (r *run) askAgain() {
	r.Timer = 0
	r.play(r.Asked, r.AskedIn)
}

// typedAhead takes the key typed ahead, if there is one.
func (r *run) typedAhead() (string, bool) {
	d := r.Ahead
	r.Ahead = ""
	return d, d != ""
}

// maxValue is the longest value of a variable or attribute, in bytes. Nothing
// people say is longer; a flow that adds to a variable on every round stops here.
const maxValue = 1024

func (r *run) setVar(name, value string) { set(&r.Vars, name, value) }

func (r *run) setAttribute(name, value string) {
	set(&r.Attributes, name, value)
	r.emit(SetAttribute{Name: name, Value: r.Attributes[name]})
}

func set(values *map[string]string, name, value string) {
	if *values == nil {
		*values = map[string]string{}
	}
	(*values)[name] = CutValue(value)
}

// CutValue cuts a value to maxValue between two characters. Attributes that come from
// elsewhere than the flow obey it too.
func CutValue(value string) string {
	if len(value) <= maxValue {
		return value
	}
	return strings.ToValidUTF8(value[:maxValue], "")
}

// attributes is a copy of the attributes, for an effect to keep.
func (r *run) attributes() map[string]string { return maps.Clone(r.Attributes) }

// IsKey says whether s is one key of a telephone (RFC 4733 §3.2, events 0–15).
func IsKey(s string) bool {
	return len(s) == 1 && strings.Contains("0123456789*#ABCD", s)
}

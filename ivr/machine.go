package ivr

import "maps"

// Phase is where a call stands inside its step.
type Phase string

// The phases. Which step uses which is drawn in doc.go.
const (
	// Prompting: something is being played to the caller.
	Prompting Phase = "prompting"
	// Waiting: the caller may press the first key; a timer runs.
	Waiting Phase = "waiting"
	// Keying: the caller has begun a number; the inter-digit timer runs.
	Keying Phase = "keying"
	// Queued: the call is in a queue; the flow waits for QueueLeft.
	Queued Phase = "queued"
	// Aside: the owner talks with the caller (a callback, a message); the flow
	// waits for Back. Or it looks something up; the flow waits for the answer.
	Aside Phase = "aside"
	// Ended: the flow is over. No event changes anything any more.
	Ended Phase = "ended"
)

// VarLanguage is the variable of [Start] that says which language the number
// dialled speaks. In texts, ${language} is the call's present language.
const VarLanguage = "language"

// VarQueueLeft is the variable that says why a queue gave the call back.
const VarQueueLeft = "queue.left"

// maxSilent is how many steps a call may enter between two keys. Flows are a few
// dozen steps long; whoever needs more is going round in circles.
const maxSilent = 100

// Machine is the state of one call in a flow. It is plain data: encode it to
// JSON to save it. One goroutine owns it, the call's actor; a copy shares its
// maps, so copy through JSON.
type Machine struct {
	// Flow and Version name the flow the call is in.
	Flow    string `json:"flow"`
	Version string `json:"version"`

	// At is the name of the step the call is in, Phase where it stands there.
	At    string `json:"at"`
	Phase Phase  `json:"phase"`

	// LastID is the last ID given to a playback or timer. Playback and Timer are
	// the ones awaited, 0 if none.
	LastID   int `json:"last_id"`
	Playback int `json:"playback,omitempty"`
	Timer    int `json:"timer,omitempty"`
	// Asked and AskedIn are what the step last played, and its language.
	Asked   []string `json:"asked,omitempty"`
	AskedIn string   `json:"asked_in,omitempty"`

	// Keyed are the digits keyed in so far, Ahead a key typed ahead.
	Keyed string `json:"keyed,omitempty"`
	Ahead string `json:"ahead,omitempty"`
	// NoInput and NoMatch count the failed tries in this step.
	NoInput int `json:"no_input,omitempty"`
	NoMatch int `json:"no_match,omitempty"`
	// Silent counts the steps entered since the last key.
	Silent int `json:"silent,omitempty"`

	// Language is the call's language; LanguageBy says who chose it.
	Language   string     `json:"language,omitempty"`
	LanguageBy languageBy `json:"language_by,omitempty"`
	// Vars are the variables texts may name.
	Vars map[string]string `json:"vars,omitempty"`
	// Attributes, Priority and Needs are what a queue will be told.
	Attributes map[string]string `json:"attributes,omitempty"`
	Priority   int               `json:"priority,omitempty"`
	Needs      []Need            `json:"needs,omitempty"`

	// Line is the queue the call is in; Offer, Message or Question what the owner does
	// aside; Outcome how the flow ended.
	Line     *EnterQueue    `json:"line,omitempty"`
	Offer    *OfferCallback `json:"offer,omitempty"`
	Message  *TakeMessage   `json:"message,omitempty"`
	Question *AskHours      `json:"question,omitempty"`
	Outcome  *End           `json:"outcome,omitempty"`
}

// Start brings a call into a flow. vars are the variables it begins with
// ("caller.number", "dialled", …); VarLanguage among them is the language of the
// number dialled. vars is copied.
func Start(flow *Flow, vars map[string]string) (Machine, []Effect) {
	m := Machine{Flow: flow.Name, Version: flow.Version, Vars: map[string]string{}}
	maps.Copy(m.Vars, vars)
	r := run{Machine: &m, flow: flow}
	r.speak(flow.Language, byFlow)
	r.speak(m.Vars[VarLanguage], byNumber)
	delete(m.Vars, VarLanguage)
	if m.Language != "" {
		r.emit(SetLanguage{Language: m.Language})
	}
	r.goTo(flow.Start)
	r.settle()
	return m, r.out
}

// GoInto leads the call from where it is into another flow, with all it carries:
// language, variables, attributes, priority, needs.
func (m *Machine) GoInto(flow *Flow) []Effect {
	r := run{Machine: m, flow: flow}
	r.quiet()
	*m = Machine{
		Flow: flow.Name, Version: flow.Version, LastID: m.LastID,
		Language: m.Language, LanguageBy: m.LanguageBy,
		Vars: m.Vars, Attributes: m.Attributes, Priority: m.Priority, Needs: m.Needs,
	}
	r.goTo(flow.Start)
	r.settle()
	return r.out
}

// Step takes one event and says what to do. Events that are of no use where the
// call stands change nothing and have no effects.
func (m *Machine) Step(flow *Flow, ev Event) []Effect {
	if m.Phase == Ended {
		return nil
	}
	r := run{Machine: m, flow: flow}
	switch ev := ev.(type) {
	case Digit:
		r.digit(ev)
	case PlaybackEnded:
		r.playbackEnded(ev)
	case TimerFired:
		r.timerFired(ev)
	case QueueLeft:
		r.queueLeft(ev)
	case Back:
		r.back(ev)
	case HoursAre:
		r.hoursAre(ev)
	case Identified:
		r.identified(ev)
	}
	r.settle()
	return r.out
}

// Resume goes on with a machine that was read back from a snapshot; call it once
// per crash, before any Step. What was being asked is played again under a new
// ID, with the keys and tries so far kept; a place in a queue and an end are
// said again. If the flow is no longer the version the call began on, the step
// begins anew, or the flow does if it has lost that step: a caller hears a menu
// again rather than a dead line.
func (m *Machine) Resume(flow *Flow) []Effect {
	r := run{Machine: m, flow: flow}
	switch {
	case m.Phase == Ended && m.Outcome != nil:
		r.emit(*m.Outcome)
	case m.Phase == Queued && m.Line != nil:
		r.emit(*m.Line)
	case m.Phase == Aside && m.Offer != nil:
		r.emit(*m.Offer)
	case m.Phase == Aside && m.Message != nil:
		r.emit(*m.Message)
	case m.Phase == Aside && m.Question != nil:
		r.emit(*m.Question)
	case m.Version != flow.Version:
		r.startOver()
	default:
		r.askAgain()
	}
	r.settle()
	return r.out
}

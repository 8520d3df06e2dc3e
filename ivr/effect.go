package ivr

import "time"

// Effect is one thing the machine wants done. Effects are played in order.
type Effect interface{ effect() }

// Play plays prompts one after the other to the caller and answers with
// PlaybackEnded{ID}. Prompts are names as the flow gives them: "welcome" is one
// of Linekeeper's own, "asterisk/queue-thankyou" one of Asterisk's core sounds.
type Play struct {
	ID       int
	Prompts  []string
	Language string
}

// StopPlay ends a playback early. The machine no longer waits for its end. After
// a crash it may name a playback that ended long ago: that is no fault.
type StopPlay struct{ ID int }

// SetTimer asks for TimerFired{ID} after a duration.
type SetTimer struct {
	ID    int
	After time.Duration
}

// CancelTimer says that a timer is no longer wanted.
type CancelTimer struct{ ID int }

// Chosen: the caller picked an entry of a menu.
type Chosen struct {
	Menu   string // name of the step
	Digit  string
	Choice string // the entry's label
}

// CollectedDigits: the caller keyed digits in. Value is empty when the step is
// secret, so that it reaches no fact.
type CollectedDigits struct {
	Step   string
	Value  string
	Secret bool
}

// SetLanguage: the call is in this language from now on.
type SetLanguage struct{ Language string }

// SetAttribute: the call carries this attribute from now on.
type SetAttribute struct{ Name, Value string }

// EnterQueue: the call takes its place in a queue. Resume says it again for a
// call that was in a queue; who already has its place keeps it.
type EnterQueue struct {
	Queue      string            `json:"queue"`
	Priority   int               `json:"priority,omitempty"` // 0–9
	Needs      []Need            `json:"needs,omitempty"`    // by skill, each once
	Language   string            `json:"language,omitempty"`
	Attributes map[string]string `json:"attributes,omitempty"`
	Music      string            `json:"music,omitempty"` // class; empty = the queue's own
}

// OfferCallback: the caller may hang up and be called back from this place. The
// owner talks with the caller about it, and answers with Back if they do not
// want it. Resume says it again.
type OfferCallback struct {
	Place EnterQueue `json:"place"`
}

// TakeMessage: the caller may leave a message. The owner answers with Back when
// it is taken. Resume says it again.
type TakeMessage struct {
	Prompts []string      `json:"prompts,omitempty"` // empty: the usual ones
	Most    time.Duration `json:"most_ns"`
	// Last: nothing follows, the caller may be thanked and let go.
	Last bool `json:"last,omitempty"`
}

// AskHours: are these hours open now? The owner answers with HoursAre. Resume asks
// again.
type AskHours struct {
	Hours string `json:"hours"`
}

// EndCause is why a flow ended.
type EndCause string

// The causes of a flow's end. They are the words of cdr.EndCause.
const (
	EndFlow  EndCause = "flow"  // it came to its end
	EndFault EndCause = "fault" // it could not go on
)

// HangupReason is what the network is told. They are the words of the call
// actor's own HangUpReason.
type HangupReason string

// The reasons for hanging up.
const (
	HangupNormal     HangupReason = "normal"
	HangupBusy       HangupReason = "busy"
	HangupNoAnswer   HangupReason = "no-answer"
	HangupCongestion HangupReason = "congestion"
)

// End: the flow is over; hang up. Detail is a sentence for the log.
type End struct {
	Cause  EndCause     `json:"cause"`
	Reason HangupReason `json:"reason"`
	Detail string       `json:"detail,omitempty"`
}

func (Play) effect()            {}
func (StopPlay) effect()        {}
func (SetTimer) effect()        {}
func (CancelTimer) effect()     {}
func (Chosen) effect()          {}
func (CollectedDigits) effect() {}
func (SetLanguage) effect()     {}
func (SetAttribute) effect()    {}
func (EnterQueue) effect()      {}
func (OfferCallback) effect()   {}
func (TakeMessage) effect()     {}
func (AskHours) effect()        {}
func (End) effect()             {}

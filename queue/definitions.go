package queue

import "time"

// Definitions are the queues and agents of a floor, checked by whoever made
// them (queue/store). A Floor copies what it needs; they are never changed.
type Definitions struct {
	Queues []Definition
	Agents []Agent
	// Reasons are why an agent may be not ready.
	Reasons []Label
	// Dispositions are how an agent may close a call.
	Dispositions []Label
}

// Label is a thing's ID and its name in both languages.
type Label struct {
	ID string
	FR string
	EN string
}

// Definition is one queue.
type Definition struct {
	Label
	// Ring is how long an offer may ring.
	Ring time.Duration
	// WrapUp is what follows a call.
	WrapUp WrapUpRule
	// ShortAbandon is the wait below which a hang-up is not counted as abandoned.
	ShortAbandon time.Duration
	// Level is the service level's target: answered within this long.
	Level time.Duration
	// Goal is the share of calls, in percent, that should meet it.
	Goal float64
	// Music is the class callers hear while they wait.
	Music string
}

// WrapUpRule says how long an agent has after a call.
type WrapUpRule struct {
	Mode WrapUpMode
	For  time.Duration // with WrapUpTimed
}

// WrapUpMode is how a wrap-up ends.
type WrapUpMode string

// The ways a wrap-up ends.
const (
	WrapUpNone      WrapUpMode = "none"         // no wrap-up: straight on
	WrapUpTimed     WrapUpMode = "timed"        // by the agent, or after a time
	WrapUpTillClose WrapUpMode = "until-closed" // by the agent only
)

// Agent is one person who takes calls.
type Agent struct {
	ID        string
	Name      string
	Queues    []string       // served
	Skills    map[string]int // name → level 1–10
	Languages []string       // spoken; none means any
	// Phone is the kind of phone: PhoneWebRTC (the console) or PhoneSIP.
	Phone PhoneKind
	// Contact is the fixed SIP address of a phone that never registers.
	Contact string
	// AlwaysReady signs the agent in for good: a bench agent has no console.
	AlwaysReady bool
}

// PhoneKind is what an agent talks on.
type PhoneKind string

// The kinds of phones.
const (
	PhoneWebRTC PhoneKind = "webrtc" // in the console's page
	PhoneSIP    PhoneKind = "sip"    // a desk phone or softphone beside it
)

package cdr

import "time"

// FollowUpAsked: an agent promised to call a customer again. It is the first fact
// of a call of its own, which waits as a callback does.
type FollowUpAsked struct {
	Node string `json:"node"`
	// Of is the call it was promised in, Agent who promised, Queue whose call it is.
	Of    CallID `json:"of"`
	Agent string `json:"agent"`
	Queue string `json:"queue"`
	// Number is the customer's, E.164; From the one they are shown.
	Number string `json:"number"`
	From   string `json:"from"`
	Name   string `json:"name,omitempty"`
	// At is the time promised, Until when it is too late, zero if never.
	At       time.Time `json:"at"`
	Until    time.Time `json:"until,omitzero"`
	Note     string    `json:"note,omitempty"`
	Language string    `json:"language,omitempty"`
	// Mine: for a while it is kept for Agent.
	Mine bool `json:"mine,omitempty"`
}

// Dialled: an agent calls a number on behalf of a queue. It is the first fact of the
// call; the agent's own phone rings first.
type Dialled struct {
	Node   string `json:"node"`
	Agent  string `json:"agent"`
	Queue  string `json:"queue"`
	Number string `json:"number"` // E.164
	From   string `json:"from"`   // the number shown
	// Channel is the one the number will be dialled on.
	Channel string `json:"channel"`
}

// Reached: the number called answered.
type Reached struct {
	Rang time.Duration `json:"rang_ns"` // from the agent's answer on
}

// NotReached: the number called did not answer, or the agent did not wait for it.
type NotReached struct {
	Code int `json:"code,omitempty"` // Q.850
}

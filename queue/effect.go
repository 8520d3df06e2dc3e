package queue

import (
	"time"

	"linekeeper/cdr"
)

// Effect is one thing the floor wants done. Effects are played in order.
type Effect interface{ effect() }

// Offer lends an agent to a call. Why explains the decision: the agent chosen
// and by which rule first, then those passed over.
type Offer struct {
	ID    cdr.OfferID
	Call  cdr.CallID
	Agent string
	Queue string
	Ring  time.Duration
	Why   []cdr.Why
}

// Withdraw asks the call's actor to end an offer. The actor answers with
// OfferOver, which may say that the phone was picked up first.
type Withdraw struct {
	Offer   cdr.OfferID
	Call    cdr.CallID
	Outcome cdr.OfferOutcome
}

// AgentChange tells a new state of an agent, to be saved and told.
type AgentChange struct {
	Story cdr.AgentChanged
	Saved SavedAgent
}

// WrapUpOver closes an agent's part in a call. Since is when the state it closes
// began; with call and agent it names the closing, so that one repeated after a
// crash is known.
type WrapUpOver struct {
	Call  cdr.CallID
	Since time.Time
	Story cdr.WrappedUp
}

// Refused says that an event could not be followed, and why. It changes nothing.
type Refused struct {
	Event  Event
	Reason Refusal
}

// Refusal is why an event was not followed.
type Refusal string

// The refusals.
const (
	UnknownQueue Refusal = "unknown queue"
	UnknownAgent Refusal = "unknown agent"
	UnknownOffer Refusal = "offer is over"
	NotInWrapUp  Refusal = "agent is not wrapping up this call"
	SignedOut    Refusal = "agent is not signed in"
	NotTheirs    Refusal = "offer is another agent's"
	NotTalking   Refusal = "agent is not talking on this call"
)

func (Offer) effect()       {}
func (Withdraw) effect()    {}
func (AgentChange) effect() {}
func (WrapUpOver) effect()  {}
func (Refused) effect()     {}

// SavedAgent is what must outlive the controller about an agent. Definitions
// are not in it.
type SavedAgent struct {
	ID     string         `json:"id"`
	State  cdr.AgentState `json:"state"`
	Reason string         `json:"reason,omitempty"`
	Since  time.Time      `json:"since"`
	// IdleSince is when the agent last had no call; the longest idle is first.
	IdleSince time.Time      `json:"idle_since"`
	Until     time.Time      `json:"until,omitzero"` // end of a timed wrap-up
	Offer     cdr.OfferID    `json:"offer,omitempty"`
	Call      cdr.CallID     `json:"call,omitempty"`
	Queue     string         `json:"queue,omitempty"` // of the call in hand
	Next      cdr.AgentState `json:"next,omitempty"`  // chosen for after the call
	NextWhy   string         `json:"next_why,omitempty"`
	// Number counts the agent's saved states; it names the agent's facts.
	Number uint64 `json:"number"`
}

package cdr

import "time"

// PartyKind is who was asked into a call besides its caller and its agent, or
// where a call was transferred to.
type PartyKind string

// The kinds of parties and of transfers.
const (
	PartyAgent  PartyKind = "agent"
	PartyNumber PartyKind = "number" // outside, E.164
	PartyQueue  PartyKind = "queue"  // transfers only
	PartyFlow   PartyKind = "flow"   // transfers only
)

// PartyCause is why a party is no longer in the call.
type PartyCause string

// The causes of a party's leaving.
const (
	PartyMissed   PartyCause = "not-reached" // did not answer, was busy, could not be rung
	PartyHungUp   PartyCause = "hung-up"
	PartyDropped  PartyCause = "dropped"   // by the agent
	PartyTookOver PartyCause = "took-over" // the call is theirs now
	PartyCallOver PartyCause = "call-over"
)

// HoldBegan: a party of the call hears music and nobody else. Party is empty for
// the caller.
type HoldBegan struct {
	Agent string `json:"agent"` // who did it
	Party string `json:"party,omitempty"`
	// Phone says that it was done on the phone itself, which plays on as it likes.
	Phone bool `json:"phone,omitempty"`
}

// HoldEnded: they are back.
type HoldEnded struct {
	Agent string        `json:"agent"`
	Party string        `json:"party,omitempty"`
	Held  time.Duration `json:"held_ns"`
	Phone bool          `json:"phone,omitempty"`
}

// Invited: the agent asks somebody into the call. Consult: the caller is on hold
// meanwhile and does not hear it.
type Invited struct {
	Party   string    `json:"party"` // "p1", counted within the call
	By      string    `json:"by"`
	As      PartyKind `json:"as"`
	Target  string    `json:"target"` // agent or number
	Consult bool      `json:"consult,omitempty"`
	Offer   OfferID   `json:"offer,omitempty"` // of an agent
	Channel string    `json:"channel"`
}

// PartyJoined: the party has answered and is in the talk.
type PartyJoined struct {
	Party  string    `json:"party"`
	As     PartyKind `json:"as"`
	Target string    `json:"target"`
}

// PartyLeft: the party is no longer in the call, or never came.
type PartyLeft struct {
	Party  string        `json:"party"`
	As     PartyKind     `json:"as"`
	Target string        `json:"target"`
	Cause  PartyCause    `json:"cause"`
	Talked time.Duration `json:"talked_ns"`
}

// DialRefused: an agent wanted a number dialled that is not to be, or too many; or the
// caller wants to be called back on one.
type DialRefused struct {
	Agent  string `json:"agent"`  // or the account of who takes no calls; empty: the caller
	Number string `json:"number"` // in E.164 where it is a number, else as it was dialled
	Why    string `json:"why"`    // queue.DialVerdict
	Act    string `json:"act"`    // what it was for: "transfer", "invite", "phone-transfer", "callback"
}

// Transferred: the agent has given the call on. Consulted: after having talked to
// who has it now.
type Transferred struct {
	By        string    `json:"by"`
	To        PartyKind `json:"to"`
	Target    string    `json:"target"`
	Consulted bool      `json:"consulted,omitempty"`
}

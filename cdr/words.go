package cdr

// AgentState is where an agent stands. The diagram is in queue/doc.go.
type AgentState string

// The states of an agent.
const (
	Offline   AgentState = "offline"   // not signed in
	Ready     AgentState = "ready"     // may be offered a call
	NotReady  AgentState = "not-ready" // signed in, with a reason
	OfferedTo AgentState = "offered"   // one open offer
	OnCall    AgentState = "connected" // talking
	WrapUp    AgentState = "wrap-up"   // after the call
)

// OfferOutcome is how an offer ended.
type OfferOutcome string

// The outcomes of an offer.
const (
	OfferAnswered    OfferOutcome = "answered"
	OfferRingNoAns   OfferOutcome = "ring-no-answer" // it ran out
	OfferRejected    OfferOutcome = "rejected"       // the agent said no
	OfferCallerGone  OfferOutcome = "caller-gone"    // the caller hung up while it rang
	OfferUnreachable OfferOutcome = "unreachable"    // the phone could not be rung
	OfferWithdrawn   OfferOutcome = "withdrawn"      // taken back by a supervisor or a sign-out
	OfferLost        OfferOutcome = "lost"           // Asterisk or the leg was lost
)

// LeaveCause is why a call left a queue.
type LeaveCause string

// The causes of leaving a queue.
const (
	LeftAnswered  LeaveCause = "answered"
	LeftAbandoned LeaveCause = "abandoned" // the caller hung up before an answer
	LeftLost      LeaveCause = "lost"      // the channel was lost, nobody hung up
	LeftClosed    LeaveCause = "closed"    // the queue is no more; the call goes on elsewhere
)

// Party is who did it.
type Party string

// The parties of a call.
const (
	ByCaller Party = "caller"
	ByAgent  Party = "agent"
	BySystem Party = "system"
)

// EndCause is why a call ended.
type EndCause string

// The causes of a call's end.
const (
	EndHangup    EndCause = "hangup"     // a party hung up
	EndFlow      EndCause = "flow"       // the flow came to its end
	EndLostSight EndCause = "lost-sight" // the channel went while the controller was not looking
	EndNodeLost  EndCause = "node-lost"  // Asterisk died under the call
	EndRefused   EndCause = "refused"    // no flow for the number, or overload
	EndFault     EndCause = "fault"      // a command failed and the call could not go on
)

// Outcome sums a record up in one word.
type Outcome string

// The outcomes of a call.
const (
	OutcomeOpen         Outcome = "open"          // still going on
	OutcomeAnswered     Outcome = "answered"      // an agent talked to the caller
	OutcomeAbandoned    Outcome = "abandoned"     // left the queue before an answer
	OutcomeShortAbandon Outcome = "short-abandon" // the same, below the queue's threshold
	OutcomeInFlow       Outcome = "in-flow"       // ended in the menu, never queued
	OutcomeLost         Outcome = "lost"          // in line when Asterisk or the channel was lost
)

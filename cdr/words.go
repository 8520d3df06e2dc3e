package cdr

import "strings"

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

// The attributes that tell the caller's newest open ticket, as the ticket system had it
// when the call was looked up. A flow that sets one of these names means its own.
const (
	AttrTicket        = "ticket"         // its ID as people use it
	AttrTicketSubject = "ticket_subject" // empty if it has none
	AttrTicketQueue   = "ticket_queue"   // the ticket system's, not ours
)

// OfferOutcome is how an offer ended.
type OfferOutcome string

// The outcomes of an offer.
const (
	OfferAnswered    OfferOutcome = "answered"
	OfferRingNoAns   OfferOutcome = "ring-no-answer"     // it ran out
	OfferRejected    OfferOutcome = "rejected"           // the agent said no
	OfferCallerGone  OfferOutcome = "caller-gone"        // the caller hung up while it rang
	OfferUnreachable OfferOutcome = "unreachable"        // the phone could not be rung
	OfferWithdrawn   OfferOutcome = "withdrawn"          // taken back by a supervisor or a sign-out
	OfferLost        OfferOutcome = "lost"               // Asterisk or the leg was lost
	OfferElsewhere   OfferOutcome = "answered-elsewhere" // another phone of the same ring was picked up
	OfferNotReached  OfferOutcome = "not-reached"        // callback, agent first: the customer did not answer
)

// LeaveCause is why a call left a queue.
type LeaveCause string

// The causes of leaving a queue.
const (
	LeftAnswered  LeaveCause = "answered"
	LeftAbandoned LeaveCause = "abandoned"  // the caller hung up before an answer
	LeftLost      LeaveCause = "lost"       // the channel was lost, nobody hung up
	LeftClosed    LeaveCause = "closed"     // the queue is no more; the call goes on elsewhere
	LeftFull      LeaveCause = "full"       // never let in: the queue had its most calls
	LeftJoinEmpty LeaveCause = "join-empty" // never let in: nobody there to take it
	LeftEmpty     LeaveCause = "empty"      // sent on: nobody was left to take it
	LeftMaxWait   LeaveCause = "max-wait"   // sent on: it had waited the longest allowed
	LeftKey       LeaveCause = "key"        // the caller pressed an exit digit
	LeftMoved     LeaveCause = "moved"      // a supervisor put it into another queue
	LeftResumed   LeaveCause = "resumed"    // a callback whose caller rang again: that call has the place now
	LeftCancelled LeaveCause = "cancelled"  // a callback the caller or a supervisor gave up
	LeftExpired   LeaveCause = "expired"    // a callback whose tries or window ran out
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
	EndHangup     EndCause = "hangup"      // a party hung up
	EndFlow       EndCause = "flow"        // the flow came to its end
	EndLostSight  EndCause = "lost-sight"  // the channel went while the controller was not looking
	EndNodeLost   EndCause = "node-lost"   // Asterisk died under the call
	EndRefused    EndCause = "refused"     // no flow for the number, or none in force
	EndFault      EndCause = "fault"       // a command failed and the call could not go on
	EndNotReached EndCause = "not-reached" // nobody answered who was called
	EndCallback   EndCause = "callback"    // a callback that reached nobody: its story is over
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
	OutcomeOverflow     Outcome = "overflow"      // the queue sent it on, or did not let it in, and nobody answered
	OutcomeVoicemail    Outcome = "voicemail"     // left a message
	OutcomeNotReached   Outcome = "not-reached"   // an agent called, and nobody answered
	OutcomeCallback     Outcome = "callback"      // asked to be called back and was not reached
)

// OverflowKind is where a queue sends a call it does not keep.
type OverflowKind string

// The kinds of overflow.
const (
	ToQueue     OverflowKind = "queue"
	ToFlow      OverflowKind = "flow"
	ToVoicemail OverflowKind = "voicemail"
	ToCallback  OverflowKind = "callback"
	ToNumber    OverflowKind = "number" // outside, through the trunk
	ToBusy      OverflowKind = "busy"
)

// CallbackMode is who is rung first.
type CallbackMode string

// The modes of a callback.
const (
	AgentFirst    CallbackMode = "agent-first"
	CustomerFirst CallbackMode = "customer-first"
)

// CallbackOutcome is what became of the wish to be called back.
type CallbackOutcome string

// The outcomes of a callback.
const (
	CallbackWaiting   CallbackOutcome = "waiting"   // not over
	CallbackDone      CallbackOutcome = "reached"   // the customer answered
	CallbackExpired   CallbackOutcome = "expired"   // its tries or its window ran out
	CallbackCancelled CallbackOutcome = "cancelled" // the caller or a supervisor gave it up
	CallbackResumed   CallbackOutcome = "resumed"   // the caller rang again and has the place
	CallbackLost      CallbackOutcome = "lost"      // its place went for another reason
)

// PhoneState is what is known of an agent's phone besides our own calls.
type PhoneState string

// The states of a phone.
const (
	PhoneThere PhoneState = ""          // or nothing known: it is tried
	PhoneAway  PhoneState = "away"      // not registered, or not answering
	PhoneInUse PhoneState = "off-queue" // in a call that is none of ours
)

// Devices are the phones of an agent who has two, each by itself.
type Devices struct {
	Console PhoneState `json:"console,omitempty"`
	Desk    PhoneState `json:"desk,omitempty"`
}

// Phone is what the two come to: an agent in a call of their own is so on either,
// and can be rung while one of them is there.
func (d Devices) Phone() PhoneState {
	switch {
	case d.Console == PhoneInUse || d.Desk == PhoneInUse:
		return PhoneInUse
	case d.Console == PhoneAway && d.Desk == PhoneAway:
		return PhoneAway
	default:
		return PhoneThere
	}
}

// DeskLeg ends the name of a leg that rings the desk phone beside an agent's console.
const DeskLeg = "-d"

// ToDesk says whether a leg, as facts name it, is one to a desk phone beside a console.
func ToDesk(leg string) bool { return strings.HasSuffix(leg, DeskLeg) }

// PriorityCause is why a call's priority changed.
type PriorityCause string

// The causes of another priority.
const (
	PriorityGiven   PriorityCause = "given"   // by somebody of the site
	PriorityResumed PriorityCause = "resumed" // its caller had a place of that priority already
)

// RedefineCause is why the floor goes by definitions from now on.
type RedefineCause string

// The causes of definitions.
const (
	RedefinedAtStart RedefineCause = "start" // of a controller; they may be the same as before
	RedefinedByApply RedefineCause = "apply"
)

// Direction says who began a call: a caller, or we.
type Direction string

// The directions.
const (
	Inward  Direction = "in"
	Outward Direction = "out"
)

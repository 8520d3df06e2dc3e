package cdr

import (
	"encoding/json"
	"time"
)

// Kind names a kind of fact, as it stands in JSON and in documents.
type Kind string

// Story is what happened: one type for each kind of fact.
type Story interface {
	Kind() Kind
}

// Caller is who the network says is calling. Both fields are as the network
// sent them, cleaned of control characters and cut to a sane length.
type Caller struct {
	Number string `json:"number,omitempty"` // E.164 with "+" where it could be read as one; empty if withheld
	Name   string `json:"name,omitempty"`
}

// Contact is a person found in the directory.
type Contact struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email,omitempty"`
	Site     string `json:"site,omitempty"`
	Language string `json:"language,omitempty"`
	VIP      bool   `json:"vip,omitempty"`
}

// Need is a skill a call asks for, with the least level that will do (1–10).
type Need struct {
	Skill string `json:"skill"`
	Level int    `json:"level"`
}

// Arrived: a call reached the controller.
type Arrived struct {
	Node     string `json:"node"`
	Channel  string `json:"channel"`
	Number   string `json:"number"` // the number dialled
	Caller   Caller `json:"caller"`
	Language string `json:"language,omitempty"`
}

// Identified: the directory knew the caller.
type Identified struct {
	Contact Contact `json:"contact"`
}

// FlowStarted: the call entered a flow.
type FlowStarted struct {
	Flow    string `json:"flow"`
	Version string `json:"version"`
}

// MenuChosen: the caller picked an entry of a menu.
type MenuChosen struct {
	Menu   string `json:"menu"` // name of the step
	Digit  string `json:"digit"`
	Choice string `json:"choice"` // the entry's label
}

// Collected: the caller keyed digits in. Value is empty when the step is secret.
type Collected struct {
	Step  string `json:"step"`
	Value string `json:"value,omitempty"`
}

// QueueEntered: the call took its place in a queue.
type QueueEntered struct {
	Queue string `json:"queue"`
	// EnteredAt is what the place counts from. It is kept over requeue and crash.
	EnteredAt time.Time `json:"entered_at"`
	Priority  int       `json:"priority"`
	Needs     []Need    `json:"needs,omitempty"`
	Language  string    `json:"language,omitempty"`
	// Attributes are the flow's and those of the caller's open ticket (AttrTicket).
	Attributes map[string]string `json:"attributes,omitempty"`
}

// QueueLeft: the call gave up its place. Short says that it was abandoned
// before the queue's short-abandon threshold.
type QueueLeft struct {
	Queue  string        `json:"queue"`
	Cause  LeaveCause    `json:"cause"`
	Waited time.Duration `json:"waited_ns"`
	Short  bool          `json:"short,omitempty"`
}

// NotOffered: the call left a queue in which it was offered to nobody. Why is what kept
// each agent from it then, a dozen at most, those signed in first; More is how many others
// there were. It may come after the call's end.
type NotOffered struct {
	Queue string `json:"queue"`
	Why   []Why  `json:"why"`
	More  int    `json:"more,omitempty"`
}

// WaitEstimated: what the queue expected when the call took its place, to be
// compared with what came. High is zero when there was no data to tell from.
type WaitEstimated struct {
	Queue string        `json:"queue"`
	Place int           `json:"place"` // rank in line, 1 is next
	Low   time.Duration `json:"low_ns,omitempty"`
	High  time.Duration `json:"high_ns,omitempty"`
}

// Announced: the caller in line was told something. What is "place", "wait",
// "periodic" or "callback".
type Announced struct {
	Queue string        `json:"queue"`
	What  []string      `json:"what"`
	Place int           `json:"place,omitempty"`
	Low   time.Duration `json:"low_ns,omitempty"`
	High  time.Duration `json:"high_ns,omitempty"`
}

// Overflowed: a queue sent the call on. To is empty when nothing is defined for
// the cause; then the flow goes on after its queue step.
type Overflowed struct {
	Queue string       `json:"queue"`
	Cause LeaveCause   `json:"cause"`
	To    OverflowKind `json:"to,omitempty"`
	// Target is the queue, the flow or the number.
	Target string `json:"target,omitempty"`
	Key    string `json:"key,omitempty"` // the exit digit pressed
}

// PlaceResumed: the caller had a place already (a callback, or a line cut off)
// and this call has it now.
type PlaceResumed struct {
	Queue     string    `json:"queue"`
	From      CallID    `json:"from"` // the call that had it
	EnteredAt time.Time `json:"entered_at"`
	// Wish is the callback it stood for; nil if the line had been cut off.
	Wish *Wish `json:"wish,omitempty"`
}

// Wish is a callback asked for in an earlier call of the caller's.
type Wish struct {
	Number    string       `json:"number"` // E.164
	Mode      CallbackMode `json:"mode"`
	AskedAt   time.Time    `json:"asked_at"`
	NotBefore time.Time    `json:"not_before,omitzero"`
	NotAfter  time.Time    `json:"not_after,omitzero"`
}

// Attributed: these attributes of the call became known after it took its place in
// a queue; those known before stand in QueueEntered. They take the place of what was
// told by the same names.
type Attributed struct {
	Attributes map[string]string `json:"attributes"`
}

// Preferred: for a while the call is kept for one agent. Rule is RuleLastAgent,
// RuleTicketOwner or RulePreferred.
type Preferred struct {
	Agent string    `json:"agent"`
	Rule  string    `json:"rule"`
	Until time.Time `json:"until"`
	// Ticket is the one the agent owns, with RuleTicketOwner: its ID as people use it.
	Ticket string `json:"ticket,omitempty"`
}

// Reprioritised: a call in line has another priority. What widening steps and
// ageing add to it is no fact: it follows from the definitions and the time.
type Reprioritised struct {
	Queue    string        `json:"queue"`
	From     int           `json:"from"`
	Priority int           `json:"priority"`
	By       string        `json:"by,omitempty"` // the account that gave it, if one did
	Cause    PriorityCause `json:"cause"`
}

// CallbackAsked: the call gives up the line but not its place.
type CallbackAsked struct {
	Queue  string       `json:"queue"`
	Number string       `json:"number"` // E.164, to be dialled
	Mode   CallbackMode `json:"mode"`
	// By is "key" (the caller asked), "rule" (an overflow did) or "agent" (one
	// promised it: FollowUpAsked).
	By        string    `json:"by"`
	NotBefore time.Time `json:"not_before,omitzero"`
	NotAfter  time.Time `json:"not_after,omitzero"`
	// AskedAt is when, if not now: in an earlier call, and this one, which had its
	// place, was hung up in line.
	AskedAt time.Time `json:"asked_at,omitzero"`
}

// CallbackDialled: the customer's phone is being rung, for the Try-th time.
type CallbackDialled struct {
	Try     int    `json:"try"`
	Number  string `json:"number"`
	Channel string `json:"channel"`
}

// CallbackReached: the customer answered.
type CallbackReached struct {
	Try int `json:"try"`
}

// CallbackMissed: the customer did not answer, or was not to be dialled (DialRefused
// says why). Again is when the next try may
// be made, zero when there is none.
type CallbackMissed struct {
	Try   int       `json:"try"`
	Code  int       `json:"code,omitempty"` // Q.850
	Again time.Time `json:"again,omitzero"`
}

// VoicemailLeft: the caller left a message.
type VoicemailLeft struct {
	Name   string        `json:"name"` // of the recording in Asterisk
	Length time.Duration `json:"length_ns"`
}

// Offered: the call was offered to an agent. Why explains the decision: the
// agent chosen first, then those passed over who were signed in, a dozen at most; More
// is how many others there were.
type Offered struct {
	Offer OfferID       `json:"offer"`
	Agent string        `json:"agent"`
	Queue string        `json:"queue"`
	Ring  time.Duration `json:"ring_ns"` // how long the phone may ring
	Why   []Why         `json:"why,omitempty"`
	More  int           `json:"more,omitempty"`
	// Passed are older or weightier calls this agent could not take.
	Passed []Passed `json:"passed,omitempty"`
	// Callback says that nobody waits on the line: the customer is to be dialled
	// when the agent has answered.
	Callback bool `json:"callback,omitempty"`
}

// Popped: the agent's console has shown the screen pop of an offer.
type Popped struct {
	Offer OfferID `json:"offer"`
	Agent string  `json:"agent"`
}

// Rung: the agent's phone was told to ring.
type Rung struct {
	Offer   OfferID `json:"offer"`
	Agent   string  `json:"agent"`
	Channel string  `json:"channel"`
	// Popped says whether the console had acknowledged the screen pop by then.
	Popped bool `json:"popped"`
}

// OfferEnded: an offer is over.
type OfferEnded struct {
	Offer   OfferID       `json:"offer"`
	Agent   string        `json:"agent"`
	Queue   string        `json:"queue"`
	Outcome OfferOutcome  `json:"outcome"`
	Rang    time.Duration `json:"rang_ns"` // from the offer to its end
	// Reason is why the agent said no: an ID of the definitions' rejections.
	Reason string `json:"reason,omitempty"`
	// Channel is the phone that was answered, if it is not the one of Rung: an agent
	// with a desk phone beside the console is rung on both.
	Channel string `json:"channel,omitempty"`
}

// Connected: caller and agent hear each other.
type Connected struct {
	Offer  OfferID       `json:"offer"`
	Agent  string        `json:"agent"`
	Queue  string        `json:"queue"`
	Waited time.Duration `json:"waited_ns"` // in queue, until the answer
}

// TalkEnded: an agent's part in the call is over.
type TalkEnded struct {
	Agent  string        `json:"agent"`
	Talked time.Duration `json:"talked_ns"`
	By     Party         `json:"by"` // who ended it
}

// Ended: the call is over and nothing of it is left in Asterisk.
type Ended struct {
	Cause EndCause `json:"cause"`
	By    Party    `json:"by"`
	// Code is the Q.850 cause Asterisk gave (ITU-T Q.850; RFC 6432), 0 if none.
	Code int `json:"code,omitempty"`
}

// Reclaimed: a restarted controller took a live call back.
type Reclaimed struct {
	Node  string `json:"node"`
	Where string `json:"where"` // "flow", "queue", "offer" or "talk"
}

// WrappedUp: the agent closed the call, or the wrap-up ran out (then
// Disposition is empty). Each TalkEnded is followed by exactly one.
type WrappedUp struct {
	Agent string `json:"agent"`
	// Offer is the one the agent took the call by, when that is known.
	Offer       OfferID       `json:"offer,omitempty"`
	Disposition string        `json:"disposition,omitempty"`
	Note        string        `json:"note,omitempty"`
	Took        time.Duration `json:"took_ns"`
}

// TicketLinked: a ticket belongs to the call.
type TicketLinked struct {
	System  string `json:"system"`
	Ticket  string `json:"ticket"`
	Subject string `json:"subject,omitempty"`
	URL     string `json:"url,omitempty"`
	Agent   string `json:"agent,omitempty"`
	Created bool   `json:"created,omitempty"` // made during the call, not found
}

// TicketNoted: the call's record stands on the ticket.
type TicketNoted struct {
	System string `json:"system"`
	Ticket string `json:"ticket"`
	Key    string `json:"key"` // the key the note carries there
	// Seq is the ledger sequence of the newest fact the note tells.
	Seq uint64 `json:"seq,omitempty"`
}

// Noted: what an agent has written and ticked on the call so far. It replaces
// what the same agent noted before. It may come long after the end: a browser
// without network keeps notes until it has one.
type Noted struct {
	Agent  string  `json:"agent"`
	Text   string  `json:"text,omitempty"`
	Script string  `json:"script,omitempty"` // the one the checks are of
	Checks []Check `json:"checks,omitempty"`
}

// Check is one box of a script, ticked or not.
type Check struct {
	Step string `json:"step"`
	FR   string `json:"fr,omitempty"` // what it said, in French
	EN   string `json:"en,omitempty"`
	Done bool   `json:"done"`
}

// AgentChanged: an agent's state changed.
type AgentChanged struct {
	Agent  string     `json:"agent"`
	From   AgentState `json:"from"`
	To     AgentState `json:"to"`
	Reason string     `json:"reason,omitempty"` // why not ready
	Cause  string     `json:"cause"`            // what made it change
	Call   CallID     `json:"call,omitempty"`
	// Until is when the state ends by itself (a timed wrap-up), zero if never.
	Until time.Time `json:"until,omitzero"`
	// Limit is when a reason has lasted its longest; the agent stays as they are.
	Limit time.Time `json:"limit,omitzero"`
	// Phone is what the agent's phone is doing, when it is not just there.
	Phone PhoneState `json:"phone,omitempty"`
	// Devices are the two phones of an agent who has a desk phone beside the console.
	Devices Devices `json:"devices,omitzero"`
	// Next is what the agent has chosen to be after the call in hand, NextReason why
	// not ready then.
	Next       AgentState `json:"next,omitempty"`
	NextReason string     `json:"next_reason,omitempty"`
}

// Redefined: from now on the floor goes by these definitions. It is told at every
// start of a controller and at every apply, before anything is decided by them.
type Redefined struct {
	// Revision names the files by their contents; cdr/store has them.
	Revision string        `json:"revision"`
	Cause    RedefineCause `json:"cause"`
}

// Unknown is a story of a kind this version does not know.
type Unknown struct {
	Name Kind
	Raw  json.RawMessage
}

package queue

import (
	"maps"
	"slices"
	"time"

	"linekeeper/cdr"
)

// Effect is one thing the floor wants done. Effects are played in order.
//
// Effects are pointers to memory of the floor's own, used again in the next Step:
// whoever keeps one for longer, or gives it to another goroutine, takes a copy
// (Offer.Clone, AgentChange.Clone and NotOffered.Clone go down to slices and maps; for the others
// dereferencing is enough). So a step allocates nothing.
type Effect interface{ effect() }

// Offer lends an agent to a call. Why explains the decision: the agent chosen
// and by which rule first, then those passed over who are signed in; More is how many
// others there are besides the dozen told.
type Offer struct {
	ID    cdr.OfferID
	Call  cdr.CallID
	Agent string
	Queue string
	Stay  int // Enter.Stay
	Ring  time.Duration
	Why   []cdr.Why
	More  int
	// Passed are calls that stood before this one and that the agent could not
	// take.
	Passed []cdr.Passed
	// On are the phones to be rung, of an agent who has two.
	On Reach
	// Asked: somebody asked for this agent by name (Borrow).
	Asked bool
	// Callback: agent first, the customer is to be dialled once the agent answers.
	// The offer stays open until the customer answers (answered) or does not
	// (not-reached): a Withdraw that comes when the agent has picked up already is
	// passed over.
	Callback bool
}

// Reach says which of an agent's phones are to be rung.
type Reach string

// What is rung. An agent's phone is the console or, without one, the desk phone.
const (
	OnPhone Reach = ""     // the agent's phone
	OnBoth  Reach = "both" // the console and the desk phone beside it
	OnDesk  Reach = "desk" // the desk phone beside the console alone
)

// Unlent answers a Borrow: the agent cannot be had now, and why.
type Unlent struct {
	Call  cdr.CallID
	Agent string
	Stay  int // Borrow.Stay
	Why   Refusal
}

// Placed tells a call its place after Enter (and after Move): what its place
// counts from (an earlier time than it came with if Resumed), its rank, and the
// wait to be expected. It is not told again for a call that only confirms its
// place after a crash.
type Placed struct {
	Call      cdr.CallID
	Queue     string
	Stay      int // Enter.Stay
	EnteredAt time.Time
	Rank      int // 1 is next
	Wait      Wait
	Resumption
}

// Resumption says that the caller had the place already.
type Resumption struct {
	Resumed cdr.CallID // the call that had it; empty if none had
	// Wish is the callback it stood for, as it was asked for, on Number. Its Mode is
	// empty if it stood for none: the line had been cut off.
	Wish   CallbackPlace
	Number string
}

// Wait is how long a call will probably wait, as a range. The zero Wait says
// that it cannot be told honestly.
type Wait struct{ Low, High time.Duration }

// Out says that a call has no place any more, though nobody gave it up: the
// queue did not let it in, sends it on, or another call has its place. To is nil
// when the queue's definition has no word for the cause.
type Out struct {
	Call  cdr.CallID
	Queue string
	Stay  int // Enter.Stay
	Cause cdr.LeaveCause
	To    *Overflow
}

// Announce: the caller is to be told something. It is given only while no phone
// rings for the call.
type Announce struct {
	Call  cdr.CallID
	Queue string
	Stay  int // Enter.Stay
	// Place is the rank to tell, 0 tells none; Wait the wait, zero tells none.
	Place int
	Wait  Wait
	// Prompt is a periodic one; empty is none.
	Prompt string
	// Callback offers to be called back.
	Callback bool
}

// DialBack: customer first, it is the callback's turn: reach the customer now.
// The answer is CallbackReached, CallbackMissed or Leave. It has no Why, for it lends
// nobody: somebody who may take the call is free, that is all its reason. Who gets the
// customer is decided when they are on the line, and that Offer explains it; until
// then Explain says what keeps the call.
type DialBack struct {
	Call  cdr.CallID
	Queue string
	Stay  int // Enter.Stay
	Try   int
}

// Remember has a place that may be resumed saved; Forget has it deleted.
type Remember struct{ Kept KeptPlace }

// Forget is the end of a remembered place.
type Forget struct{ Call cdr.CallID }

// KeptPlace is the place of a caller who was cut off in line.
type KeptPlace struct {
	Call      cdr.CallID `json:"call"` // that had it
	Caller    string     `json:"caller"`
	Number    string     `json:"number,omitempty"` // they had asked to be called back on
	Queue     string     `json:"queue"`
	EnteredAt time.Time  `json:"entered_at"`
	Priority  int        `json:"priority,omitempty"`
	Until     time.Time  `json:"until"`
}

// Withdraw asks the call's actor to end an offer. The actor answers with
// OfferOver, which may say that the phone was picked up first.
type Withdraw struct {
	Offer   cdr.OfferID
	Call    cdr.CallID
	Outcome cdr.OfferOutcome
	Reason  string // of an agent's no, empty if none was given
}

// AgentChange tells a new state of an agent, to be saved and told.
type AgentChange struct {
	Story cdr.AgentChanged
	Saved SavedAgent
}

// WrapUpOver closes an agent's part in a call. Offer is the one the agent took
// the call by; it names the closing, so that one repeated after a crash is known.
// It is empty only for a talk that came back from a crash without its offer
// (Talking.Offer); then Since, when the state it closes began, must do.
type WrapUpOver struct {
	Call  cdr.CallID
	Offer cdr.OfferID
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
	UnknownCall  Refusal = "call is not in line"
	NotThere     Refusal = "call waits for no callback"
	NotFree      Refusal = "agent is not ready"
	TooLate      Refusal = "call is another agent's or not in line any more"
)

func (*Offer) effect()       {}
func (*Unlent) effect()      {}
func (*Placed) effect()      {}
func (*Out) effect()         {}
func (*Announce) effect()    {}
func (*DialBack) effect()    {}
func (*Remember) effect()    {}
func (*Forget) effect()      {}
func (*Withdraw) effect()    {}
func (*AgentChange) effect() {}
func (*WrapUpOver) effect()  {}
func (*Refused) effect()     {}

// SavedAgent is what must outlive the controller about an agent. Definitions
// are not in it.
type SavedAgent struct {
	ID     string         `json:"id"`
	State  cdr.AgentState `json:"state"`
	Reason string         `json:"reason,omitempty"`
	Since  time.Time      `json:"since"`
	// Answered is when the call in hand was answered, until its wrap-up is over.
	Answered time.Time `json:"answered,omitzero"`
	// IdleSince is when the agent last came to be ready, after a call or a break; the
	// longest idle is first.
	IdleSince time.Time   `json:"idle_since"`
	Until     time.Time   `json:"until,omitzero"` // end of a timed wrap-up
	Offer     cdr.OfferID `json:"offer,omitempty"`
	// Taken is the offer by which the call in hand was answered, kept until its
	// wrap-up is over: it names the closing (WrapUpOver).
	Taken cdr.OfferID `json:"taken,omitempty"`
	Call  cdr.CallID  `json:"call,omitempty"`
	Queue string      `json:"queue,omitempty"` // of the call in hand
	// Asked: somebody asked for the agent to get into the call in hand (Borrow). It
	// counts as theirs only if it ends as such (TalkOver).
	Asked   bool           `json:"asked,omitempty"`
	Next    cdr.AgentState `json:"next,omitempty"` // chosen for after the call
	NextWhy string         `json:"next_why,omitempty"`
	// Phone is what the phone does besides our calls.
	Phone cdr.PhoneState `json:"phone,omitempty"`
	// Devices are the two phones of an agent who has two; Phone is what they come to.
	Devices cdr.Devices `json:"devices,omitzero"`
	// Alone is until when the agent is left alone after a miss, Missed how many
	// were missed in a row.
	Alone  time.Time `json:"alone,omitzero"`
	Missed int       `json:"missed,omitempty"`
	// Tally is what the agent did in each queue on Day, for the strategies.
	Day   string           `json:"day,omitempty"` // 2026-03-02, UTC
	Tally map[string]Tally `json:"tally,omitempty"`
	// Number counts the agent's saved states; it names the agent's facts.
	Number uint64 `json:"number"`
}

// Tally is what an agent did in one queue on one day.
type Tally struct {
	Calls  int           `json:"calls"`
	Talked time.Duration `json:"talked_ns"`
}

// Clone is the offer with slices of its own.
func (o *Offer) Clone() Offer {
	c := *o
	c.Why, c.Passed = slices.Clone(o.Why), slices.Clone(o.Passed)
	return c
}

// Clone is the change with a map of its own.
func (c *AgentChange) Clone() AgentChange {
	n := *c
	n.Saved.Tally = maps.Clone(c.Saved.Tally)
	return n
}

// Clone is it with a slice of its own.
func (n *NotOffered) Clone() NotOffered {
	c := *n
	c.Why = slices.Clone(n.Why)
	return c
}

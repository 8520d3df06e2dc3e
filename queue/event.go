package queue

import (
	"time"

	"linekeeper/cdr"
)

// Event is one thing the floor is told.
type Event interface{ event() }

// Enter: a call takes its place. EnteredAt is what its place counts from; it is
// kept over a crash, so an Enter of a known call only confirms it. Offers is the
// number of offers made for it so far, so that offer names go on.
type Enter struct {
	Call      cdr.CallID
	Queue     string
	EnteredAt time.Time
	Priority  int
	Needs     []cdr.Need
	Language  string
	Offers    int
	// Stay numbers the places the call has had, in whatever queues: what the floor
	// says of a place carries its number, so that a call which has left it and taken
	// another meanwhile, in the same queue perhaps, knows that it is not meant. A
	// Move changes no number.
	Stay int
	// Since is when the call came into this queue, or its customer was called back,
	// if that was later than EnteredAt (it came from another queue): the limits and
	// announcements of the queue count from then. Zero is now; after a crash,
	// EnteredAt.
	Since time.Time
	// Caller is the number the caller rings from, E.164; empty if withheld. Who
	// has a place in this queue already (a callback, a line cut off) has it again.
	// Number is the one they have asked to be called back on: they are known again
	// by either. Both are empty of a callback that is not its customer's own.
	Caller string
	Number string `json:",omitempty"`
	// Preferred are agents the call is kept for, for a while.
	Preferred []Preference
	// Callback says that nobody is on the line: the place is a callback's.
	Callback *CallbackPlace
	// Open are the offers that were open when the controller died: the agents stay
	// lent to the call.
	Open []OpenOffer
}

// Preference keeps a call for one agent until a time. Rule is one of cdr's.
type Preference struct {
	Agent string
	Rule  string
	Until time.Time
	// Ticket is the one the agent owns (RuleTicketOwner), for the explanation.
	Ticket string `json:",omitempty"`
}

// CallbackPlace is what makes a place a callback's. After a missed try NotBefore
// is the time of the next one; whoever brings the place back after a crash says so.
type CallbackPlace struct {
	Mode      cdr.CallbackMode
	NotBefore time.Time // zero: at its turn
	NotAfter  time.Time // zero: whenever
	Tries     int       // made so far
	// AskedAt is when the caller asked, which the queue's patience counts from
	// (CallbackRule.Expires). Zero is now; with Enter, EnteredAt.
	AskedAt time.Time
}

// OpenOffer is an offer that outlived a controller.
type OpenOffer struct {
	ID    cdr.OfferID
	Agent string
	Until time.Time // when its ring time is over
}

// Leave: a call gives up its place without an answer. Cutoff says that the line
// went without the caller having chosen anything, so that they may ring back and
// have the place again (Definition.Resume).
type Leave struct {
	Call   cdr.CallID
	Cause  cdr.LeaveCause
	Cutoff bool
}

// Prefer: somebody has found whom a waiting call had better go to. It comes too
// late for an open offer.
type Prefer struct {
	Call cdr.CallID
	Preference
}

// Reprioritise: a supervisor, or a flow, gives a waiting call another priority. By
// is who, for the story alone.
type Reprioritise struct {
	Call     cdr.CallID
	Priority int
	By       string
}

// Move: a supervisor puts a waiting call into another queue; it keeps what its
// place counts from. Open offers are withdrawn first.
type Move struct {
	Call  cdr.CallID
	Queue string
}

// AskCallback: the caller goes, the place stays and goes on ageing. Number is as in
// Enter.
type AskCallback struct {
	Call   cdr.CallID
	Number string
	CallbackPlace
}

// CallbackReached: customer first, the customer is on the line again; the place
// is an ordinary one from now on.
type CallbackReached struct{ Call cdr.CallID }

// CallbackMissed: the customer did not answer. After the last try the place is
// given up (effect Out, cause expired).
type CallbackMissed struct{ Call cdr.CallID }

// PhoneChange: what an agent's phone is doing besides our own calls. PhoneAway
// and PhoneInUse keep offers from the agent; what they chose stays.
type PhoneChange struct {
	Agent string
	// Desk: it is the desk phone of an agent who has one beside the console.
	Desk  bool `json:",omitempty"`
	Phone cdr.PhoneState
}

// Redefine: the site's definitions have changed. Nobody is dropped: agents keep
// their state, calls their places. An agent who is no more and talks goes on
// talking; a queue that is no more sends its calls on (effect Out, cause closed).
type Redefine struct{ Definitions Definitions }

// Handled: a call of the queue took an agent so long, from answer to the end of
// wrap-up, before this controller lived. It feeds the wait to be expected.
type Handled struct {
	Queue string
	Took  time.Duration
}

// Recall puts back a place that may be resumed, as a dead controller saved it.
type Recall struct{ Kept KeptPlace }

// OfferOver: the call's actor says how an offer ended. It may be told twice.
type OfferOver struct {
	Offer   cdr.OfferID
	Outcome cdr.OfferOutcome
}

// Talking: a restarted controller found the agent talking on the call. Offer is
// the one it was answered by, if that is known: it names the part's closing when
// the agent's own state was lost.
type Talking struct {
	Call  cdr.CallID
	Agent string
	Queue string
	Offer cdr.OfferID
}

// TalkOver: the agent's part in the call is over. Advised says that they were only
// asked into somebody else's: no wrap-up follows.
type TalkOver struct {
	Call    cdr.CallID
	Agent   string
	Advised bool `json:",omitempty"`
	// PhoneLost: it is over because the agent's phone went and did not come back. The
	// agent is not ready after it, unless they chose something else.
	PhoneLost bool `json:",omitempty"`
}

// Borrow asks for one agent by name, for a call that somebody has: to be consulted,
// to join, or to take it over. The agent need not be in the queue, nor have its
// skills, but is to be ready, and is offered the call (Offer.Asked) for Ring. The
// other answer is Unlent. The call has no place by this: when the offer is over it
// is not offered to anybody else, and Stay is of no meaning but to be given back.
//
// Queue is the one the call is talked about for; its rules of missed offers and
// wrap-up hold. Offers is as in Enter. Open is the offer that was open when the
// controller died: the agent stays lent.
type Borrow struct {
	Call   cdr.CallID
	Agent  string
	Queue  string
	Offers int
	Stay   int
	Ring   time.Duration
	By     string // who asks, for the explanation
	// Out: the agent asks for themselves, to call out. Not ready, or in wrap-up, will
	// do: a wrap-up is closed by it, and what they were or chose they are afterwards.
	Out  bool `json:",omitempty"`
	Open *OpenOffer
}

// SignIn: the agent is here, not ready yet. It undoes a SignOut that waits for
// the call in hand.
type SignIn struct{ Agent string }

// SignOut: the agent leaves, as soon as no call is in hand.
type SignOut struct{ Agent string }

// MakeReady: the agent wants calls. Refused (SignedOut) when not signed in.
type MakeReady struct{ Agent string }

// MakeNotReady: the agent wants no calls, for a reason. Refused (SignedOut) when
// not signed in.
type MakeNotReady struct{ Agent, Reason string }

// Reject: the agent says no to an offer. Reason is why, an ID of the definitions'
// rejections or empty; it is passed on as it is.
type Reject struct {
	Agent  string
	Offer  cdr.OfferID
	Reason string
}

// WrapUpDone: the agent closes the call. Next is what the agent wants then;
// empty leaves the choice made earlier, else ready.
type WrapUpDone struct {
	Agent       string
	Call        cdr.CallID
	Disposition string
	Note        string
	Next        cdr.AgentState // Ready, NotReady or ""
	Reason      string         // with NotReady
}

// Tick: time has passed; whatever was due at or before now happens.
type Tick struct{}

// Restore puts an agent back as a dead controller saved them (SavedAgent).
type Restore struct{ Agent SavedAgent }

// Reclaiming: a controller has just started. Until Reclaimed nothing is offered,
// or calls that are still to be taken back would be passed over.
type Reclaiming struct{}

// Reclaimed: a restarted controller has taken all its live calls back. Agents
// restored with a call that no live call confirmed are let go.
type Reclaimed struct{}

func (Enter) event()           {}
func (Leave) event()           {}
func (Prefer) event()          {}
func (Reprioritise) event()    {}
func (Move) event()            {}
func (AskCallback) event()     {}
func (CallbackReached) event() {}
func (CallbackMissed) event()  {}
func (PhoneChange) event()     {}
func (Redefine) event()        {}
func (Recall) event()          {}
func (OfferOver) event()       {}
func (Talking) event()         {}
func (TalkOver) event()        {}
func (Borrow) event()          {}
func (SignIn) event()          {}
func (SignOut) event()         {}
func (MakeReady) event()       {}
func (MakeNotReady) event()    {}
func (Reject) event()          {}
func (WrapUpDone) event()      {}
func (Tick) event()            {}
func (Restore) event()         {}
func (Reclaiming) event()      {}
func (Reclaimed) event()       {}

func (Handled) event() {}

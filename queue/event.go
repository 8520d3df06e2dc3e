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
	// Open is the offer that was open when the controller died, if any: the
	// agent stays lent to the call.
	Open *OpenOffer
}

// OpenOffer is an offer that outlived a controller.
type OpenOffer struct {
	ID    cdr.OfferID
	Agent string
	Until time.Time // when its ring time is over
}

// Leave: a call gives up its place without an answer.
type Leave struct{ Call cdr.CallID }

// OfferOver: the call's actor says how an offer ended. It may be told twice.
type OfferOver struct {
	Offer   cdr.OfferID
	Outcome cdr.OfferOutcome
}

// Talking: a restarted controller found the agent talking on the call.
type Talking struct {
	Call  cdr.CallID
	Agent string
	Queue string
}

// TalkOver: the agent's part in the call is over.
type TalkOver struct {
	Call  cdr.CallID
	Agent string
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

// Reject: the agent says no to an offer.
type Reject struct {
	Agent string
	Offer cdr.OfferID
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

func (Enter) event()        {}
func (Leave) event()        {}
func (OfferOver) event()    {}
func (Talking) event()      {}
func (TalkOver) event()     {}
func (SignIn) event()       {}
func (SignOut) event()      {}
func (MakeReady) event()    {}
func (MakeNotReady) event() {}
func (Reject) event()       {}
func (WrapUpDone) event()   {}
func (Tick) event()         {}
func (Restore) event()      {}
func (Reclaiming) event()   {}
func (Reclaimed) event()    {}

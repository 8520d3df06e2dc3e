package call

import (
	"context"
	"errors"
	"fmt"
	"time"

	"linekeeper/cdr"
)

// Act is one thing an agent does with the call in hand, from the console or the
// API. Who may do what, and which numbers may be dialled, is for the asker to know
// (agentdesk): a call only knows whether it can be done.
type Act interface{ act() }

// Hold lets a party hear music: the caller, or the party named. Resume takes them
// back.
type (
	Hold   struct{ Party string }
	Resume struct{ Party string }
)

// SetMute keeps the agent's own voice from the others, or no longer does.
type SetMute struct{ On bool }

// PressKeys presses keys towards the caller.
type PressKeys struct{ Digits string }

// Target is whom or where a call is to go, or who is asked in. A number is E.164.
type Target struct {
	Kind cdr.PartyKind
	To   string
	// Needs are skills asked for besides the queue's, with a transfer to a queue.
	Needs []cdr.Need
	// Priority, if not nil, is the call's in that queue.
	Priority *int
}

// Transfer gives the call on without a word to whoever gets it. The caller keeps
// since when they have waited, and if nobody answers has the place again that they
// had before the agent.
type Transfer struct{ To Target }

// Invite asks an agent or a number into the call. With Consult the caller is put
// on hold first, and talks to the agent alone are possible; else all hear each
// other. A call has at most six parties, its caller and agent among them.
type Invite struct {
	To      Target
	Consult bool
}

// Swap puts on hold who talks to the agent and takes back who was on hold.
type Swap struct{}

// Merge brings all parties together.
type Merge struct{}

// Complete gives the call to the party consulted, and lets the agent go.
type Complete struct{ Party string }

// Drop hangs a party up.
type Drop struct{ Party string }

// Support tells that the agent used a remote-support tool's link; SupportRead also
// reads the code out to the caller and the agent: digits alone.
type Support struct {
	Tool, Code string
	How        cdr.SupportHow
}

func (Support) act()   {}
func (Hold) act()      {}
func (Resume) act()    {}
func (SetMute) act()   {}
func (PressKeys) act() {}
func (Transfer) act()  {}
func (Invite) act()    {}
func (Swap) act()      {}
func (Merge) act()     {}
func (Complete) act()  {}
func (Drop) act()      {}

// Why an act is not done.
var (
	// ErrNotTheirs says that the agent is not talking on that call.
	ErrNotTheirs = errors.New("the agent is not talking on this call")
	// ErrNoParty says that there is no such party in the call (any more).
	ErrNoParty = errors.New("no such party in the call")
	// ErrTooMany says that the call has its most parties.
	ErrTooMany = errors.New("the call has its most parties")
	// ErrNobody says that the agent asked for is not ready, or is no agent.
	ErrNobody = errors.New("the agent asked for is not ready")
	// ErrNowhere says that there is no such queue, flow or way outside.
	ErrNowhere = errors.New("there is no such queue, flow or number")
	// ErrNotNow says that the call is not in a state for it: nobody is on hold,
	// somebody is being rung already.
	ErrNotNow = errors.New("not possible at this moment")
	// ErrStopped says that this controller takes nothing on any more.
	ErrStopped = errors.New("the controller is stopping")
)

// mostParties bounds a conference, caller and agent among them.
const mostParties = 6

// inviteRing is how long who is asked into a call is rung.
const inviteRing = 30 * time.Second

// acted is an act asked for; reply hears what came of it, once it is saved.
type acted struct {
	agent string
	act   Act
	reply chan<- error
}

func (acted) event() {}

// Act does one act of an agent's. It returns once that is decided and saved (for an
// agent asked for by name: once it is known whether they can be had), with one of
// the errors above, or ErrNotTheirs for a call that is no more.
func (c *Calls) Act(ctx context.Context, call cdr.CallID, agent string, act Act) error {
	reply := make(chan error, 1)
	if !c.tell(call, acted{agent: agent, act: act, reply: reply}) {
		return ErrNotTheirs
	}
	select {
	case err := <-reply:
		return err
	case <-ctx.Done():
		return fmt.Errorf("%T in call %s: %w", act, call, ctx.Err())
	}
}

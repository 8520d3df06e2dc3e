package call

import (
	"context"
	"fmt"
	"time"

	"linekeeper/cdr"
)

// Out is a call an agent makes on behalf of a queue. It is the call's until the
// number has been reached; then it is a call like any other.
type Out struct {
	Agent  string `json:"agent"`
	Queue  string `json:"queue"`
	Number string `json:"number"` // E.164
	// Offer is the agent's, and Leg their phone's, once the floor has lent them.
	Offer cdr.OfferID `json:"offer,omitempty"`
	Leg   ChannelID   `json:"leg,omitempty"`
	// Up: the agent's phone was answered, at Since, and To is the leg that rings at
	// the number.
	Up      bool      `json:"up,omitempty"`
	Since   time.Time `json:"since,omitzero"`
	To      ChannelID `json:"to,omitempty"`
	Reached bool      `json:"reached,omitempty"`
}

// dialsOut says that the call is being made and its number not reached yet.
func (s *State) dialsOut() bool { return s.Out != nil && !s.Out.Reached }

// dialRing is how long the phone rings of an agent who calls out.
const dialRing = 30 * time.Second

// dialAsked begins a call of an agent's. reply hears once they are lent to it.
type dialAsked struct {
	agent, queue, number string
	reply                chan<- error
}

func (dialAsked) event() {}

// Dial makes a call of an agent's to a number (E.164, allowed to be dialled), on
// behalf of a queue. It returns once the agent is lent to it and that is saved, with
// ErrNobody when they are not free or their phone is not there, ErrNowhere when
// there is no such queue.
func (c *Calls) Dial(ctx context.Context, agent, queue, number string) (cdr.CallID, error) {
	reply := make(chan error, 1)
	a := newActor(c, State{Call: c.deps.NewID(), Node: c.nodeOf(""), Gone: true})
	a.box.Put(dialAsked{agent: agent, queue: queue, number: number, reply: reply})
	c.launch(a)
	select {
	case err := <-reply:
		return a.id, err
	case <-ctx.Done():
		c.HangUp(a.id)
		return "", fmt.Errorf("call %s for %s: %w", number, agent, ctx.Err())
	}
}

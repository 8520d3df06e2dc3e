package call

import (
	"context"
	"fmt"
	"time"

	"linekeeper/cdr"
)

// FollowUp is a call an agent promises a customer.
type FollowUp struct {
	Of     cdr.CallID // the call it is promised in, live or over
	Agent  string
	Queue  string
	Number string // E.164, allowed to be dialled
	Name   string
	// Contact is the customer, if they are known.
	Contact  *cdr.Contact
	Language string
	At       time.Time // not before
	Until    time.Time // not after; zero: whenever
	Note     string
	// Mine keeps it for Agent for mineFor from At on.
	Mine bool
}

// mineFor is how long a call is kept for who promised it.
const mineFor = 15 * time.Minute

// followUpAsked begins the call of a promise. reply hears once it is saved.
type followUpAsked struct {
	FollowUp
	reply chan<- error
}

func (followUpAsked) event() {}

// FollowUp makes the call a promise asks for and returns its name once it is saved:
// a callback's place in the queue, agent first, at its time. ErrNowhere when there is
// no such queue.
func (c *Calls) FollowUp(ctx context.Context, f FollowUp) (cdr.CallID, error) {
	reply := make(chan error, 1)
	a := newActor(c, State{Call: c.deps.NewID(), Node: c.nodeOf(f.Of), Gone: true})
	a.box.Put(followUpAsked{FollowUp: f, reply: reply})
	c.launch(a)
	select {
	case err := <-reply:
		return a.id, err
	case <-ctx.Done():
		return "", fmt.Errorf("follow up call %s: %w", f.Of, ctx.Err())
	}
}

// nodeOf is the node of a call, the first one's if it is no more.
func (c *Calls) nodeOf(call cdr.CallID) string {
	if a := c.find(call); a != nil {
		return a.node
	}
	if len(c.deps.Nodes) > 0 {
		return c.deps.Nodes[0]
	}
	return ""
}

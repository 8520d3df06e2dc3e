package call

import (
	"context"
	"fmt"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// What the floor and the desk tell calls. None of it blocks but CancelCallback.

// Offer gives an offer of the floor to its call. An offer for a call that is no
// more goes straight back.
func (c *Calls) Offer(o queue.Offer) {
	await := c.deps.Consoles != nil && c.deps.Consoles.Open(o.Agent)
	if !c.tell(o.Call, offerMade{Offer: o, awaitPop: await}) {
		c.deps.Floor.Tell(queue.OfferOver{Offer: o.ID, Outcome: cdr.OfferCallerGone})
	}
}

// Withdraw asks a call to end an offer.
func (c *Calls) Withdraw(w queue.Withdraw) {
	if !c.tell(w.Call, offerWithdrawn{w}) {
		c.deps.Floor.Tell(queue.OfferOver{Offer: w.Offer, Outcome: cdr.OfferCallerGone})
	}
}

// Placed tells a call its place. A call that is no more has said so itself.
func (c *Calls) Placed(p queue.Placed) { c.tell(p.Call, placed{p}) }

// Reprioritised tells a call that its place has another priority.
func (c *Calls) Reprioritised(r queue.Reprioritised) { c.tell(r.Call, reprioritised{r}) }

// Out tells a call that it has no place any more.
func (c *Calls) Out(o queue.Out) { c.tell(o.Call, sentOut{o}) }

// Announce has a caller in line told something.
func (c *Calls) Announce(a queue.Announce) { c.tell(a.Call, toldToSay{a}) }

// DialBack has a callback's customer reached now. A call that is no more has no
// place any more.
func (c *Calls) DialBack(d queue.DialBack) {
	if !c.tell(d.Call, dialBack{d}) {
		c.deps.Floor.Tell(queue.Leave{Call: d.Call, Cause: cdr.LeftLost})
	}
}

// Unlent tells a call that an agent it asked for cannot be had.
func (c *Calls) Unlent(u queue.Unlent) { c.tell(u.Call, unlent{u}) }

// Popped says that an agent's console shows the screen pop of an offer.
func (c *Calls) Popped(agent string, offer cdr.OfferID) {
	if id, ok := CallOf(LegID(offer)); ok {
		c.tell(id, popShown{agent: agent, offer: offer})
	}
}

// HangUp ends a call from the desk. A call that is no more is over already.
func (c *Calls) HangUp(call cdr.CallID) { c.tell(call, hangUpAsked{}) }

// CancelCallback gives up a callback for somebody: the caller, or a supervisor
// (cdr.ByAgent). It returns once that is saved, with ErrNoCallback if the call
// waits for none or its customer has been reached.
func (c *Calls) CancelCallback(ctx context.Context, call cdr.CallID, by cdr.Party) error {
	reply := make(chan error, 1)
	if !c.tell(call, cancelAsked{by: by, reply: reply}) {
		return ErrNoCallback
	}
	select {
	case err := <-reply:
		return err
	case <-ctx.Done():
		return fmt.Errorf("cancel the callback of %s: %w", call, ctx.Err())
	}
}

// tell gives a call an event and says whether there is such a call.
func (c *Calls) tell(call cdr.CallID, ev event) bool {
	a := c.find(call)
	return a != nil && a.box.Put(ev)
}

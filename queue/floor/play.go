package floor

import (
	"fmt"
	"runtime"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// follow follows one event, plays what comes of it, and says whether it was
// refused.
func (f *Floor) follow(ev queue.Event) (refused queue.Refusal) {
	now := time.Now()
	if ev, is := ev.(queue.Redefine); is {
		f.keeper.redefined(now, ev.Definitions.Revision, cdr.RedefinedByApply)
	}
	effects := f.core.Step(now, ev)
	f.tellCalls(effects)
	for _, e := range effects {
		switch e := e.(type) {
		case *queue.AgentChange:
			f.keeper.agent(now, e.Clone())
		case *queue.WrapUpOver:
			f.keeper.wrapUp(now, *e)
		case *queue.NotOffered:
			f.keeper.notOffered(now, e.Clone())
		case *queue.Remember:
			f.keeper.remember(e.Kept)
		case *queue.Forget:
			f.keeper.forget(e.Call)
		case *queue.Refused:
			refused = e.Reason
			f.log.Warn("floor refused", "event", fmt.Sprintf("%T", ev), "detail", detail(ev), "reason", e.Reason)
		}
	}
	return refused
}

// tellCalls passes on what calls are to do before anything is kept of it: the phone
// that is to ring does not wait for the ledger. On one core it would: a goroutine that
// wakes others runs on, and then whoever it woke last; so the floor stands back.
func (f *Floor) tellCalls(effects []queue.Effect) {
	offers := false
	for _, e := range effects {
		_, offer := e.(*queue.Offer)
		offers = offers || offer
		f.tellCall(e)
	}
	if offers {
		runtime.Gosched()
	}
}

// tellCall passes an effect on to its call. An effect, and what lies behind its
// slices and pointers, is the core's own until its next step; the call reads it
// later, so it is given copies.
func (f *Floor) tellCall(e queue.Effect) {
	switch e := e.(type) {
	case *queue.Offer:
		f.calls.Offer(e.Clone())
	case *queue.Withdraw:
		f.calls.Withdraw(*e)
	case *queue.Placed:
		f.calls.Placed(*e)
	case *queue.Reprioritised:
		f.calls.Reprioritised(*e)
	case *queue.Out:
		o := *e
		if o.To != nil {
			to := *o.To
			o.To = &to
		}
		f.calls.Out(o)
	case *queue.Announce:
		f.calls.Announce(*e)
	case *queue.DialBack:
		f.calls.DialBack(*e)
	case *queue.Unlent:
		f.calls.Unlent(*e)
	}
}

// detail is an event as the log tells it.
func detail(ev queue.Event) any {
	switch ev := ev.(type) {
	case queue.Redefine:
		return fmt.Sprintf("%d queues, %d agents", len(ev.Definitions.Queues), len(ev.Definitions.Agents))
	case queue.Restore:
		return ev.Agent.ID
	case queue.WrapUpDone: // what the agent wrote is nobody's business here
		return ev.Agent + " on " + string(ev.Call)
	default:
		return ev
	}
}

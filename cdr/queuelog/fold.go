package queuelog

import (
	"slices"
	"time"

	"linekeeper/cdr"
)

// patience is how long a line is held back for what it still lacks, by the
// times of the facts.
const patience = 2 * time.Second

// slack is how far back in time a fact may lie and still be taken for one out of
// order; further, and the clock was set.
const slack = 60 // seconds

// AgentNames is how lines name agents.
type AgentNames string

// The ways to name agents.
const (
	InterfacesOfAgents AgentNames = "interface" // PJSIP/alice
	NamesOfAgents      AgentNames = "name"      // Alice Moreau
)

// Style is what a site may choose about its lines.
type Style struct {
	Agents AgentNames // empty is InterfacesOfAgents
	// CallerNames adds the caller's name to ENTERQUEUE, as app_queue does with
	// log-caller-id-name.
	CallerNames bool
}

// fold makes lines of facts. It is pure: the same facts give the same lines.
type fold struct {
	style Style
	*state
	out []byte // lines not taken yet
}

func newFold(style Style, s *state) *fold { return &fold{style: style, state: s} }

// take gives the lines written since it was last asked. They are good until the
// next fact.
func (f *fold) take() []byte {
	out := f.out
	f.out = f.out[:0]
	return out
}

// apply folds the next fact. Facts at or below the newest one change nothing.
func (f *fold) apply(fact cdr.Fact) {
	if fact.Seq <= f.Seq {
		return
	}
	if f.Seq == 0 {
		f.write(fact.At, line{event: queueStart})
	}
	f.Seq = fact.Seq
	f.releaseLate(fact.At)
	switch s := fact.Story.(type) {
	case cdr.AgentChanged:
		f.agentChanged(fact.At, s)
	case cdr.Arrived:
		f.Calls[fact.Call] = &caller{Unique: s.Channel, Number: s.Caller.Number, Name: s.Caller.Name}
	case cdr.Dialled:
		f.Calls[fact.Call] = &caller{Number: s.Number, Dialled: s.Channel}
	case cdr.FollowUpAsked:
		f.Calls[fact.Call] = &caller{Number: s.Number, Name: s.Name}
	default:
		f.ofCall(fact)
	}
}

// ofCall folds a fact of a call that has begun.
func (f *fold) ofCall(fact cdr.Fact) {
	switch c := f.Calls[fact.Call]; {
	case c == nil: // over, or begun before the oldest fact kept
	case c.Unique == "":
		f.callOut(fact, c)
	default:
		f.callFact(fact, c)
	}
}

// callFact folds a fact of a call.
func (f *fold) callFact(fact cdr.Fact, c *caller) {
	switch s := fact.Story.(type) {
	case cdr.QueueEntered:
		f.entered(fact, c, s)
	case cdr.WaitEstimated:
		f.placed(fact.Call, c, s)
	case cdr.Reprioritised:
		f.reprioritised(fact.Call, c, s)
	case cdr.QueueLeft:
		f.left(fact, c, s)
	case cdr.Overflowed:
		f.overflowed(fact.Call, c, s)
	case cdr.CallbackAsked:
		f.callbackAsked(fact, c, s)
	case cdr.CallbackDialled:
		c.Dialled = s.Channel
		c.picked(fact.At)
	case cdr.CallbackMissed:
		c.Dialled = ""
	case cdr.CallbackReached:
		f.callbackReached(fact, c)
	case cdr.Offered, cdr.Reclaimed:
		f.release(fact.Call)
	case cdr.Rung:
		c.rung(fact.At, s)
	case cdr.OfferEnded:
		f.offerEnded(fact, c, s)
	case cdr.Connected:
		f.connected(fact, c, s)
	case cdr.Transferred:
		f.transferred(fact, c, s)
	case cdr.TalkEnded:
		f.talkEnded(fact.At, c, s)
	case cdr.Ended:
		f.ended(fact, c, s)
	default:
		c.partyFact(fact)
	}
}

// write adds a line with the time of a fact and gives its epoch.
func (f *fold) write(at time.Time, l line) int64 {
	epoch := at.Unix()
	if epoch < f.Epoch && f.Epoch-epoch <= slack {
		epoch = f.Epoch
	}
	f.Epoch, l.epoch = epoch, epoch
	f.out = l.appendTo(f.out)
	return epoch
}

// now is the epoch a line written at would have.
func (f *fold) now(at time.Time) int64 {
	if epoch := at.Unix(); epoch >= f.Epoch || f.Epoch-epoch > slack {
		return epoch
	}
	return f.Epoch
}

// hold keeps a call's line back.
func (f *fold) hold(id cdr.CallID) { f.Waiting = append(f.Waiting, id) }

// release writes what is held back of a call.
func (f *fold) release(id cdr.CallID) {
	i := slices.Index(f.Waiting, id)
	if i < 0 {
		return
	}
	f.Waiting = slices.Delete(f.Waiting, i, i+1)
	c := f.Calls[id]
	if e := c.Exit; e != nil {
		f.writeExit(c, e)
	}
	if v := c.Visit; v != nil && v.Held {
		f.writeEnter(c)
	}
}

// releaseLate writes what has been held back for long enough.
func (f *fold) releaseLate(now time.Time) {
	for len(f.Waiting) > 0 {
		c := f.Calls[f.Waiting[0]]
		since := int64(0)
		switch {
		case c.Exit != nil:
			since = c.Exit.At
		case c.Visit != nil:
			since = c.Visit.Asked
		}
		if now.UnixNano()-since < int64(patience) {
			return
		}
		f.release(f.Waiting[0])
	}
}

// ended closes what the story left open and forgets the call.
func (f *fold) ended(fact cdr.Fact, c *caller, s cdr.Ended) {
	f.release(fact.Call)
	if v := c.Visit; v != nil {
		f.left(fact, c, cdr.QueueLeft{Queue: v.Queue, Cause: cdr.LeftAbandoned})
	}
	f.release(fact.Call)
	for len(c.Talks) > 0 {
		f.talkEnded(fact.At, c, cdr.TalkEnded{Agent: c.Talks[0].Agent, By: s.By})
	}
	delete(f.Calls, fact.Call)
}

package queuelog

import (
	"time"

	"linekeeper/cdr"
)

// ring is the offer's part in the call, made when it is not there.
func (c *caller) ring(id cdr.OfferID) *ring {
	if c.Rings == nil {
		c.Rings = map[cdr.OfferID]*ring{}
	}
	if c.Rings[id] == nil {
		c.Rings[id] = &ring{}
	}
	return c.Rings[id]
}

// rung: a phone rings for the call. Whoever rings while it is in no line was asked in
// by an agent.
func (c *caller) rung(at time.Time, s cdr.Rung) {
	if c.Visit != nil {
		*c.ring(s.Offer) = ring{Channel: s.Channel, Rung: at.UnixNano()}
	}
}

// picked: agent first, the agent has answered and the customer's phone rings from
// now on; the agent's does not any more.
func (c *caller) picked(at time.Time) {
	for _, r := range c.Rings {
		if r.Answered == 0 {
			r.Answered = at.UnixNano()
		}
	}
}

// offerEnded writes what became of a phone that rang.
func (f *fold) offerEnded(fact cdr.Fact, c *caller, s cdr.OfferEnded) {
	r := c.Rings[s.Offer]
	if r == nil || r.Rung == 0 {
		delete(c.Rings, s.Offer)
		return // it never rang, or not for the queue
	}
	if s.Outcome == cdr.OfferAnswered {
		if r.Answered == 0 {
			r.Answered = fact.At.UnixNano()
		}
		if s.Channel != "" {
			r.Channel = s.Channel
		}
		return // CONNECT tells it
	}
	delete(c.Rings, s.Offer)
	rang := max(fact.At.UnixNano()-r.Rung, 0)
	l := line{callid: c.Unique, queue: s.Queue, agent: f.agentField(s.Agent), event: ringNoAnswer}
	switch s.Outcome {
	case cdr.OfferRingNoAns:
		l.data = []string{number(rang / int64(time.Millisecond))}
	case cdr.OfferRejected, cdr.OfferUnreachable: // app_queue counts these in whole seconds
		l.data = []string{number((fact.At.Unix() - time.Unix(0, r.Rung).Unix()) * 1000)}
	case cdr.OfferCallerGone, cdr.OfferWithdrawn, cdr.OfferLost:
		l.event, l.data = ringCancelled, []string{number(rang / int64(time.Millisecond))}
	default: // answered elsewhere, or the customer of a callback not reached
		return
	}
	f.write(fact.At, l)
}

// connected writes CONNECT: hold, the agent's channel, how long it rang.
func (f *fold) connected(fact cdr.Fact, c *caller, s cdr.Connected) {
	f.release(fact.Call)
	if c.Callback { // reached, or nobody would be connected
		f.callbackReached(fact, c)
	}
	v := c.Visit
	if v == nil || v.Queue != s.Queue {
		return // not out of a line: the call was given to this agent by another
	}
	f.leaveLine(fact.Call, v)
	c.Visit = nil
	t := talk{Agent: s.Agent, Queue: s.Queue, Since: f.now(fact.At), Orig: v.Orig}
	t.Hold = max(t.Since-v.Entered, 0)
	channel, rang := "", int64(0)
	if r := c.Rings[s.Offer]; r != nil {
		channel = r.Channel
		answered := r.Answered
		if answered == 0 {
			answered = fact.At.UnixNano()
		}
		rang = max(answered-r.Rung, 0) / int64(time.Second)
		delete(c.Rings, s.Offer)
	}
	c.Talks = append(c.Talks, t)
	f.write(fact.At, line{
		callid: c.Unique, queue: s.Queue, agent: f.agentField(s.Agent), event: connect,
		data: []string{number(t.Hold), channel, number(rang)},
	})
}

// talkEnded writes COMPLETECALLER or COMPLETEAGENT: hold, talk, original
// position.
func (f *fold) talkEnded(at time.Time, c *caller, s cdr.TalkEnded) {
	t, ok := c.takeTalk(s.Agent)
	if !ok {
		return // it was given on, or none of a queue's
	}
	l := line{
		callid: c.Unique, queue: t.Queue, agent: f.agentField(t.Agent), event: completeAgent, data: t.lasted(f.now(at)),
	}
	if s.By == cdr.ByCaller {
		l.event = completeCaller
	}
	f.write(at, l)
}

package call

import (
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

// maxHops is how often queues may send one call on. Rings of queues are refused
// when definitions are applied; two applied one after the other may make one.
const maxHops = 10

// goOn leads a call on that has left a queue: to where the queue's definition
// says, or, if it has no word for the cause, to where the flow goes on.
func (s *step) goOn(line Line, cause cdr.LeaveCause, to *queue.Overflow, key string) {
	if s.Hops++; s.Hops > maxHops {
		to = nil
	}
	if to == nil {
		to = &queue.Overflow{}
	}
	flow := s.rules.Flows[to.Flow]
	if to.Kind == cdr.ToFlow && flow == nil || to.Kind == cdr.ToQueue && !s.rules.has(to.Queue) {
		to = &queue.Overflow{}
	}
	if to.Kind != cdr.ToCallback { // the caller may decline: then it is told where else the call goes
		s.tell(cdr.Overflowed{Queue: line.Queue, Cause: cause, To: to.Kind, Target: to.Queue + to.Flow + to.Number, Key: key})
	}
	switch to.Kind {
	case cdr.ToQueue:
		line.Queue, line.Music = to.Queue, ""
		s.takePlace(line)
	case cdr.ToFlow:
		s.goInto(flow)
	case cdr.ToVoicemail:
		s.takeMessage(Message{}, nil)
	case cdr.ToCallback:
		s.ask(Dialogue{Queue: line.Queue, By: byRule, Place: &line, Cause: cause})
	case cdr.ToNumber:
		s.sendOutside(to.Number, cause)
	case cdr.ToBusy:
		s.end(cdr.EndFlow, cdr.BySystem, Busy)
	default:
		s.afterQueue(line, cause)
	}
}

// afterQueue gives the call back to its flow. If nothing follows there, the
// caller is told why before the line is closed.
func (s *step) afterQueue(line Line, cause cdr.LeaveCause) {
	if cause == cdr.LeftClosed && s.leadAnew(line) {
		return
	}
	effects, over := s.backToFlow(cause)
	if over {
		s.say(farewell(cause), ThenHangUp)
		return
	}
	s.play(effects)
}

// leadAnew leads the call from its number's present flow, when its queue is no
// more: it keeps since when it has waited.
func (s *step) leadAnew(line Line) bool {
	flow := s.rules.Flows[s.rules.Routes[s.Number].Flow]
	if flow == nil || s.Hops > maxHops {
		return false
	}
	s.Kept = line.EnteredAt
	s.goInto(flow)
	return true
}

// farewell is what a caller hears who is not served.
func farewell(cause cdr.LeaveCause) []string {
	switch cause {
	case cdr.LeftFull:
		return []string{"queue-full", "goodbye"}
	case cdr.LeftClosed:
		return []string{"queue-closed", "goodbye"}
	case cdr.LeftJoinEmpty, cdr.LeftEmpty, cdr.LeftMaxWait:
		return []string{"apology"}
	default:
		return []string{"goodbye"}
	}
}

// outsideTimer bounds how long a number outside is rung.
const outsideTimer = "outside"

// outsideRing is how long the number a call is sent on to may ring.
const outsideRing = 45 * time.Second

// sendOutside has the call taken by a number outside.
func (s *step) sendOutside(number string, cause cdr.LeaveCause) {
	s.pickUp()
	leg := s.createOutside(number, s.shownCaller())
	s.Outside = &Outside{Number: number, Leg: leg, Cause: cause}
	s.do(StartRinging{Channel: s.Channel})
	s.setTimer(outsideTimer, outsideRing+ringNet)
}

// createOutside makes a leg towards a number outside, and the bridge for it.
func (s *step) createOutside(number string, from cdr.Caller) ChannelID {
	s.Dialled++
	leg := OutsideLegID(s.Call, s.Dialled)
	s.needBridge()
	s.Legs = append(s.Legs, Leg{Channel: leg, Since: s.now})
	s.do(CreateOutsideLeg{Call: s.Call, Channel: leg, Number: number, From: from, Originator: s.originator()})
	return leg
}

// isOutside says whether a leg is the one being dialled outside.
func (s *step) isOutside(ch ChannelID) bool {
	p := s.partyOf(ch)
	return p != nil && p.As == cdr.PartyNumber || s.Outside != nil && s.Outside.Leg == ch ||
		s.Callback != nil && s.Callback.Leg == ch && ch != "" || s.dialsOut() && s.Out.To == ch && ch != ""
}

// dialOutside rings a leg towards outside that is ready.
func (s *step) dialOutside(ch ChannelID) {
	ring := outsideRing
	if s.partyOf(ch) != nil {
		ring = inviteRing
	}
	if s.Callback != nil && s.Callback.Leg == ch {
		ring = s.callbackRule().Ring
	}
	s.do(DialLeg{Channel: ch, Caller: s.originator(), Timeout: ring})
}

// outsideAnswered follows a number outside that was picked up.
func (s *step) outsideAnswered(ch ChannelID) {
	if p := s.partyOf(ch); p != nil {
		s.partyAnswered(p)
		return
	}
	s.cancelTimer(outsideTimer)
	if s.dialsOut() {
		s.outReached(ch)
		return
	}
	if s.Callback != nil && s.Callback.Leg == ch {
		s.customerAnswered(ch)
		return
	}
	if s.Outside.Up {
		return
	}
	s.Outside.Up = true
	s.do(StopRinging{Channel: s.Channel}, Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{ch, s.Channel}})
}

// outsideGone follows the end of a leg towards outside.
func (s *step) outsideGone(ev Gone) {
	if p := s.partyOf(ev.Channel); p != nil {
		s.partyGone(p, ev)
		return
	}
	if s.dialsOut() {
		s.notReached(cdr.BySystem, ev.Code)
		return
	}
	if s.Callback != nil && s.Callback.Leg == ev.Channel {
		s.customerMissed(ev.Code)
		return
	}
	o := s.Outside
	s.Outside = nil
	s.cancelTimer(outsideTimer)
	if o.Up {
		s.endWith(Ending{Cause: ev.Cause, By: cdr.BySystem, Code: ev.Code}, Normal)
		return
	}
	s.do(StopRinging{Channel: s.Channel})
	if o.Back != nil {
		s.backInLine(*o.Back)
		return
	}
	s.afterQueue(Line{}, o.Cause)
}

// outsideLate: a number outside was rung for as long as may be, and Asterisk did
// not end it.
func (s *step) outsideLate() {
	switch {
	case s.dialsOut() && s.Out.To != "":
		s.notReached(cdr.BySystem, codeNoAnswer)
	case s.Callback != nil && s.Callback.Leg != "":
		s.customerMissed(codeNoAnswer)
	case s.Outside != nil && !s.Outside.Up:
		s.hangUpLeg(s.Outside.Leg, NoAnswer)
		s.outsideGone(Gone{Channel: s.Outside.Leg, Code: codeNoAnswer, Cause: cdr.EndHangup})
	}
}

// goBack ends what was done aside for the flow.
func (s *step) goBack() { s.playFlow(ivr.Back{}) }

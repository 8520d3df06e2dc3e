package call

import (
	"errors"
	"slices"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// ErrNoCallback says that a call waits for no callback, or no more.
var ErrNoCallback = errors.New("the call waits for no callback")

// callback is the queue's rule, made whole where it says nothing: a flow may ask
// for a callback in a queue that offers none itself.
func (r *Rules) callback(name string) queue.CallbackRule {
	var rule queue.CallbackRule
	if given := r.Queues[name].Callback; given != nil {
		rule = *given
	}
	if rule.Mode == "" {
		rule.Mode = cdr.AgentFirst
	}
	if rule.Ring <= 0 {
		rule.Ring = 30 * time.Second
	}
	rule.Tries = max(rule.Tries, 1)
	if rule.RetryAfter <= 0 {
		rule.RetryAfter = time.Minute
	}
	return rule
}

// callbackRule is the rule of the queue the call is in.
func (s *step) callbackRule() queue.CallbackRule {
	if s.Line == nil {
		return s.rules.callback("")
	}
	return s.rules.callback(s.Line.Queue)
}

// ActCallback is what a number is wanted for that a caller wants to be called back on, as
// in cdr.DialRefused.
const ActCallback = "callback"

// mayCallBack reads a number the caller wants to be called back on, and says whether the
// site's rules let it be dialled now. A no is told.
func (s *step) mayCallBack(number string) (e164 string, ok bool) {
	if s.rules.MayCallBack == nil {
		return "", false
	}
	e164, no := s.rules.MayCallBack(s.Call, number)
	if no != nil && !no.Quiet {
		s.tell(cdr.DialRefused{Number: no.Number, Why: string(no.Why), Act: ActCallback})
	}
	return e164, no == nil
}

// callCustomer: agent first, the agent has answered; now the customer is rung,
// and the agent hears it.
func (s *step) callCustomer(o *Offer) {
	o.Picked = true
	for _, other := range slices.Clone(s.Open) {
		if !other.Picked {
			s.endOffer(&other, cdr.OfferElsewhere)
		}
	}
	o = s.picked()
	s.do(StartRinging{Channel: o.Leg})
	if s.Callback.Leg != "" {
		return // the queue's rule was customer first until just now: their phone rings
	}
	s.dialCustomer(s.Callback.Tries + 1)
}

// dialBack: customer first, it is the customer's turn. One who is still being told
// good-bye is rung once they have hung up: nobody expects to be served then.
func (s *step) dialBack(ev queue.DialBack) {
	c := s.Callback
	switch {
	case !s.isOf(ev.Stay):
		// The place it is the turn of has been given up, and the floor told so.
	case c != nil && c.Leg != "":
		// The customer's phone rings already.
	case c == nil || c.Reached:
		s.tellFloor(queue.CallbackReached{Call: s.Call})
	case !s.Gone:
		c.Due = ev.Try
	default:
		s.dialCustomer(ev.Try)
	}
}

// hungUpForNow: the caller who is to be called back has gone; the place stays.
func (s *step) hungUpForNow() {
	c := s.Callback
	s.Gone, c.Leaving, s.Saying = true, true, nil
	s.out.lineGone = true
	if due := c.Due; due > 0 && c.Leg == "" {
		c.Due = 0
		s.dialCustomer(due)
	}
}

// dialCustomer rings the customer's phone. It shows the number they had dialled. The
// site's rules may have changed since the number was asked for: one that they refuse
// now is not dialled, and the customer was not reached. What an agent promised was
// theirs to have dialled, by the rule of their own role.
func (s *step) dialCustomer(try int) {
	c := s.Callback
	c.Tries = try
	if !c.Promised {
		if _, may := s.mayCallBack(c.Number); !may {
			s.customerMissed(0)
			return
		}
	}
	c.Leg = s.createOutside(c.Number, cdr.Caller{Number: s.Number})
	s.tell(cdr.CallbackDialled{Try: try, Number: c.Number, Channel: string(c.Leg)})
	s.setTimer(outsideTimer, s.callbackRule().Ring+ringNet)
}

// reached tells that the customer is on the line again.
func (s *step) reached() {
	s.Callback.Reached = true
	s.tell(cdr.CallbackReached{Try: s.Callback.Tries})
}

// customerAnswered: the customer's channel is the caller's from now on.
func (s *step) customerAnswered(ch ChannelID) {
	s.becomeLine(ch)
	s.reached()
	if o := s.picked(); o != nil {
		s.do(StopRinging{Channel: o.Leg})
		s.connect(o)
		return
	}
	s.Line.Since = s.now
	s.tellTry(queue.CallbackReached{Call: s.Call})
	s.say([]string{"callback-connecting"}, ThenMusic)
}

// tellTry tells the floor how a try went. One that does not know of the try is
// told the place anew.
func (s *step) tellTry(ev queue.Event) {
	if !s.Callback.Retaken {
		s.tellFloor(ev)
		return
	}
	s.Callback.Retaken = false
	s.tellFloor(queue.Leave{Call: s.Call, Cause: cdr.LeftMoved})
	s.numberPlace()
	s.tellFloor(s.enterEvent())
}

// becomeLine makes one of our legs the caller's channel.
func (s *step) becomeLine(ch ChannelID) {
	l := *s.leg(ch)
	s.dropLeg(ch)
	if !s.Gone { // the old one's end has been asked for and not been told yet
		s.Legs = append(s.Legs, Leg{Channel: s.Channel, Since: l.Since, Ready: true, HungUp: true})
	}
	s.Channel, s.Gone, s.PickedUp, s.LineSince = ch, false, true, l.Since
	s.Callback.Leg, s.Callback.Leaving = "", false
}

// customerMissed: the customer did not answer, or the agent did not wait for it.
func (s *step) customerMissed(code int) {
	c := s.Callback
	s.dropCustomer()
	rule := s.callbackRule()
	missed := cdr.CallbackMissed{Try: c.Tries, Code: code}
	if c.Tries < rule.Tries {
		c.Again = s.now.Add(rule.RetryAfter)
		missed.Again = c.Again
	}
	s.tell(missed)
	switch o := s.picked(); {
	case o != nil:
		s.endOffer(o, cdr.OfferNotReached)
	case c.Retaken && missed.Again.IsZero():
		s.tellFloor(queue.Leave{Call: s.Call, Cause: cdr.LeftExpired})
		s.leavePlace(cdr.LeftExpired)
		s.end(cdr.EndCallback, cdr.BySystem, Normal)
	default:
		s.tellTry(queue.CallbackMissed{Call: s.Call})
	}
}

// dropCustomer stops ringing the customer.
func (s *step) dropCustomer() {
	if s.Callback == nil || s.Callback.Leg == "" {
		return
	}
	leg := s.Callback.Leg
	s.Callback.Leg = ""
	s.hangUpLeg(leg, Normal)
	s.cancelTimer(outsideTimer)
}

// callbackOut: a callback's place is no more. The caller has it again in another
// call, its tries ran out, or its queue sends it on.
func (s *step) callbackOut(ev queue.Out) {
	line := s.leavePlace(ev.Cause)
	if to := ev.To; to != nil && to.Kind == cdr.ToQueue && s.Hops < maxHops && s.rules.has(to.Queue) {
		s.Hops++
		s.tell(cdr.Overflowed{Queue: line.Queue, Cause: ev.Cause, To: to.Kind, Target: to.Queue})
		line.Queue, line.Music = to.Queue, ""
		s.takeCallbackPlace(line)
		return
	}
	by := cdr.BySystem
	if ev.Cause == cdr.LeftResumed {
		by = cdr.ByCaller
	}
	s.end(cdr.EndCallback, by, Normal)
}

// wishGivenUp: the caller, who has rung again and has the place of their callback, does
// not need it any more.
func (s *step) wishGivenUp() {
	s.dropDialogue()
	s.tellFloor(queue.Leave{Call: s.Call, Cause: cdr.LeftCancelled})
	s.endOffers(cdr.OfferCallerGone)
	s.silence(s.leavePlace(cdr.LeftCancelled))
	s.say([]string{"callback-cancelled"}, ThenNoMore)
}

// keepWish: the caller had the place of their callback and has hung up before anybody
// answered. They have not given it up, so they are called back as they had asked.
func (s *step) keepWish() {
	if !s.wishStands() {
		return
	}
	c := s.Line.Wish
	s.Line.Wish, s.Callback = nil, c
	s.dropDialogue()
	s.tell(cdr.CallbackAsked{
		Queue: s.Line.Queue, Number: c.Number, Mode: c.Mode, By: byKey,
		NotBefore: c.NotBefore, NotAfter: c.NotAfter, AskedAt: c.AskedAt,
	})
	s.tellFloor(queue.AskCallback{Call: s.Call, Number: c.Number, CallbackPlace: c.place()})
	s.endOffers(cdr.OfferWithdrawn)
}

// cancel gives a callback up for somebody who asks for it.
func (s *step) cancel(by cdr.Party) error {
	if !s.waitsAway() {
		return ErrNoCallback
	}
	s.dropCustomer()
	s.tellFloor(queue.Leave{Call: s.Call, Cause: cdr.LeftCancelled})
	s.endOffers(cdr.OfferCallerGone)
	s.leavePlace(cdr.LeftCancelled)
	s.end(cdr.EndCallback, by, Normal)
	return nil
}

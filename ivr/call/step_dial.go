package call

import (
	"linekeeper/cdr"
	"linekeeper/queue"
)

// dial begins a call of an agent's: the State is new and empty but for its ID and
// node. Nothing is told before the floor has lent the agent.
func (s *step) dial(ev dialAsked, done answer) {
	if !s.rules.has(ev.queue) {
		s.nothing()
		done(s, ErrNowhere)
		return
	}
	s.beginOut(ev.queue, cdr.Caller{Number: ev.number}, "")
	s.Out = &Out{Agent: ev.agent, Queue: ev.queue, Number: ev.number}
	s.Stays++
	s.Wanted = &Wanted{stay: s.Stays, agent: ev.agent, by: ev.agent, done: done}
	s.tellFloor(queue.Borrow{
		Call: s.Call, Agent: ev.agent, Queue: ev.queue, Stay: s.Stays, Ring: dialRing, By: ev.agent, Out: true,
	})
}

// unlentYet says that an agent who calls out has not been lent: nothing is told yet.
func (s *step) unlentYet() bool { return s.dialsOut() && s.Out.Offer == "" && s.Ending == nil }

// nothing ends a call of which there is nothing to tell.
func (s *step) nothing() { s.Over, s.out.done = true, true }

// lentOut: the agent's own phone is rung first.
func (s *step) lentOut(ev offerMade, done answer) {
	out := s.Out
	leg, other := legsOn(ev.ID, ev.On)
	out.Offer, out.Leg = ev.ID, leg
	s.tell(cdr.Dialled{
		Node: s.Node, Agent: out.Agent, Queue: out.Queue, Number: out.Number, From: s.Number,
		Channel: string(OutsideLegID(s.Call, s.Dialled+1)),
	})
	s.Open = append(s.Open, Offer{
		ID: ev.ID, Agent: ev.Agent, Queue: ev.Queue, At: s.now, Until: s.now.Add(ev.Ring),
		Leg: leg, Other: other, AwaitPop: ev.awaitPop, Callback: true,
	})
	s.tell(cdr.Offered{Offer: ev.ID, Agent: ev.Agent, Queue: ev.Queue, Ring: ev.Ring, Why: ev.Why})
	s.needBridge()
	s.makeLegs(s.open(ev.ID), ev.Ring)
	s.out.lookUp = true
	done(s, nil)
}

// dialNumber: the agent is there, and hears the number ring.
func (s *step) dialNumber(o *Offer) {
	s.offerTaken(*o)
	s.Out.Up, s.Out.Since = true, s.now
	s.do(StartRinging{Channel: s.Out.Leg})
	s.Out.To = s.createOutside(s.Out.Number, cdr.Caller{Number: s.Number})
	s.setTimer(outsideTimer, outsideRing+ringNet)
}

// outReached: whoever answered is the call's caller from now on.
func (s *step) outReached(ch ChannelID) {
	out, since := s.Out, s.leg(ch).Since
	s.dropLeg(ch)
	s.Channel, s.Gone, s.PickedUp, s.LineSince = ch, false, true, since
	out.To, out.Reached = "", true
	s.tell(cdr.Reached{Rang: s.now.Sub(out.Since)})
	s.tell(cdr.Connected{Offer: out.Offer, Agent: out.Agent, Queue: out.Queue})
	s.do(StopRinging{Channel: out.Leg}, Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{out.Leg, ch}})
	s.Talk = &Talk{
		Agent: out.Agent, Queue: out.Queue, Leg: out.Leg, Since: s.now, Offer: out.Offer,
		Line: &Line{Queue: out.Queue, EnteredAt: s.now, Since: s.now, Language: s.Language},
	}
	s.recordsTalk()
}

// notReached ends a call whose number did not answer, or whose agent did not wait.
func (s *step) notReached(by cdr.Party, code int) {
	s.endWith(Ending{Cause: cdr.EndNotReached, By: by, Code: code}, Normal)
}

// outOver closes what is open of a call that ends unreached: the agent goes back to
// what they were, and nothing is to be wrapped up.
func (s *step) outOver() {
	if !s.dialsOut() {
		return
	}
	s.stopAsking()
	s.tell(cdr.NotReached{Code: s.Ending.Code})
	s.endOffers(cdr.OfferCallerGone)
	if s.Out.Up {
		s.Out.Up = false
		s.tellFloor(queue.TalkOver{Call: s.Call, Agent: s.Out.Agent, Advised: true})
	}
	if s.Out.To != "" {
		s.Out.To = ""
		s.cancelTimer(outsideTimer)
	}
}

// outAgain tells a new floor of the agent of a call being made.
func (s *step) outAgain() {
	out := s.Out
	if !s.dialsOut() || s.Ending != nil {
		return
	}
	if out.Up {
		s.tellFloor(queue.Talking{Call: s.Call, Agent: out.Agent, Queue: out.Queue, Offer: out.Offer})
		return
	}
	for _, o := range s.Open {
		s.tellFloor(queue.Borrow{
			Call: s.Call, Agent: o.Agent, Queue: o.Queue, Offers: s.Offers, Ring: dialRing, By: o.Agent, Out: true,
			Open: &queue.OpenOffer{ID: o.ID, Agent: o.Agent, Until: o.Until},
		})
	}
}

// carryOnDial goes on with a call that is being made.
func (s *step) carryOnDial(inv Inventory) {
	if s.Out.Up {
		s.do(StartRinging{Channel: s.Out.Leg})
	}
	s.lost(inv)
}

package call

import (
	"fmt"
	"slices"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// invite asks somebody in, to be consulted or to join.
func (s *step) invite(act Invite, done answer) {
	switch {
	case s.Wanted != nil || act.Consult && slices.ContainsFunc(s.Parties, func(p Party) bool { return !p.Up }):
		done(s, ErrNotNow)
	case len(s.Parties)+2 >= mostParties:
		done(s, ErrTooMany)
	case act.To.Kind == cdr.PartyAgent:
		s.borrow(Wanted{agent: act.To.To, consult: act.Consult, done: done})
	case act.To.Kind == cdr.PartyNumber && act.To.To != "":
		s.ringNumber(act.To.To, act.Consult)
		done(s, nil)
	default:
		done(s, ErrNowhere)
	}
}

// borrow asks the floor for an agent by name.
func (s *step) borrow(a Wanted) {
	if a.agent == s.Talk.Agent || slices.ContainsFunc(s.Parties, func(p Party) bool { return p.As == cdr.PartyAgent && p.Target == a.agent }) {
		a.done(s, ErrNobody)
		return
	}
	s.Stays++
	a.stay, a.by = s.Stays, s.Talk.Agent
	s.Wanted = &a
	s.tellFloor(queue.Borrow{
		Call: s.Call, Agent: a.agent, Queue: s.Talk.Queue, Offers: s.Offers, Stay: a.stay, Ring: inviteRing, By: a.by,
	})
}

// unlent: the agent asked for cannot be had.
func (s *step) unlent(ev queue.Unlent) {
	if a := s.Wanted; a != nil && a.stay == ev.Stay {
		s.Wanted = nil
		a.done(s, ErrNobody)
		if s.unlentYet() {
			s.nothing()
		}
	}
}

// stopAsking ends the wait for an agent asked for: nobody needs them any more.
func (s *step) stopAsking() {
	if a := s.Wanted; a != nil {
		s.Wanted = nil
		a.done(s, ErrNotTheirs)
	}
}

// lent: the agent asked for is offered the call.
func (s *step) lent(ev offerMade) {
	s.Offers++ // also of one that is given back: its name is not to be given again
	a := s.Wanted
	if a != nil && a.stay == ev.Stay && s.unlentYet() {
		s.Wanted = nil
		s.lentOut(ev, a.done)
		return
	}
	if a == nil || a.stay != ev.Stay || s.Talk == nil {
		s.tellFloor(queue.OfferOver{Offer: ev.ID, Outcome: cdr.OfferCallerGone})
		return
	}
	s.Wanted = nil
	leg, other := legsOn(ev.ID, ev.On)
	p := s.newParty(cdr.PartyAgent, ev.Agent, leg)
	p.Offer, p.Consult, p.Takes = ev.ID, a.consult, a.takes
	o := Offer{
		ID: ev.ID, Agent: ev.Agent, Queue: ev.Queue, At: s.now, Until: s.now.Add(ev.Ring),
		Leg: leg, Other: other, AwaitPop: ev.awaitPop, AtOnce: !ev.awaitPop, Party: p.ID,
	}
	s.Open = append(s.Open, o)
	s.tell(cdr.Offered{Offer: ev.ID, Agent: ev.Agent, Queue: ev.Queue, Ring: ev.Ring, Why: ev.Why})
	s.needBridge()
	s.asked(p)
	s.makeLegs(s.open(ev.ID), ev.Ring)
	a.done(s, nil)
}

// ringNumber asks a number outside in. It is shown the number the caller dialled.
func (s *step) ringNumber(number string, consult bool) {
	leg := s.createOutside(number, cdr.Caller{Number: s.Number})
	p := s.newParty(cdr.PartyNumber, number, leg)
	p.Consult = consult
	s.asked(p)
}

// newParty names somebody who is asked in.
func (s *step) newParty(as cdr.PartyKind, target string, leg ChannelID) *Party {
	s.Asked++
	s.Parties = append(s.Parties, Party{
		ID: fmt.Sprintf("p%d", s.Asked), As: as, Target: target, Leg: leg, By: s.Talk.Agent, AskedAt: s.now,
	})
	return &s.Parties[len(s.Parties)-1]
}

// asked lets caller and agent hear what becomes of a party's being asked.
func (s *step) asked(p *Party) {
	s.tell(cdr.Invited{
		Party: p.ID, By: p.By, As: p.As, Target: p.Target, Consult: p.Consult, Offer: p.Offer, Channel: string(p.Leg),
	})
	if p.Takes {
		s.giveTo(p)
	}
	if !p.Consult {
		return
	}
	s.consultsOnSecond(p)
	s.hold()
	if s.ringsForAdvice() {
		s.do(Part{Bridge: BridgeFor(s.Call), Channels: []ChannelID{s.Talk.Leg}}, StartRinging{Channel: s.Talk.ear()})
	}
}

// partyAnswered brings a party into the talk, or gives the call to them.
func (s *step) partyAnswered(p *Party) {
	if p.Up {
		return
	}
	rang := s.ringsForAdvice()
	p.Up, p.Since = true, s.now
	if o := s.offerOf(p.Leg); o != nil {
		s.offerTaken(*o)
	}
	if p.Takes {
		s.do(StopRinging{Channel: s.Channel})
		s.takeOver(p)
		return
	}
	s.tell(cdr.PartyJoined{Party: p.ID, As: p.As, Target: p.Target})
	if s.secondAnswers(p) {
		return
	}
	in := []ChannelID{p.Leg}
	if rang {
		s.do(StopRinging{Channel: s.Talk.Leg})
		in = append(in, s.Talk.Leg)
	}
	s.do(Join{Bridge: BridgeFor(s.Call), Channels: in})
}

// partyGone follows the end of a party's leg.
func (s *step) partyGone(p *Party, ev Gone) {
	cause := cdr.PartyHungUp
	if !p.Up {
		cause = cdr.PartyMissed
	}
	s.sendOff(p, missedBecause(ev), cause)
}

// sendOff ends a party's part: by the outcome of their offer while that is open,
// else for the cause.
func (s *step) sendOff(p *Party, ringing cdr.OfferOutcome, cause cdr.PartyCause) {
	if o := s.offerOf(p.Leg); o != nil {
		s.endOffer(o, ringing)
		return
	}
	s.partyLeaves(p, cause)
}

// dropParty hangs a party up. Who was consulted gives the caller back.
func (s *step) dropParty(id string) error {
	p := s.party(id)
	if p == nil {
		return ErrNoParty
	}
	back := p.Consult && s.Talk.Held
	s.sendOff(p, cdr.OfferWithdrawn, cdr.PartyDropped)
	if back && len(s.Parties) == 0 && !s.Talk.ByLine {
		s.resume()
	}
	return nil
}

// partyLeaves ends a party's part in the call. p is of no use afterwards.
func (s *step) partyLeaves(p *Party, cause cdr.PartyCause) {
	was, rang := *p, s.ringsForAdvice()
	s.unholdParty(p)
	s.forgetParty(was.ID)
	left := cdr.PartyLeft{Party: was.ID, As: was.As, Target: was.Target, Cause: cause}
	if was.Up {
		left.Talked = s.now.Sub(was.Since)
	}
	s.tell(left)
	s.hangUpLeg(was.Leg, Normal)
	s.secondOver(was)
	if was.Up && was.As == cdr.PartyAgent {
		s.tellFloor(queue.TalkOver{Call: s.Call, Agent: was.Target, Advised: true})
	}
	switch {
	case s.Ending != nil:
	case was.Takes:
		s.comeBack(was)
	case rang && !s.ringsForAdvice() && s.Talk != nil && s.Talk.Second == nil:
		s.do(StopRinging{Channel: s.Talk.Leg}, Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{s.Talk.Leg}})
	}
}

func (s *step) forgetParty(id string) {
	s.Parties = slices.DeleteFunc(s.Parties, func(p Party) bool { return p.ID == id })
}

// partiesOver ends all parties with the call.
func (s *step) partiesOver() {
	s.stopAsking()
	for len(s.Parties) > 0 {
		s.sendOff(&s.Parties[0], cdr.OfferCallerGone, cdr.PartyCallOver)
	}
}

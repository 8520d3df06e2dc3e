package call

import (
	"slices"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// transfer gives the call on.
func (s *step) transfer(to Target, done answer) {
	flow := s.rules.Flows[to.To]
	switch {
	case s.Wanted != nil || len(s.Parties) > 0:
		done(s, ErrNotNow)
	case to.Kind == cdr.PartyAgent:
		s.borrow(Wanted{agent: to.To, takes: true, done: done})
	case to.Kind == cdr.PartyQueue && s.rules.has(to.To):
		s.transferToQueue(to)
		done(s, nil)
	case to.Kind == cdr.PartyFlow && flow != nil:
		s.release(cdr.Transferred{To: to.Kind, Target: to.To})
		s.goInto(flow)
		done(s, nil)
	case to.Kind == cdr.PartyNumber && to.To != "":
		back := s.release(cdr.Transferred{To: to.Kind, Target: to.To})
		s.sendOutside(to.To, cdr.LeftAnswered)
		s.Outside.Back = &back
		done(s, nil)
	default:
		done(s, ErrNowhere)
	}
}

// transferToQueue puts the caller into a queue, with the time they have waited
// from the beginning.
func (s *step) transferToQueue(to Target) {
	line := s.release(cdr.Transferred{To: to.Kind, Target: to.To})
	line.Queue, line.Needs, line.Music = to.To, to.Needs, ""
	if to.Priority != nil {
		line.Priority = *to.Priority
	}
	s.Hops = 0 // an agent's doing is no ring
	s.takeAnotherPlace(line)
}

// takeAnotherPlace takes a place for a caller an agent had: it is not kept for the
// agents of earlier calls, who may be the very one.
func (s *step) takeAnotherPlace(line Line) {
	s.Preferred = nil
	s.takePlace(line)
	s.out.sticky = false
}

// release lets the agent go, and says which place the caller had. The caller is by
// themselves then and hears nothing, unless there is somebody who has them.
func (s *step) release(story cdr.Transferred) Line {
	t := *s.Talk
	if s.unhold() || t.Away != nil {
		s.do(StopMusic{Channel: s.Channel})
	} else if heir := s.heir(); heir == nil || !heir.Up {
		s.do(Part{Bridge: BridgeFor(s.Call), Channels: []ChannelID{s.Channel}})
	}
	s.givesTapeOn()
	story.By = t.Agent
	s.tell(story)
	s.endTalk(cdr.ByAgent)
	return s.placeOf(t)
}

// placeOf is the place a talk's caller had in line.
func (s *step) placeOf(t Talk) Line {
	if t.Line != nil {
		return *t.Line
	}
	return Line{Queue: t.Queue, EnteredAt: t.Since, Language: s.Language}
}

// giveTo: the call goes to somebody who is being rung, and the caller hears it.
func (s *step) giveTo(p *Party) {
	back := s.release(cdr.Transferred{To: p.As, Target: p.Target})
	p.Takes, p.Consult, p.Back = true, false, &back
	s.do(StartRinging{Channel: s.Channel})
}

// complete gives the call to a party who was consulted, or is still being rung.
func (s *step) complete(id string) error {
	p := s.party(id)
	switch {
	case p == nil:
		return ErrNoParty
	case len(s.Parties) > 1 || s.Wanted != nil:
		return ErrNotNow
	case !p.Up:
		s.stopAdviceRinging()
		s.giveTo(p)
		return nil
	}
	s.handOver(p)
	return nil
}

// handOver gives the call to a party who is there.
func (s *step) handOver(p *Party) {
	if s.unholdParty(p) {
		s.do(StopMusic{Channel: p.Leg})
	}
	back := s.release(cdr.Transferred{To: p.As, Target: p.Target, Consulted: true})
	p.Back = &back
	s.takeOver(p)
}

// stopAdviceRinging ends what the agent hears of a party's ringing.
func (s *step) stopAdviceRinging() {
	if s.ringsForAdvice() && s.Talk.Second == nil {
		s.do(StopRinging{Channel: s.Talk.Leg})
	}
}

// takeOver makes a party who has answered the one the caller talks to. p is of no
// use afterwards.
func (s *step) takeOver(p *Party) {
	was := *p
	line := was.Back // whoever takes over was given it
	s.forgetParty(was.ID)
	s.tell(cdr.PartyLeft{Party: was.ID, As: was.As, Target: was.Target, Cause: cdr.PartyTookOver, Talked: s.now.Sub(was.Since)})
	if was.As == cdr.PartyAgent {
		s.tell(cdr.Connected{Offer: was.Offer, Agent: was.Target, Queue: line.Queue, Waited: was.Since.Sub(was.AskedAt)})
		s.Talk = &Talk{Agent: was.Target, Queue: line.Queue, Leg: was.Leg, Since: s.now, Offer: was.Offer, Line: line}
		s.recordsTalk()
	} else {
		s.Outside = &Outside{Number: was.Target, Leg: was.Leg, Cause: cdr.LeftAnswered, Up: true}
	}
	s.do(Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{was.Leg, s.Channel}})
}

// comeBack: who was to have the call did not answer. The caller is in line again,
// where they were.
func (s *step) comeBack(was Party) {
	s.do(StopRinging{Channel: s.Channel})
	s.backInLine(*was.Back)
}

// backInLine gives the caller the place again that they had.
func (s *step) backInLine(line Line) {
	if s.Hops++; s.Hops > maxHops {
		s.afterQueue(line, cdr.LeftMoved)
		return
	}
	s.takeAnotherPlace(line)
}

// agentGone follows the end of the phone of the agent who has the call. Whoever
// else is there has the caller then; a caller on hold is not lost with it.
func (s *step) agentGone(ev Gone, by cdr.Party) {
	t := s.Talk
	heir := s.heir()
	s.answerOnSecond(heir != nil)
	switch {
	case heir != nil && heir.Up:
		s.handOver(heir)
	case heir != nil:
		s.giveTo(heir)
	case s.mayComeBack(t.Agent, ev):
		s.phoneLost(ev)
	case t.Held || !t.PhoneHeldAt.IsZero():
		line := s.placeOf(*t)
		s.recordsOn()
		s.endTalk(by)
		s.do(Part{Bridge: BridgeFor(s.Call), Channels: []ChannelID{s.Channel}})
		s.backInLine(line)
	default:
		s.endTalk(by)
		s.afterTalk(ev, by)
	}
}

// heir is who has the caller when the agent's phone goes: another agent rather
// than a number, one who is there rather than one who is being rung.
func (s *step) heir() *Party {
	var best *Party
	rank := func(p *Party) int {
		n := 0
		if p.As == cdr.PartyAgent {
			n++
		}
		if p.Up {
			n += 2
		}
		return n
	}
	for i := range s.Parties {
		if p := &s.Parties[i]; best == nil || rank(p) > rank(best) {
			best = p
		}
	}
	return best
}

// phoneTransfers does what the agent asked for by their phone's own key.
func (s *step) phoneTransfers(ev PhoneTransfers) {
	t := s.Talk
	done := func(s *step, err error) { s.answerTransfer(ev.Channel, err == nil) }
	switch {
	case t == nil || s.Ending != nil:
		done(s, ErrNotTheirs)
	case ev.Other != "":
		s.joinLines(ev, done)
	case t.Leg != ev.Channel:
		done(s, ErrNotNow)
	case t.Second != nil:
		done(s, s.giveRinging(ev))
	default:
		to, err := s.dialledBy(t.Agent, ev.To)
		if err != nil {
			done(s, err)
			return
		}
		s.transfer(to, done)
	}
}

// answerTransfer tells the phone what came of its asking, before it is hung up: it
// waits for the word.
func (s *step) answerTransfer(ch ChannelID, done bool) {
	s.out.commands = slices.Insert(s.out.commands, 0, Command(AnswerTransfer{Channel: ch, Done: done}))
}

// dialledBy reads what an agent has dialled on their own phone: a colleague, a queue,
// or a number they may have dialled.
func (s *step) dialledBy(agent, to string) (Target, error) {
	if _, isAgent := s.rules.Phones[to]; isAgent {
		return Target{Kind: cdr.PartyAgent, To: to}, nil
	}
	if s.rules.has(to) {
		return Target{Kind: cdr.PartyQueue, To: to}, nil
	}
	if s.rules.MayDial == nil {
		return Target{}, ErrNowhere
	}
	number, err := s.rules.MayDial(agent, to)
	return Target{Kind: cdr.PartyNumber, To: number}, err
}

// borrowAgain tells a new floor of agents who were being asked in when the old one
// died, and of those who were there.
func (s *step) borrowAgain() {
	for _, p := range s.Parties {
		if p.As != cdr.PartyAgent {
			continue
		}
		of := s.queueOf(p)
		if p.Up {
			s.tellFloor(queue.Talking{Call: s.Call, Agent: p.Target, Queue: of, Offer: p.Offer})
			continue
		}
		if o := s.open(p.Offer); o != nil {
			s.tellFloor(queue.Borrow{
				Call: s.Call, Agent: p.Target, Queue: of, Offers: s.Offers, Ring: inviteRing, By: p.By,
				Open: &queue.OpenOffer{ID: o.ID, Agent: o.Agent, Until: o.Until},
			})
		}
	}
}

// queueOf is the queue a party's part belongs to.
func (s *step) queueOf(p Party) string {
	switch {
	case p.Back != nil:
		return p.Back.Queue
	case s.Talk != nil:
		return s.Talk.Queue
	}
	return ""
}

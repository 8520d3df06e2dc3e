package call

import (
	"time"

	"linekeeper/cdr"
)

// The agent's phone may go in the middle of a talk without anybody having hung up: a
// console's page is loaded anew, closed by mistake, or its browser dies. The caller is
// kept, with music; the agent keeps the call, and their phone is rung until it is
// picked up again:
//
//	talk ──phone goes──▶ away ──phone picked up──▶ talk
//	                      │
//	                      ├──awayLimit, or the agent declines──▶ caller in line again,
//	                      │                                       agent not ready
//	                      └──caller or desk hangs up, call given on──▶ as in any talk
//
// With anybody else in the call, up or being rung, there is no waiting: the caller is
// theirs at once (agentGone), as with any other phone.

// awayLimit is how long a caller waits for the phone of the agent they talked to.
const awayLimit = 30 * time.Second

// The timers of a phone that is away: the limit, and the next time it is rung.
const (
	awayTimer      = "away"
	ringAgainTimer = "ring-again"
)

const (
	// ringAgainFor is how long a phone that was away is rung: a page that was loaded
	// anew picks up by itself, and one that does not may have missed it.
	ringAgainFor = 8 * time.Second
	// ringAgainAfter is the pause before the next time. That the phone is there again
	// ends it (PhoneSeen); it is for a phone that nobody says has been away.
	ringAgainAfter = 2 * time.Second
)

// The Q.850 causes by which a phone goes that nobody has hung up.
const (
	codePageGone = 41 // the page says so itself as it goes
	codeSilent   = 44 // Asterisk has heard no audio for a while (rtp_timeout)
)

// Away is a talk whose agent's phone has gone.
type Away struct {
	Since time.Time `json:"since"`
	// Leg is the agent's new one, while it rings. Answered: it was picked up and has
	// not come into our hands yet. Other is the one to the desk phone beside the
	// console, while that rings.
	Leg      ChannelID `json:"leg,omitempty"`
	Other    ChannelID `json:"other,omitempty"`
	Answered bool      `json:"answered,omitempty"`

	over bool // nobody waits any more; it ends with the step
}

// awaited is the agent whose phone the call waits for.
func (s *State) awaited() string {
	if s.Talk == nil || s.Talk.Away == nil {
		return ""
	}
	return s.Talk.Agent
}

// ringsAgain says whether a leg is the one by which the agent's phone is rung again.
func (s *State) ringsAgain(ch ChannelID) bool {
	return s.awaited() != "" && (s.Talk.Away.Leg == ch || s.Talk.Away.Other == ch) && ch != ""
}

// mayComeBack says whether a phone that went is one to be waited for: it is a
// console's, and nobody has hung up. One whose end nobody saw can have said nothing,
// for what a console's phone says passes through the controller.
func (s *step) mayComeBack(agent string, ev Gone) bool {
	silent := ev.Code == codePageGone || ev.Code == codeSilent || ev.Cause == cdr.EndLostSight
	return silent && s.Ending == nil && s.inPage(agent, ev.Channel)
}

// phoneLost keeps the caller for an agent whose phone has gone. A page that went with
// a word comes back when it is loaded; one that went silent may be back already.
func (s *step) phoneLost(ev Gone) {
	t := s.Talk
	s.stopAsking()
	s.stopReading()
	s.endPhoneHold()
	s.endSecond()
	t.Away, t.Leg = &Away{Since: s.now}, ""
	s.tell(cdr.PhoneLost{Agent: t.Agent, Leg: string(ev.Channel), Code: ev.Code})
	if !t.Held {
		s.setAside(s.Channel, t.Queue)
	}
	s.setTimer(awayTimer, awayLimit)
	if ev.Code == codeSilent {
		s.ringAgain(consoleFirst)
		return
	}
	s.setTimer(ringAgainTimer, ringAgainAfter)
}

// Whether a desk phone beside the console rings with it. A page that is only loaded
// anew is there again before it does.
const (
	consoleFirst = false
	deskPhoneToo = true
)

// ringAgain rings the phones of an agent who is waited for, unless they ring.
func (s *step) ringAgain(desk bool) {
	t := s.Talk
	if s.awaited() == "" || t.Away.Answered || s.Ending != nil {
		return
	}
	if t.Away.Leg == "" {
		s.cancelTimer(ringAgainTimer)
		s.Rerung++
		t.Away.Leg = AgainLegID(s.Call, s.Rerung)
		s.makeAgain(t.Away.Leg)
	}
	if desk && s.rules.Desks[t.Agent] && t.Away.Other == "" {
		s.Rerung++
		t.Away.Other = AgainLegID(s.Call, s.Rerung) + toDeskPhone
		s.makeAgain(t.Away.Other)
	}
}

func (s *step) makeAgain(leg ChannelID) {
	s.Legs = append(s.Legs, Leg{Channel: leg, Since: s.now})
	s.do(CreateLeg{
		Call: s.Call, Channel: leg, Endpoint: endpointOf(s.Talk.Agent, leg), Caller: s.shownCaller(),
		Originator: s.originator(), Ring: ringAgainFor,
	})
}

// phoneSeen follows what becomes of an agent's phone: one that is waited for is rung
// as soon as it is there. What rings towards a page that is no more is ended.
func (s *step) phoneSeen(ev PhoneSeen) {
	if s.awaited() != ev.Agent || ev.Agent == "" || s.Ending != nil {
		return
	}
	switch away := s.Talk.Away; {
	case ev.Phone == cdr.PhoneThere:
		s.ringAgain(ev.Desk)
	case ev.Phone == cdr.PhoneAway && !away.Answered:
		if leg := away.legTo(ev.Desk); leg != "" {
			s.ringLater(leg)
		}
	}
}

// legTo is the leg that rings the console or the desk phone beside it, empty if none
// does.
func (a *Away) legTo(desk bool) ChannelID {
	if desk {
		return a.Other
	}
	return a.Leg
}

// ringLater ends a ringing that has come to nothing, and begins it anew after a while.
func (s *step) ringLater(leg ChannelID) {
	away := s.Talk.Away
	s.hangUpLeg(leg, Normal)
	switch {
	case away.Other != leg:
		away.Leg, away.Answered = "", false
	case away.Leg != "":
		away.Other = ""
		return // the console rings on
	default:
		away.Other = ""
	}
	s.setTimer(ringAgainTimer, ringAgainAfter)
}

// againGone follows the end of the leg that rang again. An agent who says no is not
// waited for.
func (s *step) againGone(ev Gone) {
	if ev.Code == codeRejected {
		s.awayOver()
		return
	}
	s.ringLater(ev.Channel)
}

// againAnswered follows the answer of a phone that was away, or of the desk phone
// beside it.
func (s *step) againAnswered(ch ChannelID) {
	away := s.Talk.Away
	other := away.Other
	if other == ch {
		other = away.Leg
	}
	away.Leg, away.Other = ch, ""
	defer s.hangUpLeg(other, AnsweredElsewhere)
	if l := s.leg(ch); l != nil && !l.Ready {
		away.Answered = true // it comes to us with the answer
		return
	}
	s.phoneBack()
}

// phoneBack brings the agent and the caller together again. A caller who was on hold
// stays so.
func (s *step) phoneBack() {
	t := s.Talk
	away := *t.Away
	t.Away, t.Leg = nil, away.Leg
	s.cancelTimer(awayTimer)
	s.cancelTimer(ringAgainTimer)
	s.tell(cdr.PhoneBack{Agent: t.Agent, Leg: string(t.Leg), Away: s.now.Sub(away.Since)})
	s.muteAgain()
	if t.Held {
		s.do(Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{t.Leg}})
		return
	}
	s.do(StopMusic{Channel: s.Channel}, Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{t.Leg, s.Channel}})
}

// awayOver: the phone has not come back. The caller is in line again, where they were.
func (s *step) awayOver() {
	if s.awaited() == "" || s.Ending != nil {
		return
	}
	line := s.placeOf(*s.Talk)
	s.Talk.Away.over = true
	s.recordsOn()
	s.do(StopMusic{Channel: s.Channel})
	s.endTalk(cdr.BySystem)
	s.backInLine(line)
}

// endAway ends the waiting with the talk, and says whether it was in vain.
func (s *step) endAway() bool {
	away := s.Talk.Away
	if away == nil {
		return false
	}
	s.hangUpLeg(away.Leg, Normal)
	s.hangUpLeg(away.Other, Normal)
	s.cancelTimer(awayTimer)
	s.cancelTimer(ringAgainTimer)
	return away.over
}

// carryOnAwaiting goes on waiting for a phone after a restart. What rang towards a page
// lost its line with the controller, and the page needs a moment to find the new one.
func (s *step) carryOnAwaiting(inv Inventory) {
	away := s.Talk.Away
	if seen := find(inv, away.Leg); away.Leg != "" && (seen == nil || !seen.Up) {
		s.hangUpLeg(away.Leg, Normal)
		away.Leg, away.Answered = "", false
	}
	if away.Other != "" && !ringsOrUp(find(inv, away.Other)) {
		s.hangUpLeg(away.Other, Normal)
		away.Other = ""
	}
	if !s.Talk.Held && !away.Since.Equal(s.now) { // else it has just been done
		s.setAside(s.Channel, s.Talk.Queue)
	}
	s.setTimer(awayTimer, max(awayLimit-s.now.Sub(away.Since), awayLimit/2))
	s.setTimer(ringAgainTimer, ringAgainAfter)
}

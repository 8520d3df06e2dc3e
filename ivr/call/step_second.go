package call

import (
	"errors"
	"slices"
	"strings"
	"time"

	"linekeeper/cdr"
)

// A desk phone has a key for an attended transfer: it holds the call, dials by itself,
// and joins the two once they have talked (REFER with Replaces, RFC 5589 §7). So what an
// agent's phone dials while it has a call in hand belongs to that call. It is a consult
// as from the console, with the agent on the phone's second line:
//
//	talk ──phone dials──▶ rings ──answered──▶ consult ──REFER──▶ the party has the caller
//	 ▲  ▲                  │ │                 │     ▲
//	 │  │    nobody there, │ └─────REFER──────▶│     │ first line held, taken back
//	 │  └──busy, no such───┘  (is rung on)     ▼     ▼
//	 │      number                           caller and agent, party on hold
//	 └──second line hung up, or the party; first line taken back──┘
//
// The caller hears the queue's music meanwhile, and the first line, which the phone
// holds, is out of the bridge. Which line the agent is on is for the phone to say.
//
// Asterisk must not be told that such a transfer is done while the other of the phone's
// lines is there (ivr/asterisk, answerTransfer). So that line is hung up first, as RFC
// 5589 has whoever is transferred to do it, and its end is answered.

// Second is the line an agent's phone has dialled by itself, to consult somebody.
type Second struct {
	Channel ChannelID `json:"channel"`
	// Party is who is consulted on it, empty while the floor has not lent them.
	Party string `json:"party,omitempty"`
	// Up: it was answered, because the party was.
	Up bool `json:"up,omitempty"`
	// Asked is the line on which the phone has asked for both to be joined, and waits
	// for the word while the other is being hung up.
	Asked ChannelID `json:"asked,omitempty"`
}

// phoneInHand is the phone the call is talked on, empty if there is none.
func (s *State) phoneInHand() string {
	if s.Talk == nil || s.Talk.Leg == "" || s.Ending != nil {
		return ""
	}
	return strings.TrimPrefix(endpointOf(s.Talk.Agent, s.Talk.Leg), "PJSIP/")
}

// ear is the agent's line on which they hear whom they consult.
func (t *Talk) ear() ChannelID {
	if t.Second != nil && t.Second.Party != "" {
		return t.Second.Channel
	}
	return t.Leg
}

// line is the agent's line that is to be in the bridge now; empty before a second one
// is answered.
func (t *Talk) line() ChannelID {
	switch {
	case !t.Held || t.ear() == t.Leg:
		return t.Leg
	case t.Second.Up:
		return t.Second.Channel
	default:
		return ""
	}
}

// isSecond says whether a channel is the agent's second line.
func (s *State) isSecond(ch ChannelID) bool {
	return s.Talk != nil && s.Talk.Second != nil && s.Talk.Second.Channel == ch
}

// incoming begins the call, or follows what its agent's phone dials in the middle of it.
func (s *step) incoming(in Incoming) {
	if s.Told == 0 {
		s.arrive(in)
		return
	}
	s.phoneDials(in)
}

// phoneDials asks in, to be consulted, whom the agent's phone has dialled.
func (s *step) phoneDials(in Incoming) {
	if s.leg(in.Channel) != nil {
		return
	}
	s.Legs = append(s.Legs, Leg{Channel: in.Channel, Since: s.now, Ready: true})
	refuse := func(s *step, err error) {
		if err != nil {
			s.hangUpLeg(in.Channel, refusedAs(err))
		}
	}
	if in.Phone == "" || s.phoneInHand() != in.Phone || s.Talk.Second != nil || s.Wanted != nil || len(s.Parties) > 0 {
		refuse(s, ErrNotNow)
		return
	}
	to, err := s.dialledBy(s.Talk.Agent, in.Number)
	if err != nil {
		refuse(s, err)
		return
	}
	s.Talk.Second = &Second{Channel: in.Channel}
	s.invite(Invite{To: to, Consult: true}, refuse)
}

// refusedAs is what a phone is told that has dialled in vain.
func refusedAs(err error) HangUpReason {
	for _, now := range []error{ErrNobody, ErrNotNow, ErrTooMany, ErrNotTheirs} {
		if errors.Is(err, now) {
			return Busy
		}
	}
	return Unallocated
}

// consultsOnSecond: whom the phone has dialled is being rung. The phone's hold goes on,
// with our music.
func (s *step) consultsOnSecond(p *Party) {
	t := s.Talk
	if t.Second == nil || t.Second.Party != "" {
		return
	}
	t.Second.Party = p.ID
	if t.ByLine {
		return // it is the second time on one hold
	}
	s.unhold()
	t.ByLine = true
	if t.PhoneHeldAt.IsZero() {
		return // a phone that has not held it: asked does
	}
	t.Held, t.HeldAt, t.PhoneHeldAt = true, t.PhoneHeldAt, time.Time{}
	s.setAside(s.Channel, t.Queue)
}

// secondAnswers answers the second line once the party on it has been, and says
// whether there is one. An agent who has gone back to the first finds them on hold.
func (s *step) secondAnswers(p *Party) bool {
	t := s.Talk
	if t.Second == nil || t.Second.Party != p.ID {
		return false
	}
	t.Second.Up = true
	s.do(Answer{Channel: t.Second.Channel})
	if t.Muted {
		s.do(Mute{Channel: t.Second.Channel, On: true})
	}
	if !t.Held {
		s.holdParty(p)
		return true
	}
	s.do(Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{p.Leg, t.Second.Channel}})
	return true
}

// switchLine follows the phone from the one line to the other: it holds the first, or
// has taken it back.
func (s *step) switchLine(held bool) {
	t := s.Talk
	switch {
	case t.Held == held:
	case held:
		s.hold()
		s.do(Part{Bridge: BridgeFor(s.Call), Channels: []ChannelID{t.Leg}})
		s.eachUp(s.resumeParty)
		if line := t.line(); line != "" {
			s.do(Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{line}})
		}
	default:
		s.eachUp(s.holdParty)
		if t.Second != nil && t.Second.Up {
			s.do(Part{Bridge: BridgeFor(s.Call), Channels: []ChannelID{t.Second.Channel}})
		}
		s.resume()
	}
}

// firstLineBack brings the first line back into the bridge with the caller. Without a
// second, the hold key is an ordinary one again.
func (s *step) firstLineBack() {
	t := s.Talk
	if !t.ByLine {
		return
	}
	t.ByLine = t.Second != nil
	s.do(Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{t.Leg}})
}

// ofThePhone says whether an act of the console's is for the phone to do while it has
// two lines, or holds the first.
func (s *step) ofThePhone(act Act) bool {
	switch act.(type) {
	case Hold, Resume, Swap, Merge:
		return s.Talk.Second != nil || s.Talk.ByLine
	case Invite, Transfer:
		return s.Talk.Second != nil
	}
	return false
}

// joinLines: the phone wants its two lines joined, and itself out of it. The other one
// is hung up; its end is followed by the rest.
func (s *step) joinLines(ev PhoneTransfers, done answer) {
	t := s.Talk
	lines := []ChannelID{ev.Channel, ev.Other}
	switch {
	case t.Second == nil || !slices.Contains(lines, t.Leg) || !slices.Contains(lines, t.Second.Channel):
		// A call of its own, which is in the hands of another actor: the agent keeps both.
		done(s, ErrNotNow)
	case t.Second.Asked != "":
		// Asked twice: an answer is one to both, and comes.
	case s.party(t.Second.Party) == nil:
		done(s, ErrNotNow)
	default:
		t.Second.Asked = ev.Channel
		s.hangUpLeg(ev.Other, Normal)
	}
}

// giveRinging gives the call to whom the phone has dialled and does not wait for: it
// names them once more, and ends its second line itself.
func (s *step) giveRinging(ev PhoneTransfers) error {
	p := s.party(s.Talk.Second.Party)
	to, err := s.dialledBy(s.Talk.Agent, ev.To)
	if p == nil || p.Up || err != nil || to.To != p.Target {
		return ErrNotNow
	}
	return s.complete(p.ID)
}

// answerOnSecond answers a transfer that was asked for on the second line, once the
// first has gone.
func (s *step) answerOnSecond(done bool) {
	if sec := s.Talk.Second; sec != nil && sec.Asked == sec.Channel {
		s.answerTransfer(sec.Channel, done)
	}
}

// secondGone follows the end of the second line: the party has the caller if the phone
// has asked for it, and else is let go.
func (s *step) secondGone() {
	sec := *s.Talk.Second
	given := sec.Asked != "" && s.complete(sec.Party) == nil
	if sec.Asked != "" && sec.Asked != sec.Channel { // else who asked is gone
		s.answerTransfer(sec.Asked, given)
	}
	if given {
		return
	}
	if p := s.party(sec.Party); p != nil {
		s.sendOff(p, cdr.OfferWithdrawn, cdr.PartyDropped)
	} else if sec.Party == "" {
		s.stopAsking()
	}
	s.Talk.Second = nil
	s.firstLineAlone()
}

// firstLineAlone leaves the caller with the music until the phone takes them back.
func (s *step) firstLineAlone() {
	switch t := s.Talk; {
	case !t.ByLine:
	case t.Held:
		s.do(Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{t.Leg}})
	default:
		t.ByLine = false
	}
}

// secondOver hangs the second line up when whoever was on it has gone.
func (s *step) secondOver(was Party) {
	if s.Talk == nil || s.Talk.Second == nil || s.Talk.Second.Party != was.ID {
		return
	}
	reason := NoAnswer
	if was.Up {
		reason = Normal
	}
	s.hangUpLeg(s.Talk.Second.Channel, reason)
}

// endSecond lets the second line go with the agent's part in the call.
func (s *step) endSecond() {
	t := s.Talk
	if t.Second != nil {
		s.hangUpLeg(t.Second.Channel, Normal)
	}
	t.Second = nil
}

// carryOnSecond goes on with a second line after a restart. Whoever was being asked for
// has been forgotten by the floor.
func (s *step) carryOnSecond(inv Inventory) {
	if s.Talk == nil || s.Talk.Second == nil {
		return
	}
	t := s.Talk
	sec := t.Second
	seen := find(inv, sec.Channel)
	switch {
	case seen == nil || !s.legUp(sec.Channel):
		return
	case sec.Party == "":
		s.hangUpLeg(sec.Channel, Busy)
		return
	}
	if sec.Up && !seen.Up {
		s.do(Answer{Channel: sec.Channel})
	}
	out := t.Leg
	if !t.Held {
		out = sec.Channel
	}
	s.do(Part{Bridge: BridgeFor(s.Call), Channels: []ChannelID{out}})
}

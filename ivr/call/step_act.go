package call

import (
	"time"

	"linekeeper/cdr"
)

// answer tells whoever asked what came of it: in the step that asked, or a later
// one.
type answer func(*step, error)

// acted does what an agent asks for with the call in hand. What hangs on the
// floor's word is answered when that comes.
func (s *step) acted(ev acted) {
	reply := func(s *step, err error) {
		s.out.replies = append(s.out.replies, func() { ev.reply <- err })
	}
	if !s.inHand(ev.agent) {
		reply(s, ErrNotTheirs)
		return
	}
	if _, gives := ev.act.(Transfer); !gives && s.awaited() != "" {
		reply(s, ErrNotNow) // there is nobody to talk, or to be talked to
		return
	}
	if s.ofThePhone(ev.act) {
		reply(s, ErrNotNow)
		return
	}
	switch act := ev.act.(type) {
	case Transfer:
		s.transfer(act.To, reply)
	case Invite:
		s.invite(act, reply)
	default:
		reply(s, s.actNow(ev.act))
	}
}

// inHand says whether an agent has the call in hand.
func (s *step) inHand(agent string) bool {
	return s.Talk != nil && s.Talk.Agent == agent && s.Ending == nil
}

// actNow does an act that needs nobody's word.
func (s *step) actNow(act Act) error {
	switch act := act.(type) {
	case Hold:
		return s.holdOf(act.Party, s.hold, s.holdParty)
	case Resume:
		return s.holdOf(act.Party, s.resume, s.resumeParty)
	case SetMute:
		s.setMute(act.On)
	case PressKeys:
		s.do(SendDigits{Channel: s.Channel, Digits: act.Digits})
	case Support:
		return s.support(act)
	case Swap:
		return s.swap()
	case Merge:
		s.merge()
	case Complete:
		return s.complete(act.Party)
	case Recording:
		return s.setRecording(act.Do)
	case Drop:
		return s.dropParty(act.Party)
	default:
		return ErrNotNow
	}
	return nil
}

// holdOf does something with the hold of the caller or of a party.
func (s *step) holdOf(party string, caller func(), other func(*Party)) error {
	if party == "" {
		caller()
		return nil
	}
	p := s.party(party)
	if p == nil || !p.Up {
		return ErrNoParty
	}
	other(p)
	return nil
}

// hold lets the caller hear music.
func (s *step) hold() {
	t := s.Talk
	if t.Held {
		return
	}
	s.stopReading()
	t.Held, t.HeldAt = true, s.now
	s.tell(cdr.HoldBegan{Agent: t.Agent, Phone: t.ByLine})
	s.setAside(s.Channel, t.Queue)
}

// resume takes the caller back.
func (s *step) resume() {
	if s.unhold() {
		s.takeBack(s.Channel)
		s.firstLineBack()
	}
}

// unhold ends the caller's hold in the story, and says whether there was one.
func (s *step) unhold() bool {
	t := s.Talk
	if !t.Held {
		return false
	}
	s.tell(cdr.HoldEnded{Agent: t.Agent, Held: s.now.Sub(t.HeldAt), Phone: t.ByLine})
	t.Held = false
	return true
}

func (s *step) holdParty(p *Party) {
	if p.Held {
		return
	}
	p.Held, p.HeldAt = true, s.now
	s.tell(cdr.HoldBegan{Agent: s.Talk.Agent, Party: p.ID})
	s.setAside(p.Leg, s.Talk.Queue)
}

func (s *step) resumeParty(p *Party) {
	if s.unholdParty(p) {
		s.takeBack(p.Leg)
	}
}

func (s *step) unholdParty(p *Party) bool {
	if !p.Held {
		return false
	}
	s.tell(cdr.HoldEnded{Agent: p.By, Party: p.ID, Held: s.now.Sub(p.HeldAt)})
	p.Held = false
	return true
}

// setAside lets a channel hear a queue's music and nobody.
func (s *step) setAside(ch ChannelID, queue string) {
	s.do(Part{Bridge: BridgeFor(s.Call), Channels: []ChannelID{ch}}, StartMusic{Channel: ch, Class: s.musicOf(queue)})
}

// takeBack ends that.
func (s *step) takeBack(ch ChannelID) {
	s.do(StopMusic{Channel: ch}, Join{Bridge: BridgeFor(s.Call), Channels: []ChannelID{ch}})
}

// musicOf is the music of a queue.
func (s *step) musicOf(queue string) string { return s.rules.Queues[queue].Music }

// swap: who talked is on hold, who was on hold talks.
func (s *step) swap() error {
	talks, held := 0, 0
	for i := range s.Parties {
		switch p := &s.Parties[i]; {
		case p.Up && p.Held:
			held++
		case p.Up:
			talks++
		}
	}
	switch {
	case s.Talk.Held && talks > 0:
		s.eachUp(s.holdParty)
		s.resume()
	case !s.Talk.Held && held > 0:
		s.hold()
		s.eachUp(s.resumeParty)
	default:
		return ErrNotNow
	}
	return nil
}

// merge brings all together.
func (s *step) merge() {
	s.resume()
	s.eachUp(func(p *Party) {
		p.Consult = false
		s.resumeParty(p)
	})
}

func (s *step) eachUp(do func(*Party)) {
	for i := range s.Parties {
		if p := &s.Parties[i]; p.Up {
			do(p)
		}
	}
}

// phoneHolds follows hold and take-back on the agent's own phone. Asterisk plays
// the music itself.
func (s *step) phoneHolds(ev PhoneHolds) {
	t := s.Talk
	switch {
	case t == nil || t.Leg != ev.Channel:
		return
	case t.ByLine:
		s.switchLine(ev.On)
		return
	case t.PhoneHeldAt.IsZero() != ev.On:
		return
	}
	if ev.On {
		t.PhoneHeldAt = s.now
		s.tell(cdr.HoldBegan{Agent: t.Agent, Phone: true})
		return
	}
	s.endPhoneHold()
}

func (s *step) endPhoneHold() {
	t := s.Talk
	if t.ByLine {
		s.unhold()
		t.ByLine = false
	}
	if !t.PhoneHeldAt.IsZero() {
		s.tell(cdr.HoldEnded{Agent: t.Agent, Held: s.now.Sub(t.PhoneHeldAt), Phone: true})
		t.PhoneHeldAt = time.Time{}
	}
}

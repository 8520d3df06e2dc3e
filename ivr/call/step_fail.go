package call

import (
	"errors"
	"slices"
	"time"

	"linekeeper/cdr"
)

// The timers of what is tried again.
const (
	answerTimer = "answer"
	joinTimer   = "join"
	hangUpTimer = "hang-up"
)

// againAfter is the pause before a command that failed is given again. The
// failure may be an answer that got lost, so each of these commands is harmless
// when it was carried out.
const againAfter = 500 * time.Millisecond

// answerTries is how often a caller is tried to be answered, each pause being
// longer than the one before up to answerMost: some 20 s in all.
const (
	answerTries = 6
	answerMost  = 5 * time.Second
)

// failed follows a command Asterisk would not carry out. A channel that is gone
// tells so itself.
func (s *step) failed(ev commandFailed) {
	gone := errors.Is(ev.err, ErrGone)
	switch cmd := ev.cmd.(type) {
	case CreateLeg:
		s.legFailed(cmd.Channel)
	case CreateOutsideLeg:
		s.legFailed(cmd.Channel)
	case DialLeg:
		s.legFailed(cmd.Channel)
	case Play:
		if !gone {
			s.heard(PlaybackEnded{Channel: cmd.Channel, Playback: cmd.Playback, Failed: true})
		}
	case Answer:
		if s.isSecond(cmd.Channel) {
			s.hangUpLeg(cmd.Channel, Normal)
			return
		}
		if !gone && s.Ending == nil {
			s.setTimer(answerTimer, min(againAfter<<s.AnswerTries, answerMost))
		}
	case Record:
		s.recorded(Recorded{Channel: cmd.Channel, Name: cmd.Name, Failed: true})
	case StopRecording:
		if gone {
			s.messageUnseen(cmd.Name)
		}
	case Join:
		// Gone may be the bridge, which we can make again, or a channel, which
		// will say so.
		s.setTimer(joinTimer, againAfter)
	case StartTracks, StopTracks:
		s.tracksFailed(gone)
	case HangUp:
		if gone {
			s.gone(Gone{Channel: cmd.Channel, Cause: cdr.EndHangup})
			return
		}
		s.setTimer(hangUpTimer, againAfter)
	}
}

// legFailed ends what a leg was for that could not be made or rung.
func (s *step) legFailed(ch ChannelID) {
	switch o := s.offerOf(ch); {
	case s.isOutside(ch):
		s.hangUpLeg(ch, Normal)
		s.outsideGone(Gone{Channel: ch, Cause: cdr.EndHangup})
	case s.ringsOn(o, ch, cdr.OfferUnreachable):
		s.hangUpLeg(ch, Normal)
	case o != nil:
		s.endOffer(o, cdr.OfferUnreachable)
	case s.ringsAgain(ch):
		s.ringLater(ch)
	}
}

// answerAgain answers the caller once more; one who cannot be answered hears
// nothing and is let go.
func (s *step) answerAgain() {
	switch {
	case s.Gone || s.Ending != nil:
	case s.AnswerTries >= answerTries:
		s.end(cdr.EndFault, cdr.BySystem, Congestion)
	default:
		s.AnswerTries++
		s.do(Answer{Channel: s.Channel})
	}
}

// joinAgain brings together who should be together. It is given up only with
// the call: a pair that does not hear each other hangs up by itself.
func (s *step) joinAgain() {
	if s.Ending != nil {
		return
	}
	channels := s.together()
	if len(channels) == 0 {
		return
	}
	s.do(CreateBridge{Bridge: BridgeFor(s.Call)}, Join{Bridge: BridgeFor(s.Call), Channels: channels})
}

// together are the channels that belong into the bridge now: a pair that talks,
// or the phones that ring.
func (s *step) together() []ChannelID {
	if s.Talk != nil || s.Outside != nil && s.Outside.Up {
		return s.talkers()
	}
	var ringing []ChannelID
	for _, o := range s.Open {
		for _, ch := range o.legs() {
			if l := s.leg(ch); l != nil && l.Ready && !o.Callback && o.Party == "" {
				ringing = append(ringing, ch)
			}
		}
	}
	return ringing
}

// dropLeg forgets a leg.
func (s *step) dropLeg(ch ChannelID) {
	s.Legs = slices.DeleteFunc(s.Legs, func(l Leg) bool { return l.Channel == ch })
}

// hungUp: a leg that was never seen, and is hung up, was never there or is not
// any more: no event will tell its end.
func (s *step) hungUp(ch ChannelID) {
	if l := s.leg(ch); l != nil && !l.Ready {
		s.dropLeg(ch)
		s.finish()
	}
}

// hangUpAgain hangs up whatever should be gone by now.
func (s *step) hangUpAgain() {
	for _, l := range s.Legs {
		if l.HungUp {
			s.do(HangUp{Channel: l.Channel, Reason: l.reason()})
		}
	}
	if (s.Ending != nil || s.Callback != nil && s.Callback.Leaving) && !s.Gone {
		s.do(HangUp{Channel: s.Channel, Reason: Normal})
	}
}

package call

import (
	"strings"

	"linekeeper/cdr"
)

// support tells that the agent used a remote-support tool's link, and reads the code
// out if that is how.
func (s *step) support(act Support) error {
	if act.How == cdr.SupportRead {
		if err := s.readOut(act.Code); err != nil {
			return err
		}
	}
	s.tell(cdr.SupportLinked{Agent: s.Talk.Agent, Tool: act.Tool, Code: act.Code, How: act.How})
	return nil
}

// readOut reads digits out to the caller, in the caller's language, and at the same
// time to the agent. A playback in a bridge is heard by its own channel alone, which
// hears nobody else meanwhile (res_stasis_playback.c, play_on_channel_in_bridge): so
// there are two.
func (s *step) readOut(digits string) error {
	if digits == "" || strings.Trim(digits, "0123456789") != "" || !s.mayRead() {
		return ErrNotNow
	}
	s.stopReading()
	s.Said += 2
	s.Talk.Reading, s.Talk.Unread = s.Said-1, digits
	s.read()
	return nil
}

// mayRead says whether there is somebody to read to: who is on hold hears music.
func (s *step) mayRead() bool {
	return !s.Talk.Held && s.Talk.PhoneHeldAt.IsZero() && s.Talk.Away == nil
}

// read has the code read that is not known to have begun.
func (s *step) read() {
	t := s.Talk
	prompts := make([]string, 0, len(t.Unread))
	for _, d := range t.Unread {
		prompts = append(prompts, keyPrompt(string(d)))
	}
	for i, ch := range []ChannelID{s.Channel, t.Leg} {
		s.do(Play{Channel: ch, Playback: s.reading(i), Media: media(prompts), Language: s.Language, Once: true})
	}
}

// reading is the playback of the code to the caller (0), or to the agent (1).
func (s *step) reading(to int) PlaybackID {
	return playbackID(s.Call, besideIt, s.Talk.Reading+to)
}

// begun: Asterisk plays what is to be played once.
type begun struct{ playback PlaybackID }

func (begun) event() {}

// wasBegun: the code need not be begun again. The agent's playback is the later one.
func (s *step) wasBegun(playback PlaybackID) {
	if s.Talk != nil && playback == s.reading(1) {
		s.Talk.Unread = ""
	}
}

// readAgain begins a reading that the dead controller may not have come to.
func (s *step) readAgain() {
	switch t := s.Talk; {
	case t == nil || t.Unread == "":
	case s.mayRead():
		s.read()
	default:
		s.stopReading()
	}
}

// stopReading ends what is being read out. To stop what has been read changes nothing.
func (s *step) stopReading() {
	t := s.Talk
	if t == nil || t.Reading == 0 {
		return
	}
	s.do(StopPlay{Playback: s.reading(0)}, StopPlay{Playback: s.reading(1)})
	t.Reading, t.Unread = 0, ""
}

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
	t := s.Talk
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return ErrNotNow
	}
	if t.Held || !t.PhoneHeldAt.IsZero() {
		return ErrNotNow // they hear music
	}
	s.stopReading()
	prompts := make([]string, 0, len(digits))
	for _, d := range digits {
		prompts = append(prompts, keyPrompt(string(d)))
	}
	s.Said += 2
	t.Reading = s.Said - 1
	for i, ch := range []ChannelID{s.Channel, t.Leg} {
		s.do(Play{
			Channel: ch, Playback: playbackID(s.Call, besideIt, t.Reading+i), Media: media(prompts), Language: s.Language,
		})
	}
	return nil
}

// stopReading ends what is being read out. To stop what has been read changes nothing.
func (s *step) stopReading() {
	t := s.Talk
	if t == nil || t.Reading == 0 {
		return
	}
	s.do(StopPlay{Playback: playbackID(s.Call, besideIt, t.Reading)}, StopPlay{Playback: playbackID(s.Call, besideIt, t.Reading+1)})
	t.Reading = 0
}

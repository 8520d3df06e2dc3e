package call

import "linekeeper/cdr"

// say plays prompts to the caller beside the flow, in place of what was being
// said. Whatever follows does so when they have been heard.
func (s *step) say(prompts []string, then Then) {
	s.hush()
	s.pickUp()
	s.Said++
	s.Saying = &Saying{Number: s.Said, Then: then}
	s.do(Play{
		Channel: s.Channel, Playback: playbackID(s.Call, besideIt, s.Said), Media: media(prompts), Language: s.Language,
	})
}

// hush stops what is being said beside the flow; nothing follows it.
func (s *step) hush() {
	if s.Saying != nil {
		s.do(StopPlay{Playback: playbackID(s.Call, besideIt, s.Saying.Number)})
		s.Saying = nil
	}
}

// wasSaid goes on after something was said, or could not be.
func (s *step) wasSaid(then Then) {
	if s.Ending != nil {
		return
	}
	switch then {
	case ThenMusic:
		if s.Line != nil {
			s.hearMusic()
		}
	case ThenAsk:
		s.awaitKey()
	case ThenRecord:
		s.record()
	case ThenHangUp:
		s.letGo()
	case ThenNoMore:
		s.end(cdr.EndCallback, cdr.ByCaller, Normal)
	}
}

// letGo closes the line of a caller who has been told good-bye. Who is to be
// called back leaves the call behind.
func (s *step) letGo() {
	if s.waitsAway() {
		s.Callback.Leaving = true
		s.do(HangUp{Channel: s.Channel, Reason: Normal})
		return
	}
	s.end(cdr.EndFlow, cdr.BySystem, Normal)
}

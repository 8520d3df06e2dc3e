package call

import "linekeeper/cdr"

// setMute keeps the agent's voice from the others, or no longer does. Asked again it
// is done again, and told once.
func (s *step) setMute(on bool) {
	t := s.Talk
	if t.Muted != on {
		t.Muted, t.MuteSet = on, true
		s.tell(cdr.MuteChanged{Agent: t.Agent, On: on})
	}
	s.do(Mute{Channel: t.Leg, On: on})
	if t.Second != nil {
		s.do(Mute{Channel: t.Second.Channel, On: on})
	}
}

// muteAgain says so to Asterisk once more: the controller may have died between
// saving it and telling it, or the agent has another phone now. A phone that is away
// hears it when it is back.
func (s *step) muteAgain() {
	if t := s.Talk; t != nil && t.MuteSet && t.Away == nil {
		s.do(Mute{Channel: t.Leg, On: t.Muted})
	}
}

package call

import (
	"time"

	"linekeeper/cdr"
)

// messageTimer is the net below a recording whose end is not told.
const messageTimer = "message"

// The bounds of a message: how long it may be, how long the caller may say
// nothing, and the key that ends it.
const (
	messageMost    = 3 * time.Minute
	messageSilence = 8 * time.Second
	messageFinish  = "#"
	// messageLeast is the shortest that counts; less is a hang-up at the beep.
	messageLeast = time.Second
)

// takeMessage lets the caller leave a message.
func (s *step) takeMessage(m Message, prompts []string) {
	if m.Most <= 0 {
		m.Most = messageMost
	}
	s.Said++
	m.Name = messageName(s.Call, s.Said)
	s.Message = &m
	if len(prompts) == 0 {
		prompts = []string{"voicemail-intro"}
	}
	s.say(prompts, ThenRecord)
}

// record begins the recording.
func (s *step) record() {
	m := s.Message
	m.Recording = true
	s.do(Record{Channel: s.Channel, Name: m.Name, Most: m.Most, Silence: messageSilence, Finish: messageFinish})
	s.setTimer(messageTimer, m.Most+ringNet)
}

// recorded follows the end of a recording.
func (s *step) recorded(ev Recorded) {
	if s.recording() && s.Message.Name == ev.Name {
		s.messageOver(!ev.Failed && ev.Length >= messageLeast, ev.Length)
	}
}

// messageUnseen: the recording is not there to be stopped, so it has ended while
// nobody was looking. How long it is nobody knows; that it is there is told.
func (s *step) messageUnseen(name string) {
	if s.recording() && s.Message.Name == name {
		s.messageOver(true, 0)
	}
}

// messageOver goes on after a message. The caller may have hung up by then, which
// ends a message as well as a key does.
func (s *step) messageOver(kept bool, length time.Duration) {
	m := s.Message
	s.Message = nil
	s.cancelTimer(messageTimer)
	if kept {
		s.tell(cdr.VoicemailLeft{Name: m.Name, Length: length})
	}
	switch {
	case s.Ending != nil:
		s.finish()
	case m.InFlow: // what it has to say it says itself
		s.goBack()
	case kept:
		s.say([]string{"voicemail-thanks"}, ThenHangUp)
	default:
		s.say([]string{"goodbye"}, ThenHangUp)
	}
}

// messageLate stops a recording whose end nobody told.
func (s *step) messageLate() {
	if s.recording() {
		s.do(StopRecording{Name: s.Message.Name})
	}
}

// recording says that a message is being recorded.
func (s *step) recording() bool { return s.Message != nil && s.Message.Recording }

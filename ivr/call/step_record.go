package call

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"linekeeper/cdr"
)

// Recording begins, ends, pauses or goes on with the recording of the agent's talk.
type Recording struct{ Do RecordingDo }

// RecordingDo is what is to become of a recording.
type RecordingDo string

// What an agent may do with a recording.
const (
	StartRecordingTalk  RecordingDo = "start"
	StopRecordingTalk   RecordingDo = "stop"
	PauseRecordingTalk  RecordingDo = "pause"
	ResumeRecordingTalk RecordingDo = "resume"
)

func (Recording) act() {}

// Why a recording is not as the agent would have it.
var (
	// ErrNotRecorded says that talks of the queue are never recorded.
	ErrNotRecorded = errors.New("talks of this queue are not recorded")
	// ErrRecorded says that talks of the queue are always recorded.
	ErrRecorded = errors.New("talks of this queue are always recorded")
)

// recordState is what the agent, or the queue's rule, wants of a talk's recording.
type recordState string

const (
	recordOff    recordState = ""
	recordOn     recordState = "on"
	recordPaused recordState = "paused"
)

// Tape is a part of the call's recording that is not known to be over.
type Tape struct {
	Part  int       `json:"part"`
	Name  string    `json:"name"`
	Agent string    `json:"agent"`
	Queue string    `json:"queue"`
	Leg   ChannelID `json:"leg"`
	// Since is when it began, zero while that is not known.
	Since time.Time `json:"since,omitzero"`
	// Why is there once it is to end.
	Why cdr.RecordingCause `json:"why,omitempty"`
}

// tracksTimer is when what Asterisk would not record, or end, is tried again.
const tracksTimer = "tracks"

// tracksBegun and tracksOver: Asterisk has carried StartTracks or StopTracks out.
type (
	tracksBegun struct{ name string }
	tracksOver  struct{ name string }
)

func (tracksBegun) event() {}
func (tracksOver) event()  {}

// recordingRule is the rule of a queue; one that says nothing never records.
func (s *step) recordingRule(queue string) cdr.RecordingRule {
	return s.rules.Queues[queue].Recording
}

// setRecording does what the agent asks for. The tape follows in seeToTape.
func (s *step) setRecording(do RecordingDo) error {
	t, rule := s.Talk, s.recordingRule(s.Talk.Queue)
	switch do {
	case StartRecordingTalk:
		if rule != cdr.RecordAsked && rule != cdr.RecordAlways {
			return ErrNotRecorded
		}
		t.Record = recordOn
	case StopRecordingTalk:
		if rule == cdr.RecordAlways {
			return ErrRecorded
		}
		t.Record = recordOff
	case PauseRecordingTalk:
		if t.Record == recordOff {
			return ErrNotNow
		}
		t.Record = recordPaused
	case ResumeRecordingTalk:
		if t.Record == recordOff {
			return ErrNotNow
		}
		t.Record = recordOn
	default:
		return ErrNotNow
	}
	return nil
}

// tellStopped tells that a recording shown as paused does not go on, unless a tape
// that is still being ended is to say so.
func (s *step) tellStopped() {
	t := s.Talk
	if t.Record != recordOff || t.Shown != recordPaused || s.tapeOn(t.Leg) != nil {
		return
	}
	t.Shown = recordOff
	s.tell(cdr.RecordingEnded{Agent: t.Agent, Part: t.Part, Name: tracksName(s.Call, t.Part), Why: cdr.RecordingStopped})
}

// tracksName names a part's file.
func tracksName(call cdr.CallID, part int) string { return fmt.Sprintf("lk-%s-r%d", call, part) }

// recordsTalk decides how a talk begins: recorded if its queue always does, or if
// the agent who gave it on had it recorded and this queue may.
func (s *step) recordsTalk() {
	rule := s.recordingRule(s.Talk.Queue)
	if rule == cdr.RecordAlways || rule == cdr.RecordAsked && s.Recorded {
		s.Talk.Record = recordOn
	}
	s.Recorded = false
}

// recordsOn has the next agent's talk recorded as this one was.
func (s *step) recordsOn() { s.Recorded = s.Talk.Record == recordOn }

// givesTapeOn ends the agent's part with a transfer; the next agent's is to go on.
func (s *step) givesTapeOn() {
	s.recordsOn()
	if tape := s.tapeOn(s.Talk.Leg); tape != nil && tape.Why == "" {
		tape.Why = cdr.RecordingTransferred
	}
}

// tapeOn is the tape of a leg, nil if it has none.
func (s *State) tapeOn(leg ChannelID) *Tape {
	for i := range s.Tapes {
		if s.Tapes[i].Leg == leg {
			return &s.Tapes[i]
		}
	}
	return nil
}

// consults says that the agent talks, or is about to, to somebody without the caller.
func (s *State) consults() bool {
	return s.Talk.Held && slices.ContainsFunc(s.Parties, func(p Party) bool { return p.Consult || p.Up && !p.Held })
}

// seeToTape brings the talk's tape to what is wanted of it, after anything that
// happened. What is to be heard no more is ended before the commands from at on: an
// end stands before what the agent hears next.
func (s *step) seeToTape(at int) {
	for i := range s.Tapes {
		if t := &s.Tapes[i]; t.Why == "" && (s.Talk == nil || s.Talk.Leg != t.Leg) {
			t.Why = cdr.RecordingTalkOver // the leg is hung up, and that ends it
		}
	}
	if s.Talk == nil || s.Ending != nil {
		return
	}
	tape, want := s.tapeOn(s.Talk.Leg), s.Talk.Record == recordOn && !s.consults()
	switch {
	case want && tape == nil && s.legUp(s.Talk.Leg):
		s.newTape()
	case s.Talk.Record == recordOff && tape != nil && tape.Why == cdr.RecordingPaused:
		tape.Why = cdr.RecordingStopped
	case !want && tape != nil && tape.Why == "":
		tape.Why = cdr.RecordingPaused
		if s.Talk.Record == recordOff {
			tape.Why = cdr.RecordingStopped
		}
		s.out.commands = slices.Insert(s.out.commands, at, Command(tape.stop(s.Call)))
	}
	s.tellStopped()
}

// legUp says that a leg is there and to stay.
func (s *step) legUp(ch ChannelID) bool {
	l := s.leg(ch)
	return l != nil && !l.HungUp
}

// newTape begins the talk's next part. It is told once Asterisk records.
func (s *step) newTape() {
	t := s.Talk
	s.TapeCount++
	s.Tapes = append(s.Tapes, Tape{
		Part: s.TapeCount, Name: tracksName(s.Call, s.TapeCount), Agent: t.Agent, Queue: t.Queue, Leg: t.Leg,
	})
	s.startTape(&s.Tapes[len(s.Tapes)-1])
}

func (s *step) startTape(t *Tape) {
	s.do(StartTracks{Channel: t.Leg, Bridge: BridgeFor(s.Call), Name: t.Name})
}

// stop is the command that ends a tape.
func (t *Tape) stop(call cdr.CallID) StopTracks {
	return StopTracks{Channel: t.Leg, Bridge: BridgeFor(call), Name: t.Name}
}

// tapeBegan: Asterisk records.
func (s *step) tapeBegan(name string) {
	for i := range s.Tapes {
		if t := &s.Tapes[i]; t.Name == name && t.Since.IsZero() {
			t.Since = s.now
			s.tell(cdr.RecordingBegan{Agent: t.Agent, Queue: t.Queue, Part: t.Part, Name: t.Name})
			if talk := s.Talk; talk != nil && talk.Leg == t.Leg {
				talk.Part, talk.Shown = t.Part, recordOn
			}
		}
	}
}

// tracksKept: a tape's file is complete, by our StopTracks or by the leg's end, of
// which we hear next: it says why.
func (s *step) tracksKept(ev TracksKept) {
	t := s.tapeOn(ev.Channel)
	if t == nil || t.Name != ev.Name {
		return
	}
	s.tapeBegan(t.Name)
	if t.Why != "" {
		s.tapeOver(t, t.Why)
	}
}

// tracksOver: Asterisk has ended a tape, or there was none to end.
func (s *step) tracksOver(name string) {
	for i := range s.Tapes {
		if t := &s.Tapes[i]; t.Name == name && t.Why != "" {
			s.tapeOver(t, t.Why)
			return
		}
	}
}

// tapeOver tells a tape's end, for its own reason or the one given. t is of no use
// afterwards. One that never began is not told of.
func (s *step) tapeOver(t *Tape, why cdr.RecordingCause) {
	was := *t
	s.Tapes = slices.DeleteFunc(s.Tapes, func(t Tape) bool { return t.Part == was.Part })
	if was.Since.IsZero() {
		return
	}
	if was.Why != "" {
		why = was.Why
	}
	if talk := s.Talk; talk != nil && talk.Part == was.Part {
		talk.Shown = recordOff
		if why == cdr.RecordingPaused {
			talk.Shown = recordPaused
		}
	}
	s.tell(cdr.RecordingEnded{Agent: was.Agent, Part: was.Part, Name: was.Name, Why: why, Length: s.now.Sub(was.Since)})
}

// tapeGone: a leg is no more, and its tape over with it.
func (s *step) tapeGone(ev Gone) {
	why := cdr.RecordingTalkOver
	if ev.Cause != cdr.EndHangup || ev.Code == codePageGone || ev.Code == codeSilent {
		why = cdr.RecordingLost
	}
	t := s.tapeOn(ev.Channel)
	if t == nil {
		return
	}
	if ev.Cause == cdr.EndLostSight {
		s.tapeBegan(t.Name) // it may have: whoever fetches it finds out
	}
	s.tapeOver(t, why)
}

// tapesLost ends what is left when nothing more will be told of any leg.
func (s *step) tapesLost() {
	for len(s.Tapes) > 0 {
		t := &s.Tapes[0]
		if t.Why == "" {
			t.Why = cdr.RecordingLost
		}
		s.tapeOver(t, t.Why)
	}
}

// tapesAgain gives the commands once more that Asterisk has not been seen to carry
// out. Each is harmless when it has.
func (s *step) tapesAgain() {
	for i := range s.Tapes {
		switch t := &s.Tapes[i]; {
		case !s.legUp(t.Leg):
		case t.Why != "":
			s.do(t.stop(s.Call))
		case t.Since.IsZero():
			s.startTape(t)
		}
	}
}

// tracksFailed tries again after a while, for as long as the talk lasts, and brings
// together again whom the attempt may have parted.
func (s *step) tracksFailed(gone bool) {
	if gone || s.Ending != nil {
		return // the leg says so itself
	}
	s.setTimer(tracksTimer, againAfter)
	s.setTimer(joinTimer, againAfter)
}

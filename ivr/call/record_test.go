package call

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// tapes are what a small Asterisk records, and what it has not told of it yet.
type tapes struct {
	running map[ChannelID]string
	used    map[string]bool
	told    []event
}

// startTape records a leg, unless Asterisk cannot.
func (w *smallWorld) startTape(cmd StartTracks) {
	running := w.tapes.running[cmd.Channel]
	switch {
	case running != "" && running != cmd.Name:
		w.t.Fatalf("%s is recorded as %s and as %s\n%s", cmd.Channel, running, cmd.Name, w.story())
	case w.channels[cmd.Channel] != "up":
		w.tapes.told = append(w.tapes.told, commandFailed{cmd: cmd, err: ErrGone})
	case running == "" && w.tapes.used[cmd.Name]:
		w.t.Fatalf("%s is written over\n%s", cmd.Name, w.story())
	case rapid.IntRange(0, 9).Draw(w.t, "records") == 0:
		w.tapes.told = append(w.tapes.told, commandFailed{cmd: cmd, err: errUnavailable})
	default:
		w.tapes.running[cmd.Channel], w.tapes.used[cmd.Name] = cmd.Name, true
		w.tapes.told = append(w.tapes.told, tracksBegun{name: cmd.Name})
	}
}

func (w *smallWorld) stopTape(cmd StopTracks) {
	if name := w.tapes.running[cmd.Channel]; name != "" {
		w.tapes.told = append(w.tapes.told, fromSwitch{TracksKept{Channel: cmd.Channel, Name: name}})
	}
	delete(w.tapes.running, cmd.Channel)
	w.tapes.told = append(w.tapes.told, tracksOver{name: cmd.Name})
}

// endTape ends a recording with its leg. Asterisk's word of it may be lost.
func (w *smallWorld) endTape(ch ChannelID) {
	name := w.tapes.running[ch]
	delete(w.tapes.running, ch)
	if name != "" && rapid.IntRange(0, 3).Draw(w.t, "kept is heard") > 0 {
		w.take(fromSwitch{TracksKept{Channel: ch, Name: name}})
	}
}

// tellTape tells the next thing of a recording.
func (w *smallWorld) tellTape() {
	if len(w.tapes.told) == 0 {
		w.take(timeUp{key: tracksTimer})
		return
	}
	ev := w.tapes.told[0]
	w.tapes.told = w.tapes.told[1:]
	w.take(ev)
}

// checkTapes: nothing is recorded that the call does not know of, nor what is not
// to be.
func (w *smallWorld) checkTapes() {
	for ch, name := range w.tapes.running {
		if t := w.state.tapeOn(ch); w.channels[ch] != "" && !w.state.Over && (t == nil || t.Name != name) {
			w.t.Fatalf("%s is recorded as %s behind the call's back: %+v\n%s", ch, name, w.state.Tapes, w.story())
		}
	}
	if t := w.state.Talk; t != nil && t.Record != recordOn && w.tapes.running[t.Leg] != "" {
		w.t.Fatalf("recorded though it is %q\n%s", t.Record, w.story())
	}
	if t := w.state.Talk; t != nil && w.state.tapeOn(t.Leg) == nil && t.Record == recordOff && w.shown() != recordOff {
		w.t.Fatalf("shown as %q though it is off\n%s", w.shown(), w.story())
	}
}

// shown is what who reads the facts knows of the talk's recording.
func (w *smallWorld) shown() recordState {
	now, of := recordOff, 0
	for _, f := range w.facts {
		switch s := f.Story.(type) {
		case cdr.TalkEnded:
			now = recordOff
		case cdr.RecordingBegan:
			now, of = recordOn, s.Part
		case cdr.RecordingEnded:
			if s.Part != of {
				continue
			}
			now = recordOff
			if s.Why == cdr.RecordingPaused {
				now = recordPaused
			}
		}
	}
	return now
}

// TestAnyRecordedTalkTellsAWholeStory is TestAnyTalkTellsAWholeStory of a queue whose
// talks may be, or always are, recorded.
func TestAnyRecordedTalkTellsAWholeStory(t *testing.T) {
	kinds := []string{
		"act", "act", "act", "recording", "recording", "tape", "tape", "tape", "lend", "lend", "ready", "answered",
		"answered", "offer", "gone", "crash", "survey", "timer", "node-lost", "page-gone", "phone-seen", "phone-seen",
	}
	rapid.Check(t, func(t *rapid.T) {
		w := newSmallWorld(t)
		w.startTalkOf(
			rapid.SampledFrom([]string{"alice", "david"}).Draw(t, "agent"), // david's phone is a page's
			rapid.SampledFrom([]string{"7", "8"}).Draw(t, "number"))
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			w.pass(8)
			w.one(kinds)
		}
		w.hangEverythingUp()
		w.check()
	})
}

// anyRecording draws what an agent may do with a recording.
func anyRecording(t *rapid.T) Act {
	return Recording{Do: rapid.SampledFrom([]RecordingDo{
		StartRecordingTalk, StopRecordingTalk, PauseRecordingTalk, ResumeRecordingTalk, "other",
	}).Draw(t, "recording")}
}

// A rule that nobody has given records nothing.
func TestTalksAreNotRecordedUnlessSaid(t *testing.T) {
	s := step{State: &State{Talk: &Talk{Queue: "support", Agent: "alice", Leg: "leg"}}, rules: testRules()}
	if err := s.setRecording(StartRecordingTalk); !errors.Is(err, ErrNotRecorded) {
		t.Errorf("start: %v", err)
	}
	if s.recordsTalk(); s.Talk.Record != recordOff || s.recordingRule("nowhere") == cdr.RecordAlways {
		t.Errorf("recorded: %+v", s.Talk)
	}
}

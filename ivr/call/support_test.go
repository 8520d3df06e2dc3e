package call

import (
	"testing"

	"pgregory.net/rapid"

	"linekeeper/cdr"
)

// readings are the codes a small Asterisk has begun to read, and what it has not told
// of it yet.
type readings struct {
	begun map[PlaybackID]int
	told  []event
}

// readOut begins to play what is to be played once.
func (w *smallWorld) readOut(cmd Play) {
	if !cmd.Once {
		return
	}
	if t := w.state.Talk; t == nil || t.Unread == "" {
		w.t.Fatalf("%s is played again, though it is known to have begun\n%s", cmd.Playback, w.story())
	}
	w.readings.begun[cmd.Playback]++
	w.readings.told = append(w.readings.told, begun{playback: cmd.Playback})
}

// tellReading tells the next thing of a reading.
func (w *smallWorld) tellReading() {
	if len(w.readings.told) > 0 {
		ev := w.readings.told[0]
		w.readings.told = w.readings.told[1:]
		w.take(ev)
	}
}

// checkReadings: what the call takes for read has been begun, to both.
func (w *smallWorld) checkReadings() {
	s := step{State: &w.state}
	if t := w.state.Talk; t == nil || t.Reading == 0 {
		return
	}
	for to := range 2 {
		if id := s.reading(to); w.readings.begun[id] == 0 {
			w.t.Fatalf("nobody reads %s: %+v\n%s", id, w.state.Talk, w.story())
		}
	}
}

// TestACodeIsReadThroughADeath: whenever the controller dies, the code is told and
// read to both, or neither; and it is not begun again once that is known.
func TestACodeIsReadThroughADeath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newSmallWorld(t)
		w.startTalk("3")
		dies := rapid.SampledFrom([]string{"unsaved", "saved", "before it heard of both", "knowing", "lives"}).Draw(t, "dies")
		if dies == "unsaved" || dies == "saved" {
			w.dying = dies
		}
		w.take(acted{agent: w.state.Talk.Agent, act: Support{Tool: "anydesk", Code: "123456789", How: cdr.SupportRead}, reply: make(chan error, 1)})
		w.dying = ""
		hears := map[string]int{"before it heard of both": rapid.IntRange(0, 1).Draw(t, "hears"), "knowing": 2}[dies]
		for range hears {
			w.tellReading()
		}
		if dies != "lives" {
			w.pass(60)
			w.step(func(s *step) { s.reclaim(w.inventory()) })
		}
		told := 0
		for _, f := range w.facts {
			if f.Kind() == cdr.KindSupportLinked {
				told++
			}
		}
		want := map[string]struct{ told, asked int }{
			"unsaved": {}, "saved": {1, 1}, "before it heard of both": {1, 2}, "knowing": {1, 1}, "lives": {1, 1},
		}[dies]
		if told != want.told {
			t.Fatalf("%s: told %d times, want %d\n%s", dies, told, want.told, w.story())
		}
		for to := range 2 {
			if n := w.readings.begun[playbackID(theCall, besideIt, w.state.Said-1+to)]; n != want.asked {
				t.Fatalf("%s: asked %d times to be read to %d, want %d\n%s", dies, n, to, want.asked, w.story())
			}
		}
	})
}

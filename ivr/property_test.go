package ivr_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"linekeeper/ivr"
)

// equal compares machines as a snapshot does: an empty map is no map.
func equal(a, b ivr.Machine) string { return cmp.Diff(a, b, cmpopts.EquateEmpty()) }

// TestAnyCallEndsOrWaits sends any events through any flow, sound or not: the
// machine never panics, always ends or waits for exactly what it has announced,
// and a snapshot taken anywhere does not change what follows.
func TestAnyCallEndsOrWaits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		flow := anyFlow(t)
		m, effects := ivr.Start(flow, map[string]string{"caller.name": "Ana", "language": "en"})
		watch := watcher{}
		watch.saw(t, m, effects)
		for range rapid.IntRange(0, 60).Draw(t, "events") {
			ev := anyEvent(t, m)
			twin := throughJSON(t, m)
			effects = m.Step(flow, ev)
			if diff := cmp.Diff(effects, twin.Step(flow, ev)); diff != "" {
				t.Fatalf("a snapshot changed what %#v does:\n%s", ev, diff)
			}
			if diff := equal(m, twin); diff != "" {
				t.Fatalf("a snapshot changed where %#v leads:\n%s", ev, diff)
			}
			watch.saw(t, m, effects)
		}
	})
}

// TestStaleEventsAreHarmless: an event naming an ID that is not awaited changes
// nothing at all.
func TestStaleEventsAreHarmless(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		flow := anyFlow(t)
		m := anyMachine(t, flow)
		before := throughJSON(t, m)
		id := rapid.IntRange(-1, m.LastID+2).Filter(func(id int) bool { return id != m.Playback && id != m.Timer }).Draw(t, "stale")
		for _, ev := range []ivr.Event{ivr.PlaybackEnded{ID: id}, ivr.TimerFired{ID: id}, ivr.TimerFired{ID: m.Playback}, ivr.PlaybackEnded{ID: m.Timer}, ivr.QueueLeft{Queue: "another"}, ivr.HoursAre{Hours: "others", Open: true}, ivr.Digit{Digit: "x"}} {
			if effects := m.Step(flow, ev); len(effects) > 0 {
				t.Fatalf("stale %#v had effects %v", ev, tell(effects))
			}
			if diff := equal(before, m); diff != "" {
				t.Fatalf("stale %#v changed the call:\n%s", ev, diff)
			}
		}
	})
}

// TestACrashOnlyRepeatsThePrompt: Resume keeps everything but the IDs, and when
// the repeated prompt has ended the caller stands where they stood.
func TestACrashOnlyRepeatsThePrompt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		flow := anyFlow(t)
		m := anyMachine(t, flow)
		before := throughJSON(t, m)
		m = throughJSON(t, m)
		effects := m.Resume(flow)
		if before.Playback != 0 && before.Phase == ivr.Prompting {
			if stop, ok := effects[0].(ivr.StopPlay); !ok || stop.ID != before.Playback {
				t.Fatalf("the playback from before the crash goes on: %v", tell(effects))
			}
		}
		if m.Phase == ivr.Prompting && before.Phase != ivr.Prompting {
			m.Step(flow, ivr.PlaybackEnded{ID: m.Playback})
		}
		noIDs := cmpopts.IgnoreFields(ivr.Machine{}, "LastID", "Playback", "Timer")
		if diff := cmp.Diff(before, m, noIDs, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("the crash changed the call:\n%s", diff)
		}
		if (m.Playback != 0) != (before.Playback != 0) || (m.Timer != 0) != (before.Timer != 0) {
			t.Fatalf("waits for something else: %+v before, %+v after", before, m)
		}
	})
}

// TestASilentCallerIsNotKeptForEver: without a key, every call comes to a queue
// or its end, in any flow.
func TestASilentCallerIsNotKeptForEver(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		flow := anyFlow(t)
		m, _ := ivr.Start(flow, nil)
		for range 3000 { // 100 steps, each with at most 10 tries of a prompt and a timer
			if m.Phase == ivr.Ended || m.Phase == ivr.Queued {
				return
			}
			m.Step(flow, ivr.PlaybackEnded{ID: m.Playback})
			m.Step(flow, ivr.TimerFired{ID: m.Timer})
			m.Step(flow, ivr.Back{})
			m.Step(flow, ivr.HoursAre{Hours: "office"})
		}
		t.Fatalf("still there: %+v", m)
	})
}

// TestALoopWithoutInputEndsTheCall: flows like these are refused by ivr/script;
// the machine does not hang if one comes through.
func TestALoopWithoutInputEndsTheCall(t *testing.T) {
	t.Parallel()
	flow := &ivr.Flow{Name: "loop", Start: "a", Steps: map[string]ivr.Step{
		"a": &ivr.GotoStep{Next: "b"}, "b": &ivr.SetStep{Next: "a"},
	}}
	m, effects := ivr.Start(flow, nil)
	want := `end fault congestion: 100 steps without a key pressed, the last one "a": the flow goes round in circles`
	if got := tell(effects); len(got) != 1 || got[0] != want {
		t.Fatalf("got %v, want %s", got, want)
	}
	if m.Phase != ivr.Ended {
		t.Fatalf("phase %s, want ended", m.Phase)
	}
}

// watcher holds the machine to what it announces: at most one playback and one
// timer, stopped and cancelled only while they live.
type watcher struct{ playback, timer int }

func (w *watcher) saw(t *rapid.T, m ivr.Machine, effects []ivr.Effect) {
	if w.playback != 0 && m.Playback != w.playback && !stops(effects, w.playback) {
		w.playback = 0 // ended by its event
	}
	if w.timer != 0 && m.Timer != w.timer && !cancels(effects, w.timer) {
		w.timer = 0
	}
	for _, e := range effects {
		switch e := e.(type) {
		case ivr.Play:
			w.mustBe(t, 0, w.playback, "a second playback begins")
			w.playback = e.ID
			if len(e.Prompts) == 0 {
				t.Fatal("a playback of nothing")
			}
		case ivr.StopPlay:
			w.mustBe(t, e.ID, w.playback, "a playback that does not run is stopped")
			w.playback = 0
		case ivr.SetTimer:
			w.mustBe(t, 0, w.timer, "a second timer begins")
			w.timer = e.ID
		case ivr.CancelTimer:
			w.mustBe(t, e.ID, w.timer, "a timer that does not run is cancelled")
			w.timer = 0
		}
	}
	w.mustBe(t, w.playback, m.Playback, "the machine awaits another playback")
	w.mustBe(t, w.timer, m.Timer, "the machine awaits another timer")
	waits := m.Playback != 0 || m.Timer != 0 || m.Phase == ivr.Queued || m.Phase == ivr.Aside
	if waits == (m.Phase == ivr.Ended) {
		t.Fatalf("neither ended nor waiting, or both: %+v", m)
	}
}

func (w *watcher) mustBe(t *rapid.T, want, got int, fault string) {
	if want != got {
		t.Fatalf("%s: %d, not %d", fault, got, want)
	}
}

func stops(effects []ivr.Effect, id int) bool {
	for _, e := range effects {
		if stop, ok := e.(ivr.StopPlay); ok && stop.ID == id {
			return true
		}
	}
	return false
}

func cancels(effects []ivr.Effect, id int) bool {
	for _, e := range effects {
		if cancel, ok := e.(ivr.CancelTimer); ok && cancel.ID == id {
			return true
		}
	}
	return false
}

// anyFlow draws a flow of up to eight steps, with loops and missing steps.
func anyFlow(t *rapid.T) *ivr.Flow {
	n := rapid.IntRange(1, 8).Draw(t, "steps")
	flow := &ivr.Flow{Name: "any", Version: "1", Language: "fr", Start: "s0", Steps: map[string]ivr.Step{}}
	for i := range n {
		flow.Steps[fmt.Sprintf("s%d", i)] = anyStep(t, n)
	}
	return flow
}

func anyStep(t *rapid.T, n int) ivr.Step {
	next := func() string { // one in nine is not there
		return fmt.Sprintf("s%d", rapid.IntRange(0, n+n/8).Draw(t, "next"))
	}
	prompts := func() []string { return rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b"}), 0, 2).Draw(t, "prompts") }
	retry := func() ivr.Retry {
		return ivr.Retry{Tries: rapid.IntRange(0, 3).Draw(t, "tries"), Prompts: prompts(), Next: next()}
	}
	ask := func() ivr.Ask {
		return ivr.Ask{Prompts: prompts(), BargeIn: rapid.Bool().Draw(t, "barge-in"), Wait: time.Second, NoInput: retry(), NoMatch: retry()}
	}
	switch rapid.SampledFrom([]string{"play", "menu", "menu", "collect", "collect", "set", "queue", "callback", "voicemail", "hours", "hangup", "goto"}).Draw(t, "type") {
	case "play":
		return &ivr.PlayStep{Prompts: prompts(), BargeIn: rapid.Bool().Draw(t, "barge-in"), Next: next()}
	case "menu":
		return &ivr.MenuStep{Ask: ask(), Choices: map[string]ivr.Choice{"1": {Label: "One", Next: next()}, "*": {Label: "Again", Replay: true}}}
	case "collect":
		return &ivr.CollectStep{
			Ask: ask(), Into: "number", Min: rapid.IntRange(0, 3).Draw(t, "min"), Max: rapid.IntRange(0, 4).Draw(t, "max"),
			End: rapid.SampledFrom([]string{"", "#", "*"}).Draw(t, "end"), Between: time.Second, Secret: rapid.Bool().Draw(t, "secret"), Next: next(),
		}
	case "set":
		return &ivr.SetStep{
			Variables: map[string]string{"v": "${number}${v}"[:rapid.SampledFrom([]int{0, 9, 13}).Draw(t, "text")]}, Attributes: map[string]string{"a": "${caller.name}"},
			Language: rapid.SampledFrom([]string{"", "fr", "nonsense"}).Draw(t, "language"), Needs: []ivr.Need{{Skill: "network", Level: 2}}, Next: next(),
		}
	case "queue":
		return &ivr.QueueStep{Queue: "q", On: map[string]string{"full": next()}, Next: rapid.SampledFrom([]string{"", "s0"}).Draw(t, "back")}
	case "callback":
		return &ivr.CallbackStep{Queue: "q", Next: rapid.SampledFrom([]string{"", "s0"}).Draw(t, "declined")}
	case "voicemail":
		return &ivr.VoicemailStep{Prompts: prompts(), Most: time.Minute, Next: rapid.SampledFrom([]string{"", "s0"}).Draw(t, "after")}
	case "hours":
		return &ivr.HoursStep{Hours: "office", Open: next(), Closed: next()}
	case "hangup":
		return &ivr.HangupStep{}
	}
	return &ivr.GotoStep{Next: next()}
}

// anyEvent draws an event, most often one the machine waits for.
func anyEvent(t *rapid.T, m ivr.Machine) ivr.Event {
	switch rapid.SampledFrom([]string{"key", "key", "key", "played", "played", "timer", "timer", "left", "back", "hours", "identified", "stale"}).Draw(t, "event") {
	case "key":
		return ivr.Digit{Digit: rapid.SampledFrom([]string{"1", "2", "7", "*", "#", "A", "", "12"}).Draw(t, "key")}
	case "played":
		return ivr.PlaybackEnded{ID: m.Playback, Failed: rapid.Bool().Draw(t, "failed")}
	case "timer":
		return ivr.TimerFired{ID: m.Timer}
	case "left":
		return ivr.QueueLeft{Queue: "q", Cause: rapid.SampledFrom([]string{"full", "max-wait"}).Draw(t, "cause")}
	case "back":
		return ivr.Back{}
	case "hours":
		return ivr.HoursAre{Hours: "office", Open: rapid.Bool().Draw(t, "open")}
	case "identified":
		return ivr.Identified{Language: rapid.SampledFrom([]string{"", "fr", "en", "\x00"}).Draw(t, "language"), Vars: map[string]string{"contact.name": "Ana"}}
	}
	return ivr.PlaybackEnded{ID: rapid.IntRange(0, m.LastID+1).Draw(t, "stale")}
}

// anyMachine draws a call somewhere in a flow.
func anyMachine(t *rapid.T, flow *ivr.Flow) ivr.Machine {
	m, _ := ivr.Start(flow, nil)
	for range rapid.IntRange(0, 30).Draw(t, "history") {
		m.Step(flow, anyEvent(t, m))
	}
	return m
}

// TestAQueueThatLetsNobodyInEndsTheCall: a flow that leads back to a full queue
// does not go round for ever without a pause.
func TestAQueueThatLetsNobodyInEndsTheCall(t *testing.T) {
	t.Parallel()
	flow := &ivr.Flow{Name: "full", Start: "line", Steps: map[string]ivr.Step{
		"line": &ivr.QueueStep{Queue: "q", Next: "line"},
	}}
	m, _ := ivr.Start(flow, nil)
	for range 200 {
		m.Step(flow, ivr.QueueLeft{Queue: "q", Cause: "full"})
	}
	if m.Phase != ivr.Ended || m.Outcome == nil || m.Outcome.Cause != ivr.EndFault {
		t.Fatalf("still going round: %+v", m)
	}
}

// TestGoingIntoAnotherFlowKeepsWhatTheCallCarries: from anywhere in any flow.
func TestGoingIntoAnotherFlowKeepsWhatTheCallCarries(t *testing.T) {
	t.Parallel()
	other := &ivr.Flow{Name: "other", Version: "9", Language: "de", Start: "menu", Steps: map[string]ivr.Step{
		"menu": &ivr.MenuStep{Ask: ivr.Ask{Prompts: []string{"a"}, Wait: time.Second}, Choices: map[string]ivr.Choice{"1": {Next: "menu"}}},
	}}
	rapid.Check(t, func(t *rapid.T) {
		m := anyMachine(t, anyFlow(t))
		before := throughJSON(t, m)
		effects := m.GoInto(other)
		kept := cmpopts.IgnoreFields(ivr.Machine{}, "Flow", "Version", "At", "Phase", "LastID", "Playback", "Timer", "Asked", "AskedIn", "Keyed", "Ahead", "NoInput", "NoMatch", "Silent", "Line", "Offer", "Message", "Question", "Outcome")
		if diff := cmp.Diff(before, m, kept, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("lost on the way:\n%s", diff)
		}
		if m.Flow != "other" || m.Phase != ivr.Prompting || m.Playback <= before.LastID {
			t.Fatalf("is not at the other flow's menu: %+v", m)
		}
		if before.Playback != 0 && !stops(effects, before.Playback) {
			t.Fatalf("the old prompt goes on: %v", tell(effects))
		}
	})
}

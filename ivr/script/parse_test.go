package script_test

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/ivr"
	"linekeeper/ivr/script"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata with what happens now")

const seeds = "../../deploy/lab/seed/definitions/flows"

// lab is what the lab's floor and prompts offer.
var lab = script.Context{
	Queues:    []string{"support-n1", "support-n2", "bench"},
	Skills:    []string{"windows", "network"},
	Hours:     []string{"office"},
	Prompts:   []string{"welcome", "menu-support", "invalid", "no-input", "goodbye", "please-wait", "ask-ticket", "apology", "recording-notice"},
	Languages: []string{"fr", "en"},
}

// TestBadFlowsAreRefused: each file in testdata/bad is refused with the errors in
// the .err file beside it, which are read like documentation.
func TestBadFlowsAreRefused(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) < 40 {
		t.Fatalf("found %d bad flows, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".yaml"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			flow, err := script.Parse(filepath.Base(path), src, lab)
			if err == nil || flow != nil {
				t.Fatalf("accepted as %+v", flow)
			}
			golden(t, strings.TrimSuffix(path, ".yaml")+".err", err.Error()+"\n")
			var problem *script.Problem
			if !errors.As(err, &problem) || problem.Line < 1 || problem.Column < 1 || problem.Reason == "" {
				t.Fatalf("the error names no place: %#v", problem)
			}
		})
	}
}

func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestTheLabsFlowsAreSound(t *testing.T) {
	t.Parallel()
	flows, err := script.Load(seeds, lab)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"helpdesk", "direct-support", "bench"} {
		if flow := flows[name]; flow == nil || flow.Name != name || len(flow.Version) != 16 {
			t.Errorf("flow %s is %+v", name, flow)
		}
	}
	if step, ok := flows["bench"].Steps[flows["bench"].Start].(*ivr.QueueStep); !ok || step.Queue != "bench" {
		t.Errorf("bench does not begin in its queue: %+v", flows["bench"])
	}
}

// TestEverythingIsRead compares a flow that uses every field with what it must
// compile to.
func TestEverythingIsRead(t *testing.T) {
	t.Parallel()
	got, err := script.ParseFile("testdata/good/full.yaml", lab)
	if err != nil {
		t.Fatal(err)
	}
	three, four, six := 3, 4, 6
	want := map[string]ivr.Step{
		"hello": &ivr.PlayStep{Prompts: []string{"welcome", "asterisk/queue-thankyou", "asterisk/digits/1"}, Language: "en", Next: "menu"},
		"menu": &ivr.MenuStep{
			Ask: ivr.Ask{
				Prompts: []string{"menu-support"}, Language: "fr", Wait: 1500 * time.Millisecond,
				NoInput: ivr.Retry{Tries: 1, Prompts: []string{"no-input"}, Next: "line"},
				NoMatch: ivr.Retry{Tries: 4, Prompts: []string{"invalid"}, Next: "bye"},
			},
			Choices: map[string]ivr.Choice{
				"1": {Label: "Incident", Next: "ask"}, "0": {Label: "Zéro", Next: "elsewhere"},
				"#": {Label: "Fin", Next: "bye"}, "*": {Label: "Réécouter", Replay: true},
			},
		},
		"ask": &ivr.CollectStep{
			Ask: ivr.Ask{
				Prompts: []string{"ask-ticket"}, BargeIn: true, Wait: 5 * time.Second,
				NoInput: ivr.Retry{Tries: 2, Next: "carry"}, NoMatch: ivr.Retry{Tries: 3, Next: "carry"},
			},
			Into: "ticket.number", Min: 0, Max: 8, End: "", Between: 2 * time.Second, Next: "carry",
		},
		"carry": &ivr.SetStep{
			Variables: map[string]string{"who": "${caller.name}"}, Attributes: map[string]string{"ticket": "${ticket.number}\n", "price": "5 $${"},
			Language: "${contact.language}", Priority: &four, Needs: []ivr.Need{{Skill: "network", Level: 2}, {Skill: "windows", Level: 10}}, Next: "line",
		},
		"elsewhere": &ivr.GotoStep{Next: "door"},
		"door":      &ivr.HoursStep{Hours: "office", Open: "line", Closed: "ring-back"},
		"line":      &ivr.QueueStep{Queue: "support-n1", Priority: &six, Needs: []ivr.Need{{Skill: "windows", Level: 1}}, Music: "calm", Next: "bye", On: map[string]string{"full": "ring-back", "max-wait": "ring-back", "key": "menu"}},
		"ring-back": &ivr.CallbackStep{Queue: "support-n1", Priority: &three, Needs: []ivr.Need{{Skill: "network", Level: 2}}, Next: "message"},
		"message":   &ivr.VoicemailStep{Prompts: []string{"please-wait"}, Most: 90 * time.Second, Next: "bye"},
		"bye":       &ivr.HangupStep{Reason: ivr.HangupBusy},
	}
	if diff := cmp.Diff(want, got.Steps); diff != "" {
		t.Fatalf("steps (-want +got):\n%s", diff)
	}
	if got.Name != "full" || got.Language != "fr" || got.Start != "hello" {
		t.Fatalf("head is %s %s %s", got.Name, got.Language, got.Start)
	}
}

func TestAVersionIsTheContents(t *testing.T) {
	t.Parallel()
	version := func(name, src string) string {
		flow, err := script.Parse(name, []byte(src), script.Context{})
		if err != nil {
			t.Fatal(err)
		}
		return flow.Version
	}
	one := version("a.yaml", "start: a\nsteps: {a: {type: hangup}}\n")
	if same := version("/elsewhere/b.yaml", "start: a\nsteps: {a: {type: hangup}}\n"); one != same {
		t.Errorf("the same contents are versions %s and %s", one, same)
	}
	if other := version("a.yaml", "start: a\nsteps: {a: {type: hangup, reason: busy}}\n"); one == other {
		t.Errorf("other contents are the same version %s", one)
	}
}

// TestLoadTellsEverything: all that is wrong with all files comes at once.
func TestLoadTellsEverything(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, src := range map[string]string{
		"one.yaml":   "start: a\nsteps: {a: {type: hangup}}\n",
		"two.yaml":   "start: b\nsteps: {a: {type: hangup}}\n",
		"three.yaml": "start: a\nsteps: {a: {type: queue, queue: nowhere}, b: {type: jump}}\n",
		"four.yml":   "start: a\nsteps: {a: {type: hangup}}\n",
		"notes.txt":  "not a flow",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(src), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	flows, err := script.Load(dir, lab)
	if err == nil || flows != nil {
		t.Fatalf("loaded %v", flows)
	}
	for _, want := range []string{`two.yaml:1:8: there is no step "b"`, `three.yaml:2:33: unknown queue "nowhere"`, `unknown type "jump"`, "four.yml: flow files end in .yaml"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("not told: %s\nin: %v", want, err)
		}
	}
	if _, err := script.Load(filepath.Join(dir, "missing"), lab); err == nil {
		t.Error("a missing folder is no error")
	}
}

func TestAnUncheckedContextAllowsAnyName(t *testing.T) {
	t.Parallel()
	src := []byte("start: a\nsteps: {a: {type: queue, queue: anything, needs: {juggling: 3}}}\n")
	if _, err := script.Parse("x.yaml", src, script.Context{}); err != nil {
		t.Fatal(err)
	}
	if _, err := script.Parse("x.yaml", src, script.Context{Queues: []string{}, Skills: []string{}}); err == nil {
		t.Fatal("an empty list allows a queue")
	}
}

func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"testdata/bad/*.yaml", "testdata/good/*.yaml", seeds + "/*.yaml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, path := range files {
			src, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(src)
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		flow, err := script.Parse("fuzz.yaml", src, lab)
		if err != nil {
			if flow != nil || err.Error() == "" {
				t.Fatalf("refused with %v, %q", flow, err)
			}
			return
		}
		script.Draw(flow)
		// What was accepted leads a silent caller to a queue or the end.
		m, _ := ivr.Start(flow, nil)
		for i := 0; m.Phase != ivr.Ended && m.Phase != ivr.Queued; i++ {
			if i > 3000 {
				t.Fatalf("a silent caller stays for ever: %+v", m)
			}
			m.Step(flow, ivr.PlaybackEnded{ID: m.Playback})
			m.Step(flow, ivr.TimerFired{ID: m.Timer})
		}
		if m.Outcome != nil && m.Outcome.Cause == ivr.EndFault {
			t.Fatalf("an accepted flow is at fault: %s", m.Outcome.Detail)
		}
	})
}

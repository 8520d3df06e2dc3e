package ivr_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"linekeeper/ivr"
	"linekeeper/ivr/script"
)

var update = flag.Bool("update", false, "rewrite the transcripts in testdata with what happens now")

// TestTranscripts plays the calls in testdata/*.txt: what happens to the call
// above each line of dashes, what the machine does below it. Read them as phone
// calls; after a change rewrite them with -update and read the diff.
//
// Commands: "dial FLOW [name=value…]", "keys 12#", "played [ID] [failed]",
// "silence" (the timer runs out), "timer ID", "identified [language=…] [name=…]",
// "left QUEUE CAUSE", "back" (what was done aside is over), "hours NAME open|closed", "into FLOW", "crash" (snapshot, JSON, Resume), "redeploy FLOW" (the same
// with another flow in place), "where" (what the machine holds).
func TestTranscripts(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no transcripts: %v", err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			t.Parallel()
			src, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := replay(t, string(src))
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(src) {
				t.Errorf("%s tells another story now; run with -update and read the diff. Now:\n%s", path, got)
			}
		})
	}
}

// replay runs the commands of a transcript and writes it anew.
func replay(t *testing.T, src string) string {
	t.Helper()
	c := &calling{t: t}
	var out []string
	for block := range strings.SplitSeq(strings.TrimSpace(src), "\n\n") {
		commands, _, exchange := strings.Cut(block+"\n", "----\n")
		if !exchange {
			out = append(out, strings.TrimSpace(block)) // a comment
			continue
		}
		var said []string
		for line := range strings.Lines(commands) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				said = append(said, c.do(line)...)
			}
		}
		if len(said) == 0 {
			said = []string{"nothing"}
		}
		out = append(out, commands+"----\n"+strings.Join(said, "\n"))
	}
	return strings.Join(out, "\n\n") + "\n"
}

// calling is one call being replayed.
type calling struct {
	t    *testing.T
	flow *ivr.Flow
	m    ivr.Machine
}

func (c *calling) do(line string) []string {
	words := strings.Fields(line)
	arg := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	id := func(unless int) int {
		if n, err := strconv.Atoi(arg(1)); err == nil {
			return n
		}
		return unless
	}
	switch words[0] {
	case "dial":
		c.flow = readFlow(c.t, arg(1))
		m, effects := ivr.Start(c.flow, pairs(words[2:]))
		c.m = m
		return tell(effects)
	case "keys":
		var out []string
		for _, key := range arg(1) {
			out = append(out, tell(c.m.Step(c.flow, ivr.Digit{Digit: string(key)}))...)
		}
		return out
	case "played":
		return tell(c.m.Step(c.flow, ivr.PlaybackEnded{ID: id(c.m.Playback), Failed: words[len(words)-1] == "failed"}))
	case "silence":
		return tell(c.m.Step(c.flow, ivr.TimerFired{ID: c.m.Timer}))
	case "timer":
		return tell(c.m.Step(c.flow, ivr.TimerFired{ID: id(0)}))
	case "identified":
		vars := pairs(words[1:])
		language := vars["language"]
		delete(vars, "language")
		return tell(c.m.Step(c.flow, ivr.Identified{Language: language, Vars: vars}))
	case "left":
		return tell(c.m.Step(c.flow, ivr.QueueLeft{Queue: arg(1), Cause: arg(2)}))
	case "back":
		return tell(c.m.Step(c.flow, ivr.Back{}))
	case "hours":
		return tell(c.m.Step(c.flow, ivr.HoursAre{Hours: arg(1), Open: arg(2) == "open"}))
	case "into":
		c.flow = readFlow(c.t, arg(1))
		return tell(c.m.GoInto(c.flow))
	case "crash":
		c.m = throughJSON(c.t, c.m)
		return tell(c.m.Resume(c.flow))
	case "redeploy":
		c.flow = readFlow(c.t, arg(1))
		c.m = throughJSON(c.t, c.m)
		return tell(c.m.Resume(c.flow))
	case "where":
		return where(c.m)
	}
	c.t.Fatalf("unknown command %q", line)
	return nil
}

// readFlow finds a flow among the lab's own, then among the test flows.
func readFlow(t *testing.T, name string) *ivr.Flow {
	t.Helper()
	path := filepath.Join("..", "deploy", "lab", "seed", "definitions", "flows", name+".yaml")
	if _, err := os.Stat(path); err != nil {
		path = filepath.Join("testdata", "flows", name+".yaml")
	}
	flow, err := script.ParseFile(path, script.Context{})
	if err != nil {
		t.Fatal(err)
	}
	return flow
}

// pairs reads name=value words; "_" in a value stands for a space.
func pairs(words []string) map[string]string {
	out := map[string]string{}
	for _, word := range words {
		name, value, _ := strings.Cut(word, "=")
		out[name] = strings.ReplaceAll(value, "_", " ")
	}
	return out
}

// failer is what testing.T and rapid.T have in common here.
type failer interface {
	Helper()
	Fatal(args ...any)
}

// throughJSON is what a snapshot and a restart do to a machine.
func throughJSON(t failer, m ivr.Machine) ivr.Machine {
	t.Helper()
	data, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	var back ivr.Machine
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	return back
}

func tell(effects []ivr.Effect) []string {
	var out []string
	for _, e := range effects {
		out = append(out, tellOne(e))
	}
	return out
}

func tellOne(e ivr.Effect) string {
	switch e := e.(type) {
	case ivr.Play:
		return fmt.Sprintf("play %d: %s (%s)", e.ID, strings.Join(e.Prompts, ", "), e.Language)
	case ivr.StopPlay:
		return fmt.Sprintf("stop play %d", e.ID)
	case ivr.SetTimer:
		return fmt.Sprintf("timer %d in %v", e.ID, e.After)
	case ivr.CancelTimer:
		return fmt.Sprintf("cancel timer %d", e.ID)
	case ivr.Chosen:
		return fmt.Sprintf("chosen %s %s %q", e.Menu, e.Digit, e.Choice)
	case ivr.CollectedDigits:
		return fmt.Sprintf("collected %s %q secret=%v", e.Step, e.Value, e.Secret)
	case ivr.SetLanguage:
		return "language " + e.Language
	case ivr.SetAttribute:
		return fmt.Sprintf("attribute %s=%q", e.Name, e.Value)
	case ivr.EnterQueue:
		return fmt.Sprintf("enter queue %s priority=%d needs=%v language=%s attributes=%s music=%q",
			e.Queue, e.Priority, e.Needs, e.Language, inOrder(e.Attributes), e.Music)
	case ivr.OfferCallback:
		return fmt.Sprintf("offer callback from queue %s priority=%d needs=%v language=%s", e.Place.Queue, e.Place.Priority, e.Place.Needs, e.Place.Language)
	case ivr.TakeMessage:
		return fmt.Sprintf("take message of %s after %q last=%v", e.Most, e.Prompts, e.Last)
	case ivr.AskHours:
		return "ask hours " + e.Hours
	case ivr.End:
		return fmt.Sprintf("end %s %s: %s", e.Cause, e.Reason, e.Detail)
	}
	return fmt.Sprintf("unknown effect %T", e)
}

func where(m ivr.Machine) []string {
	out := []string{fmt.Sprintf("at %s, %s", m.At, m.Phase)}
	if m.Keyed+m.Ahead != "" {
		out = append(out, fmt.Sprintf("keyed %q, ahead %q", m.Keyed, m.Ahead))
	}
	if m.NoInput+m.NoMatch > 0 {
		out = append(out, fmt.Sprintf("no-input %d, no-match %d", m.NoInput, m.NoMatch))
	}
	if len(m.Vars) > 0 {
		out = append(out, "variables "+inOrder(m.Vars))
	}
	return out
}

func inOrder(m map[string]string) string {
	var out []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, fmt.Sprintf("%s:%q", name, m[name]))
	}
	return "[" + strings.Join(out, " ") + "]"
}

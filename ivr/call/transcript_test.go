package call

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

var update = flag.Bool("update", false, "rewrite the transcripts with what the calls do now")

// theCall is the one call of every transcript.
const theCall cdr.CallID = "01890000-0000-7000-8000-000000000001"

// phoneCall plays a transcript: one call's state, stepped by written events.
type phoneCall struct {
	rules *Rules
	state State
	now   time.Time
	offer cdr.OfferID
}

// TestTranscripts plays each file of testdata: lines at the margin are events,
// indented lines what the call then does. Run with -update to accept changes,
// and read the difference.
func TestTranscripts(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no transcripts", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(src))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(string(src), got); diff != "" {
				t.Errorf("the call went otherwise (-written +played):\n%s", diff)
			}
		})
	}
}

func play(t *testing.T, script string) string {
	t.Helper()
	p := &phoneCall{
		rules: testRules(),
		state: State{Call: theCall, Channel: "caller", Node: "lab"},
		now:   time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
	}
	var out strings.Builder
	for line := range strings.Lines(script) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, " "): // what was written before; played anew
		case line == "" || strings.HasPrefix(line, "#"):
			fmt.Fprintln(&out, line)
		default:
			fmt.Fprintln(&out, line)
			for _, said := range p.event(t, strings.Fields(line)) {
				fmt.Fprintln(&out, "  "+said)
			}
		}
	}
	return out.String()
}

// testRules are two flows: a menu before the queue, and straight into it.
func testRules() *Rules {
	menu := &ivr.Flow{Name: "helpdesk", Version: "v1", Language: "fr", Start: "welcome", Steps: map[string]ivr.Step{
		"welcome": &ivr.PlayStep{Prompts: []string{"welcome"}, Next: "menu"},
		"menu": &ivr.MenuStep{
			Ask: ivr.Ask{
				Prompts: []string{"menu-support"}, BargeIn: true, Wait: 5 * time.Second,
				NoInput: ivr.Retry{Tries: 2, Next: "line"}, NoMatch: ivr.Retry{Tries: 2, Next: "bye"},
			},
			Choices: map[string]ivr.Choice{"1": {Label: "Incident", Next: "line"}},
		},
		"line": &ivr.QueueStep{Queue: "support", Needs: []ivr.Need{{Skill: "windows", Level: 2}}},
		"bye":  &ivr.HangupStep{},
	}}
	direct := &ivr.Flow{Name: "direct", Version: "v1", Language: "fr", Start: "line", Steps: map[string]ivr.Step{
		"line": &ivr.QueueStep{Queue: "support"},
	}}
	return &Rules{
		Routes:  map[string]Route{"1": {Flow: "helpdesk", Language: "fr"}, "3": {Flow: "direct", Language: "fr"}},
		Flows:   map[string]*ivr.Flow{"helpdesk": menu, "direct": direct},
		Queues:  map[string]queue.Definition{"support": {Label: queue.Label{ID: "support"}, Music: "default", ShortAbandon: 5 * time.Second}},
		PopWait: 400 * time.Millisecond,
	}
}

// event plays one written event and writes down what the call does.
func (p *phoneCall) event(t *testing.T, words []string) []string {
	t.Helper()
	arg := func(i int) string {
		if i < len(words) {
			return words[i]
		}
		return ""
	}
	known := len(p.state.Pending)
	s := &step{State: &p.state, rules: p.rules, now: p.now}
	switch words[0] {
	case "after":
		d, err := time.ParseDuration(arg(1))
		if err != nil {
			t.Fatal(err)
		}
		p.now = p.now.Add(d)
		return nil
	case "crash":
		return p.crash(t)
	case "arrive":
		s.take(fromSwitch{Incoming{Node: "lab", Channel: "caller", Number: arg(1), Caller: cdr.Caller{Number: "+33199001001"}}})
	case "found":
		s.take(found{cdr.Contact{ID: "c1", Name: arg(1), Language: arg(2)}})
	case "digit":
		s.take(fromSwitch{Digit{Channel: "caller", Digit: arg(1)}})
	case "played":
		n, _ := strconv.Atoi(arg(1))
		s.take(fromSwitch{PlaybackEnded{Channel: "caller", Playback: playbackID(theCall, n)}})
	case "timer":
		s.take(timeUp{key: arg(1)})
	case "offer":
		p.offer = queue.OfferName(theCall, p.state.Offers+1)
		s.take(offerMade{
			Offer:    queue.Offer{ID: p.offer, Call: theCall, Agent: arg(1), Queue: "support", Ring: 20 * time.Second, Why: []cdr.Why{{Agent: arg(1), Verdict: cdr.Chosen}}},
			awaitPop: arg(2) == "console",
		})
	case "withdraw":
		s.take(offerWithdrawn{queue.Withdraw{Offer: p.offer, Call: theCall, Outcome: cdr.OfferOutcome(arg(1))}})
	case "popped":
		s.take(popShown{agent: arg(1), offer: p.offer})
	case "leg-ready":
		s.take(fromSwitch{LegReady{Channel: LegID(p.offer)}})
	case "answered":
		s.take(fromSwitch{Answered{Channel: LegID(p.offer)}})
	case "gone":
		code, _ := strconv.Atoi(arg(2))
		s.take(fromSwitch{Gone{Channel: p.channel(arg(1)), Code: code, Cause: cdr.EndHangup}})
	case "hang-up-asked":
		s.take(hangUpAsked{})
	case "node-lost":
		s.take(fromSwitch{NodeLost{Node: "lab"}})
	case "failed":
		s.take(commandFailed{cmd: map[string]Command{
			"create-leg": CreateLeg{Channel: LegID(p.offer)}, "dial": DialLeg{Channel: LegID(p.offer)},
			"answer": Answer{Channel: "caller"},
		}[arg(1)], err: errors.New("503")})
	case "survey":
		s.take(fromSwitch{p.inventory(words[1:])})
	case "reclaim":
		s.reclaim(p.inventory(words[1:]))
	default:
		t.Fatalf("unknown event %q", words[0])
	}
	return p.written(s.out, known)
}

func (p *phoneCall) channel(name string) ChannelID {
	if name == "leg" {
		return LegID(p.offer)
	}
	return ChannelID(name)
}

// inventory is written as channels with their state: "caller:up leg:ringing".
// "bridged" puts both into the call's bridge.
func (p *phoneCall) inventory(words []string) Inventory {
	inv := Inventory{Node: "lab", Began: p.now}
	for _, w := range words {
		name, how, _ := strings.Cut(w, ":")
		switch name {
		case "bridged":
			inv.Bridges = []BridgeSeen{{Bridge: BridgeFor(theCall), Channels: []ChannelID{"caller", LegID(p.offer)}}}
		case "reborn":
			inv.Reborn = true
		default:
			inv.Channels = append(inv.Channels, ChannelSeen{
				Channel: p.channel(name), Call: theCall, Up: how == "up", Ringing: how == "ringing",
			})
		}
	}
	return inv
}

// crash loses everything but what was saved.
func (p *phoneCall) crash(t *testing.T) []string {
	t.Helper()
	data, err := json.Marshal(&p.state)
	if err != nil {
		t.Fatal(err)
	}
	p.state = State{}
	if err := json.Unmarshal(data, &p.state); err != nil {
		t.Fatal(err)
	}
	return nil
}

// written is what a step did, in the order it is done: facts, floor, commands,
// timers.
func (p *phoneCall) written(m moves, known int) []string {
	var out []string
	for _, f := range p.state.Pending[known:] {
		story, _ := json.Marshal(f.Story)
		out = append(out, p.short(fmt.Sprintf("fact %s %s", f.Kind(), story)))
	}
	for _, ev := range m.floor {
		out = append(out, p.short(fmt.Sprintf("floor %s %s", strings.TrimPrefix(fmt.Sprintf("%T", ev), "queue."), asJSON(ev))))
	}
	for _, cmd := range m.commands {
		out = append(out, p.short(fmt.Sprintf("do %s %s", nameOf(cmd), asJSON(cmd))))
	}
	for _, tm := range m.timers {
		out = append(out, fmt.Sprintf("timer %s %s", tm.key, tm.after))
	}
	if m.lookUp {
		out = append(out, "look up")
	}
	if m.done {
		out = append(out, "done")
	}
	return out
}

// short makes a line readable: the call is C, its legs C-1, C-2.
func (p *phoneCall) short(line string) string { return strings.ReplaceAll(line, string(theCall), "C") }

func asJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(data)
}

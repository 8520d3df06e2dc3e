package asterisk

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cdr"
	"linekeeper/ivr/call"
)

var rewrite = flag.Bool("rewrite", false, "rewrite golden transcripts")

type sinkFunc func(call.SwitchEvent)

func (f sinkFunc) SwitchEvent(ev call.SwitchEvent) { f(ev) }

func testNode(t testing.TB, sink sinkFunc) *Node {
	t.Helper()
	cfg := Config{Node: "lab", URL: "http://127.0.0.1:1", User: "u", App: "linekeeper"}
	n, err := New(cfg, sink, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// frames are lines of a file of testdata, captured from Asterisk 22.10.1.
func frames(t testing.TB, name string) [][]byte {
	t.Helper()
	wire, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Split(bytes.TrimSpace(wire), []byte("\n"))
}

// The captured evening: a caller hears prompts, an agent's phone rings in vain,
// another answers and hangs up, the caller presses a key and leaves.
func TestACapturedEvening(t *testing.T) { captured(t, "wire.jsonl", "evening.golden") }

// Captured too: a phone holds and takes back, asks for a transfer that is declined
// and for one that is done, holds again and asks to join its other call.
func TestCapturedKeysOfAPhone(t *testing.T) { captured(t, "phone.jsonl", "phone.golden") }

func captured(t *testing.T, wire, golden string) {
	t.Helper()
	var got []call.SwitchEvent
	n := testNode(t, func(ev call.SwitchEvent) { got = append(got, ev) })
	for _, frame := range frames(t, wire) {
		if err := n.tell(frame); err != nil {
			t.Fatal(err)
		}
	}
	if *rewrite {
		if err := os.WriteFile("testdata/"+golden, []byte(transcript(t, got)), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/" + golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), transcript(t, got)); diff != "" {
		t.Error(diff)
	}
}

func transcript(t *testing.T, events []call.SwitchEvent) string {
	t.Helper()
	var b strings.Builder
	for _, ev := range events {
		raw, err := json.Marshal(ev)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimPrefix(fmt.Sprintf("%T", ev), "call.")
		b.WriteString(name + " " + string(raw) + "\n")
	}
	return b.String()
}

func TestFramesThatMeanNothing(t *testing.T) {
	for name, frame := range map[string]string{
		"not JSON":             `{"type":`,
		"no object":            `[1,2]`,
		"nothing":              ``,
		"null":                 `null`,
		"no type":              `{"channel":{"id":"1"}}`,
		"a type to come":       `{"type":"CallBroadcast","channel":{"id":"1"}}`,
		"a type of no use":     `{"type":"ChannelVarset","variable":"x"}`,
		"a number for a type":  `{"type":7}`,
		"start without args":   `{"type":"StasisStart","args":[],"channel":{"id":"1"}}`,
		"start with null args": `{"type":"StasisStart","args":null,"channel":null}`,
		"a transfer's channel": `{"type":"StasisStart","args":[],"channel":{"id":"Local/1"},"replace_channel":{"id":"2"}}`,
		"a bridge's playback":  `{"type":"PlaybackFinished","playback":{"id":"p","target_uri":"bridge:b","state":"done"}}`,
		"a caller who is up":   `{"type":"ChannelStateChange","channel":{"id":"1","state":"Up"}}`,
		"a caller who rings":   `{"type":"Dial","dialstatus":"RINGING","peer":{"id":"1"}}`,
		"a bad time":           `{"type":"StasisEnd","timestamp":"yesterday","channel":{"id":"1"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			n := testNode(t, func(ev call.SwitchEvent) { t.Errorf("told %T%+v", ev, ev) })
			if err := n.tell([]byte(frame)); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestCausesOfEnds(t *testing.T) {
	const leg = "lk-01a1fc41-0ec0-7821-a78f-ff2128a6ab43-1"
	ended := func(id, request, destroyed string) []string {
		fs := []string{
			`{"type":"ChannelHangupRequest",` + request + `"channel":{"id":"` + id + `"}}`,
			`{"type":"StasisEnd","channel":{"id":"` + id + `"}}`,
		}
		if destroyed != "" {
			fs = append(fs, `{"type":"ChannelDestroyed",`+destroyed+`"channel":{"id":"`+id+`"}}`)
		}
		return fs
	}
	for name, tc := range map[string]struct {
		frames []string
		want   []int
	}{
		"the caller says BYE, and nothing follows":   {ended("1", ``, ``), []int{16}},
		"the caller says BYE in a bridge":            {ended("1", ``, `"cause":16,`), []int{16}},
		"the caller cancels":                         {ended("1", `"cause":127,"tech_cause":487,`, ``), []int{16}},
		"we hang up on the caller":                   {ended("1", `"cause":32,"soft":true,`, `"cause":34,"tech_cause":503,`), []int{0, 34}},
		"the phone is busy":                          {ended(leg, `"cause":17,"tech_cause":486,`, `"cause":17,"tech_cause":486,`), []int{17}},
		"the dial timer, known at the very end only": {ended(leg, `"cause":32,"soft":true,`, `"cause":19,"tech_cause":480,`), []int{19}},
		"the phone says BYE":                         {ended(leg, ``, `"cause":16,`), []int{16}},
		"gone into the dialplan":                     {ended("1", ``, ``)[1:], []int{0}},
		"told twice by Asterisk":                     {append(ended(leg, ``, `"cause":16,`), ended(leg, ``, `"cause":16,`)...), []int{16}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []int
			n := testNode(t, func(ev call.SwitchEvent) {
				g, ok := ev.(call.Gone)
				if !ok || g.Cause != cdr.EndHangup {
					t.Errorf("told %T%+v", ev, ev)
				}
				got = append(got, g.Code)
			})
			for _, f := range tc.frames {
				if err := n.tell([]byte(f)); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A phone that talked and hangs up has its answer before Asterisk has cleared its
// channel away, so its agent is not kept waiting for that. Whatever else ends a leg is
// told when it has ended.
func TestAPhoneThatSaysByeIsGoneAtOnce(t *testing.T) {
	const leg = "lk-01a1fc41-0ec0-7821-a78f-ff2128a6ab43-1"
	for name, tc := range map[string]struct {
		id, request, channel string
		atOnce               int
	}{
		"says BYE":                    {leg, ``, `"state":"Up",`, 1},
		"says BYE and why":            {leg, `"cause":26,`, `"state":"Up",`, 1},
		"refuses":                     {leg, `"cause":17,"tech_cause":486,`, `"state":"Ringing",`, 0},
		"is hung up on by us":         {leg, `"cause":32,"soft":true,`, `"state":"Up",`, 0},
		"is hung up on by Asterisk":   {leg, `"cause":44,"soft":true,`, `"state":"Up",`, 0},
		"leaves tracks to be told of": {leg, ``, `"state":"Up","channelvars":{"LK_TRACKS":"t1"},`, 0},
		"is a caller's":               {"1795.0", ``, `"state":"Up",`, 0},
	} {
		t.Run(name, func(t *testing.T) {
			gone := 0
			n := testNode(t, func(ev call.SwitchEvent) {
				if _, is := ev.(call.Gone); is {
					gone++
				}
			})
			tell := func(kind, says string) {
				if err := n.tell([]byte(`{"type":"` + kind + `",` + says + `"channel":{` + tc.channel + `"id":"` + tc.id + `"}}`)); err != nil {
					t.Fatal(err)
				}
			}
			tell("ChannelHangupRequest", tc.request)
			if gone != tc.atOnce {
				t.Errorf("told gone %d times at once, want %d", gone, tc.atOnce)
			}
			tell("StasisEnd", ``)
			tell("ChannelDestroyed", `"cause":16,`)
			if gone != 1 {
				t.Errorf("told gone %d times in all", gone)
			}
		})
	}
}

// A channel told gone while the reading was under way is not in the inventory:
// a call must not be born of a caller who has left.
func TestAReadingOvertakenByTheEnd(t *testing.T) {
	var got []call.SwitchEvent
	n := testNode(t, func(ev call.SwitchEvent) { got = append(got, ev) })
	r := &reading{}
	const listed = `[{"id":"1","state":"Up","dialplan":{"app_name":"Stasis","app_data":"linekeeper,arrive,0199000001"}},
		{"id":"2","state":"Up","dialplan":{"app_name":"Stasis","app_data":"linekeeper2,arrive,0199000001"}},
		{"id":"3","state":"Up","dialplan":{"app_name":"MusicOnHold","app_data":"linekeeper,2"}},
		{"id":"4","state":"Ring","dialplan":{"app_name":"Stasis","app_data":"linekeeper"}},
		{"id":"lk-01a1fc41-0ec0-7821-a78f-ff2128a6ab43-1","state":"Down","dialplan":{"app_name":"","app_data":""}}]`
	if err := json.Unmarshal([]byte(listed), &r.channels); err != nil {
		t.Fatal(err)
	}
	if err := n.tell([]byte(`{"type":"StasisEnd","channel":{"id":"1"}}`)); err != nil {
		t.Fatal(err)
	}
	n.tellInventory(r, false)
	inv, ok := got[len(got)-1].(call.Inventory)
	if !ok || len(inv.Channels) != 2 {
		t.Fatalf("told %+v", got)
	}
	if orphan := inv.Channels[0]; orphan.Channel != "4" || orphan.Incoming != nil || orphan.Call != "" {
		t.Errorf("orphan %+v", orphan)
	}
	if made := inv.Channels[1]; made.Call != "01a1fc41-0ec0-7821-a78f-ff2128a6ab43" || made.Up || made.Ringing {
		t.Errorf("leg %+v", made)
	}
}

// Whatever comes over the socket, and whatever a reading holds, nothing panics
// and no two Incomings name one channel.
func FuzzTell(f *testing.F) {
	for _, name := range []string{"wire.jsonl", "phone.jsonl"} {
		for _, frame := range frames(f, name) {
			f.Add(frame, []byte(`[]`))
		}
	}
	f.Add([]byte(`{"type":"StasisStart","args":["arrive"],"channel":null}`), []byte(`[{"dialplan":{"app_name":"Stasis"}}]`))
	f.Fuzz(func(t *testing.T, frame, channels []byte) {
		arrived := map[call.ChannelID]int{}
		n := testNode(t, func(ev call.SwitchEvent) {
			if in, ok := ev.(call.Incoming); ok {
				arrived[in.Channel]++
			}
		})
		for range 2 {
			_ = n.tell(frame)
		}
		var r reading
		if json.Unmarshal(channels, &r.channels) == nil {
			n.tellInventory(&r, true)
		}
		for id, times := range arrived {
			if times > 1 || id == "" {
				t.Errorf("channel %q arrived %d times", id, times)
			}
		}
	})
}

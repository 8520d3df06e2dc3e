package call

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
	// message is the recording under way.
	message string
	// asked is where who asked for something will hear what came of it.
	asked chan error
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
		Routes:  map[string]Route{"1": {Flow: "helpdesk", Language: "fr"}, "3": {Flow: "direct", Language: "fr"}, "4": {Flow: "aside", Language: "en"}, "5": {Flow: "exits", Language: "fr"}, "6": {Flow: "busy", Language: "fr"}, "7": {Flow: "asked", Language: "fr"}, "8": {Flow: "always", Language: "fr"}, "10": {Flow: "door", Language: "fr"}, "11": {Flow: "owned", Language: "fr"}, "12": {Flow: "named", Language: "fr"}},
		Flows:   map[string]*ivr.Flow{"helpdesk": menu, "direct": direct, "aside": asideFlow(), "exits": exitsFlow(), "busy": busyFlow(), "asked": straightInto("asked"), "always": straightInto("always"), "door": doorFlow(), "owned": ownedFlow("owned", map[string]string{"category": "incident", "ticket_queue": "du menu"}), "named": ownedFlow("named", map[string]string{"ticket": "7"})},
		Queues:  testQueues(),
		Hours:   map[string]queue.Hours{"office": officeHours()},
		Phones:  map[string]queue.PhoneKind{"david": queue.PhoneWebRTC, "emma": queue.PhoneWebRTC, "gaelle": queue.PhoneWebRTC, "alice": queue.PhoneSIP},
		Desks:   map[string]bool{"gaelle": true},
		Zone:    time.UTC,
		PopWait: 400 * time.Millisecond,
		MayDial: mayDial, MayCallBack: mayCallBack(),
	}
}

// asideFlow asks for a callback, and takes a message of who wants none.
func asideFlow() *ivr.Flow {
	return &ivr.Flow{Name: "aside", Version: "v1", Language: "en", Start: "callback", Steps: map[string]ivr.Step{
		"callback":  &ivr.CallbackStep{Queue: "support", Needs: []ivr.Need{{Skill: "windows", Level: 2}}, Next: "voicemail"},
		"voicemail": &ivr.VoicemailStep{Most: time.Minute},
	}}
}

// ownedFlow speaks, gives the call attributes, and leads into a queue that keeps calls
// for the owners of tickets.
func ownedFlow(name string, attributes map[string]string) *ivr.Flow {
	return &ivr.Flow{Name: name, Version: "v1", Language: "fr", Start: "welcome", Steps: map[string]ivr.Step{
		"welcome": &ivr.PlayStep{Prompts: []string{"welcome"}, Next: "set"},
		"set":     &ivr.SetStep{Attributes: attributes, Next: "line"},
		"line":    &ivr.QueueStep{Queue: "owned"},
	}}
}

// exitsFlow goes on after its queue by cause.
func exitsFlow() *ivr.Flow {
	return &ivr.Flow{Name: "exits", Version: "v1", Language: "fr", Start: "line", Steps: map[string]ivr.Step{
		"line": &ivr.QueueStep{Queue: "support", On: map[string]string{"full": "sorry", "key": "menu"}},
		"menu": &ivr.MenuStep{
			Ask:     ivr.Ask{Prompts: []string{"menu-support"}, BargeIn: true, Wait: 5 * time.Second, NoInput: ivr.Retry{Next: "sorry"}, NoMatch: ivr.Retry{Next: "sorry"}},
			Choices: map[string]ivr.Choice{"1": {Label: "Incident", Next: "line"}},
		},
		"sorry": &ivr.PlayStep{Prompts: []string{"queue-full"}, Next: "bye"},
		"bye":   &ivr.HangupStep{},
	}}
}

// busyFlow leads into a queue that may answer with the busy tone.
func busyFlow() *ivr.Flow {
	return &ivr.Flow{Name: "busy", Version: "v1", Language: "fr", Start: "line", Steps: map[string]ivr.Step{
		"line": &ivr.QueueStep{Queue: "small"},
	}}
}

// doorFlow leads into a queue while the office is open, before it and after it.
func doorFlow() *ivr.Flow {
	return &ivr.Flow{Name: "door", Version: "v1", Language: "fr", Start: "door", Steps: map[string]ivr.Step{
		"door":  &ivr.HoursStep{Hours: "office", Open: "line", Closed: "night"},
		"line":  &ivr.QueueStep{Queue: "support", Next: "door"},
		"night": &ivr.VoicemailStep{Most: time.Minute},
	}}
}

// straightInto leads into a queue.
func straightInto(queue string) *ivr.Flow {
	return &ivr.Flow{Name: queue, Version: "v1", Language: "fr", Start: "line", Steps: map[string]ivr.Step{
		"line": &ivr.QueueStep{Queue: queue},
	}}
}

// testQueues are a queue with everything a caller may meet, one beside it, and
// one that may be busy.
func testQueues() map[string]queue.Definition {
	support := queue.Definition{
		Label: queue.Label{ID: "support"}, Music: "default", ShortAbandon: 5 * time.Second,
		Exits: map[string]queue.Overflow{
			"0": {Kind: cdr.ToQueue, Queue: "experts"}, "9": {Kind: cdr.ToVoicemail}, "8": {},
		},
		Callback: &queue.CallbackRule{
			Key: "1", Mode: cdr.AgentFirst, Tries: 2, RetryAfter: 5 * time.Minute, Ring: 25 * time.Second,
		},
		LastAgent: 30 * time.Second,
	}
	experts := queue.Definition{
		Label: queue.Label{ID: "experts"}, Music: "jazz",
		Callback: &queue.CallbackRule{
			Key: "1", Mode: cdr.CustomerFirst, Tries: 2,
			Windows: []queue.Window{
				{Label: queue.Label{ID: "morning"}, From: 9 * time.Hour, To: 11 * time.Hour},
				{Label: queue.Label{ID: "evening"}, From: 17 * time.Hour, To: 21 * time.Hour},
			},
		},
	}
	small := queue.Definition{
		Label: queue.Label{ID: "small"}, Most: 1,
		Overflow: map[cdr.LeaveCause]queue.Overflow{cdr.LeftFull: {Kind: cdr.ToBusy}},
	}
	return map[string]queue.Definition{
		"support": support, "experts": experts, "small": small,
		"owned":  {Label: queue.Label{ID: "owned"}, Music: "default", TicketOwner: 30 * time.Second},
		"asked":  {Label: queue.Label{ID: "asked"}, Music: "default", Recording: cdr.RecordAsked},
		"always": {Label: queue.Label{ID: "always"}, Music: "default", Recording: cdr.RecordAlways},
	}
}

// openTicket reads a ticket as the ticket system may tell it.
func openTicket(t *testing.T, words []string) *OpenTicket {
	return &OpenTicket{ID: unquoted(t, words[1]), Queue: unquoted(t, words[2]), Subject: unquoted(t, strings.Join(words[3:], " "))}
}

// unquoted reads text that may be written as Go writes strings.
func unquoted(t *testing.T, text string) string {
	t.Helper()
	if !strings.HasPrefix(text, `"`) {
		return text
	}
	plain, err := strconv.Unquote(text)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return plain
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
	case "arrive": // NUMBER [CALLER]
		s.take(fromSwitch{Incoming{Node: "lab", Channel: "caller", Number: arg(1), Caller: callerOf(arg(2))}})
	case "refuse": // PREFIX: definitions are applied by which nobody is called back there
		p.rules.MayCallBack = mayCallBack(arg(1))
	case "follow-up": // AGENT QUEUE IN [mine]: the call begins with it
		in, err := time.ParseDuration(arg(3))
		if err != nil {
			t.Fatal(err)
		}
		p.state, known = promisedState(), 0
		reply := make(chan error, 1)
		s.take(followUpAsked{FollowUp: FollowUp{
			Of: "01890000-0000-7000-8000-00000000000f", Agent: arg(1), Queue: arg(2), Number: "+33199001001", Name: "Marie",
			Contact: &cdr.Contact{ID: "c1", Name: "Marie"}, Language: "fr", At: p.now.Add(in), Note: "facture", Mine: arg(4) == "mine",
		}, reply: reply})
		p.asked = reply
	case "dial": // AGENT QUEUE: the call begins with it
		p.state, known = promisedState(), 0
		reply := make(chan error, 1)
		s.take(dialAsked{agent: arg(1), queue: arg(2), number: "+33199001001", reply: reply})
		p.asked = reply
	case "found":
		s.take(found{cdr.Contact{ID: "c1", Name: arg(1), Language: arg(2)}})
	case "digit":
		s.take(fromSwitch{Digit{Channel: "caller", Digit: arg(1)}})
	case "played":
		n, _ := strconv.Atoi(arg(1))
		s.take(fromSwitch{PlaybackEnded{Channel: p.state.Channel, Playback: playbackID(theCall, ofFlow, n)}})
	case "heard": // what is said beside the flow
		s.take(fromSwitch{PlaybackEnded{Channel: p.state.Channel, Playback: playbackID(theCall, besideIt, p.state.Said)}})
	case "recorded":
		d, err := time.ParseDuration(arg(1))
		s.take(fromSwitch{Recorded{Channel: "caller", Name: p.message, Length: d, Failed: err != nil}})
	case "placed": // QUEUE RANK LOW-HIGH [resumed SINCE]
		s.take(placed{p.placed(t, words[1:])})
	case "reprioritised":
		n, _ := strconv.Atoi(arg(1))
		s.take(reprioritised{queue.Reprioritised{Call: theCall, Queue: p.queue(), Stay: p.state.Stays, From: p.state.Line.Priority, Priority: n, By: "hugo", Cause: cdr.PriorityGiven}})
	case "out":
		s.take(sentOut{queue.Out{Call: theCall, Queue: p.queue(), Stay: p.state.Stays, Cause: cdr.LeaveCause(arg(1)), To: overflowTo(arg(2), arg(3))}})
	case "announce":
		s.take(toldToSay{p.announce(t, words[1:])})
	case "dial-back":
		try, _ := strconv.Atoi(arg(1))
		s.take(dialBack{queue.DialBack{Call: theCall, Queue: p.queue(), Stay: p.state.Stays, Try: try}})
	case "prefer":
		s.take(tied{Ties{Agents: []queue.Preference{{Agent: arg(1), Rule: arg(2), Ticket: unquoted(t, arg(3))}}}})
	case "ticket": // ID QUEUE "SUBJECT"
		s.take(tied{Ties{Ticket: openTicket(t, words)}})
	case "cancel":
		reply := make(chan error, 1)
		s.take(cancelAsked{by: cdr.Party(arg(1)), reply: reply})
	case "timer":
		key := arg(1)
		if key == "pop" {
			key = popTimer + string(p.offer)
		}
		s.take(timeUp{key: key})
	case "offer": // AGENT [console|callback] [both|desk]
		p.offer = queue.OfferName(theCall, p.state.Offers+1)
		s.take(offerMade{
			Offer: queue.Offer{
				ID: p.offer, Call: theCall, Agent: arg(1), Queue: p.queue(), Stay: p.state.Stays, Ring: 20 * time.Second,
				Why: []cdr.Why{{Agent: arg(1), Verdict: cdr.Chosen}}, Callback: slices.Contains(words, "callback"), On: reachIn(words),
			},
			awaitPop: slices.Contains(words, "console"),
		})
	case "lend", "unlend": // AGENT [console] [both|desk]: the floor's answer to Borrow
		p.lend(s, words)
	case "act": // AGENT ACT [ARGUMENT…]
		reply := make(chan error, 1)
		s.take(acted{agent: arg(1), act: actOf(t, words[2:]), reply: reply})
		p.asked = reply
	case "begun": // PLAYBACK: Asterisk reads
		s.take(begun{playback: playbackID(theCall, besideIt, number(t, arg(1)))})
	case "recording": // PART: Asterisk does
		s.take(tracksBegun{name: tracksName(theCall, number(t, arg(1)))})
	case "tracks-over": // PART: StopTracks was carried out
		s.take(tracksOver{name: tracksName(theCall, number(t, arg(1)))})
	case "tracks-kept": // PART [CHANNEL]
		s.take(fromSwitch{TracksKept{Channel: p.channel(arg(2)), Name: tracksName(theCall, number(t, arg(1)))}})
	case "not-taped":
		s.take(commandFailed{cmd: StartTracks{Channel: p.channel(arg(1))}, err: errors.New("503")})
	case "phone-holds":
		s.take(fromSwitch{PhoneHolds{Channel: p.channel(arg(2)), On: arg(1) == "on"}})
	case "phone-dials": // TO: alice's own phone does
		s.take(fromSwitch{Incoming{Node: "lab", Channel: "second", Number: arg(1), Phone: "alice"}})
	case "phone-seen": // AGENT STATE [desk]
		s.take(fromSwitch{PhoneSeen{Agent: arg(1), Desk: arg(3) == "desk", Phone: cdr.PhoneState(arg(2))}})
	case "phone-transfers":
		ev := PhoneTransfers{Channel: p.channel(arg(2)), To: arg(1)}
		if arg(3) != "" {
			ev.Other = p.channel(arg(3))
		}
		s.take(fromSwitch{ev})
	case "withdraw":
		s.take(offerWithdrawn{queue.Withdraw{Offer: p.offer, Call: theCall, Outcome: cdr.OfferOutcome(arg(1)), Reason: arg(2)}})
	case "popped":
		s.take(popShown{agent: arg(1), offer: p.offer})
	case "leg-ready":
		s.take(fromSwitch{LegReady{Channel: p.channel(arg(1))}})
	case "answered":
		s.take(fromSwitch{Answered{Channel: p.channel(arg(1))}})
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
			"answer": Answer{Channel: "caller"}, "outside": CreateOutsideLeg{Channel: p.channel("outside")}, "again": CreateLeg{Channel: p.channel("again")},
			"create-desk": CreateLeg{Channel: p.channel("desk")}, "dial-desk": DialLeg{Channel: p.channel("desk")},
			"record": Record{Channel: "caller", Name: p.message},
		}[arg(1)], err: errors.New("503")})
	case "not-recording":
		s.take(commandFailed{cmd: StopRecording{Name: p.message}, err: ErrGone})
	case "survey":
		s.take(fromSwitch{p.inventory(words[1:])})
	case "reclaim":
		s.reclaim(p.inventory(words[1:]))
	default:
		t.Fatalf("unknown event %q", words[0])
	}
	return append(p.written(s.out, known), p.answers()...)
}

func number(t *testing.T, word string) int {
	t.Helper()
	n, err := strconv.Atoi(word)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// channel reads the name of a channel: "leg" is the last offer's, "leg2" the
// second's, "desk" the last offer's to the desk phone, "outside" the last one dialled
// outside, "again" and "again-desk" the last ones by which a phone that went was rung
// again.
func (p *phoneCall) channel(name string) ChannelID {
	switch name {
	case "", "leg":
		return LegID(p.offer)
	case "outside":
		return OutsideLegID(theCall, p.state.Dialled)
	case "line":
		return p.state.Channel
	case "again":
		return AgainLegID(theCall, p.state.Rerung)
	case "desk":
		return DeskLegID(p.offer)
	case "again-desk":
		return AgainLegID(theCall, p.state.Rerung) + toDeskPhone
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(name, "leg")); err == nil {
		return LegID(queue.OfferName(theCall, n))
	}
	return ChannelID(name)
}

// queue is the queue the call is in.
func (p *phoneCall) queue() string {
	if p.state.Line == nil {
		return "support"
	}
	return p.state.Line.Queue
}

// placed is written "QUEUE RANK LOW-HIGH [resumed AGO [callback NUMBER]]".
func (p *phoneCall) placed(t *testing.T, words []string) queue.Placed {
	t.Helper()
	rank, err := strconv.Atoi(words[1])
	ev := queue.Placed{Call: theCall, Queue: words[0], Stay: p.state.Stays, Rank: rank, Wait: span(t, words[2])}
	if p.state.Line != nil {
		ev.EnteredAt = p.state.Line.EnteredAt
	}
	if len(words) > 3 {
		ago, _ := time.ParseDuration(words[4])
		ev.Resumed, ev.EnteredAt = "01890000-0000-7000-8000-000000000000", p.now.Add(-ago)
	}
	if len(words) > 6 {
		ev.Number, ev.Wish = words[6], queue.CallbackPlace{Mode: cdr.CustomerFirst, AskedAt: p.now.Add(-5 * time.Minute)}
	}
	if err != nil {
		t.Fatal(err)
	}
	return ev
}

// announce is written "place=3 wait=2m-5m periodic=queue-thanks callback".
func (p *phoneCall) announce(t *testing.T, words []string) queue.Announce {
	t.Helper()
	ev := queue.Announce{Call: theCall, Queue: p.queue(), Stay: p.state.Stays}
	for _, w := range words {
		what, value, _ := strings.Cut(w, "=")
		switch what {
		case "place":
			ev.Place, _ = strconv.Atoi(value)
		case "wait":
			ev.Wait = span(t, value)
		case "periodic":
			ev.Prompt = value
		case "callback":
			ev.Callback = true
		}
	}
	return ev
}

// span is written "2m-5m"; "-" is none.
func span(t *testing.T, text string) queue.Wait {
	t.Helper()
	if text == "-" {
		return queue.Wait{}
	}
	low, high, _ := strings.Cut(text, "-")
	var w queue.Wait
	var err error
	if w.Low, err = time.ParseDuration(low); err != nil {
		t.Fatal(err)
	}
	if w.High, err = time.ParseDuration(high); err != nil {
		t.Fatal(err)
	}
	return w
}

func overflowTo(kind, target string) *queue.Overflow {
	if kind == "" {
		return nil
	}
	return &queue.Overflow{Kind: cdr.OverflowKind(kind), Queue: of(kind == "queue", target), Flow: of(kind == "flow", target), Number: of(kind == "number", target)}
}

func of(is bool, value string) string {
	if is {
		return value
	}
	return ""
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
		if r, is := cmd.(Record); is {
			p.message = r.Name
		}
		out = append(out, p.short(fmt.Sprintf("do %s %s", nameOf(cmd), asJSON(cmd))))
	}
	for _, tm := range m.timers {
		out = append(out, p.short(fmt.Sprintf("timer %s %s", tm.key, tm.after)))
	}
	if m.lookUp {
		out = append(out, "look up")
	}
	if m.lineGone {
		out = append(out, "line gone")
	}
	if m.done {
		out = append(out, "done")
	}
	for _, reply := range m.replies {
		reply()
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
	return nothing.ReplaceAllString(string(data), "")
}

// nothing are the fields of an event that say nothing.
var nothing = regexp.MustCompile(`,"[A-Za-z]+":(null|"0001-01-01T00:00:00Z")`)

// reachIn reads which phones of an agent are to be rung.
func reachIn(words []string) queue.Reach {
	for _, on := range []queue.Reach{queue.OnBoth, queue.OnDesk} {
		if slices.Contains(words, string(on)) {
			return on
		}
	}
	return queue.OnPhone
}

// promisedState is the state of a call nobody rings us with.
func promisedState() State { return State{Call: theCall, Node: "lab", Gone: true} }

package call

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// TestAnyCallTellsAWholeStory sends any events through a call, likely ones and
// late ones, with crashes in between, against a small Asterisk and a small floor:
// every offer ends once, every talk ends once, every place is left once, no
// channel is left behind, and the call comes to its end.
func TestAnyCallTellsAWholeStory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newSmallWorld(t)
		w.begin(func(s *step) {
			s.take(fromSwitch{Incoming{Node: "lab", Channel: "caller", Number: rapid.SampledFrom([]string{"1", "3", "4", "5", "6", "10"}).Draw(t, "number"), Caller: cdr.Caller{Number: "+33199001001"}}})
		})
		for range rapid.IntRange(0, 80).Draw(t, "events") {
			w.now = w.now.Add(time.Duration(rapid.IntRange(0, 20000).Draw(t, "ms")) * time.Millisecond)
			w.anything()
		}
		w.hangEverythingUp()
		w.check()
	})
}

// begin begins the call: somebody rings, or it was promised.
func (w *smallWorld) begin(rings func(*step)) {
	how := rapid.SampledFrom([]string{"rings", "rings", "rings", "promised", "dials"}).Draw(w.t, "begins")
	if how == "rings" {
		w.step(rings)
		return
	}
	w.state = promisedState()
	clear(w.channels)
	if how == "dials" {
		w.step(func(s *step) {
			s.take(dialAsked{agent: rapid.SampledFrom([]string{"alice", "david"}).Draw(w.t, "dials"), queue: "support", number: "+33199001001", reply: make(chan error, 1)})
		})
		return
	}
	f := FollowUp{Agent: "alice", Queue: "support", Number: "+33199001001", At: w.now.Add(time.Minute), Mine: rapid.Bool().Draw(w.t, "mine")}
	w.step(func(s *step) { s.take(followUpAsked{FollowUp: f, reply: make(chan error, 1)}) })
}

// smallWorld is an Asterisk and a floor, as far as one call sees them.
type smallWorld struct {
	t     *rapid.T
	rules *Rules
	state State
	now   time.Time
	facts []cdr.Fact

	// Asterisk: the channels there are, and how each is.
	channels map[ChannelID]string // down, ringing, up
	made     map[ChannelID]bool   // legs ever asked for

	// The floor: whether the call has a place, and the offers it waits for.
	placed string
	open   map[cdr.OfferID]string // by agent
	over   map[cdr.OfferID]int
	// wanted are agents asked for by name, and not answered yet.
	wanted []queue.Borrow

	tapes    tapes
	readings readings
	// joining is the line that a phone has asked for a transfer on, and its other one.
	joining map[ChannelID]ChannelID
	// dialled is what agents' phones have dialled by themselves.
	dialled map[ChannelID]Incoming
	// dying: the controller dies in the step under way (dies).
	dying string
}

func newSmallWorld(t *rapid.T) *smallWorld {
	return &smallWorld{
		t: t, rules: rulesWithDesk(), state: State{Call: theCall, Channel: "caller", Node: "lab"},
		now:      time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
		channels: map[ChannelID]string{"caller": "up"}, made: map[ChannelID]bool{},
		open: map[cdr.OfferID]string{}, over: map[cdr.OfferID]int{}, joining: map[ChannelID]ChannelID{}, dialled: map[ChannelID]Incoming{},
		tapes:    tapes{running: map[ChannelID]string{}, used: map[string]bool{}},
		readings: readings{begun: map[PlaybackID]int{}},
	}
}

// step takes one step, sees to what it wants done, and goes through a snapshot.
func (w *smallWorld) step(decide func(*step)) {
	if w.state.Over {
		return
	}
	before := w.saved()
	s := &step{State: &w.state, rules: w.rules, now: w.now}
	decide(s)
	if w.dying != "" && !w.state.Over {
		w.lost(s.out.commands, before)
		return
	}
	w.facts = append(w.facts, w.state.Pending...)
	w.state.Pending = nil
	for _, ev := range s.out.floor {
		w.floor(ev)
	}
	for _, cmd := range s.out.commands {
		w.asterisk(cmd)
	}
	w.checkTapes()
	w.checkReadings()
	w.checkLegs()
	w.state = w.saved()
}

// saved is the state as it comes back from where it is kept.
func (w *smallWorld) saved() State {
	data, err := json.Marshal(&w.state)
	if err != nil {
		w.t.Fatal(err)
	}
	state := State{Wanted: w.state.Wanted} // which outlives a step, not a controller
	if err := json.Unmarshal(data, &state); err != nil {
		w.t.Fatal(err)
	}
	return state
}

// floor is what the floor makes of what it is told.
func (w *smallWorld) floor(ev queue.Event) {
	switch ev := ev.(type) {
	case queue.Enter:
		w.placed = ev.Queue
		for _, o := range ev.Open {
			w.open[o.ID] = o.Agent
		}
	case queue.Borrow:
		if ev.Open != nil {
			w.open[ev.Open.ID] = ev.Agent
			return
		}
		w.wanted = append(w.wanted, ev)
	case queue.Leave:
		w.placed = ""
	case queue.OfferOver:
		if w.over[ev.Offer]++; w.over[ev.Offer] > 1 && w.open[ev.Offer] == "" {
			w.t.Fatalf("offer %s ends twice: %s", ev.Offer, ev.Outcome)
		}
		delete(w.open, ev.Offer)
		if ev.Outcome == cdr.OfferAnswered {
			w.placed = ""
		}
	}
}

// asterisk does what it is told, and tells the end of a channel later.
func (w *smallWorld) asterisk(cmd Command) {
	switch cmd := cmd.(type) {
	case CreateLeg:
		w.make(cmd.Channel)
		if cmd.Ring > 0 {
			w.channels[cmd.Channel] = "ringing"
		}
	case CreateOutsideLeg:
		w.make(cmd.Channel)
	case DialLeg:
		if w.channels[cmd.Channel] == "down" {
			w.channels[cmd.Channel] = "ringing"
		}
	case Play:
		w.mustBeThere(cmd.Channel, cmd)
		if len(cmd.Media) == 0 {
			w.t.Fatal("nothing to play")
		}
		w.readOut(cmd)
	case StartMusic:
		w.mustBeThere(cmd.Channel, cmd)
	case StartTracks:
		w.startTape(cmd)
	case StopTracks:
		w.stopTape(cmd)
	case Answer:
		if w.made[cmd.Channel] {
			w.channels[cmd.Channel] = "up" // the agent's second line
		}
	case AnswerTransfer:
		if other := w.joining[cmd.Channel]; cmd.Done && w.channels[other] != "" {
			w.t.Fatalf("a transfer on %s is done while %s is there, which may end Asterisk", cmd.Channel, other)
		}
	case HangUp:
		if cmd.Channel == w.state.Channel && w.state.Talk != nil {
			w.t.Fatalf("the caller is hung up in the middle of the talk\n%s", w.story())
		}
		delete(w.made, cmd.Channel)
	}
}

func (w *smallWorld) make(ch ChannelID) {
	if w.made[ch] || w.channels[ch] != "" {
		w.t.Fatalf("channel %s is made twice", ch)
	}
	w.made[ch], w.channels[ch] = true, "down"
}

// mustBeThere: nobody plays to a channel that has been told to be gone.
func (w *smallWorld) mustBeThere(ch ChannelID, cmd Command) {
	if _, music := cmd.(StartMusic); music && w.made[ch] {
		return // a party on hold
	}
	if _, play := cmd.(Play); play && w.state.Talk != nil && ch == w.state.Talk.Leg {
		return // the agent hears what is read out to the caller
	}
	if ch != w.state.Channel || w.state.Gone {
		w.t.Fatalf("%s on %s, and the caller is on %s (gone %t)\n%s", nameOf(cmd), ch, w.state.Channel, w.state.Gone, w.story())
	}
}

// anything draws one event that may come now, or come late.
func (w *smallWorld) anything() { w.one(anyKind) }

// anyKind are the events, the likelier ones more than once.
var anyKind = []string{
	"digit", "digit", "digit", "offer", "offer", "withdraw", "ready", "ready", "answered", "answered",
	"gone", "heard", "heard", "played", "timer", "placed", "out", "announce", "dial-back", "recorded", "crash", "survey", "failed", "cancel", "desk", "prefer", "popped", "found", "node-lost",
	"act", "act", "act", "lend", "lend", "phone", "phone-dials", "phone-joins", "phone-seen", "dies", "rejected", "page-gone", "tape", "tape", "read",
}

// one draws an event of some kinds.
func (w *smallWorld) one(kinds []string) {
	kind := rapid.SampledFrom(kinds).Draw(w.t, "event")
	switch kind {
	case "offer":
		w.offer()
	case "out":
		w.out()
	case "gone":
		w.gone(w.channel())
	case "crash":
		w.crash()
	case "dies":
		w.dies()
	case "rejected":
		if ch := w.channel(); w.channels[ch] == "ringing" {
			w.goneBy(ch, rapid.SampledFrom([]int{codeRejected, codeBusy, codeNoAnswer}).Draw(w.t, "how"))
		}
	case "placed":
		if w.placed != "" {
			if w.state.Line != nil && w.state.Line.Told { // a place is told before it is moved
				w.placed = rapid.SampledFrom([]string{w.placed, "experts"}).Draw(w.t, "queue")
			}
			w.take(placed{queue.Placed{Call: theCall, Queue: w.placed, Stay: w.state.Stays, EnteredAt: w.now.Add(-time.Minute), Rank: 1, Resumption: w.resumption()}})
		}
	case "page-gone":
		if t := w.state.Talk; t != nil && t.Leg != "" {
			w.goneBy(t.Leg, rapid.SampledFrom([]int{codePageGone, codeSilent}).Draw(w.t, "how"))
		}
	case "answered":
		if ch := w.channel(); w.channels[ch] == "ringing" {
			w.channels[ch] = "up"
			w.take(fromSwitch{Answered{Channel: ch}})
		}
	case "phone-dials":
		w.phoneDials(rapid.SampledFrom([]string{"david", "emma", "alice", "+33199000777", "+12125550100", "experts"}).Draw(w.t, "dials"))
	case "phone-joins":
		w.phoneJoins()
	case "node-lost":
		if rapid.IntRange(0, 9).Draw(w.t, "really") == 0 {
			clear(w.channels)
			clear(w.made)
			clear(w.tapes.running)
			w.take(fromSwitch{NodeLost{Node: "lab"}})
		}
	default:
		w.ordinary(kind)
	}
}

// ordinary are the events that change nothing outside the call.
func (w *smallWorld) ordinary(kind string) {
	switch kind {
	case "digit":
		w.take(fromSwitch{Digit{Channel: w.state.Channel, Digit: rapid.SampledFrom([]string{"0", "1", "2", "8", "9", "*", "#"}).Draw(w.t, "digit")}})
	case "withdraw":
		outcome := rapid.SampledFrom([]cdr.OfferOutcome{cdr.OfferRingNoAns, cdr.OfferRejected, cdr.OfferLost}).Draw(w.t, "outcome")
		w.take(offerWithdrawn{queue.Withdraw{Call: theCall, Offer: queue.OfferName(theCall, rapid.IntRange(1, 5).Draw(w.t, "offer")), Outcome: outcome}})
	case "ready":
		if ch := w.channel(); ch != "caller" {
			w.take(fromSwitch{LegReady{Channel: ch}})
		}
	case "heard":
		w.take(fromSwitch{PlaybackEnded{Channel: w.state.Channel, Playback: playbackID(theCall, besideIt, w.state.Said)}})
	case "played":
		w.take(fromSwitch{PlaybackEnded{Channel: w.state.Channel, Playback: playbackID(theCall, ofFlow, w.state.Flow.Playback)}})
	case "timer":
		w.take(timeUp{key: rapid.SampledFrom([]string{
			dialogueTimer, outsideTimer, messageTimer, heldTimer, answerTimer, joinTimer, hangUpTimer, awayTimer, ringAgainTimer, tracksTimer, fmt.Sprint(flowTimer, w.state.Flow.Timer),
		}).Draw(w.t, "timer")})
	case "announce":
		w.take(toldToSay{queue.Announce{Call: theCall, Queue: w.placed, Stay: w.state.Stays, Place: 2, Callback: true}})
	case "dial-back":
		if w.placed != "" {
			w.take(dialBack{queue.DialBack{Call: theCall, Queue: w.placed, Stay: w.state.Stays, Try: 1}})
		}
	case "recorded":
		if m := w.state.Message; m != nil {
			w.take(fromSwitch{Recorded{Channel: w.state.Channel, Name: m.Name, Length: 5 * time.Second}})
		}
	case "survey":
		w.take(fromSwitch{w.inventory()})
	case "failed":
		w.take(commandFailed{cmd: CreateLeg{Channel: w.channel()}, err: errUnavailable})
	case "cancel":
		w.take(cancelAsked{by: cdr.ByAgent, reply: make(chan error, 1)})
	case "desk":
		if rapid.IntRange(0, 9).Draw(w.t, "really") == 0 {
			w.take(hangUpAsked{})
		}
	case "act":
		w.act()
	case "lend":
		w.lend()
	case "tape":
		w.tellTape()
	case "read":
		w.tellReading()
	case "recording":
		if t := w.state.Talk; t != nil {
			w.take(acted{agent: t.Agent, act: anyRecording(w.t), reply: make(chan error, 1)})
		}
	case "phone":
		if t := w.state.Talk; t != nil {
			w.take(fromSwitch{PhoneHolds{Channel: t.Leg, On: rapid.Bool().Draw(w.t, "on")}})
		}
	case "phone-seen":
		w.take(fromSwitch{PhoneSeen{
			Desk: rapid.Bool().Draw(w.t, "desk"), Agent: rapid.SampledFrom([]string{"david", "alice"}).Draw(w.t, "agent"),
			Phone: rapid.SampledFrom([]cdr.PhoneState{cdr.PhoneThere, cdr.PhoneThere, cdr.PhoneAway, cdr.PhoneInUse}).Draw(w.t, "state"),
		}})
	case "popped":
		for _, o := range w.state.Open {
			w.take(popShown{agent: o.Agent, offer: o.ID})
		}
	case "found":
		w.take(found{cdr.Contact{ID: "c1", Name: "Marie", Language: "fr"}})
	case "prefer":
		w.take(tied{Ties{
			Agents: []queue.Preference{{Agent: "alice", Rule: cdr.RuleLastAgent}},
			Ticket: &OpenTicket{ID: rapid.SampledFrom([]string{"", "41", "42"}).Draw(w.t, "ticket"), Subject: "Imprimante"},
		}})
	}
}

func (w *smallWorld) take(ev event) { w.step(func(s *step) { s.follow(ev) }) }

// channel draws a channel there is.
func (w *smallWorld) channel() ChannelID {
	if len(w.channels) == 0 {
		return "nothing"
	}
	return rapid.SampledFrom(slices.Sorted(maps.Keys(w.channels))).Draw(w.t, "channel")
}

func (w *smallWorld) gone(ch ChannelID) {
	if w.channels[ch] != "" {
		w.goneBy(ch, rapid.SampledFrom([]int{16, 17, 19, 21, 26}).Draw(w.t, "code"))
	}
}

func (w *smallWorld) goneBy(ch ChannelID, code int) {
	delete(w.channels, ch)
	delete(w.made, ch)
	w.endTape(ch)
	w.take(fromSwitch{Gone{Channel: ch, Code: code, Cause: cdr.EndHangup}})
}

// offer makes an offer, if the call has a place.
func (w *smallWorld) offer() {
	if w.placed == "" || len(w.open) > 2 || w.state.Over {
		return
	}
	id := queue.OfferName(theCall, w.state.Offers+1)
	agent := rapid.SampledFrom([]string{"alice", "bruno", "david"}).Draw(w.t, "agent")
	w.open[id] = agent
	w.take(offerMade{
		Offer:    queue.Offer{ID: id, Call: theCall, Agent: agent, On: anyReach(w.t, agent), Queue: w.placed, Stay: w.state.Stays, Ring: 20 * time.Second, Callback: w.state.waitsAway() && rapid.IntRange(0, 4).Draw(w.t, "known") > 0},
		awaitPop: rapid.Bool().Draw(w.t, "console"),
	})
}

// out takes the call's place away.
func (w *smallWorld) out() {
	if w.placed == "" {
		return
	}
	cause := rapid.SampledFrom([]cdr.LeaveCause{cdr.LeftFull, cdr.LeftMaxWait, cdr.LeftEmpty, cdr.LeftClosed, cdr.LeftExpired}).Draw(w.t, "cause")
	to := rapid.SampledFrom([]*queue.Overflow{
		nil,
		{Kind: cdr.ToQueue, Queue: "experts"},
		{Kind: cdr.ToQueue, Queue: "gone"},
		{Kind: cdr.ToFlow, Flow: "exits"},
		{Kind: cdr.ToVoicemail},
		{Kind: cdr.ToCallback},
		{Kind: cdr.ToNumber, Number: "+33199000777"},
		{Kind: cdr.ToBusy},
	}).Draw(w.t, "to")
	name := w.placed
	w.placed = ""
	w.take(sentOut{queue.Out{Call: theCall, Queue: name, Stay: w.state.Stays, Cause: cause, To: to}})
}

func (w *smallWorld) inventory() Inventory {
	inv := Inventory{Node: "lab", Began: w.now.Add(time.Millisecond), Reborn: len(w.channels) == 0}
	for _, ch := range slices.Sorted(maps.Keys(w.channels)) {
		inv.Channels = append(inv.Channels, ChannelSeen{Channel: ch, Call: theCall, Up: w.channels[ch] == "up", Ringing: w.channels[ch] == "ringing"})
	}
	return inv
}

// hangEverythingUp ends the call from outside: channels go, the place is given up.
func (w *smallWorld) hangEverythingUp() {
	for range 50 {
		w.lend() // a floor answers
		for _, ch := range slices.Sorted(maps.Keys(w.channels)) {
			w.gone(ch)
		}
		if w.placed != "" && w.state.away() {
			w.placed = ""
			w.take(sentOut{queue.Out{Call: theCall, Queue: w.state.Line.Queue, Stay: w.state.Stays, Cause: cdr.LeftExpired}})
		}
	}
	w.take(timeUp{key: endTimer}) // a recording whose end was not told
}

// check reads the story.
func (w *smallWorld) check() {
	if !w.state.Over {
		w.t.Fatalf("does not end: %+v\n%s", w.state, w.story())
	}
	if len(w.open) > 0 || w.placed != "" {
		w.t.Fatalf("the floor still has offers %v, place %q\n%s", w.open, w.placed, w.story())
	}
	if len(w.made) > 0 {
		w.t.Fatalf("channels left behind: %v\n%s", w.made, w.story())
	}
	if fault := faultOf(w.facts); fault != "" {
		w.t.Fatalf("%s\n%s", fault, w.story())
	}
}

// faultOf says what is wrong with a call's story, "" if nothing is: each fact has
// a name of its own, queues are entered and left in turn, offers and talks end
// once, and nothing is told after the end.
func faultOf(facts []cdr.Fact) string {
	offers, talks, line, ids, fault := map[cdr.OfferID]int{}, 0, "", map[string]bool{}, ""
	away := false // the talking agent's phone
	out := false  // the call is to the caller
	holds, parties, muted := map[string]bool{}, map[string]bool{}, false
	parts := map[int]cdr.RecordingCause{}
	must := func(holds bool, otherwise string) {
		if !holds && fault == "" {
			fault = otherwise
		}
	}
	for i, f := range facts {
		must(!ids[f.ID], "two facts of one name")
		ids[f.ID] = true
		switch s := f.Story.(type) {
		case cdr.Dialled:
			must(i == 0, "dialled in the middle of a call")
			out = true
		case cdr.Reached:
			must(out && talks == 0, "reached by nobody, or twice")
			out = false
		case cdr.NotReached:
			must(out && talks == 0, "not reached, though nobody was called")
			out = false
		case cdr.QueueEntered:
			must(line == "", "in two queues at once")
			line = s.Queue
		case cdr.QueueLeft:
			must(line == s.Queue, "left a queue it was not in")
			line = ""
		case cdr.Offered:
			must(line != "" || talks == 1 || out, "offered out of line") // asked into a talk by name
			offers[s.Offer]++
		case cdr.OfferEnded:
			offers[s.Offer]--
			must(offers[s.Offer] == 0, "an offer ended that was not open")
		case cdr.SupportLinked:
			must(talks == 1, "a support link out of a talk")
		case cdr.MuteChanged:
			must(talks == 1 && muted != s.On, "muted out of a talk, or twice")
			muted = s.On
		case cdr.Connected:
			muted = false
			talks++
			must(talks == 1, "talks to two agents")
		case cdr.TalkEnded:
			talks--
			must(talks == 0, "a talk ended that was none")
			must(!holds["caller"] && !holds["phone"], "a talk ended on hold")
			away = false
		case cdr.PhoneLost:
			must(talks == 1 && !away && len(parties) == 0, "a phone went that was not there, or with others in the call")
			away = true
		case cdr.PhoneBack:
			must(away, "a phone came back that had not gone")
			away = false
		case cdr.HoldBegan:
			must(!holds[heldOf(s.Party, s.Phone)], "on hold twice")
			holds[heldOf(s.Party, s.Phone)] = true
		case cdr.HoldEnded:
			must(holds[heldOf(s.Party, s.Phone)], "taken back from no hold")
			delete(holds, heldOf(s.Party, s.Phone))
		case cdr.Invited:
			must(talks == 1 && !parties[s.Party], "invited into no talk, or twice")
			parties[s.Party] = true
		case cdr.PartyJoined:
			must(parties[s.Party], "somebody joined who was not invited")
		case cdr.PartyLeft:
			must(parties[s.Party] && !holds[s.Party], "somebody left who was not there, or on hold")
			delete(parties, s.Party)
		case cdr.RecordingBegan:
			must(s.Part > len(parts), "a part of the recording began twice")
			parts[s.Part] = ""
		case cdr.RecordingEnded:
			why, began := parts[s.Part]
			must(began && (why == "" || why == cdr.RecordingPaused && s.Why == cdr.RecordingStopped), "a part of the recording ended that was over")
			parts[s.Part] = s.Why
		case cdr.Ended:
			must(i == len(facts)-1, "something was told after the end")
		}
	}
	for _, why := range parts {
		must(why != "", "ended while it is recorded")
	}
	for id, n := range offers {
		must(n == 0, "offer still open: "+string(id))
	}
	must(!out, "neither reached nor not")
	must(line == "" && talks == 0 && len(holds)+len(parties) == 0, "ended in line, in a talk, on hold or with somebody else")
	return fault
}

// heldOf names who is on hold.
func heldOf(party string, phone bool) string {
	switch {
	case phone:
		return "phone"
	case party == "":
		return "caller"
	}
	return party
}

func (w *smallWorld) story() string { return tale(w.facts) }

func tale(facts []cdr.Fact) string {
	var out strings.Builder
	for _, f := range facts {
		story, _ := json.Marshal(f.Story)
		fmt.Fprintf(&out, "%s %s\n", f.Kind(), story)
	}
	return out.String()
}

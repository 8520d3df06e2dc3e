package call

import (
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

// TestCallsAndFloorAgree runs several calls against the queue's own core, with a
// small Asterisk below them. What they tell each other crosses on the way as it
// likes; controllers die at any moment. In the end every story is whole, nobody
// is left in line, and no agent is left with a call.
func TestCallsAndFloorAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newSite(t)
		for range rapid.IntRange(0, 120).Draw(t, "events") {
			s.anything()
			if rapid.IntRange(0, 2).Draw(t, "settle") > 0 {
				s.settle()
			}
		}
		s.closeDown()
		s.check()
	})
}

// site is a floor, its calls and their Asterisk.
type site struct {
	t     *rapid.T
	rules *Rules
	defs  queue.Definitions
	floor *queue.Floor
	now   time.Time

	calls map[cdr.CallID]*line
	// On the way: what calls have told the floor, what the floor has told calls.
	toFloor []queue.Event
	toCalls []any

	// What outlives a controller.
	saved map[string]queue.SavedAgent
	kept  map[cdr.CallID]queue.KeptPlace
	log   []string
}

// line is one call on it.
type line struct {
	id       cdr.CallID
	state    State
	facts    []cdr.Fact
	channels map[ChannelID]string // made, ready, ringing, up
	timers   map[string]time.Time
	told     []SwitchEvent // on the way from Asterisk
	message  string        // being recorded
}

// made are its channels that were made and are not gone.
func (l *line) made() []ChannelID {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(l.channels)), func(ch ChannelID) bool {
		_, ours := CallOf(ch)
		return !ours
	})
}

func newSite(t *rapid.T) *site {
	rules := rulesWithDesk()
	support, experts := rules.Queues["support"], rules.Queues["experts"]
	support.Strategy = rapid.SampledFrom([]queue.Strategy{queue.RingAll, queue.LongestIdle, queue.RingProgressively}).Draw(t, "strategy")
	support.Ring, support.RingStep, support.MaxWait, support.Resume = 20*time.Second, 5*time.Second, 2*time.Minute, time.Minute
	support.Overflow = map[cdr.LeaveCause]queue.Overflow{cdr.LeftMaxWait: {Kind: cdr.ToQueue, Queue: "experts"}}
	support.Announce = queue.Announcements{First: 10 * time.Second, Every: 20 * time.Second, Place: true}
	support.WrapUp = queue.WrapUpRule{Mode: queue.WrapUpTimed, For: 10 * time.Second}
	experts.Ring, experts.Most = 15*time.Second, 1
	experts.Overflow = map[cdr.LeaveCause]queue.Overflow{cdr.LeftFull: {Kind: cdr.ToVoicemail}}
	callback := *support.Callback
	callback.Expires, callback.RetryAfter = 10*time.Minute, time.Minute
	support.Callback = &callback
	other := *experts.Callback
	other.Windows, other.Expires = nil, 10*time.Minute
	experts.Callback = &other
	rules.Queues["support"], rules.Queues["experts"] = support, experts
	s := &site{
		t: t, rules: rules, now: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC), calls: map[cdr.CallID]*line{},
		saved: map[string]queue.SavedAgent{}, kept: map[cdr.CallID]queue.KeptPlace{},
		defs: queue.Definitions{
			Queues: []queue.Definition{support, experts, rules.Queues["small"]},
			Agents: []queue.Agent{
				{ID: "alice", Queues: []string{"support", "experts"}},
				{ID: "bruno", Queues: []string{"support"}},
				{ID: "david", Queues: []string{"experts", "small", "support"}, Phone: queue.PhoneWebRTC, Desk: true},
			},
		},
	}
	s.floor = queue.New(s.defs, s.now)
	return s
}

func (s *site) note(format string, args ...any) {
	s.log = append(s.log, fmt.Sprintf("%s ", s.now.Format("04:05"))+strings.ReplaceAll(fmt.Sprintf(format, args...), "01890000-0000-7000-8000-00000000000", "C"))
}

func (s *site) fail(format string, args ...any) {
	s.t.Fatalf("%s\n%s", fmt.Sprintf(format, args...), strings.Join(s.log, "\n"))
}

// step takes one step of a call and sees to what it wants.
func (s *site) step(l *line, decide func(*step)) {
	if l.state.Over {
		return
	}
	st := &step{State: &l.state, rules: s.rules, now: s.now}
	decide(st)
	for _, f := range l.state.Pending {
		s.note("%s: %s", l.id, strings.TrimSpace(tale([]cdr.Fact{f})))
	}
	l.facts = append(l.facts, l.state.Pending...)
	l.state.Pending = nil
	s.toFloor = append(s.toFloor, st.out.floor...)
	for _, cmd := range st.out.commands {
		s.asterisk(l, cmd)
	}
	if ch := pointless(&l.state, l.made()); ch != "" {
		s.fail("%s: channel %s is for nothing", l.id, ch)
	}
	for _, tm := range st.out.timers {
		delete(l.timers, tm.key)
		if tm.after > 0 {
			l.timers[tm.key] = s.now.Add(tm.after)
		}
	}
}

// asterisk does what it is told. What it tells comes later.
func (s *site) asterisk(l *line, cmd Command) {
	switch cmd := cmd.(type) {
	case CreateLeg:
		if cmd.Ring > 0 {
			l.channels[cmd.Channel] = "ringing"
			return
		}
		l.channels[cmd.Channel] = "made"
		l.told = append(l.told, LegReady{Channel: cmd.Channel})
	case CreateOutsideLeg:
		l.channels[cmd.Channel] = "made"
		l.told = append(l.told, LegReady{Channel: cmd.Channel})
	case DialLeg:
		if l.channels[cmd.Channel] == "made" {
			l.channels[cmd.Channel] = "ringing"
		}
	case HangUp:
		s.goes(l, cmd.Channel, 16)
	case Record:
		l.message = cmd.Name
	case StopRecording:
		l.told = append(l.told, Recorded{Channel: l.state.Channel, Name: cmd.Name, Length: 3 * time.Second})
	}
}

// goes ends a channel, and the recording of what it says.
func (s *site) goes(l *line, ch ChannelID, code int) {
	if l.channels[ch] == "" {
		return
	}
	delete(l.channels, ch)
	l.told = append(l.told, Gone{Channel: ch, Code: code, Cause: cdr.EndHangup})
	if l.message != "" && ch == l.state.Channel {
		l.told = append(l.told, Recorded{Channel: ch, Name: l.message, Length: 3 * time.Second})
	}
}

// oneToFloor gives the floor the first thing told it.
func (s *site) oneToFloor() {
	if len(s.toFloor) == 0 {
		return
	}
	ev := s.toFloor[0]
	s.toFloor = s.toFloor[1:]
	s.floorStep(ev)
}

func (s *site) floorStep(ev queue.Event) {
	for _, e := range s.floor.Step(s.now, ev) {
		switch e := e.(type) {
		case *queue.AgentChange:
			s.saved[e.Saved.ID] = e.Clone().Saved
		case *queue.Remember:
			s.kept[e.Kept.Call] = e.Kept
		case *queue.Forget:
			delete(s.kept, e.Call)
		case *queue.Refused:
			s.note("floor refuses %T: %s", ev, e.Reason)
			if e.Reason == queue.UnknownAgent || e.Reason == queue.UnknownQueue {
				s.fail("the floor does not know what it is told of: %+v", ev)
			}
		case *queue.Offer:
			s.toCalls = append(s.toCalls, e.Clone())
		case *queue.Withdraw:
			s.toCalls = append(s.toCalls, *e)
		case *queue.Placed:
			s.toCalls = append(s.toCalls, *e)
		case *queue.Out:
			out := *e
			if out.To != nil {
				to := *out.To
				out.To = &to
			}
			s.toCalls = append(s.toCalls, out)
		case *queue.Reprioritised:
			s.toCalls = append(s.toCalls, *e)
		case *queue.Unlent:
			s.toCalls = append(s.toCalls, *e)
		case *queue.Announce:
			s.toCalls = append(s.toCalls, *e)
		case *queue.DialBack:
			s.toCalls = append(s.toCalls, *e)
		}
	}
}

// oneToCalls gives a call the first thing the floor has told calls, as Calls does.
func (s *site) oneToCalls() {
	if len(s.toCalls) == 0 {
		return
	}
	e := s.toCalls[0]
	s.toCalls = s.toCalls[1:]
	switch e := e.(type) {
	case queue.Offer:
		s.give(e.Call, offerMade{Offer: e, awaitPop: rapid.Bool().Draw(s.t, "console")}, queue.OfferOver{Offer: e.ID, Outcome: cdr.OfferCallerGone})
	case queue.Withdraw:
		s.give(e.Call, offerWithdrawn{e}, queue.OfferOver{Offer: e.Offer, Outcome: cdr.OfferCallerGone})
	case queue.Placed:
		s.give(e.Call, placed{e}, nil)
	case queue.Out:
		s.note("%s: out of %s: %s", e.Call, e.Queue, e.Cause)
		s.give(e.Call, sentOut{e}, nil)
	case queue.Reprioritised:
		s.give(e.Call, reprioritised{e}, nil)
	case queue.Unlent:
		s.give(e.Call, unlent{e}, nil)
	case queue.Announce:
		s.give(e.Call, toldToSay{e}, nil)
	case queue.DialBack:
		s.give(e.Call, dialBack{e}, queue.Leave{Call: e.Call, Cause: cdr.LeftLost})
	}
}

func (s *site) give(call cdr.CallID, ev event, unless queue.Event) {
	if l := s.calls[call]; l != nil && !l.state.Over {
		s.step(l, func(st *step) { st.follow(ev) })
		return
	}
	if unless != nil {
		s.toFloor = append(s.toFloor, unless)
	}
}

// settle lets everything arrive.
func (s *site) settle() {
	for range 10000 {
		busy := len(s.toFloor)+len(s.toCalls) > 0
		s.oneToFloor()
		s.oneToCalls()
		for _, id := range slices.Sorted(maps.Keys(s.calls)) {
			busy = s.oneFromAsterisk(s.calls[id]) || busy
		}
		if !busy {
			s.agree()
			return
		}
	}
	s.fail("does not settle")
}

// agree: with nothing on its way, floor and calls say the same of each other.
func (s *site) agree() {
	for id, l := range s.calls {
		st := &l.state
		if place := s.floor.Rank(id) > 0; place != (st.Line != nil) {
			s.fail("%s: in line by the floor %t, by the call %t", id, place, st.Line != nil)
		}
		for _, o := range st.Open {
			if a, _ := s.floor.Agent(o.Agent); a.Offer != o.ID {
				s.fail("%s rings %s for %s, whom the floor has %s with %q", id, o.Agent, o.ID, a.State, a.Offer)
			}
		}
		for _, p := range st.Parties {
			a, _ := s.floor.Agent(p.Target)
			if p.As == cdr.PartyAgent && p.Up && (a.State != cdr.OnCall || a.Call != id) {
				s.fail("%s has %s in the talk, whom the floor has %s", id, p.Target, a.State)
			}
		}
		if st.Talk == nil {
			continue
		}
		if a, _ := s.floor.Agent(st.Talk.Agent); a.State != cdr.OnCall || a.Call != id {
			s.fail("%s talks to %s, whom the floor has %s", id, a.ID, a.State)
		}
	}
	for _, q := range s.defs.Queues {
		for _, p := range s.floor.Places(q.ID) {
			if l := s.calls[p.Call].state.Line; l == nil || l.Queue != q.ID || !l.EnteredAt.Equal(p.EnteredAt) {
				s.fail("the floor has %+v; the call %+v", p, l)
			}
		}
	}
}

func (s *site) oneFromAsterisk(l *line) bool {
	if len(l.told) == 0 {
		return false
	}
	ev := l.told[0]
	l.told = l.told[1:]
	s.step(l, func(st *step) { st.follow(fromSwitch{ev}) })
	return true
}

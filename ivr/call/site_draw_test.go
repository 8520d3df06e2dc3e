package call

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"pgregory.net/rapid"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// anything draws one thing that happens.
func (s *site) anything() {
	switch rapid.SampledFrom([]string{
		"arrive", "arrive", "digit", "digit", "digit", "heard", "heard", "answer", "answer", "answer", "reject", "hang up",
		"time", "time", "time", "agent", "agent", "agent", "to floor", "to calls", "crash", "move", "cancel", "phone",
	}).Draw(s.t, "event") {
	case "arrive":
		s.arrive()
	case "time":
		s.passTime()
	case "agent":
		s.agent()
	case "to floor":
		s.oneToFloor()
	case "to calls":
		s.oneToCalls()
	case "crash":
		if rapid.IntRange(0, 3).Draw(s.t, "really") == 0 {
			s.crash()
		}
	case "phone":
		who, phone := s.who(), rapid.SampledFrom([]cdr.PhoneState{cdr.PhoneThere, cdr.PhoneThere, cdr.PhoneAway}).Draw(s.t, "phone")
		desk := who == "david" && rapid.Bool().Draw(s.t, "desk")
		s.floorStep(queue.PhoneChange{Agent: who, Desk: desk, Phone: phone})
		for _, id := range slices.Sorted(maps.Keys(s.calls)) {
			if l := s.calls[id]; l.state.awaited() == who {
				l.told = append(l.told, PhoneSeen{Agent: who, Desk: desk, Phone: phone})
			}
		}
	default:
		// one of a call
		if len(s.calls) > 0 {
			l := s.calls[rapid.SampledFrom(slices.Sorted(maps.Keys(s.calls))).Draw(s.t, "call")]
			s.ofCall(l, rapid.SampledFrom([]string{"digit", "heard", "answer", "answer", "reject", "hang up", "page gone", "move", "cancel", "act", "act", "priority"}).Draw(s.t, "of it"))
		}
	}
}

func (s *site) ofCall(l *line, what string) {
	switch what {
	case "digit":
		if l.channels[l.state.Channel] == "up" {
			d := rapid.SampledFrom([]string{"0", "1", "1", "1", "2", "8", "9", "*"}).Draw(s.t, "digit")
			l.told = append(l.told, Digit{Channel: l.state.Channel, Digit: d})
		}
	case "heard":
		switch {
		case l.message != "":
			l.told = append(l.told, Recorded{Channel: l.state.Channel, Name: l.message, Length: 3 * time.Second})
			l.message = ""
		case l.state.Saying != nil:
			l.told = append(l.told, PlaybackEnded{Channel: l.state.Channel, Playback: playbackID(l.id, besideIt, l.state.Saying.Number)})
		default:
			l.told = append(l.told, PlaybackEnded{Channel: l.state.Channel, Playback: playbackID(l.id, ofFlow, l.state.Flow.Playback)})
		}
	case "answer":
		if ch := s.channel(l, "ringing"); ch != "" {
			l.channels[ch] = "up"
			l.told = append(l.told, Answered{Channel: ch}, LegReady{Channel: ch}) // the second changes nothing of one made before
		}
	case "reject":
		if ch := s.channel(l, "ringing"); ch != "" {
			s.goes(l, ch, rapid.SampledFrom([]int{codeBusy, codeNoAnswer, codeRejected}).Draw(s.t, "code"))
		}
	case "hang up":
		if ch := s.channel(l, "up"); ch != "" {
			s.goes(l, ch, 16)
		}
	case "page gone":
		if t := l.state.Talk; t != nil && t.Leg != "" {
			s.goes(l, t.Leg, rapid.SampledFrom([]int{codePageGone, codeSilent}).Draw(s.t, "how"))
		}
	case "move":
		s.floorStep(queue.Move{Call: l.id, Queue: rapid.SampledFrom([]string{"support", "experts"}).Draw(s.t, "to")})
	case "priority":
		s.floorStep(queue.Reprioritise{Call: l.id, Priority: rapid.IntRange(0, 9).Draw(s.t, "priority"), By: "hugo"})
	case "act":
		s.act(l)
	case "cancel":
		s.step(l, func(st *step) { st.follow(cancelAsked{by: cdr.ByAgent, reply: make(chan error, 1)}) })
	}
}

// channel draws one of a call's channels that is so.
func (s *site) channel(l *line, how string) ChannelID {
	var so []ChannelID
	for _, ch := range slices.Sorted(maps.Keys(l.channels)) {
		if l.channels[ch] == how {
			so = append(so, ch)
		}
	}
	if len(so) == 0 {
		return ""
	}
	return rapid.SampledFrom(so).Draw(s.t, "channel")
}

func (s *site) arrive() {
	if len(s.calls) == 6 {
		return
	}
	id := cdr.CallID(fmt.Sprintf("01890000-0000-7000-8000-%012d", len(s.calls)+1))
	switch rapid.IntRange(0, 4).Draw(s.t, "begins") {
	case 0:
		s.promise(id)
		return
	case 1:
		l := &line{id: id, state: State{Call: id, Node: "lab", Gone: true}, channels: map[ChannelID]string{}, timers: map[string]time.Time{}}
		s.calls[id] = l
		s.step(l, func(st *step) {
			st.follow(dialAsked{agent: s.who(), queue: "support", number: "+33199001001", reply: make(chan error, 1)})
		})
		return
	}
	ch := ChannelID("caller-" + string(id[len(id)-1]))
	l := &line{id: id, state: State{Call: id, Channel: ch, Node: "lab"}, channels: map[ChannelID]string{ch: "up"}, timers: map[string]time.Time{}}
	s.calls[id] = l
	in := Incoming{
		Node: "lab", Channel: ch, Number: rapid.SampledFrom([]string{"3", "3", "3", "4", "5"}).Draw(s.t, "number"),
		Caller: cdr.Caller{Number: rapid.SampledFrom([]string{"+33199001001", "+33199001002", ""}).Draw(s.t, "caller")},
	}
	s.step(l, func(st *step) { st.follow(fromSwitch{in}) })
}

// promise begins a call an agent promised.
func (s *site) promise(id cdr.CallID) {
	l := &line{id: id, state: State{Call: id, Node: "lab", Gone: true}, channels: map[ChannelID]string{}, timers: map[string]time.Time{}}
	s.calls[id] = l
	f := FollowUp{
		Agent: s.who(), Queue: rapid.SampledFrom([]string{"support", "experts"}).Draw(s.t, "queue"), Number: "+33199001001",
		At: s.now.Add(time.Duration(rapid.IntRange(0, 90).Draw(s.t, "in")) * time.Second), Mine: rapid.Bool().Draw(s.t, "mine"),
	}
	s.step(l, func(st *step) { st.follow(followUpAsked{FollowUp: f, reply: make(chan error, 1)}) })
}

func (s *site) who() string {
	return rapid.SampledFrom([]string{"alice", "bruno", "david"}).Draw(s.t, "agent")
}

// agent draws what an agent does.
func (s *site) agent() {
	who := s.who()
	a, _ := s.floor.Agent(who)
	switch {
	case a.State == cdr.Offline:
		s.floorStep(queue.SignIn{Agent: who})
		s.floorStep(queue.MakeReady{Agent: who})
	case a.State == cdr.WrapUp:
		s.floorStep(queue.WrapUpDone{Agent: who, Call: a.Call})
	case a.State == cdr.OfferedTo && rapid.Bool().Draw(s.t, "rejects"):
		s.floorStep(queue.Reject{Agent: who, Offer: a.Offer})
	case rapid.IntRange(0, 3).Draw(s.t, "choice") == 0:
		s.floorStep(queue.MakeNotReady{Agent: who, Reason: "break"})
	default:
		s.floorStep(queue.MakeReady{Agent: who})
	}
}

// passTime lets time pass to the next thing that is due, or some seconds.
func (s *site) passTime() {
	next := s.now.Add(time.Duration(rapid.IntRange(1, 30).Draw(s.t, "seconds")) * time.Second)
	s.now = s.due(next)
	s.ring()
}

// due is when the next thing is due before a time.
func (s *site) due(next time.Time) time.Time {
	if at := s.floor.Deadline(); !at.IsZero() && at.Before(next) {
		next = at
	}
	for _, l := range s.calls {
		for _, at := range l.timers {
			if at.Before(next) {
				next = at
			}
		}
	}
	if next.Before(s.now) {
		return s.now
	}
	return next
}

// ring lets timers that are due ring.
func (s *site) ring() {
	if at := s.floor.Deadline(); !at.IsZero() && !at.After(s.now) {
		s.floorStep(queue.Tick{})
	}
	for _, id := range slices.Sorted(maps.Keys(s.calls)) {
		l := s.calls[id]
		for _, key := range slices.Sorted(maps.Keys(l.timers)) {
			if at, there := l.timers[key]; there && !at.After(s.now) {
				delete(l.timers, key)
				s.step(l, func(st *step) { st.follow(timeUp{key: key}) })
			}
		}
	}
}

// crash ends the controller with all that was on its way, and starts the next.
// Some phones are answered meanwhile, some lines go.
func (s *site) crash() {
	s.note("crash")
	s.toFloor, s.toCalls = nil, nil
	s.floor = queue.New(s.defs, s.now)
	s.floorStep(queue.Reclaiming{})
	for _, id := range slices.Sorted(maps.Keys(s.saved)) {
		s.floorStep(queue.Restore{Agent: s.saved[id]})
	}
	for _, id := range slices.Sorted(maps.Keys(s.kept)) {
		s.floorStep(queue.Recall{Kept: s.kept[id]})
	}
	for _, id := range slices.Sorted(maps.Keys(s.calls)) {
		s.takeBack(s.calls[id])
	}
	for len(s.toFloor) > 0 {
		s.oneToFloor()
	}
	s.floorStep(queue.Reclaimed{})
}

// takeBack is a call's restart.
func (s *site) takeBack(l *line) {
	if l.state.Over {
		return
	}
	data, err := json.Marshal(&l.state)
	if err != nil {
		s.t.Fatal(err)
	}
	l.state = State{}
	if err := json.Unmarshal(data, &l.state); err != nil {
		s.t.Fatal(err)
	}
	clear(l.timers)
	l.told = nil
	inv := Inventory{Node: "lab", Began: s.now}
	for _, ch := range slices.Sorted(maps.Keys(l.channels)) {
		switch meanwhile := rapid.SampledFrom([]string{"same", "same", "gone", "up"}).Draw(s.t, "meanwhile"); {
		case meanwhile == "gone":
			delete(l.channels, ch)
			continue
		case meanwhile == "up" && l.channels[ch] == "ringing":
			l.channels[ch] = "up"
		}
		inv.Channels = append(inv.Channels, ChannelSeen{Channel: ch, Call: l.id, Up: l.channels[ch] == "up", Ringing: l.channels[ch] == "ringing"})
	}
	s.step(l, func(st *step) { st.reclaim(inv) })
	for _, seen := range inv.Channels {
		if seen.Up && seen.Channel != l.state.Channel {
			l.told = append(l.told, LegReady{Channel: seen.Channel}) // it comes, or is ours already
		}
	}
}

// closeDown hangs everybody up and lets time pass until all stories are told.
func (s *site) closeDown() {
	for range 300 {
		for _, id := range slices.Sorted(maps.Keys(s.calls)) {
			l := s.calls[id]
			for _, ch := range slices.Sorted(maps.Keys(l.channels)) {
				s.goes(l, ch, codeNoAnswer)
			}
		}
		s.settle()
		s.now = s.due(s.now.Add(time.Minute))
		s.ring()
		s.settle()
	}
}

func (s *site) check() {
	for id, l := range s.calls {
		if !l.state.Over {
			s.fail("call %s does not end: %+v callback %+v", id, l.state, l.state.Callback)
		}
		if fault := faultOf(l.facts); fault != "" {
			s.fail("call %s: %s\n%s", id, fault, tale(l.facts))
		}
	}
	for _, q := range s.defs.Queues {
		if n := s.floor.Waiting(q.ID); n > 0 {
			s.fail("%d still in line in %s, and no call is there: %+v", n, q.ID, s.floor.Places(q.ID))
		}
	}
	for _, who := range []string{"alice", "bruno", "david"} {
		if a, _ := s.floor.Agent(who); a.State == cdr.OfferedTo || a.State == cdr.OnCall {
			s.fail("%s is left %s with %s", who, a.State, a.Call)
		}
	}
}

// resumption draws whether the caller had the place already.
func (w *smallWorld) resumption() queue.Resumption {
	r := queue.Resumption{Resumed: "01890000-0000-7000-8000-000000000000"}
	switch rapid.IntRange(0, 3).Draw(w.t, "resumed") {
	case 0:
		return queue.Resumption{}
	case 1:
		return r
	}
	r.Number = "+33199000777"
	r.Wish = queue.CallbackPlace{
		Mode: rapid.SampledFrom([]cdr.CallbackMode{cdr.AgentFirst, cdr.CustomerFirst}).Draw(w.t, "mode"), AskedAt: w.now.Add(-time.Hour),
	}
	return r
}

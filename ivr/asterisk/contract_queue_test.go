package asterisk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/call"
)

// The contract's stories of a queue: numbers outside, ringing, messages, and what
// agents' phones do besides.

func outside(t *testing.T, s scene) {
	const number = "+33199000100"
	p := s.x.outside(t, number)
	leg := call.LegID(s.offer(1))
	// Nobody is on the line yet: a callback rings the customer first.
	create := call.CreateOutsideLeg{
		Call: s.call, Channel: leg, Number: number, From: cdr.Caller{Number: "+33199000001", Name: "Support"},
	}
	do(t, s.n, create, create)
	next(t, s.h, func(r call.LegReady) bool { return r.Channel == leg })
	do(t, s.n, call.DialLeg{Channel: leg, Timeout: 20 * time.Second})
	if from, name := p.WaitRinging(); from != "+33199000001" || name != "Support" {
		t.Errorf("the customer sees %q %q", name, from)
	}
	next(t, s.h, func(e call.LegProgress) bool { return e.Channel == leg })
	p.Answer()
	next(t, s.h, func(e call.Answered) bool { return e.Channel == leg })
	do(t, s.n, call.Play{Channel: leg, Playback: "hello", Media: []string{"sound:beep"}})
	next(t, s.h, func(e call.PlaybackEnded) bool { return e.Playback == "hello" && !e.Failed })
	p.HangUp()
	if g := next(t, s.h, on(leg)); g.Code != 16 {
		t.Errorf("gone %+v", g)
	}
}

func noNumber(t *testing.T, s scene) {
	leg := call.LegID(s.offer(1))
	for _, number := range []string{"", "+", "1", "+33 1", "alice", "+33@evil", "0199000001;x=y", "+331\r\n", "١٢٣"} {
		err := s.n.Do(t.Context(), call.CreateOutsideLeg{Call: s.call, Channel: leg, Number: number})
		if !errors.Is(err, asterisk.ErrNumber) {
			t.Errorf("leg to %q: %v", number, err)
		}
	}
	cfg := s.x.config()
	cfg.Trunk = ""
	n, _ := newNodeStarted(t, cfg)
	err := n.Do(t.Context(), call.CreateOutsideLeg{Call: s.call, Channel: leg, Number: "+33199000100"})
	if !errors.Is(err, asterisk.ErrNoTrunk) || !strings.Contains(err.Error(), "asterisk.trunk") {
		t.Errorf("leg without a trunk: %v", err)
	}
}

func ringing(t *testing.T, s scene) {
	c, ch := s.dial(t)
	do(t, s.n, call.StartRinging{Channel: ch})
	c.WaitRinging()
	do(t, s.n, call.StopRinging{Channel: ch}, call.StopRinging{Channel: ch})
	c.WaitQuiet()
	// In a bridge, with a leg that is not answered, too.
	p := s.x.phone(t, s.n, "alice")
	leg := s.ring(t, ch, cdr.Caller{}, 20*time.Second)
	p.WaitRinging()
	do(t, s.n, call.StartRinging{Channel: ch}, call.StartRinging{Channel: ch})
	c.WaitRinging()
	do(t, s.n, call.StopRinging{Channel: ch})
	c.WaitQuiet()
	do(t, s.n, call.HangUp{Channel: leg, Reason: call.Normal})
	p.WaitIdle()
	s.clear(t, c, ch)
}

// recorded is the end of the recording of that name.
func recorded(name string) func(call.Recorded) bool {
	return func(r call.Recorded) bool { return r.Name == name }
}

func recording(t *testing.T, s scene) {
	c, ch := s.dial(t)
	record := func(n int, finish string) call.Record {
		return call.Record{
			Channel: ch, Name: "lk-" + string(s.call) + "-v" + string(rune('0'+n)),
			Most: time.Minute, Silence: 10 * time.Second, Finish: finish,
		}
	}
	byKey := record(1, "#")
	do(t, s.n, byKey, byKey)
	c.Speak(time.Second)
	c.Press("1#")
	r := next(t, s.h, recorded(byKey.Name))
	if r.Channel != ch || r.Failed || r.Length < time.Second || r.Length > 20*time.Second {
		t.Errorf("%+v", r)
	}
	do(t, s.n, byKey, call.StopRecording{Name: byKey.Name}) // it has been made

	stopped := record(2, "")
	do(t, s.n, stopped)
	c.Speak(time.Second)
	do(t, s.n, call.StopRecording{Name: stopped.Name}, call.StopRecording{Name: stopped.Name})
	if r := next(t, s.h, recorded(stopped.Name)); r.Failed || r.Length < time.Second {
		t.Errorf("%+v", r)
	}
	if n := count(s.h, recorded(byKey.Name)); n != 1 {
		t.Errorf("told %d times", n)
	}
	for _, bad := range []call.Record{{Channel: ch, Name: "../x"}, {Channel: ch, Name: ""}, record(3, "5")} {
		if err := s.n.Do(t.Context(), bad); !errors.Is(err, asterisk.ErrRecording) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	s.clear(t, c, ch)
	next(t, s.h, on(ch))
	if err := s.n.Do(t.Context(), record(4, "#")); !errors.Is(err, call.ErrGone) {
		t.Errorf("record who has left: %v", err)
	}
}

func hangsUpOverRecording(t *testing.T, s scene) {
	c, ch := s.dial(t)
	name := "lk-" + string(s.call) + "-v1"
	do(t, s.n, call.Record{Channel: ch, Name: name, Most: time.Minute, Finish: "#"})
	c.Speak(time.Second)
	c.HangUp()
	if r := next(t, s.h, recorded(name)); r.Failed || r.Length < time.Second {
		t.Errorf("%+v", r)
	}
	next(t, s.h, on(ch)) // after it
}

// sees waits for a phone's state.
func sees(t *testing.T, s scene, id string, state cdr.PhoneState) {
	t.Helper()
	next(t, s.h, func(p call.PhoneSeen) bool { return p.Agent == id && p.Phone == state })
}

func registers(t *testing.T, s scene) {
	id := "r" + string(s.call[:8]) // of its own: another story's phone is elsewhere
	p := s.x.registering(t, s.n, id)
	sees(t, s, id, cdr.PhoneAway)
	p.Register()
	sees(t, s, id, cdr.PhoneThere)

	// Changed, and changed into another kind and back, it stays registered, and its
	// end is heard.
	for _, ph := range []asterisk.Phone{
		{ID: id, Secret: phoneSecret, Watch: true, Language: "en"}, {ID: id, Secret: phoneSecret, Watch: true, WebRTC: true}, {ID: id, Secret: phoneSecret, Watch: true, Language: "en"},
	} {
		push(t, s.n, ph)
		sees(t, s, id, cdr.PhoneThere)
		p.Unregister()
		sees(t, s, id, cdr.PhoneAway)
		p.Register()
		sees(t, s, id, cdr.PhoneThere)
	}

	// The next controller is told at once, and subscribes to nothing twice.
	n2, h2 := newNodeStarted(t, s.x.config())
	next[call.Inventory](t, h2)
	for range 2 {
		if err := n2.PushPhones(t.Context(), []asterisk.Phone{{ID: id, Secret: phoneSecret, Watch: true, Language: "en"}}); err != nil {
			t.Fatal(err)
		}
		sees(t, scene{h: h2}, id, cdr.PhoneThere)
	}
	p.Unregister()
	sees(t, scene{h: h2}, id, cdr.PhoneAway)

	// Watched no more.
	if err := n2.PushPhones(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	p.Register()
	n3, h3 := newNodeStarted(t, s.x.config())
	if err := n3.PushPhones(t.Context(), []asterisk.Phone{{ID: id, Secret: phoneSecret, Watch: true, Language: "en"}}); err != nil {
		t.Fatal(err)
	}
	sees(t, scene{h: h3}, id, cdr.PhoneThere)
	if n := count(h2, func(p call.PhoneSeen) bool { return true }); n != 3 {
		t.Errorf("told %d times:%s", n, list(h2.all()))
	}
}

func othersRing(t *testing.T, s scene) {
	p := s.x.phone(t, s.n, "alice") // static: there, whatever happens
	sees(t, s, "alice", cdr.PhoneThere)
	s.x.others(t, "alice", p)
	sees(t, s, "alice", cdr.PhoneInUse)
	p.Answer()
	p.HangUp()
	sees(t, s, "alice", cdr.PhoneThere)

	// Legs of ours change nothing.
	before := count(s.h, func(p call.PhoneSeen) bool { return true })
	c, ch := s.dial(t)
	leg := s.ring(t, ch, cdr.Caller{}, 20*time.Second)
	p.WaitRinging()
	p.Answer()
	next(t, s.h, func(e call.Answered) bool { return e.Channel == leg })
	p.HangUp()
	next(t, s.h, on(leg))
	s.clear(t, c, ch)
	if n := count(s.h, func(p call.PhoneSeen) bool { return true }); n != before {
		t.Errorf("told of the phone:%s", list(s.h.all()))
	}
}

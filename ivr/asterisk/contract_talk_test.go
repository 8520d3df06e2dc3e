package asterisk_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/call"
)

// The contract's stories of what is done within a talk.

// voice is a person who speaks, and hears others.
type voice interface {
	// Say speaks from now on, with a voice of its own.
	Say(voice int)
	// WaitHears waits until just these voices are heard, and nothing if none is named.
	WaitHears(voices ...int)
	WaitMusic()
	// WaitKeys waits until just these keys have been pressed by the other side.
	WaitKeys(keys string)
}

// Voices of the stories.
const (
	ana   = 1 // the caller
	alice = 2 // the agent
	third = 3 // and from there on whoever else
)

// talking brings a caller and alice together.
func (s scene) talking(t *testing.T) (c callerSide, p phoneSide, ch, leg call.ChannelID) {
	t.Helper()
	p = s.x.phone(t, s.n, "alice")
	c, ch = s.dial(t)
	leg = s.ring(t, ch, cdr.Caller{}, 20*time.Second)
	p.WaitRinging()
	p.Answer()
	next(t, s.h, func(e call.Answered) bool { return e.Channel == leg })
	c.Say(ana)
	p.Say(alice)
	c.WaitHears(alice)
	p.WaitHears(ana)
	return c, p, ch, leg
}

// over ends a talk.
func (s scene) over(t *testing.T, c callerSide, p phoneSide, ch, leg call.ChannelID) {
	t.Helper()
	do(t, s.n, call.HangUp{Channel: leg, Reason: call.Normal})
	p.WaitIdle()
	s.clear(t, c, ch)
	next(t, s.h, on(ch))
}

func held(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	bridge := call.BridgeFor(s.call)
	hold := call.Part{Bridge: bridge, Channels: []call.ChannelID{ch}}
	do(t, s.n, hold, hold, call.StartMusic{Channel: ch, Class: "default"})
	c.WaitMusic()
	p.WaitHears()
	do(t, s.n, call.StopMusic{Channel: ch}, call.Join{Bridge: bridge, Channels: []call.ChannelID{ch}})
	c.WaitHears(alice)
	p.WaitHears(ana)

	// All of them, though one has been taken out; and out of no bridge at all.
	do(t, s.n, hold, call.Part{Bridge: bridge, Channels: []call.ChannelID{ch, leg}})
	p.WaitHears()
	do(t, s.n, call.DestroyBridge{Bridge: bridge}, hold)
	s.over(t, c, p, ch, leg)
	for _, cmd := range []call.Command{
		call.Mute{Channel: leg, On: true}, call.SendDigits{Channel: leg, Digits: "1"}, call.AnswerTransfer{Channel: leg},
	} {
		if err := s.n.Do(t.Context(), cmd); !errors.Is(err, call.ErrGone) {
			t.Errorf("%T of who has left: %v", cmd, err)
		}
	}
}

func muted(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	do(t, s.n, call.Mute{Channel: leg, On: true}, call.Mute{Channel: leg, On: true})
	c.WaitHears()
	p.WaitHears(ana)
	do(t, s.n, call.Mute{Channel: leg}, call.Mute{Channel: leg})
	c.WaitHears(alice)
	s.over(t, c, p, ch, leg)
}

func digits(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	do(t, s.n, call.SendDigits{Channel: leg, Digits: "1590*#AD"})
	p.WaitKeys("1590*#AD")
	do(t, s.n, call.SendDigits{Channel: ch, Digits: "77"})
	c.WaitKeys("77")
	for _, bad := range []string{"", "1w2", "12 ", "e", "1\r\n"} {
		if err := s.n.Do(t.Context(), call.SendDigits{Channel: leg, Digits: bad}); !errors.Is(err, asterisk.ErrDigits) {
			t.Errorf("press %q: %v", bad, err)
		}
	}
	// It is over for nobody.
	c.WaitHears(alice)
	p.WaitHears(ana)
	s.over(t, c, p, ch, leg)
}

func phoneHolds(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	p.Hold(true)
	next(t, s.h, func(e call.PhoneHolds) bool { return e.Channel == leg && e.On })
	c.WaitMusic()
	p.Hold(false)
	next(t, s.h, func(e call.PhoneHolds) bool { return e.Channel == leg && !e.On })
	c.WaitHears(alice)
	p.WaitHears(ana)
	s.over(t, c, p, ch, leg)
}

// Who is gone holds nobody any more.
func gonePhoneHolds(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	p.Hold(true)
	next(t, s.h, func(e call.PhoneHolds) bool { return e.Channel == leg && e.On })
	c.WaitMusic()
	do(t, s.n, call.HangUp{Channel: leg, Reason: call.Normal})
	next(t, s.h, on(leg))
	c.WaitHears()
	p.WaitIdle()
	s.clear(t, c, ch)
}

func phoneTransfers(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	of := func(e call.PhoneTransfers) bool { return e.Channel == leg }

	// Refused, the talk goes on.
	p.Transfer("0199000002", nil)
	if e := next(t, s.h, of); e.To != "0199000002" || e.Other != "" {
		t.Errorf("%+v", e)
	}
	do(t, s.n, call.AnswerTransfer{Channel: leg})
	if status := p.WaitTransferred(); status != 603 {
		t.Errorf("the phone hears %d", status)
	}
	c.WaitHears(alice)
	p.WaitHears(ana)

	p.Transfer("bruno", nil)
	if e := next(t, s.h, of); e.To != "bruno" {
		t.Errorf("%+v", e)
	}
	do(t, s.n, call.AnswerTransfer{Channel: leg, Done: true})
	if status := p.WaitTransferred(); status != 200 {
		t.Errorf("the phone hears %d", status)
	}
	// Asterisk has done nothing with it: who hears whom is for us to say.
	c.WaitHears(alice)
	if n := count(s.h, of); n != 2 {
		t.Errorf("told %d times", n)
	}
	s.over(t, c, p, ch, leg)
}

// The phone has called a second number by itself, and joins the two.
func phoneTransfersAttended(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	p.Hold(true)
	next(t, s.h, func(e call.PhoneHolds) bool { return e.Channel == leg && e.On })
	second := s.x.dials(t, "alice", "0199000002")
	in := next[call.Incoming](t, s.h)
	do(t, s.n, call.Answer{Channel: in.Channel})
	second.WaitAnswered()
	p.Transfer("0199000002", second)
	e := next(t, s.h, func(e call.PhoneTransfers) bool { return e.Channel == leg })
	if e.Other != in.Channel || e.To != "0199000002" {
		t.Errorf("%+v, want the other leg %s", e, in.Channel)
	}
	if in.Phone != "alice" {
		t.Errorf("dialled by %q", in.Phone)
	}
	do(t, s.n, call.AnswerTransfer{Channel: leg})
	if status := p.WaitTransferred(); status != 603 {
		t.Errorf("the phone hears %d", status)
	}
	// It is done once the other leg is no more, and not before (answerTransfer).
	p.Transfer(helpdesk, second) // another word than before: twins come in one millisecond
	next(t, s.h, func(e call.PhoneTransfers) bool { return e.Channel == leg && e.Other == in.Channel })
	do(t, s.n, call.HangUp{Channel: in.Channel, Reason: call.Normal})
	next(t, s.h, on(in.Channel))
	second.WaitEnded()
	do(t, s.n, call.AnswerTransfer{Channel: leg, Done: true})
	if status := p.WaitTransferred(); status != 200 {
		t.Errorf("the phone hears %d", status)
	}
	s.over(t, c, p, ch, leg)
}

func bothSides(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	bridge := call.BridgeFor(s.call)
	part := func(n int) call.StartTracks {
		return call.StartTracks{Channel: leg, Bridge: bridge, Name: "lk-" + string(s.call) + "-r" + string(rune('0'+n))}
	}
	kept := func(n int) {
		t.Helper()
		next(t, s.h, func(e call.TracksKept) bool { return e.Channel == leg && e.Name == part(n).Name })
	}
	stop := call.StopTracks{Channel: leg, Bridge: bridge}
	do(t, s.n, stop, part(1), part(1))
	if err := s.n.Do(t.Context(), part(2)); !errors.Is(err, asterisk.ErrTracks) {
		t.Errorf("recorded under two names: %v", err)
	}
	c.WaitHears(alice)
	p.WaitHears(ana)
	// To hear that somebody is silent takes its time, which is recorded.
	do(t, s.n, call.Mute{Channel: leg, On: true})
	c.WaitHears()
	do(t, s.n, call.Mute{Channel: leg})
	c.WaitHears(alice)
	do(t, s.n, stop, stop)
	kept(1)
	c.WaitHears(alice)
	p.WaitHears(ana)

	// Out of the bridge too, and it stays out; the leg's end keeps it.
	do(t, s.n, call.Part{Bridge: bridge, Channels: []call.ChannelID{leg}}, part(2))
	p.WaitHears()
	do(t, s.n, call.HangUp{Channel: leg, Reason: call.Normal})
	kept(2)
	next(t, s.h, on(leg))
	for n := 1; n <= 2; n++ {
		readTracks(t, s, part(n).Name)
	}
	for _, cmd := range []call.Command{part(3), stop} {
		if err := s.n.Do(t.Context(), cmd); !errors.Is(err, call.ErrGone) {
			t.Errorf("%T of who has left: %v", cmd, err)
		}
	}
	if err := s.n.Do(t.Context(), call.StartTracks{Channel: ch, Name: "../x"}); !errors.Is(err, asterisk.ErrRecording) {
		t.Errorf("record as ../x: %v", err)
	}
	p.WaitIdle()
	s.clear(t, c, ch)
}

// readTracks reads a recording, and drops it.
func readTracks(t *testing.T, s scene, name string) {
	t.Helper()
	file, err := s.n.Tracks(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(file)
	if err := errors.Join(err, file.Close()); err != nil || len(raw) < 3200 { // a tenth of a second
		t.Errorf("%s: %d bytes, %v", name, len(raw), err)
	}
	for range 2 {
		if err := s.n.DropTracks(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
	var refused *asterisk.Error
	if _, err := s.n.Tracks(t.Context(), name); !errors.As(err, &refused) || refused.Status != http.StatusNotFound {
		t.Errorf("%s after it was dropped: %v", name, err)
	}
}

// Three to six in one bridge hear all the others and not themselves.
func conference(t *testing.T, s scene) {
	c, p, ch, leg := s.talking(t)
	bridge := call.BridgeFor(s.call)
	people, ids := []voice{c, p}, []call.ChannelID{}
	var more []callerSide
	for n := third; n <= 6; n++ {
		other := s.x.call(t, helpdesk, "+3361234567"+string(rune('0'+n)), "")
		in := next[call.Incoming](t, s.h)
		do(t, s.n, call.Answer{Channel: in.Channel})
		other.WaitAnswered()
		other.Say(n)
		do(t, s.n, call.Join{Bridge: bridge, Channels: []call.ChannelID{in.Channel}})
		people, more, ids = append(people, other), append(more, other), append(ids, in.Channel)
		for i, listener := range people {
			listener.WaitHears(others(n, i+1)...)
		}
	}
	do(t, s.n, call.Part{Bridge: bridge, Channels: ids})
	c.WaitHears(alice)
	for i, id := range ids {
		more[i].WaitHears()
		do(t, s.n, call.HangUp{Channel: id, Reason: call.Normal})
		more[i].WaitEnded()
	}
	s.over(t, c, p, ch, leg)
}

// others are the voices from 1 to n without self.
func others(n, self int) (voices []int) {
	for i := 1; i <= n; i++ {
		if i != self {
			voices = append(voices, i)
		}
	}
	return voices
}

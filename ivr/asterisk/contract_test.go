package asterisk_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"linekeeper/cdr"
	"linekeeper/deploy/lab"
	"linekeeper/ivr/asterisk"
	"linekeeper/ivr/asteriskfake"
	"linekeeper/ivr/call"
)

// The contract is told twice, by a real Asterisk and by the fake, so that the
// fake is known to speak the truth.

type callerSide interface {
	WaitAnswered()
	Press(digits string)
	HangUp()
	WaitEnded() (cause int)
	// WaitRinging and WaitQuiet wait for a ringing tone, and for its end.
	WaitRinging()
	WaitQuiet()
	// Speak says something of at least that length.
	Speak(d time.Duration)
	voice
}

type phoneSide interface {
	WaitRinging() (number, name string)
	Answer()
	Refuse(status int)
	HangUp()
	WaitIdle() (cause int)
	// Hold and Transfer are the phone's own keys; other, if not nil, is its other call.
	Hold(on bool)
	Transfer(to string, other callerSide)
	WaitTransferred() (status int)
	voice
}

// exchange is a telephone exchange with people at it.
type exchange interface {
	config() asterisk.Config
	language() string // of the helpdesk's number
	call(t *testing.T, number, from, name string) callerSide
	phone(t *testing.T, n *asterisk.Node, id string) phoneSide
	// dials is a number dialled at a phone.
	dials(t *testing.T, id, number string) callerSide
	// outside is the phone of a customer with that number.
	outside(t *testing.T, number string) phoneSide
	// registering is a watched phone that is away until it registers.
	registering(t *testing.T, n *asterisk.Node, id string) registering
	// others ring a phone that exists: a call that is none of ours.
	others(t *testing.T, id string, p phoneSide)
}

type registering interface {
	Register()
	Unregister()
}

func TestContractWithTheFake(t *testing.T) {
	contract(t, func(t *testing.T) exchange {
		fake := asteriskfake.Start(t)
		fake.Missing("sound:no-such-sound")
		fake.PlayTime(300 * time.Millisecond)
		return fakeExchange{fake}
	})
}

func TestContractWithAsterisk(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an Asterisk")
	}
	pbx, stop, err := lab.StartAsterisk(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	contract(t, func(*testing.T) exchange { return realExchange{pbx} })
	t.Run("a name alone is nobody's phone", func(t *testing.T) { nameAlone(t, realExchange{pbx}) })
	t.Run("what is dialled chooses no priority", func(t *testing.T) { dialledWord(t, realExchange{pbx}) })
}

func contract(t *testing.T, open func(*testing.T) exchange) {
	for _, story := range []struct {
		name string
		tell func(*testing.T, scene)
	}{
		{"a call arrives and is adopted", arrives},
		{"prompts end, are stopped, or fail", prompts},
		{"what is to be played once is not begun twice", playedOnce},
		{"keys are heard", keys},
		{"the caller hangs up during a prompt", hangsUpDuringPrompt},
		{"the caller gives up before the answer", givesUp},
		{"music", music},
		{"a leg is bridged, rung, answered, and hangs up", talk},
		{"a phone is told who calls, harmlessly", shownHarmlessly},
		{"a phone refuses", refuses},
		{"nobody picks up", nobodyPicksUp},
		{"answered elsewhere", elsewhere},
		{"a number outside is rung and answers", outside},
		{"what is no number is never dialled", noNumber},
		{"a caller hears somebody's phone ring", ringing},
		{"a message is recorded", recording},
		{"a caller hangs up over a recording", hangsUpOverRecording},
		{"a caller is held", held},
		{"a phone is muted", muted},
		{"keys are pressed towards a phone", digits},
		{"a phone holds by its own key", phoneHolds},
		{"a phone that holds is hung up", gonePhoneHolds},
		{"a phone transfers by its own key", phoneTransfers},
		{"a phone transfers to its other call", phoneTransfersAttended},
		{"six people in one bridge", conference},
		{"both sides are recorded", bothSides},
		{"a phone registers and goes", registers},
		{"somebody else rings a phone", othersRing},
		{"a phone that is not there", noPhone},
		{"everything may be said twice", twice},
		{"commands on what is no more", noMore},
		{"another controller takes over", takeOver},
	} {
		t.Run(story.name, func(t *testing.T) {
			x := open(t)
			n, h := startNode(t, x.config())
			story.tell(t, scene{x: x, n: n, h: h, call: cdr.CallID(uuid.Must(uuid.NewV7()).String())})
		})
	}
}

// scene is one call's stage.
type scene struct {
	x    exchange
	n    *asterisk.Node
	h    *heard
	call cdr.CallID
}

const helpdesk = "0199000001"

// dial brings a call in and answers it.
func (s scene) dial(t *testing.T) (callerSide, call.ChannelID) {
	t.Helper()
	c := s.x.call(t, helpdesk, "+33612345678", "Ana")
	in := next[call.Incoming](t, s.h)
	do(t, s.n, call.Adopt{Channel: in.Channel, Call: s.call, Language: "fr"}, call.Answer{Channel: in.Channel})
	c.WaitAnswered()
	return c, in.Channel
}

func (s scene) offer(n int) cdr.OfferID {
	return cdr.OfferID(string(s.call) + "-" + string(rune('0'+n)))
}

// ring makes a leg to alice's phone, in a bridge with the caller, and rings it.
func (s scene) ring(t *testing.T, caller call.ChannelID, who cdr.Caller, timeout time.Duration) call.ChannelID {
	t.Helper()
	leg, bridge := call.LegID(s.offer(1)), call.BridgeFor(s.call)
	do(t, s.n, call.CreateBridge{Bridge: bridge},
		call.CreateLeg{Call: s.call, Channel: leg, Endpoint: "PJSIP/alice", Caller: who, Originator: caller})
	next(t, s.h, func(r call.LegReady) bool { return r.Channel == leg })
	do(t, s.n, call.Join{Bridge: bridge, Channels: []call.ChannelID{caller, leg}},
		call.DialLeg{Channel: leg, Timeout: timeout, Caller: caller})
	return leg
}

// clear ends what a story left.
func (s scene) clear(t *testing.T, c callerSide, channel call.ChannelID) {
	t.Helper()
	do(t, s.n, call.HangUp{Channel: channel, Reason: call.Normal}, call.DestroyBridge{Bridge: call.BridgeFor(s.call)})
	c.WaitEnded()
}

func arrives(t *testing.T, s scene) {
	before := time.Now().Add(-time.Second)
	c := s.x.call(t, helpdesk, "+33612345678", "Ana")
	in := next[call.Incoming](t, s.h)
	if in.Number != helpdesk || in.Caller.Number != "+33612345678" || in.Caller.Name != "Ana" || in.Node != "test" || in.Language != s.x.language() {
		t.Errorf("incoming %+v", in)
	}
	if in.At.Before(before) || in.At.After(time.Now().Add(time.Second)) {
		t.Errorf("arrived at %v", in.At)
	}
	do(t, s.n, call.Adopt{Channel: in.Channel, Call: s.call, Language: "en"}, call.Answer{Channel: in.Channel})
	c.WaitAnswered()

	// A controller that starts now finds it by its name.
	_, h2 := newNodeStarted(t, s.x.config())
	inv := next[call.Inventory](t, h2)
	i := slices.IndexFunc(inv.Channels, func(ch call.ChannelSeen) bool { return ch.Channel == in.Channel })
	if i < 0 {
		t.Fatalf("inventory without %s: %+v", in.Channel, inv)
	}
	seen := inv.Channels[i]
	if seen.Call != s.call || !seen.Up || seen.Incoming == nil || seen.Incoming.Number != helpdesk ||
		seen.Incoming.Language != "en" || seen.Incoming.Caller != in.Caller {
		t.Errorf("seen %+v %+v", seen, seen.Incoming)
	}
	c.HangUp()
	next(t, h2, on(in.Channel))
}

func newNodeStarted(t *testing.T, cfg asterisk.Config) (*asterisk.Node, *heard) {
	t.Helper()
	n, h := newNode(t, cfg)
	start(t, n)
	ready(t, n)
	return n, h
}

func prompts(t *testing.T, s scene) {
	c, ch := s.dial(t)
	ended := func(id call.PlaybackID) call.PlaybackEnded {
		return next(t, s.h, func(e call.PlaybackEnded) bool { return e.Playback == id })
	}
	do(t, s.n, call.Play{Channel: ch, Playback: "p1", Media: []string{"sound:beep", "digits:12"}, Language: "fr"})
	if e := ended("p1"); e.Failed || e.Channel != ch {
		t.Errorf("p1 %+v", e)
	}
	do(t, s.n, call.Play{Channel: ch, Playback: "p2", Media: []string{"sound:demo-congrats"}, Language: "en"},
		call.StopPlay{Playback: "p2"})
	if e := ended("p2"); e.Failed {
		t.Errorf("stopped p2 %+v", e)
	}
	do(t, s.n, call.StopPlay{Playback: "p2"},
		call.Play{Channel: ch, Playback: "p3/é", Media: []string{"sound:no-such-sound"}})
	if e := ended("p3/é"); !e.Failed {
		t.Errorf("missing p3 %+v", e)
	}
	for _, media := range [][]string{nil, {"bogus:x"}, {"sound:beep", "sound:"}} {
		if err := s.n.Do(t.Context(), call.Play{Channel: ch, Playback: "p4", Media: media}); !errors.Is(err, asterisk.ErrMedia) {
			t.Errorf("play %q: %v", media, err)
		}
	}
	s.clear(t, c, ch)
}

// playedOnce: what plays is left alone, and what is over is played anew.
func playedOnce(t *testing.T, s scene) {
	c, ch := s.dial(t)
	long := call.Play{Channel: ch, Playback: "code", Media: slices.Repeat([]string{"sound:demo-congrats"}, 20), Once: true}
	do(t, s.n, long, long, call.StopPlay{Playback: "code"}, call.Play{Channel: ch, Playback: "after", Media: []string{"sound:beep"}})
	for _, id := range []call.PlaybackID{"code", "after"} {
		if e := next[call.PlaybackEnded](t, s.h); e.Playback != id {
			t.Errorf("%s ended, not %s", e.Playback, id)
		}
	}
	do(t, s.n, call.Play{Channel: ch, Playback: "code", Media: []string{"sound:beep"}, Once: true})
	next(t, s.h, func(e call.PlaybackEnded) bool { return e.Playback == "code" })
	s.clear(t, c, ch)
}

func keys(t *testing.T, s scene) {
	c, ch := s.dial(t)
	for _, key := range []string{"1", "0", "*", "#"} {
		c.Press(key)
		if d := next[call.Digit](t, s.h); d.Digit != key || d.Channel != ch {
			t.Errorf("pressed %s, heard %+v", key, d)
		}
	}
	s.clear(t, c, ch)
}

func hangsUpDuringPrompt(t *testing.T, s scene) {
	c, ch := s.dial(t)
	do(t, s.n, call.Play{Channel: ch, Playback: "p1", Media: []string{"sound:demo-congrats"}})
	c.HangUp()
	if g := next(t, s.h, on(ch)); g.Code != 16 || g.Cause != cdr.EndHangup {
		t.Errorf("gone %+v", g)
	}
	if n := count(s.h, func(e call.PlaybackEnded) bool { return e.Channel == ch }); n != 0 {
		t.Error("a prompt ended for a caller who had left")
	}
}

func givesUp(t *testing.T, s scene) {
	c := s.x.call(t, helpdesk, "+33612345678", "")
	in := next[call.Incoming](t, s.h)
	c.HangUp()
	if g := next(t, s.h, on(in.Channel)); g.Code != 16 {
		t.Errorf("gone %+v", g)
	}
}

func music(t *testing.T, s scene) {
	c, ch := s.dial(t)
	do(t, s.n, call.StartMusic{Channel: ch, Class: "default"}, call.StartMusic{Channel: ch},
		call.StopMusic{Channel: ch}, call.StopMusic{Channel: ch})
	s.clear(t, c, ch)
}

func talk(t *testing.T, s scene) {
	p := s.x.phone(t, s.n, "alice")
	c, ch := s.dial(t)
	leg := s.ring(t, ch, cdr.Caller{Number: "+33612345678", Name: "Marie Dupont"}, 20*time.Second)
	if number, name := p.WaitRinging(); number != "+33612345678" || name != "Marie Dupont" {
		t.Errorf("the phone shows %q %q", name, number)
	}
	next(t, s.h, func(e call.LegProgress) bool { return e.Channel == leg })
	p.Answer()
	next(t, s.h, func(e call.Answered) bool { return e.Channel == leg })
	p.HangUp()
	if g := next(t, s.h, on(leg)); g.Code != 16 {
		t.Errorf("gone %+v", g)
	}
	// The caller is still there, and hears when we say so.
	do(t, s.n, call.DestroyBridge{Bridge: call.BridgeFor(s.call)},
		call.Play{Channel: ch, Playback: "after", Media: []string{"sound:beep"}})
	next(t, s.h, func(e call.PlaybackEnded) bool { return e.Playback == "after" && !e.Failed })
	do(t, s.n, call.HangUp{Channel: ch, Reason: call.Normal})
	if cause := c.WaitEnded(); cause != 16 {
		t.Errorf("the caller was told cause %d", cause)
	}
	next(t, s.h, on(ch))
}

func shownHarmlessly(t *testing.T, s scene) {
	p := s.x.phone(t, s.n, "alice")
	c, ch := s.dial(t)
	evil := "Éva \"x\\ <b>\r\nX-Evil: 1\x00\x1b\xff, " + strings.Repeat("y", 300)
	leg := s.ring(t, ch, cdr.Caller{Number: "+336\r\n12", Name: evil}, 20*time.Second)
	number, name := p.WaitRinging()
	if number != "+336  12" && number != "+336%20%2012" || !strings.HasPrefix(name, "Éva \"x\\ <b>  X-Evil: 1") || len(name) > 80 {
		t.Errorf("the phone shows %q %q", name, number)
	}
	s.clear(t, c, ch)
	do(t, s.n, call.HangUp{Channel: leg, Reason: call.Normal})
	p.WaitIdle()
}

func refuses(t *testing.T, s scene) {
	p := s.x.phone(t, s.n, "alice")
	for status, code := range map[int]int{486: 17, 603: 21, 480: 19} {
		s.call = cdr.CallID(uuid.Must(uuid.NewV7()).String())
		c, ch := s.dial(t)
		leg := s.ring(t, ch, cdr.Caller{}, 20*time.Second)
		p.WaitRinging()
		p.Refuse(status)
		if g := next(t, s.h, on(leg)); g.Code != code {
			t.Errorf("refused with %d: %+v", status, g)
		}
		s.clear(t, c, ch)
		next(t, s.h, on(ch))
	}
}

func nobodyPicksUp(t *testing.T, s scene) {
	p := s.x.phone(t, s.n, "alice")
	c, ch := s.dial(t)
	leg := s.ring(t, ch, cdr.Caller{}, 100*time.Millisecond)
	p.WaitRinging()
	if g := next(t, s.h, on(leg)); g.Code != 19 {
		t.Errorf("gone %+v", g)
	}
	p.WaitIdle()
	s.clear(t, c, ch)
}

func elsewhere(t *testing.T, s scene) {
	p := s.x.phone(t, s.n, "alice")
	c, ch := s.dial(t)
	leg := s.ring(t, ch, cdr.Caller{}, 20*time.Second)
	p.WaitRinging()
	// Until Asterisk has heard the phone ring, its CANCEL carries no cause of ours.
	next(t, s.h, func(e call.LegProgress) bool { return e.Channel == leg })
	do(t, s.n, call.HangUp{Channel: leg, Reason: call.AnsweredElsewhere})
	if cause := p.WaitIdle(); cause != 26 {
		t.Errorf("the phone was told cause %d", cause)
	}
	// The words by which a desk phone knows that it missed nothing (RFC 3326).
	if sip, registers := p.(sipPhone); registers {
		if said := sip.cancelled(); said != `SIP;cause=200;text="Call completed elsewhere"` {
			t.Errorf("the CANCEL's reason is %q", said)
		}
	}
	if g := next(t, s.h, on(leg)); g.Code != 26 {
		t.Errorf("gone %+v", g)
	}
	s.clear(t, c, ch)
}

func noPhone(t *testing.T, s scene) {
	c, ch := s.dial(t)
	err := s.n.Do(t.Context(), call.CreateLeg{
		Call: s.call, Channel: call.LegID(s.offer(1)), Endpoint: "PJSIP/nobody", Originator: ch,
	})
	var refused *asterisk.Error
	if !errors.As(err, &refused) || refused.Status != http.StatusInternalServerError || refused.Message != "Allocation failed" {
		t.Errorf("leg to nobody: %v", err)
	}
	s.clear(t, c, ch)
}

func twice(t *testing.T, s scene) {
	p := s.x.phone(t, s.n, "alice")
	c, ch := s.dial(t)
	leg, bridge := call.LegID(s.offer(1)), call.BridgeFor(s.call)
	create := call.CreateLeg{Call: s.call, Channel: leg, Endpoint: "PJSIP/alice", Originator: ch}
	do(t, s.n, call.Adopt{Channel: ch, Call: s.call}, call.Answer{Channel: ch}, create, create,
		call.CreateBridge{Bridge: bridge}, call.CreateBridge{Bridge: bridge})
	next(t, s.h, func(r call.LegReady) bool { return r.Channel == leg })
	join := call.Join{Bridge: bridge, Channels: []call.ChannelID{ch, leg}}
	dial := call.DialLeg{Channel: leg, Timeout: 20 * time.Second, Caller: ch}
	do(t, s.n, join, join, dial)
	p.WaitRinging()
	do(t, s.n, dial)
	p.Answer()
	next(t, s.h, func(e call.Answered) bool { return e.Channel == leg })
	do(t, s.n, dial, join,
		call.HangUp{Channel: leg, Reason: call.Normal}, call.HangUp{Channel: leg, Reason: call.Normal},
		call.DestroyBridge{Bridge: bridge}, call.DestroyBridge{Bridge: bridge})
	p.WaitIdle()
	next(t, s.h, on(leg))
	s.clear(t, c, ch)
	next(t, s.h, on(ch))
	for _, id := range []call.ChannelID{ch, leg} {
		if n := count(s.h, on(id)); n > 2 {
			t.Errorf("%s gone %d times", id, n)
		}
	}
	if n := count(s.h, func(e call.LegReady) bool { return e.Channel == leg }); n != 1 {
		t.Errorf("leg ready %d times", n)
	}
}

func noMore(t *testing.T, s scene) {
	c, ch := s.dial(t)
	bridge := call.BridgeFor(s.call)
	do(t, s.n, call.CreateBridge{Bridge: bridge})
	c.HangUp()
	next(t, s.h, on(ch))
	for _, cmd := range []call.Command{
		call.Answer{Channel: ch},
		call.Adopt{Channel: ch, Call: s.call},
		call.Play{Channel: ch, Playback: "p", Media: []string{"sound:beep"}},
		call.StartMusic{Channel: ch, Class: "default"},
		call.StopMusic{Channel: ch},
		call.Join{Bridge: bridge, Channels: []call.ChannelID{ch}},
		call.Join{Bridge: "lk-none", Channels: []call.ChannelID{ch}},
		call.DialLeg{Channel: call.LegID(s.offer(7)), Timeout: time.Second},
	} {
		if err := s.n.Do(t.Context(), cmd); !errors.Is(err, call.ErrGone) {
			t.Errorf("%T: %v", cmd, err)
		}
	}
	do(t, s.n, call.HangUp{Channel: ch, Reason: call.Busy}, call.StopPlay{Playback: "p"},
		call.DestroyBridge{Bridge: bridge})
}

func takeOver(t *testing.T, s scene) {
	c, ch := s.dial(t)
	n2, h2 := newNodeStarted(t, s.x.config())
	waitState(t, s.n, asterisk.Replaced)
	if err := s.n.Do(t.Context(), call.HangUp{Channel: ch}); !errors.Is(err, asterisk.ErrReplaced) {
		t.Errorf("hang up by the replaced one: %v", err)
	}
	c.Press("7")
	if d := next[call.Digit](t, h2); d.Channel != ch || d.Digit != "7" {
		t.Errorf("the new one hears %+v", d)
	}
	if n := count(s.h, func(d call.Digit) bool { return true }); n != 0 {
		t.Error("the replaced one still hears")
	}
	do(t, n2, call.HangUp{Channel: ch, Reason: call.Normal})
	c.WaitEnded()
}

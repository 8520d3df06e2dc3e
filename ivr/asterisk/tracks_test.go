package asterisk_test

import (
	"bytes"
	"encoding/binary"
	"io"
	"net/http"
	"os"
	"path/filepath"
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

// secret is the voice of what is said in a pause.
const secret = 5

// talkers speak in one instant, 100 ms of each half second, so that a recording
// shows by how much one side is late.
type talkers struct {
	voices chan [2]int   // what they speak with from the next burst on
	burst  chan struct{} // one is over, and 400 ms of silence begin
}

func newTalkers(t *testing.T, caller, agent *audio) talkers {
	s := talkers{voices: make(chan [2]int, 1), burst: make(chan struct{})}
	quit, done := make(chan struct{}), make(chan struct{})
	t.Cleanup(func() { close(quit); <-done })
	go func() {
		defer close(done)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		v := [2]int{ana, alice}
		for i := 0; ; i++ {
			select {
			case <-quit:
				return
			case <-tick.C:
			}
			if i%25 < 5 {
				caller.send(tonePacket(v[0], i))
				agent.send(tonePacket(v[1], i))
				continue
			}
			caller.send(bytes.Repeat([]byte{0xff}, 160))
			agent.send(bytes.Repeat([]byte{0xff}, 160))
			if i%25 == 9 { // what is under way has arrived
				select {
				case s.burst <- struct{}{}:
				default:
				}
				select {
				case v = <-s.voices:
				default:
				}
			}
		}
	}()
	return s
}

func (s talkers) bursts(n int) {
	for range n {
		<-s.burst
	}
}

// Both sides of a talk with a pause in it, in one file: in step, and nothing of
// what was said in the pause.
func TestBothSidesAreRecordedInStep(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an Asterisk")
	}
	const stretch = 6 // bursts, half a second each
	pbx, stop, err := lab.StartAsterisk(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	x := realExchange{pbx}
	n, h := startNode(t, x.config())
	s := scene{x: x, n: n, h: h, call: cdr.CallID(uuid.Must(uuid.NewV7()).String())}
	c, ch := s.dial(t)
	p := s.x.phone(t, n, "alice")
	// Rung in one request: this leg, other than the contract's, has a dialplan's place
	// to go back to.
	leg := call.LegID(s.offer(1))
	do(t, n, call.CreateLeg{Call: s.call, Channel: leg, Endpoint: "PJSIP/alice", Originator: ch, Ring: 20 * time.Second})
	p.WaitRinging()
	p.Answer()
	next(t, h, func(r call.LegReady) bool { return r.Channel == leg })
	do(t, n, call.CreateBridge{Bridge: call.BridgeFor(s.call)},
		call.Join{Bridge: call.BridgeFor(s.call), Channels: []call.ChannelID{ch, leg}})
	people := newTalkers(t, c.(*sipCaller).audio, p.(sipPhone).audio)

	start := call.StartTracks{Channel: leg, Bridge: call.BridgeFor(s.call), Name: "lk-" + string(s.call) + "-r1"}
	people.bursts(2)
	do(t, n, start)
	people.bursts(stretch / 2)
	do(t, n, start) // once more, as by a controller that does not know: it goes on
	people.bursts(stretch - stretch/2)
	do(t, n, call.StopTracks{Channel: leg, Bridge: start.Bridge})
	people.voices <- [2]int{secret, secret}
	paused := time.Now()
	people.bursts(stretch)
	people.voices <- [2]int{ana, alice}
	people.bursts(1) // the last of the secret
	pause := time.Since(paused)
	start.Name = strings.TrimSuffix(start.Name, "1") + "2"
	do(t, n, start)
	people.bursts(stretch)
	do(t, n, call.StopTracks{Channel: leg, Bridge: start.Bridge})

	// Such a leg's transfers are ours too.
	p.Transfer("bruno", nil)
	next(t, h, func(e call.PhoneTransfers) bool { return e.Channel == leg && e.To == "bruno" })
	do(t, n, call.AnswerTransfer{Channel: leg})
	if status := p.WaitTransferred(); status != 603 {
		t.Errorf("the phone hears %d", status)
	}

	left, right := stereo(t, n, pause, strings.TrimSuffix(start.Name, "2")+"1", start.Name)
	inStep(t, left, right, 2*stretch)
	for _, side := range [][]int16{left, right} {
		if was := longestSilence(side); was < pause {
			t.Errorf("a pause of %s is silent for %s", pause, was)
		}
		for at := 0; at+800 < len(side); at += 400 {
			if heard := amplitude(side[at:at+800], pitchOf(secret)); heard > 100 && heard > amplitude(side[at:at+800], pitchOf(alice))/4 && heard > amplitude(side[at:at+800], pitchOf(ana))/4 {
				t.Fatalf("at %.1f s is heard what was said in the pause (%.0f)", float64(at)/sampleRate, heard)
			}
		}
	}
	do(t, n, call.HangUp{Channel: leg, Reason: call.Normal})
	s.clear(t, c, ch)
}

// stereo puts the recordings together and reads the file's two sides.
func stereo(t *testing.T, n *asterisk.Node, pause time.Duration, names ...string) (left, right []int16) {
	t.Helper()
	var talk []asterisk.Stretch
	for i, name := range names {
		file, err := n.Tracks(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		s := asterisk.Stretch{Tracks: file}
		if i > 0 {
			s.Pause = pause
		}
		talk = append(talk, s)
	}
	f, err := os.Create(filepath.Join(t.TempDir(), "talk.wav"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	length, err := asterisk.WriteStereo(f, talk...)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	samples := raw[44:]
	for i := 0; i+4 <= len(samples); i += 4 {
		left = append(left, int16(binary.LittleEndian.Uint16(samples[i:])))
		right = append(right, int16(binary.LittleEndian.Uint16(samples[i+2:])))
	}
	if was := time.Duration(len(left)) * time.Second / sampleRate; was != length {
		t.Errorf("a file of %s, said to be of %s", was, length)
	}
	return left, right
}

// inStep compares where the bursts of both sides begin. Asterisk lets one side wait for
// the other for up to 80 ms and throws both away when they are more than a tenth of a
// second apart (main/audiohook.c); on a machine that is not overloaded it is one packet.
func inStep(t *testing.T, left, right []int16, bursts int) {
	t.Helper()
	const mostly, ever = 40 * time.Millisecond, 100 * time.Millisecond
	l, r := onsets(left), onsets(right)
	if len(l) < bursts-1 || len(l) != len(r) {
		t.Fatalf("bursts at\n%v and\n%v, want %d", l, r, bursts)
	}
	var apart []time.Duration
	for i := range l {
		apart = append(apart, (l[i] - r[i]).Abs())
	}
	slices.Sort(apart)
	half, worst := apart[len(apart)/2], apart[len(apart)-1]
	t.Logf("%.1f s, %d bursts, half of them within %s, all within %s", float64(len(left))/sampleRate, len(l), half, worst)
	if half > mostly || worst > ever {
		t.Errorf("the sides are %s apart, and once %s:\n%v\n%v", half, worst, l, r)
	}
}

// onsets are where it is loud after a tenth of a second of silence.
func onsets(samples []int16) (at []time.Duration) {
	quiet := sampleRate
	for i, x := range samples {
		switch {
		case x < 500 && x > -500:
			quiet++
			continue
		case quiet > sampleRate/10:
			at = append(at, time.Duration(i)*time.Second/sampleRate)
		}
		quiet = 0
	}
	return at
}

func longestSilence(samples []int16) time.Duration {
	most, run := 0, 0
	for _, x := range samples {
		run++
		if x > 8 || x < -8 {
			run = 0
		}
		most = max(most, run)
	}
	return time.Duration(most) * time.Second / sampleRate
}

// A file of two stretches, byte by byte (Multimedia Programming Interface and Data
// Specifications 1.0, "WAVE").
func TestWriteStereo(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "talk.wav"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	length, err := asterisk.WriteStereo(f,
		asterisk.Stretch{Tracks: strings.NewReader("aAhHbBiIx")}, // cut off in a sample
		asterisk.Stretch{Pause: 250 * time.Microsecond, Tracks: strings.NewReader("cCjJ")})
	if err != nil || length != 625*time.Microsecond {
		t.Errorf("%s, %v", length, err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	want := "RIFF\x38\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x02\x00\x40\x1f\x00\x00\x00\x7d\x00\x00\x04\x00\x10\x00" +
		"data\x14\x00\x00\x00" + "hHaAiIbB" + "\x00\x00\x00\x00\x00\x00\x00\x00" + "jJcC"
	if string(got) != want {
		t.Errorf("wrote\n%q, want\n%q", got, want)
	}
}

// A controller that died before the leg went to be recorded has left its name there:
// the next one does not take it for recorded. And one that went, and did not come back
// into its bridge, can still be ended.
func TestALegIsNotTakenForRecorded(t *testing.T) {
	fake := asteriskfake.Start(t)
	n, h := startNode(t, fakeConfig(fake), never())
	s := scene{x: fakeExchange{fake}, n: n, h: h, call: cdr.CallID(uuid.Must(uuid.NewV7()).String())}
	c, p, ch, leg := s.talking(t)
	start := call.StartTracks{Channel: leg, Bridge: call.BridgeFor(s.call), Name: "r1"}
	stop := call.StopTracks{Channel: leg, Bridge: start.Bridge}
	kept := func(name string) {
		t.Helper()
		next(t, h, func(e call.TracksKept) bool { return e.Channel == leg && e.Name == name })
		if file, err := n.Tracks(t.Context(), name); err != nil {
			t.Errorf("the file of %s: %v", name, err)
		} else {
			_ = file.Close()
		}
	}
	// Nothing but the variable is set: the leg does not go.
	fake.Inject(asteriskfake.Fault{Path: "/continue", Status: http.StatusConflict})
	fake.Inject(asteriskfake.Fault{Method: http.MethodGet, Path: "/variable", Status: http.StatusInternalServerError, Times: 100})
	if err := n.Do(t.Context(), start); err == nil {
		t.Error("recorded, though Asterisk refused")
	}
	fake.Heal()
	do(t, n, start, stop)
	kept("r1")

	start.Name = "r2"
	fake.Inject(asteriskfake.Fault{Path: "/addChannel", Status: http.StatusInternalServerError, Times: 100})
	if err := n.Do(t.Context(), start); err == nil {
		t.Error("done, though the leg is not in its bridge")
	}
	fake.Heal()
	do(t, n, stop, call.Join{Bridge: start.Bridge, Channels: []call.ChannelID{leg}})
	kept("r2")
	c.WaitHears(alice)
	p.WaitHears(ana)
	s.over(t, c, p, ch, leg)
}

// A leg on its way to be recorded comes back into its bridge, whether or not we hear
// that it went; and one that never went is not said to be recorded.
func TestALegComesBackFromItsRecording(t *testing.T) {
	for name, tc := range map[string]struct {
		fault    asteriskfake.Fault
		recorded bool
	}{
		"the answer got lost":  {asteriskfake.Fault{Path: "/continue", Drop: true, Happens: true}, true},
		"it is refused":        {asteriskfake.Fault{Path: "/continue", Status: http.StatusConflict}, false},
		"once not to be asked": {asteriskfake.Fault{Method: http.MethodPost, Path: "/variables", Drop: true}, true},
	} {
		t.Run(name, func(t *testing.T) {
			fake := asteriskfake.Start(t)
			n, h := startNode(t, fakeConfig(fake), never())
			s := scene{x: fakeExchange{fake}, n: n, h: h, call: cdr.CallID(uuid.Must(uuid.NewV7()).String())}
			c, p, ch, leg := s.talking(t)
			start := call.StartTracks{Channel: leg, Bridge: call.BridgeFor(s.call), Name: "r1"}
			fake.Inject(tc.fault)
			if err := n.Do(t.Context(), start); (err == nil) != tc.recorded {
				t.Errorf("start: %v", err)
			}
			c.WaitHears(alice)
			p.WaitHears(ana)
			do(t, n, start, call.StopTracks{Channel: leg, Bridge: start.Bridge})
			next(t, h, func(e call.TracksKept) bool { return e.Channel == leg && e.Name == "r1" })
			c.WaitHears(alice)
			s.over(t, c, p, ch, leg)
		})
	}
}

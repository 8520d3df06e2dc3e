package e2e

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
	"linekeeper/deploy/lab"
)

// The pitches by which voices are told from one another in a recording.
const (
	callersVoice = 440
	inessVoice   = 1000
	julessVoice  = 2400
	secretly     = 1600 // what the caller says that nobody is to keep, or that is to be kept
	aside        = 2000 // what Inès says with her voice kept from the caller
)

// TestRecordings: talks of a queue that always records, and what is in their files.
func TestRecordings(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines", "jules")
	ines, jules := agents[0], agents[1]
	w.parts(t, agents, []part{
		{"a pause is in no file", func(t *testing.T) { w.pauseIsKeptOut(t, ines, jules) }},
		{"a consultation is not recorded, a conference is, and the next agent", func(t *testing.T) { w.recordingFollows(t, ines, jules) }},
		{"the controller is killed in a recorded talk", func(t *testing.T) { w.killedInRecording(t, ines) }},
		{"all hang up while no controller is there", func(t *testing.T) { w.recordedAlone(t, ines) }},
	})
	w.nothingTaped(t)
}

// nothingTaped waits until no talk is on Asterisk's disk any more; messages are.
func (s *stack) nothingTaped(t *testing.T) {
	t.Helper()
	disk := (&lab.Asterisk{Dir: filepath.Join(s.dir, "asterisk")}).Recordings()
	until(t, "Asterisk has no recorded talk left", patient, func() error {
		left, err := filepath.Glob(filepath.Join(disk, "lk-*-r*"))
		if err == nil && len(left) > 0 {
			err = fmt.Errorf("%v", left)
		}
		_, there := os.Stat(disk)
		return errors.Join(err, there)
	})
}

// recorded has a caller of the queue talk to an agent, both humming, and returns when
// the first part has begun by itself.
func (w *world) recorded(t *testing.T, a *agent, voice int) (*listener, *phone.Call) {
	t.Helper()
	a.back(t)
	c := w.calls(t, "always")
	talk := a.answer(t)
	c.Hum(callersVoice)
	talk.Hum(voice)
	c.await(t, cdr.KindRecordingBegan)
	w.together(t, c.id, 2)
	return c, talk
}

// speak lets some time pass in which people are heard: half a second each time.
func speak(t *testing.T, halves int, to ...*phone.Call) {
	t.Helper()
	for range halves {
		for _, c := range to {
			hears(t, "somebody", c)
		}
	}
}

// pauseIsKeptOut: what the caller says in a pause, and Inès while the caller does not
// hear her, is in no file. The files are hers, her supervisor's and nobody else's.
func (w *world) pauseIsKeptOut(t *testing.T, ines, jules *agent) {
	c, talk := w.recorded(t, ines, inessVoice)
	record := func(do string) func(context.Context) error {
		return func(ctx context.Context) error { return ines.desk.Record(ctx, c.id, do) }
	}
	speak(t, 2, c.Call, talk)
	assertRefused(t, ines.tries(record("stop")), http.StatusConflict, "recording-required")

	ines.does(t, record("pause"))
	c.await(t, cdr.KindRecordingEnded)
	c.Hum(secretly)
	speak(t, 3, talk)
	c.Hum(callersVoice)
	speak(t, 1, talk)
	assertRefused(t, ines.tries(record("stop")), http.StatusConflict, "recording-required")
	ines.does(t, record("resume"))
	c.awaitNth(t, cdr.KindRecordingBegan, 2)
	w.together(t, c.id, 2)
	speak(t, 2, c.Call, talk)

	ines.does(t, func(ctx context.Context) error { return ines.desk.Mute(ctx, c.id, true) })
	w.quiet(t, c, talk)
	talk.Hum(aside)
	speak(t, 2, talk)
	talk.Hum(inessVoice)
	speak(t, 1, talk)
	ines.does(t, func(ctx context.Context) error { return ines.desk.Mute(ctx, c.id, false) })
	speak(t, 2, c.Call, talk)
	hangUp(t, c.Call)
	over(t, "Inès", talk)

	parts := w.kept(t, c.visit, 2)
	assertCauses(t, parts, "ines paused", "ines talk-over")
	for _, p := range parts {
		s := w.tape(t, c.id, p)
		s.has(t, "left", callersVoice)
		s.has(t, "right", inessVoice)
		s.hasNot(t, "left", inessVoice, secretly, aside)
		s.hasNot(t, "right", callersVoice, secretly, aside)
	}
	w.mayHear(t, c, ines, jules)
}

// quiet waits until nothing more comes to the caller from Inès.
func (w *world) quiet(t *testing.T, c *listener, talk *phone.Call) {
	t.Helper()
	c.await(t, cdr.KindMuteChanged)
	speak(t, 1, talk)
}

// mayHear: Inès hears her parts, her supervisor does and deletes one; Jules, who had
// no part in the call, does not. Each try is in the audit log.
func (w *world) mayHear(t *testing.T, c *listener, ines, jules *agent) {
	hugo := w.signedIn(t, "hugo")
	defer hugo.desk.Close()
	hear := func(a *agent, part int, bytes string) (s deskclient.Sound, err error) {
		err = a.tries(func(ctx context.Context) error {
			s, err = a.desk.Hear(ctx, c.id, part, bytes)
			return err
		})
		return s, err
	}
	parts := w.kept(t, c.visit, 2)
	file := w.soundFile(c.id, parts[0])
	onDisk, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for path, mode := range map[string]fs.FileMode{file: 0o600, filepath.Dir(file): fs.ModeDir | 0o700} {
		if info, err := os.Stat(path); err != nil || info.Mode() != mode {
			t.Errorf("%s: %v, mode %v, want %v", path, err, info.Mode(), mode)
		}
	}
	for _, a := range []*agent{ines, hugo} {
		if s, err := hear(a, 1, ""); err != nil || !bytes.Equal(s.Data, onDisk) || s.Range != "" {
			t.Errorf("%s hears %d bytes of %d: %v", a.name, len(s.Data), len(onDisk), err)
		}
	}
	want := fmt.Sprintf("bytes 44-1043/%d", len(onDisk))
	if s, err := hear(ines, 1, "44-1043"); err != nil || s.Range != want || !bytes.Equal(s.Data, onDisk[44:1044]) {
		t.Errorf("a range: %d bytes, %q, %v; want %q", len(s.Data), s.Range, err, want)
	}
	_, err = hear(jules, 1, "")
	assertRefused(t, err, http.StatusForbidden, "forbidden")
	_, err = hear(ines, 9, "")
	assertRefused(t, err, http.StatusNotFound, "unknown-recording")

	remove := func(a *agent, part int) error {
		return a.tries(func(ctx context.Context) error { return a.desk.DeleteRecording(ctx, c.id, part) })
	}
	assertRefused(t, remove(ines, 1), http.StatusForbidden, "forbidden")
	if err := remove(hugo, 1); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the deleted sound is on the disk: %v", err)
	}
	_, err = hear(hugo, 1, "")
	assertRefused(t, err, http.StatusNotFound, "recording-deleted")
	// A file that somebody else has removed.
	if err := os.Remove(w.soundFile(c.id, parts[1])); err != nil {
		t.Error(err)
	}
	_, err = hear(hugo, 2, "")
	assertRefused(t, err, http.StatusNotFound, "recording-missing")

	c.await(t, cdr.KindRecordingDeleted)
	if r := w.record(t, c.visit); r.Recordings[0].DeletedBy != "hugo" || r.Recordings[0].Heard != 2 || !r.Recordings[1].DeletedAt.IsZero() {
		t.Errorf("the record: %+v", r.Recordings)
	}
	err = hugo.tries(func(ctx context.Context) error {
		list, err := hugo.desk.Recordings(ctx, c.id)
		if err == nil && (len(list) != 2 || !list[0].Deleted || list[1].Deleted || list[1].LengthMs < 1000) {
			err = fmt.Errorf("%+v", list)
		}
		return err
	})
	if err != nil {
		t.Errorf("what the supervisor may hear: %v", err)
	}
	w.audited(t, c.id, 1, "hugo delete-recording done", "hugo hear-recording done", "ines delete-recording denied",
		"ines hear-recording done") // the whole and a range of it: one hearing
}

// audited waits until the audit log says just this of a part: its lines come a little
// after what they tell of.
func (w *world) audited(t *testing.T, id cdr.CallID, part int, want ...string) {
	t.Helper()
	until(t, fmt.Sprintf("the audit log of part %d", part), patient, func() error {
		ctx, cancel := soon()
		defer cancel()
		got, err := w.auditLog(ctx, url.Values{"on": {fmt.Sprintf("%s/%d", id, part)}})
		if slices.Sort(got); err == nil && !slices.Equal(got, want) {
			err = fmt.Errorf("\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		return err
	})
}

// recordingFollows: what Inès and Jules say to one another is in no file; what all
// three say is, and then Jules' own part, which his phone ends.
func (w *world) recordingFollows(t *testing.T, ines, jules *agent) {
	c, talk := w.recorded(t, ines, inessVoice)
	jules.back(t)
	speak(t, 2, c.Call, talk)
	ines.does(t, func(ctx context.Context) error {
		return ines.desk.Invite(ctx, c.id, deskclient.Target{Kind: cdr.PartyAgent, To: "jules"}, true)
	})
	advice := jules.answer(t)
	advice.Hum(julessVoice)
	c.await(t, cdr.KindRecordingEnded)
	w.together(t, c.id, 2)
	speak(t, 2, talk, advice)

	ines.does(t, func(ctx context.Context) error { return ines.desk.Merge(ctx, c.id) })
	c.awaitNth(t, cdr.KindRecordingBegan, 2)
	w.together(t, c.id, 3)
	speak(t, 2, c.Call, talk, advice)
	party := c.await(t, cdr.KindInvited).Story.(cdr.Invited).Party
	ines.does(t, func(ctx context.Context) error { return ines.desk.Complete(ctx, c.id, party) })
	over(t, "Inès", talk)
	c.awaitNth(t, cdr.KindRecordingBegan, 3)
	w.together(t, c.id, 2)
	speak(t, 2, c.Call, advice)
	hangUp(t, advice)
	over(t, "the caller", c.Call)

	parts := w.kept(t, c.visit, 3)
	assertCauses(t, parts, "ines paused", "ines transferred", "jules talk-over")
	before, together, after := w.tape(t, c.id, parts[0]), w.tape(t, c.id, parts[1]), w.tape(t, c.id, parts[2])
	before.has(t, "left", callersVoice)
	before.hasNot(t, "left", julessVoice)
	before.hasNot(t, "right", julessVoice)
	together.has(t, "left", callersVoice, julessVoice)
	together.has(t, "right", inessVoice)
	after.has(t, "left", callersVoice)
	after.has(t, "right", julessVoice)
	after.hasNot(t, "left", inessVoice)
	after.hasNot(t, "right", inessVoice)

	for _, own := range []struct {
		*agent
		parts []int
	}{{ines, []int{1, 2}}, {jules, []int{3}}} {
		var mine []int
		own.does(t, func(ctx context.Context) error {
			list, err := own.desk.Recordings(ctx, c.id)
			for _, p := range list {
				mine = append(mine, p.Part)
			}
			return err
		})
		if !slices.Equal(mine, own.parts) {
			t.Errorf("%s may hear parts %v, want %v", own.name, mine, own.parts)
		}
	}
	err := jules.tries(func(ctx context.Context) error {
		_, err := jules.desk.Hear(ctx, c.id, 1, "")
		return err
	})
	assertRefused(t, err, http.StatusForbidden, "forbidden")
}

// killedInRecording: Asterisk records on without the controller, and the next one
// goes on with the part, pauses it and begins another.
func (w *world) killedInRecording(t *testing.T, ines *agent) {
	c, talk := w.recorded(t, ines, inessVoice)
	speak(t, 1, c.Call, talk)
	w.killController(t)
	c.Hum(secretly)
	speak(t, 2, c.Call, talk)
	c.Hum(callersVoice)
	w.startController(t)
	assertWhere(t, c.visit, "talk")
	w.together(t, c.id, 2)
	speak(t, 1, c.Call, talk)
	for _, do := range []string{"pause", "resume"} {
		until(t, "Inès' console is heard again", patient, func() error {
			return ines.tries(func(ctx context.Context) error { return ines.desk.Record(ctx, c.id, do) })
		})
	}
	c.awaitNth(t, cdr.KindRecordingBegan, 2)
	w.together(t, c.id, 2)
	speak(t, 2, c.Call, talk)
	hangUp(t, talk)
	over(t, "the caller", c.Call)

	parts := w.kept(t, c.visit, 2)
	assertCauses(t, parts, "ines paused", "ines talk-over")
	s := w.tape(t, c.id, parts[0])
	s.has(t, "left", callersVoice, secretly)
	s.has(t, "right", inessVoice)
	s = w.tape(t, c.id, parts[1])
	s.has(t, "left", callersVoice)
	s.hasNot(t, "left", secretly)
}

// recordedAlone: what was said until they hung up is found by the next controller.
func (w *world) recordedAlone(t *testing.T, ines *agent) {
	c, talk := w.recorded(t, ines, inessVoice)
	speak(t, 1, c.Call, talk)
	w.killController(t)
	c.Hum(secretly)
	speak(t, 2, c.Call, talk)
	hangUp(t, c.Call)
	hangUp(t, talk)
	w.startController(t)
	c.await(t, cdr.KindEnded)
	parts := w.kept(t, c.visit, 1)
	assertCauses(t, parts, "ines lost")
	s := w.tape(t, c.id, parts[0])
	s.has(t, "left", callersVoice, secretly)
	s.has(t, "right", inessVoice)
}

// kept waits until a call's parts are in the store, as the ledger and the record say.
func (s *stack) kept(t *testing.T, v visit, want int) []cdr.RecordingPart {
	t.Helper()
	v.awaitNth(t, cdr.KindRecordingKept, want)
	v.await(t, cdr.KindEnded)
	parts := s.record(t, v).Recordings
	if len(parts) != want {
		t.Fatalf("parts %+v, want %d", parts, want)
	}
	for _, p := range parts {
		if p.KeptAt.IsZero() || p.Bytes <= 44 || p.Length < 500*time.Millisecond {
			t.Errorf("part %+v", p)
		}
	}
	return parts
}

// assertCauses asserts whose each part is and why it ended.
func assertCauses(t *testing.T, parts []cdr.RecordingPart, want ...string) {
	t.Helper()
	var got []string
	for _, p := range parts {
		got = append(got, p.Agent+" "+string(p.Why))
	}
	if !slices.Equal(got, want) {
		t.Errorf("the parts are %q, want %q", got, want)
	}
}

// assertRefused asserts a problem and that it says something.
func assertRefused(t *testing.T, err error, status int, code string) {
	t.Helper()
	var p *deskclient.Problem
	if !errors.As(err, &p) || p.Status != status || p.Code != code || p.Title == "" {
		t.Errorf("refused by %v, want %d %s", err, status, code)
	}
}

// soundFile is where a part lies.
func (s *stack) soundFile(id cdr.CallID, p cdr.RecordingPart) string {
	return filepath.Join(s.dir, "recordings", p.BeganAt.UTC().Format("2006/01/02"), fmt.Sprintf("%s-r%d.wav", id, p.Part))
}

// twoSides is what a part's file holds.
type twoSides struct {
	part int
	side map[string][]int16
}

// tape reads a part from the disk.
func (s *stack) tape(t *testing.T, id cdr.CallID, p cdr.RecordingPart) twoSides {
	t.Helper()
	wav, err := os.ReadFile(s.soundFile(id, p))
	if err != nil {
		t.Fatal(err)
	}
	return twoSidesOf(t, wav, p)
}

// twoSidesOf reads the sound of a part.
func twoSidesOf(t *testing.T, wav []byte, p cdr.RecordingPart) twoSides {
	t.Helper()
	le := binary.LittleEndian
	if len(wav) < 44 || string(wav[:4]) != "RIFF" || le.Uint16(wav[22:]) != 2 || le.Uint32(wav[24:]) != 8000 ||
		le.Uint16(wav[34:]) != 16 || int(le.Uint32(wav[40:])) != len(wav)-44 || int64(len(wav)) != p.Bytes {
		t.Fatalf("part %d is no stereo WAV file of %d bytes: %d", p.Part, p.Bytes, len(wav))
	}
	out := twoSides{part: p.Part, side: map[string][]int16{}}
	for at := 44; at+4 <= len(wav); at += 4 {
		out.side["left"] = append(out.side["left"], int16(le.Uint16(wav[at:])))
		out.side["right"] = append(out.side["right"], int16(le.Uint16(wav[at+2:])))
	}
	return out
}

// The phones hum with an amplitude of 2000. What cuts a tone off is heard a little at
// every pitch.
const (
	clearly = 1200
	faintly = 200
)

// has asserts that somebody is heard on a side, for most of a second in all.
func (s twoSides) has(t *testing.T, side string, pitches ...int) {
	t.Helper()
	for _, pitch := range pitches {
		tenths := 0
		for _, a := range strengths(s.side[side], pitch) {
			if a > clearly {
				tenths++
			}
		}
		if tenths < 5 {
			t.Errorf("part %d, %s: %d Hz is heard in %d tenths of a second", s.part, side, pitch, tenths)
		}
	}
}

// hasNot asserts that somebody is never heard on a side.
func (s twoSides) hasNot(t *testing.T, side string, pitches ...int) {
	t.Helper()
	for _, pitch := range pitches {
		for tenth, a := range strengths(s.side[side], pitch) {
			if a > faintly {
				t.Errorf("part %d, %s, after %d tenths of a second: %d Hz is heard (%.0f)", s.part, side, tenth, pitch, a)
				break
			}
		}
	}
}

// strengths are the amplitudes of a pitch in each tenth of a second.
func strengths(samples []int16, pitch int) (all []float64) {
	const tenth = 800
	for ; len(samples) >= tenth; samples = samples[tenth:] {
		var re, im float64
		for i, x := range samples[:tenth] {
			sin, cos := math.Sincos(2 * math.Pi * float64(pitch*i) / 8000)
			re, im = re+float64(x)*cos, im+float64(x)*sin
		}
		all = append(all, math.Hypot(re, im)*2/tenth)
	}
	return all
}

// TestARecordedPageIsLoadedAnew: Alice's part ends with her page's phone, and the next
// begins by itself when it is back.
func TestARecordedPageIsLoadedAnew(t *testing.T) {
	s := begin(t)
	alice := s.console(t, "alice")
	c := s.talkTo(t, alice, paul)
	beside := s.signedIn(t, "alice") // what her page does, said by hand
	defer beside.desk.Close()
	beside.does(t, func(ctx context.Context) error { return beside.desk.Record(ctx, c.id, "start") })
	c.await(t, cdr.KindRecordingBegan)
	assertBothWays(t, alice, c)
	leave(alice, "location.reload()")
	c.await(t, cdr.KindPhoneBack)
	c.awaitNth(t, cdr.KindRecordingBegan, 2)
	s.together(t, c.id, 2)
	alice.await(id("connected"), "")
	assertBothWays(t, alice, c)
	alice.click("hangup")
	c.gone(t)
	closeCall(alice, "resolved", "Page rechargée en plein enregistrement.")
	assertCauses(t, s.kept(t, c.visit, 2), "alice lost", "alice talk-over")
	s.nothingTaped(t)
}

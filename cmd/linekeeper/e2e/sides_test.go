package e2e

import (
	"testing"

	"linekeeper/cdr"
)

// TestEachVoiceOnItsSide: a caller and Alice, in Chromium, talk and are silent by turns,
// and are recorded. Who listens to the file hears the caller on the left and Alice on the
// right, as they heard each other, and silence where somebody said nothing. What they say
// while Alice has paused the recording is nowhere. While she has the caller on hold, what
// he says is nowhere, and what she says is on her side.
func TestEachVoiceOnItsSide(t *testing.T) {
	s := begin(t)
	alice := s.console(t, "alice")
	c := s.reaches(t, alice)
	alice.click("record")
	c.await(t, cdr.KindRecordingBegan)
	s.together(t, c.id, 2)

	alice.hearsPitch(callersVoice, pagesVoice)
	heardBothWays(alice, c)
	c.talksOn(t)

	c.Quiet(true)
	alice.hearsNothing([2]int{callersVoice, pagesVoice})
	listens(t, "the caller, who says nothing,", c.Call)
	c.talksOn(t)
	c.Quiet(false)
	alice.hearsPitch(callersVoice, pagesVoice)

	alice.click("mute")
	alice.await(id("mute")+"[aria-pressed=true]", "")
	hush(t, "the caller, while Alice is muted,", c.Call)
	alice.hearsPitch(callersVoice, pagesVoice)
	alice.click("mute")
	heardBothWays(alice, c)

	unrecorded(t, alice, c)
	s.unheard(t, alice, c)
	hangUp(t, c.Call)
	closeCall(alice, "resolved", "Chacun de son côté.")
	parts := s.kept(t, c.visit, 2)
	assertCauses(t, parts, "alice paused", "alice talk-over")
	for _, p := range parts {
		sides := twoSidesOf(t, s.heardFromTheAPI(t, c.id, p.Part), p)
		sides.has(t, "left", callersVoice)
		sides.has(t, "right", pagesVoice)
		sides.hasNot(t, "left", pagesVoice, secretly, aside)
		sides.hasNot(t, "right", callersVoice, secretly, aside)
		sides.pauses(t, "left", "right", pagesVoice) // quiet in one part, on hold in the other
		if p.Part == 1 {
			sides.pauses(t, "right", "left", callersVoice)
		}
	}
}

// unrecorded has Alice pause the recording at her page and go on with it. Both speak
// meanwhile in voices that they have only then, and hear each other.
func unrecorded(t *testing.T, alice *page, c *listener) {
	t.Helper()
	alice.click("record")
	c.await(t, cdr.KindRecordingEnded)
	alice.await(id("recording")+"[data-recording=paused]", "")
	c.Hum(secretly)
	alice.speaksAt(aside)
	alice.hearsPitch(secretly, callersVoice)
	listens(t, "the caller, in the pause,", c.Call)
	c.Hum(callersVoice)
	alice.speaksAt(0)
	alice.hearsPitch(callersVoice, secretly)
	heardBothWays(alice, c)
	alice.click("record")
	c.awaitNth(t, cdr.KindRecordingBegan, 2)
	alice.await(id("recording")+"[data-recording=on]", "")
	heardBothWays(alice, c)
}

// unheard has Alice put the caller on hold, who speaks meanwhile in a voice of his own
// and hears music; she hears nothing, and is recorded.
func (s *stack) unheard(t *testing.T, alice *page, c *listener) {
	t.Helper()
	alice.click("hold")
	alice.await(id("hold")+"[data-on]", "")
	s.together(t, c.id, 1)
	c.Hum(secretly)
	listens(t, "the caller, music,", c.Call)
	c.talksOn(t)
	c.Hum(callersVoice)
	listens(t, "the caller, still music,", c.Call)
	alice.click("hold")
	c.await(t, cdr.KindHoldEnded)
	heardBothWays(alice, c)
}

// reaches has somebody call straight into the queue, by a phone of our own, and the
// page's agent answer.
func (s *stack) reaches(t *testing.T, p *page) *listener {
	t.Helper()
	p.atDesk()
	p.beReady()
	rung := p.invites()
	c := s.call(t, straightIn)
	p.ringsAt(rung)
	p.click("answer")
	p.await(id("connected"), "")
	c.await(t, cdr.KindConnected)
	heardBothWays(p, c)
	return c
}

// heardFromTheAPI is the sound of a part as a supervisor gets it.
func (s *stack) heardFromTheAPI(t *testing.T, call cdr.CallID, part int) []byte {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	sound, err := s.admin.Hear(ctx, call, part, "")
	if err != nil {
		t.Fatal(err)
	}
	return sound.Data
}

// pauses asserts that a side is silent for a second on end between what is said there,
// and that meanwhile the other side is heard.
func (s twoSides) pauses(t *testing.T, side, other string, pitch int) {
	t.Helper()
	const second = 10 // tenths
	from, to := longestPause(s.side[side])
	if to-from < second {
		t.Errorf("part %d, %s: the longest pause is of %d tenths of a second, after %d", s.part, side, to-from, from)
		return
	}
	heard := 0
	for _, a := range strengths(s.side[other], pitch)[from:to] {
		if a > clearly {
			heard++
		}
	}
	if heard < second/5 {
		t.Errorf("part %d: while the %s is silent, from %d to %d tenths of a second, the %s is heard in %d", s.part, side, from, to, other, heard)
	}
}

// longestPause is the longest silence between two tenths of a second with sound, in
// tenths of a second.
func longestPause(samples []int16) (from, to int) {
	const tenth, loud = 800, 30 // of 32,768, on average
	last := -1
	for i := 0; (i+1)*tenth <= len(samples); i++ {
		sum := 0
		for _, x := range samples[i*tenth : (i+1)*tenth] {
			sum += max(int(x), -int(x))
		}
		if sum < loud*tenth {
			continue
		}
		if last >= 0 && i-last-1 > to-from {
			from, to = last+1, i
		}
		last = i
	}
	return from, to
}

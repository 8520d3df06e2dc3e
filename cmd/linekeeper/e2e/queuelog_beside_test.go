package e2e

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"linekeeper/cmd/internal/phone"
)

// TestBesideAppQueue plays each story twice, on the same Asterisk with the same phones:
// once in a queue of Asterisk's own app_queue, once in Linekeeper's queue of the same
// name. What the two write into their queue_log is the same, line by line and field by
// field.
func TestBesideAppQueue(t *testing.T) {
	b := beside(t)
	var parts []part
	for _, s := range []struct {
		name string
		play func(*testing.T, *play)
	}{
		{"the caller hangs up", callerHangsUp},
		{"the agent hangs up", agentHangsUp},
		{"the caller gives up", givesUp},
		{"the caller gives up while it rings", givesUpWhileItRings},
		{"the agent lets it ring", letsItRing},
		{"the agent says no", saysNo},
		{"the wait runs out", waitRunsOut},
		{"the wait runs out while it rings", waitRunsOutWhileItRings},
		{"a key", leavesByKey},
		{"a key while it rings", leavesByKeyWhileItRings},
		{"nobody is there any more", nobodyIsThere},
		{"three in line", threeInLine},
		{"given on unasked", givenOn},
		{"given on after a word", givenOnAfterAWord},
		{"somebody comes and goes", comesAndGoes},
	} {
		parts = append(parts, part{s.name, func(t *testing.T) {
			appQueue, linekeeper := b.told(t, b.asterisk, s.play), b.told(t, b.ours, s.play)
			if diff := cmp.Diff(appQueue, linekeeper); diff != "" {
				t.Errorf("app_queue writes (-), Linekeeper writes (+):\n%s", diff)
			}
		}})
	}
	b.parts(t, []*agent{b.ines, b.jules}, append(parts, part{"the first line", b.firstLine}))
}

// spokenTo has somebody wait for some seconds, and Inès answer.
func (p *play) spokenTo(t *testing.T, wait int) (c, talk *phone.Call) {
	c = p.calls(t, "line")
	passes(t, c, wait)
	p.comes(t, p.ines)
	talk = p.ines.answer(t)
	hears(t, "the caller", c)
	hears(t, "Inès", talk)
	return c, talk
}

// callerHangsUp after a wait that is longer than the talk, so that the two can be told
// apart.
func callerHangsUp(t *testing.T, p *play) {
	c, talk := p.spokenTo(t, 4)
	hangUp(t, c)
	over(t, "Inès", talk)
	p.goes(t, p.ines)
}

func agentHangsUp(t *testing.T, p *play) {
	c, talk := p.spokenTo(t, 0)
	hangUp(t, talk)
	over(t, "the caller", c)
	p.goes(t, p.ines)
}

func givesUp(t *testing.T, p *play) {
	c := p.calls(t, "line")
	passes(t, c, 2)
	hangUp(t, c)
}

func givesUpWhileItRings(t *testing.T, p *play) {
	p.comes(t, p.ines)
	c := p.calls(t, "line")
	ring := p.ines.ring(t)
	passes(t, c, 2)
	hangUp(t, c)
	<-ring.Over()
	p.goes(t, p.ines)
}

// letsItRing: who misses a call is paused by the queue, comes back and has it again.
func letsItRing(t *testing.T, p *play) {
	p.comes(t, p.ines)
	c := p.calls(t, "brief")
	<-p.ines.ring(t).Over()
	p.isPaused(t, p.ines)
	p.comes(t, p.ines)
	talk := p.ines.answer(t)
	hears(t, "the caller", c)
	hangUp(t, talk)
	over(t, "the caller", c)
	p.goes(t, p.ines)
}

func saysNo(t *testing.T, p *play) {
	p.comes(t, p.ines)
	c := p.calls(t, "line")
	if err := p.ines.ring(t).Reject(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.isPaused(t, p.ines)
	hangUp(t, c)
	p.comes(t, p.ines)
	p.goes(t, p.ines)
}

func waitRunsOut(t *testing.T, p *play) {
	over(t, "the caller", p.calls(t, "patience"))
}

func waitRunsOutWhileItRings(t *testing.T, p *play) {
	p.comes(t, p.ines)
	c := p.calls(t, "patience")
	<-p.ines.ring(t).Over()
	over(t, "the caller", c)
	p.isPaused(t, p.ines)
	p.comes(t, p.ines)
	p.goes(t, p.ines)
}

func leavesByKey(t *testing.T, p *play) {
	c := p.calls(t, "keys")
	passes(t, c, 1)
	press(t, c, '9')
	over(t, "the caller", c)
}

func leavesByKeyWhileItRings(t *testing.T, p *play) {
	p.comes(t, p.ines)
	c := p.calls(t, "keys")
	ring := p.ines.ring(t)
	passes(t, c, 1)
	press(t, c, '9')
	<-ring.Over()
	over(t, "the caller", c)
	p.goes(t, p.ines)
}

func nobodyIsThere(t *testing.T, p *play) {
	over(t, "the caller", p.calls(t, "forsaken"))
}

// threeInLine: the one in the middle gives up, then the first, then the last, who has
// come to the head of the line meanwhile.
func threeInLine(t *testing.T, p *play) {
	first, second, third := p.calls(t, "line"), p.calls(t, "line"), p.calls(t, "line")
	for i, c := range []*phone.Call{second, first, third} {
		hangUp(t, c)
		p.await(t, "|ABANDON|", i+1)
	}
}

func givenOn(t *testing.T, p *play) {
	c, talk := p.spokenTo(t, 0)
	p.comes(t, p.jules)
	transfers(t, talk, p.colleague(), nil, 200)
	hangUp(t, talk) // as a phone does once it is told so
	taken := p.jules.answer(t)
	hears(t, "the caller", c)
	p.await(t, "|BLINDTRANSFER|", 1)
	hangUp(t, taken)
	over(t, "the caller", c)
	p.goes(t, p.ines)
	p.goes(t, p.jules)
}

func givenOnAfterAWord(t *testing.T, p *play) {
	c, talk := p.spokenTo(t, 0)
	p.comes(t, p.jules)
	holds(t, talk, true)
	dialled := dials(p.ines, p.colleague())
	taken := p.jules.answer(t)
	advice := connected(t, <-dialled)
	hears(t, "Jules", taken)
	transfers(t, talk, p.colleague(), advice, 200)
	hangUp(t, talk)
	hangUp(t, advice)
	hears(t, "the caller", c)
	p.await(t, "|ATTENDEDTRANSFER|", 1)
	hangUp(t, c)
	over(t, "Jules", taken)
	p.goes(t, p.ines)
	p.goes(t, p.jules)
}

// comesAndGoes: an agent is there, and no longer.
func comesAndGoes(t *testing.T, p *play) {
	p.joins(t, "karim", true)
	p.await(t, "|PJSIP/karim|ADDMEMBER|", 1)
	p.joins(t, "karim", false)
	p.await(t, "|PJSIP/karim|REMOVEMEMBER|", 1)
}

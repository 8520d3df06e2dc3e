package e2e

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
)

// TestWhatGoesWrongAtADesk: Adèle's tab sleeps, her network goes, her browser takes the
// microphone away. Whom she talks to stays with her, she and Hugo see what is wrong, no
// call is offered to her that she could not answer, and all comes back by itself.
func TestWhatGoesWrongAtADesk(t *testing.T) {
	w := desks(t)
	d := &troubled{races: &races{world: w, floor: w.watch(t)}, way: w.cable(t)}
	d.hugo = w.light(t, "hugo")
	adele := w.ownSeat(t, "adele", d.way)
	d.adele = adele
	adele.rest(d.floor)
	for _, p := range []part{
		{"the network goes in a talk", d.losesTheNetwork},
		{"the network goes while she is ready", d.isReadyWithoutNetwork},
		{"the microphone goes in a talk", d.losesTheMicrophone},
		{"there is no microphone", d.isReadyWithoutMicrophone},
		{"the page is slow", d.isSlow},
		{"the tab sleeps in a talk", d.sleepsInATalk},
		{"the page is hidden", d.isHidden},
	} {
		t.Run(p.name, func(t *testing.T) {
			d.adele = adele.in(t)
			p.run(t)
			w.nothingLeft(t)
			d.adele.rest(d.floor)
			d.adele.await(id("desk")+"[data-stage=idle]", "")
		})
		if t.Failed() {
			return // the next one would only fail of this one
		}
	}
	adele.isAnswered()
	adele.crashes()
	d.hugo.complaints()
}

// troubled is Adèle, alone with what goes wrong, and Hugo, who looks on.
type troubled struct {
	*races
	hugo *page
	way  *cable // from her page to the controller
}

// ofAdele is a mark in her row of Hugo's page.
func ofAdele(mark string) string { return id("agent-adele") + " " + id(mark) }

// losesTheNetwork: the talk goes on, what she writes is kept, and each sees it.
func (d *troubled) losesTheNetwork(t *testing.T) {
	c := d.talking(t, "solo")
	d.adele.offline(true)
	d.adele.await(id("live-status")+"[data-status=lost]", "")
	d.adele.await(id("phone-status")+"[data-status=lost]", "")
	for _, at := range []string{"live-status", "phone-status", "stale"} {
		d.adele.tells(id(at))
	}
	d.phoneIs(t, "adele", cdr.PhoneAway)
	d.hugo.tells(ofAdele("phone-state"))
	d.adele.fill(id("note"), "Écrit sans réseau.")
	d.adele.await(id("note-status")+"[data-status=offline]", "")
	heardBothWays(d.adele, c)
	d.adele.shot("desk-offline")
	d.adele.accessible()
	d.adele.await(id("live-status")+"[data-status=lost]", "")

	d.adele.offline(false)
	back := time.Now()
	d.adele.atDesk()
	d.adele.await(id("connected"), "")
	d.adele.gone(id("stale"))
	d.adele.await(id("note-status")+"[data-status=kept]", "")
	d.adele.right(back)
	d.phoneIs(t, "adele", "")
	d.hugo.gone(ofAdele("phone-state"))
	heardBothWays(d.adele, c)
	d.losesALineUnseen(t)
	d.adele.click("hold") // each knows the other's new ways
	c.await(t, cdr.KindHoldBegan)
	d.adele.await(id("hold")+"[data-on]", "")
	d.adele.click("hold")
	c.await(t, cdr.KindHoldEnded)
	heardBothWays(d.adele, c)
	d.adele.click("hangup")
	d.adele.hungUpOn()
	d.assertOneTalk(t, c)
}

// losesALineUnseen: her phone's connection is dead and looks open. The page asks it when
// its board is back, hears nothing, and opens another.
func (d *troubled) losesALineUnseen(t *testing.T) {
	before := d.adele.tried(sipSocket)
	d.way.dies(t, sipSocket)
	d.adele.cut(liveSocket)
	until(t, "her phone's line is opened anew", patient, func() error {
		if d.adele.tried(sipSocket) == before {
			return errors.New("it is not")
		}
		return nil
	})
	d.adele.atDesk()
}

// assertOneTalk asserts that nothing of what went wrong is a part of the call's story.
func (d *troubled) assertOneTalk(t *testing.T, c *listener) {
	t.Helper()
	rec := d.settled(t, c)
	if len(rec.Talks) != 1 || len(rec.Offers) != 1 || len(rec.PhoneLosses) != 0 {
		t.Errorf("the record: offers %+v, talks %+v, phones lost %+v", rec.Offers, rec.Talks, rec.PhoneLosses)
	}
}

// isReadyWithoutNetwork: who calls waits, and is hers as soon as it is back.
func (d *troubled) isReadyWithoutNetwork(t *testing.T) {
	d.adele.beReady()
	d.adele.offline(true)
	d.phoneIs(t, "adele", cdr.PhoneAway)
	c := d.calls(t, "solo")
	c.unasked(t)
	d.takesItWhen(t, c, func() { d.adele.offline(false) })
}

// takesItWhen has a caller who waits be offered to Adèle not before something is well
// again, and she takes the call.
func (d *troubled) takesItWhen(t *testing.T, c *listener, well func()) {
	t.Helper()
	rung, before := d.adele.invites(), time.Now()
	well()
	d.adele.ringsAt(rung)
	d.adele.right(before)
	if at := c.await(t, cdr.KindOffered).At; at.Before(before) {
		t.Errorf("it was offered %s before she could answer", before.Sub(at))
	}
	d.adele.click("answer")
	d.adele.await(id("connected"), "")
	heardBothWays(d.adele, c)
	hangUp(t, c.Call)
	d.assertOneTalk(t, c)
}

// ended has the microphone's sound end as the browser ends it that takes it away.
const ended = `(() => {
	const { track } = window.linekeeperPeer.getSenders().find((one) => one.track?.kind === "audio");
	if (track.readyState === "ended") return true;
	track.stop();
	track.dispatchEvent(new Event("ended"));
	return false;
})()`

// losesTheMicrophone: the caller hears nothing any more, and she and Hugo know why. As
// soon as it is given back, so is her voice.
func (d *troubled) losesTheMicrophone(t *testing.T) {
	c := d.talking(t, "solo")
	d.adele.permit("microphone", "denied")
	t.Logf("the browser ends the sound itself: %t", evaluate[bool](d.adele, ended))
	d.adele.await(id("mic-status")+"[data-status=denied]", "")
	for _, at := range []string{"mic-status", "mic-notice", "audio"} {
		d.adele.tells(id(at))
	}
	d.hugo.tells(ofAdele("page-state"))
	hush(t, "the caller", c.Call)
	d.outlastsSilence(t, c)
	d.adele.shot("desk-unheard")
	d.adele.accessible()

	d.adele.permit("microphone", "granted")
	back := time.Now()
	d.adele.await(id("mic-status")+"[data-status=ready]", "")
	d.adele.gone(id("mic-notice"))
	d.adele.right(back)
	heardBothWays(d.adele, c)
	d.hugo.gone(ofAdele("page-state"))
	d.adele.click("hangup")
	d.assertOneTalk(t, c)
}

// outlastsSilence waits longer than Asterisk does for a phone of which it hears nothing
// at all (rtp_timeout): one that has no voice is there, and is not given up.
func (d *troubled) outlastsSilence(t *testing.T, c *listener) {
	t.Helper()
	const long = 8 * 50 // packets: eight seconds
	from := c.Said()
	until(t, "eight seconds pass", patient, func() error {
		if n := c.Said() - from; n < long {
			return fmt.Errorf("%d packets", n)
		}
		return nil
	})
	if n := c.count(cdr.KindPhoneLost); n > 0 {
		t.Errorf("her phone is given up because nothing is heard of it:\n%s", tell(c.facts()))
	}
	d.together(t, c.id, 2)
}

// isReadyWithoutMicrophone: she would pick up and not be heard. The floor knows, and
// she reads it.
func (d *troubled) isReadyWithoutMicrophone(t *testing.T) {
	d.adele.beReady()
	d.adele.permit("microphone", "denied")
	d.adele.await(id("mic-status")+"[data-status=denied]", "")
	d.phoneIs(t, "adele", cdr.PhoneAway)
	d.adele.tells(id("phone-trouble"))
	d.hugo.tells(ofAdele("page-state"))
	c := d.calls(t, "solo")
	c.unasked(t)
	d.takesItWhen(t, c, func() { d.adele.permit("microphone", "granted") })
}

// isSlow: a tab that the browser gives little time takes a call as any other.
func (d *troubled) isSlow(t *testing.T) {
	const times = 6
	d.adele.slow(times)
	c := d.talking(t, "solo")
	hangUp(t, c.Call)
	d.adele.await(id("wrap-up"), "")
	d.adele.slow(1)
	d.assertOneTalk(t, c)
}

// sleepsInATalk: the talk goes on. When the caller has hung up the next one is not
// hers, though she is ready by then: nobody would see it ring. She wakes to what is.
func (d *troubled) sleepsInATalk(t *testing.T) {
	c := d.talking(t, "blink")
	d.adele.sleeps(true)
	until(t, "the floor sees that her page sleeps", 2*patient, func() error {
		if d.floor.State().Agents["adele"].Phone != cdr.PhoneAway {
			return errors.New("it does not")
		}
		return nil
	})
	d.hugo.tells(ofAdele("page-state"))
	listens(t, "the caller of a page that sleeps", c.Call)
	d.together(t, c.id, 2)
	hangUp(t, c.Call)
	c.await(t, cdr.KindWrappedUp) // by its time: three seconds
	sees(t, "she is ready, with a phone that is away", d.floor, func(s deskclient.State) bool {
		a := s.Agents["adele"]
		return a.State == cdr.Ready && a.Phone == cdr.PhoneAway
	})
	next := d.calls(t, "solo")
	next.unasked(t)
	d.takesItWhen(t, next, func() { d.adele.sleeps(false) })
	d.hugo.gone(ofAdele("page-state"))
	assertSound(t, d.record(t, c.visit))
}

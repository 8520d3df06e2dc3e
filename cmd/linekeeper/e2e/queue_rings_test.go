package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/phone"
)

// TestQueueRings: who is rung, and what ends it.
func TestQueueRings(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines", "jules")
	ines, jules := agents[0], agents[1]
	w.parts(t, agents, []part{
		{"two answer at once", func(t *testing.T) { w.twoAnswer(t, ines, jules) }},
		{"the others stop", func(t *testing.T) { w.othersStop(t, ines, jules) }},
		{"the controller is killed while all ring", func(t *testing.T) { w.killedWhileAllRing(t, ines, jules) }},
		{"a key while the phone rings", func(t *testing.T) { w.keyWhileItRings(t, ines) }},
		{"a key during an announcement", w.keyDuringAnnouncement},
		{"an offer during an announcement", func(t *testing.T) { w.offerDuringAnnouncement(t, ines) }},
		{"another group after a while", func(t *testing.T) { w.widens(t, jules) }},
		{"the agent of the last time", func(t *testing.T) { w.lastAgent(t, ines, jules) }},
	})
}

// answeredElsewhere is what a CANCEL says that takes a ring back because another
// phone was picked up (RFC 3326; Q.850 cause 26).
var answeredElsewhere = regexp.MustCompile(`(?mi)^Reason:.*(cause ?= ?26|cause ?= ?200.*completed elsewhere)`)

// twoAnswer: everybody is rung; two pick up in the same moment and one has the
// caller; the third phone is told that the call was answered elsewhere, so that it
// shows no missed call.
func (w *world) twoAnswer(t *testing.T, ines, jules *agent) {
	told := w.rude.says("180 Ringing")
	w.setState(t, "rude", cdr.Ready)
	defer w.setState(t, "rude", cdr.Offline)
	ines.back(t)
	jules.back(t)
	c := w.calls(t, "all")
	rings := []*phone.Ring{ines.ring(t), jules.ring(t)}
	hear(t, told, "INVITE")
	ctx, cancel := soon()
	defer cancel()
	type picked struct {
		call *phone.Call
		err  error
	}
	both := make(chan picked)
	for _, r := range rings {
		go func() {
			call, err := r.Answer(ctx)
			both <- picked{call, err}
		}()
	}
	var talks []*phone.Call
	for range rings {
		if p := <-both; p.err == nil {
			talks = append(talks, p.call)
		}
	}
	if cancelled := hear(t, told, "CANCEL"); !answeredElsewhere.MatchString(cancelled) {
		t.Errorf("the third phone is not told that the call was answered elsewhere:\n%s", cancelled)
	}
	c.await(t, cdr.KindConnected)
	hears(t, "the caller", c.Call)
	hangUp(t, c.Call)
	for _, talk := range talks {
		over(t, "who picked up", talk)
	}
	r := w.leaves(t, c, cdr.LeftAnswered)
	_, outcomes := offers(r)
	slices.Sort(outcomes)
	if want := []cdr.OfferOutcome{cdr.OfferAnswered, cdr.OfferElsewhere, cdr.OfferElsewhere}; !slices.Equal(outcomes, want) || len(r.Talks) != 1 {
		t.Errorf("the offers ended %v, want %v; talks %+v", outcomes, want, r.Talks)
	}
}

// othersStop: one of two phones is picked up, and the other stops at once: the
// caller has been answered, and nobody runs to a phone for nothing.
func (w *world) othersStop(t *testing.T, ines, jules *agent) {
	ines.back(t)
	jules.back(t)
	c := w.calls(t, "all")
	first, second := ines.ring(t), jules.ring(t)
	talk := pickUp(t, second)
	c.await(t, cdr.KindConnected)
	stopsSoon(t, first)
	hears(t, "the caller", c.Call)
	hangUp(t, talk)
	w.leaves(t, c, cdr.LeftAnswered)
}

// stopsSoon asserts that a phone stops ringing long before Asterisk would give up
// by itself, ten seconds after the offer's own time.
func stopsSoon(t *testing.T, r *phone.Ring) {
	t.Helper()
	select {
	case <-r.Over():
	case <-time.After(10 * time.Second):
		t.Error("the phone rings on")
	}
}

// killedWhileAllRing: both phones ring on through kill -9; one is picked up, the
// other stops.
func (w *world) killedWhileAllRing(t *testing.T, ines, jules *agent) {
	ines.back(t)
	jules.back(t)
	c := w.calls(t, "all")
	first, second := ines.ring(t), jules.ring(t)
	c.awaitNth(t, cdr.KindRung, 2)
	w.killController(t)
	w.startController(t)
	c.await(t, cdr.KindReclaimed)
	talk := pickUp(t, second)
	c.await(t, cdr.KindConnected)
	stopsSoon(t, first)
	hears(t, "the caller", c.Call)
	hangUp(t, talk)
	r := w.leaves(t, c, cdr.LeftAnswered)
	agents, outcomes := offers(r)
	if len(agents) != 2 || len(r.Talks) != 1 || r.Talks[0].Agent != "jules" || !slices.Contains(outcomes, cdr.OfferElsewhere) {
		t.Errorf("offered to %v: %v; talks %+v", agents, outcomes, r.Talks)
	}
	ines.awaitState(t, cdr.Ready)
}

// keyWhileItRings: the caller leaves by a key; the phone stops, the agent is free.
func (w *world) keyWhileItRings(t *testing.T, ines *agent) {
	ines.back(t)
	c := w.calls(t, "told")
	ring := ines.ring(t)
	c.press(t, "9")
	<-ring.Over()
	r := w.leaves(t, c, cdr.LeftKey)
	assertLeftByKey(t, r)
	if _, outcomes := offers(r); !slices.Equal(outcomes, []cdr.OfferOutcome{cdr.OfferCallerGone}) {
		t.Errorf("the offers ended %v", outcomes)
	}
	ines.awaitState(t, cdr.Ready)
}

// keyDuringAnnouncement: a key counts at once, not when the announcement is over.
func (w *world) keyDuringAnnouncement(t *testing.T) {
	c := w.calls(t, "told")
	told := c.await(t, cdr.KindAnnounced)
	if a := told.Story.(cdr.Announced); a.Place != 1 || !slices.Equal(a.What, []string{"place"}) {
		t.Errorf("announced was %+v", a)
	}
	c.press(t, "9")
	assertLeftByKey(t, w.leaves(t, c, cdr.LeftKey))
	left := c.await(t, cdr.KindQueueLeft)
	if took, all := left.At.Sub(told.At), promptTime(t, "queue-place-next"); took > all {
		t.Errorf("the key counted %s after an announcement of %s began", took, all)
	}
}

func assertLeftByKey(t *testing.T, r cdr.Record) {
	t.Helper()
	if len(r.Overflows) != 1 || r.Overflows[0].Key != "9" || r.Overflows[0].Target != "out" || r.Outcome != cdr.OutcomeOverflow {
		t.Errorf("the record: %s, overflows %+v", r.Outcome, r.Overflows)
	}
}

// offerDuringAnnouncement: an agent who becomes free is rung at once, not when the
// announcement is over, and the talk is not talked into.
func (w *world) offerDuringAnnouncement(t *testing.T, ines *agent) {
	c := w.calls(t, "told")
	told := c.await(t, cdr.KindAnnounced)
	free := ines.back(t)
	talk := ines.answer(t)
	rung := c.await(t, cdr.KindRung)
	if all := promptTime(t, "queue-place-next"); rung.At.Sub(told.At) > all {
		t.Errorf("the phone rang %s after Inès was free, and %s after an announcement of %s began", rung.At.Sub(free.At), rung.At.Sub(told.At), all)
	}
	t.Logf("free → rung, during an announcement: %s", rung.At.Sub(free.At))
	c.await(t, cdr.KindConnected)
	hears(t, "the caller", c.Call)
	hangUp(t, talk)
	w.leaves(t, c, cdr.LeftAnswered)
}

// promptTime is how long a French prompt is: 8,000 samples of 16 bits a second
// after a header of 44 bytes.
func promptTime(t *testing.T, name string) time.Duration {
	t.Helper()
	info, err := os.Stat(filepath.Join(root, "asterisk-config/prompts/fr", name+".wav"))
	if err != nil {
		t.Fatal(err)
	}
	return time.Duration(info.Size()-44) * time.Second / 16000
}

// widens: Jules does not serve the queue; after a second his group does.
func (w *world) widens(t *testing.T, jules *agent) {
	jules.back(t)
	c := w.calls(t, "widen")
	entered := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	talk := jules.answer(t)
	if offered := c.await(t, cdr.KindOffered); offered.At.Sub(entered) < time.Second {
		t.Errorf("Jules was offered the call after %s", offered.At.Sub(entered))
	}
	hangUp(t, talk)
	w.leaves(t, c, cdr.LeftAnswered)
}

// lastAgent: Inès has talked to the caller before and gets the call again, though
// Jules has been idle for longer; a stranger goes to Jules. (The queue's flow says
// a word first, as flows do: who the last agent was is looked up meanwhile. What is
// found only after somebody free has been offered the call comes too late.)
func (w *world) lastAgent(t *testing.T, ines, jules *agent) {
	ines.back(t)
	known := customer()
	first := w.callsAs(t, known, "sticky")
	ines.talks(t, first)
	w.leaves(t, first, cdr.LeftAnswered)
	jules.back(t)
	ines.pause(t, "pause")
	ines.back(t) // so Jules has been idle for longer
	again := w.callsAs(t, known, "sticky")
	ines.talks(t, again)
	r := w.leaves(t, again, cdr.LeftAnswered)
	if len(r.Preferred) != 1 || r.Preferred[0].Agent != "ines" || r.Preferred[0].Rule != cdr.RuleLastAgent {
		t.Errorf("the call was kept for %+v", r.Preferred)
	}
	if why := r.Offers[0].Why; why[0].Agent != "ines" || why[0].Rule != cdr.RuleLastAgent {
		t.Errorf("Inès was chosen by %+v", why)
	}
	stranger := w.calls(t, "sticky")
	jules.talks(t, stranger)
	w.leaves(t, stranger, cdr.LeftAnswered)
}

// press presses keys one after the other.
func (l *listener) press(t testing.TB, keys string) {
	t.Helper()
	for _, k := range keys {
		if err := l.Press(k); err != nil {
			t.Fatal(err)
		}
	}
}

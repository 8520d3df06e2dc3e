package e2e

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/phone"
)

// TestQueueOverflow: where a call goes that its queue does not keep. (To busy:
// TestConformance, position_priority_maxlen.)
func TestQueueOverflow(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines")
	ines := agents[0]
	w.parts(t, agents, []part{
		{"to another queue", func(t *testing.T) { w.toQueue(t, ines) }},
		{"nobody had the call", func(t *testing.T) { w.nobodyHadIt(t, ines) }},
		{"to a flow", func(t *testing.T) { w.toFlow(t, ines) }},
		{"to voicemail", w.toVoicemail},
		{"to a number outside", w.toNumber},
		{"nobody is left to take it", func(t *testing.T) { w.forsaken(t, ines) }},
		{"the controller is killed under a message", w.killedUnderMessage},
		{"the controller is killed under a talk with outside", w.killedUnderOutsideTalk},
	})
}

// toQueue: the call keeps what its place counts from.
func (w *world) toQueue(t *testing.T, ines *agent) {
	c := w.calls(t, "then-base")
	first := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered)
	second := c.awaitNth(t, cdr.KindQueueEntered, 2).Story.(cdr.QueueEntered)
	if second.Queue != "base" || !second.EnteredAt.Equal(first.EnteredAt) {
		t.Errorf("in the second queue the call is %+v, in the first it was %+v", second, first)
	}
	ines.back(t)
	ines.talks(t, c)
	r := w.leaves(t, c, cdr.LeftAnswered)
	if waited := r.Visits[1].Waited; waited < time.Second {
		t.Errorf("the wait is counted as %s, without the one in the first queue", waited)
	}
	assertSentOn(t, r, cdr.ToQueue, "base")
}

// assertSentOn asserts the one overflow of a record.
func assertSentOn(t *testing.T, r cdr.Record, to cdr.OverflowKind, target string) {
	t.Helper()
	if len(r.Overflows) != 1 || r.Overflows[0].To != to || r.Overflows[0].Target != target || r.Overflows[0].Cause != cdr.LeftMaxWait {
		t.Errorf("the overflows are %+v, want one to %s %s", r.Overflows, to, target)
	}
}

// nobodyHadIt: who hangs up in line, offered to nobody, has in their record what kept
// each agent from them then, and the API says so of the call that is over, also when
// the agent is free again and the controller another.
func (w *world) nobodyHadIt(t *testing.T, ines *agent) {
	ines.back(t)
	ines.pause(t, "repas")
	c := w.calls(t, "base")
	c.await(t, cdr.KindWaitEstimated)
	hangUp(t, c.Call)
	c.await(t, cdr.KindNotOffered)
	c.await(t, cdr.KindEnded)
	ines.back(t)
	w.killController(t)
	w.startController(t)
	var told agentdesk.Explanation
	until(t, "the reasons stand in the record", patient, func() error {
		ctx, cancel := soon()
		defer cancel()
		address := w.env["LAB_HTTP"] + "/api/v1/calls/" + string(c.id) + "/why"
		if err := w.getJSON(ctx, address, "Bearer "+w.env["LAB_TOKEN"], &told); err != nil {
			return err
		}
		if len(told.Left) != 1 {
			return fmt.Errorf("told is %+v", told)
		}
		return nil
	})
	left := told.Left[0]
	i := slices.IndexFunc(left.Why, func(w cdr.Why) bool { return w.Agent == "ines" })
	if left.Queue != "base" || left.Cause != cdr.LeftAbandoned || i < 0 || left.Why[i].Verdict != cdr.WasNotReady || left.Why[i].Reason != "repas" {
		t.Errorf("nobody had the call because %+v", left)
	}
	if told.Now != nil || len(told.Offers) != 0 {
		t.Errorf("a call that is over waits (%v) or was offered: %+v", told.Now, told.Offers)
	}
}

// toFlow: the call goes through another flow, and there into a queue.
func (w *world) toFlow(t *testing.T, ines *agent) {
	ines.back(t)
	ines.pause(t, "repas")
	c := w.calls(t, "then-flow")
	if f := c.awaitNth(t, cdr.KindFlowStarted, 2).Story.(cdr.FlowStarted); f.Flow != "to-base" {
		t.Errorf("the call went into flow %s", f.Flow)
	}
	ines.back(t)
	ines.talks(t, c)
	assertSentOn(t, w.leaves(t, c, cdr.LeftAnswered), cdr.ToFlow, "to-base")
}

// toVoicemail: the caller is asked for a message and leaves one; what they said is
// in the file.
func (w *world) toVoicemail(t *testing.T) {
	c := w.calls(t, "then-voice")
	name := w.beingRecorded(t, c)
	c.talksOn(t)
	c.press(t, "#")
	left := c.await(t, cdr.KindVoicemailLeft).Story.(cdr.VoicemailLeft)
	hears(t, "the caller, thanked", c.Call)
	hangUp(t, c.Call)
	c.await(t, cdr.KindEnded)
	r := w.record(t, c.visit)
	assertSentOn(t, r, cdr.ToVoicemail, "")
	if r.Outcome != cdr.OutcomeVoicemail || r.Voicemail == nil || r.Voicemail.Name != name {
		t.Errorf("the record: %s, %+v", r.Outcome, r.Voicemail)
	}
	w.assertMessage(t, name, left.Length)
}

// beingRecorded waits until the caller's message is being recorded, and names it.
func (w *world) beingRecorded(t *testing.T, c *listener) string {
	t.Helper()
	c.await(t, cdr.KindOverflowed)
	name := "lk-" + string(c.id) + "-v1"
	until(t, "the message is being recorded", patient, func() error {
		var live struct{ State string }
		if err := w.askARI("/recordings/live/"+name, &live); err != nil {
			return err
		}
		if live.State != "recording" {
			return errors.New(live.State)
		}
		return nil
	})
	return name
}

// talksOn waits until the caller has talked for two seconds.
func (l *listener) talksOn(t *testing.T) {
	t.Helper()
	said := l.Said()
	until(t, "the caller talks for two seconds", patient, func() error {
		if n := l.Said() - said; n < 100 {
			return fmt.Errorf("%d packets", n)
		}
		return nil
	})
}

// killedUnderMessage: what the caller had said by the time of a kill -9, and until
// there is a controller again, is there and told of. (Then the message is ended:
// whether it goes on cannot be seen.)
func (w *world) killedUnderMessage(t *testing.T) {
	c := w.calls(t, "then-voice")
	name := w.beingRecorded(t, c)
	c.talksOn(t)
	w.killController(t)
	w.startController(t)
	c.await(t, cdr.KindReclaimed)
	left := c.await(t, cdr.KindVoicemailLeft).Story.(cdr.VoicemailLeft)
	hears(t, "the caller, thanked", c.Call)
	hangUp(t, c.Call)
	c.await(t, cdr.KindEnded)
	if r := w.record(t, c.visit); r.Outcome != cdr.OutcomeVoicemail || r.Voicemail == nil || r.Voicemail.Name != name {
		t.Errorf("the record: %s, %+v", r.Outcome, r.Voicemail)
	}
	w.assertMessage(t, name, left.Length)
}

// killedUnderOutsideTalk: caller and the number outside talk on, and the end of it
// is told.
func (w *world) killedUnderOutsideTalk(t *testing.T) {
	outside := w.outside(t)
	c := w.calls(t, "then-number")
	talk := pickUp(t, rings(t, outside))
	hears(t, "the caller", c.Call)
	w.killController(t)
	hears(t, "the caller without a controller", c.Call)
	hears(t, "who is outside without a controller", talk)
	w.startController(t)
	c.await(t, cdr.KindReclaimed)
	hangUp(t, talk)
	over(t, "the caller", c.Call)
	c.await(t, cdr.KindEnded)
	if r := w.record(t, c.visit); r.Outcome != cdr.OutcomeOverflow || r.Reclaims != 1 {
		t.Errorf("the record: %s, taken back %d times", r.Outcome, r.Reclaims)
	}
}

// forsaken: the caller waits as long as somebody may come, and is sent on when the
// last agent leaves.
func (w *world) forsaken(t *testing.T, ines *agent) {
	ines.back(t)
	busy := w.calls(t, "forsaken")
	talk := ines.answer(t)
	busy.await(t, cdr.KindConnected)
	c := w.calls(t, "forsaken")
	c.await(t, cdr.KindWaitEstimated)
	ines.choosesPause(t)
	hangUp(t, talk)
	w.leaves(t, busy, cdr.LeftAnswered)
	r := w.leaves(t, c, cdr.LeftEmpty)
	if len(r.Offers) != 0 || len(r.Overflows) != 1 || r.Overflows[0].To != cdr.ToBusy {
		t.Errorf("offers %+v, overflows %+v", r.Offers, r.Overflows)
	}
}

// choosesPause has an agent who talks be not ready after it.
func (a *agent) choosesPause(t *testing.T) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if _, err := a.desk.SetState(ctx, "me", cdr.NotReady, "pause"); err != nil {
		t.Fatal(err)
	}
}

// assertMessage asserts that a recording is as long as told and not silent.
func (w *world) assertMessage(t *testing.T, name string, length time.Duration) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(w.dir, "asterisk/files/spool/recording", name+".wav"))
	if err != nil {
		t.Fatal(err)
	}
	const header, bytesPerSecond = 44, 16000
	data = data[min(header, len(data)):]
	lasts := time.Duration(len(data)) * time.Second / bytesPerSecond
	if lasts < time.Second || (lasts-length).Abs() > time.Second {
		t.Errorf("the message lasts %s, told were %s", lasts, length)
	}
	var sum float64
	for i := 0; i+1 < len(data); i += 2 {
		v := float64(int16(binary.LittleEndian.Uint16(data[i:])))
		sum += v * v
	}
	if loud := math.Sqrt(sum / float64(len(data)/2)); loud < 50 {
		t.Errorf("the message is silent: its samples are %.1f on average", loud)
	}
}

// toNumber: somebody outside takes the call, and the two hear each other.
func (w *world) toNumber(t *testing.T) {
	outside := w.outside(t)
	c := w.calls(t, "then-number")
	ring := rings(t, outside)
	if ring.Number != c.number {
		t.Errorf("the phone outside shows %q, the caller is %s", ring.Number, c.number)
	}
	talk := pickUp(t, ring)
	hears(t, "the caller", c.Call)
	hears(t, "who is outside", talk)
	hangUp(t, c.Call)
	over(t, "who is outside", talk)
	c.await(t, cdr.KindEnded)
	r := w.record(t, c.visit)
	assertSentOn(t, r, cdr.ToNumber, "0199005550")
	if r.Outcome != cdr.OutcomeOverflow {
		t.Errorf("the record: %s", r.Outcome)
	}
}

// outside is whoever answers calls to numbers outside.
func (s *stack) outside(t *testing.T) *phone.Phone {
	t.Helper()
	_, port, err := net.SplitHostPort(s.env["LAB_TRUNK"])
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	p, err := phone.New(phone.Config{User: "outside", Asterisk: s.env["LAB_SIP"], Port: n})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// rings waits until a phone rings.
func rings(t *testing.T, p *phone.Phone) *phone.Ring {
	t.Helper()
	select {
	case r := <-p.Rings():
		return r
	case <-time.After(patient):
		t.Fatal("the phone does not ring")
		return nil
	}
}

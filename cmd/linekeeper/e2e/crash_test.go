package e2e

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/deploy/lab"
)

// TestTheControllerIsKilled: one pair talks and one caller waits when the
// controller dies. Nobody hears a difference; a new controller has them both
// at once; the caller keeps the place and is the next one's.
func TestTheControllerIsKilled(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	floor := s.watch(t)
	bruno.ready(t)
	talking := s.call(t, straightIn)
	talk := bruno.answer(t)
	talking.await(t, cdr.KindConnected)
	waiting := s.call(t, straightIn)
	entered := waiting.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered)
	hears(t, "the waiting caller", waiting.Call)

	s.killController(t)
	hears(t, "the caller without a controller", talking.Call)
	hears(t, "Bruno without a controller", talk)
	hears(t, "the waiting caller without a controller", waiting.Call)
	took := s.startController(t)
	t.Logf("in control %s after the start of the process", took)
	if took > controlWithin { // how long it takes on a quiet machine is what the log line is for
		t.Errorf("the new controller was in control %s after its start, want at most %s", took, controlWithin)
	}

	assertWhere(t, talking.visit, "talk")
	assertWhere(t, waiting.visit, "queue")
	sees(t, "all is as it was", floor, func(now deskclient.State) bool {
		w := now.Calls[waiting.id]
		return now.Connected && w.Place == 1 && w.EnteredAt.Equal(entered.EnteredAt) &&
			now.Calls[talking.id].State == agentdesk.Connected && now.Agents["bruno"].State == cdr.OnCall
	})
	hears(t, "the caller", talking.Call)
	hears(t, "Bruno", talk)
	hears(t, "the waiting caller", waiting.Call)

	hangUp(t, talking.Call)
	over(t, "Bruno", talk)
	talking.await(t, cdr.KindEnded)
	bruno.wrapUp(t, talking.id, cdr.Ready)
	talk = bruno.answer(t)
	connected := waiting.await(t, cdr.KindConnected)
	if waited := connected.Story.(cdr.Connected).Waited; connected.At.Sub(entered.EnteredAt)-waited > time.Second {
		t.Errorf("the wait is counted as %s, it was %s", waited, connected.At.Sub(entered.EnteredAt))
	}
	hears(t, "the caller who waited", waiting.Call)
	hangUp(t, talk)
	over(t, "the caller who waited", waiting.Call)
	waiting.await(t, cdr.KindEnded)
	bruno.wrapUp(t, waiting.id, cdr.NotReady)

	kinds := []cdr.Kind{
		"arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "popped", "rung",
		"offer-ended", "queue-left", "connected", "reclaimed", "talk-ended", "ended", "noted", "wrapped-up",
	}
	talking.await(t, cdr.KindWrappedUp)
	talking.told(t, kinds...)
	waiting.await(t, cdr.KindWrappedUp)
	waiting.told(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "reclaimed", "offered", "popped", "rung",
		"offer-ended", "queue-left", "connected", "talk-ended", "ended", "noted", "wrapped-up")
	s.assertTakenBack(t, s.record(t, talking.visit))
	s.assertTakenBack(t, s.record(t, waiting.visit))
}

// TestTheControllerIsKilledUnderABrowser: Alice's softphone is on the controller's
// own origin, and yet her talk goes on; her page comes back by itself, with the
// call, and her phone too.
func TestTheControllerIsKilledUnderABrowser(t *testing.T) {
	s := begin(t)
	alice := s.console(t, "alice")
	call := s.talkTo(t, alice, paul)
	assertBothWays(t, alice, call)

	s.killController(t)
	alice.await(id("live-status")+"[data-status=lost]", "")
	assertBothWays(t, alice, call)
	alice.shot("agent-controller-away")
	s.startController(t)
	back := time.Now()
	alice.atDesk()
	alice.await(id("connected"), "")
	alice.right(back)
	assertWhere(t, call.visit, "talk")
	alice.shows(id("pop-name"), "Paul Martin")
	assertBothWays(t, alice, call)

	alice.click("hangup")
	call.gone(t)
	closeCall(alice, "resolved", "Coupure sans effet sur l’appel.")
	call.await(t, cdr.KindWrappedUp)
	if r := s.record(t, call.visit); r.Reclaims != 1 || r.EndedBy != cdr.ByAgent {
		t.Errorf("the record: %d times taken back, ended by %s", r.Reclaims, r.EndedBy)
	}
	// The phone that came back is rung.
	alice.click("ready")
	next := s.dial(t, paul, straightIn)
	alice.await(id("pop"), "")
	alice.click("answer")
	alice.await(id("connected"), "")
	assertBothWays(t, alice, next)
	next.hangUp(t)
	closeCall(alice, "resolved", "")
	next.await(t, cdr.KindWrappedUp)
	s.record(t, next.visit)
}

// TestTheControllerIsKilledWhileAPhoneRings: it goes on ringing, Bruno answers the
// new controller.
func TestTheControllerIsKilledWhileAPhoneRings(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	bruno.ready(t)
	call := s.call(t, straightIn)
	ring := bruno.ring(t)
	call.await(t, cdr.KindRung)

	s.killController(t)
	s.startController(t)
	assertWhere(t, call.visit, "offer")
	talk := pickUp(t, ring)
	call.await(t, cdr.KindConnected)
	bruno.awaitState(t, cdr.OnCall)
	hears(t, "the caller", call.Call)
	hears(t, "Bruno", talk)
	hangUp(t, call.Call)
	over(t, "Bruno", talk)
	call.await(t, cdr.KindEnded)
	bruno.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindWrappedUp)
	call.told(t, "arrived", "flow-started", "queue-entered", "wait-estimated", "offered", "popped", "rung", "reclaimed",
		"offer-ended", "queue-left", "connected", "talk-ended", "ended", "noted", "wrapped-up")
	s.assertTakenBack(t, s.record(t, call.visit))
}

// TestAsteriskIsKilled: the calls are lost, and said to be; Bruno has his wrap-up;
// the phones are known to the new Asterisk, and the next call works.
func TestAsteriskIsKilled(t *testing.T) {
	s := begin(t)
	bruno := s.agent(t, "bruno")
	bruno.ready(t)
	talking := s.call(t, straightIn)
	talk := bruno.answer(t)
	talking.await(t, cdr.KindConnected)
	waiting := s.call(t, straightIn)
	waiting.await(t, cdr.KindQueueEntered)

	ctx := context.WithoutCancel(t.Context())
	if err := lab.KillAsterisk(ctx, s.options); err != nil {
		t.Fatal(err)
	}
	if err := lab.RestartAsterisk(ctx, s.options); err != nil {
		t.Fatal(err)
	}
	for _, v := range []visit{talking.visit, waiting.visit} {
		e := v.await(t, cdr.KindEnded).Story.(cdr.Ended)
		if e.Cause != cdr.EndNodeLost && e.Cause != cdr.EndLostSight || e.By != cdr.BySystem {
			t.Errorf("call %s ended %s by %s, and Asterisk was killed", v.id, e.Cause, e.By)
		}
	}
	bruno.wrapUp(t, talking.id, cdr.NotReady)
	assertLost(t, s.record(t, talking.visit), cdr.OutcomeAnswered)
	assertLost(t, s.record(t, waiting.visit), cdr.OutcomeLost)
	// Neither of our phones was told that the call is over.
	_ = talk.HangUp(shortly(t))
	_ = talking.HangUp(shortly(t))
	_ = waiting.HangUp(shortly(t))

	bruno.plugIn(t)
	bruno.ready(t)
	next := s.call(t, straightIn)
	talk = bruno.answer(t)
	next.await(t, cdr.KindConnected)
	hears(t, "the next caller", next.Call)
	hears(t, "Bruno", talk)
	hangUp(t, next.Call)
	over(t, "Bruno", talk)
	bruno.wrapUp(t, next.id, cdr.NotReady)
	s.record(t, next.visit)
}

// shortly is a context for something that need not succeed.
func shortly(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	t.Cleanup(cancel)
	return ctx
}

// killController ends the controller by SIGKILL. A test that fails before it has
// started another leaves one to the next.
func (s *stack) killController(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { s.revive(t) })
	if err := lab.KillController(context.WithoutCancel(t.Context()), s.options); err != nil {
		t.Fatal(err)
	}
}

// startController starts a controller and returns how long it took from the
// start of its process until /readyz said that it is in control.
func (s *stack) startController(t *testing.T) time.Duration {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	ready := make(chan time.Time, 1)
	go func() {
		_ = wait(patient, func() error {
			_, err := s.get(ctx, s.env["LAB_HTTP"]+"/readyz", "")
			return err
		})
		ready <- time.Now()
	}()
	if err := lab.StartController(ctx, s.options); err != nil {
		t.Fatal(err)
	}
	at := <-ready
	if err := s.readEnv(); err != nil {
		t.Fatal(err)
	}
	started, err := processStart(s.env["LAB_CONTROLLER_PID"])
	if err != nil {
		t.Fatal(err)
	}
	return at.Sub(started).Round(10 * time.Millisecond)
}

// controlWithin is far beyond what a new controller needs to have its calls, on
// whatever machine and however it was built.
const controlWithin = 15 * time.Second

// processStart is when a process was started, to 10 ms: proc(5) counts in
// hundredths of a second since boot, in stat (field 22) and in uptime.
func processStart(pid string) (time.Time, error) {
	stat, err := os.ReadFile("/proc/" + pid + "/stat")
	if err != nil {
		return time.Time{}, err
	}
	uptime, err := os.ReadFile("/proc/uptime")
	now := time.Now()
	if err != nil {
		return now, err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	started, err1 := strconv.ParseFloat(fields[19], 64)
	up, err2 := strconv.ParseFloat(strings.Fields(string(uptime))[0], 64)
	return now.Add(-time.Duration((up - started/100) * float64(time.Second))), errors.Join(err1, err2)
}

// assertWhere asserts where a new controller found a call.
func assertWhere(t *testing.T, v visit, where string) {
	t.Helper()
	if r := v.await(t, cdr.KindReclaimed).Story.(cdr.Reclaimed); r.Where != where {
		t.Errorf("call %s was taken back in %q, it was in %q", v.id, r.Where, where)
	}
}

// assertTakenBack asserts that a call that lived through a crash has one record,
// and that it says so.
func (s *stack) assertTakenBack(t *testing.T, r cdr.Record) {
	t.Helper()
	if r.Reclaims != 1 || r.Outcome != cdr.OutcomeAnswered || len(r.Visits) != 1 || len(r.Talks) != 1 || len(r.WrapUps) != 1 {
		t.Errorf("the record of a call taken back: %+v", r)
	}
	ctx, cancel := soon()
	defer cancel()
	var n int
	if err := s.pool.QueryRow(ctx, `SELECT count(*) FROM calls WHERE caller_number = $1`, r.Caller.Number).Scan(&n); err != nil || n != 1 {
		t.Errorf("%s has %d records (%v), want 1", r.Caller.Number, n, err)
	}
}

func assertLost(t *testing.T, r cdr.Record, outcome cdr.Outcome) {
	t.Helper()
	if r.Outcome != outcome || r.EndedBy != cdr.BySystem || r.EndedAt.IsZero() {
		t.Errorf("the record of a call lost: %s", fmt.Sprint(r))
	}
}

package call

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// calledBack brings a caller into line, has them ask for a callback, and lets
// them go.
func calledBack(t *testing.T, w *world) *Calls {
	t.Helper()
	c := inLine(w)
	for range 2 {
		c.SwitchEvent(Digit{Channel: "ch1", Digit: "1"})
		settle()
	}
	c.SwitchEvent(PlaybackEnded{Channel: "ch1", Playback: playbackID(theCall, besideIt, 2)})
	settle()
	c.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
	settle()
	if _, asked := w.lastFloor().(queue.AskCallback); !asked || c.Live() != 1 {
		t.Fatalf("no callback waits: %+v, %d calls", w.lastFloor(), c.Live())
	}
	return c
}

func (w *world) lastFloor() queue.Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.floor) == 0 {
		return nil
	}
	return w.floor[len(w.floor)-1]
}

// A callback waits without a channel, over the death of the controller: its place
// is told as it was, nothing of it is taken for an orphan, and the customer is
// rung at their turn.
func TestCallbackOutlivesTheController(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		first := calledBack(t, w)
		entered := w.facts[2].Story.(cdr.QueueEntered).EnteredAt
		stop(t, first)

		time.Sleep(time.Hour)
		w.floor, w.commands = nil, nil
		second := w.controller(0)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now()})
		settle()
		enter, _ := w.floor[0].(queue.Enter)
		if !enter.EnteredAt.Equal(entered) || enter.Callback == nil || enter.Callback.Mode != cdr.AgentFirst || enter.Caller != "+33199001001" {
			t.Errorf("the place is not as it was: %+v", w.floor)
		}
		if _, told := w.lastFloor().(queue.Reclaimed); !told {
			t.Errorf("the floor waits for ever: %+v", w.floor)
		}
		for range 3 {
			time.Sleep(30 * time.Second)
			second.SwitchEvent(Inventory{Node: "lab", Began: time.Now()})
			settle()
		}
		if w.done() != "" || second.Live() != 1 {
			t.Errorf("inventories did %q; %d calls live", w.done(), second.Live())
		}
		second.DialBack(queue.DialBack{Call: theCall, Queue: "support", Stay: 1, Try: 1})
		settle()
		leg := OutsideLegID(theCall, 1)
		second.SwitchEvent(LegReady{Channel: leg})
		settle()
		second.SwitchEvent(Answered{Channel: leg})
		settle()
		want(t, "commands", w.done(), "CreateBridge CreateOutsideLeg DialLeg Play")
		if _, reached := w.lastFloor().(queue.CallbackReached); !reached {
			t.Errorf("told: %+v", w.lastFloor())
		}
		// An inventory knows the customer's channel for the caller's.
		time.Sleep(30 * time.Second)
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{upSeen(leg, theCall)}})
		settle()
		second.SwitchEvent(Gone{Channel: leg, Code: 16, Cause: cdr.EndHangup})
		settle()
		if w.count("HangUp") > 0 || second.Live() != 0 || len(w.snapshots) != 0 {
			t.Errorf("did %s; %d calls, %d snapshots left", w.done(), second.Live(), len(w.snapshots))
		}
		stop(t, second)
	})
}

// Asked for on another number, a callback is its caller's by either number, also of a
// controller that has not heard them ask.
func TestCallbackIsKnownByBothNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		first := inLine(w)
		for _, key := range "120199000777#1" {
			first.SwitchEvent(Digit{Channel: "ch1", Digit: string(key)})
			settle()
		}
		if asked, _ := w.lastFloor().(queue.AskCallback); asked.Number != "+33199000777" {
			t.Fatalf("no callback on another number: %+v", w.lastFloor())
		}
		first.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		settle()
		stop(t, first)

		w.floor = nil
		second := w.controller(0)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now()})
		settle()
		enter, _ := w.floor[0].(queue.Enter)
		if enter.Callback == nil || enter.Caller != "+33199001001" || enter.Number != "+33199000777" {
			t.Errorf("the place is not known by both: %+v", w.floor)
		}
		stop(t, second)
	})
}

// A supervisor gives a callback up; twice is once too often, and a call that is
// no callback is none.
func TestCallbackIsCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := calledBack(t, w)
		if err := c.CancelCallback(t.Context(), theCall, cdr.ByAgent); err != nil {
			t.Fatal(err)
		}
		settle()
		if leave, is := w.lastFloor().(queue.Leave); !is || leave.Cause != cdr.LeftCancelled {
			t.Errorf("the floor was told %+v", w.lastFloor())
		}
		if err := c.CancelCallback(t.Context(), theCall, cdr.ByAgent); !errors.Is(err, ErrNoCallback) {
			t.Errorf("cancelled twice: %v", err)
		}
		c.SwitchEvent(incoming("ch2", "3"))
		settle()
		if err := c.CancelCallback(t.Context(), "01890000-0000-7000-8000-000000000002", cdr.ByAgent); !errors.Is(err, ErrNoCallback) {
			t.Errorf("a caller in line was cancelled: %v", err)
		}
		stop(t, c)
	})
}

// Who asks while the story is being closed hears that there is no callback, and
// does not wait for ever.
func TestCancelOfACallThatEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.holdLedger = true // over, and kept until the ledger has it
		c := calledBack(t, w)
		c.Out(queue.Out{Call: theCall, Queue: "support", Stay: 1, Cause: cdr.LeftResumed})
		settle()
		if err := c.CancelCallback(t.Context(), theCall, cdr.ByAgent); !errors.Is(err, ErrNoCallback) {
			t.Errorf("cancelled after its end: %v", err)
		}
		stop(t, c)
	})
}

// Callbacks that wait take no place from callers.
func TestCallbacksRefuseNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := calledBack(t, w)
		c.deps.Most = 1
		c.SwitchEvent(incoming("ch2", "3"))
		settle()
		if count(w.told(), "arrived") != 2 {
			t.Errorf("a caller was refused for the sake of a callback: %s", w.told())
		}
		stop(t, c)
	})
}

// The customer answers in the moment the agent hangs up: nobody is left on the
// line with nobody.
func TestCustomerAnswersAsTheAgentGoes(t *testing.T) {
	for _, agentFirst := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld()
			c := calledBack(t, w)
			o := offerOf(theCall, 1)
			o.Callback = true
			c.Offer(o)
			settle()
			agent, customer := LegID(o.ID), OutsideLegID(theCall, 1)
			c.SwitchEvent(LegReady{Channel: agent})
			c.SwitchEvent(Answered{Channel: agent})
			settle()
			c.SwitchEvent(LegReady{Channel: customer})
			settle()
			before := w.count("HangUp")
			events := []SwitchEvent{Gone{Channel: agent, Code: 16, Cause: cdr.EndHangup}, Answered{Channel: customer}}
			if !agentFirst {
				events[0], events[1] = events[1], events[0]
			}
			for _, ev := range events {
				c.SwitchEvent(ev)
			}
			settle()
			if w.count("HangUp") != before+1 {
				t.Errorf("the customer hears nobody: %s | %s", w.told(), w.done())
			}
			c.SwitchEvent(Gone{Channel: customer, Code: 16, Cause: cdr.EndHangup})
			settle()
			if wanted := map[bool]int{true: 1, false: 0}[agentFirst]; c.Live() != wanted {
				t.Errorf("agent gone first %t: %d calls live, want %d: %s", agentFirst, c.Live(), wanted, w.told())
			}
			stop(t, c)
		})
	}
}

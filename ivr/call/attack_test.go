package call

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/ivr"
	"linekeeper/queue"
)

var errUnavailable = errors.New("503: the answer got lost")

// inLine brings one caller into line, under a controller that has seen Asterisk.
func inLine(w *world) *Calls {
	c := w.controller(0)
	c.SwitchEvent(Inventory{Node: "lab", Began: time.Now()})
	time.Sleep(time.Second)
	c.SwitchEvent(incoming("ch1", "3"))
	settle()
	return c
}

// onFirst fails the first command of a type.
func onFirst(name string, err error) func(Command) error {
	hit := false
	return func(cmd Command) error {
		if nameOf(cmd) == name && !hit {
			hit = true
			return err
		}
		return nil
	}
}

func (w *world) count(command string) int { return count(w.done(), command) }

func count(words, word string) int {
	n := 0
	for w := range strings.FieldsSeq(words) {
		if w == word {
			n++
		}
	}
	return n
}

func upSeen(id ChannelID, call cdr.CallID) ChannelSeen {
	return ChannelSeen{Channel: id, Call: call, Up: true}
}

// The clock went back while the controller was away, and the caller hung up
// meanwhile: the next controller must not die of it (it does, at each start).
func TestClockGoesBackOverACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		stop(t, c)
		var state State
		if err := json.Unmarshal(w.snapshots[string(theCall)], &state); err != nil {
			t.Fatal(err)
		}
		back := time.Now().Add(-time.Hour)
		s := step{State: &state, rules: testRules(), now: back}
		func() {
			defer func() {
				if died := recover(); died != nil {
					t.Errorf("the controller dies: %v", died)
				}
			}()
			s.reclaim(Inventory{Node: "lab", Began: back})
		}()
		if state.Ending == nil {
			t.Error("the caller has gone, and the call goes on")
		}
	})
}

// A call that the desk ends before Asterisk was seen must not keep the floor
// from ever being told that all calls are back.
func TestDeskEndsACallNotYetReclaimed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		stop(t, c)
		w.floor = nil
		second := w.controller(0)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		second.HangUp(theCall)
		time.Sleep(endWait + time.Second) // Asterisk is away
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now()})
		settle()
		told := false
		for _, ev := range w.floor {
			if _, is := ev.(queue.Reclaimed); is {
				told = true
			}
		}
		if !told {
			t.Errorf("the floor waits for ever, nobody is offered any more: %+v", w.floor)
		}
		stop(t, second)
	})
}

// The end of a call is told once, also when the controller died between the
// end and the ledger's word.
func TestEndIsToldOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.holdLedger = true
		c := inLine(w)
		c.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		settle()
		stop(t, c)
		w.holdLedger = false
		second := w.controller(0)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		settle()
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now()})
		settle()
		if n := count(w.told(), "ended"); n != 1 {
			t.Errorf("ended is told %d times: %s", n, w.told())
		}
		stop(t, second)
	})
}

// A pair whose bridge could not be made hears each other all the same.
func TestBridgeThatWasNotMade(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		bridged := false
		first := true
		w.doErr = func(cmd Command) error {
			switch cmd.(type) {
			case CreateBridge:
				if first {
					first = false
					return errUnavailable
				}
				bridged = true
			case Join:
				if !bridged {
					return ErrGone // the bridge is not there: 404
				}
			}
			return nil
		}
		c := inLine(w)
		c.Offer(offerOf(theCall, 1))
		settle()
		leg := LegID(queue.OfferName(theCall, 1))
		c.SwitchEvent(LegReady{Channel: leg})
		settle()
		c.SwitchEvent(Answered{Channel: leg})
		settle()
		for range 3 { // inventories show a talk that is in no bridge
			time.Sleep(30 * time.Second)
			c.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{upSeen("ch1", theCall), upSeen(leg, theCall)}})
			settle()
		}
		if w.count("Join") < 1 {
			t.Errorf("connected by the record, and neither hears the other: %s | %s", w.told(), w.done())
		}
		stop(t, c)
	})
}

// An answer to Join or Answer that got lost must not hang anybody up.
func TestLostAnswerDropsNobody(t *testing.T) {
	for _, lost := range []string{"Answer", "Join"} {
		t.Run(lost, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld()
				c := w.controller(0)
				if lost == "Answer" {
					w.doErr = onFirst(lost, errUnavailable)
				}
				c.SwitchEvent(incoming("ch1", "3"))
				settle()
				if lost == "Join" {
					c.Offer(offerOf(theCall, 1))
					settle()
					leg := LegID(queue.OfferName(theCall, 1))
					c.SwitchEvent(LegReady{Channel: leg})
					settle()
					w.doErr = onFirst(lost, errUnavailable)
					c.SwitchEvent(Answered{Channel: leg})
					settle()
				}
				if n := w.count("HangUp"); n > 0 {
					t.Errorf("hung up: %s | %s", w.told(), w.done())
				}
				stop(t, c)
			})
		})
	}
}

// A leg whose hang-up failed is hung up again, or an agent who answers it late
// sits in the call's bridge, and hears the caller talk to the next agent.
func TestLegThatWasNotHungUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		c.Offer(offerOf(theCall, 1))
		settle()
		leg := LegID(queue.OfferName(theCall, 1))
		c.SwitchEvent(LegReady{Channel: leg})
		settle()
		w.doErr = onFirst("HangUp", errUnavailable)
		c.Withdraw(queue.Withdraw{Offer: queue.OfferName(theCall, 1), Call: theCall, Outcome: cdr.OfferRingNoAns})
		settle()
		c.SwitchEvent(Answered{Channel: leg}) // the phone was still ringing
		for range 3 {
			time.Sleep(30 * time.Second)
			c.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{upSeen("ch1", theCall), upSeen(leg, theCall)}})
			settle()
		}
		if w.count("HangUp") == 0 {
			t.Error("the leg of an offer long over stays up in the caller's bridge")
		}
		stop(t, c)
	})
}

// A caller whose hang-up failed is hung up again, not led in as a new call.
func TestCallerWhoWasNotHungUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.doErr = onFirst("HangUp", errUnavailable)
		c := w.controller(0)
		in := incoming("ch1", "unknown number")
		c.SwitchEvent(in)
		for range 4 {
			time.Sleep(30 * time.Second)
			c.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{{Channel: "ch1", Call: theCall, Incoming: &in}}})
			settle()
		}
		if n := strings.Count(w.told(), "arrived"); n != 1 || w.count("HangUp") == 0 {
			t.Errorf("%d calls of one caller: %s | %s", n, w.told(), w.done())
		}
		stop(t, c)
	})
}

// A leg made while an inventory was being read is not missing from it.
func TestLegMadeWhileInventoryWasRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		c.Offer(offerOf(theCall, 1)) // asked for …
		settle()
		time.Sleep(time.Millisecond)
		began := time.Now() // … a reading begins, channels first …
		time.Sleep(time.Millisecond)
		leg := LegID(queue.OfferName(theCall, 1))
		c.SwitchEvent(LegReady{Channel: leg}) // … the leg is there, before the bridges have been read
		settle()
		c.SwitchEvent(Inventory{Node: "lab", Began: began, Channels: []ChannelSeen{upSeen("ch1", theCall)}})
		settle()
		if strings.Contains(w.told(), "offer-ended") {
			t.Errorf("a ringing offer is taken for lost, and its leg (never hung up: %d) rings on: %s", w.count("HangUp"), w.told())
		}
		stop(t, c)
	})
}

// Offers of a call have names of their own, in its second queue too: the name
// is the leg's, and Asterisk and the adapter remember the first.
func TestOffersOfASecondQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		rules := *c.deps.Rules
		rules.Flows = map[string]*ivr.Flow{"direct": {Name: "direct", Version: "v1", Language: "fr", Start: "n1", Steps: map[string]ivr.Step{
			"n1": &ivr.QueueStep{Queue: "support", Next: "n2"},
			"n2": &ivr.QueueStep{Queue: "experts"},
		}}}
		c.rules.Store(&rules)
		c.SwitchEvent(incoming("ch1", "3"))
		settle()
		c.Offer(offerOf(theCall, 1))
		settle()
		leg := LegID(queue.OfferName(theCall, 1))
		c.SwitchEvent(LegReady{Channel: leg})
		c.SwitchEvent(Answered{Channel: leg})
		c.SwitchEvent(Gone{Channel: leg, Code: 16, Cause: cdr.EndHangup})
		settle()
		var last queue.Enter
		for _, ev := range w.floor {
			if e, is := ev.(queue.Enter); is {
				last = e
			}
		}
		if last.Queue != "experts" || last.Offers != 1 {
			t.Errorf("entered %q with %d offers made: its next offer is named %s again", last.Queue, last.Offers, queue.OfferName(theCall, last.Offers+1))
		}
		stop(t, c)
	})
}

// A command under way when the call's story closes is carried out.
func TestLastCommandIsNotCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		cut := false
		c := NewCalls(Deps{
			Switch: doFunc(func(ctx context.Context, cmd Command) error {
				if _, slow := cmd.(DestroyBridge); slow {
					select {
					case <-time.After(50 * time.Millisecond):
					case <-ctx.Done():
						cut = true
						return ctx.Err()
					}
				}
				return w.Do(ctx, cmd)
			}),
			Floor: w, Ledger: w, Snapshots: w, Rules: testRules(), NewID: w.newID, Log: slog.New(slog.DiscardHandler),
		})
		c.SwitchEvent(incoming("ch1", "3"))
		settle()
		c.Offer(offerOf(theCall, 1))
		settle()
		leg := LegID(queue.OfferName(theCall, 1))
		c.SwitchEvent(LegReady{Channel: leg})
		settle()
		c.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		c.SwitchEvent(Gone{Channel: leg, Code: 16, Cause: cdr.EndHangup})
		time.Sleep(time.Second)
		if cut {
			t.Error("DestroyBridge was cut off: the bridge stays until the next inventory sweeps it as an orphan")
		}
		stop(t, c)
	})
}

// Calls that are over and wait only for the ledger's word take no place from
// new callers.
func TestLedgerAwayRefusesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.holdLedger = true
		c := w.controller(1)
		c.SwitchEvent(incoming("ch1", "3"))
		c.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		settle()
		c.SwitchEvent(incoming("ch2", "3"))
		settle()
		if strings.Count(w.told(), "arrived") != 2 {
			t.Errorf("a caller was refused for the sake of a call that is over: %s | %s", w.told(), w.done())
		}
		stop(t, c)
	})
}

// A call that ends after an offer to an unreachable phone ends at once.
func TestEndAfterUnreachablePhone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.doErr = onFirst("CreateLeg", errors.New("500: Allocation failed"))
		c := inLine(w)
		c.Offer(offerOf(theCall, 1))
		settle()
		c.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		time.Sleep(endWait / 2)
		if !strings.HasSuffix(w.told(), " ended") {
			t.Errorf("five seconds after the caller hung up the call is not over: %s", w.told())
		}
		stop(t, c)
	})
}

// A caller whose queue is no longer defined must not wait where nobody serves.
func TestQueueThatIsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		stop(t, c)
		w.floor = nil
		second := w.controller(0)
		rules := testRules()
		rules.Queues = map[string]queue.Definition{"helpdesk": {}}
		rules.Flows["direct"] = &ivr.Flow{Name: "direct", Version: "v2", Language: "fr", Start: "line", Steps: map[string]ivr.Step{
			"line": &ivr.QueueStep{Queue: "helpdesk"},
		}}
		second.rules.Store(rules)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{upSeen("ch1", theCall)}})
		settle()
		for _, ev := range w.floor {
			if e, is := ev.(queue.Enter); is && rules.Queues[e.Queue].ID == "" && e.Queue != "helpdesk" {
				t.Errorf("the caller stands in queue %q, which nobody serves any more", e.Queue)
			}
		}
		stop(t, second)
	})
}

// A restored call of a node that is no more must not keep the floor waiting.
func TestNodeThatIsNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		stop(t, c)
		w.floor = nil
		second := w.controller(0)
		second.deps.Nodes = []string{"lab-renamed"}
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			second.SwitchEvent(Inventory{Node: "lab-renamed", Began: time.Now(), Channels: []ChannelSeen{upSeen("ch1", theCall)}})
			time.Sleep(30 * time.Second)
		}
		told := false
		for _, ev := range w.floor {
			if _, is := ev.(queue.Reclaimed); is {
				told = true
			}
		}
		if !told {
			t.Error("five minutes on, the floor still offers nobody")
		}
		stop(t, second)
	})
}

type doFunc func(context.Context, Command) error

func (f doFunc) Do(ctx context.Context, cmd Command) error { return f(ctx, cmd) }

// A leg whose making timed out and happened all the same, after its hang-up had
// found nothing, is hung up when it shows: Asterisk keeps an undialled leg for ever.
func TestLegMadeAfterItsHangUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.doErr = onFirst("CreateLeg", errUnavailable)
		c := inLine(w)
		c.Offer(offerOf(theCall, 1))
		settle()
		before := w.count("HangUp")
		leg := LegID(queue.OfferName(theCall, 1))
		c.SwitchEvent(LegReady{Channel: leg})
		settle()
		for range 3 {
			time.Sleep(30 * time.Second)
			c.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{upSeen("ch1", theCall), {Channel: leg, Call: theCall}}})
			settle()
		}
		if w.count("HangUp") == before {
			t.Error("the leg stays in Asterisk as long as the call lives")
		}
		stop(t, c)
	})
}

// An offer ends before its call leaves the queue, also when that queue is no
// more: whoever folds the facts counts on it.
func TestQueueThatIsNoMoreEndsItsOfferFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		c.Offer(offerOf(theCall, 1))
		settle()
		stop(t, c)
		second := w.controller(0)
		rules := testRules()
		rules.Queues = map[string]queue.Definition{}
		second.rules.Store(rules)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{upSeen("ch1", theCall)}})
		settle()
		if !strings.Contains(w.told(), "offer-ended queue-left") {
			t.Errorf("told: %s", w.told())
		}
		stop(t, second)
	})
}

package call

import (
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

func ringOf(agent string, n int) queue.Offer {
	o := offerOf(theCall, n)
	o.Agent = agent
	return o
}

// Two phones of one ring are picked up in the same millisecond: one agent talks,
// the other's phone is hung up, and the floor is told of both.
func TestTwoAnswersAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		hungUp := map[ChannelID]bool{}
		w.doErr = func(cmd Command) error {
			if h, is := cmd.(HangUp); is {
				hungUp[h.Channel] = true
			}
			return nil
		}
		c := inLine(w)
		c.Offer(ringOf("alice", 1))
		c.Offer(ringOf("bruno", 2))
		settle()
		legs := []ChannelID{LegID(queue.OfferName(theCall, 1)), LegID(queue.OfferName(theCall, 2))}
		var both sync.WaitGroup
		for _, leg := range legs {
			both.Go(func() {
				c.SwitchEvent(Answered{Channel: leg})
				c.SwitchEvent(LegReady{Channel: leg})
			})
		}
		both.Wait()
		settle()
		if n := count(w.told(), "connected"); n != 1 {
			t.Errorf("%d agents talk: %s", n, w.told())
		}
		if len(hungUp) != 1 { // it may be told twice: its leg may not have been there yet
			t.Errorf("phones hung up: %v", hungUp)
		}
		outcomes := map[cdr.OfferOutcome]int{}
		for _, ev := range w.floor {
			if over, is := ev.(queue.OfferOver); is {
				outcomes[over.Outcome]++
			}
		}
		if outcomes[cdr.OfferAnswered] != 1 || outcomes[cdr.OfferElsewhere] != 1 {
			t.Errorf("the floor was told %v", outcomes)
		}
		stop(t, c)
	})
}

// A call's place and its offer, told one right after the other, are saved once:
// no saving stands between a call and its phone.
func TestPlaceDoesNotDelayTheOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		before := w.puts
		c.Placed(queue.Placed{Call: theCall, Queue: "support", Stay: 1, EnteredAt: time.Now(), Rank: 1})
		settle()
		if w.puts != before || strings.Contains(w.told(), "wait-estimated") {
			t.Errorf("the place alone was saved at once: %d times", w.puts-before)
		}
		c.Offer(offerOf(theCall, 1))
		settle()
		if w.puts != before+1 || !strings.HasSuffix(w.told(), "wait-estimated offered rung") {
			t.Errorf("saved %d times; told: %s", w.puts-before, w.told())
		}
		stop(t, c)
	})
}

// A place that no offer follows is told all the same, soon.
func TestPlaceIsToldWithoutAnOffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := inLine(w)
		c.Placed(queue.Placed{Call: theCall, Queue: "support", Stay: 1, EnteredAt: time.Now(), Rank: 7})
		time.Sleep(keepAfter + time.Millisecond)
		settle()
		if !strings.HasSuffix(w.told(), "wait-estimated") {
			t.Errorf("told: %s", w.told())
		}
		stop(t, c)
	})
}

// What a controller saved when a call had one offer is read by this one.
func TestOneOfferSavedByAnOlderController(t *testing.T) {
	var state State
	err := json.Unmarshal([]byte(`{"call":"`+string(theCall)+`","offers":1,"line":{"queue":"support"},
		"offer":{"id":"x-1","agent":"alice","leg":"lk-x-1","rung":true}}`), &state)
	if err != nil {
		t.Fatal(err)
	}
	if len(state.Open) != 1 || state.Open[0].Agent != "alice" || state.Offers != 1 || state.Call != theCall || state.Line == nil {
		t.Errorf("read as %+v", state)
	}
	again, err := json.Marshal(&state)
	if err != nil || strings.Contains(string(again), `"offer":`) {
		t.Errorf("saved as %s: %v", again, err)
	}
}

// What phones do besides our calls is the floor's to know, whatever calls there are.
func TestPhonesAreTheFloors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		c := w.controller(0)
		c.SwitchEvent(PhoneSeen{Agent: "alice", Phone: cdr.PhoneAway})
		if len(w.floor) != 1 || w.floor[0] != (queue.PhoneChange{Agent: "alice", Phone: cdr.PhoneAway}) {
			t.Errorf("told: %+v", w.floor)
		}
		stop(t, c)
	})
}

// An Asterisk that will not answer a caller for some seconds has not lost them;
// one that will not for longer has.
func TestAnswerIsTriedForTwentySeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.doErr = func(cmd Command) error {
			if _, is := cmd.(Answer); is {
				return errors.New("503")
			}
			return nil
		}
		c := w.controller(0)
		c.SwitchEvent(incoming("ch1", "3"))
		time.Sleep(15 * time.Second)
		if w.count("HangUp") > 0 {
			t.Errorf("given up within 15 s: %s", w.told())
		}
		time.Sleep(10 * time.Second)
		if w.count("HangUp") == 0 {
			t.Error("25 s on, the caller still hears nothing")
		}
		c.SwitchEvent(Gone{Channel: "ch1", Cause: cdr.EndHangup})
		settle()
		stop(t, c)
	})
}

// Facts a dead controller told go to the ledger again, not to the log.
func TestOldFactsAreNotLoggedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		w.holdLedger = true
		stop(t, inLine(w))
		w.holdLedger, w.facts = false, nil
		var log strings.Builder
		second := w.controller(0)
		second.log = slog.New(slog.NewTextHandler(&log, nil))
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		settle()
		if w.told() != "arrived flow-started queue-entered" {
			t.Errorf("the ledger was told: %s", w.told())
		}
		if strings.Contains(log.String(), "msg=arrived") {
			t.Errorf("logged again:\n%s", log.String())
		}
		stop(t, second)
	})
}

// What the caller is to hear keeps no phone from ringing: an Asterisk slow to
// answer the caller is asked for the agent's leg meanwhile.
func TestPhoneRingsWhileTheCallerIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		answered := make(chan struct{})
		w.doErr = func(cmd Command) error {
			if _, is := cmd.(Answer); is {
				w.mu.Unlock()
				<-answered
				w.mu.Lock()
			}
			return nil
		}
		c := inLine(w)
		c.Offer(offerOf(theCall, 1))
		settle()
		want(t, "while the caller is being answered", w.done(), "Adopt CreateLeg CreateBridge")
		c.SwitchEvent(Answered{Channel: LegID(queue.OfferName(theCall, 1))})
		c.SwitchEvent(LegReady{Channel: LegID(queue.OfferName(theCall, 1))})
		settle()
		close(answered)
		settle()
		want(t, "after it", w.done(), "Adopt CreateLeg CreateBridge Answer StartMusic StopMusic Join")
		stop(t, c)
	})
}

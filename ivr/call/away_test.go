package call

import (
	"testing"
	"testing/synctest"
	"time"

	"linekeeper/cdr"
	"linekeeper/queue"
)

// David's page goes in mid-call. That his phone is there again reaches the call that
// waits for it, also under the next controller; once he is back, or the call is over,
// nobody's phone is waited for any more.
func TestThePhoneThatComesBackIsTheCalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld()
		first := w.controller(0)
		talk := w.talksTo(first, "david")
		first.SwitchEvent(Gone{Channel: talk, Code: codePageGone, Cause: cdr.EndHangup})
		synctest.Wait()
		first.SwitchEvent(PhoneSeen{Agent: "emma", Phone: cdr.PhoneThere})
		synctest.Wait()
		if n := w.count("CreateLeg"); n != 1 {
			t.Fatalf("emma's phone is there, and %d legs are made", n)
		}
		stop(t, first)

		second := w.controller(0)
		if err := second.Restore(t.Context()); err != nil {
			t.Fatal(err)
		}
		second.SwitchEvent(Inventory{Node: "lab", Began: time.Now(), Channels: []ChannelSeen{{Channel: "ch1", Call: theCall, Up: true}}})
		synctest.Wait()
		second.SwitchEvent(PhoneSeen{Agent: "david", Phone: cdr.PhoneThere})
		synctest.Wait()
		if n := w.count("CreateLeg"); n != 2 {
			t.Fatalf("david's phone is there again, and %d legs are made", n)
		}
		again := AgainLegID(theCall, 1)
		second.SwitchEvent(Answered{Channel: again})
		second.SwitchEvent(LegReady{Channel: again})
		synctest.Wait()
		want(t, "facts", w.told(), "arrived flow-started queue-entered offered rung offer-ended queue-left connected phone-lost reclaimed phone-back")
		if a := second.waitingFor("david"); a != nil {
			t.Error("david's phone is still waited for")
		}
		second.SwitchEvent(Gone{Channel: again, Code: codeSilent, Cause: cdr.EndHangup})
		synctest.Wait()
		second.SwitchEvent(Gone{Channel: "ch1", Code: 16, Cause: cdr.EndHangup})
		second.SwitchEvent(Gone{Channel: AgainLegID(theCall, 2), Code: 16, Cause: cdr.EndHangup})
		synctest.Wait()
		if second.Live() != 0 || len(second.waiting) != 0 {
			t.Errorf("%d calls live, phones waited for: %v", second.Live(), second.waiting)
		}
		stop(t, second)
	})
}

// talksTo brings a caller on channel ch1 together with an agent, whose leg it is.
func (w *world) talksTo(c *Calls, agent string) ChannelID {
	c.SwitchEvent(Inventory{Node: "lab", Began: time.Now()})
	c.SwitchEvent(incoming("ch1", "3"))
	synctest.Wait()
	o := offerOf(theCall, 1)
	o.Agent = agent
	c.Offer(o)
	synctest.Wait()
	leg := LegID(queue.OfferName(theCall, 1))
	c.SwitchEvent(Answered{Channel: leg})
	c.SwitchEvent(LegReady{Channel: leg})
	synctest.Wait()
	return leg
}

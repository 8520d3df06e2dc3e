package queue

import (
	"testing"
	"time"

	"linekeeper/cdr"
)

// A floor in full swing allocates nothing: what a step answers with, places and
// offers are made of memory that is used again. (Offers' names come from longer
// texts, one for some fifty; hence the average.)
func TestNothingIsAllocatedInSteadyState(t *testing.T) {
	d := site{waiting: 200, agents: 100, skills: 8, queues: 10}.begin()
	begun := len(d.log)
	const warm, measured = 30_000, 5_000
	d.goOn(warm + measured + 100)
	f := New(d.site.definitions(), dayBegins)
	for _, m := range d.log[:begun+warm] {
		f.Step(m.at, m.event)
	}
	rest := d.log[begun+warm:]
	if n := testing.AllocsPerRun(measured, func() {
		f.Step(rest[0].at, rest[0].event)
		rest = rest[1:]
	}); n > 0 {
		t.Errorf("%v allocations an event", n)
	}
}

// Nor does lending agents by name, who advise, take the call over or are not there.
func TestLendingAllocatesNothing(t *testing.T) {
	f, now := New(site{agents: 10, skills: 8, queues: 10}.definitions(), dayBegins), dayBegins
	f.Step(now, SignIn{Agent: "agent-1"})
	var log []Event
	const call, agent, cycles = "0195-call-of-usual-length-0000000001", "agent-1", 2000
	for n := 0; n < 3*cycles; n += 3 {
		log = append(log, MakeReady{Agent: agent})
		for offer, outcome := range []cdr.OfferOutcome{cdr.OfferAnswered, cdr.OfferWithdrawn, cdr.OfferAnswered} {
			log = append(log, Borrow{Call: call, Agent: agent, Queue: "queue-1", Offers: n + offer, Ring: 20 * time.Second, By: "agent-2"})
			log = append(log, OfferOver{Offer: OfferName(call, n+offer+1), Outcome: outcome})
			if outcome == cdr.OfferAnswered {
				log = append(log, TalkOver{Call: call, Agent: agent, Advised: offer == 0})
			}
		}
		log = append(log, WrapUpDone{Agent: agent, Call: call})
	}
	events := len(log) / cycles
	cycle := func() {
		for _, ev := range log[:events] {
			now = now.Add(time.Second)
			f.Step(now, ev)
		}
		log = log[events:]
	}
	for range cycles / 2 {
		cycle()
	}
	if n := testing.AllocsPerRun(cycles/2-1, cycle); n > 0 {
		t.Errorf("%v allocations in three loans", n)
	}
	if a, _ := f.Agent(agent); a.Tally["queue-1"].Calls != cycles {
		t.Errorf("%d calls taken over, should be %d", a.Tally["queue-1"].Calls, cycles)
	}
}

package e2e

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// TestQueueCallback: the caller goes, the place stays.
func TestQueueCallback(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines")
	ines, outside := agents[0], w.outside(t)
	w.parts(t, agents, []part{
		{"agent first", func(t *testing.T) { w.agentFirst(t, ines, outside) }},
		{"customer first", func(t *testing.T) { w.customerFirst(t, ines, outside) }},
		{"the customer says no", func(t *testing.T) { w.customerRefuses(t, ines, outside) }},
		{"a second dial, and a time of day", func(t *testing.T) { w.dialledAgain(t, ines, outside) }},
		{"the agent gives up", func(t *testing.T) { w.agentGivesUp(t, ines, outside) }},
		{"the controller is killed while the customer's phone rings", func(t *testing.T) { w.killedWhileItRings(t, ines, outside) }},
		{"the controller is killed meanwhile", func(t *testing.T) { w.killedWhileItWaits(t, ines, outside) }},
		{"the caller rings again", func(t *testing.T) { w.ringsAgain(t, ines) }},
		{"the caller rings again from the number they asked for", func(t *testing.T) { w.ringsFromTheOther(t, ines) }},
		{"a caller who would have us call far away", func(t *testing.T) { w.farAway(t, outside) }},
		{"two who withhold their number", func(t *testing.T) { w.withheld(t, ines, outside) }},
		{"the caller rings again and gives it up", func(t *testing.T) { w.givesItUp(t, ines) }},
		{"the caller rings again and hangs up", func(t *testing.T) { w.standsAgain(t, ines, outside) }},
		{"cut off in line", func(t *testing.T) { w.cutOff(t, ines) }},
	})
}

// asksBack has a caller in line ask to be called back, at the number they ring
// from.
func (l *listener) asksBack(t *testing.T) cdr.CallbackAsked {
	t.Helper()
	l.press(t, "11") // for it, and: yes, this number
	asked := l.await(t, cdr.KindCallbackAsked).Story.(cdr.CallbackAsked)
	if asked.Number != l.number || asked.By != "key" {
		t.Errorf("asked was %+v", asked)
	}
	return asked
}

// agentFirst: the agent answers, then the customer's phone rings; it shows the
// number they had called.
func (w *world) agentFirst(t *testing.T, ines *agent, outside *phone.Phone) {
	c := w.calls(t, "back-agent")
	entered := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	c.asksBack(t)
	hangUp(t, c.Call) // before the thanks are over
	ines.back(t)
	talk := ines.answer(t)
	w.calledBack(t, c, talk, outside)
	r := w.leaves(t, c, cdr.LeftAnswered)
	if len(r.Visits) != 1 || !r.Visits[0].EnteredAt.Equal(entered) || !r.Offers[0].Callback {
		t.Errorf("visits %+v, offers %+v", r.Visits, r.Offers)
	}
	assertCalledBack(t, r)
}

// calledBack: the customer answers, the two hear each other, the agent hangs up.
func (w *world) calledBack(t *testing.T, c *listener, talk *phone.Call, outside *phone.Phone) {
	t.Helper()
	customer := w.takesTheCall(t, c, outside)
	c.await(t, cdr.KindConnected)
	hears(t, "the customer", customer)
	hears(t, "the agent", talk)
	hangUp(t, talk)
	over(t, "the customer", customer)
	c.await(t, cdr.KindEnded)
}

// takesTheCall: the customer sees who calls, and answers.
func (w *world) takesTheCall(t *testing.T, c *listener, outside *phone.Phone) *phone.Call {
	t.Helper()
	ring := rings(t, outside)
	if dialled := c.await(t, cdr.KindArrived).Story.(cdr.Arrived).Number; ring.Number != dialled {
		t.Errorf("the customer is shown %q; they had called %s", ring.Number, dialled)
	}
	return pickUp(t, ring)
}

// assertCalledBack asserts that a callback was made once and reached its customer.
func assertCalledBack(t *testing.T, r cdr.Record) {
	t.Helper()
	if b := r.Callback; b == nil || b.Outcome != cdr.CallbackDone || b.Tries != 1 || r.Outcome != cdr.OutcomeAnswered || len(r.Talks) != 1 {
		t.Errorf("the record: %s, callback %+v, talks %+v", r.Outcome, b, r.Talks)
	}
}

// customerFirst: the customer is rung when it is their turn, and then agents are.
func (w *world) customerFirst(t *testing.T, ines *agent, outside *phone.Phone) {
	c := w.calls(t, "back-customer")
	c.asksBack(t)
	over(t, "the caller, thanked", c.Call)
	if n := c.count(cdr.KindEnded); n != 0 {
		t.Fatal("the call was over with its caller's line")
	}
	ines.back(t)
	customer := w.takesTheCall(t, c, outside)
	reached := c.await(t, cdr.KindCallbackReached)
	talk := ines.answer(t)
	if offered := c.await(t, cdr.KindOffered); offered.Seq < reached.Seq {
		t.Error("an agent was rung before the customer had answered")
	}
	c.await(t, cdr.KindConnected)
	hears(t, "the customer", customer)
	hears(t, "Inès", talk)
	hangUp(t, customer)
	over(t, "Inès", talk)
	c.await(t, cdr.KindEnded)
	assertCalledBack(t, w.record(t, c.visit))
}

// customerRefuses: the only try has failed, and the callback is over; the agent is
// free for the next.
func (w *world) customerRefuses(t *testing.T, ines *agent, outside *phone.Phone) {
	c := w.calls(t, "back-agent")
	c.asksBack(t)
	hangUp(t, c.Call)
	ines.back(t)
	turnsDown(t, ines, outside)
	c.await(t, cdr.KindEnded)
	r := w.record(t, c.visit)
	assertNotReached(t, r)
	ines.awaitState(t, cdr.Ready)
}

// turnsDown: the agent takes the callback, and the customer does not.
func turnsDown(t *testing.T, ines *agent, outside *phone.Phone) {
	t.Helper()
	talk := ines.answer(t)
	ctx, cancel := soon()
	defer cancel()
	if err := rings(t, outside).Reject(ctx); err != nil {
		t.Fatal(err)
	}
	over(t, "Inès", talk)
}

// assertNotReached asserts that a callback was tried once, in vain.
func assertNotReached(t *testing.T, r cdr.Record) {
	t.Helper()
	if b := r.Callback; b == nil || b.Outcome != cdr.CallbackExpired || b.Tries != 1 || r.Outcome != cdr.OutcomeCallback || len(r.Talks) != 0 {
		t.Errorf("the record: %s, callback %+v, talks %+v", r.Outcome, b, r.Talks)
	}
	if _, outcomes := offers(r); len(outcomes) != 1 || outcomes[0] != cdr.OfferNotReached {
		t.Errorf("the offers ended %v", outcomes)
	}
}

// dialledAgain: who has chosen a time of day that is now, and does not want the first
// call, is called once more, and not sooner than the queue says; meanwhile nobody is rung
// for who chose another time of day.
func (w *world) dialledAgain(t *testing.T, ines *agent, outside *phone.Phone) {
	c := w.calls(t, "back-twice")
	c.asksForToday(t)
	later := w.calls(t, "back-twice")
	later.asksForAnotherTime(t)
	ines.back(t)
	turnsDown(t, ines, outside)
	missed := c.await(t, cdr.KindCallbackMissed)

	w.calledBack(t, c, ines.answer(t), outside)
	r := w.record(t, c.visit)
	if b := r.Callback; b == nil || b.Outcome != cdr.CallbackDone || b.Tries != 2 || len(r.Talks) != 1 {
		t.Errorf("the record: %s, callback %+v, talks %+v", r.Outcome, b, r.Talks)
	} else if again := r.Offers[1].At.Sub(missed.At); again < 10*time.Second {
		t.Errorf("called again after %s", again)
	}
	again := w.callsAs(t, later.number, "back-twice")
	again.await(t, cdr.KindPlaceResumed)
	if n := later.count(cdr.KindOffered); n != 0 {
		t.Errorf("offered %d times before its time", n)
	}
	ines.talks(t, again)
	w.leaves(t, again, cdr.LeftAnswered)
}

// inParis is the time on the clock of the queues' site.
func inParis(t *testing.T) time.Time {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return time.Now().In(paris)
}

// asksForToday has a caller ask to be called back at any time of the day, and go. In its
// last minutes they ask for their turn.
func (l *listener) asksForToday(t *testing.T) {
	t.Helper()
	now := inParis(t)
	from, key := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location()), "5"
	if now.Add(5*time.Minute).Day() != now.Day() {
		from, key = time.Time{}, "1"
	}
	l.press(t, "11"+key) // for it, this number, and then
	if asked := l.await(t, cdr.KindCallbackAsked).Story.(cdr.CallbackAsked); !asked.NotBefore.Equal(from) {
		t.Errorf("asked with %s at %s for %s to %s", key, now, asked.NotBefore, asked.NotAfter)
	}
	hangUp(t, l.Call)
}

// asksForAnotherTime has a caller ask to be called back in the window before the present
// one, and go: it begins eight hours from now or later.
func (l *listener) asksForAnotherTime(t *testing.T) {
	t.Helper()
	now := inParis(t)
	before := (now.Hour()/8 + 2) % 3
	l.press(t, "11"+strconv.Itoa(before+2)) // for it, this number, and then
	asked := l.await(t, cdr.KindCallbackAsked).Story.(cdr.CallbackAsked)
	if from := asked.NotBefore.In(now.Location()); from.Hour() != before*8 || from.Before(now) || asked.NotAfter.Sub(from) < 7*time.Hour {
		t.Errorf("asked at %s for %s to %s", now, asked.NotBefore, asked.NotAfter)
	}
	hangUp(t, l.Call)
}

// agentGivesUp: the agent hangs up while the customer's phone rings, which then
// rings no more.
func (w *world) agentGivesUp(t *testing.T, ines *agent, outside *phone.Phone) {
	c := w.calls(t, "back-agent")
	c.asksBack(t)
	hangUp(t, c.Call)
	ines.back(t)
	talk := ines.answer(t)
	ring := rings(t, outside)
	hangUp(t, talk)
	<-ring.Over()
	c.await(t, cdr.KindEnded)
	assertNotReached(t, w.record(t, c.visit))
}

// killedWhileItRings: the customer's phone rings on through kill -9, once, and who
// answers has the agent who waits.
func (w *world) killedWhileItRings(t *testing.T, ines *agent, outside *phone.Phone) {
	c := w.calls(t, "back-agent")
	c.asksBack(t)
	hangUp(t, c.Call)
	ines.back(t)
	talk := ines.answer(t)
	ring := rings(t, outside)
	c.await(t, cdr.KindCallbackDialled)
	w.killController(t)
	w.startController(t)
	c.await(t, cdr.KindReclaimed)
	customer := pickUp(t, ring)
	c.await(t, cdr.KindConnected)
	hears(t, "the customer", customer)
	hears(t, "Inès", talk)
	hangUp(t, customer)
	over(t, "Inès", talk)
	c.await(t, cdr.KindEnded)
	assertCalledBack(t, w.record(t, c.visit))
	if n := c.count(cdr.KindCallbackDialled); n != 1 {
		t.Errorf("the customer was called %d times", n)
	}
}

// killedWhileItWaits: after kill -9 the callback stands where it stood, before who
// came later, and is made exactly once.
func (w *world) killedWhileItWaits(t *testing.T, ines *agent, outside *phone.Phone) {
	floor := w.watch(t)
	c := w.calls(t, "back-agent")
	entered := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	c.asksBack(t)
	hangUp(t, c.Call)
	later := w.calls(t, "back-agent")
	later.await(t, cdr.KindWaitEstimated)

	w.killController(t)
	w.startController(t)
	later.await(t, cdr.KindReclaimed)
	sees(t, "the callback stands before who came later", floor, func(now deskclient.State) bool {
		a, b := now.Calls[c.id], now.Calls[later.id]
		return now.Connected && a.Place == 1 && b.Place == 2 && a.EnteredAt.Equal(entered)
	})
	ines.back(t)
	talk := ines.answer(t)
	w.calledBack(t, c, talk, outside)
	ines.talks(t, later)
	w.leaves(t, later, cdr.LeftAnswered)
	assertCalledBack(t, w.record(t, c.visit))
	if n := c.count(cdr.KindCallbackDialled); n != 1 {
		t.Errorf("the customer was called %d times", n)
	}
	w.oneRecord(t, c.number)
}

// ringsAgain: who has asked to be called back and rings again stands where they
// stood, and will not be called back any more.
func (w *world) ringsAgain(t *testing.T, ines *agent) {
	c := w.calls(t, "back-agent")
	entered := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	c.asksBack(t)
	hangUp(t, c.Call)
	later := w.calls(t, "back-agent")
	later.await(t, cdr.KindWaitEstimated)
	again := w.callsAs(t, c.number, "back-agent")
	w.assertResumed(t, again, c, entered)
	c.await(t, cdr.KindEnded)
	old := w.record(t, c.visit)
	if old.Callback == nil || old.Callback.Outcome != cdr.CallbackResumed || old.Visits[0].Cause != cdr.LeftResumed {
		t.Errorf("the old call: %+v, %+v", old.Callback, old.Visits)
	}
	w.inTurn(t, ines, again, later)
}

// ringsFromTheOther: who has asked to be called back on another number has their place
// from either, also of a controller that was killed meanwhile.
func (w *world) ringsFromTheOther(t *testing.T, ines *agent) {
	c, other := w.calls(t, "back-agent"), customer()
	entered := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	c.asksBackOn(t, other)
	later := w.calls(t, "back-agent")
	later.await(t, cdr.KindWaitEstimated)
	again := w.callsAs(t, c.number, "back-agent")
	w.assertResumed(t, again, c, entered)
	c.await(t, cdr.KindEnded)

	again.asksBackOn(t, other)
	w.killController(t)
	w.startController(t)
	later.await(t, cdr.KindReclaimed)
	third := w.callsAs(t, other, "back-agent")
	w.assertResumed(t, third, again, entered)
	again.await(t, cdr.KindEnded)
	w.inTurn(t, ines, third, later)
}

// ringsAfterAsking: who has asked to be called back rings again, and has their place.
func (w *world) ringsAfterAsking(t *testing.T) (before, again *listener) {
	t.Helper()
	before = w.calls(t, "back-agent")
	entered := before.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	before.asksBack(t)
	hangUp(t, before.Call)
	again = w.callsAs(t, before.number, "back-agent")
	w.assertResumed(t, again, before, entered)
	before.await(t, cdr.KindEnded)
	return before, again
}

// givesItUp: who rings again and needs nobody any more says so by a key. They are told
// good-bye and not called back, and nobody is offered the call.
func (w *world) givesItUp(t *testing.T, ines *agent) {
	before, again := w.ringsAfterAsking(t)
	again.press(t, "9")
	over(t, "the caller, told that it is cancelled", again.Call)
	again.await(t, cdr.KindEnded)
	r := w.leaves(t, again, cdr.LeftCancelled)
	if b := r.Callback; b == nil || b.Outcome != cdr.CallbackCancelled || b.Number != before.number || b.OverAt.IsZero() {
		t.Errorf("the callback became %+v", b)
	}
	if r.Outcome != cdr.OutcomeCallback || r.Cause != cdr.EndCallback || r.EndedBy != cdr.ByCaller || len(r.Offers) != 0 {
		t.Errorf("the call ended %s, %s by %s, offers %+v", r.Outcome, r.Cause, r.EndedBy, r.Offers)
	}
	w.inTurn(t, ines, w.calls(t, "back-agent"))
}

// standsAgain: who rings again and hangs up has given nothing up, and is called back
// as they had asked.
func (w *world) standsAgain(t *testing.T, ines *agent, outside *phone.Phone) {
	_, again := w.ringsAfterAsking(t)
	hangUp(t, again.Call)
	asked := again.await(t, cdr.KindCallbackAsked)
	if s := asked.Story.(cdr.CallbackAsked); s.Number != again.number || !s.AskedAt.Before(asked.At) {
		t.Errorf("what stands is %+v", s)
	}
	ines.back(t)
	talk := ines.answer(t)
	w.calledBack(t, again, talk, outside)
	assertCalledBack(t, w.record(t, again.visit))
}

// farAway: who shows a satellite's number is asked for another, and who keys in one that
// agents are refused for one more. Both tries are told, and nobody is rung.
func (w *world) farAway(t *testing.T, outside *phone.Phone) {
	c := w.callsAs(t, "+882161234567", "back-agent")
	c.press(t, "1")
	c.await(t, cdr.KindDialRefused)
	c.press(t, "0620000000#")
	c.awaitNth(t, cdr.KindDialRefused, 2)
	w.inLog(t, "a number is not to be dialled", string(c.id), "+33620000000")
	hangUp(t, c.Call)
	r := w.leaves(t, c, cdr.LeftAbandoned)
	var refused []string
	for _, d := range r.Refused {
		refused = append(refused, d.Act+" "+d.Number+" "+d.Why+" "+d.Agent)
	}
	if want := []string{"callback +882161234567 not-listed ", "callback +33620000000 refused "}; !slices.Equal(refused, want) {
		t.Errorf("the record has %q refused, want %q", refused, want)
	}
	if r.Callback != nil {
		t.Errorf("a callback is asked for: %+v", r.Callback)
	}
	notDialled(t, outside)
}

// withheld: nobody is known by a number that is withheld. Who asks to be called back
// keeps their place from another who withholds theirs, and has it again by asking for
// the same number; it is called once.
func (w *world) withheld(t *testing.T, ines *agent, outside *phone.Phone) {
	number := customer()
	c := w.callsAs(t, "", "back-agent")
	entered := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	c.asksBackOn(t, number)
	stranger := w.callsAs(t, "", "back-agent")
	if e := stranger.await(t, cdr.KindWaitEstimated).Story.(cdr.WaitEstimated); e.Place != 2 {
		t.Errorf("who withholds their number, too, stands at %d", e.Place)
	}
	again := w.callsAs(t, "", "back-agent")
	again.await(t, cdr.KindWaitEstimated)
	again.asksBackOn(t, number)
	resumed := again.await(t, cdr.KindPlaceResumed).Story.(cdr.PlaceResumed)
	if resumed.From != c.id || !resumed.EnteredAt.Equal(entered) {
		t.Errorf("the place has been resumed as %+v; it was %s's since %v", resumed, c.id, entered)
	}
	c.await(t, cdr.KindEnded)

	ines.back(t)
	w.calledBack(t, again, ines.answer(t), outside)
	ines.talks(t, stranger)
	if r := w.leaves(t, stranger, cdr.LeftAnswered); r.Caller.Number != "" || r.Resumed != nil {
		t.Errorf("the record: caller %+v, resumed %+v", r.Caller, r.Resumed)
	}
}

// asksBackOn has a caller in line ask to be called back on another number than they
// ring from, and go.
func (l *listener) asksBackOn(t *testing.T, number string) {
	t.Helper()
	ask := "12" // for it, and: another number
	if l.number == "" {
		ask = "1"
	}
	l.press(t, ask+"0"+strings.TrimPrefix(number, "+33")+"#1")
	if asked := l.await(t, cdr.KindCallbackAsked).Story.(cdr.CallbackAsked); asked.Number != number {
		t.Errorf("asked was %+v, not for %s", asked, number)
	}
	hangUp(t, l.Call)
}

// assertResumed asserts that a call has the first place in line, the one that
// another call of its caller had.
func (w *world) assertResumed(t *testing.T, again, before *listener, entered time.Time) {
	t.Helper()
	resumed := again.await(t, cdr.KindPlaceResumed).Story.(cdr.PlaceResumed)
	if resumed.From != before.id || !resumed.EnteredAt.Equal(entered) {
		t.Errorf("the place has been resumed as %+v; it was %s's since %v", resumed, before.id, entered)
	}
	if e := again.await(t, cdr.KindWaitEstimated).Story.(cdr.WaitEstimated); e.Place != 1 {
		t.Errorf("the caller stands at %d", e.Place)
	}
}

// inTurn has an agent answer calls in this order.
func (w *world) inTurn(t *testing.T, a *agent, calls ...*listener) {
	t.Helper()
	a.back(t)
	for _, c := range calls {
		ring := a.ring(t)
		if ring.Number != c.number {
			t.Errorf("the phone rings for %s, it is the turn of %s", ring.Number, c.number)
		}
		talk := pickUp(t, ring)
		c.await(t, cdr.KindConnected)
		hangUp(t, talk)
		w.leaves(t, c, cdr.LeftAnswered)
	}
}

// cutOff: who is cut off in line and rings back stands where they stood.
func (w *world) cutOff(t *testing.T, ines *agent) {
	c := w.calls(t, "resume")
	entered := c.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered).EnteredAt
	later := w.calls(t, "resume")
	later.await(t, cdr.KindWaitEstimated)
	hangUp(t, c.Call)
	c.await(t, cdr.KindEnded)
	again := w.callsAs(t, c.number, "resume")
	w.assertResumed(t, again, c, entered)
	w.inTurn(t, ines, again, later)
}

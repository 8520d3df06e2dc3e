package e2e

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// TestFollowUp: what an agent promises a customer is kept, at its time.
func TestFollowUp(t *testing.T) {
	w := queues(t)
	agents := w.shift(t, "ines", "jules")
	ines, jules, outside := agents[0], agents[1], w.outside(t)
	w.parts(t, agents, []part{
		{"for herself", func(t *testing.T) { w.promiseKept(t, ines, jules, outside) }},
		{"in the wrap-up, for anybody, to another number", func(t *testing.T) { w.promiseForAnybody(t, ines, jules, outside) }},
		{"the number is busy", func(t *testing.T) { w.promiseMissed(t, ines, outside) }},
		{"given up while it rings", func(t *testing.T) { w.promiseHungUp(t, ines, outside) }},
		{"cancelled by its agent", func(t *testing.T) { w.promiseCancelled(t, ines, jules) }},
		{"the customer rings before", func(t *testing.T) { w.promiseAndRings(t, ines, jules) }},
		{"the controller is killed before its time", func(t *testing.T) { w.promiseThroughACrash(t, ines, outside) }},
		{"what cannot be promised", func(t *testing.T) { w.promiseRefused(t, ines) }},
	})
}

// soonDue is a time to promise that the test waits for.
func soonDue() time.Time { return time.Now().Add(2 * time.Second).Truncate(time.Millisecond) }

// spokenTo has a customer call and talk to an agent.
func (w *world) spokenTo(t *testing.T, a *agent, queue string) (*listener, *phone.Call) {
	t.Helper()
	a.back(t)
	c := w.calls(t, queue)
	talk := a.answer(t)
	c.await(t, cdr.KindConnected)
	return c, talk
}

// promises has the agent of a call promise another.
func (a *agent) promises(t *testing.T, of cdr.CallID, p deskclient.Promise) visit {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	id, err := a.desk.FollowUp(ctx, of, p)
	if err != nil {
		t.Fatalf("%s promises a call: %v", a.name, err)
	}
	return visit{a.s.ledger, id}
}

// ends has the customer hang up and the agent wrap up, who is ready then, by the ledger:
// a console may show only the offer that comes at once.
func (a *agent) ends(t *testing.T, c *listener, talk *phone.Call) {
	t.Helper()
	hangUp(t, c.Call)
	over(t, a.name, talk)
	c.await(t, cdr.KindEnded)
	since := a.s.ledger.last()
	a.wrapUp(t, c.id, cdr.Ready)
	a.isReady(t, since)
}

// promiseKept: Jules has been free for longer, and it is Inès's phone that rings; she
// sees what it is about, hears the customer's ring, and talks.
func (w *world) promiseKept(t *testing.T, ines, jules *agent, outside *phone.Phone) {
	c, talk := w.spokenTo(t, ines, "outward")
	jules.back(t)
	promise := deskclient.Promise{At: soonDue(), Note: "Dire si la facture est partie.", Mine: true}
	call := ines.promises(t, c.id, promise)
	ines.ends(t, c, talk)

	ring := ines.ring(t)
	if late := time.Since(promise.At); late < 0 {
		t.Errorf("it was promised for %s later", -late)
	}
	sees(t, "Inès sees her promise", ines.live, func(now deskclient.State) bool {
		o, is := now.OfferTo("ines")
		f := o.FollowUp
		return is && o.ID == call.id && o.Direction == cdr.Outward && f != nil && f.Note == promise.Note && f.Of == c.id && f.Agent == "ines"
	})
	talk = pickUp(t, ring)
	theirs := w.reachedBy(t, outside, c.number, outwardShows)
	listens(t, "Inès, the ring,", talk)
	customer := pickUp(t, theirs)
	call.await(t, cdr.KindConnected)
	listens(t, "the customer", customer)
	listens(t, "Inès", talk)
	hangUp(t, customer)
	over(t, "Inès", talk)
	call.await(t, cdr.KindEnded)
	ines.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindWrappedUp)
	call.told(t, "follow-up-asked", "callback-asked", "queue-entered", "preferred", "wait-estimated", "offered", "popped", "rung", "callback-dialled",
		"callback-reached", "offer-ended", "queue-left", "connected", "talk-ended", "ended", "noted", "wrapped-up")
	r := w.record(t, call)
	assertCalledBack(t, r)
	if f := r.FollowUp; f == nil || f.Of != c.id || f.Note != promise.Note || !f.At.Equal(promise.At) || !f.Mine || r.Direction != cdr.Outward {
		t.Errorf("the record: %s, %+v", r.Direction, f)
	}
	if r.Caller.Number != c.number || r.Number != outwardShows || len(r.Visits) != 1 || !r.Visits[0].Callback {
		t.Errorf("the record: caller %+v, shown %s, visits %+v", r.Caller, r.Number, r.Visits)
	}
}

// promiseForAnybody: Inès goes home, and Jules keeps it, to the number she was given.
func (w *world) promiseForAnybody(t *testing.T, ines, jules *agent, outside *phone.Phone) {
	c, talk := w.spokenTo(t, ines, "outward")
	hangUp(t, c.Call)
	over(t, "Inès", talk)
	ines.awaitState(t, cdr.WrapUp)
	number := customer()
	call := ines.promises(t, c.id, deskclient.Promise{At: soonDue(), Until: time.Now().Add(time.Hour), Number: national(number), Note: "Son collègue."})
	ines.wrapUp(t, c.id, cdr.NotReady)
	jules.back(t)
	talk = jules.taken(t, number)
	customer := pickUp(t, w.reachedBy(t, outside, number, outwardShows))
	call.await(t, cdr.KindConnected)
	listens(t, "the colleague", customer)
	listens(t, "Jules", talk)
	hangUp(t, talk)
	over(t, "the colleague", customer)
	jules.wrapUp(t, call.id, cdr.NotReady)
	r := w.record(t, call)
	assertCalledBack(t, r)
	if r.Caller.Name != "" || r.Caller.Number != number {
		t.Errorf("the colleague is taken for %+v", r.Caller)
	}
}

// promiseMissed: it was tried, and is over; nobody has anything to wrap up.
func (w *world) promiseMissed(t *testing.T, ines *agent, outside *phone.Phone) {
	c, talk := w.spokenTo(t, ines, "outward")
	call := ines.promises(t, c.id, deskclient.Promise{At: soonDue(), Mine: true})
	ines.ends(t, c, talk)
	talk = ines.taken(t, c.number)
	ctx, cancel := soon()
	defer cancel()
	if err := w.reachedBy(t, outside, c.number, outwardShows).Reject(ctx); err != nil {
		t.Fatal(err)
	}
	over(t, "Inès", talk)
	call.await(t, cdr.KindEnded)
	assertNotReached(t, w.record(t, call))
	ines.awaitState(t, cdr.Ready)
}

// promiseHungUp: from the console too, nobody answers to silence.
func (w *world) promiseHungUp(t *testing.T, ines *agent, outside *phone.Phone) {
	c, talk := w.spokenTo(t, ines, "outward")
	call := ines.promises(t, c.id, deskclient.Promise{At: soonDue(), Mine: true})
	ines.ends(t, c, talk)
	talk = ines.taken(t, c.number)
	ring := w.reachedBy(t, outside, c.number, outwardShows)
	call.await(t, cdr.KindCallbackDialled)
	sees(t, "it is being dialled", ines.live, func(now deskclient.State) bool {
		b := now.Calls[call.id].Callback
		return b != nil && b.Dialling
	})
	ines.does(t, func(ctx context.Context) error { return ines.desk.HangUp(ctx, call.id) })
	stopsSoon(t, ring)
	over(t, "Inès", talk)
	call.await(t, cdr.KindEnded)
	assertNotReached(t, w.record(t, call))
}

// promiseCancelled: nobody's phone rings, and only who promised it may.
func (w *world) promiseCancelled(t *testing.T, ines, jules *agent) {
	c, talk := w.spokenTo(t, ines, "outward")
	call := ines.promises(t, c.id, deskclient.Promise{At: time.Now().Add(time.Hour), Mine: true, Note: "Demain."})
	defer w.givenUp(call)
	ines.ends(t, c, talk)
	listed := func(a *agent) (found bool) {
		a.does(t, func(ctx context.Context) error {
			all, err := a.desk.Callbacks(ctx)
			for _, p := range all {
				found = found || p.Call == call.id
			}
			return err
		})
		return found
	}
	until(t, "it is in the list", patient, func() error {
		if !listed(ines) {
			return errors.New("it is not")
		}
		return nil
	})
	assertProblem(t, jules.tries(func(ctx context.Context) error { return jules.desk.CancelCallback(ctx, call.id) }), http.StatusForbidden)
	ines.does(t, func(ctx context.Context) error { return ines.desk.CancelCallback(ctx, call.id) })
	call.await(t, cdr.KindEnded)
	r := w.record(t, call)
	if b := r.Callback; b == nil || b.Outcome != cdr.CallbackCancelled || r.EndedBy != cdr.ByAgent || len(r.Offers) != 0 {
		t.Errorf("the record: callback %+v, ended by %s, offers %+v", b, r.EndedBy, r.Offers)
	}
	until(t, "it is in the list no more", patient, func() error {
		if listed(ines) {
			return errors.New("it is")
		}
		return nil
	})
}

// promiseAndRings: who rings before the time promised stands where they come, and
// will be called as promised.
func (w *world) promiseAndRings(t *testing.T, ines, jules *agent) {
	c, talk := w.spokenTo(t, ines, "outward")
	call := ines.promises(t, c.id, deskclient.Promise{At: time.Now().Add(time.Hour)})
	defer w.givenUp(call)
	ines.ends(t, c, talk)
	ines.pause(t, "pause")
	since := time.Now()
	again := w.callsAs(t, c.number, "outward")
	if e := again.await(t, cdr.KindQueueEntered).Story.(cdr.QueueEntered); e.EnteredAt.Before(since.Add(-time.Second)) {
		t.Errorf("who rings at %s stands as if since %s", since, e.EnteredAt)
	}
	jules.back(t)
	talk = jules.answer(t)
	again.await(t, cdr.KindConnected)
	hangUp(t, talk)
	over(t, "the customer", again.Call)
	jules.wrapUp(t, again.id, cdr.NotReady)
	w.leaves(t, again, cdr.LeftAnswered)
	sees(t, "the promise stands", w.watch(t), func(now deskclient.State) bool {
		return now.Calls[call.id].State == agentdesk.Waiting
	})
	ctx, cancel := soon()
	defer cancel()
	if err := w.admin.CancelCallback(ctx, call.id); err != nil {
		t.Fatal(err)
	}
	call.await(t, cdr.KindEnded)
}

// givenUp gives a promise up that a failed test left behind.
func (w *world) givenUp(call visit) {
	ctx, cancel := soon()
	defer cancel()
	_ = w.admin.CancelCallback(ctx, call.id) // mostly it is over
}

// promiseThroughACrash: Asterisk knows nothing of it, and it is made once.
func (w *world) promiseThroughACrash(t *testing.T, ines *agent, outside *phone.Phone) {
	c, talk := w.spokenTo(t, ines, "outward")
	call := ines.promises(t, c.id, deskclient.Promise{At: soonDue(), Mine: true, Note: "Après la panne."})
	hangUp(t, c.Call)
	over(t, "Inès", talk)
	ines.wrapUp(t, c.id, cdr.NotReady) // so that it is not made before
	c.await(t, cdr.KindWrappedUp)
	w.killController(t)
	w.startController(t)
	assertWhere(t, call, "callback")
	ines.back(t)
	talk = ines.taken(t, c.number)
	customer := pickUp(t, w.reachedBy(t, outside, c.number, outwardShows))
	call.await(t, cdr.KindConnected)
	listens(t, "the customer", customer)
	listens(t, "Inès", talk)
	hangUp(t, customer)
	over(t, "Inès", talk)
	ines.wrapUp(t, call.id, cdr.NotReady)
	call.await(t, cdr.KindWrappedUp)
	if n := call.count(cdr.KindCallbackDialled); n != 1 {
		t.Errorf("the customer was called %d times", n)
	}
	assertCalledBack(t, w.record(t, call))
}

// promiseRefused: no number that may not be dialled, no time that is over, and not by
// who has nothing to do with the call.
func (w *world) promiseRefused(t *testing.T, ines *agent) {
	c, talk := w.spokenTo(t, ines, "outward")
	tries := func(p deskclient.Promise) string {
		return deskclient.Code(ines.tries(func(ctx context.Context) error {
			_, err := ines.desk.FollowUp(ctx, c.id, p)
			return err
		}))
	}
	for want, p := range map[string]deskclient.Promise{
		"number-refused": {At: soonDue(), Number: "0899700000"},
		"promise-time":   {At: time.Now().Add(-time.Hour)},
		"not-a-number":   {At: soonDue(), Number: "12"},
	} {
		if got := tries(p); got != want {
			t.Errorf("promised %+v: %q, want %s", p, got, want)
		}
	}
	ines.ends(t, c, talk)
	if got := tries(deskclient.Promise{At: soonDue()}); got == "" {
		t.Error("promised in a call that is over for her")
	}
}

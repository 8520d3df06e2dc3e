package e2e

import (
	"context"
	"sync"
	"testing"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
)

// agent is somebody with a desk phone and an open console that shows every offer
// at once.
type agent struct {
	s     *stack
	name  string
	desk  *deskclient.Client
	live  *deskclient.Live
	phone *phone.Phone

	mu  sync.Mutex
	pop map[cdr.OfferID]time.Time // when the console showed it
}

// agent signs an agent in, phone and console. They are not ready yet.
func (s *stack) agent(t testing.TB, name string) *agent {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	a := s.signedIn(t, name)
	var err error
	if a.live, err = a.desk.Live(context.WithoutCancel(ctx)); err != nil {
		t.Fatal(err)
	}
	watching, stop := context.WithCancel(context.Background())
	var watcher sync.WaitGroup
	watcher.Go(func() { a.show(watching) })
	t.Cleanup(func() {
		a.leave(t)
		stop()
		watcher.Wait()
		a.live.Close()
		a.phone.Close()
		a.desk.Close()
	})
	a.plugIn(t)
	return a
}

// deskPhone signs an agent in who has a phone and no console open: what becomes of
// them is seen over the administrator's shoulder.
func (s *stack) deskPhone(t testing.TB, name string) *agent {
	t.Helper()
	a := s.signedIn(t, name)
	a.live = s.watch(t)
	t.Cleanup(func() {
		a.leave(t)
		a.phone.Close()
		a.desk.Close()
	})
	a.plugIn(t)
	return a
}

func (s *stack) signedIn(t testing.TB, name string) *agent {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	a := &agent{s: s, name: name, desk: deskclient.Dial(s.env["LAB_HTTP"]), pop: map[cdr.OfferID]time.Time{}}
	if _, err := a.desk.SignIn(ctx, name, name+"-lab"); err != nil {
		t.Fatal(err)
	}
	return a
}

// plugIn registers the agent's phone.
func (a *agent) plugIn(t testing.TB) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if a.phone == nil {
		// A desk phone's secret is set on it by who installs it, from where it is kept.
		secret, err := store.NewAccounts(a.s.pool).PhoneSecret(ctx, a.name)
		if err != nil {
			t.Fatal(err)
		}
		if a.phone, err = phone.New(phone.Config{User: a.name, Secret: secret, Asterisk: a.s.env["LAB_SIP"]}); err != nil {
			t.Fatal(err)
		}
	}
	// A phone that is not known yet tries again, as phones do.
	until(t, a.name+"'s phone registers", patient, func() error { return a.phone.Register(ctx) })
}

// show is the console: it shows what is offered, and says so.
func (a *agent) show(ctx context.Context) {
	for ctx.Err() == nil {
		changed := a.live.Changed()
		if c, ok := a.live.State().OfferTo(a.name); ok {
			a.mu.Lock()
			_, shown := a.pop[c.Offer.ID]
			if !shown {
				a.pop[c.Offer.ID] = time.Now()
			}
			a.mu.Unlock()
			if !shown {
				_ = a.live.Popped(c.Offer.ID) // away: the phone rings without it
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// leave wraps up what is open and signs out. Whom a test that failed has left in a
// talk hangs up first.
func (a *agent) leave(t testing.TB) {
	if t.Failed() && a.phone != nil {
		a.phone.Close()
	}
	if err := takeOff(a.desk, a.live, a.name, cdr.Offline, ""); err != nil {
		t.Errorf("sign %s out: %v", a.name, err)
	}
}

// ready makes the agent ready.
func (a *agent) ready(t testing.TB) {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	if _, err := a.desk.SetState(ctx, "me", cdr.Ready, ""); err != nil {
		t.Fatal(err)
	}
}

// awaitState waits until the agent's console shows a state.
func (a *agent) awaitState(t testing.TB, state cdr.AgentState) agentdesk.Agent {
	t.Helper()
	return a.awaitShown(t, string(state), func(is agentdesk.Agent) bool { return is.State == state })
}

// awaitShown waits until the console shows the agent so.
func (a *agent) awaitShown(t testing.TB, how string, so func(agentdesk.Agent) bool) agentdesk.Agent {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	s, err := a.live.Wait(ctx, func(s deskclient.State) bool { return so(s.Agents[a.name]) })
	if err != nil {
		t.Fatalf("%s's console does not show %s but %+v: %v", a.name, how, s.Agents[a.name], err)
	}
	return s.Agents[a.name]
}

// ring waits until the phone rings.
func (a *agent) ring(t testing.TB) *phone.Ring {
	t.Helper()
	select {
	case r := <-a.phone.Rings():
		return r
	case <-time.After(patient):
		t.Fatalf("%s's phone does not ring; the console shows %+v", a.name, a.live.State().Agents[a.name])
		return nil
	}
}

// answer waits for the ring and picks up.
func (a *agent) answer(t testing.TB) *phone.Call {
	t.Helper()
	return pickUp(t, a.ring(t))
}

func pickUp(t testing.TB, r *phone.Ring) *phone.Call {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	c, err := r.Answer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// shown is when the console showed an offer.
func (a *agent) shown(t testing.TB, offer cdr.OfferID) time.Time {
	t.Helper()
	a.mu.Lock()
	defer a.mu.Unlock()
	at, ok := a.pop[offer]
	if !ok {
		t.Fatalf("%s's console never showed offer %s", a.name, offer)
	}
	return at
}

// wrapUp closes a call with a disposition and says what comes next. The console
// knows of the wrap-up a moment after the talk's end.
func (a *agent) wrapUp(t testing.TB, call cdr.CallID, next cdr.AgentState) {
	t.Helper()
	a.awaitState(t, cdr.WrapUp)
	w := deskclient.WrapUp{Disposition: "resolved", Note: "Réglé au téléphone.", Next: next}
	if next == cdr.NotReady {
		w.Reason = "pause"
	}
	ctx, cancel := soon()
	defer cancel()
	if err := a.desk.WrapUp(ctx, call, w); err != nil {
		t.Fatal(err)
	}
}

// watch opens the live state as the administrator sees it: all of it.
func (s *stack) watch(t testing.TB) *deskclient.Live {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l, err := s.admin.Live(ctx)
	if err != nil {
		cancel()
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close(); cancel() })
	return l
}

// sees waits until a live state is as wanted.
func sees(t testing.TB, what string, l *deskclient.Live, ok func(deskclient.State) bool) deskclient.State {
	t.Helper()
	ctx, cancel := soon()
	defer cancel()
	s, err := l.Wait(ctx, ok)
	if err != nil {
		t.Fatalf("the supervisor sees that %s: %v; calls: %+v", what, err, s.Calls)
	}
	return s
}

package phone

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/emiago/sipgo/sip"
)

// patience bounds each wait of a test; nothing here takes near as long.
const patience = 10 * time.Second

// newPhone is a phone that calls whoever listens at peer.
func newPhone(t *testing.T, user, peer string) *Phone {
	t.Helper()
	p, err := New(Config{User: user, Display: `Zoé "Zaza"`, Asterisk: peer})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

// pair is two phones that call each other without anybody between.
func pair(t *testing.T) (caller, agent *Phone) {
	agent = newPhone(t, "agent", "127.0.0.1:1")
	return newPhone(t, "+33199001001", agent.Addr()), agent
}

// dialled is a call on its way.
type dialled struct {
	cancel context.CancelFunc
	done   chan struct{}
	call   *Call
	err    error
}

func dial(t *testing.T, p *Phone, number string) *dialled {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	d := &dialled{cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(d.done)
		d.call, d.err = p.Dial(ctx, number)
	}()
	t.Cleanup(func() { cancel(); <-d.done })
	return d
}

func (d *dialled) connected(t *testing.T) *Call {
	t.Helper()
	await(t, "the answer", d.done)
	if d.err != nil {
		t.Fatal(d.err)
	}
	return d.call
}

func (d *dialled) refused(t *testing.T) error {
	t.Helper()
	await(t, "the end of the call", d.done)
	if d.err == nil {
		t.Fatal("it was answered")
	}
	return d.err
}

func await(t *testing.T, what string, signal <-chan struct{}) {
	t.Helper()
	select {
	case <-signal:
	case <-time.After(patience):
		t.Fatalf("%s never came", what)
	}
}

func rings(t *testing.T, p *Phone) *Ring {
	t.Helper()
	select {
	case r := <-p.Rings():
		return r
	case <-time.After(patience):
		t.Fatal("it does not ring")
		return nil
	}
}

func answer(t *testing.T, r *Ring) *Call {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	c, err := r.Answer(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func hangUp(t *testing.T, c *Call) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := c.HangUp(ctx); err != nil {
		t.Error(err)
	}
}

// reaches looks at a count that only grows until it is there.
func reaches(t *testing.T, what string, count func() int, want int) {
	t.Helper()
	tick := time.NewTicker(packetTime)
	defer tick.Stop()
	for begin := time.Now(); count() < want; <-tick.C {
		if time.Since(begin) > patience {
			t.Fatalf("%s: %d, want %d", what, count(), want)
		}
	}
}

func TestTalkAndKeys(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	r := rings(t, agent)
	if r.Number != "+33199001001" || r.Name != `Zoé "Zaza"` || r.At.IsZero() {
		t.Errorf("the display shows %q %q at %s", r.Number, r.Name, r.At)
	}
	theirs := answer(t, r)
	await(t, "the end of the ring", r.Over())
	ours := d.connected(t)
	for _, k := range "15#" {
		if err := ours.Press(k); err != nil {
			t.Fatal(err)
		}
	}
	if err := theirs.Press('9'); err != nil {
		t.Fatal(err)
	}
	if ours.Press('x') == nil {
		t.Error("there is no key x")
	}
	reaches(t, "keys the agent hears", func() int { return len(theirs.Keys()) }, 3)
	reaches(t, "keys the caller hears", func() int { return len(ours.Keys()) }, 1)
	reaches(t, "audio the agent hears", theirs.Heard, 10)
	reaches(t, "audio the caller hears", ours.Heard, 10)
	if theirs.Keys() != "15#" || ours.Keys() != "9" {
		t.Errorf("keys %q and %q", theirs.Keys(), ours.Keys())
	}
	if said, heard := ours.Said(), theirs.Heard(); said < heard {
		t.Errorf("%d packets said, %d heard", said, heard)
	}
	hangUp(t, ours)
	await(t, "the end at the agent's", theirs.Ended())
	hangUp(t, ours)
	hangUp(t, theirs) // over already: nothing to do
}

func TestAgentHangsUp(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	theirs := answer(t, rings(t, agent))
	ours := d.connected(t)
	hangUp(t, theirs)
	await(t, "the end at the caller's", ours.Ended())
}

// Both hang up at once: the BYE of either finds a call that is over already.
func TestHangUpsCross(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	theirs := answer(t, rings(t, agent))
	ours := d.connected(t)
	theirs.end() // as on a BYE that has not arrived at the caller's yet
	hangUp(t, ours)
	await(t, "the end at the caller's", ours.Ended())
}

// What came of a transfer may be told after the call it was asked for in has ended.
func TestWordOfATransferAfterTheEnd(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	theirs := answer(t, rings(t, agent))
	ours := d.connected(t)
	caller.expectReferral(ours, true)
	word := theirs.request(sip.NOTIFY)
	for _, name := range []string{"Call-ID", "From", "To"} {
		word.AppendHeader(sip.HeaderClone(theirs.server.InviteRequest.GetHeader(name)))
	}
	word.SetBody([]byte("SIP/2.0 200 OK"))
	hangUp(t, theirs)
	await(t, "the end at the caller's", ours.Ended())
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if res, err := agent.client.Do(ctx, word); err != nil || !res.IsSuccess() {
		t.Fatalf("the word is answered %v, %v", res, err)
	}
	if status, err := ours.lateReferral(); status != sip.StatusOK || err != nil {
		t.Errorf("the phone has read %d, %v", status, err)
	}
}

func TestReject(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	r := rings(t, agent)
	if err := r.Reject(t.Context()); err != nil {
		t.Fatal(err)
	}
	var no *Refusal
	if err := d.refused(t); !errors.As(err, &no) || no.Code != 486 {
		t.Errorf("the caller heard %v", err)
	}
	await(t, "the end of the ring", r.Over())
	if _, err := r.Answer(t.Context()); !errors.Is(err, ErrOver) {
		t.Errorf("an answer after the rejection: %v", err)
	}
}

// Two rings nobody takes leave no trace: what is shown next is what rings now.
func TestCallerGivesUp(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	r := rings(t, agent)
	d.cancel()
	await(t, "the end of the ring", r.Over())
	if err := d.refused(t); !errors.Is(err, context.Canceled) {
		t.Errorf("giving up said %v", err)
	}
	if _, err := r.Answer(t.Context()); !errors.Is(err, ErrOver) {
		t.Errorf("an answer after the caller gave up: %v", err)
	}

	unseen := dial(t, caller, "agent")
	unseen.cancel()
	unseen.refused(t)
	next := dial(t, caller, "agent")
	answer(t, rings(t, agent))
	hangUp(t, next.connected(t))
}

// Whoever cancels in the moment of the answer is not left in a call.
func TestCancelMeetsAnswer(t *testing.T) {
	caller, agent := pair(t)
	for range 20 {
		d := dial(t, caller, "agent")
		r := rings(t, agent)
		cancelled := make(chan struct{})
		go func() { defer close(cancelled); d.cancel() }()
		theirs, err := r.Answer(t.Context())
		<-cancelled
		await(t, "the end of the dialling", d.done)
		switch {
		case d.err == nil && err != nil:
			t.Fatalf("the caller talks, the agent does not: %v", err)
		case d.err == nil:
			hangUp(t, d.call)
			fallthrough
		case err == nil:
			await(t, "the end at the agent's", theirs.Ended())
		}
	}
}

// An agent who loses interest while the answer is on its way is in no call.
func TestAnswerNobodyWaitsFor(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	r := rings(t, agent)
	ctx, cancel := context.WithCancel(t.Context())
	dec := decision{answer: true, ctx: ctx, outcome: make(chan outcome)}
	r.decided <- dec
	cancel()
	await(t, "the end of the dialling", d.done)
	if d.err == nil {
		await(t, "the end at the caller's", d.call.Ended())
	}
	await(t, "the end of the ring", r.Over())
}

func TestCloseHangsUp(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	answer(t, rings(t, agent))
	ours := d.connected(t)
	ringing := dial(t, caller, "agent")
	rings(t, agent)
	agent.Close()
	agent.Close()
	await(t, "the end at the caller's", ours.Ended())
	var no *Refusal
	if err := ringing.refused(t); !errors.As(err, &no) || no.Code != 480 {
		t.Errorf("the caller heard %v", err)
	}
}

func TestCloseWhileDialling(t *testing.T) {
	caller, agent := pair(t)
	d := dial(t, caller, "agent")
	rings(t, agent)
	caller.Close()
	d.refused(t)
}

func TestTwentyAtOnce(t *testing.T) {
	caller, agent := pair(t)
	var calls []*dialled
	for range 20 {
		calls = append(calls, dial(t, caller, "agent"))
	}
	for range calls {
		answer(t, rings(t, agent))
	}
	for _, d := range calls {
		c := d.connected(t)
		reaches(t, "audio heard", c.Heard, 5)
		hangUp(t, c)
	}
}

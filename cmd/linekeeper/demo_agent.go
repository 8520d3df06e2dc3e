package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"linekeeper/agentdesk"
	"linekeeper/cdr"
	"linekeeper/cmd/internal/deskclient"
	"linekeeper/cmd/internal/phone"
	"linekeeper/queue"
)

// How a simulated agent works. Shares are of 1.
const (
	letsRing    = 0.06 // of offers: away from the desk
	agentHangs  = 0.6  // of talks are ended by the agent
	makesTicket = 0.4  // of talks
	// registerEvery keeps the phone known through a restart of Asterisk.
	registerEvery = time.Minute
	// tryAgain is the pause after something failed.
	tryAgain = 2 * time.Second
	// longestTalk is when an agent ends a talk the caller does not end.
	longestTalk = 90 * time.Second
)

// pauses are the reasons a simulated agent gives for a pause.
var pauses = []string{"pause", "back-office", "reunion"}

// demoAgent is one simulated agent: a desk and a phone.
type demoAgent struct {
	play  *play
	def   queue.Agent
	desk  *deskclient.Client
	live  *deskclient.Live
	phone *phone.Phone

	atDesk  *chance // the desk's goroutine only
	onPhone *chance // the phone's goroutine only
	story   story   // of the call in hand; the desk's goroutine only
}

// newAgent signs an agent in and brings their phone up. They take no calls
// before they work.
func (p *play) newAgent(ctx context.Context, def queue.Agent, c *chance) (*demoAgent, error) {
	d := &demoAgent{play: p, def: def, desk: deskclient.Dial(p.url), atDesk: c, onPhone: c.fork()}
	err := d.open(ctx)
	if err != nil {
		d.close(ctx)
		return nil, fmt.Errorf("simulated agent %s: %w", def.ID, err)
	}
	return d, nil
}

func (d *demoAgent) open(ctx context.Context) (err error) {
	if _, err = d.desk.SignIn(ctx, d.def.ID, labPassword(d.def.ID)); err != nil {
		return err
	}
	if d.live, err = d.desk.Live(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	d.phone, err = phone.New(phone.Config{
		User: d.def.ID, Secret: d.play.secret[d.def.ID], Display: d.def.Name, Asterisk: d.play.sip,
	})
	if err != nil {
		return err
	}
	return d.phone.Register(ctx)
}

// finish closes the call in hand, so that no agent is left in a wrap-up that
// nobody will close.
func (d *demoAgent) finish(ctx context.Context) {
	ctx, cancel := lingering(ctx)
	defer cancel()
	state, err := d.live.Wait(ctx, func(s deskclient.State) bool { return s.Agents[d.def.ID].State != cdr.OnCall })
	if me := state.Agents[d.def.ID]; err == nil && me.State == cdr.WrapUp {
		_ = d.wrapUp(me.Call)(ctx)
	}
}

// close signs the agent out of everything.
func (d *demoAgent) close(ctx context.Context) {
	ctx, cancel := lingering(ctx)
	defer cancel()
	if d.phone != nil {
		_ = d.phone.Unregister(ctx)
		d.phone.Close()
	}
	_ = d.desk.SignOut(ctx)
	if d.live != nil {
		d.live.Close()
	}
	d.desk.Close()
}

// work takes calls until ctx ends, and then signs out.
func (d *demoAgent) work(ctx context.Context) {
	defer d.close(ctx)
	defer d.finish(ctx)
	var both sync.WaitGroup
	defer both.Wait()
	both.Go(func() { d.mindDesk(ctx) })
	both.Go(func() { d.mindPhone(ctx) })
}

// plan is what an agent does in a state they are in, if they still are after
// some time.
type plan struct {
	after time.Duration
	do    func(context.Context) error // nil: nothing
}

// mindDesk follows the agent's own state, as a person at the console would.
func (d *demoAgent) mindDesk(ctx context.Context) {
	var was agentdesk.Agent
	var popped cdr.OfferID
	var next plan
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		changed, state := d.live.Changed(), d.live.State()
		if c, ok := state.OfferTo(d.def.ID); ok && c.Offer.ID != popped {
			popped = c.Offer.ID
			d.play.score.note(ctx, d.live.Popped(popped))
		}
		if me := state.Agents[d.def.ID]; me.State != was.State || !me.Since.Equal(was.Since) {
			was, next = me, d.decide(me)
			timer.Reset(next.after)
		}
		select {
		case <-ctx.Done():
			return
		case <-changed:
		case <-timer.C:
			if next.do == nil {
				continue
			}
			if err := next.do(ctx); err != nil {
				d.play.score.note(ctx, fmt.Errorf("%s: %w", d.def.Name, err))
				timer.Reset(tryAgain)
				continue
			}
			next.do = nil
		}
	}
}

// decide says what the agent does next in the state they are in.
func (d *demoAgent) decide(me agentdesk.Agent) plan {
	c := d.atDesk
	state := func(to cdr.AgentState, reason string) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := d.desk.SetState(ctx, "me", to, reason)
			return err
		}
	}
	switch me.State {
	case cdr.Offline:
		return plan{time.Second, state(cdr.Ready, "")}
	case cdr.Ready:
		return plan{c.between(time.Minute, 4*time.Minute), state(cdr.NotReady, oneOf(c, pauses))}
	case cdr.NotReady:
		return plan{c.between(8*time.Second, 30*time.Second), state(cdr.Ready, "")}
	case cdr.OnCall:
		d.story = oneOf(c, stories)
		if c.once(makesTicket) {
			return plan{c.between(3*time.Second, 8*time.Second), d.addTicket(me.Call)}
		}
	case cdr.WrapUp:
		return plan{c.between(2*time.Second, 9*time.Second), d.wrapUp(me.Call)}
	case cdr.OfferedTo: // the phone's business
	}
	return plan{}
}

func (d *demoAgent) addTicket(call cdr.CallID) func(context.Context) error {
	ticket := deskclient.NewTicket{Subject: d.story.subject, Text: d.story.text}
	return func(ctx context.Context) error {
		_, err := d.desk.AddTicket(ctx, call, ticket)
		if errors.Is(err, deskclient.ErrLater) {
			return nil
		}
		return err
	}
}

func (d *demoAgent) wrapUp(call cdr.CallID) func(context.Context) error {
	done := deskclient.WrapUp{Disposition: d.story.disposition, Note: d.story.note, Next: cdr.Ready}
	if done.Disposition == "" { // the talk was before our time
		done.Disposition = "resolved"
	}
	return func(ctx context.Context) error {
		err := d.desk.WrapUp(ctx, call, done)
		if deskclient.Code(err) == "not-in-wrap-up" { // its time ran out just now
			return nil
		}
		return err
	}
}

// mindPhone answers the phone, as a person beside it would.
func (d *demoAgent) mindPhone(ctx context.Context) {
	again := time.NewTicker(registerEvery)
	defer again.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case r := <-d.phone.Rings():
			d.play.score.note(ctx, d.answer(ctx, r))
		case <-again.C:
			d.play.score.note(ctx, d.phone.Register(ctx))
		}
	}
}

// answer lets it ring for a while, then talks.
func (d *demoAgent) answer(ctx context.Context, r *phone.Ring) error {
	c := d.onPhone
	if c.once(letsRing) {
		select {
		case <-r.Over():
		case <-ctx.Done():
		}
		return nil
	}
	if !settles(ctx, c.between(time.Second, 6*time.Second), r.Over()) {
		return nil
	}
	call, err := r.Answer(ctx)
	if errors.Is(err, phone.ErrOver) {
		return nil
	}
	if err != nil {
		return err
	}
	talk := longestTalk
	if c.once(agentHangs) {
		talk = c.between(5*time.Second, 25*time.Second)
	}
	settles(ctx, talk, call.Ended())
	ctx, cancel := lingering(ctx)
	defer cancel()
	return call.HangUp(ctx)
}

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"linekeeper/cmd/internal/phone"
	"linekeeper/deploy/lab"
)

// How customers outside behave when they are called.
const (
	picksUp      = 0.85 // the others let it ring
	slowToAnswer = 6 * time.Second
)

// newOutside is the telephone of everybody outside: whatever number Linekeeper
// dials (a callback, an overflow), it rings there.
func newOutside(o lab.Options) (*phone.Phone, error) {
	p, err := phone.New(phone.Config{User: "outside", Asterisk: fmt.Sprintf("127.0.0.1:%d", o.Ports.SIP), Port: o.Ports.Trunk})
	if err != nil {
		return nil, fmt.Errorf("customers outside, LAB_TRUNK_PORT: %w", err)
	}
	return p, nil
}

// answerOutside has customers answer, each in their own time, until ctx ends, and
// waits until all have hung up.
func (p *play) answerOutside(ctx context.Context, c *chance) {
	var talking sync.WaitGroup
	defer talking.Wait()
	for {
		select {
		case ring := <-p.outside.Rings():
			person := c.fork()
			talking.Go(func() { p.score.note(ctx, p.customer(ctx, ring, person)) })
		case <-ctx.Done():
			return
		}
	}
}

// customer is one person called: they answer or not, listen, talk, hang up.
func (p *play) customer(ctx context.Context, ring *phone.Ring, c *chance) error {
	if !settles(ctx, c.between(time.Second, slowToAnswer), ring.Over()) {
		return nil
	}
	if !c.once(picksUp) {
		settles(ctx, answerWithin, ring.Over())
		return nil
	}
	call, err := ring.Answer(ctx)
	if err != nil {
		return err
	}
	p.score.add(func(t *tally) { t.calledBack++; t.live++ })
	defer p.score.add(func(t *tally) { t.live-- })
	settles(ctx, c.between(15*time.Second, 50*time.Second), call.Ended())
	bye, cancel := lingering(ctx)
	defer cancel()
	return call.HangUp(bye)
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"linekeeper/deploy/lab"
)

// labDownWithin bounds the end of the lab when the demo ends.
const labDownWithin = time.Minute

// demoFlags are how the demo is played.
type demoFlags struct {
	rate   float64 // calls a minute
	most   int     // simulated callers at once
	agents int     // simulated agents, at most; 0: all who have a SIP phone
	seed   uint64
	length time.Duration // 0: until Ctrl-C
}

func (f demoFlags) check() error {
	switch {
	case f.rate <= 0 || f.rate > 600:
		return fmt.Errorf("--rate %g: it is calls a minute, more than 0 and at most 600", f.rate)
	case f.most < 1 || f.most > 200:
		return fmt.Errorf("--calls %d: it is a number from 1 to 200", f.most)
	case f.agents < 0:
		return fmt.Errorf("--agents %d: it is a number of agents, 0 for all", f.agents)
	case f.length < 0:
		return fmt.Errorf("--for %s: it is a duration such as 5m, 0 until Ctrl-C", f.length)
	}
	return nil
}

// demo runs the lab around the play.
func demo(ctx context.Context, o lab.Options, f demoFlags, out io.Writer) (err error) {
	wasUp, err := labIsUp(ctx, o)
	if err != nil {
		return err
	}
	tongue := demoTongue()
	defer func() {
		if wasUp {
			return
		}
		fmt.Fprintln(out, tongue.say("Le laboratoire s'arrête…", "The lab is going down…"))
		down, cancel := context.WithTimeout(context.WithoutCancel(ctx), labDownWithin)
		defer cancel()
		err = errors.Join(err, lab.Down(down, o))
	}()
	if err := lab.Up(ctx, o); err != nil {
		return err
	}
	p, err := newPlay(ctx, o, f, tongue)
	if err != nil {
		return err
	}
	defer p.close()
	fmt.Fprint(out, p.welcome())
	if f.length > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, f.length)
		defer cancel()
	}
	return p.run(ctx, newDemoScreen(out, tongue))
}

func labIsUp(ctx context.Context, o lab.Options) (bool, error) {
	parts, err := lab.Status(ctx, o)
	for _, part := range parts {
		if part.PID == 0 {
			return false, err
		}
	}
	return len(parts) > 0, err
}

package lab

import (
	"context"
)

// The functions here are for crash tests: they act on one part of a lab that is
// up and bring LAB_DIR/env up to date. Processes do not come back by
// themselves: nothing watches them.

// StartController starts the controller of a lab that is up and returns when it
// is ready. Running already: nothing to do.
func StartController(ctx context.Context, o Options) error {
	return o.act(func(o Options) error { return o.controller().Start(ctx) })
}

// RestartController stops the controller politely, if it runs, and starts it.
func RestartController(ctx context.Context, o Options) error {
	return o.act(func(o Options) error {
		if err := o.controller().Stop(ctx); err != nil {
			return err
		}
		return o.controller().Start(ctx)
	})
}

// KillController ends the controller by SIGKILL and waits for the exit.
func KillController(ctx context.Context, o Options) error {
	return o.act(func(o Options) error { return o.controller().Kill(ctx) })
}

// RestartAsterisk stops Asterisk, if it runs, with all its calls, and starts it.
func RestartAsterisk(ctx context.Context, o Options) error {
	return o.act(func(o Options) error {
		if err := o.asterisk().Stop(ctx); err != nil {
			return err
		}
		return o.asterisk().Start(ctx)
	})
}

// KillAsterisk ends Asterisk by SIGKILL, with all its calls, and waits for the
// exit. RestartAsterisk brings it back.
func KillAsterisk(ctx context.Context, o Options) error {
	return o.act(func(o Options) error { return o.asterisk().Kill(ctx) })
}

// act does something to a part and writes the process IDs anew.
func (o Options) act(do func(Options) error) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	if err := do(o); err != nil {
		return err
	}
	token, err := savedToken(o)
	if err != nil {
		return err
	}
	return writeEnv(o, token)
}

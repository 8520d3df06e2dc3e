package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
	"linekeeper/cmd/linekeeper/bench"
	"linekeeper/cmd/linekeeper/bench/restart"
	"linekeeper/deploy/lab"
)

// benchRestartCommand measures a crash under live calls.
func benchRestartCommand() *cobra.Command {
	plan := restart.DefaultPlan()
	cmd := &cobra.Command{
		Use:   "restart",
		Short: "A crash of the controller under 300 live calls: how soon control is back, what is lost",
		Long: `Restart brings the lab up with as many bench agents as calls are to talk, makes calls
by sipp until all of them talk and the others wait, kills the controller (SIGKILL) and
starts it again. It measures, from the start of the new process,

 (a) until control of each call is back: its fact "reclaimed"
 (b) until an agent who hung up meanwhile is rung for who waits longest
 (c) what is lost: calls cut, calls without one record, waits begun anew

Beside it, in the same run: a restart without calls, and what app_queue keeps when
Asterisk, which holds its line, is killed under the same load. All calls that the lab
has then are lost.

It takes about two minutes and all of two cores: nothing else should run, and nobody
else call. Table and figures go to LAB_DIR/bench. A lab that was up goes on, with its
bench agents, whatever LAB_BENCH says; one that was not is taken down.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := plan.Validate(); err != nil {
				return boot.Refuse(err)
			}
			o, err := labOptions()
			if err != nil {
				return err
			}
			o.Bench = plan.Agents()
			o.Out, plan.Out = cmd.ErrOrStderr(), cmd.ErrOrStderr()
			return onLab(cmd.Context(), o, func() error { return benchRestart(cmd.Context(), o, plan, cmd.OutOrStdout()) })
		},
	}
	cmd.Flags().IntVar(&plan.Talking, "talking", plan.Talking, "calls that talk")
	cmd.Flags().IntVar(&plan.Waiting, "waiting", plan.Waiting, "calls in line")
	cmd.Flags().IntVar(&plan.Freed, "freed", plan.Freed, "more calls, whose agents hang up while there is no controller")
	cmd.Flags().IntVar(&plan.Rate, "rate", plan.Rate, "calls a second, until all are there")
	cmd.Flags().DurationVar(&plan.Away, "away", plan.Away, "from the kill to the start")
	cmd.Flags().IntVar(&plan.Rounds, "rounds", plan.Rounds, "how often")
	cmd.Flags().BoolVar(&plan.Beside, "beside", plan.Beside, "app_queue too")
	return cmd
}

// benchRestart measures on the lab and writes what was found. A run that fails may
// leave parts of the lab down: they are brought up again.
func benchRestart(ctx context.Context, o lab.Options, plan restart.Plan, out io.Writer) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, lab.Up(context.WithoutCancel(ctx), o))
		}
	}()
	measured, err := benchLab(ctx, o)
	if err != nil {
		return err
	}
	dir := filepath.Join(o.Dir, "bench")
	plan.Dir = filepath.Join(dir, "sipp")
	result, err := restart.Run(ctx, plan, restartLab(o, measured))
	if err != nil {
		return err
	}
	if result.Versions, err = benchVersions(ctx, o, measured.DSN); err != nil {
		return err
	}
	return writeResults(dir, "restart", result, out)
}

// restartLab is the lab as this benchmark treats it.
func restartLab(o lab.Options, measured bench.Lab) restart.Lab {
	l := restart.Lab{
		Lab:  measured,
		HTTP: fmt.Sprintf("http://127.0.0.1:%d", o.Ports.HTTP), NATS: fmt.Sprintf("nats://127.0.0.1:%d", o.Ports.NATS),
		Kill:         func(ctx context.Context) error { return lab.KillController(ctx, o) },
		KillAsterisk: func(ctx context.Context) error { return lab.KillAsterisk(ctx, o) },
	}
	l.ARI, l.User, l.Password = o.ARI()
	l.Start = started(o, lab.StartController, o.ControllerPID)
	l.StartAsterisk = started(o, lab.RestartAsterisk, o.AsteriskPID)
	return l
}

// started starts a part of the lab and says when its process began and when it was up.
func started(o lab.Options, start func(context.Context, lab.Options) error, pid func() int) func(context.Context) (began, up time.Time, err error) {
	return func(ctx context.Context) (began, up time.Time, err error) {
		if err := start(ctx, o); err != nil {
			return began, up, err
		}
		up = time.Now()
		began, err = bench.Started(pid())
		return began, up, err
	}
}

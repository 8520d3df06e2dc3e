package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
	"linekeeper/cmd/linekeeper/bench"
	"linekeeper/deploy/lab"
)

// benchCommand measures the product beside what is there already.
func benchCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "bench", Short: "Measure Linekeeper beside what is there already"}
	cmd.AddCommand(benchAsteriskCommand(), benchDeskCommand(), benchDeskServerCommand(), benchPopCommand(), benchConsoleCommand(), benchRestartCommand())
	return cmd
}

// benchAgents is how many phones the benchmark has unless LAB_BENCH says so: at
// 150 calls a second some 330 of them are rung or talking.
const benchAgents = 400

func benchAsteriskCommand() *cobra.Command {
	plan := bench.DefaultPlan()
	cmd := &cobra.Command{
		Use:   "asterisk",
		Short: "Head to head with app_queue on one Asterisk: latency, rate, CPU",
		Long: `Asterisk brings the lab up with bench agents and sets Linekeeper beside app_queue:
the same Asterisk, the same phones, in turns, by sipp, read off the loopback.

 (a) a call comes while an agent is free: caller's INVITE to the phone's INVITE
 (b) an agent becomes free while callers wait: BYE to the agent's next INVITE
 (c) the highest rate at which no call is lost, and the CPU time of a call

It takes about fifteen minutes and all of two cores: nothing else should run. Table, plot and figures go to
LAB_DIR/bench. A lab that was up goes on, with its bench agents; one that was not
is taken down. LAB_BENCH=N sets the number of phones (400).`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := plan.Validate(); err != nil {
				return boot.Refuse(err)
			}
			o, err := labOptions()
			if err != nil {
				return err
			}
			if o.Bench == 0 {
				o.Bench = benchAgents
			}
			o.Out, plan.Out = cmd.ErrOrStderr(), cmd.ErrOrStderr()
			return onLab(cmd.Context(), o, func() error { return benchAsterisk(cmd.Context(), o, plan, cmd.OutOrStdout()) })
		},
	}
	cmd.Flags().IntSliceVar(&plan.Rates, "rates", plan.Rates, "calls a second for (a)")
	cmd.Flags().IntVar(&plan.Rounds, "rounds", plan.Rounds, "turns of (a) for each system")
	cmd.Flags().DurationVar(&plan.For, "for", plan.For, "length of a turn of (a)")
	cmd.Flags().IntVar(&plan.Freed, "freed", plan.Freed, "how often an agent becomes free in (b); 0 leaves (b) out")
	cmd.Flags().IntSliceVar(&plan.Ramp, "ramp", plan.Ramp, "calls a second for (c), upwards")
	cmd.Flags().DurationVar(&plan.Step, "step", plan.Step, "length of a step of (c)")
	cmd.Flags().StringVar(&plan.Only, "only", "", "measure only `SYSTEM`: linekeeper or app_queue")
	return cmd
}

// onLab brings the lab up for what do does on it; down again if it was down.
func onLab(ctx context.Context, o lab.Options, do func() error) (err error) {
	wasUp, err := labIsUp(ctx, o)
	if err != nil {
		return err
	}
	if err := lab.Up(ctx, o); err != nil {
		return err
	}
	if !wasUp {
		defer func() { err = errors.Join(err, lab.Down(context.WithoutCancel(ctx), o)) }()
	}
	return do()
}

// benchAsterisk measures on the lab and writes what was found.
func benchAsterisk(ctx context.Context, o lab.Options, plan bench.Plan, out io.Writer) error {
	measured, err := benchLab(ctx, o)
	if err != nil {
		return err
	}
	dir := filepath.Join(o.Dir, "bench")
	plan.Dir = filepath.Join(dir, "sipp")
	result, err := bench.Run(ctx, plan, measured)
	if err != nil {
		return err
	}
	if result.Versions, err = benchVersions(ctx, o, measured.DSN); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "asterisk.svg"), result.Plot(), 0o644); err != nil {
		return fmt.Errorf("write the plot: %w", err)
	}
	return writeResults(dir, "asterisk", result, out)
}

// results are what a benchmark has found: a table to read, and its figures as JSON.
type results interface{ Table() string }

// writeResults writes a benchmark's table and figures into its folder, over those of the
// last run, and shows the table.
func writeResults(dir, name string, r results, out io.Writer) error {
	figures, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	err = errors.Join(
		os.MkdirAll(dir, 0o755),
		os.WriteFile(filepath.Join(dir, name+".txt"), []byte(r.Table()), 0o644),
		os.WriteFile(filepath.Join(dir, name+".json"), append(figures, '\n'), 0o644),
	)
	if err != nil {
		return fmt.Errorf("write the results: %w", err)
	}
	_, err = fmt.Fprintf(out, "%s\nTable and figures: %s\n", r.Table(), dir)
	return err
}

// benchLab is the lab as the benchmark sees it.
func benchLab(ctx context.Context, o lab.Options) (bench.Lab, error) {
	parts, err := lab.Status(ctx, o)
	if err != nil {
		return bench.Lab{}, err
	}
	pids := map[string]int{}
	for _, p := range parts {
		pids[p.Name] = p.PID
	}
	return bench.Lab{
		SIP: fmt.Sprintf("127.0.0.1:%d", o.Ports.SIP), PhonesPort: benchPhonesPort, Agents: o.Bench, DSN: o.DSN(),
		Asterisk: pids["Asterisk"], Controller: pids["controller"], Postgres: pids["PostgreSQL"],
	}, nil
}

// benchPhonesPort is where the lab's bench phones are (DESIGN §8).
const benchPhonesPort = 5170

// benchVersions asks everyone for their name.
func benchVersions(ctx context.Context, o lab.Options, dsn string) (bench.Versions, error) {
	v := bench.Versions{Linekeeper: version(), Go: runtime.Version(), Sipp: bench.SippVersion(ctx)}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	db, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return v, fmt.Errorf("ask PostgreSQL for its version: %w", err)
	}
	defer func() { _ = db.Close(context.WithoutCancel(ctx)) }()
	v.Postgres = db.PgConn().ParameterStatus("server_version")
	v.Asterisk, err = o.AsteriskVersion(ctx)
	return v, err
}

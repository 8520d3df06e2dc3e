package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
	"linekeeper/cmd/linekeeper/bench/desk"
)

func benchDeskCommand() *cobra.Command {
	plan := desk.DefaultPlan()
	cmd := &cobra.Command{
		Use:   "live",
		Short: "Live consoles: delay, memory and CPU of thousands of websockets",
		Long: `Live opens thousands of consoles on a server of its own process, has calls come,
and measures how long each change of an agent's state takes to reach each console
that may see it, and what a console costs the server. Beside it, in the same run:
the full board to everyone each second, and every change to everyone.

It takes about four minutes and all of two cores: nothing else should run. It needs
no lab. Table and figures go to LAB_DIR/bench.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := plan.Validate(); err != nil {
				return boot.Refuse(err)
			}
			o, err := labOptions()
			if err != nil {
				return err
			}
			plan.Out = cmd.ErrOrStderr()
			return benchDesk(cmd.Context(), filepath.Join(o.Dir, "bench"), plan, cmd.OutOrStdout())
		},
	}
	deskFlags(cmd, &plan)
	cmd.Flags().DurationVar(&plan.Warm, "warm", plan.Warm, "load before it is measured")
	cmd.Flags().DurationVar(&plan.For, "for", plan.For, "how long it is measured")
	cmd.Flags().StringSliceVar(&plan.Ways, "ways", plan.Ways, "what is measured")
	return cmd
}

// deskFlags are those of both processes.
func deskFlags(cmd *cobra.Command, plan *desk.Plan) {
	cmd.Flags().IntVar(&plan.Consoles, "consoles", plan.Consoles, "open consoles")
	cmd.Flags().IntVar(&plan.Watchers, "supervisors", plan.Watchers, "of them, supervisors' who see the whole floor")
	cmd.Flags().IntVar(&plan.Queues, "queues", plan.Queues, "queues")
	cmd.Flags().IntVar(&plan.Calls, "calls", plan.Calls, "calls a second")
}

// benchDeskServerCommand is the other process of the benchmark.
func benchDeskServerCommand() *cobra.Command {
	plan, way, dir := desk.DefaultPlan(), "", ""
	cmd := &cobra.Command{
		Use: "live-server", Short: "The serving process of bench live", Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return plan.Serve(cmd.Context(), way, dir, cmd.InOrStdin(), cmd.OutOrStdout())
		},
	}
	deskFlags(cmd, &plan)
	cmd.Flags().StringVar(&way, "way", desk.WayLinekeeper, "how consoles are kept up to date")
	cmd.Flags().StringVar(&dir, "dir", "", "where the ledger is")
	return cmd
}

// benchDesk measures and writes what was found.
func benchDesk(ctx context.Context, dir string, plan desk.Plan, out io.Writer) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make %s: %w", dir, err)
	}
	binary, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find this program: %w", err)
	}
	plan.Binary, plan.Dir = binary, dir
	result, err := desk.Run(ctx, plan)
	if err != nil {
		return err
	}
	result.Version = version()
	return writeResults(dir, "live", result, out)
}

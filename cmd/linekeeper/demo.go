package main

import (
	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
)

// demoCommand brings the lab up and plays a helpdesk in it.
func demoCommand() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "The lab, with simulated callers and agents on real SIP, until Ctrl-C",
		Long: `Demo brings the lab up and plays a helpdesk in it: callers dial in over SIP,
press keys and wait; agents sign in, answer, talk and wrap up. Alice's seat is
kept for you, at the console in the browser.

It goes on until Ctrl-C and then takes the lab down, unless it was up before.
The lab's environment (LAB_DIR, LAB_PORT_OFFSET …) applies: see "linekeeper lab".`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return boot.Refuse(err)
			}
			o, err := labOptions()
			if err != nil {
				return err
			}
			o.Out = cmd.ErrOrStderr()
			return demo(cmd.Context(), o, f, cmd.OutOrStdout())
		},
	}
	cmd.Flags().Float64Var(&f.rate, "rate", 6, "calls a minute, on average")
	cmd.Flags().IntVar(&f.most, "calls", 8, "simulated callers at once, at most")
	cmd.Flags().IntVar(&f.agents, "agents", 0, "simulated agents, at most; 0 for all who have a SIP phone")
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, "seed of all that is left to chance")
	cmd.Flags().DurationVar(&f.length, "for", 0, "how long it goes on, such as 5m; 0 until Ctrl-C")
	return cmd
}

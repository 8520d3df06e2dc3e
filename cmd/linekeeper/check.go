package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// checkCommand reads configuration and definitions as serve would, and says
// what is wrong with them.
func checkCommand() *cobra.Command {
	var config, dir string
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check configuration and definitions without starting anything",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			var bench BenchConfig
			if config != "" {
				c, err := loadConfig(config)
				if err != nil {
					return err
				}
				bench = c.Bench
				if dir == "" {
					dir = c.Definitions
				}
			}
			d, err := loadDefinitions(dir, bench)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is good: %d queues, %d agents, %d numbers, %d flows, %d contacts\n",
				dir, len(d.Floor.Queues), len(d.Floor.Agents), len(d.Numbers), len(d.flows), len(d.Contacts))
			return err
		},
	}
	cmd.Flags().StringVar(&config, "config", "", "configuration `FILE`")
	cmd.Flags().StringVar(&dir, "definitions", "", "definitions `FOLDER`; default: the configuration's")
	cmd.MarkFlagsOneRequired("config", "definitions")
	return cmd
}

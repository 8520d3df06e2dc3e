package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
	"linekeeper/deploy/lab"
)

// labCommand brings the lab up and down: the whole real stack on this machine.
func labCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lab",
		Short: "The whole real stack on this machine: PostgreSQL, Asterisk, a ticket system, the controller",
		Long: `The lab is the whole real stack on one machine, on loopback only.

LAB_DIR is where it lies (default .lab), LAB_PORT_OFFSET shifts all its ports,
LAB_{HTTP,SIP,ARI,PG,NATS,RT,ISSUER,TRUNK}_PORT sets one, LAB_BENCH=N adds N bench agents.
What it is reached by is written to LAB_DIR/env, to be sourced by a shell.`,
	}
	act := func(use, short string, do func(context.Context, lab.Options, io.Writer) error) {
		cmd.AddCommand(&cobra.Command{
			Use: use, Short: short, Args: cobra.NoArgs,
			RunE: func(cmd *cobra.Command, _ []string) error {
				options, err := labOptions()
				if err != nil {
					return err
				}
				return do(cmd.Context(), options, cmd.OutOrStdout())
			},
		})
	}
	quiet := func(do func(context.Context, lab.Options) error) func(context.Context, lab.Options, io.Writer) error {
		return func(ctx context.Context, o lab.Options, _ io.Writer) error { return do(ctx, o) }
	}
	act("setup", "Install what the lab needs, start nothing", quiet(lab.Setup))
	act("up", "Bring the lab up and return when it is healthy", labUp)
	act("down", "Take the lab down; its data stays", quiet(lab.Down))
	act("wipe", "Take the lab down and remove its data", quiet(labWipe))
	act("status", "Say what of the lab runs", labStatus)
	cmd.AddCommand(labIssuerCommand())
	act("restart", "Restart the controller, politely", quiet(lab.RestartController))
	return cmd
}

// labOptions are the lab of this folder and environment.
func labOptions() (lab.Options, error) {
	root, err := os.Getwd()
	if err != nil {
		return lab.Options{}, err
	}
	options, err := lab.OptionsFromEnv(root)
	return options, boot.Refuse(err)
}

func labUp(ctx context.Context, o lab.Options, out io.Writer) error {
	if err := lab.Up(ctx, o); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "The lab is up: http://127.0.0.1:%d, sign in as alice with password alice-lab. All of it: %s/env\n", o.Ports.HTTP, o.Dir)
	return err
}

func labWipe(ctx context.Context, o lab.Options) error {
	o.Wipe = true
	return lab.Down(ctx, o)
}

func labStatus(ctx context.Context, o lab.Options, out io.Writer) error {
	parts, err := lab.Status(ctx, o)
	for _, p := range parts {
		state := "down"
		switch {
		case p.Healthy:
			state = fmt.Sprintf("up, process %d", p.PID)
		case p.PID != 0:
			state = fmt.Sprintf("process %d does not answer", p.PID)
		}
		fmt.Fprintf(out, "%-16s %-40s %s\n", p.Name, p.Address, state)
	}
	return err
}

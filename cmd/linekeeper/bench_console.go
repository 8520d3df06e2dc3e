package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"linekeeper/cmd/linekeeper/bench/console"
	"linekeeper/deploy/lab"
)

// benchConsoleCommand measures how soon the console can be used.
func benchConsoleCommand() *cobra.Command {
	runs, web := 20, "agentdesk/web"
	cmd := &cobra.Command{
		Use:   "console",
		Short: "How soon the console can be used, in Chromium, from the lab",
		Long: `Console brings the lab up and opens the console in Chromium, again and again: with
nothing in the browser's cache, and with everything. It measures until the desk of
somebody who is signed in is there with the live floor and takes clicks. Beside it,
in the same runs: the sign-in page, the sign-in page of the lab's Request Tracker,
and a page with nothing on it.

It takes some two minutes. Table and figures go to LAB_DIR/bench. A lab that was up goes
on; one that was not is taken down.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			o, err := labOptions()
			if err != nil {
				return err
			}
			o.Out = cmd.ErrOrStderr()
			return onLab(cmd.Context(), o, func() error { return benchConsole(cmd.Context(), o, web, runs, cmd.OutOrStdout()) })
		},
	}
	cmd.Flags().IntVar(&runs, "runs", runs, "how often each page is opened, cold and warm")
	cmd.Flags().StringVar(&web, "web", web, "`FOLDER` of the console's sources, with its node_modules")
	return cmd
}

// benchConsole measures on the lab and writes what was found.
func benchConsole(ctx context.Context, o lab.Options, web string, runs int, out io.Writer) error {
	desk := fmt.Sprintf("http://127.0.0.1:%d/", o.Ports.HTTP)
	beside := fmt.Sprintf("http://127.0.0.1:%d/", o.Ports.RT)
	cmd := exec.CommandContext(ctx, "node", "dev/interactive.mjs", desk, "alice", labPassword("alice"), strconv.Itoa(runs), beside)
	cmd.Dir, cmd.Stderr = web, os.Stderr
	told, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("measure in the browser: %w", err)
	}
	result, err := console.Read(told)
	if err != nil {
		return err
	}
	result.Version = version()
	return writeResults(filepath.Join(o.Dir, "bench"), "console", result, out)
}

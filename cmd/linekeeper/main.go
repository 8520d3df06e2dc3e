// Command linekeeper is the whole product in one binary: the controller
// (serve), the lab it is tried in (lab, demo), and the administrator's tools
// (check, user, version).
//
// It owns the wiring: it reads configuration and definitions, puts the rooms of
// the house together and takes them apart again. It never decides anything
// about a call; that is done in the rooms. People and service units start it.
package main

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
)

// grace is how long a stop may take: longer than any command to Asterisk, so
// that what was begun is finished.
const grace = 10 * time.Second

func main() {
	os.Exit(boot.Run("linekeeper", grace, os.Stderr, func(life boot.Life) error {
		return execute(life, os.Args[1:], os.Stdout, os.Stderr)
	}))
}

// execute runs one command line. Life is how long it may run.
func execute(life boot.Life, args []string, stdout, stderr io.Writer) error {
	root := &cobra.Command{
		Use:           "linekeeper",
		Short:         "Call-centre controller for helpdesks on Asterisk",
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return boot.Refuse(err) })
	root.AddCommand(serveCommand(life), checkCommand(), applyCommand(), exportCommand(), importCommand(), userCommand(), auditCommand(), labCommand(), demoCommand(), benchCommand(), simulateCommand(), recordsCommand(), versionCommand())
	return root.ExecuteContext(life.Accept)
}

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(cmd.OutOrStdout(), "linekeeper", version())
			return err
		},
	}
}

// version is the commit the binary was built from, "devel" when it is unknown.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return s.Value[:12]
		}
	}
	return "devel"
}

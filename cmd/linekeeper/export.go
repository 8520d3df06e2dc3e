package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

// exportCommand writes the definitions in force into a folder, to be changed and
// applied again.
func exportCommand() *cobra.Command {
	var at controller
	var version int64
	cmd := &cobra.Command{
		Use:   "export DIR",
		Short: "Write the definitions in force, or a version applied before, into a folder",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			var now inForce
			if err := at.ask(cmd.Context(), http.MethodGet, "/definitions", nil, &now); err != nil {
				return err
			}
			shown := now
			if version > 0 {
				if err := at.ask(cmd.Context(), http.MethodGet, fmt.Sprintf("/definitions?version=%d", version), nil, &shown); err != nil {
					return err
				}
			}
			if err := shown.Files.Check(); err != nil {
				return err
			}
			if err := shown.Files.Write(dir); err != nil {
				return err
			}
			// An older version is applied over the one in force.
			if err := os.WriteFile(filepath.Join(dir, revisionFile), []byte(now.Revision+"\n"), 0o644); err != nil {
				return fmt.Errorf("export definitions: %w", err)
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %d files\n", dir, shown.words(), len(shown.Files))
			return err
		},
	}
	at.flags(cmd)
	cmd.Flags().Int64Var(&version, "version", 0, "a version applied before; default: what is in force")
	return cmd
}

// words says which definitions they are.
func (f *inForce) words() string {
	if f.Version == 0 {
		return "the configured folder, nothing applied yet"
	}
	return fmt.Sprintf("version %d, applied by %s at %s", f.Version, f.AppliedBy, f.AppliedAt.Local().Format("2006-01-02 15:04:05"))
}

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
	"linekeeper/queue/appqueue"
	"linekeeper/queue/store"
)

// importCommand brings definitions from elsewhere.
func importCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "import", Short: "Make definitions of what another system has"}
	cmd.AddCommand(importAsteriskQueues())
	return cmd
}

func importAsteriskQueues() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "asterisk-queues FOLDER",
		Short: "Make definitions of queues.conf, queuerules.conf and agents.conf, and list what does not carry over",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return boot.Refuse(errors.New("name one folder with Asterisk's configuration, usually /etc/asterisk"))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return importQueues(cmd.OutOrStdout(), args[0], out)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`FOLDER` for the definitions; it is made, and may hold none yet")
	_ = cmd.MarkFlagRequired("out")
	return cmd
}

// importQueues writes the definitions of from into a new folder and prints what
// does not carry over. Nothing is written that serve would not load.
func importQueues(w io.Writer, from, out string) error {
	m, err := appqueue.Read(from)
	if err != nil {
		return boot.Refuse(err)
	}
	files, err := m.Files()
	if err != nil {
		return err
	}
	if _, err := store.Parse(store.Files(files), store.Context{}); err != nil {
		return fmt.Errorf("the definitions made of %s do not load; this is Linekeeper's fault, please report it: %w", from, err)
	}
	report := m.Report()
	files[appqueue.ReportFile] = report
	if err := writeNew(out, files); err != nil {
		return boot.Refuse(err)
	}
	_, err = fmt.Fprintf(w, "%s\nWritten to %s: read %s there, then `linekeeper check --definitions %s`.\n", report, out, appqueue.ReportFile, out)
	return err
}

// writeNew writes files that must not be there yet.
func writeNew(dir string, files map[string]string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write definitions: %w", err)
	}
	for name := range files {
		if _, err := os.Lstat(filepath.Join(dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s is there already: choose a new folder for --out", filepath.Join(dir, name))
		}
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return fmt.Errorf("write definitions: %w", err)
		}
	}
	return nil
}

package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr/script"
	"linekeeper/queue/store"
)

// checkCommand reads configuration and definitions as serve and apply would, and
// says what is wrong with them. It asks no controller.
func checkCommand() *cobra.Command {
	var config, dir, schema string
	cmd := &cobra.Command{
		Use:   "check [DIR]",
		Short: "Check configuration and definitions without starting anything",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if schema != "" {
				return printSchema(cmd, schema)
			}
			if len(args) > 0 {
				dir = args[0]
			}
			if config == "" && dir == "" {
				return boot.Refuse(errors.New("check what? Name a definitions folder, or --config FILE"))
			}
			return check(cmd, config, dir)
		},
	}
	cmd.Flags().StringVar(&config, "config", "", "configuration `FILE`")
	cmd.Flags().StringVar(&dir, "definitions", "", "definitions `FOLDER`; default: the configuration's")
	cmd.Flags().StringVar(&schema, "schema", "", "print the JSON Schema of `floor`, directory or flow files")
	cmd.Flag("schema").NoOptDefVal = "floor"
	return cmd
}

func check(cmd *cobra.Command, config, dir string) error {
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
	for _, w := range d.Warnings {
		if _, err := fmt.Fprintln(cmd.OutOrStdout(), "warning:", w.Error()); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(cmd.OutOrStdout(), "%s is good: %d queues, %d agents, %d numbers, %d flows, %d contacts\n",
		dir, len(d.Floor.Queues), len(d.Floor.Agents), len(d.Numbers), len(d.flows), len(d.Contacts))
	return err
}

// printSchema prints the schema of one kind of file.
func printSchema(cmd *cobra.Command, of string) error {
	schemas := map[string][]byte{"floor": store.FloorSchema(), "directory": store.DirectorySchema(), "flow": script.Schema}
	text, known := schemas[of]
	if !known {
		return boot.Refuse(fmt.Errorf("there is no schema of %q files: floor, directory and flow have one", of))
	}
	_, err := cmd.OutOrStdout().Write(text)
	return err
}

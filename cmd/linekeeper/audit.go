package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"linekeeper/cdr"
	"linekeeper/cdr/store"
)

// auditCommand prints the audit log.
func auditCommand() *cobra.Command {
	var config, outcome string
	var filter store.AuditFilter
	var since time.Duration
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "Print the audit log: who did what, or tried, newest first",
		Long: `Audit reads the audit log from the database, so that it works while no controller
runs. What a controller has done in the last moments may not be in it yet; while the
database was away it waited in the ledger.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			filter.Outcome = cdr.AuditOutcome(outcome)
			if since > 0 {
				filter.Since = time.Now().Add(-since)
			}
			return withPeople(cmd.Context(), config, func(ctx context.Context, p people) error {
				entries, err := p.accounts.AuditLog(ctx, filter)
				if err != nil {
					return err
				}
				if asJSON {
					return printAuditJSON(cmd.OutOrStdout(), entries)
				}
				return printAudit(cmd.OutOrStdout(), entries)
			})
		},
	}
	f := cmd.Flags()
	f.StringVar(&config, "config", "", "configuration `FILE`")
	f.IntVar(&filter.Limit, "limit", 50, "entries at most, up to 1000")
	f.Int64Var(&filter.Before, "before", 0, "only entries older than the one with this `ID`: the next page")
	f.StringVar(&filter.Account, "account", "", "of one `NAME`")
	f.StringVar(&filter.Act, "act", "", "of one `ACT`, such as move-call")
	f.StringVar(&filter.On, "on", "", "done to one `THING`: a call, an agent, an account")
	f.StringVar(&outcome, "outcome", "", "done, denied or failed")
	f.DurationVar(&since, "since", 0, "of the last `TIME`, such as 24h")
	f.BoolVar(&asJSON, "json", false, "one JSON object a line")
	_ = cmd.MarkFlagRequired("config")
	return cmd
}

func printAudit(out io.Writer, entries []store.AuditEntry) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ID\tAT\tWHO\tFROM\tACT\tON\tOUTCOME\tDETAIL")
	for _, e := range entries {
		fmt.Fprintf(table, "%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", e.ID, localTime(e.At), e.Account, e.From, e.Act, e.On, e.Outcome, e.Detail)
	}
	return table.Flush()
}

func printAuditJSON(out io.Writer, entries []store.AuditEntry) error {
	lines := json.NewEncoder(out)
	for _, e := range entries {
		line := struct {
			ID int64     `json:"id"`
			At time.Time `json:"at"`
			cdr.Audited
		}{e.ID, e.At, e.Audited}
		if err := lines.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

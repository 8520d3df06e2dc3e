package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"linekeeper/cdr/store"
)

// recordsCommand looks after the records of calls in PostgreSQL.
func recordsCommand() *cobra.Command {
	var config string
	cmd := &cobra.Command{Use: "records", Short: "Rebuild what reports read, list what the records lack"}
	cmd.PersistentFlags().StringVar(&config, "config", "", "configuration `FILE`")
	_ = cmd.MarkPersistentFlagRequired("config")
	cmd.AddCommand(&cobra.Command{
		Use: "rebuild", Args: cobra.NoArgs,
		Short: "Write again what reports read (stays in queues, talks, callbacks) from the stored records; calls may go on meanwhile",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPool(cmd.Context(), config, func(ctx context.Context, pool *pgxpool.Pool) error {
				return rebuildRecords(ctx, pool, cmd.OutOrStdout(), cmd.ErrOrStderr())
			})
		},
	}, &cobra.Command{
		Use: "left-out", Args: cobra.NoArgs,
		Short: "List the facts and stored records that could not be read or written, newest first",
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPool(cmd.Context(), config, func(ctx context.Context, pool *pgxpool.Pool) error {
				return listLeftOut(ctx, pool, cmd.OutOrStdout())
			})
		},
	})
	return cmd
}

func rebuildRecords(ctx context.Context, pool *pgxpool.Pool, out, bars io.Writer) error {
	var bar *progress
	sum, err := store.Rebuild(ctx, pool, func(done, all int) {
		if bar == nil {
			bar = newProgress(bars, "rebuilding", all)
		}
		bar.at(done)
	})
	if bar != nil {
		bar.close()
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "%d records rebuilt, %d could not be read\n", sum.Records-sum.Unreadable, sum.Unreadable)
	return err
}

// mostLeftOut bounds the list.
const mostLeftOut = 1000

func listLeftOut(ctx context.Context, pool *pgxpool.Pool, out io.Writer) error {
	all, err := store.NewHistory(pool).Unreadable(ctx, mostLeftOut)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(out, "nothing was left out")
		return err
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "at\twhat\tfact\tcall\terror")
	for _, u := range all {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", u.At.Format(time.RFC3339), u.What, u.Seq, u.Call, u.Error)
	}
	return table.Flush()
}

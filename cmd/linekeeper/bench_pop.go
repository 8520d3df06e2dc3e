package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"

	"linekeeper/agentdesk/knowledge"
	"linekeeper/cdr/store"
	"linekeeper/cmd/linekeeper/bench/pop"
	"linekeeper/deploy/lab"
)

// benchPopCommand measures a screen pop's questions over a long past.
func benchPopCommand() *cobra.Command {
	past := pop.Past{Calls: 5_000_000, Callers: 100_000, Busy: 0.01, Seed: 1}
	pops, definitions := 4000, "deploy/lab/seed/definitions"
	cmd := &cobra.Command{
		Use:   "pop",
		Short: "A screen pop's questions to PostgreSQL over five million past calls",
		Long: `Pop starts a PostgreSQL of its own, fills it with past calls by COPY, asks it what
screen pops ask (the caller's last calls with notes and tickets, the articles that
fit), and throws it away. One number in a hundred calls is a switchboard's, so that
one caller has a very long past. It needs some 10 GB in TMPDIR and five minutes.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return benchPop(cmd.Context(), past, pops, definitions, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().IntVar(&past.Calls, "calls", past.Calls, "past calls")
	cmd.Flags().IntVar(&past.Callers, "callers", past.Callers, "who made them")
	cmd.Flags().IntVar(&pops, "pops", pops, "screen pops at each load")
	cmd.Flags().StringVar(&definitions, "definitions", definitions, "`FOLDER` with the articles")
	return cmd
}

// together are the loads: one agent is popped, sixteen are at the same moment.
var together = []int{1, 16}

func benchPop(ctx context.Context, past pop.Past, pops int, folder string, out, told io.Writer) (err error) {
	defs, err := loadDefinitions(folder, BenchConfig{})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "linekeeper-bench-pop")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	dsn, stop, err := lab.StartPostgres(ctx, dir, 0) // it need not survive a power cut, and reads are the same
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stop()) }()
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return fmt.Errorf("open the benchmark's database: %w", err)
	}
	defer pool.Close()
	if err := store.Migrate(ctx, pool); err != nil {
		return err
	}
	base := knowledge.NewPostgres(pool)
	if err := base.Put(ctx, articles(defs)); err != nil {
		return err
	}
	if err := past.Fill(ctx, pool, told); err != nil {
		return err
	}
	var all []pop.Measured
	for _, n := range together {
		measured, err := past.Measure(ctx, store.NewHistory(pool), base, pops, n)
		if err != nil {
			return err
		}
		all = append(all, measured...)
	}
	fmt.Fprintf(out, "%d past calls of %d callers\n", past.Calls, past.Callers)
	pop.Write(out, all)
	return nil
}

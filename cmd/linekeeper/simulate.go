package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"linekeeper/cdr"
	"linekeeper/cmd/internal/boot"
	"linekeeper/queue"
	"linekeeper/queue/sim"
	"linekeeper/queue/store"
)

// simulation is one simulate command as it was typed.
type simulation struct {
	from, to    string
	config      string
	definitions string
	try         string
	facts       string
	nats        string
	agents      []string
	strategies  map[string]string
	load        string
	whatIf      bool
	runs        int
	seed        uint64
	warmUp      time.Duration
	format      string

	out, err io.Writer
}

const simulateLong = `Replay a time's facts through the queue's core, or try them another way.

Without a change the facts are replayed: the core must decide as the ledger tells.
Each decision that differs is listed with its fact and the reason, and the command
fails. The definitions are those that were in force, which the facts name by their
revision; with --definitions they are a folder's, whatever was in force.

With a change (--agents, --strategy, --load, --try) or with --what-if, callers and
agents of that time are played again in virtual time, on the same core: beside what
was measured stand the time as it was, the time with the change, and what Erlang C
and Erlang A say of it.`

const simulateExample = `  linekeeper simulate --config linekeeper.yaml --from 2026-03-02T08:00 --to 2026-03-02T18:00
  linekeeper simulate --config linekeeper.yaml --from 2026-03-02 --to 2026-03-03 --agents +2@support-n1 --load 1.2
  linekeeper simulate --facts day.json --definitions definitions --strategy support-n1=most-skilled --format csv`

// simulateCommand replays days and tries others.
func simulateCommand() *cobra.Command {
	var s simulation
	cmd := &cobra.Command{
		Use: "simulate", Short: "Replay a day's decisions, or try it with other agents, skills, strategies or load",
		Long: simulateLong, Example: simulateExample, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s.out, s.err = cmd.OutOrStdout(), cmd.ErrOrStderr()
			return s.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVar(&s.from, "from", "", "first `TIME`: 2026-03-02, 2026-03-02T08:00 or RFC 3339; default: the first fact")
	f.StringVar(&s.to, "to", "", "`TIME` that is not in it any more; default: after the last fact")
	f.StringVar(&s.config, "config", "", "configuration `FILE`: where the ledger is, and PostgreSQL with the definitions of all times")
	f.StringVar(&s.definitions, "definitions", "", "`FOLDER` of definitions to go by instead of those in force then")
	f.StringVar(&s.try, "try", "", "`FOLDER` of other definitions to try")
	f.StringVar(&s.facts, "facts", "", "`FILE` of facts as JSON instead of the ledger; - is standard input")
	f.StringVar(&s.nats, "nats", "", "`URL` of the NATS that holds the ledger; default: the configuration's")
	f.StringSliceVar(&s.agents, "agents", nil, "`CHANGE` of who serves what: +2@support-n1, -1@support-n1, +alice@support-n2, -alice")
	f.StringToStringVar(&s.strategies, "strategy", nil, "another strategy: `QUEUE=NAME`")
	f.StringVar(&s.load, "load", "1", "so many times as many `CALLS`: 1.2 or x1.2")
	f.BoolVar(&s.whatIf, "what-if", false, "play the time again though nothing is changed")
	f.IntVar(&s.runs, "runs", 20, "how often to play it; the figures are means of `N`")
	f.Uint64Var(&s.seed, "seed", 1, "the same `SEED` gives the same figures")
	f.DurationVar(&s.warmUp, "warm-up", 24*time.Hour, "how long before --from facts are read, to know how things stood")
	f.StringVar(&s.format, "format", "table", "table or csv")
	cmd.MarkFlagsMutuallyExclusive("facts", "nats")
	return cmd
}

// errDecidedOtherwise makes the command fail when a replay is not exact.
var errDecidedOtherwise = errors.New("not all decisions are the same")

func (s *simulation) run(ctx context.Context) error {
	if s.format != "table" && s.format != "csv" {
		return boot.Refuse(fmt.Errorf("--format %s: there are table and csv", s.format))
	}
	change, err := s.change()
	if err != nil {
		return boot.Refuse(err)
	}
	present, err := s.present()
	if err != nil {
		return err
	}
	span, err := parseSpan(s.from, s.to, present.zone)
	if err != nil {
		return boot.Refuse(err)
	}
	facts, told, err := s.read(ctx, span)
	if err != nil {
		return err
	}
	if span, err = span.within(facts); err != nil {
		return boot.Refuse(err)
	}
	then, err := present.inForce(ctx, facts, told)
	if err != nil {
		return err
	}
	if !change.any() && !s.whatIf {
		return s.replay(then, facts, span)
	}
	return s.tryOut(ctx, then.last, facts, span, change)
}

// loadFloor reads the queues and agents of a folder of definitions.
func loadFloor(dir string, bench BenchConfig) (queue.Definitions, *time.Location, error) {
	d, err := store.Load(dir)
	if err == nil && bench.Agents > 0 {
		err = store.AddBench(d, bench.Agents, bench.Contact)
	}
	if err != nil {
		return queue.Definitions{}, nil, boot.Refuse(err)
	}
	zone := time.Local
	if d.TimeZone != "" {
		if zone, err = time.LoadLocation(d.TimeZone); err != nil {
			return queue.Definitions{}, nil, boot.Refuse(fmt.Errorf("%s: time zone: %w", dir, err))
		}
	}
	return d.Floor, zone, nil
}

// replay compares the core's decisions with the ledger's.
func (s *simulation) replay(then then, facts []cdr.Fact, span timeSpan) error {
	got := sim.ReplayRevisions(then.begin, then.revisions, facts, span.from)
	if err := s.sheet().replayed(got, span, then); err != nil {
		return err
	}
	if !got.Exact() {
		return fmt.Errorf("replay: %w: %d of %d", errDecidedOtherwise, got.Same, got.Decisions)
	}
	return nil
}

// tryOut plays the time as it was and with the change.
func (s *simulation) tryOut(ctx context.Context, defs queue.Definitions, facts []cdr.Fact, span timeSpan, c change) error {
	lesson, err := sim.Learn(defs, facts, span.from, span.to)
	if err != nil {
		return boot.Refuse(err)
	}
	asItWas := sim.Scenario{
		Definitions: defs, From: span.from, To: span.to, Arrivals: sim.AsTold(lesson.Callers),
		Conduct: lesson.Conduct, Shifts: lesson.Shifts, Seed: s.seed,
	}
	whatIf, err := c.apply(asItWas, lesson)
	if err != nil {
		return boot.Refuse(err)
	}
	measured := sim.Measure(defs, facts, span.from, span.to)
	bar := newProgress(s.err, "playing", 2*s.runs)
	defer bar.close()
	was, err := sim.WhatIf(ctx, asItWas, s.runs, bar.at)
	if err != nil {
		return refuseScenario(err)
	}
	would, err := sim.WhatIf(ctx, whatIf, s.runs, func(n int) { bar.at(s.runs + n) })
	if err != nil {
		return refuseScenario(err)
	}
	bar.close()
	return s.sheet().compared(comparison{
		span: span, seed: s.seed, was: asItWas, whatIf: whatIf, change: c, learnt: lesson,
		measured: measured, asItWas: was, changed: would,
	})
}

// refuseScenario tells apart what was asked wrongly from a stop on the way.
func refuseScenario(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return boot.Refuse(err)
}

package bench

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"
)

// bench is a run under way. One goroutine owns it; the journal has its own.
type bench struct {
	plan    Plan
	lab     Lab
	load    *load
	journal *journal
	parts   []process
	result  *Result
}

// Run measures as planned. An error means that there is no result; calls lost or
// targets missed are results.
func Run(ctx context.Context, p Plan, lab Lab) (_ *Result, err error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	b, err := newBench(p, lab)
	if err != nil {
		return nil, err
	}
	defer b.load.stopAgents()
	w, err := openWire()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, w.close()) }()
	listening, stop := context.WithCancel(ctx)
	heard := make(chan error, 1)
	go func() { heard <- w.follow(listening, b.journal.hear) }()
	defer func() { stop(); err = errors.Join(err, <-heard) }()

	b.result.Began = time.Now()
	for _, measure := range []func(context.Context) error{b.warmUp, b.arrivals, b.freed, b.ramp, b.records} {
		if err := measure(ctx); err != nil {
			return nil, err
		}
	}
	b.result.Took = time.Since(b.result.Began)
	return b.result, nil
}

func newBench(p Plan, lab Lab) (*bench, error) {
	_, text, err := net.SplitHostPort(lab.SIP)
	if err != nil {
		return nil, fmt.Errorf("address of Asterisk %q: %w", lab.SIP, err)
	}
	port, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("address of Asterisk %q: %w", lab.SIP, err)
	}
	if err := os.MkdirAll(p.Dir, 0o755); err != nil {
		return nil, err
	}
	return &bench{
		plan: p, lab: lab,
		load:    &load{dir: p.Dir, sip: lab.SIP, phones: lab.PhonesPort, next: int(time.Now().Unix() % 900000)},
		journal: newJournal(uint16(port), uint16(lab.PhonesPort), lab.Agents),
		parts: []process{
			{name: "asterisk", pid: lab.Asterisk},
			{name: "linekeeper", pid: lab.Controller},
			{name: "postgres", pid: lab.Postgres, family: true},
		},
		result: &Result{Machine: lookAround(), Agents: lab.Agents},
	}, nil
}

// warmUp lets each system take some calls that do not count.
func (b *bench) warmUp(ctx context.Context) error {
	if err := b.load.answerWith(shortTalk); err != nil {
		return err
	}
	for _, system := range b.plan.inTurns(0) {
		b.plan.say("warming up %s", system)
		if _, _, err := b.measure(ctx, system, batch{rate: 20, calls: 100, talk: shortTalk}); err != nil {
			return err
		}
	}
	return nil
}

// measure makes one batch of calls and gives what was seen of it.
func (b *bench) measure(ctx context.Context, system string, calls batch) (sheet, outcome, error) {
	calls.number = number(system)
	if system == Linekeeper {
		b.result.Records.Calls += calls.calls
	}
	b.journal.turn()
	out, err := b.load.call(ctx, calls)
	if err != nil {
		return sheet{}, out, err
	}
	// What comes after the callers have gone: agents' legs, facts, records.
	if err := settle(ctx); err != nil {
		return sheet{}, out, err
	}
	return b.journal.turn(), out, nil
}

// settle waits for what a batch leaves to be done.
func settle(ctx context.Context) error {
	select {
	case <-time.After(2 * time.Second):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// arrivals is (a): a call comes and an agent is free.
func (b *bench) arrivals(ctx context.Context) error {
	for _, rate := range b.plan.Rates {
		seen := map[string]sheet{}
		for round := range b.plan.Rounds {
			for _, system := range b.plan.inTurns(round) {
				calls := batch{rate: rate, calls: rate * int(b.plan.For.Seconds()), talk: shortTalk}
				s, out, err := b.measure(ctx, system, calls)
				if err != nil {
					return err
				}
				sum := seen[system]
				sum.arrival = append(sum.arrival, s.arrival...)
				seen[system] = sum
				spread := spreadOf(s.arrival)
				b.plan.say("(a) %3d calls/s, round %d of %d, %-10s p50 %6.2f ms, p99 %7.2f ms, lost %d",
					rate, round+1, b.plan.Rounds, system, spread.P50, spread.P99, out.Lost)
			}
		}
		b.result.addArrival(rate, seen)
	}
	return nil
}

// freed is (b): an agent becomes free while callers wait.
func (b *bench) freed(ctx context.Context) error {
	if b.plan.Freed == 0 {
		return nil
	}
	if err := b.load.answerWith(longTalk); err != nil {
		return err
	}
	for _, system := range b.plan.inTurns(0) {
		live := b.lab.Agents + b.plan.Waiting
		s, out, err := b.measure(ctx, system, batch{rate: 50, calls: live + b.plan.Freed, most: live, talk: longTalk})
		if err != nil {
			return err
		}
		spread := b.result.addFree(system, s.free)
		b.plan.say("(b) %d agents, %d callers waiting, %-10s p50 %7.2f ms, p99 %7.2f ms of %d, lost %d",
			b.lab.Agents, b.plan.Waiting, system, spread.P50, spread.P99, spread.N, out.Lost)
	}
	return b.load.answerWith(shortTalk)
}

// ramp is (c): upwards until a call is lost.
func (b *bench) ramp(ctx context.Context) error {
	fell := map[string]bool{}
	for i, rate := range b.plan.Ramp {
		for _, system := range b.plan.inTurns(i) {
			if fell[system] {
				continue
			}
			step, err := b.climb(ctx, system, rate)
			if err != nil {
				return err
			}
			b.result.Ramp = append(b.result.Ramp, step)
			fell[system] = !step.Held
			b.plan.say("(c) %3d calls/s %-10s lost %d, p99 %8.2f ms, CPU-ms a call: asterisk %.2f, linekeeper %.2f, postgres %.2f",
				rate, system, step.Lost, step.Arrival.P99,
				1000*step.CPU["asterisk"], 1000*step.CPU["linekeeper"], 1000*step.CPU["postgres"])
		}
	}
	return nil
}

// heldBelow is the p99 from arrival to phone above which a rate is not held:
// calls then pile up faster than they are led on.
const heldBelow = 1000.0 // ms

// climb is one step of the ramp.
func (b *bench) climb(ctx context.Context, system string, rate int) (Step, error) {
	before, err := usageOf(b.parts)
	if err != nil {
		return Step{}, err
	}
	calls := rate * int(b.plan.Step.Seconds())
	s, out, err := b.measure(ctx, system, batch{rate: rate, calls: calls, talk: shortTalk})
	if err != nil {
		return Step{}, err
	}
	after, err := usageOf(b.parts)
	if err != nil {
		return Step{}, err
	}
	step := Step{
		System: system, Rate: rate, Calls: calls, Lost: max(out.Lost, calls-s.offered),
		Arrival: spreadOf(s.arrival), Took: out.Took, CPU: after.since(before, calls),
	}
	// Talking takes 3.2 s at most; callers beyond that had to wait.
	late := out.Took - b.plan.Step - shortTalk.most
	step.Held = step.Lost == 0 && step.Arrival.P99 < heldBelow && late < b.plan.Step/10+2*time.Second
	return step, nil
}

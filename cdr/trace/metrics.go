package trace

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"linekeeper/cdr"
)

// lastWait bounds the question to the broker inside a scrape.
const lastWait = time.Second

// waits are the bounds of the histograms, in seconds.
var (
	waits = []float64{1, 2, 5, 10, 15, 20, 25, 30, 45, 60, 90, 120, 180, 240, 300, 600, 1200, 3600}
	talks = []float64{10, 30, 60, 120, 180, 300, 420, 600, 900, 1200, 1800, 3600, 7200}
)

// metrics are the instruments. Labels hold names from definitions only, never
// what a caller may choose: their number must stay small.
type metrics struct {
	arrived, ended, offers metric.Int64Counter
	wait, talk, wrapUp     metric.Float64Histogram
	unregister             func() error
}

// gauges is the state that gauges are read from.
type gauges interface {
	waiting() map[string]int64
	agents() map[cdr.AgentState]int64
	position() uint64
	last(ctx context.Context) (uint64, error)
}

func newMetrics(m metric.Meter, g gauges) (*metrics, error) {
	var errs [10]error
	x := new(metrics)
	x.arrived, errs[0] = m.Int64Counter("linekeeper.calls.arrived", metric.WithDescription("Calls that reached the controller"))
	x.ended, errs[1] = m.Int64Counter("linekeeper.calls.ended", metric.WithDescription("Calls that are over, by outcome and cause"))
	x.offers, errs[2] = m.Int64Counter("linekeeper.offers", metric.WithDescription("Offers that are over, by queue and outcome"))
	x.wait, errs[3] = seconds(m, "linekeeper.queue.wait", "Time from entering a queue to leaving it, by queue and cause", waits)
	x.talk, errs[4] = seconds(m, "linekeeper.talk.time", "Time caller and agent talked, by queue", talks)
	x.wrapUp, errs[5] = seconds(m, "linekeeper.wrapup.time", "Time from the end of a talk to the end of its wrap-up", talks)
	waiting, err := m.Int64ObservableGauge("linekeeper.queue.waiting", metric.WithDescription("Calls in line now, by queue"))
	errs[6] = err
	agents, err := m.Int64ObservableGauge("linekeeper.agents", metric.WithDescription("Agents now, by state"))
	errs[7] = err
	sequence, err := m.Int64ObservableGauge("linekeeper.ledger.sequence", metric.WithDescription("The newest fact that telemetry has read"))
	errs[8] = err
	lag, err := m.Int64ObservableGauge("linekeeper.ledger.lag", metric.WithDescription("Facts that telemetry has yet to read"))
	errs[9] = err
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("make instruments: %w", err)
	}
	reg, err := m.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		for queue, n := range g.waiting() {
			o.ObserveInt64(waiting, n, metric.WithAttributes(attribute.String("queue", queue)))
		}
		for state, n := range g.agents() {
			o.ObserveInt64(agents, n, metric.WithAttributes(attribute.String("state", string(state))))
		}
		at := g.position()
		o.ObserveInt64(sequence, int64(at))
		ctx, cancel := context.WithTimeout(ctx, lastWait)
		defer cancel()
		if last, err := g.last(ctx); err == nil { // else: no lag is told, the rest is
			o.ObserveInt64(lag, int64(last-min(at, last)))
		}
		return nil
	}, waiting, agents, sequence, lag)
	if err != nil {
		return nil, fmt.Errorf("make instruments: %w", err)
	}
	x.unregister = reg.Unregister
	return x, nil
}

func seconds(m metric.Meter, name, what string, bounds []float64) (metric.Float64Histogram, error) {
	return m.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(what), metric.WithExplicitBucketBoundaries(bounds...))
}

// count counts a fact. r is its call's record with the fact in it, nil if it is
// about no call.
func (x *metrics) count(f cdr.Fact, r *cdr.Record) {
	ctx := context.Background()
	label := func(kv ...string) metric.MeasurementOption {
		attrs := make([]attribute.KeyValue, 0, len(kv)/2)
		for i := 0; i < len(kv); i += 2 {
			attrs = append(attrs, attribute.String(kv[i], kv[i+1]))
		}
		return metric.WithAttributes(attrs...)
	}
	switch s := f.Story.(type) {
	case cdr.Arrived:
		x.arrived.Add(ctx, 1)
	case cdr.Ended:
		outcome := string(r.Outcome)
		if r.ArrivedAt.IsZero() { // it began before we followed: its story is not known
			outcome = "unknown"
		}
		x.ended.Add(ctx, 1, label("outcome", outcome, "cause", string(s.Cause)))
	case cdr.QueueLeft:
		x.wait.Record(ctx, s.Waited.Seconds(), label("queue", s.Queue, "cause", string(s.Cause)))
	case cdr.OfferEnded:
		x.offers.Add(ctx, 1, label("queue", s.Queue, "outcome", string(s.Outcome)))
	case cdr.TalkEnded:
		queue := ""
		if n := len(r.Talks); n > 0 {
			queue = r.Talks[n-1].Queue
		}
		x.talk.Record(ctx, s.Talked.Seconds(), label("queue", queue))
	case cdr.WrappedUp:
		x.wrapUp.Record(ctx, s.Took.Seconds())
	}
}

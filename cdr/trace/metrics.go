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

// metrics are the instruments. Labels hold names from definitions and words of
// cdr only, never what a caller may choose: their number must stay small.
type metrics struct {
	arrived, ended, offers         metric.Int64Counter
	overflows, resumed, voicemails metric.Int64Counter
	asked, dialled, over           metric.Int64Counter // callbacks
	made, losses                   metric.Int64Counter
	wait, off, talk, wrapUp        metric.Float64Histogram
	unregister                     func() error
}

// gauges is the state that gauges are read from.
type gauges interface {
	waiting() map[string]int64
	agents() map[cdr.AgentState]int64
	position() uint64
	last(ctx context.Context) (uint64, error)
}

func newMetrics(m metric.Meter, g gauges) (*metrics, error) {
	k := &maker{meter: m}
	x := &metrics{
		arrived:    k.counter("linekeeper.calls.arrived", "Calls that reached the controller"),
		ended:      k.counter("linekeeper.calls.ended", "Calls that are over, by direction, outcome and cause"),
		made:       k.counter("linekeeper.calls.made", "Calls that agents made or promised, by queue and which of the two"),
		losses:     k.counter("linekeeper.phone.losses", "Agents' phones that went in the middle of a talk, by queue"),
		offers:     k.counter("linekeeper.offers", "Offers that are over, by queue and outcome"),
		overflows:  k.counter("linekeeper.queue.overflows", "Calls a queue sent on or did not let in, by queue, cause and kind of target"),
		resumed:    k.counter("linekeeper.queue.resumed", "Callers who had the place again that they had before, by queue"),
		voicemails: k.counter("linekeeper.voicemails", "Messages left, by the last queue"),
		asked:      k.counter("linekeeper.callbacks.asked", "Callbacks asked for, by queue, mode and by whom"),
		dialled:    k.counter("linekeeper.callbacks.dialled", "Tries to reach a customer, by queue"),
		over:       k.counter("linekeeper.callbacks.over", "Callbacks that are over, by queue and outcome"),
		wait:       k.seconds("linekeeper.queue.wait", "Time from entering a queue to leaving it, by queue and cause", waits),
		off: k.seconds("linekeeper.queue.wait.off",
			"How far a wait until the answer lay outside of what was expected, by queue and whether it came within, sooner or later", waits),
		talk:   k.seconds("linekeeper.talk.time", "Time caller and agent talked, by queue", talks),
		wrapUp: k.seconds("linekeeper.wrapup.time", "Time from the end of a talk to the end of its wrap-up", talks),
	}
	waiting := k.gauge("linekeeper.queue.waiting", "Calls in line now, by queue")
	agents := k.gauge("linekeeper.agents", "Agents now, by state")
	sequence := k.gauge("linekeeper.ledger.sequence", "The newest fact that telemetry has read")
	lag := k.gauge("linekeeper.ledger.lag", "Facts that telemetry has yet to read")
	if err := errors.Join(k.errs...); err != nil {
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

// maker makes instruments and gathers what fails.
type maker struct {
	meter metric.Meter
	errs  []error
}

func (k *maker) counter(name, what string) metric.Int64Counter {
	c, err := k.meter.Int64Counter(name, metric.WithDescription(what))
	k.errs = append(k.errs, err)
	return c
}

func (k *maker) gauge(name, what string) metric.Int64ObservableGauge {
	g, err := k.meter.Int64ObservableGauge(name, metric.WithDescription(what))
	k.errs = append(k.errs, err)
	return g
}

func (k *maker) seconds(name, what string, bounds []float64) metric.Float64Histogram {
	h, err := k.meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(what), metric.WithExplicitBucketBoundaries(bounds...))
	k.errs = append(k.errs, err)
	return h
}

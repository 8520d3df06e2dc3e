package asterisk

import (
	"context"
	"errors"
	"strconv"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"linekeeper/ivr/call"
)

// meter is named by import path. Its instruments do nothing until the process
// sets a provider.
var meter = otel.Meter("linekeeper/ivr/asterisk")

var (
	events = counter("linekeeper.ari.events",
		"ARI events received, by type; a type this version does not know counts as unknown.")
	reconnects = counter("linekeeper.ari.reconnects",
		"Event sockets lost after having been in control.")
	durations = must(meter.Float64Histogram("linekeeper.ari.command.duration",
		metric.WithUnit("s"), metric.WithDescription("Time until Asterisk answered a command, by command and status."),
		metric.WithExplicitBucketBoundaries(.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 3)))
	depth = must(meter.Int64ObservableGauge("linekeeper.ari.queue.depth",
		metric.WithDescription("Events read from the socket and not yet told.")))
	lateness = must(meter.Float64ObservableGauge("linekeeper.ari.lateness",
		metric.WithUnit("s"), metric.WithDescription("How long what Asterisk tells takes to be heard, by heartbeats.")))
)

func counter(name, what string) metric.Int64Counter {
	return must(meter.Int64Counter(name, metric.WithDescription(what)))
}

// must holds for instruments with constant names: an error is a typing mistake.
func must[T any](instrument T, err error) T {
	if err != nil {
		panic(err)
	}
	return instrument
}

// countEvent keeps the number of label values bounded, whatever comes.
func countEvent(kind string, knownType bool) {
	switch {
	case kind == "":
		kind = "unreadable"
	case !knownType && interesting[kind] == nil:
		kind = "unknown"
	}
	events.Add(context.Background(), 1, metric.WithAttributes(attribute.String("type", kind)))
}

func measure(ctx context.Context, cmd call.Command, began time.Time, err error) {
	durations.Record(ctx, time.Since(began).Seconds(), metric.WithAttributes(
		attribute.String("command", commandName(cmd)), attribute.String("status", statusLabel(err))))
}

func statusLabel(err error) string {
	var refused *Error
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, call.ErrGone):
		return "gone"
	case errors.Is(err, ErrReplaced):
		return "replaced"
	case errors.As(err, &refused) && refused.Status != 0:
		return strconv.Itoa(refused.Status)
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	}
	return "unreachable"
}

// depthGauge observes a node's queue while the node runs.
type depthGauge struct{ registration metric.Registration }

func (n *Node) watchDepth() *depthGauge {
	label := metric.WithAttributes(attribute.String("node", n.cfg.Node))
	reg, err := meter.RegisterCallback(func(_ context.Context, o metric.Observer) error {
		o.ObserveInt64(depth, n.queue.depth(), label)
		o.ObserveFloat64(lateness, n.pulse.late(time.Now()).Seconds(), label)
		return nil
	}, depth, lateness)
	if err != nil {
		n.log.Warn("queue depth will not be measured", "error", err)
		return nil
	}
	return &depthGauge{registration: reg}
}

func (g *depthGauge) stop() {
	if g != nil {
		_ = g.registration.Unregister()
	}
}

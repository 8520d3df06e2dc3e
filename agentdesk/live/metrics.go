package live

import (
	"context"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
)

// meter is that of the provider cmd/linekeeper sets; without one it costs nothing.
var meter = otel.Meter("linekeeper/agentdesk/live")

// The instruments. An error of theirs can only be a name the SDK refuses.
var (
	consolesOpen = instrument(meter.Int64UpDownCounter("linekeeper.desk.consoles",
		metric.WithDescription("Consoles with a live websocket.")))
	resyncs = instrument(meter.Int64Counter("linekeeper.desk.resyncs",
		metric.WithDescription("Snapshots sent in place of deltas, because a console was too slow.")))
	delay = instrument(meter.Float64Histogram("linekeeper.desk.delay", metric.WithUnit("s"),
		metric.WithDescription("From a fact's time until it is handed to the consoles that may see it."),
		metric.WithExplicitBucketBoundaries(.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 5)))
)

func instrument[I any](i I, err error) I {
	if err != nil {
		panic("live: " + err.Error())
	}
	return i
}

// late notes how long a fact was on its way to the consoles, once the board has
// caught up: before that it was on its way since before the start.
func (h *Hub) late(at time.Time) {
	if h.caughtUp {
		delay.Record(context.Background(), time.Since(at).Seconds())
	}
}

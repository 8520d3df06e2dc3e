package asterisk_test

import (
	"sync"
	"testing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"linekeeper/ivr/asteriskfake"
	"linekeeper/ivr/call"
)

// measured is made once for the process: the package's instruments bind to the
// first provider that is set.
var measured = sync.OnceValue(func() *sdk.ManualReader {
	reader := sdk.NewManualReader()
	otel.SetMeterProvider(sdk.NewMeterProvider(sdk.WithReader(reader)))
	return reader
})

func TestWhatIsMeasured(t *testing.T) {
	reader := measured()
	fake := asteriskfake.Start(t)
	n, h := startNode(t, fakeConfig(fake), never())
	c := fake.Call("0199000001", "", "")
	next[call.Incoming](t, h)
	do(t, n, call.Answer{Channel: call.ChannelID(c.ID)})
	fake.Emit(`{"type":"CallBroadcast"}`)
	fake.Emit(`{"type":`)
	c.Press("1")
	next[call.Digit](t, h) // so all before it was read
	fake.DropSockets()
	next[call.Inventory](t, h)

	var all metricdata.ResourceMetrics
	if err := reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	got := map[string]bool{}
	for _, scope := range all.ScopeMetrics {
		for _, m := range scope.Metrics {
			for _, label := range labels(m.Data) {
				got[m.Name+" "+label] = true
			}
		}
	}
	for _, want := range []string{
		"linekeeper.ari.events type=StasisStart", "linekeeper.ari.events type=unknown",
		"linekeeper.ari.events type=unreadable", "linekeeper.ari.reconnects ",
		"linekeeper.ari.command.duration command=Answer,status=ok", "linekeeper.ari.queue.depth node=test",
	} {
		if !got[want] {
			t.Errorf("not measured: %s\nmeasured: %v", want, got)
		}
	}
}

func labels(data metricdata.Aggregation) []string {
	var sets []attribute.Set
	switch d := data.(type) {
	case metricdata.Sum[int64]:
		for _, p := range d.DataPoints {
			sets = append(sets, p.Attributes)
		}
	case metricdata.Gauge[int64]:
		for _, p := range d.DataPoints {
			sets = append(sets, p.Attributes)
		}
	case metricdata.Histogram[float64]:
		for _, p := range d.DataPoints {
			sets = append(sets, p.Attributes)
		}
	}
	var out []string
	for _, s := range sets {
		out = append(out, s.Encoded(attribute.DefaultEncoder()))
	}
	return out
}

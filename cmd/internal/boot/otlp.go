package boot

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
)

const (
	serviceName    = attribute.Key("service.name")
	serviceVersion = attribute.Key("service.version")

	// exportTimeout bounds one export, so also what a collector that accepts
	// and never answers can cost at stop.
	exportTimeout = time.Second
	// exportQueue is how many spans or log lines wait at most, about ten
	// seconds of 20 calls/s; what does not fit is dropped.
	exportQueue = 4096
	// pushEvery is how often metrics go to the collector.
	pushEvery = 15 * time.Second
)

// export wires traces and logs to the collector at address and returns the
// reader that sends metrics there. Retries are off: a lost batch is not worth
// holding the queue for.
func (t *Telemetry) export(ctx context.Context, about *resource.Resource, address string) (sdkmetric.Reader, error) {
	base, err := url.Parse(address)
	if err != nil || base.Host == "" || (base.Scheme != "http" && base.Scheme != "https") {
		return nil, fmt.Errorf("telemetry: otlp address %q is not an http(s) URL", address)
	}
	at := func(signal string) string { return base.JoinPath("v1", signal).String() }
	spans, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(at("traces")),
		otlptracehttp.WithTimeout(exportTimeout), otlptracehttp.WithRetry(otlptracehttp.RetryConfig{}))
	if err != nil {
		return nil, fmt.Errorf("telemetry: traces: %w", err)
	}
	lines, err := otlploghttp.New(ctx, otlploghttp.WithEndpointURL(at("logs")),
		otlploghttp.WithTimeout(exportTimeout), otlploghttp.WithRetry(otlploghttp.RetryConfig{}))
	if err != nil {
		return nil, fmt.Errorf("telemetry: logs: %w", err)
	}
	numbers, err := otlpmetrichttp.New(ctx, otlpmetrichttp.WithEndpointURL(at("metrics")),
		otlpmetrichttp.WithTimeout(exportTimeout), otlpmetrichttp.WithRetry(otlpmetrichttp.RetryConfig{}))
	if err != nil {
		return nil, fmt.Errorf("telemetry: metrics: %w", err)
	}
	t.trace(about, spans)
	t.logs = sdklog.NewLoggerProvider(sdklog.WithResource(about), sdklog.WithProcessor(sdklog.NewBatchProcessor(lines,
		sdklog.WithMaxQueueSize(exportQueue), sdklog.WithExportTimeout(exportTimeout))))
	t.stops = append(t.stops, t.logs.Shutdown)
	return sdkmetric.NewPeriodicReader(numbers, sdkmetric.WithInterval(pushEvery), sdkmetric.WithTimeout(exportTimeout)), nil
}

// trace wires the tracer to a bounded queue.
func (t *Telemetry) trace(about *resource.Resource, to sdktrace.SpanExporter) {
	options := []sdktrace.TracerProviderOption{
		sdktrace.WithResource(about),
		sdktrace.WithBatcher(to, sdktrace.WithMaxQueueSize(exportQueue), sdktrace.WithExportTimeout(exportTimeout)),
	}
	if t.ids != nil {
		options = append(options, sdktrace.WithIDGenerator(t.ids))
	}
	tracer := sdktrace.NewTracerProvider(options...)
	t.Tracer, t.stops = tracer, append(t.stops, tracer.Shutdown)
}

// quietly reports the SDK's own errors, the same text at most once in a while:
// a dead collector fails every few seconds for as long as it is dead.
func quietly(log *slog.Logger, once time.Duration) otel.ErrorHandler {
	var mu sync.Mutex
	last := time.Time{}
	return otel.ErrorHandlerFunc(func(err error) {
		mu.Lock()
		defer mu.Unlock()
		if now := time.Now(); now.Sub(last) >= once {
			last = now
			log.Warn("telemetry is not getting through", "error", err)
		}
	})
}
